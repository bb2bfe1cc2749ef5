"""Classes: who teaches them, who is in them, and what there is to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, Row, exists, false, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from quizapp.db.models import (
    Accommodation,
    Account,
    Assignment,
    Attempt,
    Class,
    ClassTeacher,
    Enrolment,
    Mode,
)
from quizapp.db.queries.accounts import Viewer
from quizapp.domain.graded.policy import Policy
from quizapp.domain.graded.timing import Accommodation as Granted
from quizapp.domain.graded.timing import Phase, Terms, Window, terms


def _teaches(viewer: Viewer) -> ColumnElement[bool]:
    """Whether a viewer sees a class as its teacher: an admin sees all; who may no longer teach
    at all, none."""
    if viewer.is_admin:
        return true()
    if not viewer.is_instructor:
        return false()
    return exists().where(
        ClassTeacher.class_id == Class.id, ClassTeacher.account_id == viewer.account_id
    )


def taught_class(session: Session, viewer: Viewer, public_id: str) -> Class | None:
    """The class, if the viewer teaches it or sees all."""
    return session.scalars(
        select(Class).where(Class.public_id == public_id, _teaches(viewer))
    ).one_or_none()


def taught_assignment(session: Session, viewer: Viewer, public_id: str) -> Assignment | None:
    """The assignment with its class, if the viewer teaches it or sees all."""
    return session.scalars(
        select(Assignment)
        .join(Assignment.school_class)
        .where(Assignment.public_id == public_id, _teaches(viewer))
        .options(contains_eager(Assignment.school_class))
    ).one_or_none()


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class as a list shows it; `students` counts who is in it now."""

    public_id: str
    name: str
    archived_at: datetime | None
    students: int
    teachers: int


def classes_taught(session: Session, viewer: Viewer) -> list[ClassLine]:
    """The classes that a viewer teaches (an admin: all), those in use first, newest first."""
    students = select(func.count()).where(
        Enrolment.class_id == Class.id, Enrolment.removed_at.is_(None)
    )
    teachers = select(func.count()).where(ClassTeacher.class_id == Class.id)
    rows = session.execute(
        select(
            Class.public_id,
            Class.name,
            Class.archived_at,
            students.scalar_subquery(),
            teachers.scalar_subquery(),
        )
        .where(_teaches(viewer))
        .order_by(Class.archived_at.is_not(None), Class.created_at.desc(), Class.id.desc())
    )
    return [ClassLine(*row) for row in rows]


def teachers_of(session: Session, class_id: int) -> list[Account]:
    """Who teaches a class, by name."""
    return list(
        session.scalars(
            select(Account)
            .join(ClassTeacher, ClassTeacher.account_id == Account.id)
            .where(ClassTeacher.class_id == class_id)
            .order_by(Account.name_key)
        )
    )


def student_count(session: Session, class_id: int) -> int:
    """How many are in a class now."""
    return (
        session.scalar(
            select(func.count()).where(
                Enrolment.class_id == class_id, Enrolment.removed_at.is_(None)
            )
        )
        or 0
    )


def class_with_code(session: Session, code: str) -> Class | None:
    """The class with this join code, archived or not."""
    return session.scalars(select(Class).where(Class.join_code == code)).one_or_none()


def enrolment_in(session: Session, class_id: int, account_id: int) -> Enrolment | None:
    """How an account is or was in a class."""
    return session.scalars(
        select(Enrolment).where(Enrolment.class_id == class_id, Enrolment.account_id == account_id)
    ).one_or_none()


def own_enrolment(session: Session, account_id: int, public_id: str) -> Enrolment | None:
    """An account's place in a class, with the class; None for who was removed."""
    return session.scalars(
        select(Enrolment)
        .join(Enrolment.school_class)
        .where(
            Class.public_id == public_id,
            Enrolment.account_id == account_id,
            Enrolment.removed_at.is_(None),
        )
        .options(contains_eager(Enrolment.school_class))
    ).one_or_none()


def own_assignment(
    session: Session, account_id: int, public_id: str
) -> tuple[Assignment, Enrolment] | None:
    """A published assignment with its class, and the account's place in that class."""
    row = session.execute(
        select(Assignment, Enrolment)
        .join(Assignment.school_class)
        .join(Enrolment, Enrolment.class_id == Class.id)
        .where(
            Assignment.public_id == public_id,
            Assignment.published_at.is_not(None),
            Assignment.archived_at.is_(None),
            Enrolment.account_id == account_id,
            Enrolment.removed_at.is_(None),
        )
        .options(contains_eager(Assignment.school_class))
    ).one_or_none()
    return (row[0], row[1]) if row else None


def class_of_put_away(session: Session, account_id: int, public_id: str) -> str | None:
    """The public id of the class of an assignment that was put away, for who is in that class."""
    return session.scalar(
        select(Class.public_id)
        .join(Assignment, Assignment.class_id == Class.id)
        .join(Enrolment, Enrolment.class_id == Class.id)
        .where(
            Assignment.public_id == public_id,
            Assignment.published_at.is_not(None),
            Assignment.archived_at.is_not(None),
            Enrolment.account_id == account_id,
            Enrolment.removed_at.is_(None),
        )
    )


def class_left(session: Session, account_id: int, public_id: str) -> Class | None:
    """The class that an account was removed from, by the public id of the class itself, of an
    assignment of it, or of the account's attempt at one; None where there is none."""
    given = exists().where(
        Assignment.class_id == Class.id,
        Assignment.public_id == public_id,
        Assignment.published_at.is_not(None),
    )
    begun = exists().where(
        Attempt.public_id == public_id,
        Attempt.account_id == account_id,
        Attempt.assignment_id == Assignment.id,
        Assignment.class_id == Class.id,
    )
    return session.scalars(
        select(Class)
        .join(Enrolment, Enrolment.class_id == Class.id)
        .where(
            Enrolment.account_id == account_id,
            Enrolment.removed_at.is_not(None),
            or_(Class.public_id == public_id, given, begun),
        )
    ).one_or_none()


