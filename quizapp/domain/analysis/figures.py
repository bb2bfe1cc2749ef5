"""What analysis says of items and quizzes, made from tallies alone.

A figure that cannot be given says why: too few answers, or nothing to tell apart.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import comb, sqrt
from statistics import median

from quizapp.domain.analysis.intervals import feldt, fisher, wilson
from quizapp.domain.analysis.quantiles import t_quantile_95
from quizapp.domain.analysis.tally import TIME_EDGES, ItemTally, QuizTally

FEWEST_FOR_SHARE = 5
"""Below this, the interval of a share spans more than two thirds of the scale."""

FEWEST_FOR_CORRELATION = 20
"""Below this, the interval of a correlation near 0 is wider than 0.9: it tells nothing."""

FEWEST_FOR_DISTRACTORS = 20
"""Below this, a single answer is more than the 5 % that make a distractor work."""

FUNCTIONAL = Fraction(1, 20)
"""The share of answers from which a distractor works (Haladyna and Downing 1993)."""

LEAST_CREDIT = -2
"""The lowest credit there is, that of a wrong answer given as certain."""

NO_SPREAD = "all the same"
"""Why a correlation is blank where every answer, or every rest of a quiz, earned alike."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, with its 95 % interval where it has one; `blank` says why there is no number."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    blank: str = ""


def too_few(n: int) -> Figure:
    """The figure that is not given."""
    return Figure(blank=f"too few answers (n = {n})")


@dataclass(frozen=True, slots=True)
class ChoiceFigures:
    """How often a choice was taken: of all answers, and by the thirds of the scores.

    `position` counts from 0 in the author's order. `is_functional` is None for keys and while
    answers are too few to say.
    """

    position: int
    is_key: bool
    n: int
    share: Figure
    lower: int
    middle: int
    upper: int
    is_functional: bool | None


@dataclass(frozen=True, slots=True)
class Certainty:
    """Answers given with a certainty (1 to 3, 0 unsaid), and how many were wholly right."""

    level: int
    n: int
    right: int
    share: Figure


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """All about one item. `n` counts the attempts that reached it, unseen ones are apart.

    `facility` is the mean credit, `right` the share of wholly right answers, `skipped_share` the
    share of `n`, `unseen_share` that of all attempts that had the item. `discrimination` is the
    item-rest correlation; `index` and `efficiency` are Moodle's, in percent. `seconds` is the
    median time of an answer, its low and high the quartiles. `thirds` are the numbers of
    attempts in the lower, middle and upper third.
    """

    n: int
    answered: int
    skipped: int
    unseen: int
    facility: Figure
    right: Figure
    chance: float
    discrimination: Figure
    index: Figure
    efficiency: Figure
    skipped_share: Figure
    unseen_share: Figure
    choices: tuple[ChoiceFigures, ...]
    thirds: tuple[int, int, int]
    seconds: Figure
    certainties: tuple[Certainty, ...]


def item_figures(tally: ItemTally, choices: int, keys: Collection[int]) -> ItemFigures:
    """The figures of an item with this many choices, `keys` being the positions of its keys."""
    correlation, efficiency = _discrimination(tally)
    thirds = _thirds(tally.scores)
    return ItemFigures(
        n=tally.reached,
        answered=tally.answered,
        skipped=tally.skipped,
        unseen=tally.unseen,
        facility=_facility(tally),
        right=share(sum(tally.rights.values()), tally.reached),
        chance=1 / comb(choices, len(keys)),
        discrimination=correlation,
        index=_scaled(correlation, 100),
        efficiency=efficiency,
        skipped_share=share(tally.skipped, tally.reached),
        unseen_share=share(tally.unseen, tally.n),
        choices=tuple(
            _choice_figures(tally, position, position in keys, thirds)
            for position in range(choices)
        ),
        thirds=_by_third(tally.scores, thirds),
        seconds=_seconds(tally.times),
        certainties=tuple(
            Certainty(level, n, right := tally.rights.get(level, 0), share(right, n))
            for level, n in sorted(tally.certainties.items())
        ),
    )


def share(count: int, n: int) -> Figure:
    """A count as a share of n with Wilson's interval."""
    if n < FEWEST_FOR_SHARE:
        return too_few(n)
    return Figure(count / n, *wilson(count / n, n))


