"""Mastery of a passage or topic: how many of its questions would be answered rightly now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from quizapp.domain.analysis.quantiles import Z_95
from quizapp.domain.studying.days import days_between
from quizapp.domain.studying.guessing import right_when
from quizapp.domain.studying.scheduling import DEFAULTS, Card, Settings, recall_after

PRIOR_N = 12
"""Answers, half of them right, that the prior of a learner's share at first sight counts for."""

KIN_N = 20
"""Answers that all a learner's first answers count for in a passage beside those of its own."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a learner has of one question: the card or None, and the chance of a blind pick.

    `was_right_first` is whether their first answer was right, None before it.
    """

    card: Card | None
    luck: float
    was_right_first: bool | None = None


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


def mastery(
    questions: Iterable[Known],
    firsts: tuple[int, int],
    now: datetime,
    settings: Settings = DEFAULTS,
) -> Mastery | None:
    """Mastery of these questions, None where there are none.

    A question with a card counts with its chance of being answered rightly. Those never seen count
    with the share right at first sight, by a Beta distribution: `firsts` is how many of all the
    learner's first answers were right, and how many there are; they make the prior (with none,
    one half) to which the first answers to these questions are added.
    """
    questions = list(questions)
    if not questions:
        return None
    seen = [right_now(q.card, q.luck, now, settings) for q in questions if q.card is not None]
    unseen, n = len(questions) - len(seen), len(questions)
    first, known_by = _at_first_sight(questions, firsts)
    share = (sum(seen) + unseen * first) / n
    # The chance in each answer, and for the unseen also in how well their common share is known.
    spread = first * (1 - first)
    variance = sum(p * (1 - p) for p in seen) + unseen * spread
    variance += unseen * (unseen - 1) * spread / (known_by + 1)
    half = Z_95 * sqrt(variance) / n
    return Mastery(share, max(0.0, share - half), min(1.0, share + half), n, len(seen))


def _at_first_sight(questions: list[Known], firsts: tuple[int, int]) -> tuple[float, float]:
    """Mean of the Beta distribution for unseen questions, and the answers it stands for."""
    right, total = firsts
    usual = (PRIOR_N / 2 + right) / (PRIOR_N + total)
    here = [q.was_right_first for q in questions if q.was_right_first is not None]
    known_by = KIN_N + len(here)
    return (KIN_N * usual + sum(here)) / known_by, known_by


def right_now(card: Card, luck: float, now: datetime, settings: Settings = DEFAULTS) -> float:
    """Estimated probability of a right answer, guessing included.

    At least a night is counted since the last review: what was read a minute ago is no mastery.
    """
    days = max(1, days_between(card.last_review, now, settings.zone))
    return right_when(recall_after(card, days, settings), luck)
