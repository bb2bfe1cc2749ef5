"""One question at a time: ask, take the answer, say why."""

from typing import Self

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import Form, IntegerField, SelectMultipleField
from wtforms.validators import NumberRange, Optional, ValidationError

from quizapp.db.queries.attempts import Given, ItemView
from quizapp.db.queries.versions import passages_of
from quizapp.domain.grading import verdict
from quizapp.domain.marks import Mark, next_open
from quizapp.extensions import db
from quizapp.operations.answering import Answer, Outcome, skip_item, submit_response
from quizapp.web import ambient
from quizapp.web.learn import bp
from quizapp.web.learn.asking import Refused, asking_page
from quizapp.web.learn.doors import own_item_or_404
from quizapp.web.presenting import asked, settled, shelf

DAY_MS = 24 * 3600 * 1000
NOTICES = {
    Outcome.ALREADY_ANSWERED: "You had answered this question already; your first answer stands.",
    Outcome.ATTEMPT_OVER: "This attempt had ended, so the answer was not counted.",
}


class ResponseForm(Form):
    """An answer as a browser sends it: choices by their place on the page, never by identity."""

    choice = SelectMultipleField(coerce=int, validate_choice=False)
    certainty = IntegerField(validators=[Optional(), NumberRange(1, 3)])
    elapsed_ms = IntegerField(validators=[Optional(), NumberRange(0, DAY_MS)])

    order: tuple[int, ...]
    is_multiple: bool

    @classmethod
    def for_item(cls, item: ItemView, sent: MultiDict[str, str] | None = None) -> Self:
        """The form of one item, holding what was sent."""
        form = cls(sent)
        form.order = item.order
        form.is_multiple = shelf().question(item.version_id).is_multiple
        return form

    def validate_choice(self, field: SelectMultipleField) -> None:
        picked = field.data or []
        if not picked:
            raise ValidationError("Choose an answer, or skip the question for now.")
        if any(not 0 <= place < len(self.order) for place in picked):
            raise ValidationError("That choice is not one of this question's. Choose again.")
        if len(set(picked)) > 1 and not self.is_multiple:
            raise ValidationError("This question takes one answer. Choose one.")

    @property
    def refused(self) -> Refused:
        """What was picked and what is wrong, each with the id of the control it is about."""
        problems = [
            ("choice-0" if name == "choice" else "", str(message))
            for name, messages in self.errors.items()
            for message in messages
        ]
        return Refused(picked=self.choice.data or [], problems=problems)

    @property
    def answer(self) -> Answer:
        """The answer in terms of the question. Call after validation."""
        return Answer(
            chosen=frozenset(self.order[place] for place in self.choice.data or []),
            certainty=self.certainty.data,
            elapsed_ms=self.elapsed_ms.data,
        )


@bp.get("/attempts/<public_id>/items/<int(max=9999):position>")
def question(public_id: str, position: int) -> ResponseReturnValue:
    item = own_item_or_404(public_id, position)
    if item.given:
        return _feedback(item, item.given)
    if item.is_over:
        return redirect(url_for(".result", public_id=public_id), 303)
    return asking_page(item)


@bp.post("/attempts/<public_id>/items/<int(max=9999):position>/response")
def respond(public_id: str, position: int) -> ResponseReturnValue:
    item = own_item_or_404(public_id, position)
    outcome = Outcome.ALREADY_ANSWERED
    if not item.given:
        form = ResponseForm.for_item(item, request.form)
        if not form.validate():
            return asking_page(item, form.refused), 422
        question = shelf().question(item.version_id)
        outcome = submit_response(db.engine, item, question, form.answer, ambient.now())
    if outcome in NOTICES:
        flash(NOTICES[outcome])
    return redirect(url_for(".question", public_id=public_id, position=position), 303)


@bp.post("/attempts/<public_id>/items/<int(max=9999):position>/skip")
def skip(public_id: str, position: int) -> ResponseReturnValue:
    item = own_item_or_404(public_id, position)
    skip_item(db.session(), item)
    return redirect(_url_of(item, _next_position(item)), 303)


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
    )


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
