"""Starting an attempt: from one deck, from a mix, or again from what was missed."""

from typing import Any, Self

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, HiddenField, IntegerField, SelectMultipleField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from quizapp.db.queries.attempts import current_versions_of_items
from quizapp.db.queries.decks import (
    DeckSummary,
    current_version_ids,
    current_version_ids_on,
    decks_on_offer,
    passage_on_offer,
)
from quizapp.domain.marks import MISSED, UNANSWERED, positions
from quizapp.domain.tokens import token
from quizapp.extensions import db
from quizapp.operations.answering import NothingToAnswer, Start, start_practice
from quizapp.web import ambient
from quizapp.web.learn import bp
from quizapp.web.learn.doors import own_attempt_or_404
from quizapp.web.presenting import plain_stem
from quizapp.web.session import viewer_or_new_guest

HOW_MANY = "Give a number from 1 to 500, or leave it empty for all."
REVIEW = "Review: "
AGAIN = {"missed": MISSED, "skipped": UNANSWERED}


class KeyForm(Form):
    """What every start sends: `start_key` tells a double click from a second start."""

    start_key = HiddenField(validators=[InputRequired(), Length(min=8, max=64)])


class CountField(IntegerField):
    """A whole number, asked for in our own words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(HOW_MANY) from error


class StartForm(KeyForm):
    """Which decks, and how many of their questions."""

    decks = SelectMultipleField(
        "Decks",
        validators=[InputRequired("Choose at least one deck.")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    count = CountField(
        "Number of questions",
        validators=[
            Optional(),
            NumberRange(1, 500, HOW_MANY),
        ],
    )

    @classmethod
    def fresh(cls, decks: list[str] | None = None) -> Self:
        """An unsent form."""
        form = cls(data={"decks": decks or [], "start_key": token(ambient.random(), 128)})
        return form.offering(decks_on_offer(db.session(), ambient.now()))

    def offering(self, decks: list[DeckSummary]) -> Self:
        """The same form, choosing among these decks."""
        self.decks.choices = [(deck.slug, deck.title) for deck in decks]
        return self


class AgainForm(KeyForm):
    """Which questions of an attempt to answer again."""

    what = HiddenField(validators=[InputRequired()])


@bp.get("/mix")
def mix() -> ResponseReturnValue:
    decks = decks_on_offer(db.session(), ambient.now())
    form = StartForm.fresh(decks=[deck.slug for deck in decks])
    return render_template("learn/mix.html", decks=decks, form=form)


@bp.post("/attempts")
def start() -> ResponseReturnValue:
    decks = decks_on_offer(db.session(), ambient.now())
    form = StartForm(request.form).offering(decks)
    if not form.validate():
        return render_template("learn/mix.html", decks=decks, form=form), 422
    chosen = [deck for deck in decks if deck.slug in (form.decks.data or [])]
    return begin(
        Start(
            version_ids=current_version_ids(db.session(), [d.slug for d in chosen], ambient.now()),
            title=chosen[0].title if len(chosen) == 1 else f"Mix of {len(chosen)} decks",
            start_key=form.start_key.data or "",
            deck_id=chosen[0].id if len(chosen) == 1 else None,
            count=form.count.data,
        )
    )


@bp.post("/read/<source>/<passage>/attempts")
def start_on_passage(source: str, passage: str) -> ResponseReturnValue:
    found = passage_on_offer(db.session(), source, passage) or abort(404)
    form = KeyForm(request.form)
    if not form.validate():
        return redirect(url_for(".source", slug=source), 303)
    versions = current_version_ids_on(db.session(), found.id, ambient.now())
    return begin(Start(versions, plain_stem(found.heading), form.start_key.data or ""))


@bp.post("/attempts/<public_id>/again")
def start_again(public_id: str) -> ResponseReturnValue:
    attempt = own_attempt_or_404(public_id)
    form = AgainForm(request.form)
    wanted = AGAIN.get(form.what.data or "")
    if not form.validate() or wanted is None:
        return redirect(url_for(".result", public_id=public_id), 303)
    where = positions(attempt.marks, wanted)
    versions = current_versions_of_items(db.session(), attempt.id, where, ambient.now())
    return begin(Start(versions, _again(attempt.title), form.start_key.data or "", attempt.deck_id))


@bp.get("/attempts")
def start_anew() -> ResponseReturnValue:
    """Where a refused start form stood: loading it again leads to a fresh one."""
    return redirect(url_for(".mix"), 303)


def _again(title: str) -> str:
    return title if title.startswith(REVIEW) else REVIEW + title


def begin(start: Start) -> ResponseReturnValue:
    """Begin an attempt and lead to its first question; a visitor becomes a guest."""
    viewer = viewer_or_new_guest()
    try:
        public_id = start_practice(
            db.session(), viewer.account_id, start, ambient.random(), ambient.now()
        )
    except NothingToAnswer:
        return render_template("learn/nothing.html"), 409
    return redirect(url_for(".question", public_id=public_id, position=1), 303)
