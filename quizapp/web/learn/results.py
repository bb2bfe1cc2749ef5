"""What came of an attempt."""

from collections.abc import Sequence

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.db.models import Attempt, Item, Response
from quizapp.db.queries.attempts import items_with_responses, shares_by_passage
from quizapp.db.queries.held import items_held_back
from quizapp.domain.certainty import right_when_certain
from quizapp.domain.marks import next_open, tally
from quizapp.domain.tokens import token
from quizapp.extensions import db
from quizapp.operations.answering import end_attempt
from quizapp.web import ambient
from quizapp.web.learn import bp
from quizapp.web.learn.doors import own_attempt_or_404
from quizapp.web.learn.sprinting import sprint_of
from quizapp.web.presenting import ResultLine, bar_of, result_line


@bp.get("/attempts/<public_id>")
def attempt(public_id: str) -> ResponseReturnValue:
    found = own_attempt_or_404(public_id)
    position = next_open(found.marks)
    if found.ended_at or position is None:
        return redirect(url_for(".result", public_id=public_id), 303)
    return redirect(url_for(".question", public_id=public_id, position=position), 303)


@bp.get("/attempts/<public_id>/result")
def result(public_id: str) -> ResponseReturnValue:
    found = own_attempt_or_404(public_id)
    rows = items_with_responses(db.session(), found.id)
    given = [response for _, response in rows if response is not None]
    return render_template(
        "learn/result.html",
        attempt=found,
        tally=tally(found.marks),
        lines=_lines(found, rows),
        sprint=sprint_of(found, given),
        shares=[bar_of(share) for share in shares_by_passage(db.session(), found.id)],
        certain=right_when_certain((each.certainty, each.credit) for each in given),
        start_key=token(ambient.random(), 128),
    )


@bp.post("/attempts/<public_id>/end")
def end(public_id: str) -> ResponseReturnValue:
    end_attempt(db.session(), own_attempt_or_404(public_id).id, ambient.now())
    return redirect(url_for(".result", public_id=public_id), 303)


def _lines(found: Attempt, rows: Sequence[tuple[Item, Response | None]]) -> list[ResultLine]:
    """An attempt's items in order; of what graded work keeps back not what was answered."""
    secret = items_held_back(db.session(), found.id, ambient.now())
    return [
        result_line(item, None if item.id in secret else response, found.marks)
        for item, response in rows
    ]
