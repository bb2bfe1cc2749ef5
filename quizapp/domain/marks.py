"""The state of each item of an attempt as one character in a string, first item first."""

from dataclasses import dataclass
from enum import StrEnum

from quizapp.domain.grading import Verdict


class Mark(StrEnum):
    """What became of an item so far. In graded work OPEN was never seen, SKIPPED was seen and not
    answered, and SAVED has an answer that was not judged yet."""

    OPEN = "-"
    SKIPPED = "s"
    SAVED = "a"
    RIGHT = "r"
    PARTLY = "p"
    WRONG = "w"


UNANSWERED = frozenset({Mark.OPEN, Mark.SKIPPED})
MISSED = frozenset({Mark.PARTLY, Mark.WRONG})

_OF_VERDICT = {
    Verdict.RIGHT: Mark.RIGHT,
    Verdict.PARTLY: Mark.PARTLY,
    Verdict.WRONG: Mark.WRONG,
}


def mark_of(verdict: Verdict) -> Mark:
    """The mark of an item answered with this verdict."""
    return _OF_VERDICT[verdict]


def replaced(marks: str, position: int, mark: Mark) -> str:
    """The marks with another one at a position (from 1)."""
    return marks[: position - 1] + mark + marks[position:]


def furthest_seen(marks: str) -> int:
    """Position (from 1) of the last item that was ever seen, 0 where none was."""
    return len(marks.rstrip(Mark.OPEN))


def next_open(marks: str, after: int = 0) -> int | None:
    """Position (from 1) of the next item never dealt with after `after`, else the first
    such item before it, else None. Skipped items are for the learner to return to."""
    found = marks.find(Mark.OPEN, after)
    if found < 0:
        found = marks.find(Mark.OPEN)
    return found + 1 if found >= 0 else None


@dataclass(frozen=True, slots=True)
class Tally:
    """What an attempt's marks come to; lists hold positions from 1."""

    right: int
    partly: int
    missed: list[int]
    unanswered: list[int]
    next_position: int | None

    @property
    def only_skipped(self) -> bool:
        """Whether all that is unanswered was passed over on purpose."""
        return self.next_position is None and bool(self.unanswered)


def tally(marks: str) -> Tally:
    """Count an attempt's marks."""
    return Tally(
        right=marks.count(Mark.RIGHT),
        partly=marks.count(Mark.PARTLY),
        missed=positions(marks, MISSED),
        unanswered=positions(marks, UNANSWERED),
        next_position=next_open(marks),
    )


def positions(marks: str, wanted: frozenset[Mark]) -> list[int]:
    """Positions (from 1) of the items with one of the wanted marks."""
    return [i for i, mark in enumerate(marks, start=1) if mark in wanted]
