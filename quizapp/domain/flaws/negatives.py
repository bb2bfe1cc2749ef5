"""Rules about negatives, for English."""

from collections.abc import Iterator

from quizapp.domain.flaws import english
from quizapp.domain.flaws.prepared import LONG_STEM, Flaw, Prepared, quoted
from quizapp.domain.flaws.text import Text

MAX_WORDS = 80
"""No sentence that asks is longer; the rest is not looked at, so that the time stays linear."""


def negative_stem(q: Prepared) -> Iterator[Flaw]:
    """A negative that picks the exception and is not set off."""
    word = negation(q.lead)
    if word and word not in q.lead.marked:
        yield Flaw(q.line, f'the stem asks for the exception with an unmarked "{word}"')


def double_negative(q: Prepared) -> Iterator[Flaw]:
    """Two negatives in the stem, or a negative choice to a negative stem."""
    pair = _pair_of_negatives(q.lead.words[-LONG_STEM:])
    if pair:
        yield Flaw(q.line, f'the stem has two negatives, "{pair[0]}" and "{pair[1]}"')
        return
    word = negation(q.lead)
    if not word:
        return
    for option in q.options:
        negative = _negative_in_choice(option.text.words)
        if negative:
            yield Flaw(
                option.line,
                f'the stem asks with "{word}" and the choice {quoted(option.text.plain)} says '
                f'"{negative}"',
            )
            return


def negation(lead: Text) -> str | None:
    """The word by which a lead asks for the exception, or None.

    "Why did they not come?" asks about a negative fact and is no such word.
    """
    words = lead.words[-MAX_WORDS:]
    ending = lead.plain.rstrip(" )")[-1:]
    for at, word in enumerate(words):
        if word in english.NOTS:
            if _is_plain_not(words, at) and _is_in_main_clause(words, at, ending):
                return word
        elif _asks_for_exception(words, at):
            return word
    return None


def _word_at(words: tuple[str, ...], at: int) -> str:
    return words[at] if 0 <= at < len(words) else ""


def _is_plain_not(words: tuple[str, ...], at: int) -> bool:
    following, before = _word_at(words, at + 1), _word_at(words, at - 1)
    if following.endswith("ing") and before not in english.BEING:
        return False
    return following not in english.NOT_ALSO and before not in english.NOT_AFTER


def _asks_for_exception(words: tuple[str, ...], at: int) -> bool:
    word, following, before = words[at], _word_at(words, at + 1), _word_at(words, at - 1)
    if word == english.EXCEPT:
        return following not in english.EXCEPT_NOUNS and before not in english.EXCEPT_AFTER
    if word == english.LEAST:
        return before not in english.LEAST_AFTER and following in english.LEAST_ADJECTIVES
    if word in english.FALSE_WORDS:
        return _says_false(words, at, following, before)
    return False


def _says_false(words: tuple[str, ...], at: int, following: str, before: str) -> bool:
    asks = bool(english.ASKING & set(words[:at])) or words[0] in english.PICKING
    closes = not following or following in english.FALSE_AFTER or following in english.FALSE_NOUNS
    is_picked = words[0] in english.PICKING or before in english.ASKING
    is_named = {before, _word_at(words, at - 2)} & english.BEING
    return asks and closes and (before in english.BEING or is_picked or bool(is_named))


def _is_in_main_clause(words: tuple[str, ...], at: int, ending: str) -> bool:
    if words[0] in english.PICKING:
        return True
    if at >= 2 and words[at - 2] in english.SUBJECTS:
        return False
    if ending != "?":
        return ending != "." and _completes_negatively(words, at)
    start = _asking_word(words[:at])
    if start is None:
        return False
    between = words[start + 1 : at]
    if between[:1] and between[0] in english.BEING and "that" in between and "the" in between[:2]:
        return True
    return not english.SUBORDINATORS.intersection(between)


def _completes_negatively(words: tuple[str, ...], at: int) -> bool:
    if english.ASKING.intersection(words[:at]):
        return not {"that", "if", "when", "who"}.intersection(words[:at])
    if english.SUBORDINATORS.intersection(words[:at]):
        return False
    return len(words) - at <= 5 and words[-1] not in english.REASON_ENDINGS


def _asking_word(words: tuple[str, ...]) -> int | None:
    for at, word in enumerate(words):
        if word in english.ASKING:
            return at
    return next((at for at, word in enumerate(words[:2]) if word in english.ASKING_PEOPLE), None)


def _pair_of_negatives(words: tuple[str, ...]) -> tuple[str, str] | None:
    for at, word in enumerate(words):
        if word not in english.NOTS and word not in english.FIRST_NEGATIVES:
            continue
        if not _is_plain_not(words, at):
            continue
        second = _negative_nearby(words[at + 1 : at + 8])
        if second and not (word in english.WEAK_NEGATIVES and second not in english.NOTS):
            return word, second
    return None


def _negative_nearby(words: tuple[str, ...]) -> str | None:
    for word in words:
        if word in english.SECOND_NEGATIVES or _is_negative_adjective(word):
            return word
        if word in english.CLAUSE_BREAKS:
            return None
    return None


def _is_negative_adjective(word: str) -> bool:
    if word.startswith("un") and len(word) >= 6:
        return not word.startswith(english.UN_EXCEPTIONS)
    return word in english.NEGATIVE_ADJECTIVES


def _negative_in_choice(words: tuple[str, ...]) -> str | None:
    for at, word in enumerate(words):
        if word in english.NOTS or (word == english.NO and len(words) > 1):
            return None if _word_at(words, at + 1) in english.NOT_ALSO else word
    return None
