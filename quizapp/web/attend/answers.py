"""An answer as a browser sends it, from a form or from a script."""

import re
from dataclasses import dataclass, replace
from typing import Any, Self

from werkzeug.datastructures import MultiDict

from quizapp.db.queries.sitting import ExamItem
from quizapp.domain.tokens import token
from quizapp.operations.sitting import Sent
from quizapp.web import ambient
from quizapp.web.attend.exams import Exam
from quizapp.web.presenting import shelf

DAY_MS = 24 * 3600 * 1000
MOST_AT_ONCE = 500
KEY = re.compile(r"[\w-]{8,64}", re.ASCII)

REVIEW, CLEAR = "review", "clear"
"""Where a form's buttons lead, besides numbers of questions: CLEAR takes the answer back."""


@dataclass(frozen=True, slots=True)
class Picked:
    """An answer as a form sends it: choices by their place on the page, never by identity.

    `shown` are the places that were picked when the page was made. `takes_back`: the answer is
    to be none.
    """

    places: frozenset[int]
    shown: frozenset[int]
    certainty: int | None
    certainty_shown: int | None
    elapsed_ms: int | None
    takes_back: bool = False

    @classmethod
    def read(cls, sent: MultiDict[str, str], suffix: str = "") -> Self:
        """What was sent in the fields of one question; what makes no sense is left out."""
        takes_back = sent.get("to") == CLEAR
        certainty = _within(1, sent.get(f"certainty{suffix}", type=int), 3)
        return cls(
            places=frozenset(() if takes_back else sent.getlist(f"choice{suffix}", type=int)),
            shown=_places(sent.get(f"shown{suffix}", "")),
            certainty=None if takes_back else certainty,
            certainty_shown=_within(1, sent.get(f"certainty-shown{suffix}", type=int), 3),
            elapsed_ms=_within(0, sent.get(f"elapsed_ms{suffix}", type=int), DAY_MS),
            takes_back=takes_back,
        )

    @property
    def is_news(self) -> bool:
        """Whether anything was changed on the page. What was not is not sent again: it might
        overwrite what was answered in another tab since.
        """
        is_changed = (self.places, self.certainty) != (self.shown, self.certainty_shown)
        return self.takes_back or is_changed

    def problem(self, item: ExamItem) -> str:
        """Why this is no answer to the item, "" where it is one."""
        if any(not 0 <= place < len(item.order) for place in self.places):
            return "That choice is not one of this question's. Choose again."
        if len(self.places) > 1 and not shelf().question(item.version_id).is_multiple:
            return "This question takes one answer. Choose one."
        return ""

    def sent(self, exam: Exam, item: ExamItem) -> Sent:
        """The answer in terms of the question; a form is an answer made now."""
        return Sent(
            position=item.position,
            chosen=frozenset(item.order[place] for place in self.places),
            certainty=self.certainty if exam.policy.certainty_marking else None,
            key=token(ambient.random(), 128),
            elapsed_ms=self.elapsed_ms,
        )


def _within(least: int, value: int | None, most: int) -> int | None:
    return value if value is not None and least <= value <= most else None


def _places(text: str) -> frozenset[int]:
    return frozenset(int(part) for part in text.split("-") if re.fullmatch("[0-9]{1,4}", part))


@dataclass(frozen=True, slots=True)
class Batch:
    """Answers that a script sends, and the keys of those that make no sense."""

    answers: list[Sent]
    refused: list[str]

    @classmethod
    def read(cls, exam: Exam, body: Any) -> Self | None:
        """The answers of a JSON body, None where it has no list of them."""
        entries = body.get("answers") if isinstance(body, dict) else None
        if not isinstance(entries, list) or len(entries) > MOST_AT_ONCE:
            return None
        batch = cls([], [])
        for entry in entries:
            sent = _sent(exam, entry)
            if sent is not None:
                batch.answers.append(sent)
            elif isinstance(entry, dict) and isinstance(entry.get("key"), str):
                batch.refused.append(entry["key"])
        return batch


def _sent(exam: Exam, entry: Any) -> Sent | None:
    """One answer as a script sends it, None where it is none."""
    values = MultiDict[str, Any](entry if isinstance(entry, dict) else {})
    key, position = str(values.get("key", "")), values.get("position", 0, type=_whole)
    if not KEY.fullmatch(key) or not 1 <= position <= len(exam.items):
        return None
    item = exam.items[position - 1]
    places = values.getlist("choices")
    if not all(isinstance(place, int) for place in places):
        return None
    picked = Picked(
        places=frozenset(places),
        shown=frozenset(),
        certainty=_within(1, values.get("certainty", type=_whole), 3),
        certainty_shown=None,
        elapsed_ms=_within(0, values.get("elapsed_ms", type=_whole), DAY_MS),
    )
    if picked.problem(item):
        return None
    age_ms = _within(0, values.get("age_ms", type=_whole), 10**12) or 0
    return replace(picked.sent(exam, item), key=key, age_ms=age_ms)


def _whole(value: Any) -> int:
    """A number in a JSON body, among which Python reads infinite ones. Raises ValueError."""
    try:
        return int(value)
    except OverflowError as error:
        raise ValueError("not a number of anything") from error
