"""Rules about the wording of stems and choices, for English."""

import re
from collections.abc import Iterable, Iterator

from quizapp.domain.flaws import english
from quizapp.domain.flaws.prepared import Flaw, Option, Prepared, quoted
from quizapp.domain.flaws.text import Text, sentences

MAX_STEM_WORDS = 60
MAX_CASE_WORDS = 110
"""A question that applies knowledge (level 3) may tell a case."""
MAX_CHOICE_WORDS = 40
MAX_LEAD_WORDS = 40
"""What stands further before the end of a question is its context."""
HARD_TO_READ = ((25, 22.0), (12, 28.0))
"""Pairs of words and Flesch-Kincaid grade: so long a stem of this grade reads harder than a law."""


def negative_stem(q: Prepared) -> Iterator[Flaw]:
    """A negative that picks the exception and is not set off."""
    word = negation(q.lead)
    if word and word not in q.lead.marked:
        yield Flaw(q.line, f'the stem asks for the exception with an unmarked "{word}"')


def double_negative(q: Prepared) -> Iterator[Flaw]:
    """Two negatives in the stem, or a negative choice to a negative stem."""
    pair = _pair_of_negatives(q.lead.words[-MAX_LEAD_WORDS:])
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
    words = lead.words
    for at, word in enumerate(words):
        if word in english.NOTS:
            if _is_plain_not(words, at) and _is_in_main_clause(lead, at):
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
    if word == "except":
        return following not in english.EXCEPT_NOUNS and before not in {"a", "an", "the", "try"}
    if word == "least":
        return before != "at" and following in english.LEAST_ADJECTIVES
    if word in english.FALSE_WORDS:
        return _says_false(words, at, following, before)
    return False


def _says_false(words: tuple[str, ...], at: int, following: str, before: str) -> bool:
    asks = bool(english.ASKING & set(words[:at])) or words[0] in english.PICKING
    closes = not following or following in english.FALSE_AFTER or following in english.FALSE_NOUNS
    return asks and closes and (before in english.BEING or following in english.FALSE_NOUNS)


def _is_in_main_clause(lead: Text, at: int) -> bool:
    words = lead.words
    if words[0] in english.PICKING:
        return True
    if not lead.plain.rstrip(" )").endswith("?"):
        return _completes_negatively(words, at)
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
        if word not in english.NOTS and word not in {"except", "no", "false", "untrue"}:
            continue
        if word in english.NOTS and not _is_plain_not(words, at):
            continue
        second = _negative_nearby(words[at + 1 : at + 8])
        if second and not (word in {"no", "false", "untrue"} and second not in english.NOTS):
            return word, second
    return None


def _negative_nearby(words: tuple[str, ...]) -> str | None:
    for word in words:
        if word in english.SECOND_NEGATIVES or _is_negative_adjective(word):
            return word
        if word in english.CLAUSE_BREAKS - {"that"}:
            return None
    return None


def _is_negative_adjective(word: str) -> bool:
    if word.startswith("un") and len(word) >= 6:
        return not word.startswith(english.UN_EXCEPTIONS)
    return word in english.NEGATIVE_ADJECTIVES


def _negative_in_choice(words: tuple[str, ...]) -> str | None:
    for at, word in enumerate(words):
        if word in english.NOTS or (word == "no" and len(words) > 1):
            return word if _is_plain_not(words, at) else None
    return None


def absolute_term(q: Prepared) -> Iterator[Flaw]:
    """A distractor that claims too much to be true, beside a key that does not."""
    if any(_absolute(key.text) for key in q.keys):
        return
    for option in q.distractors:
        word = _absolute(option.text)
        if word:
            yield Flaw(
                option.line, f'the distractor {quoted(option.text.plain)} says "{word.lower()}"'
            )


def _absolute(text: Text) -> str | None:
    if len(text.words) <= 1 and english.ONE_WORD_QUANTITIES.intersection(text.words):
        return None
    found = _search_without(english.ABSOLUTE, english.NOT_ABSOLUTE, text.prose)
    return found.group() if found else None


def _search_without(
    wanted: re.Pattern[str], harmless: re.Pattern[str], prose: str
) -> re.Match[str] | None:
    """What is wanted outside what is harmless; most texts have none, and are searched once."""
    return wanted.search(harmless.sub(" ", prose)) if wanted.search(prose) else None


def vague_term(q: Prepared) -> Iterator[Flaw]:
    """A choice with a word of unstated amount or frequency."""
    for option in q.options:
        word = _vague(option.text)
        if word:
            yield Flaw(option.line, f'the choice {quoted(option.text.plain)} says "{word}"')


def _vague(text: Text) -> str | None:
    found = _search_without(english.VAGUE, english.NOT_VAGUE, text.prose)
    if found:
        return found.group().lower()
    return "may" if english.MAY.search(text.prose) else None


def unfocused_stem(q: Prepared) -> Iterator[Flaw]:
    """A stem that asks nothing until the choices are read."""
    stem = " ".join(q.stem.plain.split())
    if len(q.stem.plain) > len(q.lead.plain) + 60 or q.question.stem.count("```") > 1:
        return
    lead = " ".join(q.lead.plain.split())
    if _only_asks_what_is_true(lead) or _only_names_a_topic(q, stem):
        yield Flaw(q.line, f"the stem {quoted(stem)} asks nothing without its choices")


