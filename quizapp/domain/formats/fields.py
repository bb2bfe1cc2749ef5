"""Named values with the line they stand at: front matter and heading attributes alike."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from urllib.parse import urlsplit

from quizapp.domain.formats.complaints import Complaints, Refusal, instead_of, likeliest

T = TypeVar("T")

MAX_SLUG = 64
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ORDER = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A value as it is written, and its line (from 1)."""

    text: str
    line: int


@dataclass(slots=True)
class Fields:
    """Values by name, with the errors of the file they come from at hand."""

    complaints: Complaints
    entries: dict[str, Entry] = field(default_factory=dict[str, Entry])

    def text(self, name: str) -> str:
        """The value as written, or '' where there is none."""
        entry = self.entries.get(name)
        return entry.text if entry else ""

    def value(self, name: str, parse: Callable[[str], T], default: T) -> T:
        """The value put through `parse`, or `default` where it is absent or refused."""
        entry = self.entries.get(name)
        if entry is None:
            return default
        try:
            return parse(entry.text)
        except Refusal as refusal:
            self.complaints.refuse(entry.line, refusal)
            return default

    def refuse_unknown(self, known: Collection[str], rule: str, what: str) -> None:
        """Complain about every name that is not one of `known`.

        Its value is kept under the name that was probably meant, lest that be found missing.
        """
        for name, entry in list(self.entries.items()):
            if name not in known:
                message = f"`{name}` is not {what}"
                self.complaints.add(entry.line, rule, message, instead_of(name, known))
                if meant := likeliest(name, known):
                    self.entries.setdefault(meant, entry)


def slug(text: str) -> str:
    """An id that may stand in addresses. Raises Refusal `bad-id`."""
    if len(text) > MAX_SLUG or not _SLUG.fullmatch(text):
        raise Refusal(
            "bad-id",
            f"`#{text}` is not a usable id",
            f"use at most {MAX_SLUG} lower-case letters a-z, digits and hyphens",
        )
    return text


def passages(text: str) -> tuple[str, ...]:
    """Passage ids separated by commas. Raises Refusal `bad-source`."""
    names = tuple(part.strip() for part in text.split(","))
    if not all(_SLUG.fullmatch(name) for name in names) or len(set(names)) < len(names):
        raise Refusal(
            "bad-source",
            f"`source={text}` does not name passages",
            "write one id or several different ones, as in source=p4 or source=p4,p5",
        )
    return names


def level(text: str) -> int:
    """Level 1, 2 or 3. Raises Refusal `bad-level`."""
    if text not in {"1", "2", "3"}:
        raise Refusal(
            "bad-level",
            f"`level={text}` is not a level",
            "write level=1 (recall), level=2 (understand) or level=3 (apply or infer)",
        )
    return int(text)


def shuffle(text: str) -> bool:
    """True or false in words. Raises Refusal `bad-shuffle`."""
    if text not in {"true", "false"}:
        raise Refusal(
            "bad-shuffle",
            f"`shuffle={text}` is neither true nor false",
            "write shuffle=false to keep the choices in order, or leave it out",
        )
    return text == "true"


def iso_date(text: str) -> date:
    """A calendar day as YYYY-MM-DD. Raises Refusal `bad-date`."""
    try:
        if _ISO_DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # a day that no calendar has is refused like any other text
    raise Refusal("bad-date", f"`{text}` is not a date", "write year-month-day, as in 2022-04-06")


def kind(text: str) -> str:
    """What a file is: a deck or a source. Raises Refusal `bad-kind`."""
    if text not in {"deck", "source"}:
        raise Refusal(
            "bad-kind", f"`kind: {text}` is unknown", "write kind: source, or leave it out"
        )
    return text


def order(text: str) -> int:
    """A place in the list of decks. Raises Refusal `bad-order`."""
    if not _ORDER.fullmatch(text):
        raise Refusal(
            "bad-order", f"`order: {text}` is not a place", "write a whole number from 0 to 999999"
        )
    return int(text)


def language(text: str) -> str:
    """A language tag (BCP 47, form only). Raises Refusal `bad-language`."""
    if not _LANGUAGE.fullmatch(text):
        raise Refusal(
            "bad-language",
            f"`language: {text}` is not a language tag",
            "write a tag such as en, ru or pt-BR",
        )
    return text


def https_url(text: str) -> str:
    """An absolute https address. Raises Refusal `bad-url`."""
    if not _is_https(text):
        raise Refusal(
            "bad-url",
            f"`{text}` is not an https address",
            "write the whole address, beginning with https://",
        )
    return text


def _is_https(text: str) -> bool:
    if re.search(r"[\s<>\"\\]", text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
