"""What a question file would change of what is live, question by question."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from quizapp.domain.graded.regrading import carried_over
from quizapp.domain.questions import LAST, Deck, Passage, Question, Source

MOST_WORDS = 2000
"""Texts with more words than this are not compared word by word."""

_WORD = re.compile(r"\s+|\w+|[^\w\s]")


class Change(StrEnum):
    """What becomes of a question or a passage.

    KEY: other choices are right than before. WORDING: the stem or a choice reads differently,
    the key is the same. FEEDBACK: only what is shown after the answer changed. DETAILS: only
    passages, level, order of choices or date. BACK: it was retired and comes back.
    """

    NEW = "new"
    BACK = "back"
    KEY = "key"
    WORDING = "wording"
    FEEDBACK = "feedback"
    DETAILS = "details"
    RETIRED = "retired"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, and whether the other text lacks it."""

    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Something that reads differently, with the pieces of both texts."""

    name: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What becomes of one question or passage. `title` is its stem or heading, Markdown.

    `is_key_reworded`: the key is the choice it was, but reads differently; only a person can
    tell a corrected spelling from another answer.
    """

    slug: str
    title: str
    change: Change
    parts: tuple[Part, ...] = ()
    is_key_reworded: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every question or passage, new ones in their order, then the retired; and what changes of
    the file's front matter."""

    entries: tuple[Entry, ...]
    header: tuple[Part, ...]

    @property
    def changed(self) -> tuple[Entry, ...]:
        """The entries that differ from what is live."""
        return tuple(entry for entry in self.entries if entry.change is not Change.SAME)

    @property
    def is_same(self) -> bool:
        """Whether nothing would change."""
        return not self.changed and not self.header

    @property
    def is_all_new(self) -> bool:
        """Whether nothing of it was ever live, and nothing that is live goes."""
        return not self.header and set(self.numbers) == {Change.NEW}

    @property
    def numbers(self) -> dict[Change, int]:
        """How many entries there are of each change that occurs, in the order of `Change`."""
        changes = [entry.change for entry in self.entries]
        return {change: changes.count(change) for change in Change if change in changes}


def compare(
    old: Deck | Source | None, new: Deck | Source, known: Container[str] = frozenset()
) -> Comparison:
    """What becomes of what is live (None where nothing is) when `new` goes live.

    `known` are the slugs that were live at any time, so that those which come back are told
    apart from new ones.
    """
    header = _differing(_header(old), _header(new)) if old else ()
    if isinstance(new, Source):
        passages = old.passages if isinstance(old, Source) else ()
        return Comparison(tuple(_passages(passages, new.passages, known)), header)
    questions = old.questions if isinstance(old, Deck) else ()
    return Comparison(tuple(_questions(questions, new.questions, known)), header)


def change_of(old: Question, new: Question) -> Change:
    """What an edit of one question amounts to.

    The key is the same where the new key choices are the old ones: choices are matched by their
    text, else by their place where there are as many as before (see `regrading.carried_over`), so
    that a mended spelling changes no key.
    """
    if carried_over(old, new) != old.keys:
        return Change.KEY
    if _asked(old) != _asked(new):
        return Change.WORDING
    if _told(old) != _told(new):
        return Change.FEEDBACK
    return Change.SAME if _details(old) == _details(new) else Change.DETAILS


def _questions(
    old: Iterable[Question], new: Iterable[Question], known: Container[str]
) -> Iterator[Entry]:
    before = {question.slug: question for question in old}
    for question in new:
        earlier = before.pop(question.slug, None)
        if earlier is None:
            change = Change.BACK if question.slug in known else Change.NEW
            yield Entry(question.slug, _stem(question), change)
        else:
            yield _edited(earlier, question)
    for question in before.values():
        yield Entry(question.slug, _stem(question), Change.RETIRED)


def _edited(old: Question, new: Question) -> Entry:
    parts = _differing(_parts(old), _parts(new))
    change = change_of(old, new)
    reworded = change is Change.WORDING and _key_texts(old) != _key_texts(new)
    return Entry(new.slug, _stem(new), change, parts, reworded)


