"""Running sums over submitted attempts, from which every figure of analysis is made.

A tally is exact (whole numbers and fractions), forgets the order of what it was given, can take
back what it counted, and has a size bounded by the shape of the quizzes, whatever the number of
responses.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import Any, Self, TypeVar

K = TypeVar("K")
N = TypeVar("N", int, Fraction)


class Outcome(StrEnum):
    """What someone did with an item of an attempt they submitted."""

    ANSWERED = "answered"
    SKIPPED = "skipped"  # seen, and left without an answer
    UNSEEN = "unseen"  # never came up, as when time ran out


@dataclass(frozen=True, slots=True)
class Observation:
    """One item of one submitted attempt.

    `credit` is the share of the item's full marks, 0 unless answered, between -2 (with certainty
    marking) and 1; `is_right` says whether the answer was wholly right, whatever it earned.
    `chosen` holds positions from 0 in the author's order. `rest` is the mean credit of the
    attempt's other counted items, None where there are none; `score` the attempt's share of all
    marks. `certainty` is 1 to 3, None where not said.
    """

    outcome: Outcome
    credit: Fraction
    is_right: bool
    chosen: frozenset[int]
    rest: Fraction | None
    score: Fraction
    elapsed_ms: int | None = None
    certainty: int | None = None


UNSAID = 0
"""The certainty of an answer given without one."""


def percent(share: Fraction) -> int:
    """A share in whole percent, rounded down and held between 0 and 100."""
    return min(100, max(0, floor(100 * share)))


def _edges() -> tuple[int, ...]:
    edges = [0, 100]
    while edges[-1] < 24 * 60 * 60 * 1000:
        edges.append(edges[-1] * 21 // 20)
    return tuple(edges)


TIME_EDGES = _edges()
"""Lower ends, in ms, of the bins in which times are counted: below 0.1 s, then bins at most 5 %
wide, the last open above a day. A time read from them is off by at most 2.5 %."""


@dataclass(slots=True)
class ItemTally:
    """All that is kept of the observations of one item.

    Items *reached* (answered or skipped) count in every figure of the item, skipped ones with
    their credit of 0; unseen ones are only counted, for the quiz's figures and as a share.

    Credits are few and kept as they are. Rests are counted by thousandths, each with its exact
    sum: in quizzes of one length, up to 1001 items marked right or wrong, no two different rests
    share a thousandth. Denominators grow with the number of different lengths, no further.
    """

    answered: int = 0
    skipped: int = 0
    unseen: int = 0
    # by credit: how often, and of these in attempts that had no other item
    credits: dict[Fraction, int] = field(default_factory=dict[Fraction, int])
    unpaired: dict[Fraction, int] = field(default_factory=dict[Fraction, int])
    # by thousandth of the rest: how often, and the sum of rests; over all: squares, and products
    # of rest and credit
    rests: dict[int, int] = field(default_factory=dict[int, int])
    rest_sums: dict[int, Fraction] = field(default_factory=dict[int, Fraction])
    rest_squares: Fraction = Fraction(0)
    products: Fraction = Fraction(0)
    # by whole percent of the score: how often, and with which choices
    scores: dict[int, int] = field(default_factory=dict[int, int])
    choices: dict[tuple[int, int], int] = field(default_factory=dict[tuple[int, int], int])
    # by place in TIME_EDGES; by certainty: answers, and wholly right ones
    times: dict[int, int] = field(default_factory=dict[int, int])
    certainties: dict[int, int] = field(default_factory=dict[int, int])
    rights: dict[int, int] = field(default_factory=dict[int, int])

    @property
    def reached(self) -> int:
        """How often the item was seen in a submitted attempt."""
        return self.answered + self.skipped

    @property
    def n(self) -> int:
        """How many submitted attempts had the item, seen or not."""
        return self.reached + self.unseen

    @property
    def credit_sum(self) -> Fraction:
        """Sum of credits."""
        return sum((credit * n for credit, n in self.credits.items()), Fraction(0))

    @property
    def variance(self) -> Fraction | None:
        """Variance of credit over all attempts that had the item, unseen counting as 0, with
        divisor n - 1; None below 2 attempts."""
        if self.n < 2:
            return None
        squares = sum((credit**2 * n for credit, n in self.credits.items()), Fraction(0))
        return (squares - self.credit_sum**2 / self.n) / (self.n - 1)

    def add(self, seen: Observation) -> None:
        """Count an observation."""
        self._count(seen, 1)

    def remove(self, seen: Observation) -> None:
        """Take back an observation counted before, as it was then."""
        self._count(seen, -1)

    def merge(self, other: Self) -> None:
        """Count all that the other tally counted."""
        self.answered += other.answered
        self.skipped += other.skipped
        self.unseen += other.unseen
        self.rest_squares += other.rest_squares
        self.products += other.products
        _pour(self.rest_sums, other.rest_sums)
        _pour(self.choices, other.choices)
        for name in _COUNTS:
            _pour(getattr(self, name), getattr(other, name))

    def _count(self, seen: Observation, times: int) -> None:
        if seen.outcome is Outcome.UNSEEN:
            self.unseen += times
            return
        score = percent(seen.score)
        _shift(self.credits, seen.credit, times)
        _shift(self.scores, score, times)
        self._count_rest(seen, times)
        if seen.outcome is Outcome.SKIPPED:
            self.skipped += times
            return
        self.answered += times
        certainty = seen.certainty or UNSAID
        _shift(self.certainties, certainty, times)
        _shift(self.rights, certainty, times * seen.is_right)
        for position in seen.chosen:
            _shift(self.choices, (score, position), times)
        if seen.elapsed_ms is not None:
            _shift(self.times, bisect_right(TIME_EDGES, max(0, seen.elapsed_ms)) - 1, times)

    def _count_rest(self, seen: Observation, times: int) -> None:
        if seen.rest is None:
            _shift(self.unpaired, seen.credit, times)
            return
        thousandth = floor(1000 * seen.rest)
        _shift(self.rests, thousandth, times)
        _shift(self.rest_sums, thousandth, times * seen.rest)
        self.rest_squares += times * seen.rest**2
        self.products += times * seen.rest * seen.credit

    def as_dict(self) -> dict[str, Any]:
        """The tally as JSON has it: fractions are strings "p/q", keys of tables strings."""
        return {
            "answered": self.answered,
            "skipped": self.skipped,
            "unseen": self.unseen,
            "rest_squares": str(self.rest_squares),
            "products": str(self.products),
            "rest_sums": {str(key): str(total) for key, total in self.rest_sums.items()},
            "choices": {f"{score}:{choice}": n for (score, choice), n in self.choices.items()},
            **{name: {str(key): n for key, n in getattr(self, name).items()} for name in _COUNTS},
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """The tally that `as_dict` wrote. Raises KeyError or ValueError for anything else."""
        return cls(
            answered=kept["answered"],
            skipped=kept["skipped"],
            unseen=kept["unseen"],
            rest_squares=Fraction(kept["rest_squares"]),
            products=Fraction(kept["products"]),
            rest_sums={int(key): Fraction(total) for key, total in kept["rest_sums"].items()},
            choices=_read(kept["choices"], _pair),
            credits=_read(kept["credits"], Fraction),
            unpaired=_read(kept["unpaired"], Fraction),
            rests=_read(kept["rests"], int),
            scores=_read(kept["scores"], int),
            times=_read(kept["times"], int),
            certainties=_read(kept["certainties"], int),
            rights=_read(kept["rights"], int),
        )


_COUNTS = ("credits", "unpaired", "rests", "scores", "times", "certainties", "rights")


@dataclass(slots=True)
class QuizTally:
    """All that is kept of the submitted attempts at a quiz as wholes.

    `set_sum` and `set_squares` are the sums of a number that stands for an attempt's set of
    items, and of its square: n times the one equals the square of the other only where all
    numbers are the same (Cauchy and Schwarz), so that two sums tell whether they are.
    """

    n: int = 0
    score_sum: Fraction = Fraction(0)
    score_squares: Fraction = Fraction(0)
    scores: dict[int, int] = field(default_factory=dict[int, int])
    items: int = 0
    set_sum: int = 0
    set_squares: int = 0

    def add(self, score: Fraction, items: Collection[int]) -> None:
        """Count an attempt: its share of all marks, and what identifies its counted items."""
        self._count(score, items, 1)

    def remove(self, score: Fraction, items: Collection[int]) -> None:
        """Take back an attempt counted before, as it was then."""
        self._count(score, items, -1)

    def merge(self, other: Self) -> None:
        """Count all that the other tally counted."""
        _pour(self.scores, other.scores)
        for name in _QUIZ_SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def common_size(self) -> int | None:
        """How many items each attempt had, None where not all had the very same ones."""
        if self.n == 0 or self.n * self.set_squares != self.set_sum**2:
            return None
        return self.items // self.n

    def _count(self, score: Fraction, items: Collection[int], times: int) -> None:
        number = set_number(items)
        self.n += times
        self.score_sum += times * score
        self.score_squares += times * score**2
        _shift(self.scores, percent(score), times)
        self.items += times * len(set(items))
        self.set_sum += times * number
        self.set_squares += times * number**2

    def as_dict(self) -> dict[str, Any]:
        """The tally as JSON has it: fractions, and sums that may pass 64 bits, are strings."""
        return {
            "scores": {str(key): n for key, n in self.scores.items()},
            **{name: str(getattr(self, name)) for name in _QUIZ_SUMS},
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """The tally that `as_dict` wrote. Raises KeyError or ValueError for anything else."""
        return cls(
            n=int(kept["n"]),
            score_sum=Fraction(kept["score_sum"]),
            score_squares=Fraction(kept["score_squares"]),
            scores=_read(kept["scores"], int),
            items=int(kept["items"]),
            set_sum=int(kept["set_sum"]),
            set_squares=int(kept["set_squares"]),
        )


_QUIZ_SUMS = ("n", "score_sum", "score_squares", "items", "set_sum", "set_squares")


def set_number(items: Iterable[int]) -> int:
    """64 bits that stand for a set of items: the same for the same set in any order."""
    text = ",".join(str(item) for item in sorted(set(items)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def _shift(table: dict[K, N], key: K, by: N) -> None:
    """Add to an entry; entries of 0 are left out, so that equal tallies are equal tables."""
    total = table.get(key, 0) + by
    if total:
        table[key] = total
    else:
        table.pop(key, None)


def _pour(table: dict[K, N], other: Mapping[K, N]) -> None:
    for key, by in other.items():
        _shift(table, key, by)


def _read(kept: Mapping[str, int], key_of: Callable[[str], K]) -> dict[K, int]:
    return {key_of(key): n for key, n in kept.items()}


def _pair(key: str) -> tuple[int, int]:
    score, choice = key.split(":")
    return int(score), int(choice)
