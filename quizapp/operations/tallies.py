"""Tallies kept beside the responses they count, and how to rebuild them."""

from collections.abc import Collection

from sqlalchemy import Connection, func, select, update
from sqlalchemy.orm import Session

from quizapp.db.models import Choice, Item, QuestionVersion, Response
from quizapp.db.transactions import writing


def recount(connection: Connection, version_ids: Collection[int]) -> None:
    """Set the tallies of these versions to what their responses say, within a transaction."""
    counted = (
        select(func.count(Response.item_id))
        .join(Item, Item.id == Response.item_id)
        .where(Item.version_id == QuestionVersion.id)
    )
    earned = (
        select(func.coalesce(func.sum(Response.credit), 0))
        .join(Item, Item.id == Response.item_id)
        .where(Item.version_id == QuestionVersion.id)
    )
    chosen = (
        select(func.count(Response.item_id))
        .join(Item, Item.id == Response.item_id)
        .where(
            Item.version_id == Choice.version_id,
            Response.chosen.contains(func.substr("abcdefghijkl", Choice.position + 1, 1)),
        )
    )
    connection.execute(
        update(QuestionVersion)
        .where(QuestionVersion.id.in_(version_ids))
        .values(
            responses=counted.correlate(QuestionVersion).scalar_subquery(),
            credit=earned.correlate(QuestionVersion).scalar_subquery(),
        )
    )
    connection.execute(
        update(Choice)
        .where(Choice.version_id.in_(version_ids))
        .values(chosen=chosen.correlate(Choice).scalar_subquery())
    )


def rebuild(session: Session) -> int:
    """Recount every version and return how many there are."""
    with writing(session) as connection:
        versions = connection.scalars(select(QuestionVersion.id)).all()
        recount(connection, versions)
    return len(versions)


def wrong_tallies(session: Session) -> list[int]:
    """The versions whose tallies differ from their responses; empty where all is well."""
    counted = (
        select(
            QuestionVersion.id,
            func.count(Response.item_id).label("responses"),
            func.coalesce(func.sum(Response.credit), 0).label("credit"),
        )
        .outerjoin(Item, Item.version_id == QuestionVersion.id)
        .outerjoin(Response, Response.item_id == Item.id)
        .group_by(QuestionVersion.id)
        .subquery()
    )
    return list(
        session.scalars(
            select(QuestionVersion.id)
            .join(counted, counted.c.id == QuestionVersion.id)
            .where(
                (QuestionVersion.responses != counted.c.responses)
                | (QuestionVersion.credit != counted.c.credit)
            )
            .order_by(QuestionVersion.id)
        )
    )
