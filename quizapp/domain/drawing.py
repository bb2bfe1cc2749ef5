"""The order in which questions and choices are put before a learner.

The draw looks at texts and at what the author fixed, never at the key: whoever sees the order
learns nothing about the answer.
"""

import re
from collections.abc import Sequence
from random import Random
from typing import TypeVar

from quizapp.domain.questions import Question

T = TypeVar("T")

_STAYS_LAST = re.compile(
    r"\b(all|none|any|both|neither|either)\b.{0,24}\b(above|these|those|them|options|choices"
    r"|answers|others?)\b|\b(both|neither|either)\s+[a-l1-9]\s+(and|or|nor)\s+[a-l1-9]\b",
    re.IGNORECASE,
)


def choice_order(question: Question, random: Random) -> tuple[int, ...]:
    """Positions (from 0) of the choices as they are to be shown.

    Choices that speak of the others ("none of the above") stay last, in the author's order.
    """
    positions = range(len(question.choices))
    if not question.shuffle:
        return tuple(positions)
    last = [i for i in positions if _STAYS_LAST.search(question.choices[i].text)]
    free = [i for i in positions if i not in last]
    random.shuffle(free)
    return (*free, *last)


def sample(candidates: Sequence[T], count: int | None, random: Random) -> list[T]:
    """`count` of the candidates (all where None) in random order."""
    size = len(candidates) if count is None else min(count, len(candidates))
    return random.sample(candidates, size)
