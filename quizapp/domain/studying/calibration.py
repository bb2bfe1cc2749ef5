"""How well certainty fits answers: shares by level, the Brier score and its parts, over time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby

from quizapp.domain.analysis.intervals import wilson
from quizapp.domain.certainty import CERTAIN, FAIRLY, GUESS

LEVELS = (GUESS, FAIRLY, CERTAIN)

CERTAIN_MEANS = Fraction(19, 20)
"""The probability that "certain" states: wrong once in twenty."""

ENOUGH = 10
"""Answers from which a level is spoken of; the interval is then narrower than half the scale."""


@dataclass(frozen=True, slots=True)
class Said:
    """Answers of one day with one certainty and one chance of luck: how many, how many right.

    `luck` is the exact chance that a blind pick is right. Right means full credit.
    """

    day: date
    certainty: int
    luck: Fraction
    n: int
    right: int

    @property
    def stated(self) -> Fraction:
        """The probability of being right that was stated."""
        return stated(self.certainty, self.luck)


@dataclass(frozen=True, slots=True)
class Level:
    """Answers with one certainty. `share` right with its 95 % Wilson interval, None where n is 0;
    `stated` is the mean probability that was stated."""

    certainty: int
    n: int
    right: int
    share: float | None
    interval: tuple[float, float] | None
    stated: float | None


@dataclass(frozen=True, slots=True)
class Brier:
    """The mean squared error of stated probabilities, and its parts (Murphy 1973).

    score = reliability - resolution + uncertainty. Reliability (0 is best) is how far stated
    probabilities lie from what came true, resolution (more is better) how far the levels tell
    right from wrong answers, uncertainty what the share of right answers alone makes.
    """

    n: int
    score: float
    reliability: float
    resolution: float
    uncertainty: float


def stated(certainty: int, luck: Fraction) -> Fraction:
    """The probability of being right that a level states for a question.

    A guess states the chance of a blind pick, certain 0.95, and fairly the middle of the two:
    0.6 with four choices.
    """
    if certainty == GUESS:
        return luck
    return CERTAIN_MEANS if certainty == CERTAIN else (luck + CERTAIN_MEANS) / 2


def by_level(answers: Iterable[Said]) -> tuple[Level, ...]:
    """The three levels, least certain first."""
    answers = list(answers)
    return tuple(_level(c, [each for each in answers if each.certainty == c]) for c in LEVELS)


def brier(answers: Iterable[Said]) -> Brier | None:
    """Score and parts over all answers, None where there are none."""
    return decomposed((each.stated, each.n, each.right) for each in answers)


def decomposed(forecasts: Iterable[tuple[Fraction, int, int]]) -> Brier | None:
    """The same from (probability, how often it was stated, how often it came true).

    Exact within: equal probabilities are one group, and the parts make up the score.
    """
    groups: dict[Fraction, tuple[int, int]] = {}
    for probability, n, right in forecasts:
        before, right_before = groups.get(probability, (0, 0))
        groups[probability] = before + n, right_before + right
    groups = {probability: group for probability, group in groups.items() if group[0]}
    total = sum(n for n, _ in groups.values())
    if not total:
        return None
    base = Fraction(sum(right for _, right in groups.values()), total)
    reliability = sum(n * (p - Fraction(right, n)) ** 2 for p, (n, right) in groups.items()) / total
    resolution = sum(n * (Fraction(right, n) - base) ** 2 for n, right in groups.values()) / total
    uncertainty = base * (1 - base)
    return Brier(
        n=total,
        score=float(reliability - resolution + uncertainty),
        reliability=float(reliability),
        resolution=float(resolution),
        uncertainty=float(uncertainty),
    )


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def month_of(day: date) -> date:
    """The first of a day's month."""
    return day.replace(day=1)


def over_time(
    answers: Iterable[Said], bucket: Callable[[date], date] = week_of
) -> dict[date, Brier]:
    """Score and parts by week or month, in order; times without answers are left out."""

    def key(each: Said) -> date:
        return bucket(each.day)

    parts = ((day, brier(part)) for day, part in groupby(sorted(answers, key=key), key))
    return {day: found for day, found in parts if found is not None}


def sentence(levels: Iterable[Level]) -> str:
    """What the levels come to, in plain words.

    A level is said to be off only where its interval leaves out what it states.
    """
    by = {level.certainty: level for level in levels}
    if by[CERTAIN].n < ENOUGH and by[GUESS].n < ENOUGH:
        return _too_few(by[CERTAIN].n)
    if _is_off(by[CERTAIN], over=True):
        return f"{_times(by[CERTAIN], 'certain')} Certain should mean 19 of 20."
    if _is_off(by[GUESS], over=False):
        return f"{_times(by[GUESS], 'a guess')} You know more than you think."
    if by[CERTAIN].n < ENOUGH:
        return f"{_times(by[GUESS], 'a guess')} That is about what luck gives."
    return f"{_times(by[CERTAIN], 'certain')} Your certainty fits your answers."


def _too_few(n: int) -> str:
    return f"Too few answers to tell how well your certainty fits them ({n} called certain)."


def _times(level: Level, word: str) -> str:
    return f"When you said {word}, you were right {level.right} of {level.n} times."


def _is_off(level: Level, *, over: bool) -> bool:
    """Whether fewer (`over`: overconfident) or more answers were right than was stated."""
    if level.n < ENOUGH or level.interval is None or level.stated is None:
        return False
    low, high = level.interval
    return high < level.stated if over else low > level.stated


def _level(certainty: int, answers: list[Said]) -> Level:
    n, right = sum(each.n for each in answers), sum(each.right for each in answers)
    if not n:
        return Level(certainty, 0, 0, None, None, None)
    mean = float(sum(each.n * each.stated for each in answers) / n)
    return Level(certainty, n, right, right / n, wilson(right / n, n), mean)
