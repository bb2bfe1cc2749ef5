"""One's own data as plain values, for the JSON download."""

from collections.abc import Iterable
from typing import Any

from quizapp.db.models import Account, Attempt, Enrolment, Item, Response
from quizapp.db.queries.attempts import from_letters
from quizapp.web.presenting import shelf

Row = tuple[Attempt, Item, str, Response | None]


def as_plain_values(
    account: Account, enrolments: Iterable[Enrolment], rows: Iterable[Row]
) -> dict[str, Any]:
    """Everything kept about an account: dates in ISO 8601 and UTC, credit from 0 to 1."""
    attempts: dict[int, dict[str, Any]] = {}
    for attempt, item, stem, response in rows:
        kept = attempts.setdefault(attempt.id, _attempt(attempt))
        kept["items"].append(_item(item, stem, response))
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
        "ended_at": attempt.ended_at.isoformat() if attempt.ended_at else None,
        "answered": attempt.answered,
        "credit": float(attempt.credit),
        "items": [],
    }


def _item(item: Item, stem: str, response: Response | None) -> dict[str, Any]:
    values: dict[str, Any] = {"position": item.position, "question": stem, "response": None}
    if response is not None:
        choices = shelf().question(item.version_id).choices
        values["response"] = {
            "chosen": [choices[i].text for i in from_letters(response.chosen)],
            "certainty": response.certainty,
            "credit": float(response.credit),
            "answered_at": response.answered_at.isoformat(),
            "elapsed_ms": response.elapsed_ms,
        }
    return values
