"""Calibration as pages show it, for a learner or a class."""

from collections.abc import Iterable
from dataclasses import dataclass

from quizapp.domain.certainty import CERTAIN, FAIRLY, GUESS
from quizapp.domain.studying.calibration import Brier, Level, Said, brier, by_level

WORDS = {GUESS: "a guess", FAIRLY: "fairly sure", CERTAIN: "certain"}


@dataclass(frozen=True, slots=True)
class Fit:
    """How certainty fits answers: the levels, the score over all of them, and their number."""

    levels: tuple[Level, ...]
    brier: Brier
    n: int


def fit(said: Iterable[Said]) -> Fit | None:
    """What the answers come to, None where none was given with a certainty."""
    said = list(said)
    score = brier(said)
    return Fit(by_level(said), score, score.n) if score else None
