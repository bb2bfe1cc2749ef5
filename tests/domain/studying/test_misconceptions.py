"""Questions that many get wrong and are sure of."""

from fractions import Fraction

import pytest

from quizapp.domain.studying.misconceptions import Sureness


def sureness(n: int, mistaken: int) -> Sureness:
    return Sureness(n=n, right=n - mistaken, certain=mistaken, mistaken=mistaken)


def test_few_students_could_be_told_apart():
    assert not sureness(4, 4).is_shown
    assert not sureness(4, 4).is_misconception
    assert sureness(5, 0).is_shown


@pytest.mark.parametrize(
    ("n", "mistaken", "many"), [(10, 2, False), (10, 3, True), (15, 3, True), (16, 3, False)]
)
def test_a_misconception_is_a_fifth_of_those_asked_and_at_least_three(n, mistaken, many):
    assert sureness(n, mistaken).is_misconception is many


def test_the_share_comes_with_its_interval():
    found = sureness(10, 3)
    low, high = found.interval
    assert found.share == Fraction(3, 10)
    assert (round(low, 3), round(high, 3)) == (0.108, 0.603)
