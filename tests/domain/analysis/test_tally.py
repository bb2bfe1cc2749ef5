import json
from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.domain.analysis.tally import (
    TIME_EDGES,
    ItemTally,
    Observation,
    Outcome,
    QuizTally,
    percent,
    set_number,
)
from tests.domain.analysis.answered import RIGHT, UNSEEN, WRONG, observed
from tests.domain.analysis.strategies import answers

attempts = st.lists(answers, min_size=1, max_size=6)
observations = st.lists(attempts, max_size=12).map(
    lambda several: [seen for attempt in several for seen in observed(attempt)]
)
item_sets = st.frozensets(st.integers(1, 40), min_size=1, max_size=5)
scores = st.fractions(0, 1, max_denominator=30)
results = st.lists(st.tuples(scores, item_sets), max_size=12)


def item_tally(seen: list[Observation]) -> ItemTally:
    tally = ItemTally()
    for one in seen:
        tally.add(one)
    return tally


def quiz_tally(given_results: list[tuple[Fraction, frozenset[int]]]) -> QuizTally:
    tally = QuizTally()
    for score, items in given_results:
        tally.add(score, items)
    return tally


@settings(deadline=None)
@given(observations, st.randoms(use_true_random=False))
def test_the_order_of_observations_does_not_matter(seen: list[Observation], random: Random):
    shuffled = random.sample(seen, len(seen))
    assert item_tally(shuffled) == item_tally(seen)


@settings(deadline=None)
@given(observations, observations)
def test_what_is_taken_back_leaves_no_trace(kept: list[Observation], gone: list[Observation]):
    tally = item_tally(kept + gone)
    for seen in gone:
        tally.remove(seen)
    assert tally == item_tally(kept)


@settings(deadline=None)
@given(observations, observations)
def test_two_tallies_make_one(one: list[Observation], other: list[Observation]):
    tally = item_tally(one)
    tally.merge(item_tally(other))
    assert tally == item_tally(one + other)


@settings(deadline=None)
@given(observations)
def test_a_tally_survives_json(seen: list[Observation]):
    tally = item_tally(seen)
    assert ItemTally.from_dict(json.loads(json.dumps(tally.as_dict()))) == tally


@settings(deadline=None)
@given(results, results, st.randoms(use_true_random=False))
def test_a_quiz_is_tallied_in_any_order_and_by_parts(one, other, random: Random):
    whole = quiz_tally(random.sample(one + other, len(one + other)))
    parts = quiz_tally(one)
    parts.merge(quiz_tally(other))
    assert parts == whole
    for score, items in other:
        whole.remove(score, items)
    assert whole == quiz_tally(one)
    assert QuizTally.from_dict(json.loads(json.dumps(whole.as_dict()))) == whole


@settings(deadline=None)
@given(results)
def test_a_quiz_knows_whether_all_had_the_same_items(given_results):
    sets = {items for _, items in given_results}
    size = len(next(iter(sets))) if len(sets) == 1 else None
    assert quiz_tally(given_results).common_size == size


def test_the_number_of_a_set_asks_neither_order_nor_repetition():
    assert set_number([3, 1, 2]) == set_number((1, 2, 3, 3))
    assert set_number([12]) != set_number([1, 2])


@pytest.mark.parametrize("broken", [{}, {"answered": 1}])
def test_what_is_no_tally_is_refused(broken):
    with pytest.raises(KeyError):
        ItemTally.from_dict(broken)
    with pytest.raises(KeyError):
        QuizTally.from_dict(broken)


def test_skipped_items_count_with_no_credit_and_unseen_ones_are_apart():
    tally = item_tally(
        [
            Observation(outcome, Fraction(0), False, frozenset(), Fraction(1, 2), Fraction(1, 3))
            for outcome in (Outcome.SKIPPED, Outcome.UNSEEN, Outcome.UNSEEN)
        ]
    )
    assert (tally.answered, tally.skipped, tally.unseen) == (0, 1, 2)
    assert tally.credits == {Fraction(0): 1}
    assert tally.scores == {33: 1}


def test_the_size_of_a_tally_is_bounded():
    random, tally = Random(5), ItemTally()
    sizes: list[int] = []
    for _ in range(4):
        for _ in range(3000):
            attempt = random.choices([RIGHT, WRONG, UNSEEN], k=random.choice([5, 8, 12]))
            tally.add(observed(attempt)[0])
        sizes.append(len(json.dumps(tally.as_dict())))
    assert sizes[-1] < 1.1 * sizes[0] < 4000


@pytest.mark.parametrize(
    ("share", "whole"),
    [("0", 0), ("1/200", 0), ("2/3", 66), ("1", 100), ("-2", 0), ("29/100", 29), ("3/2", 100)],
)
def test_percent_is_rounded_down_and_stays_between_0_and_100(share, whole):
    assert percent(Fraction(share)) == whole


def test_bins_of_time_are_at_most_5_percent_wide_and_reach_a_day():
    starts = TIME_EDGES[1:]
    assert all(low < high <= low * 1.05 for low, high in pairwise(starts))
    assert TIME_EDGES[-1] >= 86_400_000
    assert len(TIME_EDGES) < 300
