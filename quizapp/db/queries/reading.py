"""Which passages someone has read."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.db.models import Passage, PassageRead, Source


def passages_read(session: Session, account_id: int, source_id: int) -> set[int]:
    """The passages of a source that someone has read."""
    return set(
        session.scalars(
            select(PassageRead.passage_id)
            .join(Passage, Passage.id == PassageRead.passage_id)
            .where(PassageRead.account_id == account_id, Passage.source_id == source_id)
        )
    )


def read_by_source(session: Session, account_id: int) -> dict[int, tuple[int, int]]:
    """By source, how many of its passages someone has read, and how many there are."""
    rows = session.execute(
        select(Passage.source_id, func.count(PassageRead.passage_id), func.count())
        .outerjoin(
            PassageRead,
            (PassageRead.passage_id == Passage.id) & (PassageRead.account_id == account_id),
        )
        .where(Passage.retired_at.is_(None))
        .group_by(Passage.source_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


class Reading(NamedTuple):
    """That a passage was read; source and passage by their slugs."""

    source: str
    passage: str
    at: datetime


def readings_of(session: Session, account_id: int) -> list[Reading]:
    """Every passage that someone has read, in the order of the notes."""
    rows = session.execute(
        select(Source.slug, Passage.slug, PassageRead.read_at)
        .join(Passage, Passage.source_id == Source.id)
        .join(PassageRead, PassageRead.passage_id == Passage.id)
        .where(PassageRead.account_id == account_id)
        .order_by(Source.id, Passage.position)
    )
    return [Reading(*row) for row in rows]
