"""What a desired retention costs in reviews a day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from random import Random

from quizapp.domain.studying.days import days_between
from quizapp.domain.studying.scheduling import (
    DEFAULTS,
    Answer,
    Card,
    Settings,
    rescheduled,
    retrievability,
    review,
)

PATHS = 200
"""Paths that are followed, spread over the cards by stability: good to about 8 %."""


def cost_of_retention(
    cards: Sequence[Card],
    retention: float,
    days: int,
    now: datetime,
    random: Random,
    settings: Settings = DEFAULTS,
) -> float:
    """Mean reviews a day over the coming days if these cards are reviewed when due.

    A path is recalled, and graded Good, as often as retrievability has it, else Again. Give
    `random` the same seed each time, so that the figure does not jump. New questions are not
    counted.
    """
    if not cards:
        return 0.0
    wanted = replace(settings, retention=retention)
    ranked = sorted(cards, key=lambda card: card.stability)
    followed = (ranked[(2 * path + 1) * len(ranked) // (2 * PATHS)] for path in range(PATHS))
    reviews = sum(
        _reviews(rescheduled(card, wanted), now, days, random, wanted) for card in followed
    )
    return reviews * len(ranked) / PATHS / days


def in_words(reviews_a_day: float) -> str:
    """The cost for a page: "about 14 reviews a day"."""
    if reviews_a_day < 1:
        return "less than a review a day"
    count = round(reviews_a_day)
    return f"about {count} review{'' if count == 1 else 's'} a day"


def _reviews(card: Card, now: datetime, days: int, random: Random, settings: Settings) -> int:
    """Reviews of a card in these days, an overdue one's first today."""
    count = 0
    while days_between(now, at := max(card.due, now), settings.zone) < days:
        is_recalled = random.random() < retrievability(card, at, settings)
        card, _ = review(card, Answer(Fraction(is_recalled)), at, settings)
        count += 1
    return count
