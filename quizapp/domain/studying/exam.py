"""Exam mode: a last review of each card shortly before the day, so that recall is best on it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo

from quizapp.domain.studying.days import start_of, study_day
from quizapp.domain.studying.scheduling import DEFAULTS, Card, Settings, recall_after

WINDOW_DAYS = 7
"""The last reviews are spread over at most this many days, the exam's eve the last of them."""

GOAL = 0.95
"""Recall wanted on the day; a card that will have it anyway is left alone."""


def exam_due(
    cards: Mapping[int, Card],
    exam: date,
    now: datetime,
    a_day: int,
    settings: Settings = DEFAULTS,
) -> dict[int, datetime]:
    """When each card is due in view of the exam: its own due day, or its last review before it.

    `a_day` is how many reviews the learner wants in a day. A card that would have sunk below
    `GOAL` by the exam, and is neither due before it nor was reviewed within the window, gets a day
    in the window: the frailest the eve, the others before it, `a_day` a day. More than fit are
    shared out. Made afresh each day, the plan needs no memory of its own; from the exam on it
    changes nothing.
    """
    window = min(WINDOW_DAYS, (exam - study_day(now, settings.zone)).days)
    due = {key: card.due for key, card in cards.items()}
    if window < 1:
        return due
    needy = [key for key, card in cards.items() if _needs_a_last_review(card, exam, settings)]
    needy.sort(key=lambda key: (cards[key].stability, key))
    per_day = max(a_day, -(-len(needy) // window))
    for place, key in enumerate(needy):
        day = exam - timedelta(days=1 + place // per_day)
        due[key] = start_of(day, settings.zone)
    return due


def new_a_day(unseen: int, exam: date, now: datetime, zone: tzinfo, usual: int) -> int:
    """New questions a day so that all have been seen when the last reviews begin."""
    days = (exam - study_day(now, zone)).days - WINDOW_DAYS
    return max(usual, -(-unseen // max(1, days))) if unseen else 0


def _needs_a_last_review(card: Card, exam: date, settings: Settings) -> bool:
    if study_day(card.due, settings.zone) < exam:
        return False
    waited = (exam - study_day(card.last_review, settings.zone)).days
    return waited > WINDOW_DAYS and recall_after(card, waited, settings) < GOAL
