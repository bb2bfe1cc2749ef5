"""One's own data as plain values, for the JSON download."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from quizapp.db.models import (
    Account,
    Attempt,
    Enrolment,
    Item,
    Response,
    ReviewCard,
    StudySettings,
)
from quizapp.db.queries.attempts import from_letters
from quizapp.db.queries.reading import Reading
from quizapp.web.presenting import shelf

Row = tuple[Attempt, Item, str, Response | None]


def as_plain_values(
    account: Account,
    enrolments: Iterable[Enrolment],
    rows: Iterable[Row],
    held_back: Collection[int],
) -> dict[str, Any]:
    """An account, its classes and what it answered: dates in ISO 8601 and UTC, credit from 0 to
    1. Of items that graded work keeps back (ids) neither choices nor credit are told, which
    together may tell the key."""
    attempts: dict[int, dict[str, Any]] = {}
    for attempt, item, stem, response in rows:
        kept = attempts.setdefault(attempt.id, _attempt(attempt))
        kept["items"].append(_item(item, stem, response, is_secret=item.id in held_back))
    return {
        "account": {
            "name": account.name,
            "email": account.email,
            "role": account.role,
            "created_at": account.created_at.isoformat(),
        },
        "classes": [_place(enrolment) for enrolment in enrolments],
        "attempts": list(attempts.values()),
    }


def studying_as_plain_values(
    settings: StudySettings | None, cards: Iterable[ReviewCard], readings: Iterable[Reading]
) -> dict[str, Any]:
    """How someone studies, what they remember and what they have read, in the same units.

    The address of the calendar is left out: whoever has it can read there.
    """
    return {
        "study_settings": settings and _study_settings(settings),
        "review_cards": [_card(card) for card in cards],
        "passages_read": [
            {"source": each.source, "passage": each.passage, "read_at": each.at.isoformat()}
            for each in readings
        ],
    }


def _study_settings(settings: StudySettings) -> dict[str, Any]:
    return {
        "retention_percent": settings.retention_percent,
        "reviews_per_day": settings.reviews_per_day,
        "new_per_day": settings.new_per_day,
        "exam_on": _when(settings.exam_on),
        "asks_certainty": settings.asks_certainty,
        "zone": settings.zone,
        "weights": settings.weights,
        "reminders": settings.reminders,
        "reminded_at": _when(settings.reminded_at),
        "confirmed_email": settings.confirmed_email,
        "has_calendar_address": settings.feed_token is not None,
    }


def _card(card: ReviewCard) -> dict[str, Any]:
    return {
        "deck": card.question.deck.slug,
        "question": card.question.slug,
        "stability_days": card.stability,
        "difficulty": card.difficulty,
        "due_at": card.due_at.isoformat(),
        "last_review_at": card.last_review_at.isoformat(),
        "reps": card.reps,
        "lapses": card.lapses,
        "last_credit": float(card.last_credit),
        "last_certainty": card.last_certainty,
        "suspended_at": _when(card.suspended_at),
        "buried_until": _when(card.buried_until),
    }


def _when(moment: date | None) -> str | None:
    return moment.isoformat() if moment else None


def _place(enrolment: Enrolment) -> dict[str, Any]:
    return {
        "class": enrolment.school_class.name,
        "name": enrolment.name,
        "joined_at": enrolment.joined_at.isoformat(),
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "id": attempt.public_id,
        "title": attempt.title,
        "mode": attempt.mode,
        "started_at": attempt.started_at.isoformat(),
        "ended_at": _when(attempt.ended_at),
        "answered": attempt.answered,
        "credit": float(attempt.credit),
        "items": [],
    }


def _item(item: Item, stem: str, response: Response | None, *, is_secret: bool) -> dict[str, Any]:
    values: dict[str, Any] = {"position": item.position, "question": stem, "response": None}
    if response is not None:
        choices = shelf().question(item.version_id).choices
        values["response"] = {
            "chosen": None
            if is_secret
            else [choices[i].text for i in from_letters(response.chosen)],
            "certainty": response.certainty,
            "credit": None if is_secret else float(response.credit),
            "answered_at": response.answered_at.isoformat(),
            "elapsed_ms": response.elapsed_ms,
        }
    return values
