"""How much simulated learners retain by each way of studying: `python -m benchmarks.studying`.

200 learners (see `benchmarks.learners`) study 84 questions for 60 days less those they miss, each
day until nothing is due or the time is spent, once under each policy with the same mind. What they
would recall on day 60 is put beside the minutes they spent, answers and feedback included.
Constants were chosen on the learners called "tuning"; what counts are the others, called "report",
on which nothing was tried. `--quick` runs a few learners, for a trial.

Differences are paired by learner, with 95 % intervals by Student's t: of retained per minute as a
ratio (by its logarithm), of what is retained and of minutes as plain differences.
"""

import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from random import Random

from benchmarks.learners import Asked, Learner, at, bank
from benchmarks.policies import (
    BUDGET_SECONDS,
    Fsrs,
    Ladder,
    Policy,
    RandomPractice,
    every_right_is_good,
    graded,
    without_luck,
)
from quizapp.domain.analysis.quantiles import t_quantile_95
from quizapp.domain.studying.days import study_day
from quizapp.domain.studying.scheduling import Settings

LEARNERS, QUESTIONS, PASSAGES, DAYS = 200, 84, 13, 60
USUAL = Settings().retention
LADDER, OURS = "ladder 1-3-7-14-30", f"ours, {USUAL:.0%}"
MATCHED = "plain FSRS, 83.5%"
"""Plain FSRS at the retention at which it retained as much as ours, among the tuning learners."""

_AT_90 = ("ours, 90%", "plain FSRS, 90%")

Maker = Callable[[list[Asked], Random], Policy]
POLICIES: dict[str, Maker] = {
    "random practice": RandomPractice,
    LADDER: Ladder,
    OURS: Fsrs(graded, USUAL),
    "  luck left out": Fsrs(without_luck, USUAL),
    "  with the exam on day 60": Fsrs(graded, USUAL, study_day(at(DAYS))),
    f"plain FSRS, {USUAL:.0%}": Fsrs(every_right_is_good, USUAL),
    MATCHED: Fsrs(every_right_is_good, 0.835),
    "plain FSRS, 90%": Fsrs(every_right_is_good, 0.9),
    "ours, 90%": Fsrs(graded, 0.9),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one learner: the mean true recall of all questions on day 60, and minutes spent."""

    retained: float
    minutes: float

    @property
    def per_hour(self) -> float:
        """Share retained for an hour of study."""
        return 60 * self.retained / self.minutes


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over learners with its 95 % interval."""

    mean: float
    low: float
    high: float


def study(seed: str, maker: Maker) -> Outcome:
    """One learner under one policy: 60 days and a look into their memory on day 60."""
    questions = bank(QUESTIONS, PASSAGES, Random(f"bank {seed}"))
    learner = Learner(seed, questions)
    policy = maker(questions, Random(f"policy {seed}"))
    seconds = sum(study_for_a_day(learner, policy, day) for day in range(DAYS))
    recall = statistics.fmean(learner.recall(question, DAYS) for question in questions)
    return Outcome(recall, seconds / 60)


def study_for_a_day(learner: Learner, policy: Policy, day: int) -> float:
    """Seconds spent: the last question begun within the day's time is finished."""
    if learner.is_away(day):
        return 0.0
    spent = 0.0
    for question in policy.today(day):
        if spent >= BUDGET_SECONDS:
            break
        seen = learner.answer(question, day)
        policy.told(question, seen, day)
        spent += seen.seconds
    return spent


def estimate(values: Sequence[float]) -> Estimate:
    """Mean and interval by Student's t."""
    mean = statistics.fmean(values)
    half = t_quantile_95(len(values) - 1) * statistics.stdev(values) / sqrt(len(values))
    return Estimate(mean, mean - half, mean + half)


def gain(ours: Sequence[Outcome], theirs: Sequence[Outcome]) -> Estimate:
    """How much more we retain per minute, as a share of theirs."""
    logs = [log(a.per_hour / b.per_hour) for a, b in zip(ours, theirs, strict=True)]
    found = estimate(logs)
    return Estimate(*(exp(value) - 1 for value in (found.mean, found.low, found.high)))


def outcomes(name: str, learners: int) -> dict[str, list[Outcome]]:
    """Every policy on the same learners of this name."""
    seeds = [f"{name} {number}" for number in range(learners)]
    return {policy: [study(seed, maker) for seed in seeds] for policy, maker in POLICIES.items()}


def table(found: dict[str, list[Outcome]]) -> str:
    """A line a policy, and what the comparisons come to."""
    lines = [f"{'policy':28}{'retained':>10}{'minutes':>9}{'per hour':>10}   per minute vs ladder"]
    for policy, results in found.items():
        retained = statistics.fmean(each.retained for each in results)
        minutes = statistics.fmean(each.minutes for each in results)
        per_hour = statistics.fmean(each.per_hour for each in results)
        against = "" if policy == LADDER else _percent(gain(results, found[LADDER]))
        lines.append(f"{policy:28}{retained:>10.1%}{minutes:>9.0f}{per_hour:>10.1%}   {against}")
    lines += ["", *_against_plain(found)]
    return "\n".join(lines)


def _against_plain(found: dict[str, list[Outcome]]) -> list[str]:
    lines: list[str] = []
    for ours, plain in ((OURS, MATCHED), (OURS, f"plain FSRS, {USUAL:.0%}"), _AT_90):
        pairs = list(zip(found[ours], found[plain], strict=True))
        retained = estimate([100 * (a.retained - b.retained) for a, b in pairs])
        minutes = estimate([a.minutes - b.minutes for a, b in pairs])
        lines.append(
            f"{ours} / {plain}: per minute {_percent(gain(found[ours], found[plain]))}; "
            f"retained {retained.mean:+.1f} points ({retained.low:+.1f} to {retained.high:+.1f}); "
            f"{minutes.mean:+.0f} minutes ({minutes.low:+.0f} to {minutes.high:+.0f})"
        )
    return lines


def _percent(found: Estimate) -> str:
    return f"{found.mean:+.1%} ({found.low:+.1%} to {found.high:+.1%})"


def main() -> None:
    """Print both tables."""
    learners = 5 if "--quick" in sys.argv else LEARNERS
    for name in ("tuning", "report"):
        print(f"{name}: {learners} learners, {QUESTIONS} questions, {DAYS} days")
        print(table(outcomes(name, learners)), end="\n\n")


if __name__ == "__main__":
    main()
