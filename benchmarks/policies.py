"""Ways of studying that simulated learners follow in `benchmarks.studying`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from random import Random
from typing import Protocol

from benchmarks.learners import Asked, Seen, at
from quizapp.domain.studying.exam import exam_due
from quizapp.domain.studying.queue import Entry, Limits, order
from quizapp.domain.studying.scheduling import Answer, Card, Settings, is_quick, review

BUDGET_SECONDS = 8 * 60
NEW_A_DAY = 7
LADDER = (1, 3, 7, 14, 30)
WORDS = 42
"""Of a question's stem and choices: an answer within 19.8 seconds is quick."""


class Policy(Protocol):
    """What to ask on a day, until the time is spent; told of each answer."""

    def today(self, day: int, /) -> list[Asked]: ...

    def told(self, question: Asked, seen: Seen, day: int, /) -> None: ...


class RandomPractice:
    """Any question at any time."""

    def __init__(self, questions: list[Asked], random: Random) -> None:
        self._questions, self._random = questions, random

    def today(self, _day: int) -> list[Asked]:
        return self._random.choices(self._questions, k=BUDGET_SECONDS)

    def told(self, _question: Asked, _seen: Seen, _day: int) -> None:
        """Whatever comes of it."""


class Ladder:
    """Fixed waits: one rung up when right, back to the first when wrong; the longest due first."""

    def __init__(self, questions: list[Asked], _random: Random) -> None:
        self._questions = questions
        self._due: dict[int, int] = {}
        self._rungs: dict[int, int] = {}

    def today(self, day: int) -> list[Asked]:
        due = sorted((when, number) for number, when in self._due.items() if when <= day)
        return [self._questions[number] for _, number in due] + self._new()

    def told(self, question: Asked, seen: Seen, day: int) -> None:
        number = question.number
        up = min(self._rungs.get(number, -1) + 1, len(LADDER) - 1)
        self._rungs[number] = up if seen.is_right else 0
        self._due[number] = day + LADDER[self._rungs[number]]

    def _new(self) -> list[Asked]:
        return [q for q in self._questions if q.number not in self._due][:NEW_A_DAY]


def graded(question: Asked, seen: Seen) -> Answer:
    """What the app takes from an answer."""
    quick = is_quick(round(1000 * seen.answer_seconds), WORDS)
    return Answer(Fraction(seen.is_right), seen.certainty, quick, 1 / question.choices)


def without_luck(_question: Asked, seen: Seen) -> Answer:
    """The app's grades, guessing left out of account."""
    quick = is_quick(round(1000 * seen.answer_seconds), WORDS)
    return Answer(Fraction(seen.is_right), seen.certainty, quick)


def every_right_is_good(_question: Asked, seen: Seen) -> Answer:
    """Plain FSRS: right is Good, wrong is Again."""
    return Answer(Fraction(seen.is_right))


@dataclass(frozen=True, slots=True)
class Fsrs:
    """The app's cards and queue at a desired retention, told of answers by `reading`; with an
    exam date where one is given. Called, it makes the policy of one learner."""

    reading: Callable[[Asked, Seen], Answer]
    retention: float
    exam: date | None = None

    def __call__(self, questions: list[Asked], _random: Random) -> "Cards":
        return Cards(questions, self)


class Cards:
    """One learner's cards."""

    def __init__(self, questions: list[Asked], how: Fsrs) -> None:
        self._questions, self._how = questions, how
        self._settings = Settings(retention=how.retention)
        self.cards: dict[int, Card] = {}

    def today(self, day: int) -> list[Asked]:
        now = at(day)
        due_at = self._due_at(now)
        due = [self._entry(self._questions[n]) for n, when in due_at.items() if when <= now]
        new = [self._entry(q) for q in self._questions if q.number not in self.cards]
        limits = Limits(reviews=len(due), new=NEW_A_DAY)
        entries = order(due, new, now, limits, self._settings)
        return [self._questions[entry.question] for entry in entries]

    def told(self, question: Asked, seen: Seen, day: int) -> None:
        answer = self._how.reading(question, seen)
        before = self.cards.get(question.number)
        self.cards[question.number], _ = review(before, answer, at(day), self._settings)

    def _due_at(self, now: datetime) -> dict[int, datetime]:
        if self._how.exam is None:
            return {number: card.due for number, card in self.cards.items()}
        a_day = len(self._questions) // 7
        return exam_due(self.cards, self._how.exam, now, a_day, self._settings)

    def _entry(self, question: Asked) -> Entry:
        passages = frozenset({question.passage})
        return Entry(question.number, passages, self.cards.get(question.number))
