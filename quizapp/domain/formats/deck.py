"""Reading the body of a deck: a heading for each question, its choices, its explanation."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from quizapp.domain.formats import attributes, fields, slugs
from quizapp.domain.formats.attributes import Heading
from quizapp.domain.formats.blocks import Block
from quizapp.domain.formats.choices import (
    STRAY_BOX,
    WRITE_A_BOX,
    ChoiceReader,
    has_boxes,
    quoted,
)
from quizapp.domain.formats.complaints import Complaints, Refusal, instead_of
from quizapp.domain.formats.lines import trimmed
from quizapp.domain.formats.sections import (
    AT_THE_MARGIN,
    Section,
    called,
    check_before,
    check_id,
    check_underlines,
    divided,
    is_indented,
)
from quizapp.domain.questions import Choice, Question, Waiver
from quizapp.domain.rule_ids import RULE_IDS

ATTRIBUTES = frozenset({attributes.ID, "source", "level", "as_of", "shuffle", "waive"})

_FIX = ", or run `quizapp questions fix`"
_WRITE_A_QUESTION = "begin each question with a line `## ` and its text"


@dataclass(frozen=True, slots=True)
class DeckReader:
    """Reads the questions of one file; errors go to `complaints`."""

    lines: list[str]
    complaints: Complaints

    def questions(self, blocks: list[Block]) -> tuple[Question, ...]:
        """All questions among the outermost blocks of the file."""
        before, sections = divided(blocks, lambda block: block.kind == "heading")
        self._check_before(before)
        if not before and not sections:
            self.complaints.add(1, "no-questions", "the file has no question", _WRITE_A_QUESTION)
        numbered = enumerate(filter(self._is_question, sections), start=1)
        taken: dict[str, int] = {}
        return tuple(self._question(section, number, taken) for number, section in numbered)

    def _check_before(self, blocks: list[Block]) -> None:
        self._check_paragraphs(blocks)
        if blocks and blocks[0].is_list and has_boxes(blocks[0]):
            message = "choices stand before the first question"
            line = blocks[0].line
            self.complaints.add(line, "choices-before-question", message, _WRITE_A_QUESTION)
        else:
            check_before(blocks, self.lines, self.complaints, "question", _WRITE_A_QUESTION)

    def _is_question(self, section: Section) -> bool:
        """Whether to read on: a heading of another level may still have been meant as one."""
        if section.heading.tag == "h2":
            return True
        self.complaints.add(
            section.heading.line,
            "wrong-heading-level",
            f"the heading is of level {section.heading.tag[1]}, and a question is of level 2",
            "begin the line with `## `, or make it bold text if it is no question",
        )
        return any(block.is_list for block in section.blocks)

    def _question(self, section: Section, number: int, taken: dict[str, int]) -> Question:
        line = section.heading.line
        heading = attributes.read(section.heading.content, line, self.complaints)
        heading.fields.refuse_unknown(ATTRIBUTES, "unknown-attribute", "an attribute of a question")
        if not heading.text:
            mend = "write the question after `## `"
            self.complaints.add(line, "empty-stem", "the question has no text", mend)
        slug = check_id(
            heading, line, taken, lambda: slugs.suggest(heading.text, number, taken), _FIX
        )
        parts = _parts(section.blocks)
        choices = self._choices(parts, line)
        values = heading.fields
        return Question(
            slug=slug,
            stem=self._stem(heading, section, parts),
            choices=choices,
            explanation=self._explanation(parts),
            passages=values.value("source", fields.passages, ()),
            level=values.value("level", fields.level, None),
            shuffle=values.value("shuffle", fields.shuffle, True),
            as_of=values.value("as_of", fields.iso_date, None),
            waivers=values.value("waive", waivers, ()),
            line=line,
        )

    def _stem(self, heading: Heading, section: Section, parts: "_Parts") -> str:
        self._check_paragraphs(parts.context + parts.after)
        first = section.heading.end
        end = parts.context[-1].end if parts.context else first
        context = trimmed(self.lines[first:end])
        return "\n\n".join(part for part in (heading.text, context) if part)

    def _check_paragraphs(self, blocks: list[Block]) -> None:
        """Complain of lines that are plain text but look like a heading or a choice."""
        for block in blocks:
            for number in range(block.first, block.end if block.kind == "paragraph" else 0):
                if re.match(r" {0,3}##+[^#\s]", self.lines[number]):
                    message = "the line looks like a heading but has no space after `##`"
                    mend = "write `## ` and the question"
                    self.complaints.add(number + 1, "heading-without-space", message, mend)
                elif STRAY_BOX.match(self.lines[number]):
                    message = "the line looks like a choice but is no item of a list"
                    self.complaints.add(number + 1, "bad-box", message, WRITE_A_BOX)

    def _choices(self, parts: "_Parts", line: int) -> tuple[Choice, ...]:
        if parts.choices is None:
            self._complain_of_no_choices(parts.context, line)
            return ()
        choices = ChoiceReader(self.lines, self.complaints).read(parts.choices)
        if len(choices) == 1:
            mend = "add at least one more as `- [ ] `"
            self.complaints.add(line, "one-choice", "the question has only one choice", mend)
        elif all(choice.is_key for choice in choices):
            message = "every choice is marked as a key, so there is nothing to tell apart"
            mend = "leave the box of each wrong one empty, as in `- [ ] `"
            self.complaints.add(line, "all-keys", message, mend)
        if not any(choice.is_key for choice in choices):
            mend = "mark the right one with [x]"
            self.complaints.add(line, "no-key", "no choice is marked as the key", mend)
        return choices

    def _complain_of_no_choices(self, context: list[Block], line: int) -> None:
        message = "the question has no choices"
        mend = "list them under it, the key as `- [x] ` and the others as `- [ ] `"
        for block in filter(is_indented, context):
            if STRAY_BOX.match(self.lines[block.first]):
                line, mend = block.line, AT_THE_MARGIN
                message = "the choices are indented so far that they count as code"
        self.complaints.add(line, "no-choices", message, mend)

    def _explanation(self, parts: "_Parts") -> str:
        check_underlines(parts.after, self.lines, self.complaints)
        explanation = _first(parts.after, lambda block: block.kind == "blockquote")
        more_choices = _first(parts.after, lambda block: block.is_list)
        for block in parts.after:
            # The first list after the choices stands for all that it was torn into.
            if block is more_choices or not (block is explanation or block.is_list):
                self._complain_of_block_after(block)
        return quoted(explanation, self.lines) if explanation else ""

    def _complain_of_block_after(self, block: Block) -> None:
        if block.is_list:
            rule, message = "two-lists", "the question has a second list of choices"
            mend = (
                "begin every choice with the same mark, indent feedback under its choice, and "
                "begin a new question with `## `"
            )
        elif block.kind == "blockquote":
            rule, message = "two-explanations", "the question has a second explanation"
            mend = "join the two with a line that holds only `>`"
        elif block.kind == "html_block":
            return  # it has been told of by itself
        elif is_indented(block):
            rule, message = "stray-text", f"{called(block)} follows the choices"
            mend = AT_THE_MARGIN
        else:
            rule, message = "stray-text", "what follows the choices is not an explanation"
            mend = "begin its lines with `> ` to make it one, or move it above the choices"
        self.complaints.add(block.line, rule, message, mend)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The blocks under a question's heading by their place around the choices."""

    context: list[Block]
    choices: Block | None
    after: list[Block]


