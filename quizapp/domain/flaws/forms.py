"""The rule about choices that differ in length or form."""

from collections import Counter
from collections.abc import Iterator
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
    counts = Counter(forms)
    usual, usual_count = counts.most_common(1)[0]
    for option, form in zip(q.options, forms, strict=True):
        if form != usual and usual_count >= len(forms) - 1 and _clash(form, usual):
            text = f"the choice {quoted(option.text.plain)} is {form}, the others are each {usual}"
            yield Flaw(option.line, text)
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


_PARALLEL = frozenset({"a noun phrase", "a gerund"})


def _clash(form: str, usual: str) -> bool:
    if form == usual or "other" in {form, usual}:
        return False
    return not {form, usual} <= _PARALLEL


def form_of(text: Text) -> str:
    """A choice's grammatical form where it shows, else "other"."""
    words = text.words
    if len(words) < 2 or words != text.all_words or _stands_apart(text):
        return "other"
    first = words[0]
    if first == english.TO and "," not in text.prose and _may_be_verb(words[1]):
        return "an infinitive"
    if " ".join(text.prose.split()[1:2]) in english.VERB_FOLLOWERS and not _opens_a_noun(first):
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
    return any(matches(text.low_plain) for matches in patterns)


def _may_be_verb(word: str) -> bool:
    return word not in english.FUNCTION_WORDS or word in english.AFTER_TO


def _opens_a_noun(word: str) -> bool:
    return word in english.FUNCTION_WORDS or word.endswith(("ed", "s", "ing", "ly"))


def _is_noun_phrase(words: tuple[str, ...]) -> bool:
    """Whether the words are an article and a noun, with or without a preposition after them."""
    if words[0] not in english.ARTICLES:
        return False
    if len(words) > MAX_PHRASE_WORDS:
        return False
    stop = next((i for i, w in enumerate(words) if w in english.NOUN_STOPPERS), len(words))
    head = words[stop - 1]
    is_verb = head.endswith(("ed", "s")) or head in english.IRREGULAR_PAST
    return 2 <= stop <= 4 and words[min(stop, len(words) - 1)] != english.TO and not is_verb


def is_gerund(word: str) -> bool:
    """Whether the word looks like a verb in -ing."""
    return len(word) > 4 and word.endswith("ing") and word not in english.ING_NOUNS


def _is_sentence(text: Text) -> bool:
    first, count = text.words[0], len(text.words)
    if first in english.SENTENCE_STARTS and count > 2:
        return True
    main = english.RELATIVES.split(text.prose, maxsplit=1)[0]
    reach = MAX_GERUND_SUBJECT if is_gerund(first) else count
    if english.FINITE.intersection(word.lower() for word in main.split()[1:reach]):
        return True
    return not is_gerund(first) and bool(english.FINITE_VERB.match(main))
