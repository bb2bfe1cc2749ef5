"""What decks and sources share: a body divided by headings, each with an id."""

from collections.abc import Callable
from dataclasses import dataclass

from quizapp.domain.formats import attributes, fields
from quizapp.domain.formats.attributes import Heading
from quizapp.domain.formats.blocks import Block


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
