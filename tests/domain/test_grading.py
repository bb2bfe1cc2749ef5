from fractions import Fraction
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.grading import Verdict, credit, verdict


@pytest.mark.parametrize(
    ("chosen", "keys", "earned"),
    [
        ({1}, {1}, Fraction(1)),
        ({0}, {1}, Fraction(0)),
        ({0, 1}, {0, 1}, Fraction(1)),
        ({0}, {0, 1}, Fraction(1, 2)),
        ({0, 2}, {0, 1}, Fraction(0)),
        ({0, 1, 2}, {0, 1}, Fraction(1, 2)),
        ({2, 3}, {0, 1}, Fraction(0)),
        ({0, 1}, {0, 1, 2}, Fraction(2, 3)),
        (set(), {0, 1}, Fraction(0)),
    ],
)
def test_credit_is_right_picks_less_wrong_picks_over_keys(chosen, keys, earned):
    assert credit(chosen, keys) == earned


positions = st.sets(st.integers(0, 11))


@given(positions, positions.filter(bool))
def test_credit_lies_between_none_and_full_marks(chosen, keys):
    assert 0 <= credit(chosen, keys) <= 1


@given(positions, positions.filter(bool))
def test_full_marks_are_for_the_key_and_nothing_but_the_key(chosen, keys):
    assert (credit(chosen, keys) == 1) == (chosen == keys)


def test_ticking_everything_earns_no_more_than_guessing_would():
    for keys in chain.from_iterable(combinations(range(4), n) for n in (1, 2)):
        assert credit(range(4), keys) == 0


@pytest.mark.parametrize(
    ("earned", "word"),
    [
        (Fraction(1), Verdict.RIGHT),
        (Fraction(1, 12), Verdict.PARTLY),
        (Fraction(11, 12), Verdict.PARTLY),
        (Fraction(0), Verdict.WRONG),
    ],
)
def test_a_verdict_says_whether_all_some_or_nothing_was_earned(earned, word):
    assert verdict(earned) == word
