"""A question read once, so that each rule only looks and checking stays linear."""

from dataclasses import dataclass

from quizapp.domain.flaws import english
from quizapp.domain.flaws.text import Text, read, sentences, without_code_blocks
from quizapp.domain.questions import Choice, Question

LONG_STEM = 40
"""Words beyond which a stem tells a case, and rules look at the sentence that asks only."""


@dataclass(frozen=True, slots=True)
class Option:
    """A choice with its text as the rules see it."""

    choice: Choice
    text: Text

    @property
    def line(self) -> int:
        """The choice's own line in the file."""
        return self.choice.line

    @property
    def points_at_others(self) -> bool:
        """Whether it only says something about other choices, as "none of the above" does."""
        plain = self.text.plain
        return bool(english.ALL_ABOVE.match(plain) or english.NONE_ABOVE.match(plain))

    @property
    def is_formal(self) -> bool:
        """Whether it is code or a formula, of which each sign counts."""
        return any(sign in self.choice.text for sign in "`$\\")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question with its texts as the rules see them; `lead` is the sentence that asks.

    `key` is None where several choices are right, or none is. `key_of_its_own` is the key where
    it says something itself, and `others` are the distractors that do ("all of the above" does
    not): between these, a reader can look for cues.
    """

    question: Question
    stem: Text
    lead: Text
    options: tuple[Option, ...]
    keys: tuple[Option, ...]
    distractors: tuple[Option, ...]
    key: Option | None
    key_of_its_own: Option | None
    others: tuple[Option, ...]

    @property
    def line(self) -> int:
        """The heading's line in the file."""
        return self.question.line

    @property
    def asks(self) -> bool:
        """Whether the lead is a question rather than a sentence to complete."""
        return self.lead.plain.rstrip(" )\"'”’").endswith("?")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What a rule saw: a line and a sentence without its full stop."""

    line: int
    message: str


_CLOSING = " )\"'”’*_"


def _lead(stem: str) -> str:
    """The last sentence that asks, else the last that is left open, else that of the heading."""
    stem = without_code_blocks(stem)
    parts = sentences(stem)
    asking = [part for part in parts if part.rstrip(_CLOSING).endswith("?")]
    if asking:
        return asking[-1]
    if parts and not parts[-1].rstrip(_CLOSING).endswith((".", "!")):
        return parts[-1]
    heading = sentences(stem.split("\n\n", 1)[0])
    return heading[-1] if heading else stem


def prepare(question: Question) -> Prepared:
    """Read a question's texts once for all rules."""
    options = tuple(Option(choice, read(choice.text)) for choice in question.choices)
    keys = tuple(option for option in options if option.choice.is_key)
    distractors = tuple(option for option in options if not option.choice.is_key)
    key = keys[0] if len(keys) == 1 else None
    stem = read(question.stem)
    lead = _lead(question.stem)
    return Prepared(
        question=question,
        stem=stem,
        lead=stem if lead == question.stem else read(lead),
        options=options,
        keys=keys,
        distractors=distractors,
        key=key,
        key_of_its_own=None if key is None or key.points_at_others else key,
        others=tuple(option for option in distractors if not option.points_at_others),
    )


def quoted(words: str) -> str:
    """A short form of a text for a message."""
    short = " ".join(words.split())
    return f'"{short}"' if len(short) <= 48 else f'"{short[:45].rstrip()}..."'
