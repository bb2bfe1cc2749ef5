"""From an answer to the day the question is due again: FSRS-6, graded by correctness and certainty.

The memory model is that of the `fsrs` package. It is used without its learning steps of minutes
(a session here is once a day, and the feedback is read at once) and without random fuzz (the same
answers always give the same card), and it counts study days, not spans of 24 hours.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import IntEnum
from fractions import Fraction
from functools import lru_cache
from math import exp, log

import fsrs
from fsrs.scheduler import DEFAULT_PARAMETERS

from quizapp.domain.certainty import CERTAIN, GUESS
from quizapp.domain.studying.days import days_between, noon_of, start_of, study_day
from quizapp.domain.studying.guessing import KNOWN_BEFORE, belief

LEAST_RETENTION, MOST_RETENTION = 0.80, 0.97
"""What a learner may ask for."""

READING_MS = 400
"""Time for a word: 150 a minute, between learning (200) and memorising (138; Carver 1990)."""

PICKING_MS = 3_000
"""Time to settle on a choice and press it, beyond reading."""


class Grade(IntEnum):
    """How well an answer shows that its question is remembered; the values are those of FSRS."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """What scheduling takes from a response.

    `certainty` is 1 to 3 or None where not said; `luck` is the chance that a blind pick would have
    been right, 0 to leave guessing out of account.
    """

    credit: Fraction
    certainty: int | None = None
    is_quick: bool = False
    luck: float = 0.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What a learner's cards are scheduled by.

    `retention` is the recall to be had on the due day, `weights` the 21 parameters of FSRS-6,
    `zone` where the learner's days begin. ValueError where `fsrs` refuses the weights.
    """

    retention: float = 0.82
    weights: tuple[float, ...] = DEFAULT_PARAMETERS
    zone: tzinfo = UTC


DEFAULTS = Settings()


@dataclass(frozen=True, slots=True)
class Card:
    """What is kept of a learner's memory for one question.

    `stability` is the number of days until recall has sunk to 90 %, `difficulty` goes from 1 to 10.
    `due` is the start of a study day. `lapses` counts the reviews after the first graded Again.
    """

    stability: float
    difficulty: float
    due: datetime
    last_review: datetime
    reps: int
    lapses: int
    last_credit: Fraction
    last_certainty: int | None


@dataclass(frozen=True, slots=True)
class Log:
    """What a review found and set: for "why", undo and the fitting of parameters.

    `recalled` is the estimate just before the answer, None at the first; `belief` how far the
    answer was taken as known and not lucky; `interval` the days until due.
    """

    at: datetime
    grade: Grade
    belief: float
    recalled: float | None
    interval: int


def grade(answer: Answer) -> Grade:
    """The grade of an answer, by this table.

    | answer                                      | grade |
    |---------------------------------------------|-------|
    | wrong, or partly right with under half      | Again |
    | partly right with half the credit or more   | Hard  |
    | right, called a guess                       | Hard  |
    | right, certain and quick                    | Easy  |
    | right otherwise                             | Good  |
    """
    if answer.credit < Fraction(1, 2):
        return Grade.AGAIN
    if answer.credit < 1 or answer.certainty == GUESS:
        return Grade.HARD
    is_easy = answer.certainty == CERTAIN and answer.is_quick
    return Grade.EASY if is_easy else Grade.GOOD


def is_quick(elapsed_ms: int | None, words: int) -> bool:
    """Whether an answer took no longer than studying the question's `words` once and picking.

    Words of stem and choices. The measure depends on nothing that changes later, so that cards
    can be rebuilt from the responses. An unknown time is not quick.
    """
    return elapsed_ms is not None and elapsed_ms <= PICKING_MS + READING_MS * words


def retrievability(card: Card, now: datetime, settings: Settings = DEFAULTS) -> float:
    """Estimated probability of recall, guessing aside; 1 on the day of the last review."""
    return recall_after(card, days_between(card.last_review, now, settings.zone), settings)


def recall_after(card: Card, days: float, settings: Settings = DEFAULTS) -> float:
    """Estimated probability of recall this many days after the last review (FSRS-6).

    (1 + f t / S)^-w20 with f such that it is 0.9 at t = S.
    """
    decay = -settings.weights[20]
    factor = 0.9 ** (1 / decay) - 1
    return (1 + factor * days / card.stability) ** decay


