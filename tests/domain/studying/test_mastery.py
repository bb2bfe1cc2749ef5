"""Mastery; that it is calibrated is shown on the simulated learners of the benchmark."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.learners import Learner, at, bank
from benchmarks.policies import Cards, Fsrs, graded
from benchmarks.studying import study_for_a_day
from quizapp.domain.studying.guessing import SLIPS, right_when
from quizapp.domain.studying.mastery import Known, mastery, right_now
from quizapp.domain.studying.scheduling import Card, Settings

SEEN = datetime(2026, 3, 2, 18, tzinfo=UTC)
LEARNERS, QUESTIONS, PASSAGES, LOOKS = 60, 84, 13, (5, 10, 20, 30, 45, 60)


def card(stability=9.0):
    return Card(stability, 5.0, SEEN, SEEN, 2, 0, Fraction(1), None)


def test_a_question_counts_with_its_chance_of_a_right_answer():
    found = mastery([Known(card(), 1 / 4)], (1, 1), SEEN + timedelta(days=9))
    assert found is not None
    assert found.share == pytest.approx(right_when(0.9, 1 / 4))
    assert (found.n, found.seen) == (1, 1)


def test_what_was_read_a_minute_ago_counts_as_of_tomorrow():
    tomorrow = right_now(card(), 1 / 4, SEEN + timedelta(days=1))
    assert right_now(card(), 1 / 4, SEEN) == tomorrow < 1 - SLIPS


def test_with_no_answers_at_all_mastery_is_one_half_and_nearly_unknown():
    found = mastery([Known(None, 1 / 4)] * 6, (0, 0), SEEN)
    assert found is not None
    assert found.share == 0.5
    assert found.high - found.low > 0.8


def test_unseen_questions_count_as_first_answers_went():
    def unseen(*firsts, overall):
        own = [Known(card(1e9), 0.0, first) for first in firsts]
        found = mastery([*own, Known(None, 1 / 4)], overall, SEEN)
        assert found is not None
        return found.share * (len(own) + 1) - len(own) * right_when(1, 0)

    assert unseen(overall=(60, 80)) > unseen(overall=(20, 80))
    assert unseen(True, True, overall=(40, 80)) > unseen(False, False, overall=(40, 80))


def test_no_questions_have_no_mastery():
    assert mastery([], (0, 0), SEEN) is None


known = st.builds(
    Known,
    st.none() | st.floats(0.1, 400).map(card),
    st.sampled_from([0.0, 1 / 5, 1 / 2]),
    st.sampled_from([None, True, False]),
)


@given(st.lists(known, min_size=1, max_size=10), st.integers(0, 100), st.integers(0, 50))
def test_mastery_lies_within_its_interval_and_between_none_and_all(questions, days, right):
    found = mastery(questions, (right, 50), SEEN + timedelta(days=days))
    assert found is not None
    assert 0 <= found.low <= found.share <= found.high <= 1


@pytest.fixture(scope="module")
def looks():
    """Mastery of each passage of each learner at several times, with the true share and a draw."""
    return [look for number in range(LEARNERS) for look in looks_at(f"mastery {number}")]


def looks_at(seed):
    questions = bank(QUESTIONS, PASSAGES, Random(f"bank {seed}"))
    learner, cards = Learner(seed, questions), Cards(questions, Fsrs(graded, Settings().retention))
    firsts = {}
    told = Watched(cards, firsts)
    for day in range(max(LOOKS) + 1):
        if day in LOOKS:
            yield from looks_on(day, seed, learner, questions, cards, firsts)
        study_for_a_day(learner, told, day)


class Watched:
    """Cards whose first answers are noted."""

    def __init__(self, cards, firsts):
        self.today, self._told, self._firsts = cards.today, cards.told, firsts

    def told(self, question, seen, day):
        self._firsts.setdefault(question.number, seen.is_right)
        self._told(question, seen, day)


def looks_on(day, seed, learner, questions, cards, firsts):
    random = Random(f"{seed} {day}")
    for passage in range(PASSAGES):
        own = [q for q in questions if q.passage == passage]
        known = [Known(cards.cards.get(q.number), 1 / q.choices, firsts.get(q.number)) for q in own]
        overall = sum(firsts.values()), len(firsts)
        true = [learner.right(q, day) for q in own]
        drawn = fmean(random.random() < p for p in true)
        yield mastery(known, overall, at(day)), fmean(true), drawn


@pytest.mark.slow
def test_mastery_is_calibrated_within_three_points_in_every_tenth(looks):
    ranked = sorted((found.share, true) for found, true, _ in looks)
    size = len(ranked) / 10
    for tenth in range(10):
        part = ranked[round(tenth * size) : round((tenth + 1) * size)]
        predicted, actual = fmean(p for p, _ in part), fmean(a for _, a in part)
        assert abs(predicted - actual) < 0.03, f"tenth {tenth}: {predicted:.3f} for {actual:.3f}"


@pytest.mark.slow
def test_the_interval_of_mastery_holds_nearly_as_often_as_it_says(looks):
    held = fmean(found.low <= drawn <= found.high for found, _, drawn in looks)
    assert 0.9 <= held <= 0.99
