"""The choices of a question: a task list, with a quote under a choice as its feedback."""

import re
from dataclasses import dataclass

from quizapp.domain.formats.blocks import Block
from quizapp.domain.formats.complaints import Complaints
from quizapp.domain.formats.lines import trimmed
from quizapp.domain.questions import MAX_CHOICES, Choice

_BOX = re.compile(r"\[([ xX])\](?:\s+|$)")
_LIKE_A_BOX = re.compile(r"\[[^\]\n]{0,2}\]")
STRAY_BOX = re.compile(r"\s*(?:[-*+]|[0-9]+[.)])?\s*\[[ xX]?\]")
_QUOTE_MARK = re.compile(r"\s*> ?")

WRITE_A_BOX = "write `- [x] ` for the key and `- [ ] ` for the others"


def has_boxes(block: Block) -> bool:
    """Whether a list looks like the choices of a question: any item begins with a box."""
    return any(_LIKE_A_BOX.match(_first_paragraph(item)) for item in block.children())


def quoted(block: Block, lines: list[str]) -> str:
    """The Markdown within a quote."""
    return trimmed([_unquoted(line) for line in lines[block.first : block.end]])


def _unquoted(line: str) -> str:
    mark = _QUOTE_MARK.match(line)
    return line[mark.end() :] if mark else line.lstrip()


def _first_paragraph(item: Block) -> str:
    children = item.children()
    return children[0].content if children and children[0].kind == "paragraph" else ""


@dataclass(frozen=True, slots=True)
class ChoiceReader:
    """Reads the choices of one file; errors go to `complaints`."""

    lines: list[str]
    complaints: Complaints

    def read(self, choices: Block) -> tuple[Choice, ...]:
        """All items of a task list."""
        if choices.kind == "ordered_list":
            self.complaints.add(
                choices.line, "numbered-choices", "the choices are numbered", WRITE_A_BOX
            )
        items = choices.children()
        if len(items) > MAX_CHOICES:
            self.complaints.add(
                items[MAX_CHOICES].line,
                "too-many-options",
                f"the question has {len(items)} choices, more than {MAX_CHOICES}",
                "remove some, or make two questions of it",
            )
        return tuple(self._choice(item) for item in items)

    def _choice(self, item: Block) -> Choice:
        content = _first_paragraph(item)
        box = _BOX.match(content)
        if not box:
            self._complain_of_box(content, item.line)
            return Choice(content, is_key=False, line=item.line)
        text = re.sub(r"\n[ ]+", "\n", content[box.end() :].strip())
        if not text:
            self.complaints.add(
                item.line, "empty-choice", "the choice is empty", "write its text after the box"
            )
        self._check_continuation(item)
        return Choice(text, box[1] != " ", self._feedback(item), item.line)

    def _complain_of_box(self, content: str, line: int) -> None:
        like = _LIKE_A_BOX.match(content)
        if like:
            message = f"`{like.group()}` is not a box with a space after it"
            self.complaints.add(line, "bad-box", message, WRITE_A_BOX)
        else:
            self.complaints.add(line, "option-without-box", "the choice has no box", WRITE_A_BOX)

    def _check_continuation(self, item: Block) -> None:
        """Complain of lines that Markdown joins to a choice and their author did not."""
        paragraph = item.children()[0]
        for number in range(paragraph.first + 1, paragraph.end):
            line = self.lines[number]
            if STRAY_BOX.match(line):
                message = "the line looks like a choice but continues the one above"
                self.complaints.add(number + 1, "bad-box", message, WRITE_A_BOX)
            elif not line.startswith(" "):
                self.complaints.add(
                    number + 1,
                    "stray-text",
                    "the line continues the choice above without being indented",
                    "put a blank line before it, or indent it if it belongs to the choice",
                )

    def _feedback(self, item: Block) -> str:
        quotes: list[Block] = []
        for block in item.children()[1:]:
            if block.kind == "blockquote" and not quotes:
                quotes.append(block)
            else:
                self._complain_of_block(block)
            if block.kind == "heading":
                break  # what follows belongs to the question that was meant to begin here
        return quoted(quotes[0], self.lines) if quotes else ""

    def _complain_of_block(self, block: Block) -> None:
        rule = "block-in-choice"
        if block.is_list:
            rule, message = "nested-choice", "a list stands within a choice"
            mend = "begin each choice at the margin"
        elif block.kind == "heading":
            message = "a heading is indented, and so stands within a choice"
            mend = "begin it, and what follows it, at the margin"
        elif block.kind == "blockquote":
            message = "the choice has a second feedback"
            mend = "join the two with a line that holds only `>`"
        else:
            message = "a choice has more than one paragraph"
            mend = "keep it to one, and begin feedback with `> `"
        self.complaints.add(block.line, rule, message, mend)
