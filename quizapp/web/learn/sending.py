"""Answers as a browser sends them when it has a network again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Self

from quizapp.operations.offline import MOST_ITEMS, SentAnswer, SentItem, SentSession
from quizapp.web.learn.keeping import version_signed

DAY_MS = 24 * 3600 * 1000
CENTURY_MS = 100 * 366 * DAY_MS
MOST_AT_ONCE = 500
MOST_DECKS = 200
KEY = re.compile(r"[\w-]{8,64}", re.ASCII)

WORDS = {
    "unknown": "its question is not known here",
    "unfit": "it does not fit its question",
}
"""Why an answer is refused."""

Keyed = tuple[str, SentAnswer]


@dataclass(frozen=True, slots=True)
class Batch:
    """Answers in the order in which they were given, each with the browser's key of it and its
    session. `refused` are the keys of those that make no sense; `tag` says whose they are."""

    tag: str
    answers: list[tuple[SentSession, str, SentAnswer]]
    refused: list[str]

    @classmethod
    def read(cls, body: Any) -> Self | None:
        """The answers of a JSON body, None where it has no list of them."""
        sent = body if isinstance(body, dict) else {}
        entries, sessions = sent.get("answers"), sent.get("sessions")
        if not isinstance(entries, list) or not isinstance(sessions, list):
            return None
        if len(entries) > MOST_AT_ONCE or len(sessions) > MOST_AT_ONCE:
            return None
        known = {session.key: session for each in sessions if (session := _session(each))}
        batch = cls(str(sent.get("tag")), [], [])
        for entry in (each for each in entries if isinstance(each, dict)):
            batch._add(entry, known)
        return batch

    def _add(self, entry: dict[str, Any], known: dict[str, SentSession]) -> None:
        key, session, answer = (
            entry.get("key"),
            known.get(str(entry.get("session"))),
            _answer(entry),
        )
        if not isinstance(key, str) or not KEY.fullmatch(key):
            return
        if session is None or answer is None:
            self.refused.append(key)
        else:
            self.answers.append((session, key, answer))

    def runs(self) -> Iterator[tuple[SentSession, list[Keyed]]]:
        """The answers that follow each other in one session, with that session."""
        for _, run in groupby(self.answers, key=lambda each: each[0].key):
            found = list(run)
            yield found[0][0], [(key, answer) for _, key, answer in found]


def _session(sent: Any) -> SentSession | None:
    values = sent if isinstance(sent, dict) else {}
    key, items = values.get("key"), values.get("items")
    if not isinstance(key, str) or not KEY.fullmatch(key):
        return None
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_ITEMS:
        return None
    return SentSession(
        key=key,
        is_review=values.get("mode") == "review",
        items=[_item(item) for item in items],
        age_ms=_within(0, values.get("age_ms"), CENTURY_MS) or 0,
    )


def _item(sent: Any) -> SentItem:
    values = sent if isinstance(sent, dict) else {}
    order = _numbers(values.get("order"))
    return SentItem(version_signed(values.get("version")), tuple(order or ()))


def _answer(entry: dict[str, Any]) -> SentAnswer | None:
    position = _within(1, entry.get("position"), MOST_ITEMS)
    places = _numbers(entry.get("places"))
    if position is None or places is None:
        return None
    return SentAnswer(
        position=position,
        places=frozenset(places),
        certainty=_within(1, entry.get("certainty"), 3),
        elapsed_ms=_within(0, entry.get("elapsed_ms"), DAY_MS),
        age_ms=_within(0, entry.get("age_ms"), CENTURY_MS) or 0,
    )


def _numbers(value: Any) -> list[int] | None:
    """A short list of whole numbers, None where it is none."""
    if not isinstance(value, list) or len(value) > MOST_ITEMS:
        return None
    numbers = [_within(0, each, MOST_ITEMS) for each in value]
    found = [number for number in numbers if number is not None]
    return found if len(found) == len(numbers) else None


def _within(least: int, value: Any, most: int) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and least <= value <= most else None
