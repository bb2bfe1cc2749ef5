"""What learners take along to study without a network, and what they bring back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from quizapp.db.batches import batches
from quizapp.db.models import (
    Attempt,
    Deck,
    Item,
    Passage,
    Question,
    QuestionVersion,
    Source,
    VersionPassage,
)
from quizapp.db.queries.attempts import NOT_GRADED, from_letters
from quizapp.db.queries.decks import is_practised
from quizapp.db.queries.versions import CitedPassage


def decks_to_keep(session: Session) -> dict[int, str]:
    """The decks that may be kept in browsers, as slugs by id, those held back just now too."""
    rows = session.execute(
        select(Deck.id, Deck.slug).where(is_practised(()), Deck.is_offline).order_by(Deck.slug)
    )
    return {row[0]: row[1] for row in rows}


def versions_to_keep(session: Session, deck_id: int) -> dict[int, str]:
    """What a deck asks now, in the authors' order: the question's slug by version."""
    rows = session.execute(
        select(QuestionVersion.id, Question.slug)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(
            Question.deck_id == deck_id, Question.retired_at.is_(None), QuestionVersion.is_current
        )
        .order_by(Question.position, Question.id)
    )
    return {row[0]: row[1] for row in rows}


def passages_of_versions(
    session: Session, version_ids: Collection[int]
) -> dict[int, list[CitedPassage]]:
    """The passages of each version, in the source's order; none where missing."""
    rows = session.execute(
        select(VersionPassage.version_id, Passage.slug, Passage.heading, Passage.note, Source)
        .join(Passage, Passage.id == VersionPassage.passage_id)
        .join(Source, Source.id == Passage.source_id)
        .where(VersionPassage.version_id.in_(version_ids))
        .order_by(VersionPassage.version_id, Passage.position)
    )
    found: dict[int, list[CitedPassage]] = {}
    for version_id, slug, heading, note, source in rows:
        found.setdefault(version_id, []).append(CitedPassage(slug, heading, note, source))
    return found


def questions_of_decks(session: Session, deck_slugs: Collection[str]) -> dict[int, str]:
    """Every question of these decks, as "deck/question" by id."""
    rows = session.execute(
        select(Question.id, Deck.slug, Question.slug)
        .join(Deck, Deck.id == Question.deck_id)
        .where(Deck.slug.in_(deck_slugs))
    )
    return {row[0]: f"{row[1]}/{row[2]}" for row in rows}


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """Since when a version exists, and whose it is."""

    created_at: datetime
    deck_id: int
    deck: str


def known_versions(session: Session, version_ids: Collection[int]) -> dict[int, KnownVersion]:
    """Those of the versions that there are; a statement for each few hundred."""
    return {
        row[0]: KnownVersion(*row[1:])
        for some in batches(version_ids)
        for row in session.execute(
            select(QuestionVersion.id, QuestionVersion.created_at, Deck.id, Deck.title)
            .join(Question, Question.id == QuestionVersion.question_id)
            .join(Deck, Deck.id == Question.deck_id)
            .where(QuestionVersion.id.in_(some))
        )
    }


@dataclass(frozen=True, slots=True)
class BegunItem:
    """An item of an attempt: its version, and the order in which its choices were shown."""

    item_id: int
    version_id: int
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BegunAttempt:
    """An attempt that a browser began by itself, as far as it has arrived."""

    attempt_id: int
    marks: str
    items: list[BegunItem]


def begun_attempt(connection: Connection, account_id: int, start_key: str) -> BegunAttempt | None:
    """The attempt that was begun with this key, None where there is none.

    Its row is locked until the transaction ends. Where it is graded it shows no items.
    """
    row = connection.execute(
        select(Attempt.id, Attempt.marks, NOT_GRADED)
        .where(Attempt.account_id == account_id, Attempt.start_key == start_key)
        .with_for_update()
    ).one_or_none()
    if row is None:
        return None
    attempt_id, marks, is_open = row
    items = items_of_attempt(connection, attempt_id) if is_open else []
    return BegunAttempt(attempt_id, marks, items)


def items_of_attempt(connection: Connection, attempt_id: int) -> list[BegunItem]:
    """The items of an attempt in order."""
    rows = connection.execute(
        select(Item.id, Item.version_id, Item.choice_order)
        .where(Item.attempt_id == attempt_id)
        .order_by(Item.position)
    )
    return [BegunItem(row[0], row[1], from_letters(row[2])) for row in rows]
