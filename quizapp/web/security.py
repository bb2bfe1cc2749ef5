"""Headers of every response, and which hosts and proxies are believed."""

from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix

from quizapp.config import Settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
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


def init_app(app: Flask, settings: Settings) -> None:
    """Set cookies, hosts, proxies and headers as the settings say."""
    app.config.update(
        SESSION_COOKIE_NAME="quizapp",
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
    headers = HEADERS
    if settings.behind_tls:
        headers = (*headers, ("Strict-Transport-Security", "max-age=31536000"))
    pages_are_private = ("Cache-Control", "no-store")

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.extend(headers)
        if "Cache-Control" not in response.headers:
            response.headers.add(*pages_are_private)
        return response
