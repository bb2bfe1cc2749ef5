"""Reading the body of a source: a heading for each passage, and our study note under it."""

from dataclasses import dataclass

from quizapp.domain.formats import attributes
from quizapp.domain.formats.blocks import Block
from quizapp.domain.formats.complaints import Complaints
from quizapp.domain.formats.lines import trimmed
from quizapp.domain.formats.sections import Section, check_before, check_id, divided
from quizapp.domain.questions import Passage

_WRITE_A_PASSAGE = "begin each passage with a line `## `, its heading and its id, as in {#p1}"


@dataclass(frozen=True, slots=True)
class SourceReader:
    """Reads the passages of one file; errors go to `complaints`."""

    lines: list[str]
    complaints: Complaints

    def passages(self, blocks: list[Block]) -> tuple[Passage, ...]:
        """All passages among the outermost blocks of the file."""
        before, sections = divided(blocks, lambda block: block.tag in {"h1", "h2"})
        check_before(before, self.lines, self.complaints, "passage", _WRITE_A_PASSAGE)
        if not before and not sections:
            message = "the source has no passage"
            self.complaints.add(1, "no-passages", message, _WRITE_A_PASSAGE)
        taken: dict[str, int] = {}
        return tuple(
            self._passage(section, number, taken)
            for number, section in enumerate(sections, start=1)
        )

    def _passage(self, section: Section, number: int, taken: dict[str, int]) -> Passage:
        line = section.heading.line
        if section.heading.tag == "h1":
            message = "the heading is of level 1, and a passage is of level 2"
            self.complaints.add(line, "wrong-heading-level", message, _WRITE_A_PASSAGE)
        heading = attributes.read(section.heading.content, line, self.complaints)
        heading.fields.refuse_unknown(
            {attributes.ID}, "unknown-attribute", "an attribute of a passage"
        )
        if not heading.text:
            mend = "write a few words after `## `"
            self.complaints.add(line, "empty-heading", "the passage has no heading", mend)
        slug = check_id(heading, line, taken, lambda: f"p{number}")
        end = section.blocks[-1].end if section.blocks else section.heading.end
        note = trimmed(self.lines[section.heading.end : end])
        if not note:
            mend = "write the study note under its heading"
            self.complaints.add(line, "empty-note", "the passage has no note", mend)
        return Passage(slug, heading.text, note, line)
