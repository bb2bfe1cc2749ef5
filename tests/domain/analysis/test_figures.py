"""Figures from tallies are those computed from the raw answers by other, plainer formulas."""

from fractions import Fraction
from math import atanh, comb, sqrt, tanh
from random import Random
from statistics import correlation, fmean, stdev, variance

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.domain.analysis.figures import (
    NO_SPREAD,
    Figure,
    item_figures,
    quiz_figures,
    share,
    usual_seconds,
)
from quizapp.domain.analysis.tally import ItemTally, Outcome, QuizTally
from tests.domain.analysis.answered import (
    RIGHT,
    SKIPPED,
    UNSEEN,
    WRONG,
    Answer,
    marked,
    observed,
    score,
    tallied,
)
from tests.domain.analysis.strategies import quizzes

CLOSE = 1e-12
CHOICES = 4
COMPLETE = quizzes(st.integers(2, 5), min_size=20, max_size=30)


def reached(attempts: list[list[Answer]], item: int) -> list[list[Answer]]:
    return [a for a in attempts if a[item].outcome is not Outcome.UNSEEN]


def rest_of(attempt: list[Answer], item: int) -> float:
    return fmean(float(a.credit) for place, a in enumerate(attempt) if place != item)


def close(figure: Figure, value: float) -> bool:
    return figure.value == pytest.approx(value, rel=CLOSE, abs=CLOSE)


@settings(max_examples=30, deadline=None)
@given(COMPLETE)
def test_counts_and_facility_of_every_item(attempts):
    for item, tally in enumerate(tallied(attempts)[0]):
        figures = item_figures(tally, CHOICES, {0})
        seen = [attempt[item] for attempt in reached(attempts, item)]
        outcomes = [attempt[item].outcome for attempt in attempts]
        assert figures.n == len(seen)
        assert figures.answered == outcomes.count(Outcome.ANSWERED)
        assert figures.skipped == outcomes.count(Outcome.SKIPPED)
        assert figures.unseen == outcomes.count(Outcome.UNSEEN)
        if len(seen) < 5:
            assert figures.facility.blank == f"too few answers (n = {len(seen)})"
            continue
        assert close(figures.facility, fmean(float(answer.credit) for answer in seen))
        assert close(figures.right, fmean(answer.credit == 1 for answer in seen))
        assert close(figures.skipped_share, fmean(a.outcome == "skipped" for a in seen))
        assert close(figures.unseen_share, fmean(outcome == "unseen" for outcome in outcomes))


@settings(max_examples=30, deadline=None)
@given(COMPLETE)
def test_discrimination_of_every_item(attempts):
    for item, tally in enumerate(tallied(attempts)[0]):
        figures = item_figures(tally, CHOICES, {0})
        seen = reached(attempts, item)
        earned = [float(attempt[item].credit) for attempt in seen]
        rests = [rest_of(attempt, item) for attempt in seen]
        if len(seen) < 20:
            assert figures.discrimination.blank == f"too few answers (n = {len(seen)})"
            continue
        if len(set(earned)) == 1 or max(rests) - min(rests) < 1e-9:
            assert figures.discrimination.blank == figures.efficiency.blank == NO_SPREAD
            continue
        r = correlation(earned, rests)
        ordered = correlation(sorted(earned), sorted(rests))
        assert figures.discrimination.value == pytest.approx(r, abs=1e-10)
        assert figures.index.value == pytest.approx(100 * r, abs=1e-8)
        assert figures.efficiency.value == pytest.approx(100 * r / ordered, abs=1e-8)
        half = 1.959963984540054 / sqrt(len(seen) - 3)
        if abs(r) < 0.999999:
            assert figures.discrimination.low == pytest.approx(tanh(atanh(r) - half), abs=1e-8)
            assert figures.discrimination.high == pytest.approx(tanh(atanh(r) + half), abs=1e-8)


