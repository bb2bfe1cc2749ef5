"""What a student has to show for an assignment, and what all assignments make together."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from quizapp.domain.graded.policy import Counting, Policy
from quizapp.domain.graded.scoring import counted, has_passed
from quizapp.domain.graded.timing import Accommodation, Phase, Terms, Window, terms


class State(StrEnum):
    """Where a student stands with an assignment. MISSED: closed, and nothing was handed in."""

    NOT_OPEN = "not-open"
    NOT_STARTED = "not-started"
    IN_PROGRESS = "in-progress"
    SUBMITTED = "submitted"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Work:
    """One attempt of a student: `ended_at` is None while it is open, `share` where it is, or
    where none of its questions counts."""

    number: int
    ended_at: datetime | None
    share: Fraction | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A student's place in an assignment.

    `share` is what counts of the submitted attempts, None where there is nothing to count;
    `is_late` is about the attempts it comes from. `attempts` are those that were submitted.
    """

    state: State
    share: Fraction | None
    attempts: int
    is_late: bool
    is_extended: bool
    is_excused: bool
    has_passed: bool | None

    @property
    def counts(self) -> Fraction | None:
        """What goes into the total: the share, or 0 where the work is closed and nothing was
        handed in. None where it is left out: excused, still open, or begun and not yet handed in.
        """
        if self.is_excused:
            return None
        return Fraction(0) if self.state is State.MISSED else self.share


def standing(
    policy: Policy, terms: Terms, works: Sequence[Work], is_excused: bool, now: datetime
) -> Standing:
    """Where a student stands who has these terms and these attempts, in order of their number."""
    done = [work for work in works if work.ended_at is not None]
    shares = [work.share for work in done if work.share is not None]
    share = counted(shares, policy.counting)
    return Standing(
        state=_state(terms, len(works), len(done), now),
        share=share,
        attempts=len(done),
        is_late=_is_late(policy.counting, terms, done),
        is_extended=terms.is_extended,
        is_excused=is_excused,
        has_passed=has_passed(policy, share),
    )


def credit_range(policy: Policy) -> tuple[Fraction, Fraction]:
    """The least and the most that an item can earn: below 0 only with certainty marking."""
    return Fraction(-2 if policy.certainty_marking else 0), Fraction(1)


def total(weighted: Iterable[tuple[int, Fraction | None]]) -> Fraction | None:
    """The mean of what counts by the weights of the assignments; None where nothing counts yet."""
    counting = [(weight, share) for weight, share in weighted if share is not None]
    weights = sum(weight for weight, _ in counting)
    if weights == 0:
        return None
    return sum((weight * share for weight, share in counting), Fraction(0)) / weights


def mean(shares: Iterable[Fraction | None]) -> tuple[Fraction | None, int]:
    """The mean of the shares that are there, and how many there are."""
    there = [share for share in shares if share is not None]
    return (sum(there, Fraction(0)) / len(there) if there else None), len(there)


@dataclass(frozen=True, slots=True)
class Column:
    """An assignment of the gradebook. `weight` is its part of the total, in whole numbers."""

    assignment_id: int
    public_id: str
    title: str
    policy: Policy
    window: Window
    weight: int


@dataclass(frozen=True, slots=True)
class Student:
    """Someone in a class, by the name the class knows them by."""

    enrolment_id: int
    account_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """A student with their standing in each column, in order, and their total."""

    student: Student
    standings: tuple[Standing, ...]
    total: Fraction | None


@dataclass(frozen=True, slots=True)
class Records:
    """What is known of the work of a class.

    `works` has the attempts by assignment and account, in order of their number. Those for whom
    `accommodations` hold are found by enrolment, with the assignment or None for all of them;
    `excused` are pairs of assignment and enrolment.
    """

    works: Mapping[tuple[int, int], Sequence[Work]]
    accommodations: Mapping[int, Sequence[tuple[int | None, Accommodation]]]
    excused: Collection[tuple[int, int]]


def rows(
    columns: Sequence[Column], students: Iterable[Student], records: Records, now: datetime
) -> list[Row]:
    """The gradebook, a row a student in the order given."""
    usual = [terms(column.window, column.policy, ()) for column in columns]
    return [_row(columns, usual, student, records, now) for student in students]


