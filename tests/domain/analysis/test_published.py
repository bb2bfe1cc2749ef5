"""Figures agree with R's and with published examples; see `published` for data and calls."""

import pytest

from quizapp.domain.analysis.figures import Figure, item_figures, quiz_figures
from quizapp.domain.analysis.intervals import fisher, wilson
from tests.domain.analysis.answered import marked, tallied
from tests.domain.analysis.published import ATTITUDE, LSAT6, LSAT7, Quiz

QUIZZES = {"LSAT6": LSAT6, "LSAT7": LSAT7, "attitude": ATTITUDE}

quizzes = pytest.mark.parametrize("quiz", QUIZZES.values(), ids=QUIZZES.keys())


def agrees(figure: Figure, value: float, interval: tuple[float, float] | None = None) -> bool:
    assert figure.value == pytest.approx(value, rel=1e-9, abs=1e-12)
    if interval is not None:
        assert (figure.low, figure.high) == pytest.approx(interval, rel=1e-9, abs=1e-12)
    return True


@quizzes
def test_figures_of_quizzes_are_those_of_r(quiz: Quiz):
    items, whole = tallied(marked(quiz.credits))
    figures = quiz_figures(whole, items)
    assert figures.n == len(quiz.credits)
    assert figures.items == len(quiz.items)
    assert agrees(figures.mean, quiz.mean, quiz.mean_interval)
    assert agrees(figures.sd, quiz.sd)
    assert agrees(figures.alpha, quiz.alpha, quiz.feldt)
    assert agrees(figures.sem, quiz.sem)


@quizzes
def test_figures_of_items_are_those_of_r(quiz: Quiz):
    items, _ = tallied(marked(quiz.credits))
    for tally, expected in zip(items, quiz.items, strict=True):
        figures = item_figures(tally, choices=2, keys={0})
        low, high = expected.fisher
        assert agrees(figures.facility, expected.facility, expected.wilson)
        assert agrees(figures.discrimination, expected.r, expected.fisher)
        assert agrees(figures.index, 100 * expected.r, (100 * low, 100 * high))
        assert agrees(figures.efficiency, expected.efficiency)


# Newcombe (1998), Two-sided confidence intervals for the single proportion, Statistics in
# Medicine 17, table I, method 3: to the four digits printed there.
@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_intervals_of_shares_are_those_that_newcombe_printed(right, n, low, high):
    assert wilson(right / n, n) == pytest.approx((low, high), abs=5e-5)


# R 4.2.2 with psych 2.2.9: psych::r.con(0.5, 50), psych::r.con(-0.8, 12)
@pytest.mark.parametrize(
    ("r", "n", "interval"),
    [
        (0.5, 50, (0.2574878607682841, 0.6832563020988135)),
        (-0.8, 12, (-0.9415952073545856, -0.4180204920570199)),
    ],
)
def test_intervals_of_correlations_are_those_of_r(r, n, interval):
    assert fisher(r, n) == pytest.approx(interval, rel=1e-9)
