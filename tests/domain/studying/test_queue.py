from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise, permutations

from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.certainty import CERTAIN, GUESS
from quizapp.domain.studying.queue import Entry, Limits, apart, order
from quizapp.domain.studying.scheduling import Card

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
RIGHT, WRONG = Fraction(1), Fraction(0)
PLENTY = Limits(1_000, 1_000)


def card(days_ago=5, stability=5.0, credit=RIGHT, certainty=None):
    seen = NOW - timedelta(days=days_ago)
    return Card(stability, 5.0, NOW, seen, 3, 0, credit, certainty)


def due(question, passages=None, **of_card):
    own = frozenset({question + 1_000}) if passages is None else frozenset(passages)
    return Entry(question, own, card(**of_card))


def new(question, passages=None):
    return Entry(question, frozenset({question + 1_000} if passages is None else passages))


def asked(due_cards, new_ones=(), limits=PLENTY):
    return [entry.question for entry in order(due_cards, new_ones, NOW, limits)]


def clashes(entries):
    return sum(bool(one.passages & other.passages) for one, other in pairwise(entries))


def test_confidently_wrong_comes_first_then_what_is_least_likely_recalled():
    cards = [
        due(1, stability=50.0),
        due(2, stability=2.0),
        due(3, stability=90.0, credit=WRONG, certainty=CERTAIN),
        due(4, stability=9.0, credit=WRONG, certainty=GUESS),
        due(5, stability=1.0, credit=RIGHT, certainty=CERTAIN),
    ]
    assert asked(cards) == [3, 5, 2, 4, 1]


def test_limits_keep_the_most_urgent_reviews_and_the_first_new_ones():
    cards = [due(n, stability=10.0 - n) for n in range(6)]
    assert sorted(asked(cards, [new(20), new(21), new(22)], Limits(2, 1))) == [4, 5, 20]


def test_what_was_done_today_is_taken_off_the_limits():
    assert Limits(20, 5).after(reviewed=8, begun=7) == Limits(12, 0)


def test_new_ones_are_spread_evenly_among_the_reviews():
    cards = [due(n, stability=1.0 + n) for n in range(6)]
    assert asked(cards, [new(20), new(21)]) == [0, 1, 20, 2, 3, 4, 21, 5]


def test_neighbours_share_no_passage():
    cards = [due(n, {n // 3}, stability=1.0 + n) for n in range(6)]
    assert asked(cards) == [0, 3, 1, 4, 2, 5]


entries = st.lists(st.sets(st.integers(0, 3), max_size=3), max_size=6).map(
    lambda sets: [Entry(n, frozenset(passages)) for n, passages in enumerate(sets)]
)
on_one_passage = st.lists(st.integers(0, 4), max_size=30).map(
    lambda passages: [Entry(n, frozenset({passage})) for n, passage in enumerate(passages)]
)


@given(on_one_passage)
def test_siblings_are_neighbours_only_where_that_cannot_be_avoided(given_entries):
    found = apart(given_entries)
    most = max(Counter(p for e in found for p in e.passages).values(), default=0)
    unavoidable = max(0, most - (len(found) - most) - 1)
    assert clashes(found) == unavoidable


@given(entries)
def test_with_several_passages_each_the_order_has_next_to_no_needless_neighbours(given_entries):
    found = apart(given_entries)
    fewest = min(clashes(each) for each in permutations(given_entries))
    assert clashes(found) <= fewest + 2


@given(entries)
def test_nothing_is_lost_or_asked_twice(given_entries):
    assert sorted(e.question for e in apart(given_entries)) == list(range(len(given_entries)))


@given(st.lists(st.tuples(st.integers(0, 60), st.floats(0.1, 200)), max_size=20), st.randoms())
def test_the_order_does_not_depend_on_the_order_of_the_arguments(facts, random):
    cards = [
        due(n, {n % 4}, days_ago=days, stability=stability)
        for n, (days, stability) in enumerate(facts)
    ]
    assert asked(cards) == asked(random.sample(cards, len(cards)))
