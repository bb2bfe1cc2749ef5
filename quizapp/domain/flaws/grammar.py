"""The rule about stems that only the key completes grammatically, for English."""

import re
from collections.abc import Callable, Iterator

from quizapp.domain.flaws import english
from quizapp.domain.flaws.forms import MAX_PHRASE_WORDS, form_of, is_gerund
from quizapp.domain.flaws.prepared import LONG_STEM, Flaw, Option, Prepared, quoted
from quizapp.domain.flaws.text import Text


def grammatical_cue(q: Prepared) -> Iterator[Flaw]:
    """A stem that only the key, or not every distractor, completes grammatically."""
    if q.key is None or len(q.distractors) < 2:
        return
    for socket in (_article, _number, _verb_form, _counted, _tense):
        reason = socket(q, q.key)
        if reason:
            yield Flaw(q.line, reason)
            return


def _article(q: Prepared, key: Option) -> str | None:
    last = q.lead.plain.rstrip(" :.…_-").rpartition(" ")[2]
    if last not in {"a", "an"} or re.search(
        r"\ba\s?(?:/|\(|or )\s?\(?an?\b|\ban\s?[/(]", q.lead.plain
    ):
        return None
    wants_an = last == "an"
    misfits = [o for o in q.distractors if _fits_an(o.text.plain) is not wants_an]
    if _fits_an(key.text.plain) is wants_an and misfits:
        return f'the stem ends in "{last}", which does not fit {quoted(misfits[0].text.plain)}'
    return None


def _fits_an(plain: str) -> bool:
    word = plain.lstrip("\"'“‘(*`")
    is_spelt_out = word[:2].isupper() or (word[:1].isupper() and word[1:2] in {"-", ""})
    sound = word if is_spelt_out else word.lower()
    return bool(english.VOWEL_SOUND.match(sound)) and not english.CONSONANT_SOUND.match(sound)


def _number(q: Prepared, key: Option) -> str | None:
    last = q.lead.all_words[-1] if q.lead.all_words else ""
    asks_for_many = _asks_for_many(q, key, last)
    if any(len(option.text.all_words) > MAX_PHRASE_WORDS for option in q.distractors):
        return None
    if not asks_for_many and (q.asks or last not in english.SINGULAR_BE | english.PLURAL_BE):
        return None
    wanted = asks_for_many or last in english.PLURAL_BE
    key_number = _plural(key.text)
    others = [_plural(option.text) for option in q.distractors]
    if key_number is wanted and all(other is (not wanted) for other in others):
        asked = "more than one" if wanted else "one"
        return f"the stem asks for {asked}, which only the key is"
    return None


def _asks_for_many(q: Prepared, key: Option, last: str) -> bool:
    """Whether the stem asks "What are the parts ...?", or "Which ... are ...?" for a list."""
    if english.PLURAL_SUBJECT.match(q.lead.prose) and last not in english.ENDING_PREPOSITIONS:
        return True
    asked = english.PLURAL_ASK.match(q.lead.prose)
    return bool(asked and english.LIST_SIGN.search(key.text.plain))


def _plural(text: Text) -> bool | None:
    """Whether a noun phrase is plural, or None where it does not show."""
    words = text.all_words
    if not words or words[0].isdigit() or text.low_plain in english.NUMBER_WORDS:
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
    fits = [test(option.text) for option in q.distractors]
    if test(key.text) and True not in fits and fits.count(False) >= max(2, len(fits) - 1):
        return f'the stem ends in "{last}", which only the key continues'
    return None


def _first(text: Text) -> str:
    return text.all_words[0] if text.all_words else ""


def _is_base_verb(text: Text) -> bool | None:
    first = _first(text)
    if first in english.BASE_VERBS:
        return True
    is_other = is_gerund(first) or first in english.ARTICLES or first == english.TO
    return False if is_other or first.endswith(("ed", "s", "ion")) else None


def _is_gerund_phrase(text: Text) -> bool | None:
    first = _first(text)
    if is_gerund(first):
        return True
    is_other = first == english.TO or first in english.BASE_VERBS | english.SENTENCE_STARTS
    return False if is_other else None


def _is_participle(text: Text) -> bool | None:
    first = _first(text)
    if first in english.PARTICIPLES or first.endswith("ed"):
        return True
    is_other = first == english.TO or first in english.BASE_VERBS or is_gerund(first)
    return False if is_other else None


def _is_clause(text: Text) -> bool | None:
    form = form_of(text)
    if form == "a sentence":
        return True
    return False if form != "other" or len(text.words) <= 3 else None


_SOCKETS: dict[str, Callable[[Text], bool | None]] = {
    **dict.fromkeys(("to", "should", "must", "can", "will", "would", "may"), _is_base_verb),
    "that": _is_clause,
    "by": _is_gerund_phrase,
    "has": _is_participle,
    "had": _is_participle,
    "have": _is_participle,
}


def _counted(q: Prepared, key: Option) -> str | None:
    match = english.COUNTED_ASK.search(q.lead.prose)
    if not match or q.question.is_multiple:
        return None
    lists = any(english.LIST_SIGN.search(option.text.plain) for option in q.distractors)
    if english.LIST_SIGN.search(key.text.plain) and not lists:
        return f"the stem asks for {match.group(1).lower()}, and only the key names so many"
    return None


def _tense(q: Prepared, key: Option) -> str | None:
    if len(q.lead.words) > LONG_STEM:
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
