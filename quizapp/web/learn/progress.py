"""Looking back: scores over time, by deck and by passage."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from operator import attrgetter

from flask import render_template, url_for
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
from quizapp.web.learn import bp
from quizapp.web.session import viewer

MOST_ATTEMPTS = 200


@dataclass(frozen=True, slots=True)
class Point:
    """A score on a chart: when in words, the share from 0 to 1, and what it is made of."""

    label: str
    share: Fraction
    detail: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A deck's or passage's scores, oldest first, and all of them together."""

    name: str
    points: list[Point]
    share: Fraction
    detail: str


@bp.get("/progress")
def progress() -> ResponseReturnValue:
    account = viewer().account_id
    if not account:
        return render_template("learn/progress.html", attempts=[])
    return render_template(
        "learn/progress.html",
        attempts=(attempts := attempts_of(db.session(), account, MOST_ATTEMPTS)),
        points=[point_of(attempt) for attempt in reversed(attempts)],
        decks=subjects(deck_history(db.session(), account)),
        passages=subjects(passage_history(db.session(), account)),
    )


def point_of(attempt: Attempt) -> Point:
    """An attempt as a point of the score chart."""
    return Point(
        label=format_date(attempt.started_at, "d MMM yyyy"),
        share=attempt.credit / attempt.answered,
        detail=f"{attempt.answered} of {attempt.size} answered",
        href=url_for(".result", public_id=attempt.public_id),
    )


def subjects(history: Iterable[DatedShare]) -> list[Subject]:
    """History rows, grouped as they come, by subject."""
    return [_subject(name, list(rows)) for name, rows in groupby(history, attrgetter("subject"))]


def _subject(name: str, rows: list[DatedShare]) -> Subject:
    answered = sum(row.answered for row in rows)
    return Subject(
        name=name,
        points=[
            Point(
                label=format_date(row.started_at, "d MMM yyyy"),
                share=row.credit / row.answered,
                detail=str(row.answered),
            )
            for row in rows
        ],
        share=sum((row.credit for row in rows), Fraction(0)) / answered,
        detail=ngettext("%(num)d answer", "%(num)d answers", answered),
    )
