"""Looking back, and a look ahead: what is known, when it was studied, what falls due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
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
    look = look_back(account, now)
    return render_template(
        "learn/progress.html",
        look=look,
        attempts=attempts,
        points=[point_of(attempt, look.zone) for attempt in reversed(attempts)],
        scored_decks=scored(deck_history(db.session(), account), look.zone),
        scored_passages=scored(passage_history(db.session(), account), look.zone),
    )


def _day(moment: datetime, zone: tzinfo) -> str:
    return format_date(moment.astimezone(zone).date(), "d MMM yyyy")


def point_of(attempt: Attempt, zone: tzinfo) -> Point:
    """An attempt as a point of the score chart."""
    return Point(
        label=_day(attempt.started_at, zone),
        share=attempt.credit / attempt.answered,
        detail=ngettext("%(num)d answer", "%(num)d answers", attempt.answered),
    )


def scored(history: Iterable[DatedShare], zone: tzinfo) -> list[Scored]:
    """History rows, grouped as they come, by subject."""
    by_subject = groupby(history, attrgetter("subject"))
    return [_scored(name, list(rows), zone) for name, rows in by_subject]


def _scored(name: str, rows: list[DatedShare], zone: tzinfo) -> Scored:
    answered = sum(row.answered for row in rows)
    points = [
        Point(
            label=_day(row.started_at, zone),
            share=row.credit / row.answered,
            detail=str(row.answered),
        )
        for row in rows
    ]
    share = sum((row.credit for row in rows), Fraction(0)) / answered
    return Scored(name, points, share, answered)
