"""Quiz sheets on paper: drawn so that who has its code can print the same one again."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from random import Random

from quizapp.domain.drawing import choice_order, sample
from quizapp.domain.questions import Question

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that are told apart in handwriting."""

CODE_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Sheet:
    """Questions with the order of their choices. `edition` differs where any of what is asked
    does, so that a key of another edition is known from the one that belongs here."""

    code: str
    edition: str
    items: tuple[tuple[Question, tuple[int, ...]], ...]


def new_code(random: Random) -> str:
    """A code for a sheet that nobody has printed yet, most likely."""
    return "".join(random.choices(CODE_LETTERS, k=CODE_LENGTH))


def sheet(questions: Mapping[str, Question], count: int | None, code: str) -> Sheet:
    """The sheet with this code: `count` of the questions (all where None) in an order of its own.

    The same code makes the same sheet as long as the questions, by whatever name, stay as they are.
    """
    random = Random(f"{code} {count}")  # noqa: S311  # whoever has the code may know the order
    asked = [questions[name] for name in sample(sorted(questions), count, random)]
    items = tuple((question, choice_order(question, random)) for question in asked)
    return Sheet(code, _edition(items), items)


def _edition(items: tuple[tuple[Question, tuple[int, ...]], ...]) -> str:
    said = repr([(q.stem, [q.choices[i] for i in order]) for q, order in items])
    return sha256(said.encode()).hexdigest()[:4]
