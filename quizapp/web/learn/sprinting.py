"""A sprint's clock on its pages, and what came of it."""

from collections.abc import Iterable
from datetime import timedelta

from flask import render_template, url_for
from markupsafe import Markup

from quizapp.db.models import Attempt, Response
from quizapp.db.queries.attempts import ItemView
from quizapp.db.queries.practice import sprint_began_at
from quizapp.domain.sprint import Sprint, sprint
from quizapp.extensions import db
from quizapp.web import ambient


def sprint_clock(item: ItemView) -> Markup:
    """The time that is left of a sprint, for a script to count on; the server's clock decides."""
    length = timedelta(seconds=item.sprint_seconds or 0)
    left = sprint_began_at(db.session(), item.attempt_id) + length - ambient.now()
    html = render_template(
        "learn/sprint_clock.html",
        end_url=url_for("learn.end", public_id=item.public_id),
        left_ms=max(0, left // timedelta(milliseconds=1)),
        minutes=length // timedelta(minutes=1),
    )
    return Markup(html)  # noqa: S704  # a template's output


def sprint_of(attempt: Attempt, given: Iterable[Response]) -> Sprint | None:
    """What came of an attempt as a sprint, None where it is none."""
    if attempt.sprint_seconds is None:
        return None
    answers = [(each.answered_at, each.credit) for each in given]
    return sprint(attempt.started_at, attempt.sprint_seconds, answers)
