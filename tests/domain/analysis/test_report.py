from fractions import Fraction

import pytest

from quizapp.domain.analysis.report import (
    AskedVersion,
    Order,
    by_question,
    in_order,
    is_same_item,
    reliability_in_words,
    report,
)
from quizapp.domain.analysis.tally import ItemTally, Observation, Outcome
from quizapp.domain.questions import Choice, Question


def question(*texts: str, key: int = 0, stem: str = "Which?") -> Question:
    choices = tuple(Choice(text, place == key) for place, text in enumerate(texts))
    return Question("which", stem, choices)


def version(number: int, content: Question, *credits_: int, question_id: int = 1) -> AskedVersion:
    tally = ItemTally()
    for place, credit in enumerate(credits_):
        chosen = content.keys if credit else frozenset({len(content.choices) - 1})
        tally.add(
            Observation(
                Outcome.ANSWERED,
                Fraction(credit),
                bool(credit),
                chosen,
                Fraction(place % 2),
                Fraction(credit + place % 2, 2),
            )
        )
    return AskedVersion(number, question_id, content, content.keys, tally)


ABC = question("a", "b", "c")


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (question("a", "b", "c", stem="Which one?"), True),
        (question("a", "b!", "c"), True),
        (question("a", "b", "c", key=1), False),
        (question("a", "b"), False),
        (question("a", "c", "b"), False),
    ],
    ids=["stem", "wording", "key", "fewer choices", "moved"],
)
def test_only_versions_that_differ_in_wording_are_the_same_item(other, is_same):
    assert is_same_item(version(1, ABC), version(2, other)) is is_same


def test_versions_of_the_same_item_are_counted_together_and_shown_one_by_one():
    typo = question("a", "b", "c", stem="Which one?")
    (found,) = report([version(1, ABC, 1, 0, 1), version(2, typo, 1, 1, 0)])
    assert found.last.version_id == 2
    assert found.figures.n == 6
    assert found.figures.facility.value == pytest.approx(4 / 6)
    assert [(each.version_id, figures.n) for each, figures in found.by_version] == [(1, 3), (2, 3)]


def test_versions_with_other_keys_and_other_questions_stand_apart():
    new_key = question("a", "b", "c", key=1)
    found = report([version(1, ABC, 1), version(2, new_key, 1), version(3, ABC, 1, question_id=2)])
    assert [each.last.version_id for each in found] == [1, 2, 3]
    assert [each.place for each in found] == [0, 1, 2]


def test_for_a_quiz_all_versions_of_a_question_are_one_item():
    new_key = question("a", "b", "c", key=1)
    tallies = by_question(
        [version(1, ABC, 1, 0), version(2, new_key, 1), version(3, ABC, 1, question_id=2)]
    )
    assert [tally.n for tally in tallies] == [3, 1]


def test_each_of_several_keys_of_a_single_choice_question_is_what_guessing_may_hit():
    asked = version(1, question("a", "b", "c", "d"), 1)
    regraded = AskedVersion(1, 1, asked.content, frozenset({0, 1}), asked.tally)
    assert report([asked])[0].figures.chance == 1 / 4
    assert report([regraded])[0].figures.chance == 2 / 4


def test_questions_come_worst_first_or_by_a_figure_with_blanks_last():
    hopeless = version(1, question("a", "b", "c", "d"), *[0] * 40, question_id=1)
    middling = version(2, ABC, *[1, 1, 0, 0] * 10, question_id=2)
    easy = version(3, ABC, *[1] * 40, question_id=3)
    rare = version(4, ABC, 1, question_id=4)
    found = report([rare, easy, middling, hopeless])

    def ids(order: Order) -> list[int]:
        return [each.last.version_id for each in in_order(found, order)]

    assert ids(Order.AUTHOR) == [4, 3, 2, 1]
    assert ids(Order.FACILITY) == [1, 2, 3, 4]
    assert ids(Order.WORST)[0] == 1
    assert ids(Order.DISCRIMINATION)[0] == 2
    assert found[3].deserves_a_look
    assert not found[0].deserves_a_look


@pytest.mark.parametrize(
    ("alpha", "word"),
    [(0.95, "decide about one student"), (0.75, "thin for pass or fail"), (0.1, "too little")],
)
def test_reliability_is_put_into_words(alpha, word):
    assert word in reliability_in_words(alpha)
