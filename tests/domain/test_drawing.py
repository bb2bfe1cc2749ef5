from collections import Counter
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.drawing import choice_order, interleaved, sample
from quizapp.domain.questions import Choice, Question

CHI_SQUARE_3_DF = 16.266
"""What chi-square with 3 degrees of freedom exceeds once in a thousand (p = 0.001)."""


def question(*texts: str, key: int = 0, shuffle: bool = True) -> Question:
    choices = tuple(Choice(text, is_key=i == key) for i, text in enumerate(texts))
    return Question("q", "Which?", choices, shuffle=shuffle)


@pytest.mark.parametrize("key", range(4))
def test_the_key_is_as_often_in_one_place_as_in_another(key):
    random = Random(f"places {key}")
    asked = question("one", "two", "three", "four", key=key)
    places = Counter(choice_order(asked, random).index(key) for _ in range(10_000))
    expected = 10_000 / 4
    chi_square = sum((places[place] - expected) ** 2 / expected for place in range(4))
    assert chi_square < CHI_SQUARE_3_DF


@given(st.integers(), st.integers(0, 3), st.integers(0, 3))
def test_the_order_does_not_depend_on_the_key(seed, one, other):
    texts = ("one", "two", "three", "none of the above")
    orders = {choice_order(question(*texts, key=key), Random(seed)) for key in (one, other)}
    assert len(orders) == 1


@given(st.integers(), st.text(), st.text())
def test_the_order_does_not_depend_on_feedback_or_explanation(seed, feedback, explanation):
    bare = question("one", "two", "three")
    told = replace(
        bare,
        explanation=explanation,
        choices=tuple(replace(choice, feedback=feedback) for choice in bare.choices),
    )
    assert choice_order(bare, Random(seed)) == choice_order(told, Random(seed))


@pytest.mark.parametrize(
    "last",
    [
        "None of the above",
        "all of the above",
        "None of these.",
        "Any of the other answers",
        "Both A and C",
        "neither b nor c",
    ],
)
def test_a_choice_that_speaks_of_the_others_stays_last(last):
    asked = question(last, "one", "two", "three")
    assert {choice_order(asked, Random(seed))[-1] for seed in range(50)} == {0}


def test_choices_that_speak_of_the_others_keep_their_order_among_themselves():
    asked = question("one", "all of the above", "two", "none of the above")
    assert {choice_order(asked, Random(seed))[2:] for seed in range(50)} == {(1, 3)}


@pytest.mark.parametrize(
    "text", ["All citizens", "None", "Both armies", "Nothing above sea level", "Any weapon"]
)
def test_a_choice_that_only_sounds_like_it_is_shuffled(text):
    asked = question(text, "one", "two", "three")
    assert len({choice_order(asked, Random(seed)).index(0) for seed in range(50)}) == 4


def test_choices_that_are_not_to_be_shuffled_keep_the_authors_order():
    asked = question("none of the above", "1990", "2000", shuffle=False)
    assert choice_order(asked, Random(1)) == (0, 1, 2)


@given(st.integers(), st.lists(st.text(min_size=1), min_size=2, max_size=12), st.booleans())
def test_every_choice_is_shown_once(seed, texts, shuffle):
    order = choice_order(question(*texts, shuffle=shuffle), Random(seed))
    assert sorted(order) == list(range(len(texts)))


@given(st.integers(), st.sets(st.integers()), st.none() | st.integers(0, 20))
def test_a_sample_has_no_question_twice_and_as_many_as_were_asked_for(seed, candidates, count):
    drawn = sample(sorted(candidates), count, Random(seed))
    assert set(drawn) <= candidates
    assert len(drawn) == len(set(drawn)) == min(len(candidates), 20_000 if count is None else count)


def test_questions_come_in_a_new_order_each_time():
    orders = {tuple(sample(range(6), None, Random(seed))) for seed in range(20)}
    assert len(orders) > 15


TOPICS = st.dictionaries(st.sampled_from("abcdef"), st.lists(st.integers(), max_size=9), max_size=6)


@given(TOPICS, st.integers())
def test_topics_in_turn_have_no_more_neighbours_of_one_topic_than_they_must(by_topic, seed):
    named = {topic: [(topic, n) for n, _ in enumerate(some)] for topic, some in by_topic.items()}
    drawn = interleaved(named, Random(seed))
    assert Counter(drawn) == Counter(each for some in named.values() for each in some)
    largest = max(map(len, named.values()), default=0)
    neighbours = sum(one[0] == other[0] for one, other in pairwise(drawn))
    assert neighbours == max(0, 2 * largest - len(drawn) - 1)


def test_topics_in_turn_come_in_many_orders():
    by_topic = {topic: [f"{topic}{n}" for n in range(4)] for topic in "abc"}
    orders = {"".join(q[0] for q in interleaved(by_topic, Random(n))) for n in range(40)}
    assert len(orders) > 30
