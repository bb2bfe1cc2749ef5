"""Spaced review: what is due, a review of it, and what a learner decides about a question."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from wtforms import BooleanField, HiddenField

from quizapp.db.queries.attempts import ItemView
from quizapp.db.queries.reviewing import cards_set_aside, question_set_aside, stems_of
from quizapp.domain.tokens import token
from quizapp.extensions import db
from quizapp.operations import reviewing
from quizapp.operations.answering import NothingToAnswer
from quizapp.operations.review_sessions import (
    Agenda,
    Undone,
    agenda,
    start_review,
    undo_response,
)
from quizapp.operations.studying import note_zone
from quizapp.web import ambient
from quizapp.web.learn import bp
from quizapp.web.learn.answering import next_url
from quizapp.web.learn.doors import own_item_or_404
from quizapp.web.learn.starting import KeyForm
from quizapp.web.session import known_viewer, viewer
from quizapp.web.zones import zone_names

UNDONE = {
    Undone.TAKEN_BACK: "Your answer was taken back. Answer again.",
    Undone.TOO_LATE: "Only the newest answer of a review can be taken back, within an hour.",
}
NOT_YET = "Answer the question first. Only one you have answered can be put off."


class ReviewForm(KeyForm):
    """The start of a review: `is_extra` beyond today's limit, `zone` where the browser tells it."""

    is_extra = BooleanField()
    zone = HiddenField()


@bp.get("/review")
def review() -> ResponseReturnValue:
    plan = agenda_of_viewer()
    key = token(ambient.random(), 128)
    return render_template("learn/review.html", plan=plan, start_key=key)


def agenda_of_viewer() -> Agenda | None:
    """What the viewer has to review, None for a visitor."""
    account = viewer().account_id
    return agenda(db.session(), account, ambient.now()) if account else None


@bp.post("/reviews")
def begin_review() -> ResponseReturnValue:
    account, now = known_viewer().account_id, ambient.now()
    form = ReviewForm(request.form)
    if not form.validate():
        return redirect(url_for(".review"), 303)
    if form.zone.data in zone_names():
        note_zone(db.session(), account, form.zone.data, now)
    key, is_extra = form.start_key.data or "", bool(form.is_extra.data)
    try:
        public_id = start_review(
            db.session(), account, key, ambient.random(), now, is_extra=is_extra
        )
    except NothingToAnswer:
        return redirect(url_for(".review"), 303)
    return redirect(url_for(".attempt", public_id=public_id), 303)


@bp.post("/attempts/<public_id>/items/<int(max=9999):position>/undo")
def undo(public_id: str, position: int) -> ResponseReturnValue:
    item = own_item_or_404(public_id, position)
    outcome = undo_response(db.session(), item, ambient.now())
    if outcome in UNDONE:
        flash(UNDONE[outcome])
    return redirect(_url_of(item), 303)


@bp.post("/attempts/<public_id>/items/<int(max=9999):position>/suspend")
def suspend(public_id: str, position: int) -> ResponseReturnValue:
    item = own_item_or_404(public_id, position)
    done = reviewing.suspend(db.session(), item, ambient.now())
    return _put_off(item, "That question is not asked again until you resume it.", done)


@bp.post("/attempts/<public_id>/items/<int(max=9999):position>/bury")
def bury(public_id: str, position: int) -> ResponseReturnValue:
    item = own_item_or_404(public_id, position)
    done = reviewing.bury(db.session(), item, ambient.now())
    return _put_off(item, "That question is not asked before tomorrow.", done)


@bp.post("/attempts/<public_id>/items/<int(max=9999):position>/resume")
def resume_item(public_id: str, position: int) -> ResponseReturnValue:
    item = own_item_or_404(public_id, position)
    reviewing.resume_item(db.session(), item)
    flash("The question is asked again when it is due.")
    return redirect(_url_of(item), 303)


@bp.get("/review/set-aside")
def set_aside() -> ResponseReturnValue:
    account, now = known_viewer().account_id, ambient.now()
    reviewing.take_in(db.session(), account, now)
    cards = cards_set_aside(db.session(), account, now)
    stems = stems_of(db.session(), [card.question_id for card in cards])
    return render_template("learn/set_aside.html", cards=cards, stems=stems)


@bp.post("/review/set-aside/<deck>/<slug>/resume")
def resume(deck: str, slug: str) -> ResponseReturnValue:
    account = known_viewer().account_id
    question = question_set_aside(db.session(), account, deck, slug) or abort(404)
    reviewing.resume(db.session(), account, question)
    flash("The question is asked again when it is due.")
    return redirect(url_for(".set_aside"), 303)


def _put_off(item: ItemView, said: str, done: bool) -> ResponseReturnValue:
    """On to the next question, with a way back from what was done to this one."""
    if not done:
        flash(NOT_YET)
        return redirect(_url_of(item), 303)
    html = render_template("learn/put_off.html", said=said, item=item)
    flash(Markup(html))  # noqa: S704  # a template's output
    return redirect(next_url(item), 303)


def _url_of(item: ItemView) -> str:
    return url_for("learn.question", public_id=item.public_id, position=item.position)
