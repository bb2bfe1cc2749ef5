"""Looking back, and a look ahead: what is known, when it was studied, what falls due."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from operator import attrgetter

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_date, ngettext

from quizapp.db.models import Attempt
from quizapp.db.queries.attempts import (
    DatedShare,
    attempts_of,
    deck_history,
    passage_history,
)
from quizapp.extensions import db
from quizapp.operations.reviewing import take_in
from quizapp.web import ambient
from quizapp.web.learn import bp
from quizapp.web.learn.looking_back import look_back
from quizapp.web.session import viewer

MOST_ATTEMPTS = 200


@dataclass(frozen=True, slots=True)
class Point:
    """A score on a chart: when in words, the share from 0 to 1, and what it is made of."""

    label: str
    share: Fraction
    detail: str


@dataclass(frozen=True, slots=True)
class Scored:
    """A deck's or passage's scores, oldest first, and all of them together."""

    name: str
    points: list[Point]
    share: Fraction
    answered: int


@bp.get("/progress")
def progress() -> ResponseReturnValue:
    account, now = viewer().account_id, ambient.now()
    take_in(db.session(), account, now)
    attempts = attempts_of(db.session(), account, MOST_ATTEMPTS) if account else []
    if not attempts:
        return render_template("learn/progress.html", look=None)
    return render_template(
        "learn/progress.html",
        look=look_back(account, now),
        attempts=attempts,
        points=[point_of(attempt) for attempt in reversed(attempts)],
        scored_decks=scored(deck_history(db.session(), account)),
        scored_passages=scored(passage_history(db.session(), account)),
    )


def point_of(attempt: Attempt) -> Point:
    """An attempt as a point of the score chart."""
    return Point(
        label=format_date(attempt.started_at, "d MMM yyyy"),
        share=attempt.credit / attempt.answered,
        detail=ngettext("%(num)d answer", "%(num)d answers", attempt.answered),
    )


def scored(history: Iterable[DatedShare]) -> list[Scored]:
    """History rows, grouped as they come, by subject."""
    return [_scored(name, list(rows)) for name, rows in groupby(history, attrgetter("subject"))]


def _scored(name: str, rows: list[DatedShare]) -> Scored:
    answered = sum(row.answered for row in rows)
    points = [
        Point(
            label=format_date(row.started_at, "d MMM yyyy"),
            share=row.credit / row.answered,
            detail=str(row.answered),
        )
        for row in rows
    ]
    share = sum((row.credit for row in rows), Fraction(0)) / answered
    return Scored(name, points, share, answered)
