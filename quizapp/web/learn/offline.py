"""Studying without a network: what is taken along, and what comes back.

The page itself is the same for everybody, since browsers keep it; what is kept beside it is kept
under a tag of the account.
"""

import hashlib
import hmac
from typing import Any

from flask import abort, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from quizapp.db.models import Deck
from quizapp.db.queries.accounts import Viewer
from quizapp.db.queries.decks import deck_on_offer
from quizapp.db.queries.held import decks_held_back
from quizapp.db.queries.offline import decks_to_keep, questions_of_decks
from quizapp.extensions import db
from quizapp.operations.offline import DayAhead, reviews_ahead, take_answers
from quizapp.web import ambient
from quizapp.web.csrf import csrf_token
from quizapp.web.learn import bp
from quizapp.web.learn.keeping import kept_deck
from quizapp.web.learn.sending import MOST_DECKS, WORDS, Batch
from quizapp.web.session import viewer, viewer_or_new_guest

SOMEBODY = Viewer(-1, "Account")
"""Whose page it is, as far as a page that is kept in a browser says."""


@bp.get("/offline")
def offline() -> ResponseReturnValue:
    return render_template("learn/offline.html", viewer=SOMEBODY)


@bp.get("/decks/<slug>/offline")
def deck_to_keep(slug: str) -> ResponseReturnValue:
    return jsonify(kept_deck(_deck_or_404(slug)))


@bp.get("/offline/reviews")
def reviews_to_keep() -> ResponseReturnValue:
    """What is due in the coming days in the decks that the browser keeps."""
    names = questions_of_decks(db.session(), request.args.getlist("deck")[:MOST_DECKS])
    account, now = viewer().account_id, ambient.now()
    days, asks_certainty = reviews_ahead(db.session(), account, names, now)
    return jsonify(asks_certainty=asks_certainty, days=[_day(day, names) for day in days])


@bp.get("/offline/account")
def account() -> ResponseReturnValue:
    return _account()


@bp.post("/offline/account")
def begin_account() -> ResponseReturnValue:
    """For who takes a deck along without having answered anything: a visitor becomes a guest."""
    viewer_or_new_guest()
    return _account()


@bp.post("/offline/answers")
def arrive() -> ResponseReturnValue:
    if not viewer().is_known:
        return jsonify(error="signed out"), 401
    batch = Batch.read(request.get_json(silent=True))
    if batch is None:
        return jsonify(error="no list of answers"), 422
    if batch.tag != _tag():
        return jsonify(error="another account"), 409
    return jsonify(_take(batch))


def _take(batch: Batch) -> dict[str, Any]:
    """What became of each answer, by its key."""
    outcomes = dict.fromkeys(batch.refused, "unfit")
    for session, answers in batch.runs():
        taken = take_answers(
            db.session(),
            viewer().account_id,
            session,
            [answer for _, answer in answers],
            ambient.random(),
            ambient.now(),
        )
        outcomes |= {key: o.value for (key, _), o in zip(answers, taken, strict=True)}
    refused = {key: WORDS[outcome] for key, outcome in outcomes.items() if outcome in WORDS}
    return {"outcomes": outcomes, "refused": refused}


def _account() -> ResponseReturnValue:
    """Whose browser this is, and of which decks it may hold the keys just now."""
    decks = decks_to_keep(db.session())
    held = decks_held_back(db.session(), ambient.now()) if decks else {}
    return jsonify(
        tag=_tag(),
        token=csrf_token(),
        offered=[slug for deck_id, slug in decks.items() if deck_id not in held],
        kept_back=[slug for deck_id, slug in decks.items() if deck_id in held],
    )


def _tag() -> str | None:
    """What tells apart in a browser whose data are whose, and nothing else; None for a visitor."""
    if not viewer().is_known:
        return None
    secret = str(current_app.config["SECRET_KEY"]).encode()
    digest = hmac.digest(secret, f"offline {viewer().account_id}".encode(), hashlib.sha256)
    return digest.hex()[:32]


def _deck_or_404(slug: str) -> Deck:
    deck = deck_on_offer(db.session(), slug)
    if deck is None or not deck.is_offline:
        abort(404)
    return deck if deck.id not in decks_held_back(db.session(), ambient.now()) else abort(404)


def _day(day: DayAhead, names: dict[int, str]) -> dict[str, Any]:
    return {
        "until": day.until.isoformat(),
        "questions": [{"name": names[q], "due": due.isoformat()} for q, due in day.questions],
    }
