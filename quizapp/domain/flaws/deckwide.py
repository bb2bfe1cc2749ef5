"""Rules that look at all questions of a deck, or of all decks."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from quizapp.domain.flaws import english
from quizapp.domain.flaws.negatives import negation
from quizapp.domain.flaws.prepared import Flaw, Prepared, quoted
from quizapp.domain.flaws.text import GENERIC_ROOTS, Text, root

ALPHA = 0.01
"""A skew is reported when chance alone would give it in fewer decks than this share."""
MIN_QUESTIONS = 8
EXACT_UP_TO = 400
"""Above so many questions the normal approximation is as good as exact, and linear."""
MAX_TELLING_WORDS = 60
"""A longer stem is a text of its own, in which everything stands somewhere."""
MAX_POSTINGS = 64
"""A word in more stems than this gives nothing away, and looking it up would cost too much."""


# --- Where the key stands, and how long it is ---


def upper_tail(chances: Sequence[float], count: int) -> float:
    """Chance of at least `count` successes in independent trials with the given chances.

    Exact Poisson-binomial sum up to EXACT_UP_TO trials, above it the normal approximation with
    continuity correction (Hodges & Le Cam 1960).
    """
    if count <= 0:
        return 1.0
    if len(chances) > EXACT_UP_TO:
        mean = sum(chances)
        spread = math.sqrt(sum(p * (1 - p) for p in chances))
        return 0.5 * math.erfc((count - 0.5 - mean) / (spread * math.sqrt(2))) if spread else 0.0
    exactly = [1.0]
    for chance in chances:
        stay = [p * (1 - chance) for p in exactly] + [0.0]
        step = [0.0] + [p * chance for p in exactly]
        exactly = [a + b for a, b in zip(stay, step, strict=True)]
    return sum(exactly[count:])


def skewed_key_position(deck: Sequence[Prepared]) -> Iterator[tuple[Prepared, Flaw]]:
    """One place that holds the key in more, or fewer, questions than chance would put there.

    For each place an exact two-sided test; ALPHA is shared among them (Bonferroni). All questions
    with one key count, shuffled or not: the order of the file shows on paper and in previews.
    """
    places = [(q.options.index(q.key), len(q.options)) for q in deck if q.key]
    if len(places) < MIN_QUESTIONS:
        return
    count = max(size for _, size in places)
    for place in range(count):
        chances = [1 / size for _, size in places if size > place]
        here = sum(at == place for at, _ in places)
        high = upper_tail(chances, here)
        low = upper_tail([1 - p for p in chances], len(chances) - here)
        if 2 * count * min(high, low) < ALPHA:
            text = f"the key is choice {place + 1} in {here} of {len(places)} questions"
            yield deck[0], Flaw(deck[0].line, text)
            return


def skewed_key_length(deck: Sequence[Prepared]) -> Iterator[tuple[Prepared, Flaw]]:
    """The key is the one longest, or the one shortest, choice more often than chance (ALPHA)."""
    keyed = [(q.key, q.distractors) for q in deck if q.key and q.distractors]
    if len(keyed) < MIN_QUESTIONS:
        return
    chances = [1 / (1 + len(others)) for _, others in keyed]
    longest = sum(k.text.length > max(o.text.length for o in others) for k, others in keyed)
    shortest = sum(k.text.length < min(o.text.length for o in others) for k, others in keyed)
    for name, count in (("longest", longest), ("shortest", shortest)):
        if 2 * upper_tail(chances, count) < ALPHA:
            text = f"the key is the {name} choice in {count} of {len(keyed)} questions"
            yield deck[0], Flaw(deck[0].line, text)
            return


# --- Questions that answer or repeat each other ---


def gives_away(deck: Sequence[Prepared]) -> Iterator[tuple[Prepared, Flaw]]:
    """The stem of another question says what this one asks, and its key."""
    stems = [_telling(q.stem) if len(q.stem.words) <= MAX_TELLING_WORDS else _NONE for q in deck]
    postings: defaultdict[str, list[int]] = defaultdict(list)
    for at, words in enumerate(stems):
        for word in words:
            postings[word].append(at)
    for at, q in enumerate(deck):
        teller = _teller(q, at, stems, postings)
        if teller is not None and q.key:
            where = f"the question at line {deck[teller].line}"
            yield q, Flaw(q.line, f"the key {quoted(q.key.text.plain)} stands in {where}")


_NONE = frozenset[str]()


def _telling(text: Text) -> frozenset[str]:
    """The roots that tell something, and names such as "article 4" as one."""
    named = {
        f"{noun} {digits}"
        for noun, digits in pairwise(text.all_words)
        if digits.isdigit() and noun not in english.FUNCTION_WORDS
    }
    return text.roots - GENERIC_ROOTS | named


def _answer(q: Prepared) -> frozenset[str]:
    """The roots that only the key has, or none where the question asks for the exception."""
    if q.key is None or negation(q.lead):
        return _NONE
    distractors = _NONE.union(*(option.text.roots for option in q.distractors))
    answer = _telling(q.key.text) - _telling(q.stem) - distractors
    return answer if any(len(word) > 2 for word in answer) else _NONE


def _teller(
    q: Prepared, at: int, stems: list[frozenset[str]], postings: dict[str, list[int]]
) -> int | None:
    """Position of another question whose stem states the key of `q` at `at`, or None."""
    answer = _answer(q)
    if not answer or any(len(postings.get(word, ())) > MAX_POSTINGS for word in answer):
        return None
    common = max(3, len(stems) // 3)
    subject = _telling(q.lead) - _kind_asked_for(q)
    subject = frozenset(word for word in subject if len(postings.get(word, ())) <= common)
    needed = len(answer) if len(answer) < 5 else math.ceil(0.8 * len(answer))
    hits = Counter(i for word in answer for i in postings.get(word, ()) if i != at)
    for other, hit in sorted(hits.items()):
        shared = len(subject & stems[other])
        if hit >= needed and shared >= min(2, len(subject)) and 0 < len(subject) <= 2 * shared:
            return other
    return None


def _kind_asked_for(q: Prepared) -> frozenset[str]:
    """The root of "city" in "Which city ...": whoever names the city need not say so."""
    words = q.lead.all_words
    return frozenset(
        root(noun)
        for word, noun in pairwise(words)
        if word in english.ASKING and noun not in english.FUNCTION_WORDS
    )


_CODE = re.compile(r"`+[^`]+`+")
_SYMBOL = re.compile(r"[^\W_]+|[^\s\w.,;:!?\"“”‘’'*_`()]")


def _stem_form(stem: str) -> tuple[str, ...]:
    """The words of a stem, and its code as it stands: two stems with one form ask the same."""
    words = (w for w in _SYMBOL.findall(stem.lower()) if w not in english.STEM_PADDING)
    return (*words, *_CODE.findall(stem))


def same_stems(bank: Sequence[tuple[str, Prepared]]) -> Iterator[tuple[str, Prepared, Flaw]]:
    """A stem that an earlier question has too, in any file, but for case and punctuation."""
    first: dict[tuple[str, ...], tuple[str, Prepared]] = {}
    for file, q in bank:
        form = _stem_form(q.question.stem)
        if form in first:
            where, earlier = first[form]
            place = f"line {earlier.line}" if where == file else f"{where}:{earlier.line}"
            yield file, q, Flaw(q.line, f"the stem is that of the question at {place}")
        else:
            first[form] = (file, q)
