"""Error pages that say what happened and what to do next."""

import re

from flask import Flask, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    SecurityError,
    TooManyRequests,
)

from quizapp.web.session import VISITOR, SignInFirst, remember_viewer, viewer

WORDS: dict[int, tuple[str, str, str]] = {
    400: (
        "That request could not be read",
        "Something in it was not as this site expects.",
        "Go back, reload the page and try again.",
    ),
    403: (
        "That page is for instructors",
        "Your account can study and answer, but not manage questions.",
        "If you teach here, ask whoever runs this site for an instructor link.",
    ),
    404: (
        "There is nothing here",
        "The address may be mistyped, or the page belongs to another account.",
        "If it is your attempt, sign in with the account you answered with.",
    ),
    405: (
        "That cannot be done here",
        "This address does not take that kind of request.",
        "Go back and use the buttons on the page.",
    ),
    413: (
        "That is too large",
        "What was sent is larger than this site takes.",
        "Send less at a time.",
    ),
    429: (
        "Too many tries",
        "For everyone's safety, sign-in and sign-up are limited for a while.",
        "Wait and try again.",
    ),
    500: (
        "Something went wrong on our side",
        "It has been noted. Answers that were confirmed are kept.",
        "Reload the page; if it goes on, come back a little later.",
    ),
}

MAY_NEED_ACCOUNT = frozenset({400, 404})
"""What happens to people whose page belongs to an account they are signed out of."""

_SENT_TO = re.compile("/(response|skip|answers|check|submission)$")
"""The ends of addresses that forms are sent to, below the pages that hold them."""

CSRF_WORDS = (
    "That form had gone stale",
    (
        "It belonged to another session, perhaps from before you signed in or out in another tab. "
        "Nothing was changed."
    ),
    "Go back, reload the page and send it again.",
)

# A page is not possible here: under a host that is not ours no address can be made.
NOT_OUR_HOST = (
    "This site does not answer to that name. "
    "If you run it and the name is right, add it to QUIZAPP_TRUSTED_HOSTS.\n"
)
PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


def init_app(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(SignInFirst, lambda error: error.get_response())
    app.register_error_handler(CSRFError, lambda _error: _page(400, CSRF_WORDS))
    app.register_error_handler(SecurityError, lambda _error: (NOT_OUR_HOST, 400, PLAIN))
    app.register_error_handler(HTTPException, _http_error)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, InternalServerError) or error.code is None:
        remember_viewer(VISITOR)  # asking whose page it is could fail on the same fault
        return _page(500, WORDS[500])
    words = WORDS.get(error.code) or (error.name, error.description or "", "Go back and try again.")
    if isinstance(error, TooManyRequests) and isinstance(error.retry_after, int):
        minutes = -(-error.retry_after // 60)
        wait = ngettext("Try again in a minute.", "Try again in %(num)d minutes.", minutes)
        words = (*words[:2], wait)
    body, code = _page(error.code, words)
    kept = [(k, v) for k, v in error.get_headers() if k in {"Allow", "Retry-After"}]
    return body, code, kept


def _page(code: int, words: tuple[str, str, str]) -> tuple[str, int]:
    title, message, mend = words
    return render_template(
        "errors/error.html",
        code=code,
        title=title,
        message=message,
        mend=mend,
        sign_in=_sign_in_url() if code in MAY_NEED_ACCOUNT else None,
    ), code


def _sign_in_url() -> str | None:
    """Where to sign in to come back to what was asked for; None for who is signed in."""
    if viewer().is_registered:
        return None
    page = _SENT_TO.sub("", request.path)
    return url_for("account.sign_in", next=page)
