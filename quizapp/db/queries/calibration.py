"""How sure a class was of its answers, and how right: sums by question, nobody's own answers."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from quizapp.db.models import (
    Assignment,
    Attempt,
    Deck,
    Enrolment,
    Item,
    Question,
    QuestionVersion,
    Regrade,
    Response,
)
from quizapp.db.queries.attempts import NOT_GRADED
from quizapp.db.queries.decks import is_practised
from quizapp.db.types import CREDIT_UNIT
from quizapp.domain.graded.scoring import CERTAINTY_MARKS


class Sure(NamedTuple):
    """Of one version of a question, the answers with one certainty: how many, how many with full
    credit, how many with none. Each student counts once a question."""

    question_id: int
    version_id: int
    certainty: int
    n: int
    right: int
    wrong: int


def sure_answers(session: Session, class_id: int) -> list[Sure]:
    """What the students of a class answered and how sure they were, by version and certainty.

    Their first answers with a certainty: in practice and review of the decks on offer, and in
    graded work of this class that was submitted. Where the question was regraded or left out
    there, what it earned is no sign of what they know.
    """
    first = _first_answers(class_id).subquery()
    rows = session.execute(
        select(
            first.c.question_id,
            first.c.version_id,
            first.c.certainty,
            func.count(),
            func.sum(case((first.c.credit == first.c.if_right, 1), else_=0)),
            func.sum(case((first.c.credit == first.c.if_wrong, 1), else_=0)),
        )
        .where(first.c.age == 1)
        .group_by(first.c.question_id, first.c.version_id, first.c.certainty)
        .order_by(first.c.question_id, first.c.version_id, first.c.certainty)
    )
    return [Sure(*row) for row in rows]


def versions_answered(class_id: int) -> Select[int]:
    """The versions that those answers are to, for a condition."""
    first = _first_answers(class_id).subquery()
    return select(first.c.version_id).where(first.c.age == 1)


def _first_answers(class_id: int) -> Select[Any, *tuple[Any, ...]]:
    """With what they would have earned if right and if wrong, and their age by student and
    question: 1 is the first."""
    age = func.row_number().over(
        partition_by=(Attempt.account_id, QuestionVersion.question_id),
        order_by=(Response.answered_at, Response.item_id),
    )
    return (
        select(
            QuestionVersion.question_id,
            Item.version_id,
            Response.certainty,
            type_coerce(Response.credit, Integer).label("credit"),
            _earned_if(CREDIT_UNIT, 0).label("if_right"),
            _earned_if(0, 1).label("if_wrong"),
            age.label("age"),
        )
        .select_from(Enrolment)
        .join(Attempt, Attempt.account_id == Enrolment.account_id)
        .join(Item, Item.attempt_id == Attempt.id)
        .join(Response, Response.item_id == Item.id)
        .join(QuestionVersion, QuestionVersion.id == Item.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .join(Deck, Deck.id == Question.deck_id)
        .outerjoin(Assignment, Assignment.id == Attempt.assignment_id)
        .where(
            Enrolment.class_id == class_id,
            Enrolment.removed_at.is_(None),
            Response.certainty.is_not(None),
            or_(and_(NOT_GRADED, is_practised(())), _is_settled_in(class_id)),
        )
    )


def _earned_if(practised: int, which: int) -> ColumnElement[int]:
    """What an answer earns, as it is kept: in practice this, in graded work, which asks for
    certainty only where it marks by it, by the level."""
    marks = {level: CREDIT_UNIT // 3 * thirds[which] for level, thirds in CERTAINTY_MARKS.items()}
    return case((NOT_GRADED, practised), else_=case(marks, value=Response.certainty))


def _is_settled_in(class_id: int) -> ColumnElement[bool]:
    regraded = select(Regrade.version_id).where(
        Regrade.assignment_id == Attempt.assignment_id,
        Regrade.version_id == Item.version_id,
        Regrade.undone_at.is_(None),
    )
    return and_(
        Assignment.class_id == class_id,
        Attempt.number.is_not(None),
        Attempt.ended_at.is_not(None),
        Item.worth > 0,
        ~regraded.exists(),
    )


class Placed(NamedTuple):
    """Where a question stands, and what it asks now."""

    slug: str
    stem: str
    deck: str
    deck_title: str


def questions_placed(session: Session, class_id: int) -> dict[int, Placed]:
    """The questions that the students of a class answered with a certainty, by id."""
    first = _first_answers(class_id).subquery()
    rows = session.execute(
        select(Question.id, Question.slug, QuestionVersion.stem, Deck.slug, Deck.title)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .join(Deck, Deck.id == Question.deck_id)
        .where(QuestionVersion.is_current, Question.id.in_(select(first.c.question_id)))
    )
    return {row[0]: Placed(*row[1:]) for row in rows}
