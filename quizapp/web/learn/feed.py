"""The calendar of due days, which calendar programs fetch without signing in."""

from datetime import date, datetime
from hashlib import sha256

from flask import Response, abort
from flask.typing import ResponseReturnValue

from quizapp.db.queries.progress import questions_begun
from quizapp.db.queries.reminding import account_with_feed
from quizapp.db.queries.reviewing import study_of
from quizapp.domain.studying.calendar import forecast
from quizapp.domain.studying.feed import calendar_file
from quizapp.extensions import db
from quizapp.operations.reviewing import take_in
from quizapp.web import ambient
from quizapp.web.learn import bp
from quizapp.web.learn.looking_back import due_moments

AHEAD_DAYS = 60


@bp.get("/feed/<feed_token>.ics")
def feed(feed_token: str) -> ResponseReturnValue:
    account, now = account_with_feed(db.session(), feed_token) or abort(404), ambient.now()
    key = sha256(feed_token.encode()).hexdigest()[:20]
    text = calendar_file(_due(account, now), key, now)
    response = Response(text, mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'inline; filename="reviews.ics"'
    return response


def _due(account: int, now: datetime) -> dict[date, int]:
    """How many cards are due on each of the coming days, what is overdue today."""
    take_in(db.session(), account, now)
    study = study_of(db.session(), account)
    due = due_moments(questions_begun(db.session(), account), study, now)
    return forecast(due.values(), now, AHEAD_DAYS, study.settings.zone)
