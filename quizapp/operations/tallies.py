"""Tallies kept beside the responses they count, and how to rebuild them.

They count practice and review; what is graded is counted apart.
"""

from collections.abc import Collection

from sqlalchemy import Connection, func, select, update
from sqlalchemy.orm import Session

from quizapp.db.models import Attempt, Choice, Item, QuestionVersion, Response
from quizapp.db.transactions import writing

_ANSWERS = (
    select(Response)
    .join(Item, Item.id == Response.item_id)
    .join(Attempt, Attempt.id == Item.attempt_id)
    .where(Attempt.assignment_id.is_(None))
)
_OF_VERSION = _ANSWERS.where(Item.version_id == QuestionVersion.id).correlate(QuestionVersion)
_RESPONSES = _OF_VERSION.with_only_columns(func.count(Response.item_id)).scalar_subquery()
_CREDIT = _OF_VERSION.with_only_columns(
    func.coalesce(func.sum(Response.credit), 0)
).scalar_subquery()
_CHOSEN = (
    _ANSWERS.where(
        Item.version_id == Choice.version_id,
        Response.chosen.contains(func.substr("abcdefghijkl", Choice.position + 1, 1)),
    )
    .correlate(Choice)
    .with_only_columns(func.count(Response.item_id))
    .scalar_subquery()
)


def recount(connection: Connection, version_ids: Collection[int]) -> None:
    """Set the tallies of these versions to what their responses say, within a transaction."""
    # An answer under way holds its version's row and is counted by nobody else: wait for it.
    connection.execute(
        select(QuestionVersion.id)
        .where(QuestionVersion.id.in_(version_ids))
        .order_by(QuestionVersion.id)
        .with_for_update(key_share=True)  # others may point to it meanwhile
    )
    connection.execute(
        update(QuestionVersion)
        .where(QuestionVersion.id.in_(version_ids))
        .values(responses=_RESPONSES, credit=_CREDIT)
    )
    connection.execute(
        update(Choice).where(Choice.version_id.in_(version_ids)).values(chosen=_CHOSEN)
    )


def rebuild(session: Session) -> int:
    """Recount every version and return how many there are."""
    with writing(session) as connection:
        versions = connection.scalars(select(QuestionVersion.id)).all()
        recount(connection, versions)
    return len(versions)


def wrong_tallies(session: Session) -> list[int]:
    """The versions whose tallies differ from their responses; empty where all is well."""
    miscounted = select(QuestionVersion.id).where(
        (QuestionVersion.responses != _RESPONSES) | (QuestionVersion.credit != _CREDIT)
    )
    choices_miscounted = select(Choice.version_id).where(Choice.chosen != _CHOSEN)
    return sorted(session.scalars(miscounted.union(choices_miscounted)))
