"""Rules about choices that say the same, or contain each other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations

from quizapp.domain.flaws import english
from quizapp.domain.flaws.prepared import Flaw, Option, Prepared, quoted

MAX_SPAN_WORDS = 7
"""A longer choice with a number in it says more than how much."""


def duplicate_choices(q: Prepared) -> Iterator[Flaw]:
    """Two choices that differ in case, articles, order of a list or unit only."""
    if english.FORM_MATTERS.search(q.stem.low_plain):
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
_QUANTITY = re.compile(r"^([-−]?(?:0|[1-9][\d,]{0,18})(?:\.\d{1,18})?)\s?([a-zA-Z%][a-zA-Z ]*)?$")


def _normal_forms(q: Prepared) -> list[str]:
    """Each choice in a form that is equal for choices that say the same."""
    amounts = [_amount(option) for option in q.options]
    some_bare = any(amount and not amount[1] for amount in amounts)
    in_order = bool(english.ORDER_MATTERS.search(q.stem.low_plain))
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


def _normal_words(option: Option, *, in_order: bool) -> str:
    plain = option.text.plain.strip().rstrip(".!;:,")
    if option.is_formal:
        return " ".join(option.choice.text.replace("`", "").split())
    tokens = [_fold(token) for token in _TOKEN.findall(plain)]
    content = [token for token in tokens if token not in english.ARTICLES]
    if any(len(token) >= 3 and token[0].isalpha() for token in content):
        tokens = content
    text = " ".join(tokens)
    if in_order:
        return text
    parts = sorted(part.strip() for part in re.split(r" and | or | & ", text))
    return f" {len(parts)} ".join(parts) if len(parts) > 1 else text


def _amount(option: Option) -> tuple[Fraction, str] | None:
    """The number and the unit of a choice like "90 minutes", else None."""
    if option.is_formal:
        return None
    plain = option.text.plain.rstrip(".!;:,")
    words = [english.NUMBER_WORDS.get(word.lower(), word) for word in plain.split()]
    match = _QUANTITY.match(" ".join(words))
    if not match:
        return None
    number = Fraction(match.group(1).replace(",", "").replace("−", "-"))
    return number, (match.group(2) or "").strip()


@lru_cache(maxsize=65536)
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
    words = option.text.low_plain.split()
    if len(words) > MAX_SPAN_WORDS:
        return None
    plain = " ".join(english.NUMBER_WORDS.get(word, word) for word in words).rstrip(".")
    plain = _BETWEEN.sub(r"\1 to \2", plain)
    match = _RANGE.match(plain)
    if match and plain.count(".") < 3:
        low, high = _value(match.group(1)), _value(match.group(2))
        return _Span(low, high, _unit(match.group(3)), is_range=True) if low < high else None
    numbers = _ONE_NUMBER.findall(plain)
    return _threshold(plain, _value(numbers[0])) if len(numbers) == 1 else None


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
    is_score = english.SCORE_STEM.search(q.stem.low_plain) is not None
    spans = [None if is_score else _span(option) for option in q.options]
    for (one, here), (other, there) in combinations(zip(q.options, spans, strict=True), 2):
        if _spans_overlap(here, there):
            how = "share values"
        elif _is_subset(one, other) or _is_subset(other, one):
            how = "contain one another"
        else:
            continue
        texts = f"{quoted(one.text.plain)} and {quoted(other.text.plain)}"
        yield Flaw(other.line, f"the choices {texts} {how}")
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
    is_participle = link in english.PARTICIPLES or link.endswith("ed")
    return link in english.SUBSET_LINKS or (is_participle and smaller[-3:].isalpha())


def _narrows(before: tuple[str, ...], small: tuple[str, ...], larger: str) -> bool:
    if before[-1] in english.ADDED_BEFORE or before[-2:] == ("and", "the"):
        return True
    is_plural = small[-1].endswith("s") and not small[-1].endswith(english.NOT_PLURAL_ENDINGS)
    is_common = small[0] in larger and before[-1] not in english.FUNCTION_WORDS
    return len(before) == 1 and is_plural and is_common and len(small) == 1