def _passages(
    old: Iterable[Passage], new: Iterable[Passage], known: Container[str]
) -> Iterator[Entry]:
    before = {passage.slug: passage for passage in old}
    for passage in new:
        earlier = before.pop(passage.slug, None)
        if earlier is None:
            change = Change.BACK if passage.slug in known else Change.NEW
            yield Entry(passage.slug, passage.heading, change)
            continue
        parts = _differing(
            {"Heading": earlier.heading, "Note": earlier.note},
            {"Heading": passage.heading, "Note": passage.note},
        )
        change = Change.WORDING if parts else Change.SAME
        yield Entry(passage.slug, passage.heading, change, parts)
    for passage in before.values():
        yield Entry(passage.slug, passage.heading, Change.RETIRED)


def _stem(question: Question) -> str:
    return question.stem.partition("\n\n")[0]


def _asked(question: Question) -> tuple[str, ...]:
    return question.stem, *(choice.text for choice in question.choices)


def _told(question: Question) -> tuple[str, ...]:
    return question.explanation, *(choice.feedback for choice in question.choices)


def _details(question: Question) -> tuple[object, ...]:
    return frozenset(question.passages), question.level, question.shuffle, question.as_of


def _key_texts(question: Question) -> frozenset[str]:
    return frozenset(choice.text for choice in question.choices if choice.is_key)


def _parts(question: Question) -> dict[str, str]:
    """A question as named texts for reading side by side."""
    feedback = [f"{c.text}: {c.feedback}" for c in question.choices if c.feedback]
    return {
        "Question": question.stem,
        "Key": "\n".join(choice.text for choice in question.choices if choice.is_key),
        "Choices": "\n".join(choice.text for choice in question.choices),
        "Feedback": "\n".join(feedback),
        "Explanation": question.explanation,
        "Passages": ", ".join(sorted(question.passages)),
        "Level": str(question.level or ""),
        "Order of choices": "new each time" if question.shuffle else "fixed",
        "As of": question.as_of.isoformat() if question.as_of else "",
    }


def _header(document: Deck | Source | None) -> dict[str, str]:
    """The front matter as named texts; '' where a name does not apply."""
    if isinstance(document, Deck):
        return {
            "Kind": "deck",
            "Title": document.title,
            "Topic": document.topic,
            "Summary": document.summary,
            "Source": document.source,
            "Language": document.language,
            "Place in the list": "" if document.order == LAST else str(document.order),
        }
    if isinstance(document, Source):
        return {
            "Kind": "source",
            "Title": document.title,
            "Author": document.author,
            "Date": document.published.isoformat() if document.published else "",
            "Publisher": document.publisher,
            "Address": document.url,
        }
    return {}


def _differing(before: dict[str, str], after: dict[str, str]) -> tuple[Part, ...]:
    names = [*after, *(name for name in before if name not in after)]
    texts = [(name, before.get(name, ""), after.get(name, "")) for name in names]
    return tuple(Part(name, *_pieces(one, other)) for name, one, other in texts if one != other)


def _pieces(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts cut where they begin and cease to differ, at whole words."""
    one, other = _WORD.findall(before), _WORD.findall(after)
    if max(len(one), len(other)) > MOST_WORDS:
        return (Piece(before, is_changed=True),), (Piece(after, is_changed=True),)
    blocks = SequenceMatcher(None, one, other).get_matching_blocks()
    return (
        tuple(_cut(one, [(block.a, block.size) for block in blocks])),
        tuple(_cut(other, [(block.b, block.size) for block in blocks])),
    )


def _cut(words: Sequence[str], shared: Iterable[tuple[int, int]]) -> Iterator[Piece]:
    end = 0
    for start, size in shared:
        if start > end:
            yield Piece("".join(words[end:start]), is_changed=True)
        if size:
            yield Piece("".join(words[start : start + size]), is_changed=False)
        end = start + size