def own_enrolments(session: Session, account_id: int) -> list[Enrolment]:
    """The classes that an account is in, those in use first, the newest first."""
    return list(
        session.scalars(
            select(Enrolment)
            .join(Enrolment.school_class)
            .where(Enrolment.account_id == account_id, Enrolment.removed_at.is_(None))
            .options(contains_eager(Enrolment.school_class))
            .order_by(Class.archived_at.is_not(None), Enrolment.joined_at.desc(), Enrolment.id)
        )
    )


@dataclass(frozen=True, slots=True)
class RosterLine:
    """Someone who is or was in a class. `account` is the name they sign in with, None for a
    guest; `active_at` is when they last began something."""

    enrolment_id: int
    name: str
    joined_at: datetime
    removed_at: datetime | None
    account: str | None
    role: str
    active_at: datetime | None


def roster(session: Session, class_id: int) -> list[RosterLine]:
    """Everybody who is or was in a class."""
    active = select(func.max(Attempt.started_at)).where(Attempt.account_id == Account.id)
    rows = session.execute(
        select(
            Enrolment.id,
            Enrolment.name,
            Enrolment.joined_at,
            Enrolment.removed_at,
            Account.name,
            Account.role,
            active.scalar_subquery(),
        )
        .join(Account, Account.id == Enrolment.account_id)
        .where(Enrolment.class_id == class_id)
        .order_by(func.lower(Enrolment.name), Enrolment.id)
    )
    return [RosterLine(*row) for row in rows]


def student_of(session: Session, class_id: int, enrolment_id: int) -> Enrolment | None:
    """The enrolment with its account, if it is in this class."""
    return session.scalars(
        select(Enrolment)
        .where(Enrolment.id == enrolment_id, Enrolment.class_id == class_id)
        .options(joinedload(Enrolment.account))
    ).one_or_none()


@dataclass(frozen=True, slots=True)
class Task:
    """An assignment as one student sees it in a list: what holds for them, and how far they are.

    `submitted` counts their attempts that have ended; `running` is the public id of one that has
    not. Of what is put away (`is_archived`), only that is left to do.
    """

    public_id: str
    title: str
    class_id: str
    class_name: str
    terms: Terms
    submitted: int
    running: str | None
    is_archived: bool

    def is_to_do(self, now: datetime) -> bool:
        """Whether it can be done now and was never handed in."""
        return bool(self.running) or (self.terms.phase(now) is Phase.OPEN and not self.submitted)


def tasks_of(session: Session, account_id: int, class_id: str | None = None) -> list[Task]:
    """The published assignments of the classes in use that an account is in, by when they are
    due, those without a date last; with `class_id` those of this class only, in use or not.
    What was put away is among them as long as the account has an attempt at it to finish.
    """
    mine = (
        (Attempt.assignment_id == Assignment.id)
        & (Attempt.account_id == account_id)
        & (Attempt.mode == Mode.GRADED)
    )
    is_running = exists().where(mine, Attempt.ended_at.is_(None))
    is_in_use = Class.archived_at.is_(None) | is_running
    rows = session.execute(
        select(
            Assignment,
            Accommodation,
            select(func.count()).where(mine, Attempt.ended_at.is_not(None)).scalar_subquery(),
            select(func.max(Attempt.public_id))
            .where(mine, Attempt.ended_at.is_(None))
            .scalar_subquery(),
        )
        .join(Assignment.school_class)
        .join(Enrolment, Enrolment.class_id == Class.id)
        .outerjoin(
            Accommodation,
            (Accommodation.enrolment_id == Enrolment.id)
            & (
                Accommodation.assignment_id.is_(None)
                | (Accommodation.assignment_id == Assignment.id)
            ),
        )
        .where(
            Enrolment.account_id == account_id,
            Enrolment.removed_at.is_(None),
            Assignment.published_at.is_not(None),
            Assignment.archived_at.is_(None) | is_running,
            is_in_use if class_id is None else Class.public_id == class_id,
        )
        .options(contains_eager(Assignment.school_class))
        .order_by(Assignment.due_at.is_(None), Assignment.due_at, Assignment.id)
    )
    return [_task(list(group)) for _, group in groupby(rows, key=lambda row: row[0].id)]


def _task(rows: Sequence[Row[Assignment, Accommodation, int, str]]) -> Task:
    """One assignment from its rows, of which there is one an accommodation."""
    assignment, _, submitted, running = rows[0]
    given = [row[1] for row in rows if row[1]]
    return Task(
        public_id=assignment.public_id,
        title=assignment.title,
        class_id=assignment.school_class.public_id,
        class_name=assignment.school_class.name,
        terms=_terms(assignment, given),
        submitted=submitted,
        running=running,
        is_archived=bool(assignment.archived_at or assignment.school_class.archived_at),
    )


def _terms(assignment: Assignment, given: Iterable[Accommodation]) -> Terms:
    window = Window(assignment.opens_at, assignment.due_at, assignment.closes_at)
    return terms(window, Policy.from_dict(assignment.policy), map(_granted, given))


def _granted(row: Accommodation) -> Granted:
    return Granted(
        time_percent=row.time_percent,
        is_untimed=row.is_untimed,
        extra_attempts=row.extra_attempts,
        due_at=row.due_at,
        closes_at=row.closes_at,
    )
