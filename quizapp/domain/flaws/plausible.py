"""The rule about distractors that nobody would choose, for English."""

import re
from collections.abc import Iterator

from quizapp.domain.flaws import english
from quizapp.domain.flaws.prepared import Flaw, Option, Prepared, quoted
from quizapp.domain.flaws.text import Text


def implausible_distractor(q: Prepared) -> Iterator[Flaw]:
    """A distractor that is a joke, empty, or of another kind than everything else."""
    for option in q.distractors:
        reason = _why_implausible(q, option)
        if reason:
            yield Flaw(option.line, f"the distractor {quoted(option.text.plain)} {reason}")


def _why_implausible(q: Prepared, option: Option) -> str | None:
    if english.HOLLOW.match(option.text.plain) and "`" not in option.choice.text:
        return None if all(o.text.length <= 3 for o in q.options) else "says nothing"
    others = [other for other in q.options if other is not option]
    joke = english.NO_ANSWER.search(option.text.low_plain) or _joke(q, option, others)
    if joke:
        return f'is no serious answer ("{joke.group()}")'
    if _is_everyday_outlier(q, option, others):
        return "has nothing to do with the other choices"
    return _odd_number(option, others)


def _joke(q: Prepared, option: Option, others: list[Option]) -> re.Match[str] | None:
    """What is a joke in this choice; a question about such things has them elsewhere too."""
    joke = english.JOKE.search(option.text.low_plain)
    if joke is None or _is_about_such_things(q):
        return None
    texts = [q.stem, *(other.text for other in others)]
    return None if any(english.JOKE.search(text.low_plain) for text in texts) else joke


def _is_about_such_things(q: Prepared) -> bool:
    stem = q.stem.low_plain
    return bool(english.FICTION_STEM.search(stem) or english.EVERYDAY_STEM.search(stem))


def _is_everyday_outlier(q: Prepared, option: Option, others: list[Option]) -> bool:
    words = [word for word in option.text.all_words if word not in english.FUNCTION_WORDS]
    if not 1 <= len(words) <= 2 or english.EVERYDAY_STEM.search(q.stem.low_plain):
        return False
    seen = set(q.stem.all_words).union(*(other.text.all_words for other in others))
    for name, kind in english.EVERYDAY.items():
        if not kind.intersection(words) or kind & seen or not _EVERYDAY.issuperset(words):
            continue
        if not all(_is_learned(other.text) for other in others):
            continue
        return not (name == "days" and english.CALENDAR_STEM.search(q.stem.low_plain))
    return False


def _is_learned(text: Text) -> bool:
    """Whether a choice has a word of some length or a figure, unlike those of everyday life."""
    return any(len(word) >= 4 or word.isdigit() for word in text.all_words)


_EVERYDAY = frozenset[str]().union(*english.EVERYDAY.values())
_NUMBER = re.compile(
    r"^(?:in |about )?[€$£~≈−-]?(\d[\d,]*(?:\.\d+)?)(?:[\s%°]\D{0,24})?$", re.IGNORECASE
)


def _number(text: Text) -> float | None:
    match = _NUMBER.match(text.plain)
    return float(match.group(1).replace(",", "")) if match else None


def _odd_number(option: Option, others: list[Option]) -> str | None:
    numbers = [_number(other.text) for other in others]
    rest = [number for number in numbers if number is not None]
    if len(rest) < len(others) or len(rest) < 2:
        return None
    mine = _number(option.text)
    if mine is None:
        plain = option.text.plain
        known = re.search(r"\d|[=^√π\\]", plain) or english.NUMBER_EXCUSES.search(plain)
        vague = english.VAGUE.search(option.text.low_plain)
        return None if known or vague or len(plain) <= 2 else "is no number among numbers"
    low, high = min(rest), max(rest)
    if low > 0 and high <= 10 * low and mine >= 200 * high:
        return "is out of all proportion to the other numbers"
    return None
