import json
from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.graded.pools import Offer, Pool, TooFew, are_fixed, draw, size

DECKS = ("alpha", "beta", "gamma")
TOPIC = {"alpha": "History", "beta": "History", "gamma": "Law"}
OFFERS = [
    Offer(100 + i, i, DECKS[i // 6], TOPIC[DECKS[i // 6]], f"q{i % 6}", i % 3 + 1)
    for i in range(18)
]
ALPHA = range(100, 106)

pools = st.lists(
    st.builds(
        Pool,
        decks=st.lists(st.sampled_from(DECKS), max_size=2).map(tuple),
        topics=st.lists(st.sampled_from(["History", "Law"]), max_size=1).map(tuple),
        questions=st.lists(st.sampled_from([o.name for o in OFFERS]), max_size=2).map(tuple),
        count=st.none() | st.integers(1, 6),
    )
    | st.builds(
        Pool,
        decks=st.lists(st.sampled_from(DECKS), min_size=1, max_size=2).map(tuple),
        levels=st.dictionaries(st.integers(1, 3), st.integers(1, 3)).map(
            lambda number: tuple(number.items())
        ),
    ),
    max_size=4,
)
seeds = st.integers()


def outcome(pools_, seed, shuffle=True):
    """The draw, or what is too few, as comparable values."""
    try:
        return draw(pools_, OFFERS, shuffle, Random(seed))
    except TooFew as few:
        return few.index, few.wanted, few.there, few.level


@given(pools, seeds, st.booleans())
def test_a_draw_has_no_question_twice_and_its_foretold_size(pools_, seed, shuffle):
    drawn = outcome(pools_, seed, shuffle)
    if isinstance(drawn, tuple):
        with pytest.raises(TooFew):
            size(pools_, OFFERS)
    else:
        assert len(drawn) == len(set(drawn)) == size(pools_, OFFERS)
        assert set(drawn) <= {offer.version_id for offer in OFFERS}


@given(pools, seeds)
def test_chance_does_not_decide_what_there_is_too_little_of(pools_, seed):
    one, other = outcome(pools_, seed), outcome(pools_, seed + 1)
    if isinstance(one, tuple) or isinstance(other, tuple):
        assert one == other


@given(pools, seeds)
def test_every_pool_gets_the_number_it_asked_for(pools_, seed):
    drawn = outcome(pools_, seed)
    if isinstance(drawn, list):
        for pool in pools_:
            of_pool = [o for o in OFFERS if o.deck in pool.decks or o.topic in pool.topics]
            there = {offer.version_id for offer in of_pool} & set(drawn)
            assert len(there) >= (len(of_pool) if pool.takes_all else pool.count or 0)
            for level, number in pool.levels:
                of_level = {offer.version_id for offer in of_pool if offer.level == level}
                assert len(of_level & set(drawn)) >= number
            names = {offer.name for offer in OFFERS if offer.version_id in drawn}
            assert names >= set(pool.questions)


@given(pools, seeds)
def test_the_same_chance_draws_the_same_questions(pools_, seed):
    assert outcome(pools_, seed) == outcome(pools_, seed)


@given(pools)
def test_questions_are_fixed_where_no_draw_differs(pools_):
    try:
        fixed = are_fixed(pools_, OFFERS)
    except TooFew:
        return
    drawn = {frozenset(draw(pools_, OFFERS, True, Random(seed))) for seed in range(40)}
    assert (len(drawn) == 1) is fixed


def test_a_deck_is_taken_whole_where_no_number_is_given():
    assert draw([Pool(decks=("alpha",))], OFFERS, False, Random(1)) == list(ALPHA)
    assert are_fixed([Pool(decks=("alpha",))], OFFERS)


def test_decks_and_topics_are_added_up():
    pool = Pool(decks=("gamma",), topics=("History",))
    assert size([pool], OFFERS) == 18


@given(seeds, st.integers(1, 6))
def test_as_many_are_drawn_as_were_asked_for(seed, count):
    drawn = draw([Pool(decks=("alpha",), count=count)], OFFERS, True, Random(seed))
    assert len(drawn) == count
    assert set(drawn) <= set(ALPHA)


def test_every_question_of_a_deck_has_the_same_chance():
    random = Random("chance")
    pool = Pool(decks=("alpha",), count=2)
    times = Counter(version for _ in range(6_000) for version in draw([pool], OFFERS, True, random))
    # chi-square with 5 degrees of freedom exceeds 20.515 once in a thousand
    assert sum((times[version] - 2_000) ** 2 / 2_000 for version in ALPHA) < 20.515


@given(seeds)
def test_levels_are_mixed_as_asked(seed):
    pool = Pool(topics=("History",), levels=((1, 2), (3, 1)))
    drawn = draw([pool], OFFERS, True, Random(seed))
    level = {offer.version_id: offer.level for offer in OFFERS}
    assert Counter(level[version] for version in drawn) == {1: 2, 3: 1}


@given(seeds)
def test_fixed_questions_are_always_in_and_others_are_drawn_besides(seed):
    pools_ = [Pool(decks=("alpha",), count=2), Pool(questions=("alpha/q0", "gamma/q5"))]
    drawn = draw(pools_, OFFERS, True, Random(seed))
    assert len(drawn) == 4
    assert {100, 117} <= set(drawn)


@given(seeds)
def test_a_pool_leaves_to_another_what_only_that_can_use(seed):
    pools_ = [Pool(decks=("alpha", "beta"), count=6), Pool(decks=("alpha",), count=6)]
    drawn = draw(pools_, OFFERS, False, Random(seed))
    assert drawn == [*range(106, 112), *ALPHA]


@given(seeds)
def test_room_is_made_along_a_chain_of_pools(seed):
    pools_ = [
        Pool(decks=("alpha", "beta"), count=6),
        Pool(decks=("beta", "gamma"), count=6),
        Pool(decks=("alpha",), count=6),
    ]
    assert len(draw(pools_, OFFERS, True, Random(seed))) == 18


def test_without_shuffling_the_order_is_by_pool_and_then_the_authors():
    pools_ = [Pool(decks=("gamma",), count=3), Pool(questions=("beta/q4", "beta/q1"))]
    for seed in range(20):
        drawn = draw(pools_, OFFERS, False, Random(seed))
        assert drawn[:3] == sorted(drawn[:3])
        assert drawn[3:] == [107, 110]


def test_a_question_of_two_pools_stands_where_the_first_of_them_does():
    pools_ = [Pool(questions=("beta/q4",)), Pool(decks=("alpha",)), Pool(topics=("History",))]
    assert draw(pools_, OFFERS, False, Random(1))[:7] == [110, *ALPHA]


def test_shuffling_mixes_the_pools():
    pools_ = [Pool(decks=("alpha",)), Pool(decks=("beta",))]
    orders = {tuple(draw(pools_, OFFERS, True, Random(seed))) for seed in range(20)}
    assert len(orders) == 20
    assert {order[0] in ALPHA for order in orders} == {True, False}


def test_a_question_of_two_whole_decks_or_named_twice_comes_once():
    pools_ = [Pool(topics=("History",)), Pool(decks=("alpha",), questions=("alpha/q1",) * 2)]
    assert size(pools_, OFFERS) == 12


def test_two_versions_of_a_question_are_one_question():
    twice = [OFFERS[0], Offer(999, 0, "alpha", "History", "q0", 1)]
    assert draw([Pool(decks=("alpha",))], twice, True, Random(1)) == [100]
    with pytest.raises(TooFew):
        size([Pool(decks=("alpha",), count=2)], twice)


@pytest.mark.parametrize(
    ("pools_", "few"),
    [
        ([Pool(decks=("alpha",), count=7)], (0, 7, 6, None)),
        ([Pool(decks=("alpha",)), Pool(decks=("alpha",), count=2)], (1, 2, 0, None)),
        ([Pool(decks=("alpha",), levels=((1, 1), (2, 5)))], (0, 5, 2, 2)),
        ([Pool(questions=("alpha/q0", "alpha/gone"))], (0, 2, 1, None)),
        ([Pool(decks=("gone",))], (0, 1, 0, None)),
        ([Pool(decks=("alpha",), count=4), Pool(decks=("alpha",), count=4)], (1, 4, 2, None)),
    ],
)
def test_too_few_questions_are_told_with_the_pool_that_is_short(pools_, few):
    assert outcome(pools_, 1) == few


def test_what_is_too_few_is_said_in_a_sentence():
    with pytest.raises(TooFew, match="part 1 wants 5 questions of level 2, there are 2"):
        size([Pool(decks=("alpha",), levels=((2, 5),))], OFFERS)


def test_a_pool_that_draws_all_there_are_is_fixed():
    assert are_fixed([Pool(decks=("alpha",), count=6)], OFFERS)
    assert not are_fixed([Pool(decks=("alpha",), count=5)], OFFERS)
    assert are_fixed([Pool(decks=("alpha",), levels=((1, 2),))], OFFERS)


@given(pools)
def test_a_pool_survives_json(pools_):
    for pool in pools_:
        assert Pool.from_dict(json.loads(json.dumps(pool.as_dict()))) == pool


@pytest.mark.parametrize(
    "values",
    [
        {"deck": ["alpha"]},
        {"decks": "alpha"},
        {"decks": [1]},
        {"topics": None},
        {"count": "3"},
        {"count": True},
        {"levels": [[1]]},
        {"levels": [[1, "2"]]},
    ],
)
def test_unknown_keys_and_values_are_refused(values):
    with pytest.raises(ValueError, match=r"\w"):
        Pool.from_dict(values)


@pytest.mark.parametrize(
    ("pool", "fields"),
    [
        (Pool(decks=("alpha",)), []),
        (Pool(topics=("Law",), count=1), []),
        (Pool(questions=("alpha/q1",)), []),
        (Pool(decks=("alpha",), questions=("beta/q1",), levels=((1, 2), (2, 1))), []),
        (Pool(), ["decks"]),
        (Pool(questions=("alpha/q1",), count=1), ["decks"]),
        (Pool(decks=("alpha",), count=0), ["count"]),
        (Pool(decks=("alpha",), count=2, levels=((1, 1),)), ["count"]),
        (Pool(questions=("q1",)), ["questions"]),
        (Pool(decks=("alpha",), levels=((4, 1),)), ["levels"]),
        (Pool(decks=("alpha",), levels=((1, 1), (1, 2))), ["levels"]),
        (Pool(decks=("alpha",), levels=((1, 0),)), ["levels"]),
    ],
)
def test_what_a_pool_cannot_be_is_told_at_its_field(pool, fields):
    assert [problem.field for problem in pool.problems()] == fields
