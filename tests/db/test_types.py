from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, Table, func, insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from quizapp.db.types import CREDIT_UNIT, Credit, UtcDateTime

KEPT = Table(
    "kept",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime),
    Column("credit", Credit),
    prefixes=["TEMPORARY"],
)


@pytest.fixture
def connection(session: Session) -> Iterator[Connection]:
    KEPT.create(session.connection())
    yield session.connection()
    session.rollback()


def test_a_naive_time_is_refused(connection):
    with pytest.raises(StatementError, match="naive datetime"):
        connection.execute(insert(KEPT).values(at=datetime(2026, 3, 1)))  # noqa: DTZ001  # the point


def test_a_time_comes_back_aware_and_in_utc(connection):
    bishkek = timezone(timedelta(hours=6))
    connection.execute(insert(KEPT).values(at=datetime(2026, 3, 1, 2, 30, 0, 123456, bishkek)))
    read = connection.execute(select(KEPT.c.at)).scalar_one()
    assert read == datetime(2026, 2, 28, 20, 30, 0, 123456, UTC)
    assert read.tzinfo is UTC


def test_times_are_compared_as_moments_wherever_they_were_taken(connection):
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    connection.execute(insert(KEPT).values(at=noon))
    before_noon_elsewhere = datetime(2026, 3, 1, 13, tzinfo=timezone(timedelta(hours=2)))
    later = select(KEPT.c.id).where(KEPT.c.at > before_noon_elsewhere)
    assert connection.execute(later).scalar_one_or_none() is not None


def test_no_time_and_no_credit_stay_none(connection):
    connection.execute(insert(KEPT).values(at=None, credit=None))
    assert tuple(connection.execute(select(KEPT.c.at, KEPT.c.credit)).one()) == (None, None)


def test_sums_of_thirds_and_sevenths_are_exact(connection):
    earned = [Fraction(1, 3), Fraction(1, 3), Fraction(1, 3), *([Fraction(1, 7)] * 7)]
    connection.execute(insert(KEPT), [{"credit": credit} for credit in earned])
    total = connection.execute(select(func.sum(KEPT.c.credit))).scalar_one()
    assert total == 2
    assert isinstance(total, Fraction)


def test_credit_is_added_to_in_the_database_without_rounding(connection):
    connection.execute(insert(KEPT).values(credit=Fraction(0)))
    for _ in range(3):
        connection.execute(KEPT.update().values(credit=KEPT.c.credit + Fraction(1, 3)))
    assert connection.execute(select(KEPT.c.credit)).scalar_one() == 1


def test_a_fraction_that_cannot_be_kept_exactly_is_refused(connection):
    with pytest.raises(StatementError, match="no whole number"):
        connection.execute(insert(KEPT).values(credit=Fraction(1, 13)))


@given(st.integers(1, 12).flatmap(lambda keys: st.integers(0, keys).map(lambda n: (n, keys))))
def test_every_share_of_up_to_twelve_keys_comes_back_as_it_was(share):
    credit, dialect = Fraction(*share), sqlite.dialect()
    units = Credit().process_bind_param(credit, dialect)
    assert isinstance(units, int)
    assert 0 <= units <= CREDIT_UNIT
    assert Credit().process_result_value(units, dialect) == credit