def _facility(tally: ItemTally) -> Figure:
    """Mean credit of those who reached the item, with Wilson's interval on the scale of credit.

    That scale is 0 to 1, or from -2 where certainty was marked and cost somebody marks.
    """
    n = tally.reached
    if n < FEWEST_FOR_SHARE:
        return too_few(n)
    mean = float(tally.credit_sum / n)
    least = LEAST_CREDIT if any(credit < 0 for credit in tally.credits) else 0
    low, high = wilson(min(1.0, max(0.0, (mean - least) / (1 - least))), n)
    return Figure(mean, least + low * (1 - least), least + high * (1 - least))


def _discrimination(tally: ItemTally) -> tuple[Figure, Figure]:
    """Item-rest correlation with Fisher's interval, and Moodle's discriminative efficiency.

    Over the attempts that reached the item and had others beside it. Efficiency is in percent:
    the covariance of credit and rest over the greatest that the same credits and rests could
    have, both put in order. Its interval is that of the correlation on its scale, taking the
    credits and rests as given. Moodle also counts unseen items, as 0, and takes the sum of the
    other marks for the rest: the same where all attempts had the same items.
    """
    paired = {credit: n - tally.unpaired.get(credit, 0) for credit, n in tally.credits.items()}
    n = sum(tally.rests.values())
    if n < FEWEST_FOR_CORRELATION:
        return too_few(n), too_few(n)
    x = sum((credit * count for credit, count in paired.items()), Fraction(0))
    xx = sum((credit**2 * count for credit, count in paired.items()), Fraction(0)) - x * x / n
    y = sum(tally.rest_sums.values(), Fraction(0))
    yy = tally.rest_squares - y * y / n
    if not xx or not yy:
        return Figure(blank=NO_SPREAD), Figure(blank=NO_SPREAD)
    xy = tally.products - x * y / n
    greatest = _greatest_products(paired, tally) - x * y / n
    r = max(-1.0, min(1.0, float(xy) / sqrt(xx * yy)))
    correlation = Figure(r, *fisher(r, n))
    if not greatest:
        return correlation, Figure(blank=NO_SPREAD)
    return correlation, _scaled(correlation, 100 * sqrt(xx * yy) / float(greatest))


def _greatest_products(by_credit: Mapping[Fraction, int], tally: ItemTally) -> Fraction:
    """Sum of credit times rest, were the highest credits those with the highest rests.

    Rests that share a thousandth count as their mean.
    """
    runs = iter(sorted(by_credit.items()))
    credit, waiting = next(runs)
    total = Fraction(0)
    for thousandth, n in sorted(tally.rests.items()):
        rest = tally.rest_sums.get(thousandth, Fraction(0)) / n
        open_places = n
        while open_places:
            while not waiting:
                credit, waiting = next(runs)
            taken = min(open_places, waiting)
            total += credit * rest * taken
            open_places -= taken
            waiting -= taken
    return total


def _scaled(figure: Figure, by: float) -> Figure:
    if figure.value is None or figure.low is None or figure.high is None:
        return figure
    return Figure(figure.value * by, figure.low * by, figure.high * by)


def _thirds(scores: Mapping[int, int]) -> dict[int, int]:
    """The third (0 lower, 1 middle, 2 upper) of each score in whole percent.

    A score belongs where the middle one of those who have it stands in the ranking, so that
    equals stay together; the thirds are then as even as the ties let them be.
    """
    n, below = sum(scores.values()), 0
    thirds: dict[int, int] = {}
    for score, count in sorted(scores.items()):
        twice_rank = 2 * below + count
        thirds[score] = (3 * twice_rank > 2 * n) + (3 * twice_rank >= 4 * n)
        below += count
    return thirds


def _by_third(counts: Mapping[int, int], thirds: Mapping[int, int]) -> tuple[int, int, int]:
    sums = [0, 0, 0]
    for score, n in counts.items():
        sums[thirds[score]] += n
    return sums[0], sums[1], sums[2]


def _choice_figures(
    tally: ItemTally, position: int, is_key: bool, thirds: Mapping[int, int]
) -> ChoiceFigures:
    counts = {score: n for (score, choice), n in tally.choices.items() if choice == position}
    n = sum(counts.values())
    lower, middle, upper = _by_third(counts, thirds)
    is_known = not is_key and tally.answered >= FEWEST_FOR_DISTRACTORS
    return ChoiceFigures(
        position=position,
        is_key=is_key,
        n=n,
        share=share(n, tally.answered),
        lower=lower,
        middle=middle,
        upper=upper,
        is_functional=n >= FUNCTIONAL * tally.answered if is_known else None,
    )


