"""From answers to marks, and from marks to what counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from quizapp.domain import grading
from quizapp.domain.certainty import CERTAIN, FAIRLY, GUESS
from quizapp.domain.graded.policy import Counting, Policy

CERTAINTY_MARKS = {GUESS: (1, 0), FAIRLY: (2, -2), CERTAIN: (3, -6)}
"""Thirds of a mark for a right and for a wrong answer, by certainty (see `response_credit`)."""

CREDIT_UNIT = 277_200
"""Credit 1 in the unit in which the database keeps it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What one item earned, out of its worth (1). Worth 0: the question is left out.

    `credit` may be negative with certainty marking.
    """

    credit: Fraction
    worth: int


@dataclass(frozen=True, slots=True)
class Score:
    """What a whole attempt earned, out of its worth: the number of items that count."""

    credit: Fraction
    worth: int

    @classmethod
    def of(cls, marks: Iterable[Mark]) -> "Score":
        """The sum of an attempt's marks."""
        kept = tuple(marks)
        return cls(sum((m.credit for m in kept), Fraction(0)), sum(m.worth for m in kept))

    @property
    def share(self) -> Fraction | None:
        """Credit out of worth; None where no item counts.

        Never below 0: wrong answers given as certain can use up what others earned, no more.
        """
        return None if self.worth == 0 else max(Fraction(0), self.credit / self.worth)


def response_credit(
    policy: Policy, chosen: frozenset[int], keys: frozenset[int], certainty: int | None, tries: int
) -> Fraction:
    """What an answer earns at its `tries`-th try (from 1), in marks; nothing chosen earns 0.

    Without certainty marking, its correctness (`grading.credit`) times the credit of the try; a
    try beyond the last that earns as the last.

    With certainty marking (Gardner-Medwin 1995, "Confidence assessment in the teaching of basic
    science"), thirds of a mark, so that a right answer given as certain earns 1:

        certainty    1 guess    2 fairly    3 certain
        right           1           2           3
        wrong           0          -2          -6

    No certainty given counts as 1. Who expects to be right with probability p does best to say 1
    below 2/3, 3 above 4/5 and 2 between. A partly right answer earns its correctness of the
    upper line and the rest of the lower: with p as the expected correctness the same advice
    holds, which it would not if a little correctness took the penalty away.
    """
    if not chosen:
        return Fraction(0)
    correctness = grading.credit(chosen, keys)
    if policy.certainty_marking:
        return _by_certainty(correctness, GUESS if certainty is None else certainty)
    return correctness * _full_credit(policy, tries)


def is_settled(policy: Policy, tries: int, *, is_right: bool) -> bool:
    """Whether a judged answer is final: it is wholly right, or no try is left after so many."""
    return is_right or tries >= policy.tries


def counted(scores: Sequence[Fraction], counting: Counting) -> Fraction | None:
    """What counts of the shares of several attempts, given in their order; None for none."""
    if not scores:
        return None
    match counting:
        case Counting.BEST:
            return max(scores)
        case Counting.LAST:
            return scores[-1]
        case Counting.FIRST:
            return scores[0]
        case Counting.MEAN:
            return sum(scores, Fraction(0)) / len(scores)


def has_passed(policy: Policy, share: Fraction | None) -> bool | None:
    """Whether a share reaches the pass mark; None where there is no pass mark or no share."""
    return None if policy.pass_mark is None or share is None else share >= policy.pass_mark


def _full_credit(policy: Policy, tries: int) -> Fraction:
    """What a wholly right answer earns at a try."""
    return policy.retry_credits[min(tries, policy.tries) - 1]


def _by_certainty(correctness: Fraction, certainty: int) -> Fraction:
    """Thirds of a mark between wrong and right, to the nearest unit that can be kept.

    Only a partly right answer to a question of nine keys is ever rounded.
    """
    right, wrong = CERTAINTY_MARKS[certainty]
    marks = (correctness * right + (1 - correctness) * wrong) / 3
    return Fraction(round(marks * CREDIT_UNIT), CREDIT_UNIT)
