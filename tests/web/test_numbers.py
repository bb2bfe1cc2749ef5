from fractions import Fraction

import pytest

from quizapp.web.numbers import marks, percent


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (None, "–"),
        (Fraction(0), "0\u00a0%"),
        (Fraction(1), "100\u00a0%"),
        (Fraction(5, 6), "83.3\u00a0%"),
        (Fraction(1, 2), "50\u00a0%"),
    ],
)
def test_shares_are_written_as_short_as_they_are(share, text):
    assert percent(share) == text


@pytest.mark.parametrize(
    ("credit", "text"),
    [
        (None, "–"),
        (Fraction(2, 3), "0.67"),
        (Fraction(10), "10"),
        (Fraction(-2), "−2"),
        (Fraction(-1, 1000), "0"),
        (Fraction(7, 10), "0.7"),
    ],
)
def test_marks_are_written_as_short_as_they_are(credit, text):
    assert marks(credit) == text
