"""What the checker reports, where, and what it leaves to its author."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.findings import Severity
from quizapp.domain.flaws import CATALOGUE, check, check_bank
from quizapp.domain.flaws.checking import ANY_LANGUAGE, DECK_ANY_LANGUAGE, DECK_ENGLISH, ENGLISH
from quizapp.domain.flaws.deckwide import upper_tail
from quizapp.domain.flaws.text import read
from quizapp.domain.questions import Choice, Deck, Question, Waiver
from quizapp.domain.rule_ids import RULE_IDS
from tests.domain.flaws.labelled import load


def question(stem: str = "Which metal is liquid at room temperature?", line: int = 8) -> Question:
    texts = ("Tin", "Mercury", "Zinc")
    choices = tuple(
        Choice(text, is_key=at == 1, feedback="It is solid.", line=line + 2 + at)
        for at, text in enumerate(texts)
    )
    return Question("metal", stem, choices, "It melts at -39 degrees.", ("p1",), line=line)


def deck(*questions: Question, language: str = "en") -> Deck:
    return Deck("metals", "Metals", "Chemistry", questions, source="notes", language=language)


def rules(of: Deck) -> list[str]:
    return [finding.rule for finding in check(of, "metals.md").findings]


def test_a_good_question_has_no_finding() -> None:
    assert check(deck(question()), "metals.md").findings == ()


def test_a_finding_about_the_stem_stands_at_its_heading_with_what_why_and_mend() -> None:
    (finding,) = check(deck(question("Which metal is not liquid here?")), "metals.md").findings
    assert (finding.file, finding.line, finding.rule) == ("metals.md", 8, "negative-stem")
    assert '"not"' in finding.message
    assert finding.mend == CATALOGUE["negative-stem"].mend
    assert finding.severity is Severity.WARNING


def test_a_finding_about_a_choice_stands_at_the_choice() -> None:
    whole = question()
    last = replace(whole.choices[2], text="Tin.", feedback="")
    broken = replace(whole, choices=(*whole.choices[:2], last))
    findings = check(deck(broken), "metals.md").findings
    assert [(f.line, f.rule) for f in findings] == [
        (12, "duplicate-choices"),
        (12, "missing-feedback"),
    ]


def test_only_choices_that_make_a_question_unusable_are_an_error() -> None:
    errors = {rule.id for rule in CATALOGUE.values() if rule.severity is Severity.ERROR}
    assert errors == {"duplicate-choices"}


def test_a_waived_finding_is_silent_and_listed_with_its_reason() -> None:
    waiver = Waiver("negative-stem", "the negative is the point")
    waived = replace(question("Which metal is not liquid here?"), waivers=(waiver,))
    report = check(deck(waived), "metals.md")
    assert report.findings == ()
    assert [(w.finding.rule, w.reason) for w in report.waived] == [
        ("negative-stem", "the negative is the point")
    ]


def test_a_waiver_silences_its_own_rule_only() -> None:
    waiver = Waiver("missing-explanation", "none is needed")
    kept = replace(question("Which metal is not liquid here?"), waivers=(waiver,))
    assert rules(deck(kept)) == ["negative-stem"]


def test_a_skew_of_the_deck_is_reported_and_waived_at_its_first_question() -> None:
    item = next(i.deck for i in load("first") if i.labels == {"skewed-key-position"})
    report = check(item, "capitals.md")
    assert [(f.line, f.rule) for f in report.findings] == [(10, "skewed-key-position")]
    waiver = Waiver("skewed-key-position", "printed in another order")
    first = replace(item.questions[0], waivers=(waiver,))
    report = check(replace(item, questions=(first, *item.questions[1:])), "capitals.md")
    assert (report.findings, len(report.waived)) == ((), 1)


def test_a_stem_of_another_file_is_named_with_its_place() -> None:
    other = replace(question(), slug="again", line=20)
    report = check_bank([("one.md", deck(question())), ("two.md", deck(other))])
    assert [(f.file, f.line, f.rule) for f in report.findings] == [("two.md", 20, "duplicate-stem")]
    assert "one.md:8" in report.findings[0].message


def test_a_deck_in_another_language_gets_the_rules_that_need_no_language() -> None:
    stem = "Which metal is not liquid, as we all know, and ___ is used?"
    assert rules(deck(question(stem), language="en-GB")) == [
        "blank-inside",
        "negative-stem",
        "wordy",
    ]
    assert rules(deck(question(stem), language="kk")) == ["blank-inside"]


def test_a_long_stem_is_wordy_in_any_language() -> None:
    assert rules(deck(question("эта вода " * 40), language="ru")) == ["wordy"]


def test_a_negative_in_bold_capitals_quotation_or_code_is_no_flaw() -> None:
    for stem in (
        "Which metal is **not** liquid?",
        "Which metal is _not_ liquid?",
        "Which metal is NOT liquid?",
        'Which metal has the motto "I am not liquid"?',
        "Which metal fails the test `if not liquid` in the program?",
    ):
        assert rules(deck(question(stem))) == [], stem


def test_several_keys_spare_a_question_the_rules_about_the_one_key() -> None:
    long = Choice("Mercury, which was called quicksilver by the alchemists", True, "", line=9)
    several = replace(
        question("Which metals are liquid on a hot day?"),
        choices=(long, Choice("Gallium, as well", True, "", line=10), *question().choices[::2]),
    )
    assert rules(deck(several)) == []


@pytest.mark.parametrize(
    "distractors",
    [
        ("A drop in the price of bread", "All of the above"),
        ("Two", "All of the above"),
        ("None of the above", "A drop in the price of bread"),
    ],
)
def test_a_choice_that_points_at_others_does_not_hide_a_long_key(
    distractors: tuple[str, str],
) -> None:
    key = "A rise in the price of fuel that the state had kept low"
    texts = (distractors[0], key, distractors[1])
    choices = tuple(
        Choice(text, is_key=text == key, feedback="x", line=10 + at)
        for at, text in enumerate(texts)
    )
    asked = replace(question("What set off the protests in the west?"), choices=choices)
    assert (11, "longest-key") in [(f.line, f.rule) for f in check(deck(asked), "m.md").findings]


def test_the_longer_of_two_choices_alone_is_no_cue() -> None:
    choices = (
        Choice("A rise in the price of fuel that the state had kept low", is_key=True),
        Choice("A frost", is_key=False, feedback="x"),
    )
    assert "longest-key" not in rules(deck(replace(question(), choices=choices)))


def test_the_catalogue_explains_every_rule_and_every_rule_is_looked_for() -> None:
    tables = (*ANY_LANGUAGE, *ENGLISH, *DECK_ANY_LANGUAGE, *DECK_ENGLISH)
    assert set(CATALOGUE) == RULE_IDS == {rule for rule, _ in tables} | {"duplicate-stem"}
    for rule in CATALOGUE.values():
        assert rule.why.endswith("."), rule.id
        assert not rule.mend.endswith("."), rule.id


def test_the_report_does_not_depend_on_the_order_of_the_decks() -> None:
    decks = [(item.name, item.deck) for item in load("held_out") if len(item.deck.questions) == 1]
    alone = sorted(f for name, one in decks for f in check(one, name).findings)
    together = check_bank(decks[::-1]).findings
    assert sorted(f for f in together if f.rule != "duplicate-stem") == alone


@pytest.mark.parametrize("count", range(11))
def test_the_tail_is_that_of_the_binomial_where_chances_are_equal(count: int) -> None:
    exact = sum(math.comb(10, k) * 0.25**k * 0.75 ** (10 - k) for k in range(count, 11))
    assert upper_tail([0.25] * 10, count) == pytest.approx(exact)


def test_the_tail_of_many_questions_is_near_the_exact_one() -> None:
    few = upper_tail([0.25] * 400, 120)
    many = upper_tail([0.25] * 401, 120)
    assert many == pytest.approx(few, abs=0.003)


def test_markdown_is_read_as_a_reader_sees_it() -> None:
    text = read("The **bold** [link](https://example.org) to `x == 1` says “not me”\\_.")
    assert text.plain == "The bold link to x == 1 says “not me”_."
    assert "not" not in text.words
    assert "bold" in text.marked


@given(st.text(max_size=300), st.lists(st.text(max_size=60), min_size=2, max_size=6))
def test_whatever_the_text_is_the_checker_answers(stem: str, texts: list[str]) -> None:
    choices = tuple(Choice(text, is_key=at == 0) for at, text in enumerate(texts))
    check(deck(Question("any", stem, choices, explanation=stem)), "any.md")


def test_a_number_of_any_length_is_read() -> None:
    digits = tuple(Choice("1" * 9_000 + str(at), is_key=at == 0, feedback="x") for at in range(3))
    assert "duplicate-choices" not in rules(deck(replace(question(), choices=digits)))
