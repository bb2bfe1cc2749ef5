"""What there is to practise beside a whole deck."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import and_, case, select
from sqlalchemy.orm import Session

from quizapp.db.models import (
    Attempt,
    Deck,
    Passage,
    Question,
    QuestionVersion,
    ReviewCard,
    Source,
    VersionPassage,
)
from quizapp.db.queries.decks import with_own_cards
from quizapp.db.queries.versions import CitedPassage


class Candidate(NamedTuple):
    """A question to practise now: its live version, what it is about, and the credit of the
    learner's last answer, None where there is none."""

    question_id: int
    version_id: int
    topic: str
    last_credit: Fraction | None


def candidates(session: Session, account_id: int, held: Collection[int]) -> list[Candidate]:
    """Every question to practise now, in the authors' order, but for those that someone has
    suspended."""
    columns = (
        Question.id,
        QuestionVersion.id,
        case((Deck.topic != "", Deck.topic), else_=Deck.title),
        ReviewCard.last_credit,
    )
    rows = session.execute(
        with_own_cards(columns, account_id, held)
        .where(ReviewCard.suspended_at.is_(None))
        .order_by(Deck.position, Deck.id, Question.position, Question.id)
    )
    return [Candidate(*row) for row in rows]


def sprint_began_at(session: Session, attempt_id: int) -> datetime:
    """When an attempt was begun."""
    return session.execute(select(Attempt.started_at).where(Attempt.id == attempt_id)).scalar_one()


def live_versions(session: Session, deck_id: int) -> dict[str, int]:
    """By slug, the live versions of a deck's questions, in the author's order."""
    rows = session.execute(
        select(Question.slug, QuestionVersion.id)
        .join(
            QuestionVersion,
            and_(QuestionVersion.question_id == Question.id, QuestionVersion.is_current),
        )
        .where(Question.deck_id == deck_id, Question.retired_at.is_(None))
        .order_by(Question.position, Question.id)
    )
    return {row[0]: row[1] for row in rows}


def passages_by_version(
    session: Session, version_ids: Collection[int]
) -> dict[int, list[CitedPassage]]:
    """The passages of each version, in the source's order; none where missing."""
    rows = session.execute(
        select(VersionPassage.version_id, Passage.slug, Passage.heading, Passage.note, Source)
        .join(Passage, Passage.id == VersionPassage.passage_id)
        .join(Source, Source.id == Passage.source_id)
        .where(VersionPassage.version_id.in_(version_ids))
        .order_by(Passage.position)
    )
    found: dict[int, list[CitedPassage]] = defaultdict(list)
    for version_id, slug, heading, note, source in rows:
        found[version_id].append(CitedPassage(slug, heading, note, source))
    return found
