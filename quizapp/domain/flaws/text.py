"""Markdown turned once into what the rules look at: plain words, marked words, sentences."""

import re
from dataclasses import dataclass
from functools import lru_cache

from quizapp.domain.flaws import english

_FENCE = re.compile(r"^(`{3,}+|~{3,}+).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
_ASIDE = re.compile(r"^(?:>|\||    ).*$", re.MULTILINE)
_CODE = re.compile(r"(?<!`)`{1,3}+([^`]+)`{1,3}(?!`)")
_LINK = re.compile(r"!?\[([^\]\[]*)\]\([^)\n]{0,300}\)")
_TAG = re.compile(r"</?([a-zA-Z]+)[^<>]*>")
_STRONG = re.compile(r"\*\*([^*]+)\*\*|(?<![\w_])__(?=[^\s_])([^_]+)__(?![\w_])")
_EMPHASIS = re.compile(r"\*([^*\s][^*]*)\*|(?<![\w_])_(?=[^\s_])([^_]+)_(?![\w_])")
_UNDERLINE = re.compile(r"<(u|b|i|em|strong)>([^<]+)</\1>", re.IGNORECASE)
_SPECIAL = re.compile(r"[*_`<>\[\]|\\~\"“‘']|^    ", re.MULTILINE)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_QUOTED = re.compile(
    r"“[^”]{1,300}”|\"[^\"]{1,300}\"|‘[^‘]{1,300}?’(?!\w)|(?<!\w)'[^']{1,300}'(?!\w)"
)
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+(?:['’-][^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.?!])[)\"'”’]?\s+(?=[\"'“‘(]?[^\W_a-z])|\n\s*\n")


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of Markdown as the rules see it.

    `plain` has no markup, `prose` besides no code, quoted phrases, tables or block quotes; both
    are there in lower case too, with straight apostrophes. `words` are those of the prose and
    `all_words` those of the plain text, in lower case; `marked` are the words in bold, italics or
    capitals; `roots` the word roots that carry meaning.
    """

    plain: str
    prose: str
    low_plain: str
    low_prose: str
    words: tuple[str, ...]
    all_words: tuple[str, ...]
    marked: frozenset[str]
    roots: frozenset[str]

    @property
    def length(self) -> int:
        """Characters that a reader sees."""
        return len(self.plain)

    @property
    def bare_words(self) -> tuple[str, ...]:
        """All words without a leading article."""
        return (
            self.all_words[1:]
            if self.all_words[:1] and self.is_led_by(english.ARTICLES)
            else (self.all_words)
        )

    def is_led_by(self, words: frozenset[str]) -> bool:
        """Whether the text begins with one of the words."""
        return bool(self.all_words) and self.all_words[0] in words


def words_of(text: str) -> tuple[str, ...]:
    """The words and numbers of a text, as they stand."""
    return tuple(_WORD.findall(text))


def _lower(text: str) -> str:
    return text.lower().replace("’", "'")


def sentences(text: str) -> list[str]:
    """The sentences and paragraphs of a text, none empty."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]


@lru_cache(maxsize=65536)
def root(word: str) -> str:
    """A crude root of an English word, equal for most of its forms ("attacks", "attacked")."""
    word = word.removesuffix("'s").removesuffix("'")
    for suffix in english.SUFFIXES:
        if len(word) - len(suffix) >= 4 and word.endswith(suffix):
            word = word[: -len(suffix)]
            break
    return word.rstrip("aeiouy")[:8] or word


GENERIC_ROOTS = frozenset(root(word) for word in english.GENERIC_WORDS)
"""Roots of words that turn up in questions about anything."""


def roots_of(words: tuple[str, ...]) -> frozenset[str]:
    """Roots of the words that carry meaning."""
    return frozenset(
        root(word)
        for word in words
        if word not in english.FUNCTION_WORDS and (len(word) > 2 or word.isdigit())
    )


def _first_group(match: re.Match[str]) -> str:
    return next((group for group in match.groups() if group is not None), "")


def _marked_words(text: str) -> frozenset[str]:
    spans = [_first_group(m) for m in (*_STRONG.finditer(text), *_EMPHASIS.finditer(text))]
    spans += [m.group(2) for m in _UNDERLINE.finditer(text)]
    return frozenset(word for span in spans for word in words_of(_lower(span))) | _capitals(text)


def _capitals(text: str) -> frozenset[str]:
    words = (word for word in _WORD.findall(text) if word.isupper() and len(word) > 1)
    return frozenset(word.lower() for word in words)


def _without_markup(text: str) -> str:
    for pattern in (_LINK, _STRONG, _EMPHASIS):
        text = pattern.sub(_first_group, text)
    return _ESCAPE.sub(r"\1", _TAG.sub("", text))


def without_code_blocks(markdown: str) -> str:
    """The Markdown without its fenced code."""
    return _FENCE.sub(" ", markdown)


def read(markdown: str) -> Text:
    """A piece of Markdown as the rules see it; the time is linear in its length."""
    if not _SPECIAL.search(markdown):
        plain = prose = markdown.strip()
        marked = _capitals(plain)
    else:
        unfenced = without_code_blocks(markdown)
        plain = _without_markup(_CODE.sub(r"\1", unfenced)).strip()
        prose = _QUOTED.sub(" ", _without_markup(_CODE.sub(" ", _ASIDE.sub("", unfenced)))).strip()
        marked = _marked_words(unfenced)
    low_plain = _lower(plain)
    low_prose = low_plain if prose == plain else _lower(prose)
    all_words = words_of(low_plain)
    return Text(
        plain=plain,
        prose=prose,
        low_plain=low_plain,
        low_prose=low_prose,
        words=all_words if prose == plain else words_of(low_prose),
        all_words=all_words,
        marked=marked,
        roots=roots_of(all_words),
    )
