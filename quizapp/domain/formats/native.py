"""The native format: a Markdown file with front matter, a heading for each question or passage.

`docs/` describes it for authors; the modules beside this one read its parts.
"""

from pathlib import PurePosixPath

from quizapp.domain.formats import Reading, blocks, fields, front_matter, writing
from quizapp.domain.formats.complaints import Complaints
from quizapp.domain.formats.deck import DeckReader
from quizapp.domain.formats.fields import Fields
from quizapp.domain.formats.lines import decode
from quizapp.domain.formats.source import SourceReader
from quizapp.domain.questions import LAST, Deck, Passage, Question, Source

DECK_NAMES = frozenset({"kind", "title", "topic", "summary", "source", "language", "order"})
SOURCE_NAMES = frozenset({"kind", "title", "author", "date", "publisher", "url"})


def read(data: bytes, name: str) -> Reading:
    """What a question file holds, with all its errors at their lines.

    `name` is a path in POSIX form, whose stem becomes the slug. Nothing is raised: whatever the
    bytes are, the findings say what is wrong with them.
    """
    complaints = Complaints(name)
    lines = decode(data, complaints)
    if lines is None:
        return Reading(None, complaints.findings())
    header = front_matter.read(lines, complaints)
    outline = blocks.parse(lines, header.end, complaints)
    is_source = _is_source(header.fields, lines[: header.end])
    _check_names(header.fields, is_source=is_source)
    slug = PurePosixPath(name).stem
    draft: Deck | Source
    if is_source:
        passages = SourceReader(lines, complaints).passages(outline)
        draft = _source(slug, header.fields, passages)
    else:
        questions = DeckReader(lines, complaints).questions(outline)
        draft = _deck(slug, header.fields, questions)
    if header.is_sound and not draft.title:
        _complain_of_title(header.fields)
    positions = {name: entry.line for name, entry in header.fields.entries.items()}
    begins = [block.line for block in outline if block.kind == "heading"]
    return Reading(draft, complaints.findings(begins), positions, header.is_sound)


def write(deck: Deck) -> bytes:
    """A deck as a question file, which reads back as the same deck but for line numbers.

    Raises ValueError, with the first reason, for what the format cannot carry.
    """
    data = writing.deck_text(deck).encode()
    reading = read(data, f"{deck.slug}.md")
    if reading.findings:
        raise ValueError(str(reading.findings[0]))
    if not isinstance(reading.draft, Deck) or writing.unnumbered(reading.draft) != (
        writing.unnumbered(deck)
    ):
        raise ValueError(f"{deck.slug}: the file would not read back as the same deck")
    return data


def _is_source(values: Fields, header: list[str]) -> bool:
    """Whether the file says that it is a source, if need be in front matter that is not YAML."""
    if "kind" in values.entries:
        return values.text("kind") == "source"
    return any(line.replace(" ", "") == "kind:source" for line in header)


def _deck(slug: str, values: Fields, questions: tuple[Question, ...]) -> Deck:
    return Deck(
        slug=slug,
        title=values.text("title"),
        topic=values.text("topic"),
        questions=questions,
        source=values.text("source"),
        summary=values.text("summary"),
        language=values.value("language", fields.language, "en"),
        order=values.value("order", fields.order, LAST),
    )


def _source(slug: str, values: Fields, passages: tuple[Passage, ...]) -> Source:
    return Source(
        slug=slug,
        title=values.text("title"),
        passages=passages,
        author=values.text("author"),
        published=values.value("date", fields.iso_date, None),
        publisher=values.text("publisher"),
        url=values.value("url", fields.https_url, ""),
    )


def _check_names(values: Fields, *, is_source: bool) -> None:
    kind = "source" if is_source else "deck"
    known = SOURCE_NAMES if is_source else DECK_NAMES
    values.refuse_unknown(known, "unknown-front-matter", f"a front-matter name of a {kind}")
    values.value("kind", fields.kind, kind)


def _complain_of_title(values: Fields) -> None:
    title = values.entries.get("title")
    values.complaints.add(
        title.line if title else 1,
        "missing-title",
        "the file has no title",
        "write `title: ...` in the front matter",
    )
