"""What to expect on the day of an exam, if the plan is followed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from random import Random

from quizapp.domain.studying.days import start_of, study_day
from quizapp.domain.studying.exam import WINDOW_DAYS, exam_due, new_a_day
from quizapp.domain.studying.guessing import right_when
from quizapp.domain.studying.mastery import Known, Record, chance_after_error
from quizapp.domain.studying.queue import Limits
from quizapp.domain.studying.scheduling import (
    DEFAULTS,
    Answer,
    Card,
    Settings,
    recall_after,
    retrievability,
    review,
)

PATHS = 200
"""Questions that are followed, spread over all: good to about two points in a hundred."""


def expected_on(
    exam: date,
    questions: Sequence[Known],
    record: Record,
    now: datetime,
    limits: Limits,
    random: Random,
    *,
    settings: Settings = DEFAULTS,
) -> float | None:
    """Estimated share answered rightly on the exam day by who follows the plan; None without
    questions.

    Each question is followed from review to review: recalled, and graded Good, as often as
    retrievability has it, else Again; one never seen comes in its turn, and is not known when it
    does. The last reviews are spread over their window as `exam_due` would. What no review comes to
    after an error counts as mastery has it. Give `random` the same seed each time, so that the
    figure does not jump.
    """
    if not questions:
        return None
    ranked = sorted(questions, key=lambda known: known.card.stability if known.card else 0.0)
    paths = min(PATHS, len(ranked))
    window = min(WINDOW_DAYS, -(-len(ranked) // limits.reviews))
    first_days = _first_days(exam, ranked, now, limits, settings)
    total = 0.0
    for path in range(paths):
        place = (2 * path + 1) * len(ranked) // (2 * paths)
        known, eve = ranked[place], exam - timedelta(days=path % window)
        before = known.card or _first(first_days[place], exam, settings)
        if before is None:  # never asked before the exam
            total += known.luck
            continue
        card = _reviewed(before, exam, eve, now, random, settings)
        right = _right_on(exam, card, known.luck, settings)
        is_still_missed = card is before and (known.is_missed or known.card is None)
        total += min(right, chance_after_error(known.luck, record)) if is_still_missed else right
    return total / paths


def _first_days(
    exam: date, ranked: Sequence[Known], now: datetime, limits: Limits, settings: Settings
) -> list[date]:
    """By place, the day on which a question never seen is asked for the first time."""
    unseen = sum(known.card is None for known in ranked)
    a_day = new_a_day(unseen, exam, now, settings.zone, limits.new)
    today = study_day(now, settings.zone)
    return [today + timedelta(days=place // a_day) for place in range(unseen)] if a_day else []


def _first(day: date, exam: date, settings: Settings) -> Card | None:
    if day >= exam:
        return None
    return review(None, Answer(Fraction(0)), start_of(day, settings.zone), settings)[0]


def _reviewed(
    card: Card, exam: date, eve: date, now: datetime, random: Random, settings: Settings
) -> Card:
    """The card as it is on the exam day, its last review planned as if that were the day after
    `eve`'s."""
    at = max(now, card.last_review)
    while True:
        due = exam_due({0: card}, eve, at, 1, settings)[0]
        at = max(due, at)
        if study_day(at, settings.zone) >= exam or _is_reviewed_on(at, card, settings):
            return card
        is_recalled = random.random() < retrievability(card, at, settings)
        card, _ = review(card, Answer(Fraction(is_recalled)), at, settings)


def _is_reviewed_on(at: datetime, card: Card, settings: Settings) -> bool:
    return study_day(at, settings.zone) == study_day(card.last_review, settings.zone)


def _right_on(exam: date, card: Card, luck: float, settings: Settings) -> float:
    days = max(1, (exam - study_day(card.last_review, settings.zone)).days)
    return right_when(recall_after(card, days, settings), luck)
