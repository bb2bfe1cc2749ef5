"""What decks and sources share: a body divided by headings, each with an id."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from quizapp.domain.formats import attributes, fields
from quizapp.domain.formats.attributes import Heading
from quizapp.domain.formats.blocks import Block
from quizapp.domain.formats.complaints import Complaints

AT_THE_MARGIN = "begin these lines at the margin"

_UNDERLINE = re.compile(r" {0,3}(?:=+|-+) *")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the blocks under it."""

    heading: Block
    blocks: list[Block]


def divided(
    blocks: list[Block], begins: Callable[[Block], bool]
) -> tuple[list[Block], list[Section]]:
    """The blocks before the first heading that begins a section, and the sections."""
    before: list[Block] = []
    sections: list[Section] = []
    for block in blocks:
        if begins(block):
            sections.append(Section(block, []))
        else:
            (sections[-1].blocks if sections else before).append(block)
    return before, sections


def check_before(
    blocks: list[Block], lines: list[str], complaints: Complaints, part: str, mend: str
) -> None:
    """Complain of what stands before the first `part` (a question, a passage), as one thing."""
    check_underlines(blocks, lines, complaints)
    # Raw HTML has been told of by itself.
    first = next((block for block in blocks if block.kind != "html_block"), None)
    if first:
        message = f"{called(first)} stands before the first {part}"
        mend = AT_THE_MARGIN if is_indented(first) else mend
        complaints.add(first.line, f"text-before-{part}", message, mend)


def check_underlines(blocks: list[Block], lines: list[str], complaints: Complaints) -> None:
    """Complain of underlined text where it was probably meant as the heading of a part."""
    for block in blocks:
        below = range(block.first + 1, min(block.end + 1, len(lines)))
        if block.kind == "paragraph" and any(_UNDERLINE.fullmatch(lines[n]) for n in below):
            complaints.add(
                block.line,
                "underlined-heading",
                "the text is underlined, which makes no heading here",
                "begin it with `## ` and delete the line under it",
            )


def is_indented(block: Block) -> bool:
    """Whether the block is code only because of its indentation."""
    return block.kind == "code_block"


def called(block: Block) -> str:
    """What to call a block that is out of place."""
    return "text indented so far that it counts as code" if is_indented(block) else "text"


def check_id(
    heading: Heading, line: int, taken: dict[str, int], suggest: Callable[[], str], remedy: str = ""
) -> str:
    """The heading's id, or '' where it is missing or bad.

    `taken` tells the lines of the ids met so far, and is added to; `suggest` makes a free one;
    `remedy` is another way to mend a missing id.
    """
    complaints = heading.fields.complaints
    if attributes.ID not in heading.fields.entries:
        if not heading.is_broken:
            mend = f"add {{#{suggest()}}} at the end of the line{remedy}"
            complaints.add(line, "missing-id", "the heading has no id", mend)
        return ""
    slug = heading.fields.value(attributes.ID, fields.slug, "")
    if slug in taken:
        message = f"the id #{slug} is taken by line {taken[slug]}"
        complaints.add(line, "duplicate-id", message, f"choose another, such as #{suggest()}")
    elif slug:
        taken[slug] = line
    return slug