def _only_asks_what_is_true(lead: str) -> bool:
    match = english.WHICH_IS_TRUE.match(lead)
    if not match:
        return False
    topic = " ".join(group for group in match.groupdict().values() if group)
    content = [
        word
        for word in re.findall(r"[\w'-]+", topic.lower())
        if word not in english.FUNCTION_WORDS and word not in english.TOPIC_OPENERS
    ]
    return len(content) <= 3


def _only_names_a_topic(q: Prepared, stem: str) -> bool:
    words = q.stem.all_words
    if not words or "___" in stem or "`" in q.question.stem or re.search(r"[\d=+<>√∫^%$\\]", stem):
        return False
    if q.stem.words != words or english.WH_WORDS.intersection(words):
        return False
    if words[0] in english.IMPERATIVES | english.AUXILIARIES | english.PICKING:
        return False
    return _is_bare_topic(words, has_colon=stem.endswith(":"))


def _is_bare_topic(words: tuple[str, ...], *, has_colon: bool) -> bool:
    if words[-1] in english.ENDING_PREPOSITIONS or english.RELATIONAL_NOUNS.intersection(words):
        return False
    start, end = 0, len(words)
    while start < end and words[start] in english.TOPIC_OPENERS:
        start += 1
    while end > start and words[end - 1] in english.COPULAS:
        end -= 1
    topic = words[start:end]
    if english.AUXILIARIES.intersection(topic):
        return False
    return len(topic) <= (5 if has_colon else 4)


def wordy(q: Prepared) -> Iterator[Flaw]:
    """A stem or choice that is long, hard or padded for what it asks."""
    limit = MAX_CASE_WORDS if q.question.level == 3 else MAX_STEM_WORDS
    count = len(q.stem.words)
    dressing = english.WINDOW_DRESSING.search(q.stem.prose)
    if count > limit:
        yield Flaw(q.line, f"the stem has {count} words")
    elif dressing:
        yield Flaw(q.line, f'the stem is padded with "{dressing.group().lower()}"')
    elif any(count >= least and reading_grade(q.stem) > grade for least, grade in HARD_TO_READ):
        yield Flaw(q.line, "the stem is harder to read than a legal text")
    for option in q.options:
        if len(option.text.words) > MAX_CHOICE_WORDS:
            yield Flaw(option.line, f"the choice has {len(option.text.words)} words")


def reading_grade(text: Text) -> float:
    """Flesch-Kincaid grade level (Kincaid et al. 1975), syllables counted as vowel groups."""
    words = text.words
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", word.rstrip("e")))) for word in words)
    per_sentence = len(words) / max(1, len(sentences(text.prose)))
    return 0.39 * per_sentence + 11.8 * syllables / max(1, len(words)) - 15.59


def implausible_distractor(q: Prepared) -> Iterator[Flaw]:
    """A distractor that is a joke, empty, or of another kind than everything else."""
    for option in q.distractors:
        reason = _why_implausible(q, option)
        if reason:
            yield Flaw(option.line, f"the distractor {quoted(option.text.plain)} {reason}")


def _why_implausible(q: Prepared, option: Option) -> str | None:
    others = [o for o in q.options if o is not option]
    plain = option.text.plain
    if english.HOLLOW.match(plain) and "`" not in option.choice.text:
        return None if _all_short_symbols(q) else "says nothing"
    joke = english.JOKE.search(plain)
    if joke and english.FICTION_STEM.search(q.stem.plain):
        return None
    if joke and not any(english.JOKE.search(text.plain) for text in (q.stem, *_texts(others))):
        return f'is no serious answer ("{joke.group().lower()}")'
    if _is_everyday_outlier(q, option, others):
        return "has nothing to do with the other choices"
    return _odd_number(option, others)


def _texts(options: Iterable[Option]) -> list[Text]:
    return [option.text for option in options]


def _all_short_symbols(q: Prepared) -> bool:
    return all(option.text.length <= 3 for option in q.options)


def _is_everyday_outlier(q: Prepared, option: Option, others: list[Option]) -> bool:
    words = [word for word in option.text.all_words if word not in english.FUNCTION_WORDS]
    if not 1 <= len(words) <= 2 or english.EVERYDAY_STEM.search(q.stem.plain):
        return False
    seen = set(q.stem.all_words).union(*(other.text.all_words for other in others))
    for name, kind in english.EVERYDAY.items():
        if not kind.intersection(words) or kind & seen or not _EVERYDAY.issuperset(words):
            continue
        if not all(_is_learned(other.text) for other in others):
            continue
        return not (name == "days" and english.CALENDAR_STEM.search(q.stem.plain))
    return False


def _is_learned(text: Text) -> bool:
    """Whether a choice has a word of some length or a figure, unlike those of everyday life."""
    return any(len(word) >= 5 or word.isdigit() for word in text.all_words)


_EVERYDAY = frozenset[str]().union(*english.EVERYDAY.values())
_NUMBER = re.compile(r"^(?:in |about )?[€$£~≈−-]?(\d[\d,]*(?:\.\d+)?)(?:[\s%°]\D{0,24})?$", re.I)


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
        return None if known or len(plain) <= 2 else "is no number among numbers"
    low, high = min(rest), max(rest)
    if low > 0 and high <= 10 * low and mine >= 200 * high:
        return "is out of all proportion to the other numbers"
    return None
