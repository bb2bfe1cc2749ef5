from fractions import Fraction
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.db.types import CREDIT_UNIT
from quizapp.domain.graded import scoring
from quizapp.domain.graded.policy import Counting, Policy
from quizapp.domain.graded.scoring import (
    Mark,
    Score,
    counted,
    has_passed,
    is_settled,
    response_credit,
)
from quizapp.domain.grading import credit

PLAIN = Policy()
RETRIES = Policy(retry_credits=(Fraction(1), Fraction(7, 10), Fraction(1, 2)))
CERTAINTY = Policy(certainty_marking=True)
RIGHT, WRONG = frozenset({1}), frozenset({0})

positions = st.frozensets(st.integers(0, 11))
shares = st.fractions(0, 1, max_denominator=100)


@given(positions, positions.filter(bool), st.none() | st.integers(1, 3))
def test_a_plain_answer_earns_its_correctness_whatever_the_certainty(chosen, keys, certainty):
    assert response_credit(PLAIN, chosen, keys, certainty, 1) == credit(chosen, keys)


@pytest.mark.parametrize(
    ("tries", "earned"),
    [(1, Fraction(1)), (2, Fraction(7, 10)), (3, Fraction(1, 2)), (4, Fraction(1, 2))],
)
def test_a_right_answer_earns_the_credit_of_its_try(tries, earned):
    assert response_credit(RETRIES, RIGHT, RIGHT, None, tries) == earned
    assert response_credit(RETRIES, WRONG, RIGHT, None, tries) == 0


def test_a_partly_right_answer_earns_a_part_of_the_credit_of_its_try():
    assert response_credit(RETRIES, frozenset({0}), frozenset({0, 1}), None, 2) == Fraction(7, 20)


@pytest.mark.parametrize(
    ("certainty", "right", "wrong"),
    [(1, 1, 0), (2, 2, -2), (3, 3, -6), (None, 1, 0)],
)
def test_certainty_is_marked_in_thirds_of_a_mark(certainty, right, wrong):
    assert response_credit(CERTAINTY, RIGHT, RIGHT, certainty, 1) == Fraction(right, 3)
    assert response_credit(CERTAINTY, WRONG, RIGHT, certainty, 1) == Fraction(wrong, 3)


@pytest.mark.parametrize(
    ("right_of_twelve", "best"),
    [(0, {1}), (4, {1}), (7, {1}), (8, {1, 2}), (9, {2}), (10, {3}), (12, {3})],
)
def test_saying_how_certain_one_is_pays_best(right_of_twelve, best):
    expected = {
        certainty: right_of_twelve * response_credit(CERTAINTY, RIGHT, RIGHT, certainty, 1)
        + (12 - right_of_twelve) * response_credit(CERTAINTY, WRONG, RIGHT, certainty, 1)
        for certainty in (1, 2, 3)
    }
    assert {level for level, value in expected.items() if value == max(expected.values())} == best


@pytest.mark.parametrize(
    ("certainty", "thirds"), [(1, Fraction(1, 2)), (2, Fraction(0)), (3, Fraction(-3, 2))]
)
def test_half_a_right_answer_earns_half_of_right_and_half_of_wrong(certainty, thirds):
    half, keys = frozenset({0}), frozenset({0, 1})
    assert response_credit(CERTAINTY, half, keys, certainty, 1) == thirds / 3


@pytest.mark.parametrize("policy", [PLAIN, RETRIES, CERTAINTY])
def test_nothing_chosen_earns_nothing_and_costs_nothing(policy):
    assert response_credit(policy, frozenset(), RIGHT, 3, 1) == 0


def test_all_that_can_be_earned_can_be_kept_exactly():
    assert scoring.CREDIT_UNIT == CREDIT_UNIT
    tenths = Policy(retry_credits=tuple(Fraction(10 - i, 10) for i in range(10)))
    for number_of_keys in range(1, 13):
        keys = frozenset(range(number_of_keys))
        for picked in range(number_of_keys + 1):
            chosen = frozenset(range(picked))
            earned = [response_credit(tenths, chosen, keys, None, tries) for tries in range(1, 11)]
            earned += [response_credit(CERTAINTY, chosen, keys, level, 1) for level in (1, 2, 3)]
            assert all((value * CREDIT_UNIT).denominator == 1 for value in earned)


@given(positions, positions.filter(bool), st.integers(1, 3))
def test_certainty_marks_lie_between_those_for_wrong_and_right(chosen, keys, certainty):
    earned = response_credit(CERTAINTY, chosen, keys, certainty, 1)
    low = response_credit(CERTAINTY, WRONG, RIGHT, certainty, 1)
    assert low <= earned <= response_credit(CERTAINTY, RIGHT, RIGHT, certainty, 1)


@pytest.mark.parametrize(
    ("policy", "is_right", "tries", "settled"),
    [
        (PLAIN, False, 1, True),
        (CERTAINTY, False, 1, True),
        (RETRIES, True, 1, True),
        (RETRIES, True, 2, True),
        (RETRIES, False, 1, False),
        (RETRIES, False, 2, False),
        (RETRIES, False, 3, True),
    ],
)
def test_an_answer_is_settled_when_right_or_when_no_try_is_left(policy, is_right, tries, settled):
    assert is_settled(policy, tries, is_right=is_right) is settled


def test_the_score_is_the_sum_of_the_marks_that_count():
    score = Score.of([Mark(Fraction(1), 1), Mark(Fraction(1, 2), 1), Mark(Fraction(0), 0)])
    assert score == Score(Fraction(3, 2), 2)
    assert score.share == Fraction(3, 4)


def test_there_is_no_share_where_no_question_counts():
    assert Score.of([Mark(Fraction(0), 0)]).share is None
    assert Score.of([]).share is None


def test_a_share_is_never_below_nothing():
    assert Score.of([Mark(Fraction(-2), 1), Mark(Fraction(1), 1)]).share == 0


@pytest.mark.parametrize(
    ("counting", "expected"),
    [
        (Counting.BEST, Fraction(3, 4)),
        (Counting.LAST, Fraction(1, 2)),
        (Counting.FIRST, Fraction(1, 4)),
        (Counting.MEAN, Fraction(1, 2)),
    ],
)
def test_the_attempt_that_counts(counting, expected):
    assert counted([Fraction(1, 4), Fraction(3, 4), Fraction(1, 2)], counting) == expected


@pytest.mark.parametrize("counting", Counting)
def test_no_attempt_counts_for_nothing(counting):
    assert counted([], counting) is None


@given(st.lists(shares, min_size=1), st.sampled_from(Counting))
def test_what_counts_lies_among_the_scores(scores, counting):
    assert min(scores) <= counted(scores, counting) <= max(scores)


@given(st.lists(shares, min_size=1))
def test_the_mean_is_exact(scores):
    assert counted(scores, Counting.MEAN) == mean(scores)


def test_passing_takes_the_pass_mark_or_more():
    policy = Policy(pass_mark=Fraction(1, 2))
    assert has_passed(policy, Fraction(1, 2)) is True
    assert has_passed(policy, Fraction(49, 100)) is False
    assert has_passed(policy, None) is None
    assert has_passed(PLAIN, Fraction(1)) is None
