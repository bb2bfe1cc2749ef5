"""Simulated learners whose memory follows FSRS-6, each with parameters of their own.

What a scheduler sees of them is what the app sees: whether the answer was right, how sure they said
they were, and how long it took. What they know is hidden. A learner who does not recall picks
blindly; a lucky pick is a lapse for the memory all the same. What they were told by the feedback
then counts as FSRS has it after Again.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import exp
from random import Random

import fsrs
from fsrs.scheduler import (
    DEFAULT_PARAMETERS,
    LOWER_BOUNDS_PARAMETERS,
    UPPER_BOUNDS_PARAMETERS,
)

MOST_DAYS = 400
START = datetime(2026, 3, 2, 18, tzinfo=UTC)
SPREAD = 0.2
"""Standard deviation of the logarithm of each of a learner's 21 parameters."""

SLIP, MISSED = (0.005, 0.035), (0.05, 0.35)
"""From what range a learner's share of slips among recalled answers, and of days without study."""

SURE = {None: -0.8, 2: 0.1, 3: 0.9, 4: 1.6}
"""How sure a learner feels by what memory did: nothing, hardly, well, with ease."""

SURE_NOISE, SURE_BIAS, FAIRLY_FROM, CERTAIN_FROM = 0.7, 0.35, 0.0, 0.9
SECONDS = {None: 26.0, 2: 24.0, 3: 17.0, 4: 10.0}
READING_FEEDBACK = 15.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its number, its passage and how many choices it has."""

    number: int
    passage: int
    choices: int
    hardness: float


@dataclass(frozen=True, slots=True)
class Seen:
    """What the app sees of an answer; `seconds` with the feedback that is read afterwards."""

    is_right: bool
    certainty: int
    answer_seconds: float
    seconds: float


def at(day: int) -> datetime:
    """When learners study on a day of the simulation."""
    return START + timedelta(days=day)


def bank(size: int, passages: int, random: Random) -> list[Asked]:
    """Questions of three to five choices over the passages."""
    return [
        Asked(n, n % passages, random.choice((3, 4, 4, 4, 5)), random.gauss(0, 0.5))
        for n in range(size)
    ]


class Learner:
    """Someone with a memory, a pace and a temper of their own."""

    def __init__(self, seed: str, questions: list[Asked]) -> None:
        self.random = Random(seed)
        self._memory = fsrs.Scheduler(
            _own_parameters(self.random),
            learning_steps=(),
            relearning_steps=(),
            enable_fuzzing=False,
        )
        self._pace = exp(self.random.gauss(0, 0.25))
        self._bias = self.random.gauss(0, SURE_BIAS)
        self._slip = self.random.uniform(*SLIP)
        missed = self.random.uniform(*MISSED)
        self._away = [self.random.random() < missed for _ in range(MOST_DAYS)]
        ability = self.random.gauss(-0.6, 0.7)
        self._knew = [self.random.random() < 1 / (1 + exp(q.hardness - ability)) for q in questions]
        self._cards: dict[int, fsrs.Card] = {}

    def is_away(self, day: int) -> bool:
        """Whether they do not study on that day."""
        return self._away[day]

    def recall(self, question: Asked, day: int) -> float:
        """The true probability of recall on that day; before the first answer, 1 or 0."""
        card = self._cards.get(question.number)
        if card is None:
            return float(self._knew[question.number])
        return self._memory.get_card_retrievability(card, at(day))

    def right(self, question: Asked, day: int) -> float:
        """The true probability of a right answer on that day."""
        recall = self.recall(question, day)
        return recall * (1 - self._slip) + (1 - recall) / question.choices

    def answer(self, question: Asked, day: int) -> Seen:
        """Answer, read the feedback, remember."""
        recall = self.recall(question, day)
        felt = self._felt(recall) if self.random.random() < recall else None
        card = self._cards.get(question.number) or fsrs.Card(card_id=0, due=at(day))
        rating = fsrs.Rating(felt or 1)
        self._cards[question.number], _ = self._memory.review_card(card, rating, at(day))
        if felt is None:
            is_right = self.random.random() < 1 / question.choices
        else:
            is_right = self.random.random() >= self._slip
        seconds = SECONDS[felt] * self._pace * exp(self.random.gauss(0, 0.35))
        feedback = READING_FEEDBACK * self._pace * (0.3 if is_right else 1)
        return Seen(is_right, self._certainty(felt), seconds, seconds + feedback)

    def _felt(self, recall: float) -> int:
        """Hardly, well or with ease: the better remembered, the easier."""
        draw = self.random.random()
        if draw < 0.08 + 0.5 * (1 - recall):
            return 2
        return 3 if draw < 0.85 - 0.15 * recall else 4

    def _certainty(self, felt: int | None) -> int:
        sure = SURE[felt] + self._bias + self.random.gauss(0, SURE_NOISE)
        return 1 + (sure >= FAIRLY_FROM) + (sure >= CERTAIN_FROM)


def _own_parameters(random: Random) -> tuple[float, ...]:
    return tuple(
        min(max(value * exp(random.gauss(0, SPREAD)), low), high)
        for value, low, high in zip(
            DEFAULT_PARAMETERS, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True
        )
    )
