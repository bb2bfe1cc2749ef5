"""What a check of the whole database reads: rows as they are, and rows that contradict others."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import Any

from sqlalchemy import Row, and_, func, or_, select, text
from sqlalchemy.orm import Session

from quizapp.db.models import (
    Accommodation,
    Assignment,
    Attempt,
    AuditEvent,
    Choice,
    Deck,
    Enrolment,
    FileState,
    FileVersion,
    Item,
    Mode,
    Override,
    Question,
    QuestionFile,
    QuestionVersion,
    Regrade,
    Response,
    SavedAnswer,
)

_ROWS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class KeptItem:
    """An item with its answer as they are kept; `chosen` is None where there is no answer."""

    position: int
    version_id: int
    choice_order: str
    chosen: str | None
    certainty: int | None
    tries: int
    earned: Fraction


@dataclass(frozen=True, slots=True)
class KeptAttempt:
    """An attempt as it is kept, with its items in order."""

    attempt_id: int
    public_id: str
    mode: str
    assignment_id: int | None
    size: int
    marks: str
    answered: int
    credit: Fraction
    items: tuple[KeptItem, ...]


def kept_attempts(
    session: Session, attempt_ids: Collection[int] | None = None
) -> Iterator[KeptAttempt]:
    """The attempts (all, if none are given), by id."""
    statement = (
        select(
            Attempt.id,
            Attempt.public_id,
            Attempt.mode,
            Attempt.assignment_id,
            Attempt.size,
            Attempt.marks,
            Attempt.answered,
            Attempt.credit,
            Item.position,
            Item.version_id,
            Item.choice_order,
            Response.chosen,
            Response.certainty,
            Response.tries,
            Response.credit.label("earned"),
        )
        .outerjoin(Item, Item.attempt_id == Attempt.id)
        .outerjoin(Response, Response.item_id == Item.id)
        .order_by(Attempt.id, Item.position)
        .execution_options(yield_per=_ROWS_AT_ONCE)
    )
    if attempt_ids is not None:
        statement = statement.where(Attempt.id.in_(attempt_ids))
    for _, group in groupby(session.execute(statement), key=lambda row: row.id):
        parts = list(group)
        yield KeptAttempt(
            *parts[0][:8], items=tuple(_kept(row) for row in parts if row.position is not None)
        )


def _kept(row: Row[*tuple[Any, ...]]) -> KeptItem:
    return KeptItem(
        position=row.position,
        version_id=row.version_id,
        choice_order=row.choice_order,
        chosen=row.chosen,
        certainty=row.certainty,
        tries=row.tries or 0,
        earned=row.earned or Fraction(0),
    )


@dataclass(frozen=True, slots=True)
class Shape:
    """How many choices a version has, and the positions of its keys."""

    choices: int
    keys: frozenset[int]


def shapes(session: Session) -> dict[int, Shape]:
    """The shape of every version."""
    rows = session.execute(
        select(Choice.version_id, Choice.position, Choice.is_key).order_by(Choice.version_id)
    )
    return {
        version_id: Shape(len(parts), frozenset(row.position for row in parts if row.is_key))
        for version_id, group in groupby(rows, key=lambda row: row.version_id)
        if (parts := list(group))
    }


def assignment_settings(session: Session) -> list[Row[int, str, dict[str, Any], list[Any]]]:
    """Id, title, policy and pools of every assignment, as they are kept."""
    statement = select(Assignment.id, Assignment.title, Assignment.policy, Assignment.pools)
    return list(session.execute(statement.order_by(Assignment.id)).all())


def submitted_attempts(session: Session) -> list[int]:
    """The graded and preview attempts that were handed in."""
    return list(
        session.scalars(
            select(Attempt.id)
            .where(Attempt.assignment_id.is_not(None), Attempt.ended_at.is_not(None))
            .order_by(Attempt.id)
        )
    )


def questions_without_one_version(session: Session) -> list[Row[str, str, int]]:
    """Deck and slug of the questions on offer that do not have exactly one current version."""
    number = func.count(QuestionVersion.id)
    return list(
        session.execute(
            select(Deck.slug, Question.slug, number)
            .join(Deck, Deck.id == Question.deck_id)
            .outerjoin(
                QuestionVersion,
                and_(QuestionVersion.question_id == Question.id, QuestionVersion.is_current),
            )
            .where(Question.retired_at.is_(None), Deck.retired_at.is_(None))
            .group_by(Deck.slug, Question.slug)
            .having(number != 1)
            .order_by(Deck.slug, Question.slug)
        ).all()
    )


def kept_files(session: Session) -> Iterator[Row[str, int, bytes, str]]:
    """Name, number, content and digest of every version of every file."""
    yield from session.execute(
        select(QuestionFile.name, FileVersion.number, FileVersion.content, FileVersion.digest)
        .join(FileVersion, FileVersion.file_id == QuestionFile.id)
        .order_by(QuestionFile.name, FileVersion.number)
        .execution_options(yield_per=100)
    )


def files_unlike_their_version(session: Session) -> list[str]:
    """Names of live files that are not what the newest version kept of them says."""
    newest = (
        select(func.max(FileVersion.number))
        .where(FileVersion.file_id == QuestionFile.id)
        .correlate(QuestionFile)
        .scalar_subquery()
    )
    return list(
        session.scalars(
            select(QuestionFile.name)
            .join(
                FileVersion,
                and_(FileVersion.file_id == QuestionFile.id, FileVersion.number == newest),
            )
            .where(QuestionFile.state == FileState.LIVE, QuestionFile.digest != FileVersion.digest)
            .order_by(QuestionFile.name)
        )
    )


def attempts_out_of_time(session: Session) -> list[Row[str, datetime | None, datetime | None]]:
    """Attempts that ended after their deadline or before they began."""
    return list(
        session.execute(
            select(Attempt.public_id, Attempt.ended_at, Attempt.deadline)
            .where(or_(Attempt.ended_at > Attempt.deadline, Attempt.ended_at < Attempt.started_at))
            .order_by(Attempt.id)
        ).all()
    )


def attempts_left_open(session: Session, since: datetime) -> list[Row[str, datetime | None]]:
    """Attempts that nobody ended although their deadline was before `since`."""
    return list(
        session.execute(
            select(Attempt.public_id, Attempt.deadline)
            .where(Attempt.ended_at.is_(None), Attempt.deadline < since)
            .order_by(Attempt.id)
        ).all()
    )


def attempt_numbers(session: Session) -> dict[tuple[int, int], list[int]]:
    """By assignment and account, the numbers of the graded attempts, lowest first."""
    rows = session.execute(
        select(Attempt.assignment_id, Attempt.account_id, Attempt.number)
        .where(Attempt.mode == Mode.GRADED)
        .order_by(Attempt.assignment_id, Attempt.account_id, Attempt.number)
    )
    by_student = groupby(rows, key=lambda row: (row.assignment_id, row.account_id))
    return {key: [row.number for row in group] for key, group in by_student}


def enrolment_ids(session: Session) -> dict[tuple[int, int], int]:
    """By class and account, the place in the class."""
    rows = session.execute(select(Enrolment.class_id, Enrolment.account_id, Enrolment.id))
    return {(row.class_id, row.account_id): row.id for row in rows}


def classes_of_assignments(session: Session) -> dict[int, int]:
    """By assignment, its class."""
    rows = session.execute(select(Assignment.id, Assignment.class_id))
    return {row.id: row.class_id for row in rows}


def extra_attempts_noted(session: Session) -> dict[tuple[int, int | None], int]:
    """By enrolment and assignment (None: all), the most extra attempts that were ever granted,
    as far as deeds tell."""
    rows = session.execute(select(AuditEvent.subject, AuditEvent.subject_id, AuditEvent.details))
    most: dict[tuple[int, int | None], int] = {}
    for subject, subject_id, details in rows:
        if extra := details.get("extra_attempts", 0):
            is_for_one = subject == "assignment"
            key = (details["enrolment"], subject_id) if is_for_one else (subject_id, None)
            most[key] = max(most.get(key, 0), extra)
    return most


def answers_kept_too_late(session: Session) -> list[Row[str, int]]:
    """Attempts with saved answers that were kept although the time was over, and how many."""
    return list(
        session.execute(
            select(Attempt.public_id, func.count())
            .join(SavedAnswer, SavedAnswer.attempt_id == Attempt.id)
            .where(
                SavedAnswer.outcome == "kept",
                or_(
                    SavedAnswer.received_at >= Attempt.deadline,
                    SavedAnswer.received_at > Attempt.ended_at,
                ),
            )
            .group_by(Attempt.id, Attempt.public_id)
            .order_by(Attempt.id)
        ).all()
    )


def attempts_without_enrolment(session: Session) -> list[Row[str, str]]:
    """Graded attempts by accounts that were never in the class, with the assignment's title."""
    return list(
        session.execute(
            select(Attempt.public_id, Assignment.title)
            .join(Assignment, Assignment.id == Attempt.assignment_id)
            .outerjoin(
                Enrolment,
                and_(
                    Enrolment.class_id == Assignment.class_id,
                    Enrolment.account_id == Attempt.account_id,
                ),
            )
            .where(Attempt.mode == Mode.GRADED, Enrolment.id.is_(None))
            .order_by(Attempt.id)
        ).all()
    )