def _first(blocks: list[Block], fits: Callable[[Block], bool]) -> Block | None:
    return next(filter(fits, blocks), None)


def _parts(blocks: list[Block]) -> _Parts:
    """Divide at the choices: the first list with boxes, or else the first list."""
    lists = [number for number, block in enumerate(blocks) if block.is_list]
    boxed = [number for number in lists if has_boxes(blocks[number])]
    if not lists:
        return _Parts(blocks, None, [])
    place = (boxed or lists)[0]
    return _Parts(blocks[:place], blocks[place], blocks[place + 1 :])


def waivers(text: str) -> tuple[Waiver, ...]:
    """Waivers written as `rule: reason; rule: reason`. Raises Refusal for a bad one."""
    return tuple(_waiver(part) for part in text.split(";"))


def _waiver(text: str) -> Waiver:
    rule, _, reason = (part.strip() for part in text.partition(":"))
    if rule and rule not in RULE_IDS:
        message = f"`{rule}` is not a rule that can be waived"
        raise Refusal("unknown-rule", message, instead_of(rule, RULE_IDS))
    if not rule or not reason:
        raise Refusal(
            "waiver-without-reason",
            f"the waiver of `{rule}` gives no reason" if rule else "a waiver is empty",
            'write the rule, a colon and why, as in waive="longest-key: an official name"',
        )
    return Waiver(rule, reason)
