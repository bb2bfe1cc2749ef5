"""What a learner's progress and calibration are made of: answers, cards, passages.

Practice and review alone: what is graded never enters, whether its marks are out or not.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from math import comb
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from quizapp.db.models import (
    Attempt,
    Choice,
    Deck,
    Item,
    Passage,
    Question,
    QuestionVersion,
    Response,
    ReviewCard,
    Source,
    VersionPassage,
)
from quizapp.db.queries.attempts import NOT_GRADED
from quizapp.db.queries.decks import with_own_cards
from quizapp.db.types import CREDIT_UNIT
from quizapp.domain.certainty import CERTAIN
from quizapp.domain.studying.guessing import chance
from quizapp.domain.studying.scheduling import Card

IS_RIGHT = type_coerce(Response.credit, Integer) == CREDIT_UNIT
"""Full credit."""

IS_WRONG = type_coerce(Response.credit, Integer) == 0
"""No credit at all."""


class Answered(NamedTuple):
    """An answer of a learner; right means full credit, certainty is None where not said."""

    question_id: int
    version_id: int
    answered_at: datetime
    is_right: bool
    certainty: int | None


def answers_of(session: Session, account_id: int) -> list[Answered]:
    """Everything someone answered in practice and review, oldest first."""
    rows = session.execute(
        select(
            QuestionVersion.question_id,
            Item.version_id,
            Response.answered_at,
            IS_RIGHT,
            Response.certainty,
        )
        .select_from(Attempt)
        .join(Item, Item.attempt_id == Attempt.id)
        .join(Response, Response.item_id == Item.id)
        .join(QuestionVersion, QuestionVersion.id == Item.version_id)
        .where(Attempt.account_id == account_id, NOT_GRADED)
        .order_by(Response.answered_at, Response.item_id)
    )
    return [Answered(row[0], row[1], row[2], bool(row[3]), row[4]) for row in rows]


def luck_of_answered(session: Session, account_id: int) -> dict[int, Fraction]:
    """By version that someone answered with a certainty, the chance of a blind pick being right."""
    answered = (
        select(Item.version_id)
        .join(Attempt, Attempt.id == Item.attempt_id)
        .join(Response, Response.item_id == Item.id)
        .where(Attempt.account_id == account_id, NOT_GRADED, Response.certainty.is_not(None))
    )
    return luck_of(session, answered)


def luck_of(session: Session, versions: Select[int]) -> dict[int, Fraction]:
    """By version, the exact chance that a blind pick is right."""
    keys = func.sum(case((Choice.is_key, 1), else_=0))
    rows = session.execute(
        select(Choice.version_id, func.count(), keys)
        .where(Choice.version_id.in_(versions))
        .group_by(Choice.version_id)
    )
    return {row[0]: Fraction(1, comb(row[1], row[2])) for row in rows}


class Cited(NamedTuple):
    """A passage that a question is drawn from."""

    passage_id: int
    slug: str
    heading: str
    position: int
    source: str
    source_title: str


@dataclass(frozen=True, slots=True)
class Studied:
    """A question on offer and what a learner has of it; `luck` is the chance of a blind pick."""

    question_id: int
    deck: str
    deck_title: str
    luck: float
    card: Card | None
    is_suspended: bool
    buried_until: datetime | None
    passages: tuple[Cited, ...]


_CARD = (
    ReviewCard.stability,
    ReviewCard.difficulty,
    ReviewCard.due_at,
    ReviewCard.last_review_at,
    ReviewCard.reps,
    ReviewCard.lapses,
    ReviewCard.last_credit,
    ReviewCard.last_certainty,
)

_CHOICES = (
    select(func.count())
    .where(Choice.version_id == QuestionVersion.id)
    .correlate(QuestionVersion)
    .scalar_subquery()
)
_KEYS = (
    select(func.count())
    .where(Choice.version_id == QuestionVersion.id, Choice.is_key)
    .correlate(QuestionVersion)
    .scalar_subquery()
)


def questions_begun(session: Session, account_id: int) -> list[Studied]:
    """The questions to practise of the decks that someone has begun, and of those drawn from the
    same sources, in the authors' order. Decks that are kept back for a while are among them."""
    begun = (
        select(Question.deck_id)
        .join(ReviewCard, ReviewCard.question_id == Question.id)
        .where(ReviewCard.account_id == account_id)
    )
    of_source = select(Deck.source_id).where(Deck.id.in_(begun), Deck.source_id.is_not(None))
    return _studied(session, account_id, or_(Deck.id.in_(begun), Deck.source_id.in_(of_source)))


