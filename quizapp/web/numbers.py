"""Marks and shares as pages write them."""

from fractions import Fraction
from functools import lru_cache

NONE = "–"


@lru_cache(maxsize=8192)
def percent(share: Fraction | None) -> str:
    """A share from 0 to 1 as "83.3 %", whole where it is: "50 %"; a dash for none."""
    return NONE if share is None else f"{_short(share * 100, 1)}\u00a0%"


@lru_cache(maxsize=8192)
def marks(credit: Fraction | None) -> str:
    """Marks to two decimals, as few as they need: "0.67", "1"; a dash for none."""
    return NONE if credit is None else _short(credit, 2)


def _short(number: Fraction, digits: int) -> str:
    text = f"{float(number):.{digits}f}".rstrip("0").rstrip(".").replace("-", "−")
    return "0" if text == "−0" else text
