"""Tokens that show a form came from one of our pages.

Flask-WTF makes and verifies them; here it is only kept from doing so again and again. Tokens do
not expire while the session lives, so signing and verifying the same one gives the same answer.
"""

from functools import lru_cache

from flask import current_app, g, request, session
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf, same_origin
from itsdangerous import URLSafeTimedSerializer

FIELD = "csrf_token"
SALT = "wtf-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def csrf_token() -> str:
    """The token for this session's forms."""
    if FIELD not in session:
        generate_csrf()  # which puts one there
    return _signed(current_app.config["SECRET_KEY"], session[FIELD])


@lru_cache(maxsize=8192)
def _signed(secret_key: str, raw: str) -> str:
    return URLSafeTimedSerializer(secret_key, salt=SALT).dumps(raw)


def _is_one_click() -> bool:
    """Whether a mail program stops reminders for its reader (RFC 8058): it has no session, and
    what it asks for is signed into the address."""
    is_asked = request.form.get("List-Unsubscribe") == "One-Click"
    return is_asked and request.endpoint == "learn.stop_reminders"


class FormProtection(CSRFProtect):
    """Flask-WTF's protection; a token verified for a session is not verified for it again."""

    MOST_KEPT = 8192

    def __init__(self) -> None:
        super().__init__()
        self._verified: set[tuple[str | None, str | None]] = set()

    def protect(self, apply_exemptions: bool = False) -> None:
        if request.method in SAFE or _is_one_click():
            return
        pair = (session.get(FIELD), request.form.get(FIELD))
        if pair in self._verified and self._comes_from_us():
            g.csrf_valid = True
            return
        super().protect(apply_exemptions)
        # Only a pair that was verified just now: a token may also come in a header.
        if g.get("csrf_valid") and all(pair):
            if len(self._verified) >= self.MOST_KEPT:
                self._verified.clear()
            self._verified.add(pair)

    def _comes_from_us(self) -> bool:
        """Over TLS the page must name itself as the sender, too, as in the slow way."""
        if not request.is_secure:
            return True
        sender = request.referrer
        return sender is not None and same_origin(sender, f"https://{request.host}/")
