from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random
from zoneinfo import ZoneInfo

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.certainty import CERTAIN, FAIRLY, GUESS
from quizapp.domain.studying.days import start_of, study_day
from quizapp.domain.studying.scheduling import (
    Answer,
    Grade,
    Settings,
    grade,
    interval_days,
    is_quick,
    rebuild,
    rescheduled,
    retrievability,
    review,
)

RIGHT, WRONG = Fraction(1), Fraction(0)
START = datetime(2022, 11, 29, 12, 30, tzinfo=UTC)
AT_90 = Settings(retention=0.9)
ANSWERS = {
    Grade.AGAIN: Answer(WRONG),
    Grade.HARD: Answer(RIGHT, GUESS),
    Grade.GOOD: Answer(RIGHT),
    Grade.EASY: Answer(RIGHT, CERTAIN, is_quick=True),
}
"""An answer for each grade, guessing left out."""

GOODS_AND_AGAINS = [Grade.GOOD] * 6 + [Grade.AGAIN] * 2 + [Grade.GOOD] * 5
GOLDEN_DAYS = [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]
"""Of test_review_card in py-fsrs: intervals in days at retention 0.9; 0 is a step of minutes."""

LONG_AGO = timedelta(days=400)

grades = st.sampled_from(list(Grade))
histories = st.lists(st.tuples(grades, st.integers(0, 200)), min_size=1, max_size=12)
answers = st.builds(
    Answer,
    credit=st.sampled_from([WRONG, Fraction(1, 3), Fraction(1, 2), Fraction(2, 3), RIGHT]),
    certainty=st.sampled_from([None, GUESS, FAIRLY, CERTAIN]),
    is_quick=st.booleans(),
    luck=st.sampled_from([0.0, 1 / 5, 1 / 4, 1 / 2]),
)


def after(first, *later, settings=AT_90):
    """The card after answers of these grades, three days apart."""
    card, _ = review(None, ANSWERS[first], START, settings)
    for n, each in enumerate(later, start=1):
        card, _ = review(card, ANSWERS[each], START + n * timedelta(days=3), settings)
    return card


def test_intervals_are_those_of_the_golden_sequence():
    card, now, intervals = None, START, []
    for each, days in zip(GOODS_AND_AGAINS, GOLDEN_DAYS, strict=True):
        card, log = review(card, ANSWERS[each], now, AT_90)
        intervals.append(log.interval if days else 0)
        now += timedelta(days=days) if days else timedelta(minutes=10)
    assert intervals == GOLDEN_DAYS


def test_memory_is_that_of_the_golden_sequence():
    # test_memo_state of py-fsrs
    card, now = after(Grade.AGAIN), START
    for each, days in zip([Grade.GOOD] * 5, [0, 1, 3, 8, 21], strict=True):
        now += timedelta(days=days)
        card, _ = review(card, ANSWERS[each], now, AT_90)
    assert card.stability == pytest.approx(53.62691, abs=1e-4)
    assert card.difficulty == pytest.approx(6.3574867, abs=1e-4)


@given(histories, st.floats(0.8, 0.97))
def test_without_luck_every_figure_is_that_of_fsrs(history, retention):
    scheduler = fsrs.Scheduler(
        desired_retention=retention, learning_steps=(), relearning_steps=(), enable_fuzzing=False
    )
    settings = Settings(retention=retention)
    card, theirs, now = None, fsrs.Card(card_id=1, due=START), START
    for each, days in history:
        now += timedelta(days=days)
        if card is not None:
            expected = scheduler.get_card_retrievability(theirs, now)
            assert retrievability(card, now, settings) == pytest.approx(expected, rel=1e-12)
        card, log = review(card, ANSWERS[each], now, settings)
        theirs, _ = scheduler.review_card(theirs, fsrs.Rating(each), now)
        assert card.stability == pytest.approx(theirs.stability, rel=1e-12)
        assert card.difficulty == pytest.approx(theirs.difficulty, rel=1e-12)
        assert log.interval == (theirs.due - now).days


def test_other_weights_are_used():
    weights = list(Settings().weights)
    weights[2] = 5.0
    assert after(Grade.GOOD, settings=Settings(0.9, tuple(weights))).stability == 5.0


def test_weights_out_of_bounds_are_refused():
    with pytest.raises(ValueError, match="out of bounds"):
        after(Grade.GOOD, settings=Settings(0.9, (-1.0, *Settings().weights[1:])))


@pytest.mark.parametrize(
    ("credit", "certainty", "quick", "expected"),
    [
        (WRONG, None, False, Grade.AGAIN),
        (WRONG, CERTAIN, True, Grade.AGAIN),
        (Fraction(1, 3), CERTAIN, True, Grade.AGAIN),
        (Fraction(1, 2), CERTAIN, True, Grade.HARD),
        (Fraction(2, 3), None, False, Grade.HARD),
        (RIGHT, GUESS, True, Grade.HARD),
        (RIGHT, GUESS, False, Grade.HARD),
        (RIGHT, FAIRLY, True, Grade.GOOD),
        (RIGHT, None, True, Grade.GOOD),
        (RIGHT, CERTAIN, False, Grade.GOOD),
        (RIGHT, CERTAIN, True, Grade.EASY),
    ],
)
def test_the_grade_comes_from_correctness_certainty_and_pace(credit, certainty, quick, expected):
    assert grade(Answer(credit, certainty, quick)) is expected


