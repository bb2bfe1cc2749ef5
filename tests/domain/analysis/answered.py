"""Raw answers of a quiz, and the observations that are made of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from quizapp.domain.analysis.tally import ItemTally, Observation, Outcome, QuizTally


@dataclass(frozen=True)
class Answer:
    credit: Fraction = Fraction(0)
    chosen: frozenset[int] = frozenset()
    outcome: Outcome = Outcome.ANSWERED
    elapsed_ms: int | None = None
    certainty: int | None = None


SKIPPED = Answer(outcome=Outcome.SKIPPED)
UNSEEN = Answer(outcome=Outcome.UNSEEN)
RIGHT = Answer(Fraction(1), frozenset({0}))
WRONG = Answer(Fraction(0), frozenset({1}))

Attempt = Sequence[Answer]


def observed(attempt: Attempt) -> list[Observation]:
    total = sum((answer.credit for answer in attempt), Fraction(0))
    others = len(attempt) - 1
    return [
        Observation(
            outcome=answer.outcome,
            credit=answer.credit,
            is_right=answer.credit == 1,
            chosen=answer.chosen,
            rest=(total - answer.credit) / others if others else None,
            score=total / len(attempt),
            elapsed_ms=answer.elapsed_ms,
            certainty=answer.certainty,
        )
        for answer in attempt
    ]


def score(attempt: Attempt) -> Fraction:
    return sum((answer.credit for answer in attempt), Fraction(0)) / len(attempt)


def tallied(attempts: Sequence[Attempt]) -> tuple[list[ItemTally], QuizTally]:
    """Tallies of attempts that all had the same items."""
    items = [ItemTally() for _ in attempts[0]]
    quiz = QuizTally()
    for attempt in attempts:
        quiz.add(score(attempt), range(len(attempt)))
        for tally, seen in zip(items, observed(attempt), strict=True):
            tally.add(seen)
    return items, quiz


def marked(credits_of_attempts: Sequence[Sequence[Fraction | int]]) -> list[list[Answer]]:
    """Answers with these credits: the key is the first choice, any other answer the second."""
    return [
        [Answer(Fraction(c), frozenset({0 if c == 1 else 1})) for c in attempt]
        for attempt in credits_of_attempts
    ]