def review(
    card: Card | None, answer: Answer, now: datetime, settings: Settings = DEFAULTS
) -> tuple[Card, Log]:
    """The card after an answer, and what happened; `card` is None at the first answer.

    A right answer that may have been luck moves the memory only part of the way: stability (by
    its logarithm) and difficulty come to lie between those of the grade and those of Again, as far
    as the answer is believed. Without luck the figures are those of FSRS-6 alone.
    ValueError where `now` is before the card's last review: rebuild the card in that case.
    """
    if card is not None and now < card.last_review:
        raise ValueError("an answer from before the last review: rebuild the card")
    given = grade(answer)
    recalled = None if card is None else retrievability(card, now, settings)
    trust = _trust(answer, given, recalled)
    stability, difficulty = _memory(card, given, now, settings)
    if trust < 1:
        low, low_difficulty = _memory(card, Grade.AGAIN, now, settings)
        stability = exp(trust * log(stability) + (1 - trust) * log(low))
        difficulty = trust * difficulty + (1 - trust) * low_difficulty
    interval = interval_days(stability, settings)
    reviewed = Card(
        stability=stability,
        difficulty=difficulty,
        due=start_of(study_day(now, settings.zone) + timedelta(days=interval), settings.zone),
        last_review=now,
        reps=card.reps + 1 if card else 1,
        lapses=card.lapses + (given is Grade.AGAIN) if card else 0,
        last_credit=answer.credit,
        last_certainty=answer.certainty,
    )
    return reviewed, Log(now, given, trust, recalled, interval)


def rebuild(
    history: Iterable[tuple[datetime, Answer]], settings: Settings = DEFAULTS
) -> Card | None:
    """The card that these answers to one question make, in the order of their times.

    None where there are none. The same answers give the same card in whatever order they come
    in, so late ones (offline, another device) are merged by rebuilding, and undone likewise.
    """
    card: Card | None = None
    for now, answer in sorted(history, key=lambda each: each[0]):
        card, _ = review(card, answer, now, settings)
    return card


def rescheduled(card: Card, settings: Settings) -> Card:
    """The card with the due day that other settings of retention or zone give it."""
    day = study_day(card.last_review, settings.zone)
    interval = timedelta(days=interval_days(card.stability, settings))
    return replace(card, due=start_of(day + interval, settings.zone))


def interval_days(stability: float, settings: Settings = DEFAULTS) -> int:
    """Whole days until recall has sunk to the retention asked for, at least 1."""
    decay = -settings.weights[20]
    factor = 0.9 ** (1 / decay) - 1
    days = stability / factor * (settings.retention ** (1 / decay) - 1)
    return min(max(round(days), 1), _LONGEST)


_LONGEST = 36_500


def _trust(answer: Answer, given: Grade, recalled: float | None) -> float:
    if given is Grade.AGAIN or answer.credit < 1:
        return 1.0
    before = KNOWN_BEFORE if recalled is None else recalled
    return belief(before, answer.luck, answer.certainty)


def _memory(
    card: Card | None, given: Grade, now: datetime, settings: Settings
) -> tuple[float, float]:
    """Stability and difficulty after this grade, by FSRS-6."""
    today = noon_of(study_day(now, settings.zone))
    before = fsrs.Card(card_id=0, due=today)
    if card is not None:
        before.state, before.step = fsrs.State.Review, None
        before.stability, before.difficulty = card.stability, card.difficulty
        before.last_review = noon_of(study_day(card.last_review, settings.zone))
    after, _ = _scheduler(settings.weights).review_card(before, fsrs.Rating(given), today)
    if after.stability is None or after.difficulty is None:
        raise AssertionError("a reviewed card has a stability and a difficulty")
    return after.stability, after.difficulty


@lru_cache(maxsize=64)
def _scheduler(weights: tuple[float, ...]) -> fsrs.Scheduler:
    return fsrs.Scheduler(weights, learning_steps=(), relearning_steps=(), enable_fuzzing=False)