@pytest.mark.parametrize(
    ("elapsed_ms", "quick"), [(None, False), (0, True), (19_800, True), (19_801, False)]
)
def test_quick_is_no_longer_than_studying_the_words_once_and_picking(elapsed_ms, quick):
    assert is_quick(elapsed_ms, words=42) is quick


@given(answers, st.integers(0, 100))
def test_a_right_answer_that_may_be_luck_moves_the_memory_part_of_the_way(answer, days):
    before, now = after(Grade.GOOD, Grade.GOOD), START + timedelta(days=6 + days)
    found, log = review(before, answer, now, AT_90)
    full, _ = review(before, replace(answer, luck=0.0), now, AT_90)
    again, _ = review(before, Answer(WRONG), now, AT_90)
    low, high = sorted([again.stability, full.stability])
    assert low * (1 - 1e-9) <= found.stability <= high * (1 + 1e-9)
    assert (found.stability == full.stability) == (log.belief == 1 or low == high)


def test_a_lucky_guess_lengthens_the_wait_less_than_knowledge():
    before, now = after(Grade.GOOD, Grade.GOOD), START + LONG_AGO

    def wait(certainty, choices):
        return review(before, Answer(RIGHT, certainty, luck=1 / choices), now, AT_90)[1].interval

    assert wait(GUESS, 2) < wait(GUESS, 4) < wait(FAIRLY, 4) < wait(CERTAIN, 4)


@given(histories, st.sampled_from(["UTC", "Asia/Almaty", "America/Los_Angeles"]))
def test_a_card_is_due_from_the_start_of_a_study_day(history, zone):
    settings = Settings(zone=ZoneInfo(zone))
    card, now = None, START
    for each, days in history:
        now += timedelta(days=days, hours=5)
        card, log = review(card, ANSWERS[each], now, settings)
        day = study_day(now, settings.zone) + timedelta(days=log.interval)
        assert card.due == start_of(day, settings.zone)
        assert card.due > now


def test_a_night_between_two_sessions_counts_as_a_day():
    evening = datetime(2026, 3, 2, 21, tzinfo=UTC)
    card, _ = review(None, ANSWERS[Grade.AGAIN], evening, AT_90)
    _, log = review(card, ANSWERS[Grade.GOOD], evening + timedelta(hours=17), AT_90)
    assert log.recalled == pytest.approx(0.7662, abs=1e-4)


def test_reps_and_lapses_are_counted_and_the_last_answer_kept():
    card, _ = review(
        after(Grade.AGAIN, Grade.GOOD, Grade.AGAIN),
        Answer(Fraction(1, 3), FAIRLY),
        START + timedelta(days=9),
        AT_90,
    )
    assert (card.reps, card.lapses) == (4, 2)
    assert (card.last_credit, card.last_certainty) == (Fraction(1, 3), FAIRLY)
    assert card.last_review == START + timedelta(days=9)


def test_an_answer_from_before_the_last_review_is_refused():
    with pytest.raises(ValueError, match="rebuild"):
        review(after(Grade.GOOD), Answer(RIGHT), START - timedelta(seconds=1))


@given(st.lists(answers, max_size=8), st.randoms())
def test_a_card_is_rebuilt_from_its_answers_in_whatever_order_they_arrive(given_answers, random):
    history = [(START + timedelta(days=3 * n), each) for n, each in enumerate(given_answers)]
    card = None
    for now, each in history:
        card, _ = review(card, each, now)
    late = random.sample(history, len(history))
    assert rebuild(late) == card


@given(histories, st.floats(0.8, 0.97), st.floats(0.8, 0.97))
def test_asking_for_more_retention_never_lengthens_the_wait(history, one, other):
    card = after(*(each for each, _ in history))
    low, high = sorted([one, other])
    sooner = rescheduled(card, Settings(retention=high))
    assert sooner.due <= rescheduled(card, Settings(retention=low)).due


def test_rescheduling_to_the_same_settings_changes_nothing():
    card = after(Grade.GOOD, Grade.HARD, Grade.EASY)
    assert rescheduled(card, AT_90) == card


def test_recall_on_the_due_day_is_the_retention_asked_for():
    random = Random(1)
    for _ in range(50):
        stability, settings = random.uniform(20, 300), Settings(random.uniform(0.8, 0.97))
        card = replace(after(Grade.GOOD), stability=stability, last_review=START)
        due = START + timedelta(days=interval_days(stability, settings))
        assert retrievability(card, due, settings) == pytest.approx(settings.retention, abs=0.01)
