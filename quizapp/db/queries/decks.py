"""What is there to answer and to read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, selectinload

from quizapp.db.models import (
    Deck,
    Passage,
    Question,
    QuestionVersion,
    ReviewCard,
    Source,
    VersionPassage,
)
from quizapp.db.queries.held import decks_held_back, may_be_held


def is_practised(held: Collection[int]) -> ColumnElement[bool]:
    """The condition under which a deck is offered for practice; `held` are the ids of those kept
    back just now."""
    return and_(Deck.retired_at.is_(None), Deck.is_for_practice, Deck.id.not_in(held))


def with_own_cards(
    columns: Sequence[Any], account_id: int, held: Collection[int] = ()
) -> Select[*tuple[Any, ...]]:
    """These columns of every question to practise, its deck and its live version, and of the
    account's card of it (null where there is none)."""
    return (
        select(*columns)
        .select_from(Question)
        .join(Deck, Deck.id == Question.deck_id)
        .join(
            QuestionVersion,
            and_(QuestionVersion.question_id == Question.id, QuestionVersion.is_current),
        )
        .outerjoin(
            ReviewCard,
            and_(ReviewCard.question_id == Question.id, ReviewCard.account_id == account_id),
        )
        .where(is_practised(held), Question.retired_at.is_(None))
    )


@dataclass(frozen=True, slots=True)
class DeckSummary:
    """A deck as a list shows it."""

    id: int
    slug: str
    title: str
    topic: str
    summary: str
    questions: int


def decks_on_offer(session: Session, now: datetime) -> list[DeckSummary]:
    """Every deck to practise, in the order the authors gave, with its number of questions."""
    rows = session.execute(
        select(
            Deck.id,
            Deck.slug,
            Deck.title,
            Deck.topic,
            Deck.summary,
            func.count(Question.id),
            may_be_held(now),
        )
        .join(Question, Question.deck_id == Deck.id)
        .where(is_practised(()), Question.retired_at.is_(None))
        .group_by(Deck.id)
        .order_by(Deck.position, Deck.title)
    ).all()
    held = decks_held_back(session, now) if any(row[-1] for row in rows) else {}
    return [DeckSummary(*row[:-1]) for row in rows if row[0] not in held]


def deck_on_offer(session: Session, slug: str) -> Deck | None:
    """The deck with its source, kept back just now or not; None where there is none, it is
    retired, or it is met in assignments only."""
    return session.scalars(
        select(Deck).where(Deck.slug == slug, is_practised(())).options(selectinload(Deck.source))
    ).one_or_none()


def sources_on_offer(session: Session) -> list[Source]:
    """Every source whose notes can be read."""
    return list(
        session.scalars(select(Source).where(Source.retired_at.is_(None)).order_by(Source.title))
    )


def sources_with_passages(session: Session) -> list[Source]:
    """Every source whose notes can be read, with its passages."""
    return list(
        session.scalars(
            select(Source)
            .where(Source.retired_at.is_(None))
            .options(selectinload(Source.passages))
            .order_by(Source.title)
        )
    )


def passage_on_offer(session: Session, source_slug: str, slug: str) -> Passage | None:
    """One passage of a source, None where there is none or it is retired."""
    return session.scalars(
        select(Passage)
        .join(Source)
        .where(
            Source.slug == source_slug,
            Passage.slug == slug,
            Source.retired_at.is_(None),
            Passage.retired_at.is_(None),
        )
    ).one_or_none()


def source_on_offer(session: Session, slug: str) -> Source | None:
    """The source with its passages, None where there is none or it is retired."""
    return session.scalars(
        select(Source)
        .where(Source.slug == slug, Source.retired_at.is_(None))
        .options(selectinload(Source.passages))
    ).one_or_none()


def current_version_ids(session: Session, deck_slugs: Collection[str], now: datetime) -> list[int]:
    """The versions to practise now in these decks, in the authors' order."""
    versions = _current_versions(decks_held_back(session, now))
    return list(session.scalars(versions.where(Deck.slug.in_(deck_slugs))))


def _current_versions(held: Collection[int]) -> Select[int]:
    return (
        select(QuestionVersion.id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .join(Deck, Deck.id == Question.deck_id)
        .where(is_practised(held), Question.retired_at.is_(None), QuestionVersion.is_current)
        .order_by(Deck.position, Deck.id, Question.position)
    )


def current_version_ids_on(session: Session, passage_id: int, now: datetime) -> list[int]:
    """The versions to practise now that are drawn from this passage, in the authors' order."""
    return list(
        session.scalars(
            _current_versions(decks_held_back(session, now))
            .join(VersionPassage, VersionPassage.version_id == QuestionVersion.id)
            .where(VersionPassage.passage_id == passage_id)
        )
    )