class InDeck(NamedTuple):
    """A question to practise of a deck, and what a learner has of it."""

    deck_id: int
    question_id: int
    luck: float
    card: Card | None


def questions_by_deck(session: Session, account_id: int) -> list[InDeck]:
    """The questions to practise of the decks that someone has begun."""
    begun = (
        select(Question.deck_id)
        .join(ReviewCard, ReviewCard.question_id == Question.id)
        .where(ReviewCard.account_id == account_id)
    )
    rows = session.execute(
        with_own_cards((Question.deck_id, Question.id, _CHOICES, _KEYS, *_CARD), account_id).where(
            Deck.id.in_(begun)
        )
    )
    return [
        InDeck(row[0], row[1], chance(row[2], row[3]), Card(*row[4:]) if row[4] else None)
        for row in rows
    ]


def questions_on_source(
    session: Session, account_id: int, source_id: int, held: Collection[int]
) -> list[Studied]:
    """The questions to practise now that are drawn from a source."""
    drawn = (
        select(VersionPassage.version_id)
        .join(Passage, Passage.id == VersionPassage.passage_id)
        .where(Passage.source_id == source_id)
    )
    return _studied(session, account_id, and_(QuestionVersion.id.in_(drawn), Deck.id.not_in(held)))


def _studied(session: Session, account_id: int, which: ColumnElement[bool]) -> list[Studied]:
    columns = (
        Question.id,
        Deck.slug,
        Deck.title,
        _CHOICES,
        _KEYS,
        *_CARD,
        ReviewCard.suspended_at,
        ReviewCard.buried_until,
        Passage.id,
        Passage.slug,
        Passage.heading,
        Passage.position,
        Source.slug,
        Source.title,
    )
    rows = session.execute(
        with_own_cards(columns, account_id)
        .outerjoin(VersionPassage, VersionPassage.version_id == QuestionVersion.id)
        .outerjoin(
            Passage, and_(Passage.id == VersionPassage.passage_id, Passage.retired_at.is_(None))
        )
        .outerjoin(Source, Source.id == Passage.source_id)
        .where(which)
        .order_by(
            Deck.position, Deck.id, Question.position, Question.id, Source.title, Passage.position
        )
    )
    return [_question(list(group)) for _, group in groupby(rows, key=lambda row: row[0])]


def _question(rows: list[Any]) -> Studied:
    question_id, deck, title, choices, keys, *rest = rows[0]
    card = Card(*rest[: len(_CARD)]) if rest[0] is not None else None
    suspended_at, buried_until = rest[len(_CARD) : len(_CARD) + 2]
    return Studied(
        question_id=question_id,
        deck=deck,
        deck_title=title,
        luck=chance(choices, keys),
        card=card,
        is_suspended=suspended_at is not None,
        buried_until=buried_until,
        passages=tuple(Cited(*row[-6:]) for row in rows if row[-6] is not None),
    )


class Mistaken(NamedTuple):
    """A question that was last answered wrongly and called certain."""

    version_id: int
    stem: str
    deck_title: str
    last_review: datetime


def confidently_wrong(session: Session, account_id: int, held: Collection[int]) -> list[Mistaken]:
    """The questions to practise now whose last answer was wrong though called certain, the
    newest first. Those a learner set aside are left out."""
    columns = (QuestionVersion.id, QuestionVersion.stem, Deck.title, ReviewCard.last_review_at)
    rows = session.execute(
        with_own_cards(columns, account_id, held)
        .where(
            ReviewCard.last_certainty == CERTAIN,
            type_coerce(ReviewCard.last_credit, Integer) == 0,
            ReviewCard.suspended_at.is_(None),
        )
        .order_by(ReviewCard.last_review_at.desc(), Question.id)
    )
    return [Mistaken(*row) for row in rows]