Key = int | Literal["name", "total"]
"""What rows are put in order by: a column at a place, or one of these."""


@dataclass(frozen=True, slots=True)
class Only:
    """Which students: those whose name has `name` in it and who are in this `state` (a `State`,
    or late, extended, excused, passed, failed) in the column at `place`, in any if it is None.
    """

    name: str = ""
    state: str = ""
    place: int | None = None


def only(rows: Iterable[Row], wanted: Only) -> list[Row]:
    """The rows of the students who are wanted."""
    name = wanted.name.casefold()
    return [
        row
        for row in rows
        if name in row.student.name.casefold()
        and (not wanted.state or _is_in_state(row, wanted.state, wanted.place))
    ]


def in_order(rows: Iterable[Row], key: Key, descending: bool) -> list[Row]:
    """The rows by name, total, or what counts in the column at a place; equal ones by name.

    Who has nothing that counts comes last either way.
    """
    by_name = sorted(rows, key=lambda row: row.student.name.casefold())
    if key == "name":
        return by_name[::-1] if descending else by_name
    shares = {
        id(row): row.total if key == "total" else row.standings[key].counts for row in by_name
    }
    there = [row for row in by_name if shares[id(row)] is not None]
    there.sort(key=lambda row: shares[id(row)] or Fraction(0), reverse=descending)
    return there + [row for row in by_name if shares[id(row)] is None]


def _is_in_state(row: Row, state: str, place: int | None) -> bool:
    standings = row.standings if place is None else row.standings[place : place + 1]
    return any(_has_state(each, state) for each in standings)


def _has_state(each: Standing, state: str) -> bool:
    flags = {
        "late": each.is_late,
        "extended": each.is_extended,
        "excused": each.is_excused,
        "passed": each.has_passed is True,
        "failed": each.has_passed is False,
    }
    return flags.get(state, each.state == state)


def _row(
    columns: Sequence[Column],
    usual: Sequence[Terms],
    student: Student,
    records: Records,
    now: datetime,
) -> Row:
    granted = records.accommodations.get(student.enrolment_id, ())
    standings = tuple(
        standing(
            column.policy,
            _terms_of(column, granted) if granted else plain,
            records.works.get((column.assignment_id, student.account_id), ()),
            (column.assignment_id, student.enrolment_id) in records.excused,
            now,
        )
        for column, plain in zip(columns, usual, strict=True)
    )
    weights = [column.weight for column in columns]
    counting = zip(weights, (each.counts for each in standings), strict=True)
    return Row(student, standings, total(counting))


def _terms_of(column: Column, granted: Sequence[tuple[int | None, Accommodation]]) -> Terms:
    holding = [one for about, one in granted if about in {None, column.assignment_id}]
    return terms(column.window, column.policy, holding)


def _state(terms: Terms, begun: int, done: int, now: datetime) -> State:
    if begun > done:
        return State.IN_PROGRESS
    if done:
        return State.SUBMITTED
    return {
        Phase.NOT_YET: State.NOT_OPEN,
        Phase.OPEN: State.NOT_STARTED,
        Phase.CLOSED: State.MISSED,
    }[terms.phase(now)]


def _is_late(counting: Counting, terms: Terms, done: Sequence[Work]) -> bool:
    """Whether what counts was handed in late: with the mean if any was, else if the attempt was
    that counts, and of several equal best ones if all were."""
    late = [
        work.ended_at is not None and terms.is_late(work.ended_at)
        for work in _that_count(counting, done)
    ]
    return any(late) if counting is Counting.MEAN else bool(late) and all(late)


def _that_count(counting: Counting, done: Sequence[Work]) -> Sequence[Work]:
    scored = [work for work in done if work.share is not None]
    match counting:
        case Counting.FIRST:
            return scored[:1]
        case Counting.LAST:
            return scored[-1:]
        case Counting.MEAN:
            return scored
        case Counting.BEST:
            best = counted([w.share for w in scored if w.share is not None], Counting.BEST)
            return [work for work in scored if work.share == best]
