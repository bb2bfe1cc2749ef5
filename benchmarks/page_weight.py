"""What a browser fetches to show a question, and what it fetches again for the pages after."""

import re
import socket
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from urllib.parse import urljoin

from flask import Flask

from benchmarks.calls import BROWSER_CODINGS, HOST, Browser, Call
from benchmarks.figures import Bounds, Figure, figure
from benchmarks.term import OpenAttempt

FIRST_VISIT = Bounds(must=60.0)
FOLLOWING = Bounds(must=2.0)
FETCHED_RELATIONS = {"stylesheet", "icon", "apple-touch-icon", "modulepreload", "preload"}


@dataclass(frozen=True, slots=True)
class Answered:
    """A response: its bytes on the wire, headers included, and what they say."""

    wire: int
    head: str
    body: bytes

    @property
    def is_kept(self) -> bool:
        """Whether a browser uses it again without asking."""
        return "immutable" in self.head.lower()

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        found = re.search(r"^location:\s*(\S+)", self.head, re.IGNORECASE | re.MULTILINE)
        return found[1] if found else ""


def figures(port: int, app: Flask, attempt: OpenAttempt) -> list[Figure]:
    """Kilobytes of the first visit to a question, and requests of each page after it."""
    answer = next(Browser(app).answers([attempt]))
    asked = replace(answer, path=answer.path.removesuffix("/response"), body=None)
    first = visit(port, asked)
    kept = {path for path, answered in first.items() if answered.is_kept}
    sent = fetch(port, answer)
    told = replace(asked, path=sent.location)
    following = replace(asked, path=_next_of(asked.path))
    requests = [
        1 + len(visit(port, told).keys() - kept),  # the answer, and the page it leads to
        len(visit(port, following).keys() - kept),
    ]
    kilobytes = sum(answered.wire for answered in first.values()) / 1e3
    files = f"{len(first)} files"
    return [
        figure("first visit to a question, on the wire", "kB", [kilobytes], FIRST_VISIT, files),
        figure("requests of a following page", "", [float(max(requests))], FOLLOWING),
    ]


def visit(port: int, page: Call) -> dict[str, Answered]:
    """The page and everything that it makes a browser fetch, by path."""
    answers: dict[str, Answered] = {}
    wanted = [page.path]
    while wanted:
        path = wanted.pop()
        if path not in answers:
            call = replace(page, path=path)
            answers[path] = fetch(port, replace(call, codings=BROWSER_CODINGS))
            wanted += named_in(path, fetch(port, call))
    return answers


def fetch(port: int, call: Call) -> Answered:
    """One request on a connection of its own."""
    with socket.create_connection((HOST, port), timeout=10) as connection:
        connection.sendall(call.wire("close"))
        received = b"".join(iter(lambda: connection.recv(65_536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    return Answered(len(received), head.decode("latin-1"), body)


def named_in(path: str, answered: Answered) -> list[str]:
    """The paths of what a page or a script at this path needs, in the order it names them."""
    kind = answered.head.lower()
    text = answered.body.decode("utf-8", "replace")
    if "text/html" in kind:
        parser = _Links()
        parser.feed(text)
        return [urljoin(path, link) for link in parser.found]
    if "javascript" in kind:
        modules = re.findall(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']+)["']""", text)
        return [urljoin(path, module) for module in modules]
    return []


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "link" and set(given.get("rel", "").split()) & FETCHED_RELATIONS:
            self.found.append(given["href"])
        elif tag in {"script", "img"} and "src" in given:
            self.found.append(given["src"])


def _next_of(path: str) -> str:
    start, _, position = path.rpartition("/")
    return f"{start}/{int(position) + 1}"
