"""One question at a time: ask, take the answer, say why."""

from dataclasses import dataclass
from typing import Self

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from quizapp.db.queries.attempts import Given, ItemView
from quizapp.db.queries.versions import passages_of
from quizapp.domain.grading import verdict
from quizapp.domain.marks import Mark, next_open
from quizapp.extensions import db
from quizapp.operations.answering import Answer, Outcome, skip_item, submit_response
from quizapp.web import ambient
from quizapp.web.learn import bp
from quizapp.web.learn.asking import Refused, asking_page
from quizapp.web.learn.doors import is_kept_back, own_item_or_404
from quizapp.web.learn.remembering import recall
from quizapp.web.learn.sprinting import sprint_clock
from quizapp.web.presenting import asked, settled, shelf

DAY_MS = 24 * 3600 * 1000
NOTICES = {
    Outcome.ALREADY_ANSWERED: "You had answered this question already; your first answer stands.",
    Outcome.ATTEMPT_OVER: "This attempt had ended, so the answer was not counted.",
}


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """An answer as a browser sends it: choices by their place on the page, never by identity.

    Read by hand and not by a form class, which would cost as much as keeping the answer.
    """

    picked: list[int]
    certainty: int | None
    elapsed_ms: int | None

    @classmethod
    def read(cls, sent: MultiDict[str, str]) -> Self:
        """What was sent; a certainty or a time that makes no sense is left out."""
        return cls(
            picked=sent.getlist("choice", type=int),
            certainty=_within(1, sent.get("certainty", type=int), 3),
            elapsed_ms=_within(0, sent.get("elapsed_ms", type=int), DAY_MS),
        )

    def problem(self, places: int, *, is_multiple: bool) -> str | None:
        """Why this is no answer to a question with so many choices, None where it is one."""
        if not self.picked:
            return "Choose an answer, or skip the question for now."
        if any(not 0 <= place < places for place in self.picked):
            return "That choice is not one of this question's. Choose again."
        if len(set(self.picked)) > 1 and not is_multiple:
            return "This question takes one answer. Choose one."
        return None

    def answer(self, order: tuple[int, ...]) -> Answer:
        """The answer in terms of the question whose choices were shown in this order."""
        chosen = frozenset(order[place] for place in self.picked)
        return Answer(chosen, self.certainty, self.elapsed_ms)


def _within(least: int, value: int | None, most: int) -> int | None:
    return value if value is not None and least <= value <= most else None


@bp.get("/attempts/<public_id>/items/<int(max=9999):position>")
def question(public_id: str, position: int) -> ResponseReturnValue:
    item = own_item_or_404(public_id, position)
    if is_kept_back(item):
        return render_template("learn/question_held.html", item=item)
    if item.given:
        return _feedback(item, item.given)
    if item.is_over:
        return redirect(url_for(".result", public_id=public_id), 303)
    return asking_page(item)


@bp.post("/attempts/<public_id>/items/<int(max=9999):position>/response")
def respond(public_id: str, position: int) -> ResponseReturnValue:
    item = own_item_or_404(public_id, position)
    here = Response(status=303, headers={"Location": request.path.removesuffix("/response")})
    if is_kept_back(item):
        return here
    outcome = Outcome.ALREADY_ANSWERED
    if not item.given:
        question = shelf().question(item.version_id)
        sent = SentAnswer.read(request.form)
        if problem := sent.problem(len(item.order), is_multiple=question.is_multiple):
            return asking_page(item, Refused(sent.picked, problem)), 422
        outcome = submit_response(db.engine, item, question, sent.answer(item.order), ambient.now())
    if outcome in NOTICES:
        flash(NOTICES[outcome])
    return here


@bp.post("/attempts/<public_id>/items/<int(max=9999):position>/skip")
def skip(public_id: str, position: int) -> ResponseReturnValue:
    item = own_item_or_404(public_id, position)
    skip_item(db.session(), item)
    return redirect(next_url(item), 303)


def _feedback(item: ItemView, given: Given) -> str:
    question = shelf().question(item.version_id)
    shown = asked(item.version_id, item.order)
    next_position = _next_position(item)
    return render_template(
        "learn/feedback.html",
        item=item,
        question=question,
        stem=shown.stem,
        context=shown.context,
        given=given,
        verdict=verdict(given.credit),
        choices=settled(question, item.order, given.chosen),
        passages=passages_of(db.session(), item.version_id),
        next_url=_url_of(item, next_position),
        is_last=next_position is None,
        recall=recall(item, question, given) if item.is_review else None,
        sprint=sprint_clock(item) if item.sprint_seconds else "",
    )


def next_url(item: ItemView) -> str:
    """Where to go from an item: the next question, or the result."""
    return _url_of(item, _next_position(item))


def _next_position(item: ItemView) -> int | None:
    """The next question nobody has dealt with; None where only the result is left to see."""
    if item.is_over:
        return None
    marks = item.marks[: item.position - 1] + Mark.SKIPPED + item.marks[item.position :]
    return next_open(marks, after=item.position)


def _url_of(item: ItemView, position: int | None) -> str:
    if position is None:
        return url_for("learn.result", public_id=item.public_id)
    return url_for("learn.question", public_id=item.public_id, position=position)
