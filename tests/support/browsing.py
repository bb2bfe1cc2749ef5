"""A browser without JavaScript: it keeps cookies, reads pages and sends the forms it finds."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.cast import Person

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_TAG = re.compile(r"<[^>]+>")
_CHOICE = re.compile(
    r'<label class="choice"><input type="(?:radio|checkbox)" name="choice" id="choice-\d+" '
    r'value="(\d+)"[^>]*>.*?<span>([^<]+)</span></label>'
)


class Browser:
    """One person's browser on one app; `https` as it is behind a TLS proxy."""

    def __init__(self, app: Flask, person: Person | None = None, https: bool = False) -> None:
        self.client = app.test_client()
        self._base = "https://localhost" if https else "http://localhost"
        if person is not None:
            with self.client.session_transaction() as session:
                session["key"] = person.session_key

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, base_url=self._base, **options)

    def post(
        self, path: str, form: Mapping[str, Any] | None = None, **options: Any
    ) -> TestResponse:
        """Send a form with the token that the site's pages hold at this moment."""
        data = {"csrf_token": self.token(), **(form or {})}
        headers = {"Referer": self._base + path, **options.pop("headers", {})}
        return self.client.post(path, data=data, base_url=self._base, headers=headers, **options)

    def token(self) -> str:
        """The token against forged requests, as any page has it."""
        return token_in(self.get("/sign-in"))

    def start(self, *decks: str, count: str = "", start_key: str = "a-start-key") -> str:
        """Start practising (the rivers if no deck is named): the attempt's address."""
        form = {"decks": list(decks) or ["rivers"], "count": count, "start_key": start_key}
        response = self.post("/attempts", form)
        assert response.status_code == 303, response.text
        return response.location.removesuffix("/items/1")

    def answer(self, item: str, *texts: str, **more: str) -> TestResponse:
        """Pick the choices with these texts on an item's page and send it."""
        offered = choices_in(self.get(item))
        places = [place for place, text in offered if text in texts]
        assert len(places) == len(texts), offered
        return self.post(f"{item}/response", {"choice": places, **more})


def token_in(page: TestResponse) -> str:
    """The token in a page's forms."""
    found = _TOKEN.search(page.text)
    assert found is not None, page.text
    return found[1]


def choices_in(page: TestResponse) -> list[tuple[str, str]]:
    """The choices on a question page: the value each sends, and its text."""
    return [(value, unescape(text)) for value, text in _CHOICE.findall(page.text)]


def _text(html: str) -> str:
    return unescape(_TAG.sub("", html))


def title_of(page: TestResponse) -> str:
    """The page's title."""
    found = re.search(r"<title>(.*?)</title>", page.text, re.DOTALL)
    assert found is not None, page.text
    return _text(found[1])


def stem_of(page: TestResponse) -> str:
    """The question that a page asks or has asked."""
    found = re.search(r'class="stem"[^>]*>(.*?)</(?:legend|h2)>', page.text, re.DOTALL)
    assert found is not None, page.text
    return _text(found[1])
