"""The order in which questions and choices are put before a learner.

The draw looks at texts and at what the author fixed, never at the key: whoever sees the order
learns nothing about the answer.
"""

import re
from collections.abc import Mapping, Sequence
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
    free, last = free_and_last(question)
    random.shuffle(free)
    return (*free, *last)


def free_and_last(question: Question) -> tuple[list[int], list[int]]:
    """Positions (from 0) of the choices that may stand in any order, and of those after them."""
    positions = list(range(len(question.choices)))
    if not question.shuffle:
        return [], positions
    last = [i for i in positions if _STAYS_LAST.search(question.choices[i].text)]
    return [i for i in positions if i not in last], last


def sample(candidates: Sequence[T], count: int | None, random: Random) -> list[T]:
    """`count` of the candidates (all where None) in random order."""
    size = len(candidates) if count is None else min(count, len(candidates))
    return random.sample(candidates, size)


def interleaved(by_topic: Mapping[str, Sequence[T]], random: Random) -> list[T]:
    """All questions of all topics in random order, with no two neighbours of one topic.

    Where a topic has more than half of them, no more such neighbours are left than there must be.
    """
    left = {topic: random.sample(list(some), len(some)) for topic, some in by_topic.items() if some}
    drawn: list[T] = []
    last = ""
    while left:
        last = _next_topic({topic: len(some) for topic, some in left.items()}, last, random)
        drawn.append(left[last].pop())
        if not left[last]:
            del left[last]
    return drawn


def _next_topic(left: Mapping[str, int], last: str, random: Random) -> str:
    """The topic to draw from: the largest where anything else would leave it too much for the
    gaps between the others, else any but the last, each by how much of it is left."""
    total, largest = sum(left.values()), max(left, key=lambda topic: left[topic])
    others = [topic for topic in left if topic != last]
    if not others:
        return last
    if largest != last and 2 * left[largest] > total:
        return largest
    return random.choices(others, [left[topic] for topic in others])[0]
