from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.domain.analysis.figures import ItemFigures, item_figures
from quizapp.domain.analysis.flags import Flag, Severity, flags, letter, rank
from tests.domain.analysis.answered import RIGHT, SKIPPED, WRONG, Answer, tallied
from tests.domain.analysis.strategies import quizzes


def picked(choice: int, elapsed_ms: int | None = None) -> Answer:
    """An answer to a question with the key A."""
    return Answer(Fraction(choice == 0), frozenset({choice}), elapsed_ms=elapsed_ms)


def figures_of(answers: list[Answer], strong: list[bool], choices: int = 4) -> ItemFigures:
    """An item beside four that the strong answer right and the weak wrong."""
    attempts = [
        [answer, *[RIGHT if is_strong else WRONG] * 4]
        for answer, is_strong in zip(answers, strong, strict=True)
    ]
    return item_figures(tallied(attempts)[0][0], choices, {0})


def told(item: ItemFigures, usual: float | None = None) -> dict[str, str]:
    return {flag.rule: flag.sentence for flag in flags(item, usual)}


HALF_STRONG = [True, False] * 40


def test_a_good_question_has_no_flag():
    answers = [picked(0) if strong else picked(1 + n % 3) for n, strong in enumerate(HALF_STRONG)]
    answers[1] = answers[3] = picked(0)
    assert told(figures_of(answers, HALF_STRONG)) == {}


def test_strong_students_miss_it():
    answers = [picked(1) if strong else picked(0) for strong in HALF_STRONG]
    answers[0], answers[1] = picked(0), picked(1)
    item = figures_of(answers, HALF_STRONG, choices=2)
    assert told(item) == {
        "negative-discrimination": "Strong students miss it more often than weak ones"
        " (item-rest correlation −0.95, between −0.97 and −0.92).",
        "strong-prefer-distractor": "Of the 40 in the upper third, 39 chose B and 1 the key A.",
    }
    assert flags(item)[0].severity is Severity.SERIOUS
    assert flags(item)[0].advice.startswith("Check that the key is right")


def test_a_few_unlucky_answers_raise_no_flag():
    strong = [True, False] * 10
    answers = [picked(0)] * 20
    answers[0] = answers[2] = answers[4] = answers[1] = picked(1)
    item = figures_of(answers, strong, choices=2)
    assert item.discrimination.value is not None
    assert item.discrimination.value < 0
    assert told(item) == {}


def test_it_tells_nothing_about_who_is_strong():
    answers = [picked(n // 2 % 2) for n in range(400)]
    item = figures_of(answers, [True, False] * 200, choices=2)
    assert told(item) == {
        "low-discrimination": "It hardly tells strong students from weak ones"
        " (item-rest correlation 0.00, between −0.10 and 0.10)."
    }


def test_worse_than_guessing():
    strong = [True, False] * 30
    answers = [picked(1 + n // 2 % 3) for n in range(60)]
    answers[0] = answers[2] = picked(0)
    sentence = told(figures_of(answers, strong))["below-chance"]
    assert sentence == "3 % get it right, where guessing would give 25 %."


def test_many_pass_it_over():
    answers = [SKIPPED if n % 10 < 3 else picked(0) for n in range(80)]
    sentence = told(figures_of(answers, HALF_STRONG))["many-skip"]
    assert sentence == "24 of 80 who saw it left it unanswered."


@pytest.mark.parametrize(("n", "is_flagged"), [(72, False), (74, True)])
def test_too_easy_needs_enough_answers(n, is_flagged):
    item = figures_of([picked(0)] * n, [True, False] * (n // 2))
    assert ("too-easy" in told(item)) == is_flagged


@pytest.mark.parametrize(("n", "is_flagged"), [(72, False), (74, True)])
def test_idle_distractors_need_enough_answers(n, is_flagged):
    answers = [picked(n % 2) for n in range(n)]
    item = figures_of(answers, [True, False] * (n // 2))
    assert ("idle-distractors" in told(item)) == is_flagged


def test_a_distractor_that_chance_may_have_left_out_is_not_called_idle():
    answers = [picked(n % 2) for n in range(108)]
    answers[1] = picked(2)
    answers[3] = picked(3)
    assert "idle-distractors" not in told(figures_of(answers, [True, False] * 54))


def test_idle_distractors_are_named_with_their_counts():
    answers = [picked(n % 2) for n in range(112)]
    answers[1] = picked(2)
    flag = flags(figures_of(answers, [True, False] * 56))[-1]
    assert flag.sentence == "Of 112 answers, hardly any took C or D (C by 1, D by 0)."
    assert flag.advice.startswith("Replace C and D with")


def test_it_takes_much_longer_than_usual():
    answers = [picked(0 if strong else 1, 90_000) for strong in HALF_STRONG]
    item = figures_of(answers, HALF_STRONG, choices=2)
    assert "long-time" in told(item, usual=30)
    assert told(item, usual=60) == told(item) == {}


def test_a_few_slow_students_make_no_slow_question():
    answers = [picked(0 if n % 2 == 0 else 1, 90_000 if n % 8 < 5 else 20_000) for n in range(80)]
    item = figures_of(answers, HALF_STRONG, choices=2)
    assert item.seconds.value is not None
    assert item.seconds.value > 60
    assert told(item, usual=30) == {}


def test_of_several_keys_the_one_that_the_strong_leave_out_is_named():
    answers = [
        Answer(Fraction(0), frozenset({0, 1} if strong else {0, 2})) for strong in HALF_STRONG
    ]
    attempts = [
        [answer, *[RIGHT if strong else WRONG] * 4]
        for answer, strong in zip(answers, HALF_STRONG, strict=True)
    ]
    item = item_figures(tallied(attempts)[0][0], 3, {0, 2})
    sentence = told(item)["strong-prefer-distractor"]
    assert sentence == "Of the 40 in the upper third, 40 chose B and 0 the key C."


def test_the_worst_flag_comes_first():
    answers = [picked(1) if strong else picked(0) for strong in HALF_STRONG]
    answers[0], answers[1] = picked(0), picked(1)
    found = flags(figures_of(answers, HALF_STRONG))
    assert [flag.rule for flag in found] == [
        "negative-discrimination",
        "strong-prefer-distractor",
        "idle-distractors",
    ]


@settings(max_examples=40, deadline=None)
@given(quizzes(st.integers(1, 3), min_size=1, max_size=30))
def test_any_item_can_be_told_about_worst_first(attempts):
    for tally in tallied(attempts)[0]:
        severities = [flag.severity for flag in flags(item_figures(tally, 4, {0}), 1.0)]
        assert severities == sorted(severities, reverse=True)


def test_items_are_ranked_by_their_worst_flag_then_by_the_number():
    def of(*severities: Severity) -> list[Flag]:
        return [Flag("rule", severity, "", "") for severity in severities]

    minor, notable, serious = Severity
    flagged = [
        ("none", of()),
        ("minors", of(minor, minor, minor)),
        ("notable", of(notable)),
        ("serious", of(serious)),
        ("also notable", of(notable)),
        ("serious and more", of(minor, serious)),
    ]
    assert rank(flagged) == [
        "serious and more",
        "serious",
        "notable",
        "also notable",
        "minors",
        "none",
    ]


def test_choices_have_letters():
    assert [letter(position) for position in (0, 3, 11)] == ["A", "D", "L"]
