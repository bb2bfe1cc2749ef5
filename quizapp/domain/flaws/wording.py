"""Rules about the wording of stems and choices, for English."""

import re
from collections.abc import Iterator

from quizapp.domain.flaws import english
from quizapp.domain.flaws.negatives import negation
from quizapp.domain.flaws.prepared import Flaw, Prepared, quoted
from quizapp.domain.flaws.text import Text, sentences

MAX_STEM_WORDS = 60
MAX_CASE_WORDS = 110
"""A question that applies knowledge (level 3) may tell a case."""
MAX_CHOICE_WORDS = 40
HARD_TO_READ = ((25, 22.0), (12, 28.0))
"""Pairs of words and Flesch-Kincaid grade: so long a stem of this grade reads harder than a law."""


def absolute_term(q: Prepared) -> Iterator[Flaw]:
    """A distractor that claims too much to be true, beside a key that does not.

    Where the stem asks for the exception, distractors are what is true, and nothing is said.
    """
    if negation(q.lead) or any(_absolute(key.text) for key in q.keys):
        return
    for option in q.others:
        word = _absolute(option.text)
        if word:
            yield Flaw(option.line, f'the distractor {quoted(option.text.plain)} says "{word}"')


def _absolute(text: Text) -> str | None:
    if len(text.words) <= 1 and english.ONE_WORD_QUANTITIES.intersection(text.words):
        return None
    found = _search_without(english.ABSOLUTE, english.NOT_ABSOLUTE, text.low_prose)
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
    found = _search_without(english.VAGUE, english.NOT_VAGUE, text.low_prose)
    if found:
        return found.group()
    return "may" if english.MAY.search(english.WHATEVER.sub(" ", text.prose)) else None


def unfocused_stem(q: Prepared) -> Iterator[Flaw]:
    """A stem that asks nothing until the choices are read."""
    stem = " ".join(q.stem.plain.split())
    if len(q.stem.plain) > len(q.lead.plain) + 60 or q.question.stem.count("```") > 1:
        return
    lead = " ".join(q.lead.plain.split())
    asks_for_truth = _only_asks_what_is_true(lead) and not _are_variants(q)
    if asks_for_truth or _only_names_a_topic(q, stem):
        yield Flaw(q.line, f"the stem {quoted(stem)} asks nothing without its choices")


def _are_variants(q: Prepared) -> bool:
    """Whether grammar is asked for, by one sentence in which a word differs."""
    if not english.GRAMMAR_STEM.search(q.lead.low_prose):
        return False
    words = [option.text.all_words for option in q.options]
    distinct = len({word for choice in words for word in choice})
    return bool(words) and distinct < min(map(len, words)) + len(words)


def _only_asks_what_is_true(lead: str) -> bool:
    match = next((m for form in english.UNFOCUSED if (m := form.match(lead))), None)
    if not match:
        return False
    topic = match.groupdict().get("topic") or ""
    if topic and english.DENIES_TRUTH.search(lead.lower()):
        return False
    content = [
        word
        for word in re.findall(r"[\w'-]+", topic.lower())
        if word not in english.FUNCTION_WORDS and word not in english.TOPIC_OPENERS
    ]
    return len(content) <= 2


def _only_names_a_topic(q: Prepared, stem: str) -> bool:
    words = q.stem.all_words
    if not words or "___" in stem or "`" in q.question.stem or re.search(r"[\d=+<>√∫^%$\\]", stem):
        return False
    if q.stem.words != words or english.WH_WORDS.intersection(words):
        return False
    if words[0] in english.IMPERATIVES | english.AUXILIARIES | english.PICKING:
        return False
    return _is_bare_topic(stem, words)


def _is_bare_topic(stem: str, words: tuple[str, ...]) -> bool:
    if words[-1] in english.ENDING_PREPOSITIONS or english.RELATIONAL_NOUNS.intersection(words):
        return False
    if english.OF_A_COMMON_NOUN.search(stem):
        return False
    start, end = 0, len(words)
    while start < end and words[start] in english.TOPIC_OPENERS:
        start += 1
    while end > start and words[end - 1] in english.COPULAS:
        end -= 1
    topic = words[start:end]
    if english.AUXILIARIES.intersection(topic):
        return False
    return len(topic) <= (5 if stem.endswith(":") else 4)


def wordy(q: Prepared) -> Iterator[Flaw]:
    """A stem or a choice that is long for what it asks or says."""
    count = len(q.stem.words)
    if count > _most_words(q):
        yield Flaw(q.line, f"the stem has {count} words")
    for option in q.options:
        if len(option.text.words) > MAX_CHOICE_WORDS:
            yield Flaw(option.line, f"the choice has {len(option.text.words)} words")


def _most_words(q: Prepared) -> int:
    return MAX_CASE_WORDS if q.question.level == 3 else MAX_STEM_WORDS


def padded(q: Prepared) -> Iterator[Flaw]:
    """A stem that is not too long, but padded or harder to read than it need be."""
    count = len(q.stem.words)
    if count > _most_words(q):
        return
    dressing = english.WINDOW_DRESSING.search(q.stem.low_prose)
    if dressing:
        yield Flaw(q.line, f'the stem is padded with "{dressing.group()}"')
    elif any(count >= least and reading_grade(q.stem) > grade for least, grade in HARD_TO_READ):
        yield Flaw(q.line, "the stem is harder to read than a legal text")


def reading_grade(text: Text) -> float:
    """Flesch-Kincaid grade level (Kincaid et al. 1975), syllables counted as vowel groups."""
    words = text.words
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", word.rstrip("e")))) for word in words)
    per_sentence = len(words) / max(1, len(sentences(text.prose)))
    return 0.39 * per_sentence + 11.8 * syllables / max(1, len(words)) - 15.59
