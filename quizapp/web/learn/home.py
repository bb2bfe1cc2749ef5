"""The first page, and a deck's own."""

from datetime import datetime
from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from quizapp.db.queries.attempts import unfinished_attempts
from quizapp.db.queries.classes import tasks_of
from quizapp.db.queries.decks import (
    deck_on_offer,
    decks_on_offer,
    sources_on_offer,
)
from quizapp.db.queries.held import decks_held_back
from quizapp.db.queries.reviewing import study_of
from quizapp.domain.studying.mastery import Mastery
from quizapp.domain.tokens import token
from quizapp.extensions import db
from quizapp.operations.reviewing import take_in
from quizapp.web import ambient
from quizapp.web.learn import bp
from quizapp.web.learn.mastering import mastery_by_deck
from quizapp.web.learn.reviewing import agenda_of_viewer
from quizapp.web.learn.starting import StartForm
from quizapp.web.session import viewer

MOST_OPEN = 4
"""Open attempts that the first page offers to continue."""


@bp.get("/")
def home() -> ResponseReturnValue:
    account, plan = viewer().account_id, agenda_of_viewer()
    return render_template(
        "learn/home.html",
        decks=decks_on_offer(db.session(), ambient.now()),
        sources=sources_on_offer(db.session()),
        mastered=mastery_by_deck(account, plan.study, ambient.now()) if plan and plan.known else {},
        unfinished=unfinished_attempts(db.session(), account, MOST_OPEN) if account else [],
        has_answered=bool(plan and plan.known),
        plan=plan,
        start_key=token(ambient.random(), 128),
        **_classwork(account),
    )


def _classwork(account: int) -> dict[str, Any]:
    """What the account's classes have for it to do now."""
    now = ambient.now()
    tasks = tasks_of(db.session(), account) if account else []
    return {"tasks": [task for task in tasks if task.is_to_do(now)], "now": now}


@bp.get("/decks/<slug>")
def deck(slug: str) -> ResponseReturnValue:
    found = deck_on_offer(db.session(), slug) or abort(404)
    held = decks_held_back(db.session(), now := ambient.now())
    if found.id in held:
        return render_template("learn/deck_held.html", deck=found, until=held[found.id])
    others = decks_on_offer(db.session(), now)
    summary = next((d for d in others if d.id == found.id), None) or abort(404)
    return render_template(
        "learn/deck.html",
        deck=found,
        summary=summary,
        mastered=_mastered(found.id, viewer().account_id, now),
        form=StartForm.fresh(decks=[slug]),
    )


def _mastered(deck: int, account: int, now: datetime) -> Mastery | None:
    """An account's mastery of a deck, None where it has answered nothing of it."""
    if not account:
        return None
    take_in(db.session(), account, now)
    return mastery_by_deck(account, study_of(db.session(), account), now).get(deck)
