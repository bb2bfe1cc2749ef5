"""The lines between `---` and `---`: plain `name: value` pairs, read as YAML and nothing more.

Only YAML's event stream is used: values stay text (`no` is "no"), nothing is constructed, and
anchors, aliases, tags and nested values are refused as soon as they are met.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml

from quizapp.domain.formats.complaints import Complaints
from quizapp.domain.formats.fields import Entry, Fields

FENCE = "---"

_QUOTE_IT = (
    "write one `name: value` a line, and put a value in quotes that begins with a sign or holds "
    '": " or " #"'
)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The pairs, how many lines of the file they take with their fences, and whether they could
    all be read.
    """

    fields: Fields
    end: int
    is_sound: bool


def read(lines: list[str], complaints: Complaints) -> FrontMatter:
    """The front matter of a file. Errors go to `complaints`."""
    fields = Fields(complaints)
    start = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[start].rstrip() != FENCE:
        _complain_of_beginning(lines[start], start + 1, complaints)
        return FrontMatter(fields, 0, is_sound=False)
    end = _end(lines, start + 1)
    closed = end < len(lines) and lines[end].rstrip() == FENCE
    if not closed:
        complaints.add(
            start + 1,
            "unclosed-front-matter",
            "the front matter is not closed",
            "write a line `---` after its last value",
        )
    is_sound = _Pairs(fields, lines[:end], start + 1).read()
    return FrontMatter(fields, end + 1 if closed else end, is_sound)


def _complain_of_beginning(text: str, line: int, complaints: Complaints) -> None:
    if text.strip() == FENCE:
        message = "the front matter is indented"
        mend = "begin all lines of the file at the margin"
        complaints.add(line, "no-front-matter", message, mend)
    else:
        message = "the file does not begin with front matter"
        mend = "begin it with a line `---`, a line `title: ...` and a line `---`"
        complaints.add(1, "no-front-matter", message, mend)


def _end(lines: list[str], begin: int) -> int:
    """Where the front matter ends: at its closing fence, or before the first question."""
    for number, line in enumerate(lines[begin:], start=begin):
        if line.rstrip() == FENCE or line.startswith("## "):
            return number
    return len(lines)


class _NotPairs(Exception):
    """The YAML is no mapping, or nests so deep that reading on would take too long."""

    def __init__(self, line: int, message: str, mend: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message
        self.mend = mend


@dataclass(frozen=True, slots=True)
class _Node:
    """A name or value: its text (None where it is no plain value), its first line, and the line
    after it, both from 0.
    """

    text: str | None
    line: int
    end: int


class _Pairs:
    """Gathers the pairs of one front matter, from line `begin` (from 0) to the last one."""

    def __init__(self, fields: Fields, lines: list[str], begin: int) -> None:
        self._fields = fields
        self._lines = lines
        self._complaints = fields.complaints
        self._last = range(begin)  # the lines of the pair taken last, from 0

    def read(self) -> bool:
        """Take all pairs; False where some cannot be read."""
        # Blank lines stand in for the opening fence, so that YAML counts as the file does.
        text = "\n" * self._last.stop + "\n".join(self._lines[self._last.stop :])
        try:
            nodes = _top_nodes(yaml.parse(text, Loader=yaml.BaseLoader))
            # A list, so that all pairs are taken whatever the first ones are.
            taken = [self._take(name, value) for name, value in zip(nodes, nodes, strict=False)]
            return all(taken)
        except _NotPairs as error:
            self._complaints.add(error.line + 1, "bad-yaml", error.message, error.mend)
        except yaml.MarkedYAMLError as error:
            problem = error.problem or "not valid YAML"
            message = f"the front matter cannot be read as YAML here ({problem})"
            self._complaints.add(self._culprit(error), "bad-yaml", message, _QUOTE_IT)
        return False

    def _take(self, name: _Node, value: _Node) -> bool:
        self._last = range(name.line, value.end)
        line = name.line + 1
        if name.text is None or value.text is None:
            self._complaints.add(
                line,
                "nested-value",
                "the front matter holds a list, a mapping, an anchor, an alias or a tag",
                "write one plain value on the line, in quotes if it begins with a sign",
            )
            return False
        earlier = self._fields.entries.get(name.text)
        if earlier:
            self._complaints.add(
                line,
                "duplicate-name",
                f"`{name.text}` stands twice in the front matter (first in line {earlier.line})",
                "keep one of the two",
            )
        else:
            self._fields.entries[name.text] = Entry(value.text.strip(), line)
        return True

    def _culprit(self, error: yaml.MarkedYAMLError) -> int:
        """The line (from 1) to blame for a YAML error.

        YAML notices an open quote or a missing colon only further down. So the first line that
        is no pair by itself is blamed, of those after the last pair, or from its beginning where
        YAML stopped within it; else the line where YAML stopped.
        """
        mark = error.problem_mark or error.context_mark
        stopped = min(mark.line, len(self._lines) - 1) if mark else self._last.stop
        begin = self._last.start if stopped in self._last else self._last.stop
        for number in range(begin, stopped + 1):
            if not _may_be_pair(self._lines[number]):
                return number + 1
        return stopped + 1


def _top_nodes(events: Iterable[yaml.Event]) -> Iterator[_Node]:
    """The names and values of the outermost mapping in turn, nested ones by their first event."""
    depth = 0
    for event in events:
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.NodeEvent):
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            if depth > 2 or (depth == 0 and not is_mapping):
                raise _not_pairs(event, depth)
            if depth == 1:
                yield _node(event)
            depth += isinstance(event, yaml.CollectionStartEvent)


def _not_pairs(event: yaml.NodeEvent, depth: int) -> _NotPairs:
    message, mend = "the front matter does not consist of names with values", _QUOTE_IT
    if depth == 0 and isinstance(event, yaml.SequenceStartEvent):
        message = "the front matter is a list, not names with values"
        mend = "write one `name: value` a line, without a mark before it"
    return _NotPairs(_node(event).line, message, mend)


def _node(event: yaml.NodeEvent) -> _Node:
    start, end = event.start_mark, event.end_mark
    return _Node(
        _plain_text(event),
        start.line if start else 0,
        end.line + (end.column > 0) if end else 0,
    )


def _plain_text(event: yaml.NodeEvent) -> str | None:
    if isinstance(event, yaml.ScalarEvent) and not event.anchor and event.tag in {None, "!"}:
        return event.value
    return None


def _may_be_pair(line: str) -> bool:
    """Whether a line could be sound by itself: blank, indented, a comment, or a pair."""
    if not line.strip() or line[0] in " #":
        return True
    try:
        list(_top_nodes(yaml.parse(line, Loader=yaml.BaseLoader)))
    except (_NotPairs, yaml.YAMLError):
        return False
    return True
