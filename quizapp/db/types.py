"""Column types that keep what the database alone would lose: time zones and exact credit."""

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

CREDIT_UNIT = 277_200
"""Credit 1 as stored: ten times the least common multiple of 1..12, so that a share of up to
twelve keys and a factor in tenths are whole numbers, and sums are exact on every database."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC. SQLite has no time zones and would hand back a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database: pass UTC")
        return value.astimezone(UTC)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Credit(TypeDecorator[Fraction]):
    """An exact rational, stored as a whole number of 1/CREDIT_UNIT."""

    impl = BigInteger
    cache_ok = True

    @override
    def process_bind_param(self, value: Fraction | int | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        share, rest = divmod(CREDIT_UNIT, value.denominator)
        if rest:
            raise ValueError(f"credit {value} is no whole number of 1/{CREDIT_UNIT}")
        return value.numerator * share

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> Fraction | None:
        return None if value is None else Fraction(int(value), CREDIT_UNIT)
