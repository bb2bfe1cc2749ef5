"""Mastery; that it is calibrated is shown on the simulated learners of the benchmark."""

from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction
from random import Random
from statistics import fmean
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.learners import Learner, at, bank
from benchmarks.policies import Cards, Fsrs, graded
from benchmarks.studying import study_for_a_day
from quizapp.domain.studying.guessing import SLIPS, right_when
from quizapp.domain.studying.mastery import (
    Known,
    Record,
    Share,
    chance_after_error,
    mastery,
    record_of,
    right_now,
)
from quizapp.domain.studying.scheduling import Answer, Card, Settings, review

SEEN = datetime(2026, 3, 2, 18, tzinfo=UTC)
LEARNERS, QUESTIONS, PASSAGES, LOOKS = 60, 84, 13, (5, 10, 20, 30, 45, 60)


def card(stability=9.0):
    return Card(stability, 5.0, SEEN, SEEN, 2, 0, Fraction(1), None)


def record(first=(0, 0), again=(0, 0)):
    return Record(Share(*first), Share(*again), {}, frozenset())


def test_a_question_counts_with_its_chance_of_a_right_answer():
    found = mastery([Known(card(), 1 / 4)], record(first=(1, 1)), SEEN + timedelta(days=9))
    assert found is not None
    assert found.share == pytest.approx(right_when(0.9, 1 / 4))
    assert (found.n, found.seen) == (1, 1)


def test_what_was_read_a_minute_ago_counts_as_of_tomorrow():
    tomorrow = right_now(card(), 1 / 4, SEEN + timedelta(days=1))
    assert right_now(card(), 1 / 4, SEEN) == tomorrow < 1 - SLIPS


def test_with_no_answers_at_all_mastery_is_one_half_and_nearly_unknown():
    found = mastery([Known(None, 1 / 4)] * 6, record(), SEEN)
    assert found is not None
    assert found.share == 0.5
    assert found.high - found.low > 0.8


def test_unseen_questions_count_as_first_answers_went():
    def unseen(*firsts, overall):
        own = [Known(card(1e9), 0.0, first) for first in firsts]
        found = mastery([*own, Known(None, 1 / 4)], record(first=overall), SEEN)
        assert found is not None
        return found.share * (len(own) + 1) - len(own) * right_when(1, 0)

    assert unseen(overall=(60, 80)) > unseen(overall=(20, 80))
    assert unseen(True, True, overall=(40, 80)) > unseen(False, False, overall=(40, 80))


def test_no_questions_have_no_mastery():
    assert mastery([], record(), SEEN) is None


# After errors


def after(*answers, zone: tzinfo = UTC):
    """The record of answers to one question: hours after SEEN, and whether they were right."""
    return record_of(((7, SEEN + timedelta(hours=h), right) for h, right in answers), zone)


def test_after_nothing_but_errors_nothing_is_known_but_what_luck_gives():
    answers = [(question, SEEN, False) for question in range(14)]
    after_errors = record_of(answers)
    wrong, _ = review(None, Answer(Fraction(0)), SEEN)
    own = [after_errors.known(question, wrong, 1 / 4) for question in range(14)]
    found = mastery(own, after_errors, SEEN)
    assert found is not None
    assert found.share == pytest.approx(1 / 4)
    assert found.low < 0.05
    assert found.high > 0.45


def test_repeating_on_the_same_day_what_the_feedback_told_shows_nothing():
    assert after((0, False), (1, True)).missed == {7}
    assert after((0, False), (1, True)).again == (0, 0)


def test_a_right_answer_on_a_later_day_shows_that_it_was_kept():
    found = after((0, False), (1, True), (24, True))
    assert (found.missed, found.again) == (set(), (1, 1))
    assert (found.first, found.firsts) == ((0, 1), {7: False})


def test_another_error_leaves_it_missed_until_a_day_later_again():
    assert after((0, False), (24, False), (25, True)).missed == {7}
    assert after((0, False), (24, False), (25, True), (48, True)).again == (1, 2)
    assert after((0, True), (24, True), (25, False)).missed == {7}


def test_days_are_those_of_the_learner():
    # at 18:00 and the next night at 3:00 in UTC, of which Tokyo has noon
    answers = (0, False), (9, True)
    assert after(*answers).missed == {7}
    assert after(*answers, zone=ZoneInfo("Asia/Tokyo")).missed == set()


def test_who_keeps_what_feedback_tells_is_believed_more_after_errors():
    chances = [chance_after_error(1 / 4, record(again=(n, n))) for n in (0, 1, 10, 100)]
    assert chances[0] == 1 / 4
    assert chances == sorted(chances)
    assert chances[-1] > 0.95
    assert chance_after_error(1 / 4, record(again=(0, 100))) < 0.02


