"""Graded work as those who teach see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnExpressionArgument, case, func, or_, select
from sqlalchemy.orm import Session

from quizapp.db.models import (
    Accommodation,
    Account,
    Assignment,
    AssignmentDeck,
    Attempt,
    AuditEvent,
    Class,
    ClassTeacher,
    Deck,
    Enrolment,
    Mode,
    Origin,
    Question,
    QuestionFile,
    QuestionVersion,
    Role,
)
from quizapp.domain.graded.pools import Offer

SUBJECT = "assignment"
"""What events about assignments are filed under."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that an assignment may draw, with what a form says of it and its deck."""

    offer: Offer
    stem: str
    deck_id: int
    deck_title: str
    is_for_practice: bool


def candidates(
    session: Session, account_id: int, assignment_id: int | None = None
) -> list[Candidate]:
    """Every question that an instructor may put into graded work, in the authors' order.

    Those are the questions of the folder, of their own uploads and of shared ones, and those of
    decks that the assignment, if one is given, draws from already; an admin has all.
    """
    own_already = select(AssignmentDeck.deck_id).where(
        AssignmentDeck.assignment_id == assignment_id
    )
    is_admin = select(Account.id).where(Account.id == account_id, Account.role == Role.ADMIN)
    rows = session.execute(
        select(
            QuestionVersion.id,
            Question.id,
            Deck.slug,
            Deck.topic,
            Question.slug,
            QuestionVersion.level,
            QuestionVersion.stem,
            Deck.id,
            Deck.title,
            Deck.is_for_practice,
        )
        .join(Question, Question.id == QuestionVersion.question_id)
        .join(Deck, Deck.id == Question.deck_id)
        .join(QuestionFile, QuestionFile.id == Deck.file_id)
        .where(
            *_on_offer(),
            or_(
                QuestionFile.origin == Origin.FOLDER,
                QuestionFile.owner_id == account_id,
                QuestionFile.is_shared,
                Deck.id.in_(own_already),
                is_admin.exists(),
            ),
        )
        .order_by(Deck.position, Deck.title, Deck.id, Question.position)
    )
    return [Candidate(Offer(*row[:6]), *row[6:]) for row in rows]


def _on_offer() -> tuple[ColumnExpressionArgument[bool], ...]:
    return (
        Deck.retired_at.is_(None),
        Question.retired_at.is_(None),
        QuestionVersion.is_current,
    )


def practised_decks(session: Session, assignment_id: int) -> list[str]:
    """Titles of the decks of an assignment that everyone may practise."""
    return list(
        session.scalars(
            select(Deck.title)
            .join(AssignmentDeck, AssignmentDeck.deck_id == Deck.id)
            .where(
                AssignmentDeck.assignment_id == assignment_id,
                Deck.is_for_practice,
                Deck.retired_at.is_(None),
            )
            .order_by(Deck.position, Deck.title)
        )
    )


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """An assignment as a list shows it, with how many of the enrolled students have not started,
    are at it, or have submitted."""

    public_id: str
    title: str
    weight: int
    opens_at: datetime | None
    due_at: datetime | None
    closes_at: datetime | None
    published_at: datetime | None
    archived_at: datetime | None
    students: int
    begun: int
    in_progress: int

    @property
    def not_started(self) -> int:
        return self.students - self.begun

    @property
    def submitted(self) -> int:
        """How many have submitted and are not at a further attempt."""
        return self.begun - self.in_progress


def assignment_lines(
    session: Session, class_id: int, assignment_id: int | None = None
) -> list[AssignmentLine]:
    """The assignments of a class, or one of them: those in use first, then by due date."""
    students = (
        select(func.count())
        .select_from(Enrolment)
        .where(Enrolment.class_id == class_id, Enrolment.removed_at.is_(None))
        .scalar_subquery()
    )
    takers = (
        select(
            Attempt.assignment_id,
            func.max(case((Attempt.ended_at.is_(None), 1), else_=0)).label("is_at_it"),
        )
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .join(
            Enrolment,
            (Enrolment.account_id == Attempt.account_id)
            & (Enrolment.class_id == Assignment.class_id),
        )
        .where(
            Assignment.class_id == class_id,
            Attempt.mode == Mode.GRADED,
            Enrolment.removed_at.is_(None),
        )
        .group_by(Attempt.assignment_id, Attempt.account_id)
        .subquery()
    )
    statement = (
        select(
            Assignment.public_id,
            Assignment.title,
            Assignment.weight,
            Assignment.opens_at,
            Assignment.due_at,
            Assignment.closes_at,
            Assignment.published_at,
            Assignment.archived_at,
            students,
            func.count(takers.c.is_at_it),
            func.coalesce(func.sum(takers.c.is_at_it), 0),
        )
        .outerjoin(takers, takers.c.assignment_id == Assignment.id)
        .where(Assignment.class_id == class_id)
        .group_by(Assignment.id)
        .order_by(
            Assignment.archived_at.is_not(None),
            func.coalesce(Assignment.due_at, Assignment.closes_at).is_(None),
            func.coalesce(Assignment.due_at, Assignment.closes_at),
            Assignment.id,
        )
    )
    if assignment_id is not None:
        statement = statement.where(Assignment.id == assignment_id)
    return [AssignmentLine(*row) for row in session.execute(statement)]