@settings(max_examples=30, deadline=None)
@given(COMPLETE)
def test_figures_of_the_quiz(attempts):
    items, quiz = tallied(attempts)
    figures = quiz_figures(quiz, items)
    totals = [score(attempt) for attempt in attempts]
    size = len(attempts[0])
    assert close(figures.mean, fmean(totals))
    assert close(figures.sd, float(stdev(totals)))
    assert sum(figures.histogram) == len(attempts) == figures.n
    if len(set(totals)) == 1:
        assert figures.alpha.blank == figures.sem.blank == NO_SPREAD
        return
    of_items = sum(variance([attempt[item].credit for attempt in attempts]) for item in range(size))
    of_sums = variance([size * total for total in totals])
    alpha = float(Fraction(size, size - 1) * (1 - of_items / of_sums))
    assert figures.alpha.value == pytest.approx(alpha, rel=CLOSE)
    assert figures.sem.value == pytest.approx(stdev(totals) * sqrt(1 - alpha), rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(quizzes(st.integers(1, 4), min_size=1, max_size=30))
def test_choices_by_thirds_of_the_score(attempts):
    for item, tally in enumerate(tallied(attempts)[0]):
        figures = item_figures(tally, CHOICES, {0, 2})
        seen = reached(attempts, item)
        ranked = sorted(min(100, max(0, int(100 * score(attempt)))) for attempt in seen)

        def third(attempt: list[Answer], ranked: list[int] = ranked) -> int:
            mine = min(100, max(0, int(100 * score(attempt))))
            places = [place for place, other in enumerate(ranked, start=1) if other == mine]
            middle = Fraction(places[0] + places[-1] - 1, 2 * len(ranked))
            return 0 if middle <= Fraction(1, 3) else 2 if middle >= Fraction(2, 3) else 1

        sizes = [third(attempt) for attempt in seen]
        assert figures.thirds == tuple(sizes.count(place) for place in range(3))
        for choice in figures.choices:
            took = [third(attempt) for attempt in seen if choice.position in attempt[item].chosen]
            assert (choice.lower, choice.middle, choice.upper) == tuple(
                took.count(place) for place in range(3)
            )
            assert choice.n == len(took)
            assert choice.is_key == (choice.position in {0, 2})


@settings(deadline=None)
@given(st.lists(st.integers(100, 10**8), min_size=5, max_size=60))
def test_times_are_the_quartiles_to_within_the_width_of_a_bin(times):
    tally = ItemTally()
    for ms in times:
        tally.add(observed([Answer(elapsed_ms=ms)])[0])
    figure = item_figures(tally, CHOICES, {0}).seconds
    for quarter, found in ((1, figure.low), (2, figure.value), (3, figure.high)):
        exact = sorted(times)[-(-quarter * len(times) // 4) - 1]
        assert found is not None
        assert min(exact, 86_400_000) / 1000 == pytest.approx(found, rel=0.05)


# Twenty attempts, five of each of four. In the first, credits 1 0 0 1 and rests 1 0 0 0 have
# squares about their means of 20 x 1/4 = 5 and 20 x 3/16 = 15/4, and products of
# 5 - 20 x 1/2 x 1/4 = 5/2. Index: 100 x 5/2 / sqrt(5 x 15/4) = 100 / sqrt(3). In order, 0 0 1 1
# and 0 0 0 1, they have the same products: efficiency 100. In the second, credits 1 0 0 0 and
# rests 0 1 0 1 have products of 0 - 20 x 1/4 x 1/2 = -5/2, in order 5 - 5/2. In the third,
# credits 1 1 0 0 and rests 1 0 1/2 0 have squares of 5 and 5 x (1 + 1/4) - 20 x 9/64 = 55/16,
# products of 5 - 20 x 1/2 x 3/8 = 5/4, in order 5 x (1 + 1/2) - 15/4 = 15/4.
@pytest.mark.parametrize(
    ("earned", "index", "efficiency"),
    [
        ([[1, 1, 1], [0, 0, 0], [0, 0, 0], [1, 0, 0]], 100 / sqrt(3), 100),
        ([[1, 0, 0], [0, 1, 1], [0, 0, 0], [0, 1, 1]], -100 / sqrt(3), -100),
        ([[1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 0]], 125 / sqrt(5 * 55 / 16), 100 / 3),
    ],
)
def test_moodles_index_and_efficiency_by_hand(earned, index, efficiency):
    figures = item_figures(tallied(marked(earned * 5))[0][0], 2, {0})
    assert figures.index.value == pytest.approx(index, rel=CLOSE)
    assert figures.efficiency.value == pytest.approx(efficiency, rel=CLOSE)


def test_quizzes_of_different_lengths_share_an_item():
    random, tally, earned, rests = Random(3), ItemTally(), [], []
    for _ in range(200):
        attempt = random.choices([RIGHT, WRONG], k=random.choice([2, 5, 9]))
        tally.add(observed(attempt)[0])
        earned.append(float(attempt[0].credit))
        rests.append(rest_of(attempt, 0))
    figures = item_figures(tally, 2, {0})
    r = correlation(earned, rests)
    assert figures.discrimination.value == pytest.approx(r, abs=1e-12)
    assert figures.efficiency.value == pytest.approx(
        100 * r / correlation(sorted(earned), sorted(rests)), abs=1e-9
    )


def test_rests_closer_than_a_thousandth_hardly_move_the_efficiency():
    random, tally, earned, rests = Random(8), ItemTally(), [], []
    for _ in range(400):
        attempt = marked([[random.randint(0, 1), *(Fraction(random.random()) for _ in range(3))]])
        tally.add(observed(attempt[0])[0])
        earned.append(float(attempt[0][0].credit))
        rests.append(rest_of(attempt[0], 0))
    efficiency = 100 * correlation(earned, rests) / correlation(sorted(earned), sorted(rests))
    assert item_figures(tally, 2, {0}).efficiency.value == pytest.approx(efficiency, abs=0.01)


def test_rests_all_within_a_thousandth_have_no_efficiency():
    near = [[1, Fraction(501, 100_000)], [0, Fraction(502, 100_000)]]
    figures = item_figures(tallied(marked(near * 10))[0][0], 2, {0})
    assert figures.discrimination.value == -1
    assert figures.efficiency.blank == NO_SPREAD


def test_credit_beyond_its_scale_does_not_break_a_page():
    assert item_figures(tallied(marked([[2, 1]] * 5))[0][0], 2, {0}).facility.value == 2
    assert item_figures(tallied(marked([[-3, 1]] * 5))[0][0], 2, {0}).facility.value == -3


def test_an_item_that_stood_alone_has_a_facility_but_no_discrimination():
    figures = item_figures(tallied([[RIGHT], [WRONG]] * 20)[0][0], 2, {0})
    assert figures.facility.value == 0.5
    assert figures.discrimination.blank == "too few answers (n = 0)"


def test_attempts_with_nothing_else_do_not_blur_the_discrimination():
    tally = tallied([[RIGHT, RIGHT], [WRONG, WRONG]] * 10)[0][0]
    tally.merge(tallied([[RIGHT], [WRONG], [RIGHT]] * 10)[0][0])
    figures = item_figures(tally, 2, {0})
    assert figures.discrimination == Figure(1.0, 1.0, 1.0)
    assert figures.efficiency.value == pytest.approx(100)
    assert figures.n == 50


def test_certainty_marking_has_an_interval_on_its_own_scale():
    attempts = marked([[1], [1], [1], [-2], [0]])
    facility = item_figures(tallied(attempts)[0][0], 2, {0}).facility
    low, high = share(11, 15).low, share(11, 15).high
    assert facility.value == pytest.approx(0.2)
    assert facility.low is not None
    assert facility.high is not None
    assert low is not None
    assert high is not None
    assert -2 < facility.low < 3 * low - 2  # five answers tell less than fifteen
    assert 3 * high - 2 < facility.high < 1


def test_certainties_are_counted_with_right_answers():
    attempts = [
        [Answer(Fraction(1), frozenset({0}), certainty=3)],
        [Answer(Fraction(0), frozenset({1}), certainty=3)],
        [Answer(Fraction(1, 2), frozenset({1}), certainty=1)],
        [RIGHT],
        [SKIPPED],
        [UNSEEN],
    ]
    certainties = item_figures(tallied(attempts)[0][0], 2, {0}).certainties
    assert [(c.level, c.n, c.right) for c in certainties] == [(0, 1, 1), (1, 1, 0), (3, 2, 1)]


@pytest.mark.parametrize(
    ("keys", "choices", "chance"), [({1}, 4, 1 / 4), ({0, 2}, 5, 1 / comb(5, 2)), ({0}, 2, 0.5)]
)
def test_chance_is_that_of_picking_the_key_blindly(keys, choices, chance):
    assert item_figures(ItemTally(), choices, keys).chance == chance


def test_a_distractor_works_from_one_answer_in_twenty():
    answers = [[Answer(chosen=frozenset({choice}))] for choice in [0] * 37 + [1] * 2 + [2] * 1]
    found = item_figures(tallied(answers)[0][0], 4, {0}).choices
    assert [choice.is_functional for choice in found] == [None, True, False, False]
    found = item_figures(tallied(answers[-19:])[0][0], 4, {0}).choices
    assert [choice.is_functional for choice in found] == [None] * 4


def test_equal_scores_stay_in_one_third():
    figures = item_figures(tallied([[RIGHT]] * 5 + [[WRONG]] * 5)[0][0], 2, {0})
    assert figures.thirds == (5, 0, 5)
    assert item_figures(tallied([[RIGHT]] * 9)[0][0], 2, {0}).thirds == (0, 9, 0)


@pytest.mark.parametrize(
    ("count", "blank"), [(4, "too few answers (n = 4)"), (0, "too few answers (n = 0)"), (5, "")]
)
def test_few_answers_are_said_instead_of_a_share(count, blank):
    items, quiz = tallied([[RIGHT, WRONG], *[[RIGHT, RIGHT]] * count][1:] or [[RIGHT, WRONG]])
    if count == 0:
        items, quiz = [ItemTally()], QuizTally()
    figures = item_figures(items[0], 2, {0})
    assert figures.facility.blank == figures.right.blank == blank
    assert quiz_figures(quiz, items).mean.blank == blank
    assert quiz_figures(quiz, items).alpha.blank == f"too few answers (n = {count})"


def test_the_interval_of_a_mean_stays_where_scores_can_be():
    for rare, usual in ((WRONG, RIGHT), (RIGHT, WRONG)):
        items, quiz = tallied([*[[usual, usual]] * 4, [usual, rare]])
        mean = quiz_figures(quiz, items).mean
        low, value, high = mean.low, mean.value, mean.high
        assert low is not None
        assert value is not None
        assert high is not None
        assert 0 <= low < value < high <= 1


def test_alpha_is_blank_where_attempts_had_different_questions():
    items, quiz = tallied([[RIGHT, WRONG, RIGHT], [WRONG, WRONG, RIGHT]] * 10)
    quiz.add(Fraction(1), [0, 1, 7])
    items[0].add(observed([RIGHT, RIGHT, RIGHT])[0])
    assert quiz_figures(quiz, items).alpha.blank == "not all attempts had the same questions"
    assert quiz_figures(quiz, items).items is None


def test_alpha_is_blank_where_tallies_are_of_other_attempts_than_the_quiz():
    items, quiz = tallied([[RIGHT, WRONG, RIGHT], [WRONG, WRONG, RIGHT]] * 10)
    assert quiz_figures(quiz, items[:2]).alpha.blank == "not all attempts had the same questions"
    items[1].add(observed([RIGHT, RIGHT, RIGHT])[0])
    assert quiz_figures(quiz, items).alpha.blank == "not all attempts had the same questions"


def test_alpha_is_blank_where_questions_weigh_differently():
    items, quiz = tallied([[RIGHT, WRONG], [WRONG, RIGHT], [RIGHT, RIGHT]] * 10)
    quiz.remove(Fraction(1, 2), [0, 1])
    quiz.add(Fraction(2, 3), [0, 1])
    assert quiz_figures(quiz, items).alpha.blank == "not all questions are worth the same"


def test_one_question_has_no_alpha():
    items, quiz = tallied([[RIGHT], [WRONG]] * 10)
    assert quiz_figures(quiz, items).alpha.blank == "needs two questions"


def test_full_marks_are_in_the_last_tenth():
    items, quiz = tallied(marked([[1] * 10, [1] * 9 + [0], [1] * 8 + [0] * 2, [0] * 10]))
    assert quiz_figures(quiz, items).histogram == (1, 0, 0, 0, 0, 0, 0, 0, 1, 2)


def test_the_usual_time_is_the_middle_of_the_items_times():
    def timed(ms: int) -> ItemTally:
        return tallied([[Answer(elapsed_ms=ms)]] * 5)[0][0]

    items = [item_figures(timed(ms), 2, {0}) for ms in (10_000, 20_000, 300_000)]
    assert usual_seconds(items) == pytest.approx(20, rel=0.025)
    assert usual_seconds(items[:1]) is None
    assert usual_seconds([items[0], item_figures(ItemTally(), 2, {0})]) is None
