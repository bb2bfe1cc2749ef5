from dataclasses import replace

import pytest

from quizapp.domain.comparing import MOST_WORDS, Change, change_of, compare
from quizapp.domain.formats import native
from quizapp.domain.questions import Choice, Deck, Question
from tests.support.bank import RIVERS, SOURCE

QUESTION = Question(
    slug="capital",
    stem="Which city is the capital?",
    choices=(
        Choice("Astana", is_key=True),
        Choice("Almaty", is_key=False, feedback="Until 1997."),
        Choice("Aqtau", is_key=False),
    ),
    explanation="Since 1997.",
    passages=("p1", "p2"),
)


def with_choices(*choices: tuple[str, bool]) -> Question:
    return replace(QUESTION, choices=tuple(Choice(text, is_key) for text, is_key in choices))


def document(text: str, name: str = "rivers.md"):
    found = native.read(text.encode(), name).document
    assert found is not None
    return found


def changes(old, new, known=frozenset()):
    return {entry.slug: entry.change for entry in compare(old, new, known).entries}


def joined(pieces) -> str:
    return "".join(piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("edited", "change"),
    [
        (QUESTION, Change.SAME),
        (replace(QUESTION, passages=("p2", "p1")), Change.SAME),
        (replace(QUESTION, line=7), Change.SAME),
        (replace(QUESTION, stem="Which town is the capital?"), Change.WORDING),
        (replace(QUESTION, explanation="Since December 1997."), Change.FEEDBACK),
        (replace(QUESTION, level=2), Change.DETAILS),
        (replace(QUESTION, shuffle=False), Change.DETAILS),
        (replace(QUESTION, passages=("p1",)), Change.DETAILS),
    ],
)
def test_an_edit_is_told_by_what_it_touches(edited, change):
    assert change_of(QUESTION, edited) is change


@pytest.mark.parametrize(
    ("choices", "change"),
    [
        # another choice is right
        ([("Astana", False), ("Almaty", True), ("Aqtau", False)], Change.KEY),
        # one more is right
        ([("Astana", True), ("Almaty", True), ("Aqtau", False)], Change.KEY),
        # the choices changed places, the right one is the same
        ([("Almaty", False), ("Astana", True), ("Aqtau", False)], Change.WORDING),
        # a mended spelling, in its place
        ([("Astana (Nur-Sultan)", True), ("Almaty", False), ("Aqtau", False)], Change.WORDING),
        # a distractor more, a distractor less
        ([("Astana", True), ("Almaty", False), ("Aqtau", False), ("Oral", False)], Change.WORDING),
        ([("Astana", True), ("Almaty", False)], Change.WORDING),
        # the right one is gone
        ([("Almaty", True), ("Aqtau", False)], Change.KEY),
    ],
)
def test_the_key_changed_where_other_choices_are_right_than_before(choices, change):
    plain = with_choices(("Astana", True), ("Almaty", False), ("Aqtau", False))
    assert change_of(plain, with_choices(*choices)) is change


def test_a_key_with_new_words_is_pointed_out():
    new = with_choices(("Astana city", True), ("Almaty", False), ("Aqtau", False))
    old = Deck("d", "D", "", (QUESTION,))
    (entry,) = compare(old, replace(old, questions=(new,))).entries
    assert (entry.change, entry.is_key_reworded) == (Change.WORDING, True)
    (entry,) = compare(old, replace(old, questions=(replace(QUESTION, stem="What?"),))).entries
    assert not entry.is_key_reworded


def test_everything_is_new_where_nothing_is_live():
    compared = compare(None, document(RIVERS))
    assert set(changes(None, document(RIVERS)).values()) == {Change.NEW}
    assert compared.header == ()
    assert compared.numbers == {Change.NEW: 4}


def test_the_same_file_changes_nothing():
    compared = compare(document(RIVERS), document(RIVERS))
    assert compared.is_same
    assert compared.numbers == {Change.SAME: 4}


def test_questions_are_told_apart_by_their_ids():
    head, _, *rest = RIVERS.split("\n## ")
    without_first = "\n## ".join([head, *rest])
    renamed = RIVERS.replace("{#riddle}", "{#puzzle}")
    assert changes(document(RIVERS), document(without_first))["beginning"] is Change.RETIRED
    assert changes(document(without_first), document(RIVERS))["beginning"] is Change.NEW
    found = changes(document(RIVERS), document(renamed))
    assert (found["riddle"], found["puzzle"]) == (Change.RETIRED, Change.NEW)


def test_a_question_that_was_live_before_comes_back():
    found = changes(None, document(RIVERS), frozenset({"riddle"}))
    assert (found["riddle"], found["beginning"]) == (Change.BACK, Change.NEW)


def test_what_differs_is_shown_word_by_word():
    new = document(RIVERS.replace("Where does a river begin?", "Where does each river begin?"))
    (entry,) = compare(document(RIVERS), new).changed
    (part,) = entry.parts
    assert part.name == "Question"
    assert [piece.text for piece in part.before if piece.is_changed] == ["a"]
    assert [piece.text for piece in part.after if piece.is_changed] == ["each"]
    assert joined(part.before) == "Where does a river begin?"
    assert joined(part.after) == "Where does each river begin?"


def test_long_texts_are_shown_whole():
    long = " ".join(f"word{n}" for n in range(MOST_WORDS))
    old = Deck("d", "D", "", (replace(QUESTION, explanation=long),))
    new = Deck("d", "D", "", (replace(QUESTION, explanation=f"{long} more"),))
    (entry,) = compare(old, new).entries
    assert [len(part.before) for part in entry.parts] == [1]


def test_the_front_matter_is_compared_too():
    new = document(RIVERS.replace("title: All about rivers", "title: Rivers"))
    compared = compare(document(RIVERS), new)
    assert [(p.name, joined(p.before), joined(p.after)) for p in compared.header] == [
        ("Title", "All about rivers", "Rivers")
    ]
    assert not compared.is_same


def test_passages_of_a_source_are_compared():
    old = document(SOURCE, "notes.md")
    new = document(SOURCE.replace("Where a river ends.", "The end.").replace("{#p1}", "{#p9}"))
    assert changes(old, new) == {
        "p9": Change.NEW,
        "p2": Change.WORDING,
        "p1": Change.RETIRED,
    }


def test_a_deck_that_becomes_a_source_says_so():
    compared = compare(document(RIVERS), document(SOURCE))
    assert compared.header[0].name == "Kind"
    assert set(compared.numbers) == {Change.NEW}
