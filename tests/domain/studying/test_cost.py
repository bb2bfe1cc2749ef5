from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random
from statistics import fmean

import pytest

from quizapp.domain.studying.cost import cost_of_retention, in_words
from quizapp.domain.studying.days import study_day
from quizapp.domain.studying.scheduling import (
    Answer,
    Settings,
    rescheduled,
    retrievability,
    review,
)

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)


def cards(count, random):
    """Cards with a few answers each, in the weeks before."""
    made = []
    for _ in range(count):
        card = None
        for days_ago in sorted(random.sample(range(60), random.randint(1, 4)), reverse=True):
            answer = Answer(Fraction(random.random() < 0.8))
            card, _ = review(card, answer, NOW - timedelta(days=days_ago))
        made.append(card)
    return made


def drawn(card, days, settings, random):
    """Reviews of a card whose outcomes are drawn: what the cost estimates."""
    card, now, count = rescheduled(card, settings), NOW, 0
    for _ in range(days):
        if study_day(card.due) <= study_day(now):
            recalled = random.random() < retrievability(card, now, settings)
            card, _ = review(card, Answer(Fraction(recalled)), now, settings)
            count += 1
        now += timedelta(days=1)
    return count


@pytest.mark.parametrize("retention", [0.8, 0.9, 0.97])
def test_the_cost_is_what_learners_who_remember_as_the_model_has_it_would_do(retention):
    random = Random(f"cost {retention}")
    own, settings = cards(150, random), Settings(retention=retention)
    runs = [sum(drawn(card, 60, settings, random) for card in own) / 60 for _ in range(8)]
    assert cost_of_retention(own, retention, 60, NOW, Random(3)) == pytest.approx(
        fmean(runs), rel=0.1
    )


def test_more_retention_costs_more():
    own = cards(100, Random(1))
    costs = [
        cost_of_retention(own, wanted, 60, NOW, Random(3))
        for wanted in (0.8, 0.85, 0.9, 0.95, 0.97)
    ]
    assert costs == sorted(costs)
    assert costs[-1] > 2 * costs[0]


def test_cards_in_the_same_state_cost_in_proportion_to_their_number():
    own = cards(100, Random(2))
    few, many = (cost_of_retention(own * times, 0.9, 30, NOW, Random(3)) for times in (1, 21))
    assert many == pytest.approx(21 * few, rel=0.1)


def test_no_cards_cost_nothing():
    assert cost_of_retention([], 0.9, 30, NOW, Random(3)) == 0


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        (0.4, "less than a review a day"),
        (1.2, "about 1 review a day"),
        (13.6, "about 14 reviews a day"),
    ],
)
def test_the_cost_in_words(cost, words):
    assert in_words(cost) == words
