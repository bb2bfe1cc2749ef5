"""One's own graded work as plain values: what was answered, and of its results what the pages
show by now."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from quizapp.db.models import Attempt
from quizapp.db.queries.sitting import (
    ExamItem,
    exam_items,
    graded_work_of,
    keys_regraded,
    work_of,
)
from quizapp.domain.graded.policy import Shown
from quizapp.domain.marks import Mark
from quizapp.extensions import db
from quizapp.web.graded import seen, shown_of
from quizapp.web.presenting import shelf


def graded_as_plain_values(account_id: int, now: datetime) -> dict[str, Any]:
    """All graded attempts of an account, oldest first; previews by who teaches are none.

    Dates are in ISO 8601 and UTC, marks as the assignment counts them. What is not shown yet is
    None, and so is a question that was never seen.
    """
    return {
        "graded_attempts": [
            _attempt(attempt, class_name, _shown(attempt, now) if is_in_class else frozenset())
            for attempt, class_name, is_in_class in graded_work_of(db.session(), account_id)
        ]
    }


def _shown(attempt: Attempt, now: datetime) -> frozenset[Shown]:
    if attempt.ended_at is None:
        return frozenset()
    return shown_of(attempt, work_of(db.session(), attempt.assignment_id or 0), now)


def _attempt(attempt: Attempt, class_name: str, shown: frozenset[Shown]) -> dict[str, Any]:
    tells_marks = Shown.MARKS in shown
    regraded = keys_regraded(db.session(), attempt.assignment_id or 0) if shown else {}
    items = exam_items(db.session(), attempt.id)
    return {
        "id": attempt.public_id,
        "title": attempt.title,
        "class": class_name,
        "number": attempt.number,
        "started_at": attempt.started_at.isoformat(),
        "ended_at": attempt.ended_at and attempt.ended_at.isoformat(),
        "marks": float(attempt.credit) if tells_marks else None,
        "out_of": attempt.worth if tells_marks else None,
        "items": [
            _item(item, mark, shown, regraded.get(item.version_id))
            for item, mark in zip(items, attempt.marks, strict=True)
        ],
    }


def _item(
    item: ExamItem, mark: str, shown: Collection[Shown], regraded: frozenset[int] | None
) -> dict[str, Any]:
    question = shelf().question(item.version_id)
    keys = question.keys if regraded is None else regraded
    tells_marks = Shown.MARKS in shown and item.credit is not None
    return {
        "position": item.position,
        "question": None if mark == Mark.OPEN and not shown else question.stem,
        "response": _response(item),
        "result": seen(item, shown, regraded).state if Shown.CORRECTNESS in shown else None,
        "marks": float(item.credit or 0) if tells_marks else None,
        "out_of": item.worth if tells_marks else None,
        "keys": _texts(item, keys) if Shown.KEY in shown else None,
    }


def _response(item: ExamItem) -> dict[str, Any] | None:
    answer = item.answer
    return answer and {
        "chosen": _texts(item, answer.chosen),
        "certainty": answer.certainty,
        "tries": answer.tries,
        "answered_at": answer.answered_at.isoformat(),
        "elapsed_ms": answer.elapsed_ms,
    }


def _texts(item: ExamItem, places: Collection[int]) -> list[str]:
    choices = shelf().question(item.version_id).choices
    return [choices[place].text for place in sorted(places)]
