"""Deciding at once about the marks of all questions of a deck that is no longer on offer."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.db.models import Assignment
from quizapp.db.queries.regrades import (
    AskedVersion,
    asked_versions,
    regrades_in_force,
    regrades_offered,
)
from quizapp.domain.graded.policy import Policy
from quizapp.extensions import db
from quizapp.operations import regrading as operations
from quizapp.operations.regrading import Plan, Preview
from quizapp.web import ambient
from quizapp.web.session import viewer
from quizapp.web.teach import bp
from quizapp.web.teach.doors import taught_assignment_or_404
from quizapp.web.teach.marking_forms import DeckRegradeForm
from quizapp.web.teach.regrading import OVERTAKEN, REGRADES, WORDS

DECKS = f"{REGRADES}/decks/<deck>"


@bp.get(DECKS)
def new_deck_regrade(public_id: str, deck: str) -> ResponseReturnValue:
    assignment = taught_assignment_or_404(public_id)
    asked, undecided = _asked_or_404(assignment, deck), _undecided(assignment, deck)
    if not undecided:
        flash("About the marks of this deck nothing is left to decide.")
        return redirect(url_for(".regrades", public_id=public_id))
    form = DeckRegradeForm(data={"versions": sorted(undecided)})
    form.offer(asked)
    return _page(assignment, asked, form)


@bp.post(f"{DECKS}/preview")
def preview_deck_regrade(public_id: str, deck: str) -> ResponseReturnValue:
    assignment = taught_assignment_or_404(public_id)
    asked, form = _sent(assignment, deck)
    if not form.validate():
        return _page(assignment, asked, form), 422
    return _page(assignment, asked, form, _preview(assignment, form))


@bp.post(DECKS)
def apply_deck_regrade(public_id: str, deck: str) -> ResponseReturnValue:
    assignment = taught_assignment_or_404(public_id)
    asked, form = _sent(assignment, deck)
    if not form.validate():
        return _page(assignment, asked, form), 422
    plan, why, digest = _plan(assignment, form), form.reason.data or "", form.digest.data or ""
    try:
        operations.apply(db.session(), viewer().account_id, plan, why, digest, ambient.now())
    except operations.ChangedMeanwhile:
        flash(OVERTAKEN, "warning")
        return _page(assignment, asked, form, _preview(assignment, form)), 409
    flash("It is decided for the whole deck, and can be undone below.", "success")
    return redirect(url_for(".regrades", public_id=public_id), 303)


def _sent(assignment: Assignment, deck: str) -> tuple[list[AskedVersion], DeckRegradeForm]:
    asked, form = _asked_or_404(assignment, deck), DeckRegradeForm(request.form)
    form.offer(asked)
    return asked, form


def _asked_or_404(assignment: Assignment, deck: str) -> list[AskedVersion]:
    """What was asked of a deck, as long as it is no longer on offer."""
    asked = asked_versions(db.session(), assignment.id)
    return [each for each in asked if each.deck == deck and each.retired_at] or abort(404)


def _undecided(assignment: Assignment, deck: str) -> set[int]:
    """The versions about which nobody has decided since the deck was retired."""
    offers = regrades_offered(db.session(), [assignment.class_id])
    return {
        offer.version_id
        for offer in offers
        if (offer.assignment, offer.deck, offer.reason) == (assignment.public_id, deck, "deck")
    }


def _plan(assignment: Assignment, form: DeckRegradeForm) -> Plan:
    first, *others = sorted(form.versions.data or [])
    return Plan(assignment.id, first, form.wanted, along=frozenset(others))


def _preview(assignment: Assignment, form: DeckRegradeForm) -> Preview:
    policy = Policy.from_dict(assignment.policy)
    return operations.preview(db.session(), policy, _plan(assignment, form))


def _page(
    assignment: Assignment,
    asked: list[AskedVersion],
    form: DeckRegradeForm,
    preview: Preview | None = None,
) -> str:
    chosen = form.versions.data or []
    return render_template(
        "teach/regrade_deck.html",
        assignment=assignment,
        school_class=assignment.school_class,
        deck=asked[0].deck,
        deck_title=asked[0].deck_title,
        versions=chosen,
        asked={str(each.version_id): each for each in asked},
        replaced=len(regrades_in_force(db.session(), assignment.id, chosen)),
        form=form,
        preview=preview,
        words=WORDS,
    )
