"""The rule about contested words: whose word is it?"""

from collections.abc import Iterator

from quizapp.domain.flaws import english
from quizapp.domain.flaws.prepared import Flaw, Prepared
from quizapp.domain.flaws.text import Text, read, sentences


def unattributed_claim(q: Prepared) -> Iterator[Flaw]:
    """A contested word in stem, key or explanation that nobody is said to have used."""
    stem_attributes = english.ATTRIBUTION.search(q.stem.low_plain) is not None
    if not stem_attributes:
        word = _contested(q.stem, q.stem.low_prose)
        if word:
            yield Flaw(q.line, f'the stem uses "{word}" as a fact')
            return
        for key in q.keys:
            word = _unattributed(key.text, q.stem.low_prose)
            if word:
                yield Flaw(key.line, f'the key uses "{word}" as a fact')
                return
    word = _in_explanation(q, stem_attributes)
    if word:
        yield Flaw(q.line, f'the explanation uses "{word}" as a fact')


def _unattributed(text: Text, context: str) -> str | None:
    return None if english.ATTRIBUTION.search(text.low_plain) else _contested(text, context)


def _in_explanation(q: Prepared, stem_attributes: bool) -> str | None:
    explanation = q.question.explanation
    if stem_attributes or not _has_contested_word(explanation.lower()):
        return None
    attributed = False
    for sentence in sentences(explanation):
        text = read(sentence.lstrip("> "))
        attributed = attributed or english.ATTRIBUTION.search(text.low_plain) is not None
        word = None if attributed else _contested(text, q.stem.low_prose)
        if word:
            return word
    return None


def _has_contested_word(text: str) -> bool:
    """A first look, which spares most texts the closer one."""
    return bool(english.CONTESTED.search(text) or english.CONTESTED_IN_POLITICS.search(text))


def _contested(text: Text, context: str) -> str | None:
    """The first contested word outside quotation marks, or None."""
    if not _has_contested_word(text.low_prose):
        return None
    prose = english.HARMLESS.sub(" ", text.low_prose)
    if english.BEFORE_LIVING_MEMORY.search(f"{text.low_plain} {context}"):
        return None
    found = english.CONTESTED.search(prose) or english.NAMED_REGIME.search(text.prose)
    if found is None and english.POLITICS.search(f"{prose} {context}"):
        found = english.CONTESTED_IN_POLITICS.search(prose)
    return found.group() if found else None
