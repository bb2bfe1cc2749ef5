"""The rule about choices that differ in length or form."""

from collections import Counter
from collections.abc import Callable, Iterator
from statistics import median

from quizapp.domain.flaws import english
from quizapp.domain.flaws.prepared import Flaw, Option, Prepared, quoted
from quizapp.domain.flaws.text import Text

MAX_PHRASE_WORDS = 7
"""A longer phrase may hide the verb of a sentence."""
MAX_GERUND_SUBJECT = 4
"""Words in which "Breaking the laws would" shows its verb; a later one is of a clause."""
WILDLY_LONGER = 3.0
WILDLY_SHORTER = 4.0
WILD_DIFFERENCE = 40


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
    families = [_FAMILIES.get(form, form) for form in forms]
    counts = Counter(families)
    usual, usual_count = counts.most_common(1)[0]
    if usual_count < len(forms) - 1 and _is_mixed(counts):
        yield Flaw(q.line, f"the choices mix {' and '.join(sorted({*forms} - {_OTHER}))}")
    if usual_count != len(forms) - 1 or usual == _OTHER:
        return
    for option, form, family in zip(q.options, forms, families, strict=True):
        if family not in {usual, _OTHER}:
            text = f"the choice {quoted(option.text.plain)} is {form}, the others are each {usual}"
            yield Flaw(option.line, text)


def _is_mixed(counts: Counter[str]) -> bool:
    """Whether no form is the usual one, as far as forms show."""
    known = counts.keys() - {_OTHER}
    if len(known) < 2:
        return False
    return len(known) > 2 or _OTHER not in counts or _PURPOSE in known


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


_OTHER = "other"
_PURPOSE = "a purpose or reason"
_FAMILIES = {
    "a noun phrase": "a phrase",
    "a gerund": "a phrase",
    "an infinitive": _PURPOSE,
    "a clause of reason": _PURPOSE,
}
"""Forms that go together in one question."""


def form_of(text: Text) -> str:
    """A choice's grammatical form where it shows, else "other"."""
    if len(text.words) < 2 or text.words != text.all_words or _stands_apart(text):
        return _OTHER
    return next((form for form, fits in _FORMS.items() if fits(text)), _OTHER)


def _is_infinitive(text: Text) -> bool:
    first, second = text.words[:2]
    return first == english.TO and "," not in text.prose and _may_be_verb(second)


def _is_order(text: Text) -> bool:
    first, second = text.words[0], " ".join(text.prose.split()[1:2])
    if first in english.BASE_VERBS and second in english.CLAUSE_STARTS:
        return True
    return second in english.VERB_FOLLOWERS and not _opens_a_noun(first)


def _is_predicate(text: Text) -> bool:
    """Whether the text is a verb without its subject ("pumps blood")."""
    first, second = text.words[:2]
    return first.removesuffix("s") in english.BASE_VERBS - {first} and (
        second not in english.NOUN_STOPPERS and second not in english.AUXILIARIES
    )


def _is_reason(text: Text) -> bool:
    return text.words[0] in english.REASON_STARTS and text.words[1] != english.OF


def _stands_apart(text: Text) -> bool:
    """Whether the choice is of the kind that never matches the others ("It depends")."""
    if len(text.all_words) > MAX_PHRASE_WORDS:
        return False
    patterns = (english.EVASIVE.search, english.ALL_ABOVE.match, english.NONE_ABOVE.match)
    return any(matches(text.low_plain) for matches in patterns)


def _may_be_verb(word: str) -> bool:
    return word not in english.FUNCTION_WORDS or word in english.AFTER_TO


def _opens_a_noun(word: str) -> bool:
    return word in english.FUNCTION_WORDS or word.endswith(("ed", "s", "ing", "ly"))


def _is_noun_phrase(text: Text) -> bool:
    """Whether the words are an article and a noun, with or without a preposition after them."""
    words = text.words
    if words[0] not in english.ARTICLES:
        is_bare_noun = words[0] not in english.NOT_SENTENCE_STARTS and not is_gerund(words[0])
        return words[1] == english.OF and is_bare_noun
    if len(words) > MAX_PHRASE_WORDS:
        return False
    stop = next((i for i, w in enumerate(words) if w in english.NOUN_STOPPERS), len(words))
    head = words[stop - 1]
    is_verb = head.endswith(("ed", "s")) or head in english.IRREGULAR_PAST
    to_do = words[stop : stop + 1] == (english.TO,) and words[stop + 1 : stop + 2]
    return 2 <= stop <= 4 and not is_verb and not (to_do and to_do[0] not in english.ARTICLES)


def is_gerund(word: str) -> bool:
    """Whether the word looks like a verb in -ing."""
    return len(word) > 4 and word.endswith("ing") and word not in english.ING_NOUNS


def _is_gerund_phrase(text: Text) -> bool:
    return is_gerund(text.words[0])


def _is_means(text: Text) -> bool:
    return text.words[0] == english.BY and is_gerund(text.words[1])


def _is_free_sentence(text: Text) -> bool:
    return text.words[0] not in english.NOT_SENTENCE_STARTS and _is_sentence(text)


def _is_sentence(text: Text) -> bool:
    first, count = text.words[0], len(text.words)
    if first in english.SENTENCE_STARTS and count > 2:
        return True
    main = english.RELATIVES.split(text.prose, maxsplit=1)[0]
    reach = MAX_GERUND_SUBJECT if is_gerund(first) else count
    if english.FINITE.intersection(word.lower() for word in main.split()[1:reach]):
        return True
    return not is_gerund(first) and bool(english.FINITE_VERB.match(main))


_FORMS: dict[str, Callable[[Text], bool]] = {
    "an infinitive": _is_infinitive,
    "an order": _is_order,
    "a clause of reason": _is_reason,
    "a means": _is_means,
    "a sentence": _is_free_sentence,
    "a gerund": _is_gerund_phrase,
    "a noun phrase": _is_noun_phrase,
    "a verb": _is_predicate,
}
