"""Mastery of a passage or topic: how many of its questions would be answered rightly now.

The memory model takes feedback as read and kept. Nothing shows that before the question was
answered rightly on a later day: until then it counts with what the learner's own record says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from math import sqrt
from typing import NamedTuple

from quizapp.domain.analysis.quantiles import Z_95
from quizapp.domain.studying.days import days_between
from quizapp.domain.studying.guessing import right_when
from quizapp.domain.studying.scheduling import DEFAULTS, Card, Settings, recall_after

PRIOR_N = 12
"""Answers, half of them right, that the prior of a learner's share at first sight counts for."""

KIN_N = 30
"""Answers that all a learner's first answers count for in a passage beside those of its own."""

BLIND_N = 2
"""Answers that blind picks count for beside a learner's own first answers after an error."""


class Share(NamedTuple):
    """How many of `n` answers were right."""

    right: int
    n: int


@dataclass(frozen=True, slots=True)
class Known:
    """What a learner has of one question: the card or None, and the chance of a blind pick.

    `was_right_first` is whether their first answer was right, None before it; `is_missed` whether
    they were wrong and have not been right on a later day.
    """

    card: Card | None
    luck: float
    was_right_first: bool | None = None
    is_missed: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """What a learner's answers say of those to come.

    `first` counts the first answers to all questions, `again` the first answers on a later study
    day than an error. By question, `firsts` has whether its first answer was right; `missed` are
    the questions with an error and no right answer on a later day.
    """

    first: Share
    again: Share
    firsts: Mapping[int, bool]
    missed: frozenset[int]

    def known(self, question: int, card: Card | None, luck: float) -> Known:
        """What the learner has of a question with this card and chance of a blind pick."""
        return Known(card, luck, self.firsts.get(question), question in self.missed)


@dataclass(frozen=True, slots=True)
class Mastery:
    """`share` is the estimated probability of answering one of the questions rightly now; the
    interval is where the share right of all `n` would lie with 95 %. `seen` were answered before.
    """

    share: float
    low: float
    high: float
    n: int
    seen: int


def record_of(answers: Iterable[tuple[int, datetime, bool]], zone: tzinfo = UTC) -> Record:
    """The record that answers make, oldest first: the question, when, and whether it was right.

    A right answer on the day of an error repeats what the feedback just told, and is no sign of
    memory.
    """
    firsts: dict[int, bool] = {}
    missed_at: dict[int, datetime] = {}
    right = n = 0
    for question, at, is_right in answers:
        firsts.setdefault(question, is_right)
        before = missed_at.get(question)
        if before is not None and days_between(before, at, zone):
            n, right = n + 1, right + is_right
            del missed_at[question]
        if not is_right:
            missed_at[question] = at
    first = Share(sum(firsts.values()), len(firsts))
    return Record(first, Share(right, n), firsts, frozenset(missed_at))


def mastery(
    questions: Iterable[Known], record: Record, now: datetime, settings: Settings = DEFAULTS
) -> Mastery | None:
    """Mastery of these questions, None where there are none.

    A question with a card counts with its chance of being answered rightly, which after an error
    is at most `chance_after_error`. Those never seen count with the share right at first sight, by
    a Beta distribution: all the learner's first answers make the prior (with none, one half) to
    which the first answers to these questions are added.
    """
    questions = list(questions)
    if not questions:
        return None
    chances = [_chance_now(q, q.card, record, now, settings) for q in questions if q.card]
    missed = [q.luck for q in questions if q.card and q.is_missed]
    unseen, n = len(questions) - len(chances), len(questions)
    first, known_by = _at_first_sight(questions, record.first)
    share = (sum(chances) + unseen * first) / n
    # The chance in each answer, and where many share one figure, in how well that is known.
    variance = sum(p * (1 - p) for p in chances) + unseen * first * (1 - first)
    variance += _shared(unseen, first, known_by)
    if missed:
        relearnt = sum(chance_after_error(luck, record) for luck in missed) / len(missed)
        variance += _shared(len(missed), relearnt, BLIND_N + record.again.n)
    half = Z_95 * sqrt(variance) / n
    return Mastery(share, max(0.0, share - half), min(1.0, share + half), n, len(chances))


def _chance_now(
    known: Known, card: Card, record: Record, now: datetime, settings: Settings = DEFAULTS
) -> float:
    by_memory = right_now(card, known.luck, now, settings)
    return min(by_memory, chance_after_error(known.luck, record)) if known.is_missed else by_memory


def chance_after_error(luck: float, record: Record) -> float:
    """Probability of a right answer on a later day than an error, by the learner's own record.

    The mean of a Beta distribution: before there is any record, that of a blind pick.
    """
    return (BLIND_N * luck + record.again.right) / (BLIND_N + record.again.n)


def right_now(card: Card, luck: float, now: datetime, settings: Settings = DEFAULTS) -> float:
    """Probability of a right answer by the memory model, guessing included.

    At least a night is counted since the last review: what was read a minute ago is no mastery.
    """
    days = max(1, days_between(card.last_review, now, settings.zone))
    return right_when(recall_after(card, days, settings), luck)


def _at_first_sight(questions: list[Known], first: Share) -> tuple[float, float]:
    """Mean of the Beta distribution for unseen questions, and the answers it stands for."""
    usual = (PRIOR_N / 2 + first.right) / (PRIOR_N + first.n)
    here = [q.was_right_first for q in questions if q.was_right_first is not None]
    known_by = KIN_N + len(here)
    return (KIN_N * usual + sum(here)) / known_by, known_by


def _shared(count: int, share: float, known_by: float) -> float:
    """What not knowing their common share better adds to the variance of so many answers."""
    return count * (count - 1) * share * (1 - share) / (known_by + 1)
