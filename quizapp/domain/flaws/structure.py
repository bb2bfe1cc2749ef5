"""Rules about what a question consists of: its choices, its blank, what goes with them."""

import re
from collections.abc import Iterator

from quizapp.domain.flaws import english
from quizapp.domain.flaws.prepared import Flaw, Option, Prepared, quoted

MAX_CHOICES = 5

_BLANK = re.compile(
    r"(?<!\w)_{2,}(?!\w)|\[blank\]|(?<!\w)\.{5,}|(?<=[a-z] )(?:\.{3,4}|…)(?= [a-z])", re.IGNORECASE
)
_AFTER_BLANK = re.compile(
    r"^(?:\s*\([^)]*\)|\s*[°%µ]?\s?[^\W\d_]{1,2}\b)?[\s\W_]*(?:$|[.?!:]\s|\n)"
)


def all_of_the_above(q: Prepared) -> Iterator[Flaw]:
    """A choice that holds when several others do."""
    if all(english.ALL_ABOVE.match(option.text.plain) for option in q.options):
        return
    for option in q.options:
        if english.ALL_ABOVE.match(option.text.plain) and _is_about_others(q, option):
            yield Flaw(option.line, f"the choice {quoted(option.text.plain)} sums up others")


def none_of_the_above(q: Prepared) -> Iterator[Flaw]:
    """A choice that holds when no other does."""
    for option in q.options:
        if english.NONE_ABOVE.match(option.text.plain) and _is_about_others(q, option):
            yield Flaw(option.line, f"the choice {quoted(option.text.plain)} denies the others")


def _is_about_others(q: Prepared, option: Option) -> bool:
    """Whether the choice is neither code nor, as "None" of "How many ...?", an amount."""
    rest = option.text.all_words[1:]
    is_count = len(rest) <= 1 and english.NUMBER_WORDS.keys() >= set(rest)
    is_amount = is_count and english.QUANTITY_STEM.search(q.stem.low_plain) is not None
    return "`" not in option.choice.text and not is_amount and not _all_end_alike(q)


def _all_end_alike(q: Prepared) -> bool:
    """Whether the choices are amounts of the same things: "one of them", "some of them"."""
    return len({option.text.all_words[-2:] for option in q.options}) == 1


def disguised_true_false(q: Prepared) -> Iterator[Flaw]:
    """Choices that only say whether the stem holds."""
    asked = english.IS_IT_TRUE.search(q.lead.prose)
    if asked and not english.WH_WORDS.intersection(q.lead.words[:3]):
        yield Flaw(q.line, f'the stem asks "{asked.group().lower()}"')
    elif _are_verdicts(q) or _mirror_each_other(q):
        yield Flaw(q.line, "the choices only say whether the stem holds")


def _are_verdicts(q: Prepared) -> bool:
    is_about_code = any(option.is_formal for option in q.options)
    if is_about_code or english.BOOLEAN_STEM.search(q.stem.low_plain):
        return False
    if _has_bare_verdict(q, english.YEA) and _has_bare_verdict(q, english.NAY):
        return True
    decided = [o for o in q.options if not english.UNDECIDED.match(o.text.plain)]
    if len(decided) < 2 or not all(o.text.is_led_by(english.VERDICTS) for o in decided):
        return False
    sides = [sum(o.text.is_led_by(side) for o in decided) for side in (english.YEA, english.NAY)]
    if min(sides) == 0 or not all(english.LED_BY_VERDICT.match(o.text.plain) for o in decided):
        return False
    reasoned = all(len(o.text.all_words) >= 5 for o in decided)
    return not (reasoned and max(sides) >= 2)


def _has_bare_verdict(q: Prepared, words: frozenset[str]) -> bool:
    return any(
        o.text.is_led_by(words)
        and (len(o.text.all_words) == 1 or english.SHORT_VERDICT.match(o.text.low_plain))
        for o in q.options
    )


def _mirror_each_other(q: Prepared) -> bool:
    if len(q.options) != 2:
        return False
    pair = {o.text.plain.lower().rstrip(".").replace("’", "'") for o in q.options}
    return any(pair == set(mirrored) for mirrored in english.MIRRORED)


def too_many_choices(q: Prepared) -> Iterator[Flaw]:
    """More choices than can be good."""
    if len(q.options) > MAX_CHOICES:
        yield Flaw(q.line, f"the question has {len(q.options)} choices")


def missing_explanation(q: Prepared) -> Iterator[Flaw]:
    """No word on why the key is right."""
    if not q.question.explanation.strip():
        yield Flaw(q.line, "the question has no explanation")


def missing_feedback(q: Prepared) -> Iterator[Flaw]:
    """A distractor that does not say what is wrong with it."""
    for option in q.distractors:
        if not option.choice.feedback.strip():
            yield Flaw(option.line, f"the distractor {quoted(option.text.plain)} has no feedback")


def missing_source(q: Prepared) -> Iterator[Flaw]:
    """No passage from which the question is drawn."""
    if not q.question.passages:
        yield Flaw(q.line, "the question names no passage of the source")


def blank_inside(q: Prepared) -> Iterator[Flaw]:
    """A gap with words of the sentence after it."""
    text = q.stem.prose
    for blank in _BLANK.finditer(text):
        if not _AFTER_BLANK.match(text[blank.end() : blank.end() + 80]):
            yield Flaw(q.line, "the stem goes on after its blank")
            return
