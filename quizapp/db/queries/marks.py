"""What marks are made of: answers, rulings about their questions, and what people decided."""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, and_, func, select
from sqlalchemy.orm import Session

from quizapp.db.models import Attempt, Choice, Item, Override, Regrade, Response, SavedAnswer
from quizapp.db.queries.attempts import from_letters
from quizapp.domain.graded.policy import Policy
from quizapp.domain.graded.regrading import Given, Ruling, mark_of
from quizapp.domain.graded.scoring import Mark, Score


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

    def mark(self, policy: Policy) -> Mark:
        """The mark as it follows from all of this."""
        return mark_of(policy, self.given, self.ruling, self.keys, self.override)


_UNANSWERED = Given(chosen=None, certainty=None, tries=0, credit=Fraction(0))

REGRADE_IN_FORCE = and_(
    Regrade.assignment_id == Attempt.assignment_id,
    Regrade.version_id == Item.version_id,
    Regrade.undone_at.is_(None),
)
"""Which regrade holds for an item of an attempt."""

_KEYS_ASKED = (
    select(func.count())
    .where(Choice.version_id == Item.version_id, Choice.is_key)
    .correlate(Item)
    .scalar_subquery()
)

_ITEMS = (
    select(
        Item.attempt_id,
        Item.id,
        Item.version_id,
        Item.credit,
        Item.worth,
        _KEYS_ASKED.label("keys_asked"),
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
    .outerjoin(Regrade, REGRADE_IN_FORCE)
    .order_by(Item.attempt_id, Item.position)
)


def marked_items(bind: Session | Connection, attempt_ids: Collection[int]) -> list[MarkedItem]:
    """The items of these graded attempts, by attempt and position.

    A second statement where anything was tried more than once.
    """
    rows = bind.execute(_ITEMS.where(Item.attempt_id.in_(attempt_ids))).all()
    has_retries = any(row.tries and row.tries > 1 for row in rows)
    tries = _tries_checked(bind, attempt_ids) if has_retries else {}
    return [_marked_item(row, tries.get(row.id, ())) for row in rows]


def _tries_checked(
    bind: Session | Connection, attempt_ids: Collection[int]
) -> dict[int, tuple[frozenset[int], ...]]:
    """By item, what was chosen at each try that was judged."""
    rows = bind.execute(
        select(SavedAnswer.item_id, SavedAnswer.chosen)
        .where(
            SavedAnswer.attempt_id.in_(attempt_ids),
            SavedAnswer.key.startswith("check:"),
            SavedAnswer.outcome == "kept",
        )
        .order_by(SavedAnswer.item_id, SavedAnswer.key)  # which ends in the number of the try
    )
    return {
        item_id: tuple(frozenset(from_letters(row.chosen)) for row in checked)
        for item_id, checked in groupby(rows, key=lambda row: row.item_id)
    }


def _marked_item(row: Any, checked: tuple[frozenset[int], ...]) -> MarkedItem:
    return MarkedItem(
        attempt_id=row.attempt_id,
        item_id=row.id,
        version_id=row.version_id,
        given=_UNANSWERED if row.chosen is None else _given(row, checked),
        ruling=None if row.ruling is None else Ruling(row.ruling),
        keys=None if row.keys is None else frozenset(from_letters(row.keys)),
        override=row.decided,
        kept=None if row.credit is None else Mark(row.credit, row.worth),
    )


def _given(row: Any, checked: tuple[frozenset[int], ...]) -> Given:
    return Given(
        chosen=frozenset(from_letters(row.chosen)),
        certainty=row.certainty,
        tries=row.tries,
        credit=row.earned,
        earlier=checked[: row.tries - 1],
        is_multiple=row.keys_asked > 1,
    )


def scores_kept(
    bind: Session | Connection, attempt_ids: Collection[int]
) -> dict[int, tuple[int, str, Score | None]]:
    """Assignment, public id and score as it is kept of these graded attempts, by id; the score is
    None until an attempt is settled."""
    rows = bind.execute(
        select(
            Attempt.id, Attempt.assignment_id, Attempt.public_id, Attempt.credit, Attempt.worth
        ).where(Attempt.id.in_(attempt_ids), Attempt.assignment_id.is_not(None))
    )
    return {
        row.id: (
            row.assignment_id,
            row.public_id,
            None if row.worth is None else Score(row.credit, row.worth),
        )
        for row in rows
    }
