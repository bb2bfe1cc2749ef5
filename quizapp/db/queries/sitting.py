"""Graded work as it is taken: its rules, someone's terms, their attempts and items."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from quizapp.db import models
from quizapp.db.models import (
    Account,
    Assignment,
    AssignmentDeck,
    Attempt,
    Choice,
    Class,
    ClassTeacher,
    Deck,
    Enrolment,
    Item,
    Mode,
    Question,
    QuestionVersion,
    Regrade,
    Response,
    Role,
)
from quizapp.db.queries.attempts import from_letters
from quizapp.domain.graded import timing
from quizapp.domain.graded.policy import Policy
from quizapp.domain.graded.pools import Offer, Pool
from quizapp.domain.graded.regrading import Ruling
from quizapp.domain.graded.timing import Accommodation, Terms, Window


@dataclass(frozen=True, slots=True)
class Work:
    """An assignment with its rules as values of the domain.

    `is_offered`: published, and neither it nor its class is archived. `is_held`: its marks wait
    for their release.
    """

    id: int
    class_id: int
    title: str
    policy: Policy
    pools: tuple[Pool, ...]
    window: Window
    is_offered: bool
    is_held: bool

    def terms(self, accommodations: Collection[Accommodation]) -> Terms:
        """What holds for a student with these accommodations."""
        return timing.terms(self.window, self.policy, accommodations)


def work_of(bind: Session | Connection, assignment_id: int) -> Work:
    """The assignment's rules as they are now."""
    row = bind.execute(
        select(
            Assignment.class_id,
            Assignment.title,
            Assignment.policy,
            Assignment.pools,
            Assignment.opens_at,
            Assignment.due_at,
            Assignment.closes_at,
            Assignment.published_at,
            Assignment.archived_at,
            Assignment.holds_marks,
            Assignment.released_at,
            Class.archived_at.label("class_archived_at"),
        )
        .join(Class, Class.id == Assignment.class_id)
        .where(Assignment.id == assignment_id)
    ).one()
    return Work(
        id=assignment_id,
        class_id=row.class_id,
        title=row.title,
        policy=Policy.from_dict(row.policy),
        pools=tuple(Pool.from_dict(pool) for pool in row.pools),
        window=Window(row.opens_at, row.due_at, row.closes_at),
        is_offered=bool(row.published_at) and not (row.archived_at or row.class_archived_at),
        is_held=row.holds_marks and row.released_at is None,
    )


def _granted_for(work: Work) -> Select[*tuple[Any, ...]]:
    """What is granted for a work, here and for the whole class, after whose it is."""
    granted = models.Accommodation
    return (
        select(
            Enrolment.account_id,
            granted.time_percent,
            granted.is_untimed,
            granted.extra_attempts,
            granted.due_at,
            granted.closes_at,
        )
        .join(Enrolment, Enrolment.id == granted.enrolment_id)
        .where(
            Enrolment.class_id == work.class_id,
            or_(granted.assignment_id.is_(None), granted.assignment_id == work.id),
        )
        .order_by(Enrolment.account_id, granted.id)
    )


def accommodations_of(
    bind: Session | Connection, work: Work, account_id: int
) -> list[Accommodation]:
    """What one student is granted for this work, here and for the whole class."""
    return accommodations_by_account(bind, work, account_id).get(account_id, [])


def accommodations_by_account(
    bind: Session | Connection, work: Work, account_id: int | None = None
) -> dict[int, list[Accommodation]]:
    """What the students of the class are granted for this work (one of them, if named)."""
    statement = _granted_for(work)
    if account_id is not None:
        statement = statement.where(Enrolment.account_id == account_id)
    rows = bind.execute(statement).all()
    return {
        account: [Accommodation(*row[1:]) for row in granted]
        for account, granted in groupby(rows, key=lambda row: row[0])
    }


def closed_for_everyone_at(session: Session, work: Work) -> datetime | None:
    """When nobody can answer any more, None where that is not yet known.

    What was granted to those who were removed plays no part. An attempt that runs on, by an
    extension that was taken back since, holds it up too.
    """
    rows = session.execute(_granted_for(work).where(Enrolment.removed_at.is_(None)))
    granted = [Accommodation(*row[1:]) for row in rows]
    closes_at = timing.closed_for_everyone_at(work.window, work.policy, granted)
    if closes_at is None:
        return None
    last, endless = session.execute(
        select(
            func.max(Attempt.deadline), func.sum(case((Attempt.deadline.is_(None), 1), else_=0))
        ).where(
            Attempt.assignment_id == work.id,
            Attempt.mode == Mode.GRADED,
            Attempt.ended_at.is_(None),
        )
    ).one()
    return None if endless else max(closes_at, last or closes_at)


def offers(session: Session, assignment_id: int) -> list[Offer]:
    """The questions that an assignment can draw from now, in the authors' order."""
    rows = session.execute(
        select(
            QuestionVersion.id,
            Question.id,
            Deck.slug,
            Deck.topic,
            Question.slug,
            QuestionVersion.level,
        )
        .join(Question, Question.id == QuestionVersion.question_id)
        .join(Deck, Deck.id == Question.deck_id)
        .join(AssignmentDeck, AssignmentDeck.deck_id == Deck.id)
        .where(
            AssignmentDeck.assignment_id == assignment_id,
            Deck.retired_at.is_(None),
            Question.retired_at.is_(None),
            QuestionVersion.is_current,
        )
        .order_by(Deck.position, Deck.id, Question.position)
    )
    return [Offer(*row) for row in rows]


def graded_attempts(session: Session, assignment_id: int, account_id: int) -> list[Attempt]:
    """Someone's attempts at an assignment that count, in order."""
    return list(
        session.scalars(
            select(Attempt)
            .where(
                Attempt.assignment_id == assignment_id,
                Attempt.account_id == account_id,
                Attempt.mode == Mode.GRADED,
            )
            .order_by(Attempt.number)
        )
    )


