"""What a learner's browser sends, made beforehand, and the plainest way to hand it to an app."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from random import Random
from typing import Any
from urllib.parse import urlencode

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from werkzeug.test import EnvironBuilder

from benchmarks.term import OpenAttempt
from quizapp.web.session import open_session

HOST = "127.0.0.1"
FORM = "application/x-www-form-urlencoded"
BROWSER_CODINGS = "gzip, br, zstd"


class WrongAnswer(Exception):
    """The app did something else than what was to be measured."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request: its path, cookie and form, and the content codings that the browser knows."""

    path: str
    cookie: str = ""
    body: bytes | None = None
    codings: str = ""

    @property
    def method(self) -> str:
        return "GET" if self.body is None else "POST"

    def environ(self) -> dict[str, Any]:
        """The request as WSGI has it."""
        builder = EnvironBuilder(
            path=self.path,
            base_url=f"http://{HOST}",
            method=self.method,
            headers=self._headers(),
            input_stream=BytesIO(self.body or b""),
        )
        if self.body is not None:
            builder.content_type = FORM
            builder.content_length = len(self.body)
        return builder.get_environ()

    def _headers(self) -> list[tuple[str, str]]:
        given = (("Cookie", self.cookie), ("Accept-Encoding", self.codings))
        return [(name, value) for name, value in given if value]

    def wire(self, connection: str = "keep-alive") -> bytes:
        """The request as HTTP/1.1 has it."""
        body = self.body or b""
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            f"Host: {HOST}",
            *(f"{name}: {value}" for name, value in self._headers()),
            f"Connection: {connection}",
            f"Content-Type: {FORM}",
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join([*lines, "", ""]).encode() + body


Ask = Callable[[], str]
"""Has an app answer one prepared request to the last byte, and returns the status."""


def by_wsgi(app: Flask, call: Call) -> Ask:
    """As a server calls an app, with nothing in between."""
    environ = call.environ()

    def ask() -> str:
        answered: list[str] = []

        def start_response(status: str, *_: object) -> Any:
            answered.append(status)

        response = app(environ, start_response)
        for _ in response:
            pass
        close = getattr(response, "close", None)
        if close:
            close()
        return answered[0]

    return ask


def by_test_client(app: Flask, call: Call) -> Ask:
    """As Flask's own tests do it: a client that builds the request and reads the response."""
    client = app.test_client(use_cookies=False)
    headers = {"Cookie": call.cookie}

    def ask() -> str:
        return client.open(
            call.path, method=call.method, headers=headers, data=call.body, content_type=FORM
        ).status

    return ask


class Browser:
    """Makes the calls of learners who are signed in."""

    def __init__(self, app: Flask, seed: int = 2) -> None:
        self._app = app
        self._random = Random(seed)

    def pages(self, attempts: Iterable[OpenAttempt]) -> Iterator[Call]:
        """Every question page, one learner after the other through their attempt: so one page
        in twelve is the first that its learner asks for, whenever one looks."""
        for attempt in attempts:
            cookie, _ = self._pass(attempt)
            for position in range(1, attempt.size + 1):
                yield Call(_path(attempt, position), cookie)

    def answers(self, attempts: list[OpenAttempt]) -> Iterator[Call]:
        """An answer to each question: everyone's first, then everyone's second, and so on."""
        passes = [self._pass(attempt) for attempt in attempts]
        for position in range(1, max(attempt.size for attempt in attempts) + 1):
            for attempt, (cookie, csrf_token) in zip(attempts, passes, strict=True):
                form = {
                    "csrf_token": csrf_token,
                    "elapsed_ms": self._random.randrange(2_000, 90_000),
                    "choice": self._random.randrange(3),
                    "certainty": self._random.randint(1, 3),
                }
                yield Call(f"{_path(attempt, position)}/response", cookie, urlencode(form).encode())

    def _pass(self, attempt: OpenAttempt) -> tuple[str, str]:
        """The cookie of the attempt's owner and a form token that goes with it."""
        with self._app.test_request_context():
            open_session(attempt.session_key)
            csrf_token = generate_csrf()
            interface: Any = self._app.session_interface
            signed = interface.get_signing_serializer(self._app).dumps(dict(session))
            return f"{self._app.config['SESSION_COOKIE_NAME']}={signed}", csrf_token


def _path(attempt: OpenAttempt, position: int) -> str:
    return f"/attempts/{attempt.public_id}/items/{position}"
