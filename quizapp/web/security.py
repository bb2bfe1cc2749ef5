"""Headers of every response, and which hosts and proxies are believed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Flask, abort, request
from werkzeug.middleware.proxy_fix import ProxyFix

from quizapp.config import Settings
from quizapp.web.csrf import SAFE

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)

PRIVATE = ("Cache-Control", "no-store")


def init_app(app: Flask, settings: Settings) -> None:
    """Set cookies, hosts, proxies and headers as the settings say."""
    app.config.update(
        # The prefix makes browsers refuse the cookie from anywhere but this very host by TLS.
        SESSION_COOKIE_NAME="__Host-quizapp" if settings.behind_tls else "quizapp",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.behind_tls,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=400 * 24 * 3600,
        MAX_CONTENT_LENGTH=settings.max_content_length,
        MAX_FORM_MEMORY_SIZE=settings.max_content_length,
        TRUSTED_HOSTS=settings.hosts,
        # A page left open over night must still take its answer; the session ends the token.
        WTF_CSRF_TIME_LIMIT=None,
    )
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    headers = list(HEADERS)
    if settings.behind_tls:
        headers.append(("Strict-Transport-Security", "max-age=31536000"))
    app.wsgi_app = _WithHeaders(app.wsgi_app, headers)

    @app.before_request
    def refuse_nul() -> None:
        """PostgreSQL takes no NUL in any text, and no browser sends one by itself."""
        addressed = "\0" in request.path or b"%00" in request.query_string
        # Nobody reads a form that came with a GET, and looking for one costs as much as a read.
        sent = [] if request.method in SAFE else request.form.items(multi=True)
        if addressed or any("\0" in value for _, value in sent):
            abort(400)


class _WithHeaders:
    """Adds the fixed headers outside Flask, so that no response can do without them, and keeps
    private what does not say itself how long it may be kept."""

    def __init__(self, app: WSGIApplication, headers: list[tuple[str, str]]) -> None:
        self._app = app
        self._headers = headers

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(
            status: str, headers: list[tuple[str, str]], exc_info: OptExcInfo | None = None
        ) -> Callable[[bytes], object]:
            is_settled = any(name.lower() == "cache-control" for name, _ in headers)
            more = self._headers if is_settled else [*self._headers, PRIVATE]
            return start_response(status, headers + more, exc_info)

        return self._app(environ, start)
