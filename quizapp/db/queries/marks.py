"""What marks are made of: answers, rulings about their questions, and what people decided."""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, and_, select
from sqlalchemy.orm import Session

from quizapp.db.models import Attempt, Item, Override, Regrade, Response
from quizapp.db.queries.attempts import from_letters
from quizapp.domain.graded.regrading import Given, Ruling
from quizapp.domain.graded.scoring import Mark


@dataclass(frozen=True, slots=True)
class MarkedItem:
    """One item of a graded attempt: what its mark follows from, and the mark as it is kept.

    `ruling` with its `keys` is the regrade in force. `kept` is None until the attempt is settled.
    """

    attempt_id: int
    item_id: int
    version_id: int
    given: Given
    ruling: Ruling | None
    keys: frozenset[int] | None
    override: Fraction | None
    kept: Mark | None


_UNANSWERED = Given(chosen=None, certainty=None, tries=0, credit=Fraction(0))

_ITEMS = (
    select(
        Item.attempt_id,
        Item.id,
        Item.version_id,
        Item.credit,
        Item.worth,
        Response.chosen,
        Response.certainty,
        Response.tries,
        Response.credit.label("earned"),
        Regrade.ruling,
        Regrade.keys,
        Override.credit.label("decided"),
    )
    .join(Attempt, Attempt.id == Item.attempt_id)
    .outerjoin(Response, Response.item_id == Item.id)
    .outerjoin(Override, Override.item_id == Item.id)
    .outerjoin(
        Regrade,
        and_(
            Regrade.assignment_id == Attempt.assignment_id,
            Regrade.version_id == Item.version_id,
            Regrade.undone_at.is_(None),
        ),
    )
    .order_by(Item.attempt_id, Item.position)
)


def marked_items(bind: Session | Connection, attempt_ids: Collection[int]) -> list[MarkedItem]:
    """The items of these graded attempts, by attempt and position."""
    rows = bind.execute(_ITEMS.where(Item.attempt_id.in_(attempt_ids)))
    return [_marked_item(row) for row in rows]


def _marked_item(row: Any) -> MarkedItem:
    return MarkedItem(
        attempt_id=row.attempt_id,
        item_id=row.id,
        version_id=row.version_id,
        given=_UNANSWERED
        if row.chosen is None
        else Given(frozenset(from_letters(row.chosen)), row.certainty, row.tries, row.earned),
        ruling=None if row.ruling is None else Ruling(row.ruling),
        keys=None if row.keys is None else frozenset(from_letters(row.keys)),
        override=row.decided,
        kept=None if row.credit is None else Mark(row.credit, row.worth),
    )
