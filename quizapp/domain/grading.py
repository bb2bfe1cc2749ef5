"""From the picked choices to credit and a verdict."""

from collections.abc import Collection
from enum import StrEnum
from fractions import Fraction


class Verdict(StrEnum):
    """How an answer came out."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"


def credit(chosen: Collection[int], keys: Collection[int]) -> Fraction:
    """Share of full marks, from 0 to 1: (right picked - wrong picked) / number of keys.

    Never below 0. With a single key this is 1 for the key and 0 for anything else, so that
    picking every box of a multiple-response question earns nothing by itself.
    """
    picked, right = set(chosen), set(keys)
    return max(Fraction(0), Fraction(len(picked & right) - len(picked - right), len(right)))


def verdict(earned: Fraction) -> Verdict:
    """The word for an amount of credit."""
    if earned == 1:
        return Verdict.RIGHT
    return Verdict.PARTLY if earned > 0 else Verdict.WRONG
