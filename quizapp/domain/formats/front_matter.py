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

_QUOTE_IT = 'write one `name: value` a line, and put a value that holds ": " or " #" in quotes'


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
    if lines[0].rstrip() != FENCE:
        complaints.add(
            1,
            "no-front-matter",
            "the file does not begin with front matter",
            "begin it with a line `---`, a line `title: ...` and a line `---`",
        )
        return FrontMatter(fields, 0, is_sound=False)
    end = _end(lines)
    closed = end < len(lines) and lines[end].rstrip() == FENCE
    if not closed:
        complaints.add(
            1,
            "unclosed-front-matter",
            "the front matter is not closed",
            "write a line `---` after its last value",
        )
    is_sound = _Pairs(fields, lines[:end]).read()
    return FrontMatter(fields, end + 1 if closed else end, is_sound)


def _end(lines: list[str]) -> int:
    """Where the front matter ends: at its closing fence, or before the first question."""
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == FENCE or line.startswith("## "):
            return number
    return len(lines)


class _NotPairs(Exception):
    """The YAML is sound but is not a list of pairs."""


@dataclass(frozen=True, slots=True)
class _Node:
    """A name or value: its text (None where it is no plain value), its first line, and the line
    after it, both from 0.
    """

    text: str | None
    line: int
    end: int


class _Pairs:
    """Gathers the pairs of one front matter, whose first line is the opening fence."""

    def __init__(self, fields: Fields, lines: list[str]) -> None:
        self._fields = fields
        self._lines = lines
        self._complaints = fields.complaints

    def read(self) -> bool:
        """Take all pairs; False where it is not YAML or no list of pairs."""
        done = 1
        # The opening fence becomes a comment, so that YAML counts the lines as the file does.
        text = "\n".join(["#", *self._lines[1:]])
        try:
            nodes = _top_nodes(yaml.parse(text, Loader=yaml.BaseLoader))
            for name, value in zip(nodes, nodes, strict=False):
                self._take(name, value)
                done = value.end
        except _NotPairs:
            self._complaints.add(
                2, "bad-yaml", "the front matter is not a list of names with values", _QUOTE_IT
            )
        except yaml.MarkedYAMLError as error:
            line = self._culprit(done, error)
            problem = error.problem or "not valid YAML"
            message = f"the front matter cannot be read as YAML here ({problem})"
            self._complaints.add(line, "bad-yaml", message, _QUOTE_IT)
        else:
            return True
        return False

    def _take(self, name: _Node, value: _Node) -> None:
        line = name.line + 1
        if name.text is None or value.text is None:
            self._complaints.add(
                line,
                "nested-value",
                "the front matter holds a list, a mapping, an anchor, an alias or a tag",
                "write one plain value on the line",
            )
            return
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

    def _culprit(self, done: int, error: yaml.MarkedYAMLError) -> int:
        """The line (from 1) to blame for a YAML error.

        YAML notices an open quote or a missing colon only further down, so the first line after
        the last sound pair that is no pair by itself is blamed, else where YAML stopped.
        """
        mark = error.problem_mark or error.context_mark
        stopped = min(mark.line if mark else done, len(self._lines) - 1)
        for number in range(done, stopped + 1):
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
            if depth == 0 and not isinstance(event, yaml.MappingStartEvent):
                raise _NotPairs
            if depth == 1:
                yield _node(event)
            depth += isinstance(event, yaml.CollectionStartEvent)


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
