"""Decks that are kept out of practice while graded work draws from them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from quizapp.db import models
from quizapp.db.models import (
    Assignment,
    AssignmentDeck,
    Attempt,
    Class,
    Enrolment,
    Item,
    Mode,
    Question,
    QuestionVersion,
)
from quizapp.domain.graded.policy import Policy
from quizapp.domain.graded.timing import Accommodation, Window, closed_for_everyone_at


def decks_held_back(session: Session, now: datetime) -> dict[int, datetime | None]:
    """By deck id, when the graded work that keeps the deck back closes.

    None where it never closes, or has closed for all but some who were given more time: whose
    time that is, is nobody's business. One statement, two where such work has closed for most.
    """
    held: dict[int, datetime | None] = {}
    rows = session.execute(_holding(now)).all()
    doubtful = {row.id for row in rows if _may_be_over(row, now)}
    granted = _granted(session, {row.class_id for row in rows if row.id in doubtful})
    for row in rows:
        if row.id in doubtful and _is_over(row, granted, now):
            continue
        closes_at = row.closes_at if row.closes_at and row.closes_at > now else None
        known = held.setdefault(row.deck_id, closes_at)
        held[row.deck_id] = max(known, closes_at) if known and closes_at else None
    return held


def may_be_held(now: datetime) -> ColumnElement[bool]:
    """The condition that graded work may keep a deck back: where it is false of all decks that
    were read, there is no need to ask for more."""
    return models.Deck.id.in_(_holding(now).with_only_columns(AssignmentDeck.deck_id))


def items_held_back(session: Session, attempt_id: int, now: datetime) -> set[int]:
    """The ids of an attempt's items whose questions are of decks that are kept back."""
    held = decks_held_back(session, now)
    return (
        set(session.scalars(_items(held).where(Item.attempt_id == attempt_id))) if held else set()
    )


def own_items_held_back(session: Session, account_id: int, now: datetime) -> set[int]:
    """The same of all attempts of an account."""
    held = decks_held_back(session, now)
    own = select(Attempt.id).where(Attempt.account_id == account_id)
    return set(session.scalars(_items(held).where(Item.attempt_id.in_(own)))) if held else set()


def _items(deck_ids: Collection[int]) -> Select[int]:
    return (
        select(Item.id)
        .join(QuestionVersion, QuestionVersion.id == Item.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.deck_id.in_(deck_ids))
    )


_Grants = dict[tuple[int, int | None], list[Accommodation]]
"""Accommodations by class and assignment, None where they are for all work of the class."""


def _holding(now: datetime) -> Select[*tuple[Any, ...]]:
    """Work that has opened and keeps its decks back, as far as it may not be over."""
    is_running = (
        select(Attempt.id)
        .where(
            Attempt.assignment_id == Assignment.id,
            Attempt.mode == Mode.GRADED,
            Attempt.ended_at.is_(None),
            or_(Attempt.deadline.is_(None), Attempt.deadline > now),
        )
        .exists()
    )
    grants = models.Accommodation
    is_extended = (
        select(grants.id)
        .join(Enrolment, Enrolment.id == grants.enrolment_id)
        .where(
            Enrolment.class_id == Assignment.class_id,
            or_(grants.assignment_id.is_(None), grants.assignment_id == Assignment.id),
        )
        .exists()
    )
    return (
        select(
            AssignmentDeck.deck_id,
            Assignment.id,
            Assignment.class_id,
            Assignment.policy,
            Assignment.opens_at,
            Assignment.due_at,
            Assignment.closes_at,
            is_running.label("is_running"),
        )
        .join(Assignment, Assignment.id == AssignmentDeck.assignment_id)
        .join(Class, Class.id == Assignment.class_id)
        .where(
            Assignment.holds_back,
            Assignment.published_at <= now,
            # Who is in the middle of what is archived can finish it.
            or_(and_(Assignment.archived_at.is_(None), Class.archived_at.is_(None)), is_running),
            or_(Assignment.opens_at.is_(None), Assignment.opens_at <= now),
            or_(
                Assignment.closes_at.is_(None),
                Assignment.closes_at > now,
                is_running,
                is_extended,
            ),
        )
    )


def _granted(session: Session, class_ids: Collection[int]) -> _Grants:
    found: _Grants = defaultdict(list)
    if not class_ids:
        return found
    grants = models.Accommodation
    rows = session.execute(
        select(
            Enrolment.class_id,
            grants.assignment_id,
            grants.time_percent,
            grants.is_untimed,
            grants.extra_attempts,
            grants.due_at,
            grants.closes_at,
        )
        .join(Enrolment, Enrolment.id == grants.enrolment_id)
        .where(Enrolment.class_id.in_(class_ids), Enrolment.removed_at.is_(None))
    )
    for row in rows:
        found[row.class_id, row.assignment_id].append(Accommodation(*row[2:]))
    return found


def _may_be_over(row: Row[*tuple[Any, ...]], now: datetime) -> bool:
    """Whether the work has closed and what was granted must tell if that holds for everyone."""
    return row.closes_at is not None and row.closes_at <= now and not row.is_running


def _is_over(row: Row[*tuple[Any, ...]], granted: _Grants, now: datetime) -> bool:
    """Whether the last student's time is over, with all that was granted."""
    everyone: Sequence[Accommodation] = [
        *granted[row.class_id, None],
        *granted[row.class_id, row.id],
    ]
    window = Window(row.opens_at, row.due_at, row.closes_at)
    closes_at = closed_for_everyone_at(window, Policy.from_dict(row.policy), everyone)
    return closes_at is not None and closes_at <= now
