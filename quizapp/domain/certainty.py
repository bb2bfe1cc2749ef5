"""How well someone's certainty fits their answers."""

from collections.abc import Iterable
from fractions import Fraction

GUESS, FAIRLY, CERTAIN = 1, 2, 3


def right_when_certain(answers: Iterable[tuple[int | None, Fraction]]) -> tuple[int, int]:
    """Of the answers given as certain, how many were wholly right, and how many there are.

    An answer is its certainty (1 to 3, None where not said) and its credit.
    """
    certain = [credit for certainty, credit in answers if certainty == CERTAIN]
    return sum(credit == 1 for credit in certain), len(certain)
