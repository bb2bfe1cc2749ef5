"""What students of a class have to show for their assignments."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from quizapp.db import models
from quizapp.db.models import (
    Account,
    Assignment,
    Attempt,
    Deck,
    Enrolment,
    Excusal,
    Item,
    Mode,
    Override,
    Question,
    QuestionVersion,
    Regrade,
    Response,
    SavedAnswer,
)
from quizapp.db.queries.marks import REGRADE_IN_FORCE
from quizapp.domain.gradebook import Column, Student, Work
from quizapp.domain.graded.policy import Policy
from quizapp.domain.graded.scoring import Score
from quizapp.domain.graded.timing import Accommodation, Window


def columns_of(session: Session, class_id: int) -> list[Column]:
    """The assignments that students of a class see, in the order in which they are due."""
    ends = func.coalesce(Assignment.due_at, Assignment.closes_at)
    assignments = session.scalars(
        select(Assignment)
        .where(
            Assignment.class_id == class_id,
            Assignment.published_at.is_not(None),
            Assignment.archived_at.is_(None),
        )
        .order_by(ends.is_(None), ends, Assignment.id)
    )
    return [column_of(assignment) for assignment in assignments]


def column_of(assignment: Assignment) -> Column:
    """An assignment as the gradebook takes it."""
    return Column(
        assignment_id=assignment.id,
        public_id=assignment.public_id,
        title=assignment.title,
        policy=Policy.from_dict(assignment.policy),
        window=Window(assignment.opens_at, assignment.due_at, assignment.closes_at),
        weight=assignment.weight,
    )


def students_of(session: Session, class_id: int) -> list[Student]:
    """Who is in a class, by name."""
    rows = session.execute(
        select(Enrolment.id, Enrolment.account_id, Enrolment.name)
        .where(Enrolment.class_id == class_id, Enrolment.removed_at.is_(None))
        .order_by(func.lower(Enrolment.name), Enrolment.id)
    )
    return [Student(*row) for row in rows]


def works_of(
    session: Session, assignment_ids: Collection[int]
) -> dict[tuple[int, int], list[Work]]:
    """The graded attempts at these assignments, by assignment and account, in order."""
    rows = session.execute(
        select(
            Attempt.assignment_id,
            Attempt.account_id,
            Attempt.number,
            Attempt.ended_at,
            Attempt.credit,
            Attempt.worth,
        )
        .where(Attempt.assignment_id.in_(assignment_ids), Attempt.mode == Mode.GRADED)
        .order_by(Attempt.number)
    )
    found: dict[tuple[int, int], list[Work]] = defaultdict(list)
    for assignment_id, account_id, number, ended_at, credit, worth in rows:
        share = None if worth is None or ended_at is None else Score(credit, worth).share
        found[assignment_id or 0, account_id].append(Work(number or 0, ended_at, share))
    return found


def accommodations_of(
    session: Session, class_id: int
) -> dict[int, list[tuple[int | None, Accommodation]]]:
    """What students of a class are granted, by enrolment: the assignment, or None for all."""
    granted = session.scalars(
        select(models.Accommodation)
        .join(Enrolment, Enrolment.id == models.Accommodation.enrolment_id)
        .where(Enrolment.class_id == class_id)
    )
    found: dict[int, list[tuple[int | None, Accommodation]]] = defaultdict(list)
    for one in granted:
        accommodation = Accommodation(
            time_percent=one.time_percent,
            is_untimed=one.is_untimed,
            extra_attempts=one.extra_attempts,
            due_at=one.due_at,
            closes_at=one.closes_at,
        )
        found[one.enrolment_id].append((one.assignment_id, accommodation))
    return found


def excused_of(session: Session, class_id: int) -> set[tuple[int, int]]:
    """Who is excused in a class: pairs of assignment and enrolment."""
    rows = session.execute(
        select(Excusal.assignment_id, Excusal.enrolment_id)
        .join(Enrolment, Enrolment.id == Excusal.enrolment_id)
        .where(Enrolment.class_id == class_id)
    )
    return {(assignment_id, enrolment_id) for assignment_id, enrolment_id in rows}


def excusal_of(
    session: Session, assignment_id: int, enrolment_id: int
) -> tuple[Excusal, str | None] | None:
    """Why a student is excused from an assignment, and by whom; None where they are not."""
    row = session.execute(
        select(Excusal, Account.name)
        .outerjoin(Account, Account.id == Excusal.decided_by)
        .where(Excusal.assignment_id == assignment_id, Excusal.enrolment_id == enrolment_id)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def attempt_at_work(session: Session, public_id: str) -> Attempt | None:
    """The graded or preview attempt with its assignment, whoever teaches that."""
    return session.scalars(
        select(Attempt)
        .join(Attempt.assignment)
        .where(Attempt.public_id == public_id)
        .options(joinedload(Attempt.assignment))
    ).one_or_none()


@dataclass(frozen=True, slots=True)
class GivenItem:
    """An item of an attempt with its answer and all that was decided about its mark."""

    item: Item
    response: Response | None
    override: Override | None
    decided_by: str | None
    regrade: Regrade | None
    deck: str
    slug: str


def given_items(session: Session, attempt_id: int) -> list[GivenItem]:
    """The items of a graded attempt, in the order in which they were asked."""
    rows = session.execute(
        select(Item, Response, Override, Account.name, Regrade, Deck.slug, Question.slug)
        .join(Attempt, Attempt.id == Item.attempt_id)
        .join(QuestionVersion, QuestionVersion.id == Item.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .join(Deck, Deck.id == Question.deck_id)
        .outerjoin(Response, Response.item_id == Item.id)
        .outerjoin(Override, Override.item_id == Item.id)
        .outerjoin(Account, Account.id == Override.decided_by)
        .outerjoin(Regrade, REGRADE_IN_FORCE)
        .where(Item.attempt_id == attempt_id)
        .order_by(Item.position)
    )
    return [GivenItem(*row) for row in rows]


def saved_answers(session: Session, attempt_id: int) -> Sequence[tuple[SavedAnswer, int]]:
    """Every answer that was sent in an attempt, as it came in, with its item's position."""
    rows = session.execute(
        select(SavedAnswer, Item.position)
        .join(Item, Item.id == SavedAnswer.item_id)
        .where(SavedAnswer.attempt_id == attempt_id)
        .order_by(SavedAnswer.received_at, SavedAnswer.made_at)
    )
    return [(saved, position) for saved, position in rows]


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """One item of a submitted attempt for an export."""

    name: str | None
    number: int | None
    submitted_at: datetime
    position: int
    deck: str
    slug: str
    version_id: int
    item: Item
    response: Response | None
    override: Override | None


def response_rows(session: Session, assignment_id: int) -> list[ResponseRow]:
    """Every item of the submitted graded attempts at an assignment, by student and attempt."""
    place: Any = aliased(Enrolment)
    rows = session.execute(
        select(
            place.name,
            Attempt.number,
            Attempt.ended_at,
            Item.position,
            Deck.slug,
            Question.slug,
            Item.version_id,
            Item,
            Response,
            Override,
        )
        .select_from(Attempt)
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .outerjoin(
            place,
            and_(place.class_id == Assignment.class_id, place.account_id == Attempt.account_id),
        )
        .join(Item, Item.attempt_id == Attempt.id)
        .join(QuestionVersion, QuestionVersion.id == Item.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .join(Deck, Deck.id == Question.deck_id)
        .outerjoin(Response, Response.item_id == Item.id)
        .outerjoin(Override, Override.item_id == Item.id)
        .where(
            Attempt.assignment_id == assignment_id,
            Attempt.mode == Mode.GRADED,
            Attempt.ended_at.is_not(None),
        )
        .order_by(func.lower(place.name), Attempt.account_id, Attempt.number, Item.position)
    )
    return [ResponseRow(*row) for row in rows]
