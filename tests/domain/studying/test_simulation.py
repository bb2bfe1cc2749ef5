"""The simulated learners of `benchmarks.studying`, as far as its figures rest on them."""

from random import Random
from statistics import fmean

import pytest

from benchmarks.learners import Learner, at, bank
from benchmarks.policies import BUDGET_SECONDS, Ladder
from benchmarks.studying import DAYS, POLICIES, estimate, gain, study, study_for_a_day


@pytest.mark.parametrize("policy", POLICIES)
def test_a_learner_studies_the_same_way_each_time_and_no_longer_than_the_budget(policy):
    once, again = (study("ada", POLICIES[policy]) for _ in range(2))
    assert once == again
    assert 0 < once.retained < 1
    assert once.minutes < DAYS * BUDGET_SECONDS / 60 + DAYS


def test_answers_come_out_right_as_often_as_the_memory_has_it():
    expected, right = [], []
    for number in range(40):
        questions = bank(84, 13, Random(number))
        learner, policy = Learner(f"grace {number}", questions), Ladder(questions, Random(0))
        for day in range(10):
            study_for_a_day(learner, policy, day)
        expected += [learner.right(question, 20) for question in questions]
        right += [learner.answer(question, 20).is_right for question in questions]
    assert fmean(right) == pytest.approx(fmean(expected), abs=0.02)
    assert at(20) > at(10)


def test_a_gain_is_the_ratio_of_what_is_retained_per_minute():
    ours = [study(f"ada {n}", POLICIES["plain FSRS, 90%"]) for n in range(3)]
    found = gain(ours, ours)
    assert (found.mean, found.low, found.high) == (0, 0, 0)


def test_an_estimate_has_students_interval():
    # of 1 to 5: 3 ± 2.776 × 1.581 / √5
    found = estimate([1.0, 2.0, 3.0, 4.0, 5.0])
    assert (found.mean, found.low, found.high) == pytest.approx((3, 1.0368, 4.9632), abs=1e-4)
