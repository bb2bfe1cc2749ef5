"""Who may know the keys of graded work already when a student is given more of it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from quizapp.db.models import Assignment, Enrolment
from quizapp.db.queries.assignments import practised_decks, who_began
from quizapp.db.queries.sitting import (
    Work,
    accommodations_of,
    closed_for_everyone_at,
    work_of,
)
from quizapp.domain.graded.policy import Stage
from quizapp.domain.graded.showing import stage_of, tells_keys
from quizapp.domain.graded.timing import Accommodation, gives_more
from quizapp.extensions import db


@dataclass(frozen=True, slots=True)
class Exposure:
    """Who may have seen keys of an assignment: how many `others`, the student (`is_own`), and
    whoever practises, where its questions were given back to practice (`is_practised`)."""

    title: str
    others: int
    is_own: bool
    is_practised: bool


def exposures(
    works: Iterable[Assignment], student: Enrolment, granted: Accommodation, now: datetime
) -> list[Exposure]:
    """What is known already of the assignments in which a student could answer later or more
    often by what is to be granted."""
    seen = (assignment for assignment in works if assignment.published_at is not None)
    found = (_exposure(assignment, student, granted, now) for assignment in seen)
    return [each for each in found if each is not None]


def digest(student: Enrolment, told: list[Exposure]) -> str:
    """Stands for what was told about a student before something is granted all the same."""
    return hashlib.sha256(repr((student.id, told)).encode()).hexdigest()


def _exposure(
    assignment: Assignment, student: Enrolment, granted: Accommodation, now: datetime
) -> Exposure | None:
    work = work_of(db.session(), assignment.id)
    has = accommodations_of(db.session(), work, student.account_id)
    if not gives_more(work.terms(has), work.terms([*has, granted]), now):
        return None
    closed = closed_for_everyone_at(db.session(), work)
    known = _may_know(work, closed, now)
    is_over = stage_of(now, closed, now) is Stage.CLOSED
    told = Exposure(
        title=work.title,
        others=len(known - {student.account_id}),
        is_own=student.account_id in known,
        is_practised=is_over
        and assignment.holds_back
        and bool(practised_decks(db.session(), work.id)),
    )
    return told if known or told.is_practised else None


def _may_know(work: Work, closed: datetime | None, now: datetime) -> set[int]:
    """The accounts of students who were shown keys as far as they have got."""

    def are_shown(ended_at: datetime | None) -> bool:
        return tells_keys(work.policy, stage_of(ended_at, closed, now), is_held=work.is_held)

    began = who_began(db.session(), work.id)
    return {
        account
        for account, has_ended in began.items()
        if are_shown(None) or (has_ended and are_shown(now))
    }
