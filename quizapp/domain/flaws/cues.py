"""Rules about what lets a reader find the key without knowing the subject."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from statistics import mean, median

from quizapp.domain.flaws import english
from quizapp.domain.flaws.prepared import Flaw, Option, Prepared, quoted
from quizapp.domain.flaws.text import Text, root

LONGER = 1.3
MUCH_LONGER = 1.7
MIN_EXTRA_CHARACTERS = 12
MIN_EXTRA_WORDS = 2
MAX_CLANG_WORDS = 40
"""In a longer stem, only the sentence that asks is looked at: a case has to name things."""
MIN_KEY_CHARACTERS = 24
"""Names and other short choices differ in length without standing out."""
MAX_PHRASE_WORDS = 7
"""A longer phrase may hide the verb of a sentence."""
WILDLY_LONGER = 3.0
WILDLY_SHORTER = 4.0
WILD_DIFFERENCE = 40


def longest_key(q: Prepared) -> Iterator[Flaw]:
    """A key longer than the longest distractor by more than distractors differ in length."""
    if q.key is None or len(q.distractors) < 2:
        return
    lengths = sorted(option.text.length for option in q.distractors)
    words = max(len(option.text.all_words) for option in q.distractors)
    key, longest = q.key.text.length, lengths[-1]
    extra = key - longest
    if (
        key < MIN_KEY_CHARACTERS
        or extra < MIN_EXTRA_CHARACTERS
        or len(q.key.text.all_words) - words < MIN_EXTRA_WORDS
    ):
        return
    spread = longest - lengths[0]
    if key >= MUCH_LONGER * longest or (key >= LONGER * longest and extra > 0.75 * spread):
        yield Flaw(
            q.key.line,
            f"the key has {key} characters and the longest distractor {longest}",
        )


def key_more_specific(q: Prepared) -> Iterator[Flaw]:
    """A key with a bracket, a qualifier or an exact figure that no distractor has."""
    if q.key is None or len(q.distractors) < 2 or _is_formal(q.key):
        return
    usual = mean(option.text.length for option in q.distractors)
    for kind, mark in _PRECISION.items():
        found = mark(q.key.text)
        if _YEAR.fullmatch(found) and q.key.text.length <= usual:
            continue
        if found and not any(mark(option.text) for option in q.distractors):
            yield Flaw(q.key.line, f"only the key has {kind} ({quoted(found)})")
            return


def _is_formal(option: Option) -> bool:
    """Whether the choice is code or a formula, whose words are not prose."""
    return any(sign in option.choice.text for sign in "`$\\")


_BRACKET = re.compile(r"(?<=[^\W\d_]{2} )\([^)]{3,}\)|(?<=\d )\([^)]{3,}\)")
_FIGURE = re.compile(r"(?<![\w.,-])\d[\d.,]*(?: ?%)?")
_NAMED_FIGURE = re.compile(r"[A-Z]\w* \d[\d.,]*")
_YEAR = re.compile(r"1\d{3}|20\d\d")


def _bracket(text: Text) -> str:
    found = _BRACKET.search(text.plain)
    return found.group() if found else ""


def _qualifier(text: Text) -> str:
    found = english.QUALIFIERS.search(text.prose)
    return found.group() if found and len(text.words) >= 4 else ""


def _figure(text: Text) -> str:
    found = _FIGURE.search(_NAMED_FIGURE.sub(_without_name, text.plain))
    is_bare = text.plain.isdigit()
    return found.group() if found and not is_bare else ""


def _without_name(match: re.Match[str]) -> str:
    """Nothing in place of "Article 4", whose figure is a name; "About 4" stays."""
    word = match.group().split()[0].lower()
    counts = word in english.FUNCTION_WORDS or word.endswith("ly") or word in english.ROUGHLY
    return match.group() if counts else " "


_PRECISION: dict[str, Callable[[Text], str]] = {
    "an aside in brackets": _bracket,
    "a qualification": _qualifier,
    "a figure": _figure,
}


def clang(q: Prepared) -> Iterator[Flaw]:
    """A telling word of the stem that comes back in the key and in no distractor."""
    if q.key is None or not q.distractors or _is_formal(q.key):
        return
    stem = _telling(q.stem if len(q.stem.all_words) <= MAX_CLANG_WORDS else q.lead)
    in_distractors = [_telling(option.text) for option in q.distractors]
    echoed = (stem & _telling(q.key.text)).difference(*in_distractors)
    if not echoed or len(echoed) < 0.2 * len(q.key.text.roots):
        return
    if max(len(stem & words - q.key.text.roots) for words in in_distractors) >= len(echoed):
        return
    word = next(word for word in q.key.text.all_words if _telling_root(word) in echoed)
    yield Flaw(q.key.line, f'of all choices only the key repeats "{word}" from the stem')


def _telling_root(word: str) -> str:
    return root(word)


def _telling(text: Text) -> frozenset[str]:
    return frozenset(
        _telling_root(word)
        for word in text.all_words
        if len(word) > 3
        and not word.isdigit()
        and word not in english.FUNCTION_WORDS
        and word not in english.GENERIC_WORDS
    )


# --- Convergence ---


def convergence(q: Prepared) -> Iterator[Flaw]:
    """A key put together from parts that the distractors share with it, one part each."""
    if q.key is None or len(q.distractors) < 2:
        return
    parts = [_facets(option) for option in q.options]
    if min(len(p) for p in parts) < 2:
        parts = [_terms(option) for option in q.options]
    if min(len(p) for p in parts) < 2 or max(len(p) for p in parts) > 6:
        return
    if all(option.text.plain[:1].isdigit() for option in q.options):
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


def _is_common(parts: list[frozenset[str]]) -> bool:
    """Whether the choices differ in one part only, so that nothing converges."""
    common = frozenset.intersection(*parts)
    return any(len(p - common) < 2 for p in parts)


_FACET_BREAK = re.compile(r",? (?:and|but|with|plus|then|without|or) |[,;/+] ?| [–—-] ")


def _facets(option: Option) -> frozenset[str]:
    text = option.text.plain.lower().rstrip(".")
    parts = (
        re.sub(r"^(?:a|an|the|its|to|by|both) ", "", p.strip()) for p in _FACET_BREAK.split(text)
    )
    return frozenset(part for part in parts if part)


def _terms(option: Option) -> frozenset[str]:
    return frozenset(
        word for word in option.text.all_words if word not in {"a", "an", "the", "of", "in", "and"}
    )


# --- Unevenness ---


def uneven_choices(q: Prepared) -> Iterator[Flaw]:
    """Lengths that differ wildly (a long key is another rule's), or one choice of another form."""
    odd = _odd_length(q)
    if odd:
        yield Flaw(odd.line, f"the choice {quoted(odd.text.plain)} has a length all of its own")


def uneven_forms(q: Prepared) -> Iterator[Flaw]:
    """Choices that are not parallel: phrases among sentences, "to do" among "doing"."""
    if next(uneven_choices(q), None) or len(q.options) < 3:
        return
    forms = [form_of(option.text) for option in q.options]
    counts = Counter(forms)
    usual, usual_count = counts.most_common(1)[0]
    for option, form in zip(q.options, forms, strict=True):
        if form != usual and usual_count >= len(forms) - 1 and _clash(form, usual):
            yield Flaw(
                option.line, f"the choice {quoted(option.text.plain)} is {form} among {usual}s"
            )
    clashing = {f for f in forms if any(_clash(f, other) for other in counts)}
    if usual_count < len(forms) - 1 and len(clashing) >= 2 and {"an infinitive"} & clashing:
        yield Flaw(q.line, f"the choices mix {' and '.join(sorted(clashing))}")


def _odd_length(q: Prepared) -> Option | None:
    options = [option for option in q.options if not _stands_apart(option.text)]
    if len(options) < 3:
        return None
    by_length = sorted(options, key=lambda option: option.text.length)
    longest, shortest = by_length[-1], by_length[0]
    usual = median(option.text.length for option in by_length[:-1])
    extra = longest.text.length - by_length[-2].text.length
    if (
        longest is not q.key
        and longest.text.length >= WILDLY_LONGER * usual
        and (extra >= WILD_DIFFERENCE)
    ):
        return longest
    second = by_length[1].text.length
    if second >= WILDLY_SHORTER * shortest.text.length and (
        second - shortest.text.length >= WILD_DIFFERENCE
    ):
        return shortest
    return None


_PARALLEL = frozenset({"a phrase", "a noun phrase", "a gerund"})


def _clash(form: str, usual: str) -> bool:
    if form == usual or "other" in {form, usual}:
        return False
    return not {form, usual} <= _PARALLEL


def form_of(text: Text) -> str:
    """A choice's grammatical form where it shows, else "other"."""
    words = text.words
    if len(text.prose.split()) < 2 or words != text.all_words or _stands_apart(text):
        return "other"
    first = words[0]
    if (
        first == "to"
        and "," not in text.prose
        and words[1] not in english.FUNCTION_WORDS - {"be", "have", "do", "make"}
    ):
        return "an infinitive"
    if text.prose.split()[1] in english.VERB_FOLLOWERS and not _opens_a_noun(first):
        return "an order"
    if first not in english.NOT_SENTENCE_STARTS and _is_sentence(text):
        return "a sentence"
    if is_gerund(first):
        return "a gerund"
    return "a noun phrase" if _is_noun_phrase(words) else "other"


def _stands_apart(text: Text) -> bool:
    """Whether the choice is of the kind that never matches the others ("It depends")."""
    if len(text.all_words) > MAX_PHRASE_WORDS:
        return False
    patterns = (english.EVASIVE.search, english.ALL_ABOVE.match, english.NONE_ABOVE.match)
    return any(matches(text.plain) for matches in patterns)


def _opens_a_noun(word: str) -> bool:
    return word in english.FUNCTION_WORDS or word.endswith(("ed", "s", "ing", "ly"))


def _is_noun_phrase(words: tuple[str, ...]) -> bool:
    """Whether the words are an article and a noun, with or without a preposition after them."""
    if words[0] not in {"a", "an", "the"}:
        return False
    if len(words) > MAX_PHRASE_WORDS:
        return False
    stop = next((i for i, w in enumerate(words) if w in english.NOUN_STOPPERS), len(words))
    head = words[stop - 1]
    is_verb = head.endswith(("ed", "s")) or head in english.IRREGULAR_PAST
    return 2 <= stop <= 4 and words[min(stop, len(words) - 1)] != "to" and not is_verb


def is_gerund(word: str) -> bool:
    """Whether the word looks like a verb in -ing."""
    return len(word) > 4 and word.endswith("ing") and word not in english.ING_NOUNS


def _is_sentence(text: Text) -> bool:
    words = text.words
    if words[0] in english.SENTENCE_STARTS and len(words) > 2:
        return True
    main = english.RELATIVES.split(text.prose, maxsplit=1)[0]
    reach = 4 if is_gerund(words[0]) else len(words)
    finite = english.FINITE.intersection(word.lower() for word in main.split()[1:reach])
    if is_gerund(words[0]):
        return bool(finite)
    return bool(finite) or bool(english.FINITE_VERB.match(main))


# --- Grammar ---


def grammatical_cue(q: Prepared) -> Iterator[Flaw]:
    """A stem that only the key, or not every distractor, completes grammatically."""
    if q.key is None or len(q.distractors) < 2:
        return
    for socket in (_article, _number, _verb_form, _counted, _tense):
        reason = socket(q, q.key)
        if reason:
            yield Flaw(q.line, reason)
            return


_LIST_SIGN = re.compile(r",|\band\b|&|/")


def _article(q: Prepared, key: Option) -> str | None:
    last = q.lead.plain.rstrip(" :.…_-").rpartition(" ")[2]
    if last not in {"a", "an"} or re.search(
        r"\ba\s?(?:/|\(|or )\s?\(?an?\b|\ban\s?[/(]", q.lead.plain
    ):
        return None
    fits = _fits_an if last == "an" else lambda text: not _fits_an(text)
    misfits = [o for o in q.distractors if not fits(o.text.plain)]
    if fits(key.text.plain) and misfits:
        return f'the stem ends in "{last}", which does not fit {quoted(misfits[0].text.plain)}'
    return None


def _fits_an(plain: str) -> bool:
    word = plain.lstrip("\"'“‘(*`")
    lowered = (
        word
        if word[:2].isupper() or (word[:1].isupper() and word[1:2] in {"-", ""})
        else (word.lower())
    )
    vowel = english.VOWEL_SOUND.match(lowered)
    return bool(vowel) and not english.CONSONANT_SOUND.match(lowered)


def _number(q: Prepared, key: Option) -> str | None:
    last = q.lead.all_words[-1] if q.lead.all_words else ""
    asks_for_many = english.PLURAL_ASK.match(q.lead.prose) and _LIST_SIGN.search(key.text.plain)
    if any(len(option.text.all_words) > MAX_PHRASE_WORDS for option in q.distractors):
        return None
    if not asks_for_many and (q.asks or last not in {"is", "was", "are", "were"}):
        return None
    wanted = bool(asks_for_many) or last in {"are", "were"}
    key_number = _plural(key.text)
    others = [_plural(option.text) for option in q.distractors]
    if key_number is wanted and all(other is (not wanted) for other in others):
        return f"the stem asks for {'more than one' if wanted else 'one'}, which only the key is"
    return None


def _plural(text: Text) -> bool | None:
    """Whether a noun phrase is plural, or None where it does not show."""
    words = text.all_words
    if not words:
        return None
    if words[0] in english.SINGULAR_STARTS:
        return False
    if words[0] in english.PLURAL_STARTS:
        return True
    stop = next((i for i, w in enumerate(words) if w in english.NOUN_STOPPERS and i), len(words))
    head = words[stop - 1]
    if "and" in words[:stop] or head in english.IRREGULAR_PLURALS:
        return True
    if is_gerund(head) and stop == 1:
        return None
    return head.endswith("s") and not head.endswith(english.NOT_PLURAL_ENDINGS)


def _verb_form(q: Prepared, key: Option) -> str | None:
    last = q.lead.all_words[-1] if q.lead.all_words else ""
    test = _SOCKETS.get(last)
    if q.asks or test is None:
        return None
    misfits = [option for option in q.distractors if test(option.text) is False]
    if test(key.text) and len(misfits) == len(q.distractors):
        return f'the stem ends in "{last}", which only the key continues'
    return None


def _is_base_verb(text: Text) -> bool | None:
    first = text.all_words[0] if text.all_words else ""
    if first in english.BASE_VERBS:
        return True
    if is_gerund(first) or first in {"the", "a", "an", "to"} or first.endswith("ed"):
        return False
    return None if not first.endswith(("s", "ion")) else False


def _is_gerund_phrase(text: Text) -> bool | None:
    first = text.all_words[0] if text.all_words else ""
    if is_gerund(first):
        return True
    return (
        False
        if first == "to" or first in english.BASE_VERBS or first in english.SENTENCE_STARTS
        else None
    )


def _is_participle(text: Text) -> bool | None:
    first = text.all_words[0] if text.all_words else ""
    if first in english.PARTICIPLES or first.endswith("ed"):
        return True
    return False if first in english.BASE_VERBS or is_gerund(first) or first == "to" else None


_SOCKETS: dict[str, Callable[[Text], bool | None]] = {
    "to": _is_base_verb,
    "by": _is_gerund_phrase,
    "has": _is_participle,
    "had": _is_participle,
    "have": _is_participle,
}


def _counted(q: Prepared, key: Option) -> str | None:
    match = english.COUNTED_ASK.search(q.lead.prose)
    if not match or q.question.is_multiple:
        return None
    lists = any(_LIST_SIGN.search(option.text.plain) for option in q.distractors)
    if _LIST_SIGN.search(key.text.plain) and not lists:
        return f"the stem asks for {match.group(1).lower()}, and only the key names so many"
    return None


def _tense(q: Prepared, key: Option) -> str | None:
    if len(q.lead.words) > MAX_CLANG_WORDS:
        return None
    if (
        not english.PAST_STARTS.intersection(q.lead.words[:4])
        or _tense_of(key.text.words) != "past"
    ):
        return None
    if all(_tense_of(option.text.words) == "present" for option in q.distractors):
        return "the stem is in the past tense, and of the choices only the key"
    return None


def _tense_of(words: tuple[str, ...]) -> str | None:
    past = english.PAST_MARKS.intersection(words) or english.IRREGULAR_PAST.intersection(words[:4])
    present = english.PRESENT_MARKS.intersection(words)
    regular = any(w.endswith("ed") and w not in english.ED_NOUNS for w in words[1:4])
    if present and not past:
        return "present"
    if (past or regular) and not present:
        return "past"
    return None
