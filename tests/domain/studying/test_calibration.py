from datetime import date
from fractions import Fraction
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.certainty import CERTAIN, FAIRLY, GUESS
from quizapp.domain.studying.calibration import (
    Said,
    brier,
    by_level,
    decomposed,
    month_of,
    over_time,
    sentence,
    stated,
    week_of,
)

MONDAY = date(2026, 3, 2)
CERTAIN_FITS = (
    "When you said certain, you were right 9 of 10 times. Your certainty fits your answers."
)
QUARTER = Fraction(1, 4)

# Forecasts of precipitation by the US National Weather Service, of which Murphy & Daan (1985) and
# Wilks (Statistical Methods in the Atmospheric Sciences, 1995, table 7.3) give, for each stated
# probability, how often it rained and the share of all forecasts. The counts are these shares of
# 10,000; the number of rainy days is rounded.
RAIN = [
    (Fraction(5 * twentieths, 100), n, round(n * rained))
    for twentieths, rained, n in [
        (0, 0.006, 4112),
        (1, 0.019, 671),
        (2, 0.059, 1833),
        (4, 0.150, 986),
        (6, 0.277, 616),
        (8, 0.377, 366),
        (10, 0.511, 303),
        (12, 0.587, 275),
        (14, 0.723, 245),
        (16, 0.779, 220),
        (18, 0.934, 170),
        (20, 0.933, 203),
    ]
]


def said(certainty, n, right, day=MONDAY, luck=QUARTER):
    return Said(day, certainty, luck, n, right)


def case_by_case(forecasts):
    """Score and parts from single forecasts and outcomes, straight from their definitions."""
    cases = [
        (float(p), outcome)
        for p, n, right in forecasts
        for outcome in [1.0] * right + [0.0] * (n - right)
    ]
    base = fmean(o for _, o in cases)
    came_true = {
        q: fmean(o for p, o in cases if p == q) for q in {probability for probability, _ in cases}
    }
    return (
        fmean((p - o) ** 2 for p, o in cases),
        fmean((p - came_true[p]) ** 2 for p, _ in cases),
        fmean((came_true[p] - base) ** 2 for p, _ in cases),
        base * (1 - base),
    )


def parts(found):
    return found.score, found.reliability, found.resolution, found.uncertainty


def test_published_forecasts_have_the_parts_that_single_cases_give():
    found = decomposed(RAIN)
    assert found is not None
    assert found.n == 10_000
    assert parts(found) == pytest.approx(case_by_case(RAIN), abs=1e-12)


def test_finleys_tornado_forecasts_of_1884_have_their_known_score():
    # 28 hits, 72 false alarms, 23 misses, 2,680 right rejections (Murphy 1996): 95 of 2,803 wrong
    found = decomposed([(Fraction(1), 100, 28), (Fraction(0), 2_703, 23)])
    assert found is not None
    assert found.score == pytest.approx(95 / 2_803, abs=1e-15)
    assert found.uncertainty == pytest.approx(51 * 2_752 / 2_803**2, abs=1e-15)


forecasts = st.lists(
    st.tuples(st.fractions(0, 1, max_denominator=12), st.integers(0, 30)).flatmap(
        lambda of: st.tuples(st.just(of[0]), st.just(of[1]), st.integers(0, of[1]))
    ),
    max_size=8,
)


@given(forecasts.filter(lambda each: any(n for _, n, _ in each)))
def test_any_forecasts_have_the_parts_that_single_cases_give(given_forecasts):
    assert parts(decomposed(given_forecasts)) == pytest.approx(
        case_by_case(given_forecasts), abs=1e-12
    )


@pytest.mark.parametrize(
    ("certainty", "luck", "probability"),
    [
        (GUESS, Fraction(1, 4), Fraction(1, 4)),
        (FAIRLY, Fraction(1, 4), Fraction(3, 5)),
        (CERTAIN, Fraction(1, 4), Fraction(19, 20)),
        (GUESS, Fraction(1, 10), Fraction(1, 10)),
    ],
)
def test_each_level_states_a_probability(certainty, luck, probability):
    assert stated(certainty, luck) == probability


def test_levels_have_their_share_right_with_its_wilson_interval():
    guess, fairly, certain = by_level([said(CERTAIN, 5, 4), said(CERTAIN, 5, 4), said(GUESS, 3, 1)])
    assert (certain.n, certain.right, certain.share) == (10, 8, 0.8)
    # as R's prop.test has it without continuity correction
    assert certain.interval == pytest.approx((0.4901625, 0.9433178), abs=1e-7)
    assert (guess.n, guess.stated) == (3, 0.25)
    assert (fairly.n, fairly.share, fairly.interval, fairly.stated) == (0, None, None, None)


def test_answers_with_other_chances_are_stated_by_their_mean():
    _, fairly, _ = by_level([said(FAIRLY, 3, 2), said(FAIRLY, 1, 1, luck=Fraction(1, 20))])
    assert fairly.stated == pytest.approx((3 * 0.6 + 0.5) / 4)


def test_the_score_of_answers_is_that_of_what_they_state():
    found = brier([said(CERTAIN, 10, 9), said(GUESS, 4, 1)])
    assert found is not None
    assert found.score == pytest.approx((9 * 0.05**2 + 0.95**2 + 0.75**2 + 3 * 0.25**2) / 14)
    assert brier([]) is None


def test_scores_are_told_by_week_and_by_month():
    answers = [
        said(CERTAIN, 4, 4, date(2026, 3, 31)),
        said(CERTAIN, 2, 0, MONDAY),
        said(CERTAIN, 1, 1, date(2026, 3, 8)),
        said(CERTAIN, 4, 4, date(2026, 4, 1)),
        said(FAIRLY, 0, 0, date(2026, 5, 1)),
    ]
    by_week = over_time(answers, week_of)
    assert {day: found.n for day, found in by_week.items()} == {MONDAY: 3, date(2026, 3, 30): 8}
    by_month = over_time(answers, month_of)
    assert list(by_month) == [date(2026, 3, 1), date(2026, 4, 1)]
    assert by_month[date(2026, 3, 1)] == brier(answers[:3])


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (
            [said(CERTAIN, 9, 7), said(FAIRLY, 50, 30)],
            "Too few answers to tell how well your certainty fits them (9 called certain).",
        ),
        (
            [said(CERTAIN, 45, 31)],
            "When you said certain, you were right 31 of 45 times. Certain should mean 19 of 20.",
        ),
        (
            [said(CERTAIN, 20, 19), said(GUESS, 20, 14)],
            "When you said a guess, you were right 14 of 20 times. You know more than you think.",
        ),
        (
            [said(CERTAIN, 9, 8), said(CERTAIN, 0, 0), said(GUESS, 9, 2), said(CERTAIN, 1, 1)],
            CERTAIN_FITS,
        ),
        (
            [said(CERTAIN, 2, 2), said(GUESS, 20, 6)],
            "When you said a guess, you were right 6 of 20 times. That is about what luck gives.",
        ),
    ],
)
def test_the_levels_come_to_a_plain_sentence(answers, words):
    assert sentence(by_level(answers)) == words


def test_who_is_calibrated_is_seldom_told_otherwise():
    random, told = Random("calibrated"), 0
    for _ in range(400):
        right = sum(random.random() < 0.95 for _ in range(40))
        told += "should mean" in sentence(by_level([said(CERTAIN, 40, right)]))
    assert told < 400 * 0.06
