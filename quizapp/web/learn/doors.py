"""Access, settled once at the door: an attempt is its owner's, for others it does not exist."""

from flask import abort, redirect, url_for

from quizapp.db.models import Attempt, Deck
from quizapp.db.queries.attempts import ItemView, attempt_of, item_of
from quizapp.db.queries.decks import deck_on_offer
from quizapp.db.queries.held import decks_held_back
from quizapp.extensions import db, reader
from quizapp.web import ambient
from quizapp.web.session import remember_viewer, session_key, viewer


def own_item_or_404(public_id: str, position: int) -> ItemView:
    """The item of the viewer's own attempt; one statement settles who asks and what for."""
    key = session_key()
    if not key:
        abort(404)
    with reader().connect() as connection:
        item = item_of(connection, key, public_id, position)
    if item is None:
        abort(404)
    remember_viewer(item.viewer)
    return item


def own_attempt_or_404(public_id: str) -> Attempt:
    """The viewer's own attempt."""
    account = viewer().account_id
    attempt = attempt_of(db.session(), account, public_id) if account else None
    return attempt or abort(404)


def practised_deck(slug: str) -> Deck:
    """The deck, if it is for practice; one that is kept back for a while leads to its own page,
    which says so."""
    found = deck_on_offer(db.session(), slug) or abort(404)
    if found.id in decks_held_back(db.session(), ambient.now()):
        abort(redirect(url_for("learn.deck", slug=slug), 303))
    return found


def is_kept_back(item: ItemView) -> bool:
    """Whether graded work that is under way asks what this item asks: its key is a secret again,
    although the attempt was begun before or the item even answered."""
    if item.wanted_deck is None or (item.is_over and not item.given):
        return False
    return item.wanted_deck in decks_held_back(db.session(), ambient.now())
