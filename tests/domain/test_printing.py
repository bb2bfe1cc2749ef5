from dataclasses import replace
from random import Random

from quizapp.domain.printing import CODE_LENGTH, CODE_LETTERS, new_code, sheet
from quizapp.domain.questions import Choice, Question


def question(name: str) -> Question:
    choices = tuple(Choice(f"{name} {n}", is_key=n == 0) for n in range(4))
    return Question(name, f"Which {name}?", choices)


DECK = {name: question(name) for name in ("one", "two", "three", "four", "five")}


def test_a_code_makes_the_same_sheet_again():
    assert sheet(DECK, 3, "AB12") == sheet(dict(reversed(DECK.items())), 3, "AB12")


def test_another_code_makes_another_sheet():
    sheets = {sheet(DECK, None, new_code(Random(n))).items for n in range(20)}
    assert len(sheets) > 15


def test_a_sheet_has_so_many_questions_once_each_or_all():
    three = [q.slug for q, _ in sheet(DECK, 3, "AB12").items]
    assert len(set(three)) == 3
    assert {q.slug for q, _ in sheet(DECK, None, "AB12").items} == set(DECK)
    assert {q.slug for q, _ in sheet(DECK, 99, "AB12").items} == set(DECK)


def test_a_key_of_a_changed_deck_is_known_by_its_edition():
    before = sheet(DECK, None, "AB12")
    changed = {**DECK, "two": replace(DECK["two"], stem="Which other two?")}
    assert sheet(changed, None, "AB12").edition != before.edition
    # Explanations stand on the key alone.
    explained = {**DECK, "two": replace(DECK["two"], explanation="Because.")}
    assert sheet(explained, None, "AB12").edition == before.edition


def test_codes_are_short_and_easy_to_tell_apart():
    code = new_code(Random(1))
    assert len(code) == CODE_LENGTH
    assert set(code) <= set(CODE_LETTERS)
    assert not set("01OIL") & set(CODE_LETTERS)
