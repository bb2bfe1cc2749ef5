"""The first page, and a deck's own."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from quizapp.db.queries.attempts import attempts_of, unfinished_attempts
from quizapp.db.queries.decks import (
    deck_on_offer,
    decks_on_offer,
    sources_on_offer,
    standings,
)
from quizapp.extensions import db
from quizapp.web.learn import bp
from quizapp.web.learn.starting import StartForm
from quizapp.web.session import viewer

MOST_OPEN = 4
"""Open attempts that the first page offers to continue."""


@bp.get("/")
def home() -> ResponseReturnValue:
    account = viewer().account_id
    return render_template(
        "learn/home.html",
        decks=decks_on_offer(db.session()),
        sources=sources_on_offer(db.session()),
        standings=standings(db.session(), account),
        unfinished=unfinished_attempts(db.session(), account, MOST_OPEN) if account else [],
        has_answered=bool(account and attempts_of(db.session(), account, 1)),
    )


@bp.get("/decks/<slug>")
def deck(slug: str) -> ResponseReturnValue:
    found = deck_on_offer(db.session(), slug) or abort(404)
    others = decks_on_offer(db.session())
    summary = next((d for d in others if d.id == found.id), None) or abort(404)
    return render_template(
        "learn/deck.html",
        deck=found,
        summary=summary,
        shares=standings(db.session(), viewer().account_id).get(found.id, []),
        form=StartForm.fresh(decks=[slug]),
    )
