"""Whose request this is. The cookie holds an account's session key and nothing else of it."""

from flask import (
    Flask,
    Request,
    Response,
    abort,
    after_this_request,
    g,
    redirect,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from itsdangerous import URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException

from quizapp.db.queries.accounts import Viewer, viewer_with_session_key
from quizapp.extensions import db
from quizapp.operations.accounts import become_guest
from quizapp.web import ambient

KEY = "key"
KEEPS = "keeps"
"""The cookie by which a script says that this browser keeps something for offline use."""

VISITOR = Viewer()


class SignInFirst(HTTPException):
    """Raised where a page is for accounts only; answered with a way to sign in."""

    code = 303

    def __init__(self) -> None:
        super().__init__(response=redirect(url_for("account.sign_in", next=here()), 303))


class CookieSessions(SecureCookieSessionInterface):
    """Flask's sessions, but a cookie that was verified is not verified again.

    A browser sends the same one with every request, and verifying it costs more than reading
    the question does (see `benchmarks/`).
    """

    MOST_KEPT = 4096

    def __init__(self) -> None:
        self._verified: dict[str, dict[str, str | bool]] = {}
        self._serializer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        if cookie in self._verified:
            return self.session_class(self._verified[cookie])
        opened = super().open_session(app, request)
        # Only what cannot be changed in place is kept: flashed messages are a list.
        if opened and all(isinstance(value, str | bool) for value in opened.values()):
            if len(self._verified) >= self.MOST_KEPT:
                self._verified.clear()
            self._verified[cookie] = dict(opened)
        return opened


def session_key() -> str | None:
    """The session key that the browser sent."""
    return session.get(KEY)


def viewer() -> Viewer:
    """The account behind this request, read at most once a request."""
    if "viewer" not in g:
        key = session_key()
        g.viewer = (viewer_with_session_key(db.session(), key) if key else None) or VISITOR
    return g.viewer


def remember_viewer(known: Viewer) -> None:
    """Take the viewer from a read that found it along with something else."""
    g.viewer = known


def viewer_or_new_guest() -> Viewer:
    """The account behind this request; a visitor becomes a guest."""
    if not viewer().is_known:
        # The token stays, so that a form open in another tab is still good after this.
        session[KEY] = become_guest(db.session(), ambient.random(), ambient.now())
        session.permanent = True
        g.pop("viewer", None)
    return viewer()


def registered_viewer() -> Viewer:
    """The signed-in account; others are sent to sign in."""
    if not viewer().is_registered:
        raise SignInFirst
    return viewer()


def known_viewer() -> Viewer:
    """The account behind this request, guest or not; visitors are sent to sign in."""
    if not viewer().is_known:
        raise SignInFirst
    return viewer()


def instructor_or_403() -> Viewer:
    """The signed-in instructor; visitors are sent to sign in, learners are refused."""
    if not registered_viewer().is_instructor:
        abort(403)
    return viewer()


def open_session(key: str) -> None:
    """Begin a session for the account with this key. All that the old one held is dropped, so
    that a cookie planted before signing in is worth nothing after."""
    session.clear()
    session[KEY] = key
    session.permanent = True
    g.pop("viewer", None)
    g.pop("csrf_token", None)


def close_session() -> None:
    """Forget whose browser this is, and let it forget what it kept for them."""
    session.clear()
    g.pop("viewer", None)
    g.pop("csrf_token", None)

    if KEEPS in request.cookies:
        after_this_request(_clear_browser)


def _clear_browser(response: Response) -> Response:
    response.headers["Clear-Site-Data"] = '"storage"'
    response.delete_cookie(KEEPS)
    return response


def here() -> str:
    """The page being looked at, to come back to after a form that any page may hold."""
    return request.full_path.rstrip("?") if request.method == "GET" else url_for("learn.home")


def safe_next(target: str | None) -> str | None:
    """`target` if it is a path of this site, else None: a link may not send people elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    return None if any(ord(c) < 33 or c == "\\" for c in target) else target


def go_on(fallback: str) -> ResponseReturnValue:
    """Redirect to the page that a form's `next` asks for, else to the fallback."""
    return redirect(safe_next(request.values.get("next")) or fallback, 303)