def test_after_an_error_a_question_counts_with_no_more_than_memory_has():
    keeps_all = record(again=(1000, 1000))
    long_ago = SEEN + timedelta(days=400)
    for days, expected in ((1, None), (400, right_now(card(), 1 / 4, long_ago))):
        found = mastery([Known(card(), 1 / 4, False, True)], keeps_all, SEEN + timedelta(days=days))
        assert found is not None
        assert found.share == pytest.approx(expected or right_now(card(), 1 / 4, SEEN))


known = st.builds(
    Known,
    st.none() | st.floats(0.1, 400).map(card),
    st.sampled_from([0.0, 1 / 5, 1 / 2]),
    st.sampled_from([None, True, False]),
    st.booleans(),
)


@given(
    st.lists(known, min_size=1, max_size=10),
    st.integers(0, 100),
    st.integers(0, 50),
    st.integers(0, 20),
)
def test_mastery_lies_within_its_interval_and_between_none_and_all(questions, days, right, again):
    own = record(first=(right, 50), again=(again, 20))
    found = mastery(questions, own, SEEN + timedelta(days=days))
    assert found is not None
    assert 0 <= found.low <= found.share <= found.high <= 1


# Calibration


class Forgetful(Learner):
    """Keeps what the feedback told after an error only in some cases, against the model."""

    KEEPS = 0.4

    def __init__(self, seed, questions):
        super().__init__(seed, questions)
        self._lost = set()

    def recall(self, question, day):
        return 0.0 if question.number in self._lost else super().recall(question, day)

    def answer(self, question, day):
        seen = super().answer(question, day)
        self._lost.discard(question.number)
        if not seen.is_right and self.random.random() >= self.KEEPS:
            self._lost.add(question.number)
        return seen


@pytest.fixture(scope="module")
def looks():
    """Mastery of each passage of each learner at several times, with the true share and a draw."""
    return [look for number in range(LEARNERS) for look in looks_at(f"mastery {number}")]


def looks_at(seed, kind=Learner):
    questions = bank(QUESTIONS, PASSAGES, Random(f"bank {seed}"))
    learner, cards = kind(seed, questions), Cards(questions, Fsrs(graded, Settings().retention))
    watched = Watched(cards)
    for day in range(max(LOOKS) + 1):
        if day in LOOKS:
            yield from looks_on(day, seed, learner, questions, watched)
        study_for_a_day(learner, watched, day)


class Watched:
    """Cards whose answers are noted."""

    def __init__(self, cards):
        self.cards, self.today, self.answers = cards.cards, cards.today, []
        self._told = cards.told

    def told(self, question, seen, day):
        self.answers.append((question.number, at(day), seen.is_right))
        self._told(question, seen, day)


def looks_on(day, seed, learner, questions, watched):
    random = Random(f"{seed} {day}")
    own_record = record_of(watched.answers)
    for passage in range(PASSAGES):
        own = [q for q in questions if q.passage == passage]
        known = [
            own_record.known(q.number, watched.cards.get(q.number), 1 / q.choices) for q in own
        ]
        true = [learner.right(q, day) for q in own]
        drawn = fmean(random.random() < p for p in true)
        yield mastery(known, own_record, at(day)), fmean(true), drawn


def off_by_tenth(looks):
    """How much too high mastery is in each tenth of it."""
    ranked = sorted((found.share, true) for found, true, _ in looks)
    size = len(ranked) / 10
    parts = [ranked[round(tenth * size) : round((tenth + 1) * size)] for tenth in range(10)]
    return [fmean(p for p, _ in part) - fmean(a for _, a in part) for part in parts]


@pytest.mark.slow
def test_mastery_is_calibrated_within_three_points_in_every_tenth(looks):
    off = off_by_tenth(looks)
    assert max(map(abs, off)) < 0.03, off


@pytest.mark.slow
def test_who_keeps_little_of_what_feedback_tells_is_not_told_otherwise():
    # Taking feedback as kept puts them up to seven points too high.
    off = off_by_tenth(
        look for number in range(LEARNERS) for look in looks_at(f"mastery {number}", Forgetful)
    )
    assert max(map(abs, off)) < 0.04, off


@pytest.mark.slow
def test_the_interval_of_mastery_holds_nearly_as_often_as_it_says(looks):
    held = fmean(found.low <= drawn <= found.high for found, _, drawn in looks)
    assert 0.9 <= held <= 0.99