def graded_work_of(session: Session, account_id: int) -> list[tuple[Attempt, str, bool]]:
    """All attempts of an account that count, oldest first, each with the name of its class and
    whether the account is still in it."""
    rows = session.execute(
        select(Attempt, Class.name, and_(Enrolment.id.is_not(None), Enrolment.removed_at.is_(None)))
        .join(Attempt.assignment)
        .join(Assignment.school_class)
        .outerjoin(
            Enrolment,
            and_(Enrolment.class_id == Class.id, Enrolment.account_id == Attempt.account_id),
        )
        .where(Attempt.account_id == account_id, Attempt.mode == Mode.GRADED)
        .order_by(Attempt.started_at, Attempt.id)
    )
    return [(attempt, name, bool(is_in)) for attempt, name, is_in in rows]


def graded_attempt_of(session: Session, account_id: int, public_id: str) -> Attempt | None:
    """The graded attempt with its assignment and class, if it is this account's and the account
    is still in the class; or a preview of this account's, if it still teaches the class.
    """
    is_in_class = exists().where(
        Enrolment.class_id == Assignment.class_id,
        Enrolment.account_id == account_id,
        Enrolment.removed_at.is_(None),
    )
    return session.scalars(
        select(Attempt)
        .join(Attempt.assignment)
        .join(Assignment.school_class)
        .where(
            Attempt.public_id == public_id,
            Attempt.account_id == account_id,
            Attempt.assignment_id.is_not(None),
            or_(and_(Attempt.mode == Mode.PREVIEW, _teaches(account_id)), is_in_class),
        )
        .options(contains_eager(Attempt.assignment).contains_eager(Assignment.school_class))
    ).one_or_none()


def _teaches(account_id: int) -> ColumnElement[bool]:
    """Whether an account teaches the class of the assignment, as an admin does with all."""
    has_class = exists().where(
        ClassTeacher.class_id == Assignment.class_id, ClassTeacher.account_id == account_id
    )
    return exists().where(
        Account.id == account_id,
        or_(Account.role == Role.ADMIN, and_(Account.role == Role.INSTRUCTOR, has_class)),
    )


def overdue_attempts(
    session: Session, now: datetime, assignment_id: int | None = None
) -> list[int]:
    """Attempts (at one assignment, if named) that nobody ended although their time is over."""
    statement = select(Attempt.id).where(Attempt.ended_at.is_(None), Attempt.deadline <= now)
    if assignment_id is not None:
        statement = statement.where(Attempt.assignment_id == assignment_id)
    return list(session.scalars(statement.order_by(Attempt.id)))


def running_attempts(session: Session, assignment_id: int) -> int:
    """How many graded attempts at an assignment nobody has ended, also of students who were
    removed."""
    return session.execute(
        select(func.count()).where(
            Attempt.assignment_id == assignment_id,
            Attempt.mode == Mode.GRADED,
            Attempt.ended_at.is_(None),
        )
    ).scalar_one()


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to an item of a graded attempt, as it stands.

    `credit` is what it earned when it was given, `tries` its number among the item's tries.
    """

    chosen: frozenset[int]
    certainty: int | None
    credit: Fraction
    tries: int
    answered_at: datetime
    elapsed_ms: int | None


@dataclass(frozen=True, slots=True)
class ExamItem:
    """An item of a graded attempt: which question, in which order, and its answer if any.

    `credit` out of `worth` is what it counts, None until the attempt is settled.
    """

    item_id: int
    position: int
    version_id: int
    order: tuple[int, ...]
    credit: Fraction | None
    worth: int
    answer: Answered | None


def exam_items(bind: Session | Connection, attempt_id: int) -> list[ExamItem]:
    """The items of an attempt in order."""
    rows = bind.execute(
        select(
            Item.id,
            Item.position,
            Item.version_id,
            Item.choice_order,
            Item.credit,
            Item.worth,
            Response.chosen,
            Response.certainty,
            Response.credit.label("earned"),
            Response.tries,
            Response.answered_at,
            Response.elapsed_ms,
        )
        .outerjoin(Response, Response.item_id == Item.id)
        .where(Item.attempt_id == attempt_id)
        .order_by(Item.position)
    )
    return [_exam_item(row) for row in rows]


def _exam_item(row: Any) -> ExamItem:
    answer = None
    if row.chosen is not None:
        answer = Answered(
            frozenset(from_letters(row.chosen)),
            row.certainty,
            row.earned,
            row.tries,
            row.answered_at,
            row.elapsed_ms,
        )
    order = from_letters(row.choice_order)
    return ExamItem(row.id, row.position, row.version_id, order, row.credit, row.worth, answer)


def keys_of_versions(
    connection: Connection, version_ids: Collection[int]
) -> dict[int, frozenset[int]]:
    """The keys of each version, as positions of its choices."""
    rows = connection.execute(
        select(Choice.version_id, Choice.position)
        .where(Choice.version_id.in_(version_ids), Choice.is_key)
        .order_by(Choice.version_id)
    )
    return {
        version: frozenset(position for _, position in keys)
        for version, keys in groupby(rows, key=lambda row: row[0])
    }


def keys_regraded(session: Session, assignment_id: int) -> dict[int, frozenset[int]]:
    """By version, the keys that hold in an assignment since its answers were graded anew."""
    rows = session.execute(
        select(Regrade.version_id, Regrade.keys).where(
            Regrade.assignment_id == assignment_id,
            Regrade.ruling == Ruling.REGRADE,
            Regrade.undone_at.is_(None),
        )
    )
    return {version: frozenset(from_letters(keys or "")) for version, keys in rows}
