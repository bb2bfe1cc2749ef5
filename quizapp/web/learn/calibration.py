"""How well a learner's certainty fits their answers, and practice of what they were wrong about."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from fractions import Fraction

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date

from quizapp.db.queries.held import decks_held_back
from quizapp.db.queries.progress import (
    Answered,
    answers_of,
    confidently_wrong,
    luck_of_answered,
)
from quizapp.db.queries.reviewing import study_of
from quizapp.domain.studying.calibration import (
    Brier,
    Said,
    by_level,
    month_of,
    over_time,
    sentence,
    week_of,
)
from quizapp.domain.studying.days import study_day
from quizapp.domain.tokens import token
from quizapp.extensions import db
from quizapp.operations.answering import Start
from quizapp.operations.reviewing import take_in
from quizapp.web import ambient
from quizapp.web.calibrating import fit
from quizapp.web.learn import bp
from quizapp.web.learn.starting import KeyForm, begin
from quizapp.web.session import known_viewer, viewer

TITLE = "Confidently wrong"
MOST_WEEKS = 16
"""Weeks on the chart over time; a longer time is shown by month."""


@dataclass(frozen=True, slots=True)
class Then:
    """How certainty fitted in one week or month."""

    label: str
    brier: Brier


@bp.get("/progress/calibration")
def calibration() -> ResponseReturnValue:
    account, now = viewer().account_id, ambient.now()
    if not account:
        return render_template("learn/calibration.html", fit=None, mistaken=[], times=[])
    take_in(db.session(), account, now)
    said = said_by(account)
    return render_template(
        "learn/calibration.html",
        fit=fit(said),
        sentence=sentence(by_level(said)),
        times=_times(said),
        mistaken=confidently_wrong(db.session(), account, decks_held_back(db.session(), now)),
        start_key=token(ambient.random(), 128),
    )


@bp.post("/progress/calibration/attempts")
def start_on_mistaken() -> ResponseReturnValue:
    account, now = known_viewer().account_id, ambient.now()
    form = KeyForm(request.form)
    take_in(db.session(), account, now)
    found = confidently_wrong(db.session(), account, decks_held_back(db.session(), now))
    if not form.validate() or not found:
        return redirect(url_for(".calibration"), 303)
    return begin(Start([each.version_id for each in found], TITLE, form.start_key.data or ""))


def said_by(account: int) -> list[Said]:
    """A learner's answers with a certainty, summed up by their study days."""
    return summed(
        answers_of(db.session(), account),
        luck_of_answered(db.session(), account),
        study_of(db.session(), account).settings.zone,
    )


def summed(answers: Iterable[Answered], luck: Mapping[int, Fraction], zone: tzinfo) -> list[Said]:
    """Answers with a certainty, summed up by day, certainty and chance of luck."""
    counts: Counter[tuple[date, int, Fraction]] = Counter()
    right: Counter[tuple[date, int, Fraction]] = Counter()
    for each in answers:
        if each.certainty is not None and each.version_id in luck:
            key = (study_day(each.answered_at, zone), each.certainty, luck[each.version_id])
            counts[key] += 1
            right[key] += each.is_right
    return [Said(*key, n=n, right=right[key]) for key, n in counts.items()]


def _times(said: list[Said]) -> list[Then]:
    weeks = over_time(said, week_of)
    if len(weeks) <= MOST_WEEKS:
        return [Then(format_date(day, "d MMM yyyy"), brier) for day, brier in weeks.items()]
    months = over_time(said, month_of)
    return [Then(format_date(day, "MMM yyyy"), brier) for day, brier in months.items()]
