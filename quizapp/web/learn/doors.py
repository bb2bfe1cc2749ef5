"""Access, settled once at the door: an attempt is its owner's, for others it does not exist."""

from flask import abort

from quizapp.db.models import Attempt
from quizapp.db.queries.attempts import ItemView, attempt_of, item_of
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


def is_kept_back(item: ItemView) -> bool:
    """Whether graded work that is under way asks what this open item asks: its key is a secret
    again, although the attempt was begun before."""
    if item.wanted_deck is None or item.given or item.is_over:
        return False
    return item.wanted_deck in decks_held_back(db.session(), ambient.now())