def _seconds(times: Mapping[int, int]) -> Figure:
    n = sum(times.values())
    if n < FEWEST_FOR_SHARE:
        return too_few(n)
    return Figure(_quantile(times, n, 2), _quantile(times, n, 1), _quantile(times, n, 3))


def _quantile(times: Mapping[int, int], n: int, quarter: int) -> float:
    """The shortest time, in seconds, that at least so many quarters of n stay within: the middle
    of its bin."""
    bins = sorted(times.items())
    reached = zip(bins, accumulate(count for _, count in bins), strict=True)
    place = next(place for (place, _), upto in reached if 4 * upto >= quarter * n)
    following = min(place + 1, len(TIME_EDGES) - 1)
    return (TIME_EDGES[place] + TIME_EDGES[following]) / 2000


@dataclass(frozen=True, slots=True)
class QuizFigures:
    """All about a quiz of which n attempts were submitted.

    Mean, `sd` (divisor n - 1) and `sem`, the standard error of measurement, are shares of all
    marks. `histogram` counts scores by tenths, full marks in the last. `items` is the number of
    items, None where not all attempts had the same.
    """

    n: int
    items: int | None
    mean: Figure
    sd: Figure
    alpha: Figure
    sem: Figure
    histogram: tuple[int, ...]


def quiz_figures(quiz: QuizTally, items: Collection[ItemTally]) -> QuizFigures:
    """The figures of a quiz from its own tally and those of its counted items."""
    mean, sd = _mean_and_sd(quiz)
    alpha = _alpha(quiz, items)
    return QuizFigures(
        n=quiz.n,
        items=quiz.common_size,
        mean=mean,
        sd=sd,
        alpha=alpha,
        sem=_sem(sd, alpha),
        histogram=tuple(
            sum(n for score, n in quiz.scores.items() if min(score // 10, 9) == tenth)
            for tenth in range(10)
        ),
    )


def _variance(quiz: QuizTally) -> Fraction:
    return (quiz.score_squares - quiz.score_sum**2 / quiz.n) / (quiz.n - 1)


def _mean_and_sd(quiz: QuizTally) -> tuple[Figure, Figure]:
    """Mean score with Student's interval, cut where no score can be, and standard deviation."""
    n = quiz.n
    if n < FEWEST_FOR_SHARE:
        return too_few(n), too_few(n)
    mean, sd = float(quiz.score_sum / n), sqrt(_variance(quiz))
    half = t_quantile_95(n - 1) * sd / sqrt(n)
    return Figure(mean, max(0.0, mean - half), min(1.0, mean + half)), Figure(sd)


def _alpha(quiz: QuizTally, items: Collection[ItemTally]) -> Figure:
    """Cronbach's alpha (1951) with Feldt's interval; items left out or unseen count as 0.

    Only where every attempt had these items, each worth the same: the items' credits must add
    up to the scores exactly.
    """
    n, size = quiz.n, quiz.common_size
    if n < FEWEST_FOR_CORRELATION:
        return too_few(n)
    variances = [item.variance for item in items if item.n == n and item.variance is not None]
    if size is None or len(variances) != size or len(items) != size:
        return Figure(blank="not all attempts had the same questions")
    if size < 2:
        return Figure(blank="needs two questions")
    if sum(item.credit_sum for item in items) != size * quiz.score_sum:
        return Figure(blank="not all questions are worth the same")
    total = size**2 * _variance(quiz)
    if not total:
        return Figure(blank=NO_SPREAD)
    alpha = float(Fraction(size, size - 1) * (1 - sum(variances) / total))
    return Figure(alpha, *feldt(alpha, n, size))


def _sem(sd: Figure, alpha: Figure) -> Figure:
    """sd times the root of 1 - alpha, its interval from that of alpha alone."""
    if sd.value is None or alpha.value is None or alpha.low is None or alpha.high is None:
        return Figure(blank=alpha.blank or sd.blank)
    high, value, low = (sd.value * sqrt(1 - a) for a in (alpha.low, alpha.value, alpha.high))
    return Figure(value, low, high)


def usual_seconds(items: Collection[ItemFigures]) -> float | None:
    """The median of the items' median times, None below two that have one."""
    times = [item.seconds.value for item in items if item.seconds.value is not None]
    return median(times) if len(times) > 1 else None
