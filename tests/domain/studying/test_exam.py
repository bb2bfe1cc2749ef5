from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.studying.days import start_of, study_day
from quizapp.domain.studying.exam import GOAL, WINDOW_DAYS, exam_due, new_a_day
from quizapp.domain.studying.scheduling import (
    Answer,
    Card,
    Settings,
    interval_days,
    retrievability,
    review,
)

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
EXAM = study_day(NOW) + timedelta(days=40)


def card(stability, days_ago=1):
    seen = NOW - timedelta(days=days_ago)
    due = start_of(study_day(seen) + timedelta(days=interval_days(stability)))
    return Card(stability, 5.0, due, seen, 3, 0, Fraction(1), None)


facts = st.lists(st.tuples(st.floats(0.5, 2_000), st.integers(0, 30)), max_size=40).map(
    lambda each: {n: card(*of) for n, of in enumerate(each)}
)


@given(facts, st.integers(-3, 60), st.integers(1, 50))
def test_a_plan_only_brings_cards_forward_and_to_days_before_the_exam(cards, days, a_day):
    exam = study_day(NOW) + timedelta(days=days)
    for key, due in exam_due(cards, exam, NOW, a_day).items():
        if due != cards[key].due:
            assert study_day(NOW) <= study_day(due) < exam <= study_day(cards[key].due)
            assert (exam - study_day(due)).days <= WINDOW_DAYS


@given(facts, st.integers(1, 50))
def test_no_day_of_the_plan_has_more_than_is_wanted_unless_all_are_full(cards, a_day):
    planned = exam_due(cards, EXAM, NOW, a_day)
    moved = [study_day(due) for key, due in planned.items() if due != cards[key].due]
    most = max(a_day, -(-len(moved) // WINDOW_DAYS))
    assert all(moved.count(day) <= most for day in set(moved))


def test_the_frailest_are_left_for_the_eve():
    cards = {n: card(stability) for n, stability in enumerate((90.0, 20.0, 80.0, 25.0))}
    planned = exam_due(cards, EXAM, NOW, a_day=2)
    left = {key: (EXAM - study_day(due)).days for key, due in planned.items()}
    assert left == {1: 1, 3: 1, 2: 2, 0: 2}


def test_what_is_known_well_enough_or_due_before_the_exam_is_left_alone():
    cards = {1: card(10_000.0), 2: card(3.0)}
    assert exam_due(cards, EXAM, NOW, 10) == {1: cards[1].due, 2: cards[2].due}


def test_each_card_has_one_last_review():
    eve = NOW + timedelta(days=39)
    frail = replace(card(3.0), last_review=eve - timedelta(days=5), due=eve + timedelta(days=9))
    assert retrievability(frail, eve + timedelta(days=1)) < GOAL
    assert exam_due({1: frail}, EXAM, eve, 10) == {1: frail.due}


def test_from_the_exam_on_the_plan_changes_nothing():
    cards = {1: card(50.0)}
    for exam in (study_day(NOW), study_day(NOW) - timedelta(days=3)):
        assert exam_due(cards, exam, NOW, 10) == {1: cards[1].due}


def followed(days, *, planned):
    """Mean recall on each of the days of who always recalls as the model has it."""
    random, settings = Random("exam"), Settings()
    cards = {n: card(random.uniform(2, 40), random.randint(5, 20)) for n in range(60)}
    recall = []
    for n in range(days):
        now = NOW + timedelta(days=n)
        recall.append(fmean(retrievability(each, now) for each in cards.values()))
        own = {key: each.due for key, each in cards.items()}
        due = exam_due(cards, EXAM, now, 15) if planned else own
        for key in [key for key, when in due.items() if when <= now]:
            is_right = random.random() < retrievability(cards[key], now, settings)
            cards[key], _ = review(cards[key], Answer(Fraction(is_right)), now, settings)
    return recall


def test_recall_peaks_on_the_day_of_the_exam():
    with_plan, without = followed(60, planned=True), followed(60, planned=False)
    assert with_plan[40] > without[40] + 0.03
    assert with_plan[40] > max(with_plan[:34]) + 0.02
    assert with_plan[40] == pytest.approx(max(with_plan[34:]), abs=0.015)
    assert with_plan[40] > GOAL


@pytest.mark.parametrize(
    ("unseen", "days", "expected"), [(0, 40, 0), (100, 40, 10), (660, 40, 20), (70, 8, 70)]
)
def test_new_questions_are_begun_in_time_for_the_last_reviews(unseen, days, expected):
    exam = study_day(NOW) + timedelta(days=days)
    assert new_a_day(unseen, exam, NOW, UTC, usual=10) == expected
