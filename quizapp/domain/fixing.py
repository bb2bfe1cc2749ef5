"""Mending question files without a person: writing in the ids that are missing."""

import re

from quizapp.domain.formats import attributes, native, slugs
from quizapp.domain.formats.complaints import Complaints
from quizapp.domain.formats.lines import NEWLINE
from quizapp.domain.questions import Deck


def with_ids(data: bytes, name: str) -> bytes:
    """The file with an id at each question that has none, made from its stem.

    Nothing else changes, to the byte. Sources and what is not UTF-8 are returned as they are.
    """
    reading = native.read(data, name)
    if not isinstance(reading.draft, Deck):
        return data
    lines = re.split(f"({NEWLINE.pattern})", data.decode())
    taken = {question.slug for question in reading.draft.questions}
    for number, question in enumerate(reading.draft.questions, start=1):
        place = 2 * (question.line - 1)  # line ends stand between the lines
        if not question.slug and _lacks_id(lines[place]):
            slug = slugs.suggest(question.stem.partition("\n")[0], number, taken)
            taken.add(slug)
            lines[place] = _with_id(lines[place], slug)
    return "".join(lines).encode()


def _content(line: str) -> tuple[int, str]:
    """Where a heading's content begins in its line, and the content without closing marks."""
    body = line.rstrip()
    unclosed = body.rstrip("#")
    if unclosed.endswith(" "):
        body = unclosed.rstrip()
    start = len(body) - len(body.lstrip(" #"))
    return start, body[start:]


def _lacks_id(line: str) -> bool:
    """Whether a heading can be given an id: a bad one, or broken attributes, are its author's."""
    heading = attributes.read(_content(line)[1], 1, Complaints(""))
    return not heading.is_broken and attributes.ID not in heading.fields.entries


def _with_id(line: str, slug: str) -> str:
    """A heading line with an id as its first attribute."""
    start, content = _content(line)
    block = attributes.read(content, 1, Complaints("")).block
    if block is None:
        end = start + len(content)
        return f"{line[:end]} {{#{slug}}}{line[end:]}"
    inside = start + block
    gap = "" if line[inside] == "}" else " "
    return f"{line[:inside]}#{slug}{gap}{line[inside:]}"
