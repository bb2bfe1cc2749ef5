"""What luck does to right answers: the chance of a blind pick, and how far to believe one."""

from math import comb

from quizapp.domain.certainty import CERTAIN, FAIRLY, GUESS

KNOWN_BEFORE = 0.5
"""Chance that something is known when it is asked for the first time, before its answer is seen."""

SLIPS = 0.02
"""Share of recalled answers that go wrong all the same: misread, mispressed."""

ODDS_OF_CERTAINTY = {GUESS: 0.5, FAIRLY: 3.0, CERTAIN: 20.0, None: 1.0}
"""How many times likelier a level is said by who knows than by who picked blindly and was lucky."""


def chance(choices: int, keys: int = 1) -> float:
    """Chance of a blind pick being right: one over the number of sets of that many choices."""
    return 1 / comb(choices, keys)


def right_when(recalled: float, luck: float) -> float:
    """Probability of a right answer by who recalls with probability `recalled`, else guesses."""
    return recalled * (1 - SLIPS) + (1 - recalled) * luck


def belief(recalled: float, luck: float, certainty: int | None) -> float:
    """Probability that a right answer was known and not lucky (Bayes' rule).

    `recalled` is the probability of recall before the answer, `luck` that of a blind pick being
    right; the level of certainty counts by `ODDS_OF_CERTAINTY`. Without luck it is 1.
    """
    known = recalled * ODDS_OF_CERTAINTY[certainty]
    lucky = (1 - recalled) * luck
    return known / (known + lucky) if lucky else 1.0
