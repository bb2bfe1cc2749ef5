"""The first page, and a deck's own."""

from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from quizapp.db.queries.attempts import attempts_of, unfinished_attempts
from quizapp.db.queries.classes import tasks_of
from quizapp.db.queries.decks import (
    deck_on_offer,
    decks_on_offer,
    sources_on_offer,
    standings,
)
from quizapp.db.queries.held import decks_held_back
from quizapp.domain.tokens import token
from quizapp.extensions import db
from quizapp.web import ambient
from quizapp.web.learn import bp
from quizapp.web.learn.reviewing import agenda_of_viewer
from quizapp.web.learn.starting import StartForm
from quizapp.web.session import viewer

MOST_OPEN = 4
"""Open attempts that the first page offers to continue."""


@bp.get("/")
def home() -> ResponseReturnValue:
    account = viewer().account_id
    return render_template(
        "learn/home.html",
        decks=decks_on_offer(db.session(), ambient.now()),
        sources=sources_on_offer(db.session()),
        standings=standings(db.session(), account),
        unfinished=unfinished_attempts(db.session(), account, MOST_OPEN) if account else [],
        has_answered=bool(account and attempts_of(db.session(), account, 1)),
        plan=agenda_of_viewer(),
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
        shares=standings(db.session(), viewer().account_id).get(found.id, []),
        form=StartForm.fresh(decks=[slug]),
    )