def regrades_kept(session: Session) -> list[Row[int, str, int, str | None]]:
    """Id, title of the assignment, version and keys of the regrades in force that have keys."""
    return list(
        session.execute(
            select(Regrade.id, Assignment.title, Regrade.version_id, Regrade.keys)
            .join(Assignment, Assignment.id == Regrade.assignment_id)
            .where(Regrade.undone_at.is_(None), Regrade.keys.is_not(None))
            .order_by(Regrade.id)
        ).all()
    )


def overrides_kept(session: Session) -> list[Row[str, int, int | None, Fraction]]:
    """Attempt, position, assignment and credit of every override."""
    return list(
        session.execute(
            select(Attempt.public_id, Item.position, Attempt.assignment_id, Override.credit)
            .join(Item, Item.id == Override.item_id)
            .join(Attempt, Attempt.id == Item.attempt_id)
            .order_by(Attempt.id, Item.position)
        ).all()
    )


def accommodations_kept(session: Session) -> list[Row[Accommodation, str, int, int]]:
    """Every accommodation with the student's name, their class, and that of its assignment."""
    return list(
        session.execute(
            select(Accommodation, Enrolment.name, Enrolment.class_id, Assignment.class_id)
            .join(Enrolment, Enrolment.id == Accommodation.enrolment_id)
            .outerjoin(Assignment, Assignment.id == Accommodation.assignment_id)
            .order_by(Accommodation.id)
        ).all()
    )


def orphans(session: Session) -> list[tuple[str, str]]:
    """Table and parent table of rows that point to nothing. Only SQLite can come to have such:
    PostgreSQL never lets go of a foreign key."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    return [(row[0], row[2]) for row in session.execute(text("PRAGMA foreign_key_check"))]
