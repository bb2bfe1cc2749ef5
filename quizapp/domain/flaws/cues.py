"""Rules about what lets a reader find the key without knowing the subject."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from statistics import mean

from quizapp.domain.flaws import english
from quizapp.domain.flaws.negatives import negation
from quizapp.domain.flaws.prepared import LONG_STEM, Flaw, Option, Prepared, quoted
from quizapp.domain.flaws.text import Text, root

LONGER = 1.5
MUCH_LONGER = 1.7
MIN_EXTRA_CHARACTERS = 12
MIN_EXTRA_WORDS = 2
TELLING_LENGTH = 1.25
"""A year alone, or "often", tells nothing; in a key longer than usual by this it does."""
MIN_KEY_CHARACTERS = 30
"""Names and other short choices differ in length without standing out."""


def longest_key(q: Prepared) -> Iterator[Flaw]:
    """A key longer than the longest distractor by more than distractors differ in length."""
    key = q.key_of_its_own
    if key is None or len(q.distractors) < 2 or not q.others:
        return
    lengths = sorted(option.text.length for option in q.others)
    words = max(len(option.text.all_words) for option in q.others)
    length, longest = key.text.length, lengths[-1]
    extra = length - longest
    if (
        length < MIN_KEY_CHARACTERS
        or extra < MIN_EXTRA_CHARACTERS
        or len(key.text.all_words) - words < MIN_EXTRA_WORDS
    ):
        return
    spread = longest - lengths[0]
    if length >= MUCH_LONGER * longest or (length >= LONGER * longest and extra > 0.75 * spread):
        yield Flaw(
            key.line,
            f"the key has {length} characters and the longest distractor {longest}",
        )


def key_more_specific(q: Prepared) -> Iterator[Flaw]:
    """A key with a bracket, a qualifier or an exact figure that no distractor has."""
    key = q.key_of_its_own
    if key is None or len(q.others) < 2 or key.is_formal:
        return
    usual = mean(option.text.length for option in q.others)
    for kind, mark in _PRECISION.items():
        found = mark(key.text)
        if _is_weak(found) and key.text.length <= TELLING_LENGTH * usual:
            continue
        if found and not any(mark(option.text) for option in q.others):
            yield Flaw(key.line, f"only the key has {kind} ({quoted(found)})")
            return


_BRACKET = re.compile(r"(?<=[^\W\d_]{2} )\([^)]{3,}\)|(?<=\d )\([^)]{3,}\)")
_FIGURE = re.compile(r"(?<![\w.,-])\d[\d.,]*(?: ?%)?")
_NAMED_FIGURE = re.compile(r"[A-Z]\w* \d[\d.,]*")
_DECIMALS = re.compile(r"\d\.\d+")
_YEAR = re.compile(r"1\d{3}|20\d\d")


def _is_weak(found: str) -> bool:
    return bool(_YEAR.fullmatch(found) or english.VAGUE.fullmatch(found))


def _bracket(text: Text) -> str:
    found = _BRACKET.search(text.plain)
    return found.group() if found else ""


def _qualifier(text: Text) -> str:
    found = english.QUALIFIERS.search(text.low_prose)
    return found.group() if found and len(text.words) >= 4 else ""


def _figure(text: Text) -> str:
    found = _FIGURE.search(_NAMED_FIGURE.sub(_without_name, text.plain))
    is_bare = text.plain.isdigit()
    return found.group() if found and not is_bare else ""


def _decimals(text: Text) -> str:
    found = _DECIMALS.search(text.plain)
    return found.group() if found else ""


def _date(text: Text) -> str:
    found = english.MONTHS.search(text.low_plain)
    return found.group() if found and _FIGURE.search(text.plain) else ""


def _without_name(match: re.Match[str]) -> str:
    """Nothing in place of "Article 4", whose figure is a name; "About 4" stays."""
    word = match.group().split()[0].lower()
    counts = word in english.FUNCTION_WORDS or word.endswith("ly") or word in english.ROUGHLY
    return match.group() if counts else " "


_PRECISION: dict[str, Callable[[Text], str]] = {
    "an aside in brackets": _bracket,
    "a qualification": _qualifier,
    "a figure": _figure,
    "decimals": _decimals,
    "a month": _date,
}


def clang(q: Prepared) -> Iterator[Flaw]:
    """A telling word of the stem that comes back in the key and in no distractor."""
    key = q.key_of_its_own
    if key is None or not q.others or key.is_formal:
        return
    stem = _telling(q.stem if len(q.stem.all_words) <= LONG_STEM else q.lead)
    in_distractors = [_telling(option.text) for option in q.others]
    echoed = (stem & _telling(key.text)).difference(*in_distractors)
    if not echoed or len(echoed) < 0.2 * len(key.text.roots):
        return
    if max(len(stem & words - key.text.roots) for words in in_distractors) >= len(echoed):
        return
    word = next(word for word in key.text.all_words if root(word) in echoed)
    yield Flaw(key.line, f'of all choices only the key repeats "{word}" from the stem')


def _telling(text: Text) -> frozenset[str]:
    return frozenset(
        root(word)
        for word in text.all_words
        if len(word) > 3
        and not word.isdigit()
        and word not in english.FUNCTION_WORDS
        and word not in english.GENERIC_WORDS
    )


# --- Convergence ---


def convergence(q: Prepared) -> Iterator[Flaw]:
    """A key put together from parts that the distractors share with it, one part each."""
    if q.key is None or len(q.distractors) < 2 or negation(q.lead):
        return
    parts = _parts(q)
    if min(len(p) for p in parts) < 2 or max(len(p) for p in parts) > 6:
        return
    if all(_AMOUNT.match(option.text.plain) for option in q.options):
        return
    at = q.options.index(q.key)
    counts = Counter(part for p in parts for part in p)
    shared = [sum(counts[part] - 1 for part in p) / len(p) for p in parts]
    key_parts, others = parts[at], [p for i, p in enumerate(parts) if i != at]
    partial = [p for p in others if p & key_parts and not key_parts <= p]
    covered = key_parts <= frozenset[str]().union(*partial)
    best_other = max(score for i, score in enumerate(shared) if i != at)
    if covered and len(partial) >= 2 and shared[at] > best_other and not _is_common(parts):
        yield Flaw(
            q.key.line, "the key shares each of its parts with distractors, they less with another"
        )


_AMOUNT = re.compile(r"\d[^,;]*$")


def _is_common(parts: list[frozenset[str]]) -> bool:
    """Whether the choices differ in one part only, so that nothing converges."""
    common = parts[0].intersection(*parts)
    return any(len(p - common) < 2 for p in parts)


def _parts(q: Prepared) -> list[frozenset[str]]:
    """What each choice is put together from: the sides of its "and", its list, or its words."""
    for divider in english.FACET_DIVIDERS:
        parts = [_facets(option, divider) for option in q.options]
        if min(len(p) for p in parts) >= 2:
            return parts
    return [_terms(option) for option in q.options]


def _facets(option: Option, divider: re.Pattern[str]) -> frozenset[str]:
    text = option.text.low_plain.rstrip(".")
    parts = (english.FACET_STARTS.sub("", part.strip()) for part in divider.split(text))
    return frozenset(part for part in parts if part)


def _terms(option: Option) -> frozenset[str]:
    return frozenset(word for word in option.text.all_words if word not in english.TERM_STOPS)
