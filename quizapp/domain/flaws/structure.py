"""Rules about what a question consists of: its choices, its blank, what goes with them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from quizapp.domain.flaws import english
from quizapp.domain.flaws.prepared import Flaw, Option, Prepared, quoted

MAX_CHOICES = 5
MAX_SPAN_WORDS = 6
"""A longer choice with a number in it says more than how much."""

_BLANK = re.compile(r"(?<!\w)_{2,}(?!\w)|\[blank\]|(?<!\w)\.{5,}", re.IGNORECASE)
_AFTER_BLANK = re.compile(
    r"^(?:\s*\([^)]*\)|\s*[°%µ]?\s?[^\W\d_]{1,2}\b)?[\s\W_]*(?:$|[.?!:]\s|\n)"
)


def all_of_the_above(q: Prepared) -> Iterator[Flaw]:
    """A choice that holds when several others do."""
    if all(english.ALL_ABOVE.match(option.text.plain) for option in q.options):
        return
    for option in q.options:
        if "`" not in option.choice.text and english.ALL_ABOVE.match(option.text.plain):
            if not _is_amount(q, option):
                yield Flaw(option.line, f"the choice {quoted(option.text.plain)} sums up others")


def none_of_the_above(q: Prepared) -> Iterator[Flaw]:
    """A choice that holds when no other does."""
    for option in q.options:
        if "`" not in option.choice.text and english.NONE_ABOVE.match(option.text.plain):
            if not _is_amount(q, option):
                yield Flaw(option.line, f"the choice {quoted(option.text.plain)} denies the others")


def _is_amount(q: Prepared, option: Option) -> bool:
    return len(option.text.all_words) == 1 and bool(english.QUANTITY_STEM.search(q.stem.plain))


def disguised_true_false(q: Prepared) -> Iterator[Flaw]:
    """Choices that only say whether the stem holds."""
    asked = english.IS_IT_TRUE.search(q.lead.prose)
    if asked and not english.WH_WORDS.intersection(q.lead.words[:3]):
        yield Flaw(q.line, f'the stem asks "{asked.group().lower()}"')
    elif _are_verdicts(q) or _mirror_each_other(q):
        yield Flaw(q.line, "the choices only say whether the stem holds")


def _are_verdicts(q: Prepared) -> bool:
    if english.BOOLEAN_STEM.search(q.stem.plain) or any("`" in o.choice.text for o in q.options):
        return False
    decided = [o for o in q.options if not english.UNDECIDED.match(o.text.plain)]
    if len(decided) < 2 or not all(o.text.is_led_by(english.VERDICTS) for o in decided):
        return False
    sides = [sum(o.text.is_led_by(side) for o in decided) for side in (english.YES, english.NO)]
    if min(sides) == 0 or not all(_is_led_by_verdict(o) for o in decided):
        return False
    reasoned = all(len(o.text.all_words) >= 5 for o in decided)
    return not (reasoned and min(sides) >= 2)


def _is_led_by_verdict(option: Option) -> bool:
    return bool(re.match(r"^\w+(?:$|[^\w\s]| because\b| it\b| since\b| but\b)", option.text.plain))


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


# --- Choices that say the same, or contain each other ---


def duplicate_choices(q: Prepared) -> Iterator[Flaw]:
    """Two choices that differ in case, articles, order of a list or unit only."""
    if english.FORM_MATTERS.search(q.stem.plain):
        normal = [o.choice.text.strip() for o in q.options]
    else:
        normal = _normal_forms(q)
    first: dict[str, Option] = {}
    for option, form in zip(q.options, normal, strict=True):
        if form in first:
            earlier = quoted(first[form].text.plain)
            yield Flaw(
                option.line, f"the choice {quoted(option.text.plain)} says the same as {earlier}"
            )
        else:
            first[form] = option


_TOKEN = re.compile(r"\d+(?:[.,]\d+)*[\"'″′]*|[^\W_]+(?:['’.-][^\W_]+)*|[^\s\w.,;:!?\"“”‘’']|_+")
_BRITISH_IS = re.compile(r"is(e[ds]?|ing|ation)$")
_BRITISH_OUR = re.compile(r"our(s?)$")
_QUANTITY = re.compile(r"^([-−]?(?:0|[1-9][\d,]*)(?:\.\d+)?)\s?([a-zA-Z%][a-zA-Z ]*)?$")


def _normal_forms(q: Prepared) -> list[str]:
    """Each choice in a form that is equal for choices that say the same."""
    amounts = [_amount(option) for option in q.options]
    some_bare = any(amount and not amount[1] for amount in amounts)
    in_order = bool(english.ORDER_MATTERS.search(q.stem.plain))
    return [
        _normal_amount(*amount, bare=some_bare)
        if amount
        else _normal_words(option, in_order=in_order)
        for option, amount in zip(q.options, amounts, strict=True)
    ]


def _normal_amount(number: Fraction, unit: str, *, bare: bool) -> str:
    if bare:
        return str(number)
    base, factor = english.UNITS.get(unit, (unit.lower() if len(unit) > 2 else unit, "1"))
    return f"{number * Fraction(factor)} {base}"


def _is_formal(option: Option) -> bool:
    """Whether each sign counts, as in code and formulas."""
    return any(sign in option.choice.text for sign in "`$\\")


def _normal_words(option: Option, *, in_order: bool) -> str:
    plain = option.text.plain.strip().rstrip(".!;:,")
    if _is_formal(option):
        return " ".join(option.choice.text.replace("`", "").split())
    tokens = [_fold(token) for token in _TOKEN.findall(plain)]
    if any(len(token) >= 3 and token[0].isalpha() for token in tokens if token != "the"):
        tokens = [token for token in tokens if token not in {"a", "an", "the"}]
    text = " ".join(tokens)
    if in_order:
        return text
    parts = sorted(part.strip() for part in re.split(r" and | or | & ", text))
    return f" {len(parts)} ".join(parts) if len(parts) > 1 else text


def _amount(option: Option) -> tuple[Fraction, str] | None:
    """The number and the unit of a choice like "90 minutes", else None."""
    if _is_formal(option):
        return None
    plain = option.text.plain.rstrip(".!;:,")
    words = [english.NUMBER_WORDS.get(word.lower(), word) for word in plain.split()]
    match = _QUANTITY.match(" ".join(words))
    if not match:
        return None
    number = Fraction(match.group(1).replace(",", "").replace("−", "-"))
    return number, (match.group(2) or "").strip()


def _fold(token: str) -> str:
    """The token in lower case, unless its case may mean something (Aa, pH, mg)."""
    is_word = len(token) >= 3 and (token.islower() or token[1:].islower())
    folded = token.lower() if is_word or token in {"A", "An", "It", "In", "To", "By"} else token
    folded = folded.replace("’", "'")
    short = english.SAME_WORDS.get(token.lower() if token.isupper() else folded)
    if short:
        return short
    number = english.NUMBER_WORDS.get(folded, folded)
    return _BRITISH_IS.sub(r"iz\1", _BRITISH_OUR.sub(r"or\1", number))


@dataclass(frozen=True, slots=True)
class _Span:
    low: float
    high: float
    unit: str
    is_range: bool


_RANGE = re.compile(
    r"^(?:from )?[^\w\d]?(\d[\d,.]*\d|\d)\s?[^\d\s]{0,3}\s?(?:-|–|—| to |\.\.)\s?"
    r"[^\w\d]?(\d[\d,.]*\d|\d)(.*)$",
    re.IGNORECASE,
)
_ONE_NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?)")
_COMPARED = re.compile(r"^\s*([<>≤≥]=?)\s*\d")


_BETWEEN = re.compile(r"^between (.*\d.*) and (.*\d.*)$", re.IGNORECASE)


def _value(digits: str) -> float:
    return float(digits.replace(",", "").rstrip(".") or 0)


def _span(option: Option) -> _Span | None:
    plain = " ".join(
        english.NUMBER_WORDS.get(word.lower(), word) for word in option.text.plain.split()
    ).rstrip(".")
    plain = _BETWEEN.sub(r"\1 to \2", plain)
    match = _RANGE.match(plain)
    if match and plain.count(".") < 3:
        low, high = _value(match.group(1)), _value(match.group(2))
        return _Span(low, high, _unit(match.group(3)), is_range=True) if low < high else None
    numbers = _ONE_NUMBER.findall(plain)
    if len(numbers) != 1 or len(plain.split()) > MAX_SPAN_WORDS:
        return None
    return _threshold(plain, _value(numbers[0]))


def _threshold(plain: str, number: float) -> _Span | None:
    compared = _COMPARED.match(plain)
    sign = compared.group(1)[0] if compared else ""
    rest = _ONE_NUMBER.sub(" ", plain, count=1).strip(" <>≤≥=")
    infinite = float("inf")
    for word, is_above in ((english.MORE, True), (english.OR_MORE, True),
                           (english.LESS, False), (english.OR_LESS, False)):  # fmt: skip
        found = word.search(rest)
        if found:
            unit = _unit(rest.replace(found.group(), " "))
            edge = 0.0 if "or" in found.group().split() or "least" in found.group() else 1e-9
            if is_above:
                return _Span(number + edge, infinite, unit, is_range=True)
            return _Span(-infinite, number - edge, unit, is_range=True)
    if sign:
        low, high = (number + 1e-9, infinite) if sign in ">≥" else (-infinite, number - 1e-9)
        return _Span(low, high, _unit(rest), is_range=True)
    return _Span(number, number, _unit(rest), is_range=False)


def _unit(text: str) -> str:
    return " ".join(re.sub(r"[^\w%° ]", " ", text.lower()).split())


def _spans_overlap(one: _Span | None, other: _Span | None) -> bool:
    if one is None or other is None or not (one.is_range or other.is_range):
        return False
    if one.unit and other.unit and one.unit != other.unit:
        return False
    return max(one.low, other.low) <= min(one.high, other.high)


def overlapping_choices(q: Prepared) -> Iterator[Flaw]:
    """Ranges that share values, or a choice that says another one and more."""
    spans = {id(option): _span(option) for option in q.options}
    for one, other in combinations(q.options, 2):
        if _spans_overlap(spans[id(one)], spans[id(other)]):
            text = f"{quoted(one.text.plain)} and {quoted(other.text.plain)} share values"
            yield Flaw(other.line, f"the choices {text}")
            return
        if _is_subset(one, other) or _is_subset(other, one):
            text = f"{quoted(one.text.plain)} and {quoted(other.text.plain)} contain one another"
            yield Flaw(other.line, f"the choices {text}")
            return


def _is_subset(smaller: Option, larger: Option) -> bool:
    """Whether the larger choice says the smaller one and adds to it."""
    if "`" in smaller.choice.text + larger.choice.text:
        return False
    small, large = smaller.text.bare_words, larger.text.bare_words
    if not small or len(small) >= len(large) or not any(word.isalpha() for word in small):
        return False
    if english.ALL_ABOVE.match(larger.text.plain) or small[-1:] == ("not",):
        return False
    if large[: len(small)] == small:
        return _adds_a_part(large[len(small)], larger.text.plain, smaller.text.plain)
    if large[-len(small) :] == small:
        return _narrows(large[: -len(small)], small, larger.text.plain)
    return False


def _adds_a_part(link: str, larger: str, smaller: str) -> bool:
    follows = larger[len(smaller.rstrip(".")) :].lstrip()
    if follows.startswith((",", "(", ";")) or link.endswith("ly"):
        return not follows.startswith("(")
    return link in english.SUBSET_LINKS


def _narrows(before: tuple[str, ...], small: tuple[str, ...], larger: str) -> bool:
    if before in {("only",), ("mainly",), ("both",), ("just",)} or before[-1] in {"and", "or"}:
        return True
    is_plural = small[-1].endswith("s") and not small[-1].endswith(english.NOT_PLURAL_ENDINGS)
    is_common = small[0] in larger and before[-1] not in english.FUNCTION_WORDS
    return len(before) == 1 and is_plural and is_common and len(small) == 1