def has_begun(session: Session, assignment_id: int) -> bool:
    """Whether any student has begun the assignment."""
    return (
        session.scalar(
            select(Attempt.id)
            .where(Attempt.assignment_id == assignment_id, Attempt.mode == Mode.GRADED)
            .limit(1)
        )
        is not None
    )


def who_began(session: Session, assignment_id: int) -> dict[int, bool]:
    """By account, the students who have begun an assignment, and whether they have handed in
    an attempt at it."""
    rows = session.execute(
        select(
            Attempt.account_id,
            func.max(case((Attempt.ended_at.is_not(None), 1), else_=0)),
        )
        .where(Attempt.assignment_id == assignment_id, Attempt.mode == Mode.GRADED)
        .group_by(Attempt.account_id)
    )
    return {account: bool(has_ended) for account, has_ended in rows}


def assignments_in_use(session: Session, class_id: int) -> Sequence[Assignment]:
    """The assignments of a class that are not archived, drafts too, oldest first."""
    return session.scalars(
        select(Assignment)
        .where(Assignment.class_id == class_id, Assignment.archived_at.is_(None))
        .order_by(Assignment.id)
    ).all()


def assignment_of_class(session: Session, class_id: int, public_id: str) -> Assignment | None:
    """The assignment of that class, None where it has none such."""
    return session.scalars(
        select(Assignment).where(Assignment.class_id == class_id, Assignment.public_id == public_id)
    ).one_or_none()


@dataclass(frozen=True, slots=True)
class Granted:
    """An accommodation with the student's name and, where it is for one assignment, that one."""

    accommodation: Accommodation
    student: str
    assignment: Assignment | None


def granted_in(session: Session, class_id: int, assignment_id: int | None = None) -> list[Granted]:
    """What students of a class are granted, by name; with an assignment, only what applies to
    it. Students who were removed are left out."""
    statement = (
        select(Accommodation, Enrolment.name, Assignment)
        .join(Enrolment, Enrolment.id == Accommodation.enrolment_id)
        .outerjoin(Assignment, Assignment.id == Accommodation.assignment_id)
        .where(Enrolment.class_id == class_id, Enrolment.removed_at.is_(None))
        .order_by(Enrolment.name, Enrolment.id, Accommodation.assignment_id.is_not(None))
        .order_by(Accommodation.assignment_id)
    )
    if assignment_id is not None:
        statement = statement.where(
            or_(
                Accommodation.assignment_id.is_(None),
                Accommodation.assignment_id == assignment_id,
            )
        )
    return [Granted(*row) for row in session.execute(statement)]


def granted_with_id(session: Session, class_id: int, accommodation_id: int) -> Granted | None:
    """One accommodation of a class, None where it has none such."""
    row = session.execute(
        select(Accommodation, Enrolment.name, Assignment)
        .join(Enrolment, Enrolment.id == Accommodation.enrolment_id)
        .outerjoin(Assignment, Assignment.id == Accommodation.assignment_id)
        .where(Enrolment.class_id == class_id, Accommodation.id == accommodation_id)
    ).one_or_none()
    return Granted(*row) if row else None


def granted_to(
    session: Session, enrolment_id: int, assignment_id: int | None
) -> Accommodation | None:
    """What a student is granted for one assignment, or for all of the class."""
    return session.scalars(
        select(Accommodation).where(
            Accommodation.enrolment_id == enrolment_id,
            Accommodation.assignment_id == assignment_id
            if assignment_id is not None
            else Accommodation.assignment_id.is_(None),
        )
    ).one_or_none()


def students_granted(session: Session, class_id: int) -> set[int]:
    """Enrolment ids of those in a class who are granted anything."""
    return set(
        session.scalars(
            select(Accommodation.enrolment_id)
            .join(Enrolment, Enrolment.id == Accommodation.enrolment_id)
            .where(Enrolment.class_id == class_id)
        )
    )


def students_in(session: Session, class_id: int) -> Sequence[Enrolment]:
    """Who is in a class, by name."""
    return session.scalars(
        select(Enrolment)
        .where(Enrolment.class_id == class_id, Enrolment.removed_at.is_(None))
        .order_by(Enrolment.name, Enrolment.id)
    ).all()


def classes_to_copy_to(session: Session, account_id: int, class_id: int) -> Sequence[Class]:
    """This class and the others that the account teaches, none of them archived."""
    taught = select(ClassTeacher.class_id).where(ClassTeacher.account_id == account_id)
    return session.scalars(
        select(Class)
        .where(
            or_(Class.id.in_(taught), Class.id == class_id),
            Class.archived_at.is_(None),
        )
        .order_by(Class.id != class_id, Class.name)
    ).all()


def deeds_about(session: Session, assignment_id: int) -> Sequence[AuditEvent]:
    """What was done to an assignment, newest first."""
    return session.scalars(
        select(AuditEvent)
        .where(AuditEvent.subject == SUBJECT, AuditEvent.subject_id == assignment_id)
        .order_by(AuditEvent.id.desc())
    ).all()
