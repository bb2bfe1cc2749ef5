"""A learner without a browser: keeps cookies, sends forms, follows nothing by itself."""

import re
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Reply:
    """What the server said."""

    status: int
    location: str
    body: str

    def hidden(self, name: str) -> str:
        """The value of a hidden field. Raises AssertionError where the page has none."""
        found = re.search(rf'name="{name}" value="([^"]+)"', self.body)
        assert found, f"no field {name} in:\n{self.body}"
        return found[1]


class Visitor:
    """One session on one connection. Raises OSError or HTTPException where the server is gone."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self._cookies: dict[str, str] = {}

    def at(self, port: int) -> "Visitor":
        """The same session on a connection of its own."""
        other = Visitor(port)
        other._cookies = dict(self._cookies)
        return other

    def get(self, path: str) -> Reply:
        return self._ask("GET", path, "")

    def post(self, path: str, **fields: str) -> Reply:
        return self._ask("POST", path, urlencode(fields))

    def hang_up(self) -> None:
        self._connection.close()

    def start(self, deck: str) -> tuple[str, str]:
        """Begin an attempt: its address, and the token that its forms carry."""
        page = self.get(f"/decks/{deck}")
        fields = {name: page.hidden(name) for name in ("csrf_token", "start_key")}
        reply = self.post("/attempts", decks=deck, **fields)
        assert reply.status == 303, reply.body
        attempt = reply.location.partition("/items/")[0]
        return attempt, self.get(reply.location).hidden("csrf_token")

    def _ask(self, method: str, path: str, body: str) -> Reply:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = FORM | ({"Cookie": cookies} if cookies else {})
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            text = response.read().decode()
        except BaseException:
            self._connection.close()
            raise
        for header in response.headers.get_all("Set-Cookie", []):
            self._cookies |= {name: made.value for name, made in SimpleCookie(header).items()}
        return Reply(response.status, response.headers.get("Location", ""), text)
