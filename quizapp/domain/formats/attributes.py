"""The attributes at the end of a heading: `## Heading {#id name=value name="a value"}`."""

import re
from dataclasses import dataclass

from quizapp.domain.formats.complaints import Complaints
from quizapp.domain.formats.fields import Entry, Fields

ID = "#id"
"""The name under which a heading's id is kept among its attributes."""

MAX_BLOCK = 2000
"""The longest attributes, in characters: what is longer is not looked for."""

_BLOCK = re.compile(r'\{(?P<inner>(?:[^{}"\\]|\\.|"(?:[^"\\]|\\.)*")*)\}$')
_BEGINNING = re.compile(r"\{\s*(?:#|[a-z_]+=)")
_ITEM = re.compile(
    r"""\#(?P<id>[^\s"]*)
    | (?P<name>[^\s="\#]+)=(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s"]*))
    | (?P<junk>\S+)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's text and attributes.

    `block` is where the text within the braces begins in the heading as written, or None without
    braces. `is_broken` tells that there are attributes which cannot be made out.
    """

    text: str
    fields: Fields
    block: int | None = None
    is_broken: bool = False


def read(content: str, line: int, complaints: Complaints) -> Heading:
    """Split a heading into text and attributes. Errors go to `complaints`."""
    block = _BLOCK.search(content, max(0, len(content) - MAX_BLOCK))
    if block:
        fields = Fields(complaints, _entries(block["inner"], line, complaints))
        return Heading(content[: block.start()].strip(), fields, block.start("inner"))
    beginning = _BEGINNING.search(content)
    if beginning:
        _complain_of_braces(content, beginning.start(), line, complaints)
        text = content[: beginning.start()].strip()
        return Heading(text, Fields(complaints), is_broken=True)
    return Heading(content.strip(), Fields(complaints))


def _entries(inner: str, line: int, complaints: Complaints) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    items = list(_ITEM.finditer(inner))
    # Only the first: further ones are most often the rest of the same unquoted value.
    junk = next((item["junk"] for item in items if item["junk"] is not None), None)
    if junk is not None:
        complaints.add(
            line,
            "bad-attribute",
            f"`{junk}` is neither an id nor a name with a value",
            'write #id, name=value or name="a value with spaces"',
        )
    for item in items:
        if item["junk"] is not None:
            continue
        name, value = _pair(item)
        if name in entries:
            shown = "an id" if name == ID else f"`{name}`"
            message = f"the heading has {shown} twice"
            complaints.add(line, "duplicate-attribute", message, "keep one of the two")
        entries.setdefault(name, Entry(value, line))
    return entries


def _pair(item: re.Match[str]) -> tuple[str, str]:
    if item["id"] is not None:
        return ID, item["id"]
    if item["quoted"] is not None:
        return item["name"], re.sub(r"\\(.)", r"\1", item["quoted"]).strip()
    return item["name"], item["bare"]


def _complain_of_braces(content: str, start: int, line: int, complaints: Complaints) -> None:
    if "}" not in content[start:]:
        complaints.add(
            line,
            "unclosed-attributes",
            "the attributes of the heading are not closed",
            "write `}` after the last one",
        )
    elif content.endswith("}"):
        complaints.add(
            line,
            "unclosed-quote",
            "a quoted value in the heading's attributes is not closed, or holds braces",
            'close it with `"`, and use no braces outside quotes',
        )
    else:
        complaints.add(
            line,
            "attributes-not-last",
            "text follows the attributes of the heading",
            "move the `{...}` to the end of the line",
        )


def written(entries: dict[str, str]) -> str:
    """Attributes as they stand in a file, quoted where needed; the id first."""
    return "{" + " ".join(_item(name, value) for name, value in entries.items()) + "}"


def _item(name: str, value: str) -> str:
    if name == ID:
        return f"#{value}"
    if re.fullmatch(r"[\w.,:-]+", value):
        return f"{name}={value}"
    escaped = re.sub(r'(["\\])', r"\\\1", value)
    return f'{name}="{escaped}"'
