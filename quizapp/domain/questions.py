"""Questions, decks and sources as plain immutable values, independent of any file format."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date

MAX_CHOICES = 12
"""The most choices a question may have; credit stays exact up to here (see `grading`)."""

LAST = 1_000_000
"""The order of a deck that names none: beyond the highest that can be written, 999999."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer offered. `text` and `feedback` are Markdown; `line` counts from 1."""

    text: str
    is_key: bool
    feedback: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Waiver:
    """An author's decision to keep a flaw, with the reason."""

    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Question:
    """A stem with its choices. `passages` are slugs within the deck's source; `level` is
    1 (recall), 2 (understand), 3 (apply or infer) or None where the author gave none.
    """

    slug: str
    stem: str
    choices: tuple[Choice, ...]
    explanation: str = ""
    passages: tuple[str, ...] = ()
    level: int | None = None
    shuffle: bool = True
    as_of: date | None = None
    waivers: tuple[Waiver, ...] = ()
    line: int = 0

    @property
    def keys(self) -> frozenset[int]:
        """Positions (from 0) of the correct choices."""
        return frozenset(i for i, choice in enumerate(self.choices) if choice.is_key)

    @property
    def is_multiple(self) -> bool:
        """Whether several choices are correct, so that learners may pick several."""
        return len(self.keys) > 1

    @property
    def content_hash(self) -> str:
        """Hex digest of all that makes a version: what is asked, its key and its feedback.

        Position in the file and waivers do not count: moving a question makes no new version.
        """
        content = {
            "stem": self.stem,
            "choices": [[c.text, c.is_key, c.feedback] for c in self.choices],
            "explanation": self.explanation,
            "passages": list(self.passages),
            "level": self.level,
            "shuffle": self.shuffle,
            "as_of": self.as_of.isoformat() if self.as_of else None,
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Deck:
    """A question file. `slug` is the file's stem, `source` the slug of its source or ''.

    Decks are listed by `order`, then title.
    """

    slug: str
    title: str
    topic: str
    questions: tuple[Question, ...]
    source: str = ""
    summary: str = ""
    language: str = "en"
    order: int = LAST


@dataclass(frozen=True, slots=True)
class Passage:
    """One numbered part of a source, with our study note about it (Markdown)."""

    slug: str
    heading: str
    note: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """What questions are drawn from: who published it where, and our notes on its passages."""

    slug: str
    title: str
    passages: tuple[Passage, ...]
    author: str = ""
    published: date | None = None
    publisher: str = ""
    url: str = ""
