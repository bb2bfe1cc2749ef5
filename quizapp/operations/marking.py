"""Marks of graded attempts: what each item and each attempt earned, and what teachers decide."""

from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Integer,
    Row,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from quizapp.db.batches import batches
from quizapp.db.models import Account, Assignment, Attempt, Enrolment, Excusal, Item, Override
from quizapp.db.queries.marks import MarkedItem, marked_items
from quizapp.db.transactions import writing
from quizapp.db.types import Credit
from quizapp.domain.gradebook import credit_range
from quizapp.domain.graded.policy import Policy
from quizapp.domain.graded.scoring import Mark, Score
from quizapp.operations.audit import Deed, record
from quizapp.operations.statistics import recounting


class NotSubmitted(Exception):
    """The attempt is still open, or was deleted meanwhile: there are no marks to decide about."""


class OutOfRange(ValueError):
    """No answer can earn this much, or so little."""


def override_mark(
    session: Session, actor_id: int, item_id: int, credit: Fraction, comment: str, now: datetime
) -> None:
    """Decide what an item of a submitted attempt earns, whatever was answered; the same decision
    again changes nothing.

    Raises NotSubmitted, and OutOfRange where the assignment's policy knows no such mark.
    """
    with writing(session) as connection:
        subject = _item_held(connection, item_id)
        lowest, highest = credit_range(Policy.from_dict(subject.policy))
        if not lowest <= credit <= highest:
            raise OutOfRange(f"between {lowest} and {highest}")
        if (subject.credit, subject.comment) == (credit, comment):
            return
        values = {"credit": credit, "comment": comment, "decided_by": actor_id, "decided_at": now}
        connection.execute(delete(Override).where(Override.item_id == item_id))
        connection.execute(insert(Override).values(item_id=item_id, **values))
        settle(connection, [subject.attempt_id])
        details = {"credit": str(credit), "comment": comment}
        record(connection, actor_id, _about_mark("changed", subject, item_id, details), now)


def take_back_override(session: Session, actor_id: int, item_id: int, now: datetime) -> None:
    """Let an item earn again what its answer does; nothing where nobody decided otherwise.

    Raises NotSubmitted.
    """
    with writing(session) as connection:
        subject = _item_held(connection, item_id)
        if subject.credit is None:
            return
        connection.execute(delete(Override).where(Override.item_id == item_id))
        settle(connection, [subject.attempt_id])
        details = {"credit": str(subject.credit), "comment": subject.comment}
        record(connection, actor_id, _about_mark("restored", subject, item_id, details), now)


def excuse(
    session: Session,
    actor_id: int,
    assignment_id: int,
    enrolment_id: int,
    reason: str,
    now: datetime,
) -> None:
    """Excuse a student from an assignment; who is excused already gets the new reason."""
    with writing(session) as connection:
        deed = _about_student(connection, "excused", assignment_id, enrolment_id, reason)
        deleted = connection.execute(
            _excusal(assignment_id, enrolment_id).returning(Excusal.comment)
        ).scalar_one_or_none()
        connection.execute(
            insert(Excusal).values(
                assignment_id=assignment_id,
                enrolment_id=enrolment_id,
                comment=reason,
                decided_by=actor_id,
                decided_at=now,
            )
        )
        if deleted != reason:
            record(connection, actor_id, deed, now)


def take_back_excusal(
    session: Session, actor_id: int, assignment_id: int, enrolment_id: int, now: datetime
) -> None:
    """Let an assignment count for a student again; nothing where they were not excused."""
    with writing(session) as connection:
        deed = _about_student(connection, "no longer excused", assignment_id, enrolment_id, "")
        if connection.execute(_excusal(assignment_id, enrolment_id)).rowcount:
            record(connection, actor_id, deed, now)


def release_marks(session: Session, actor_id: int, assignment_id: int, now: datetime) -> None:
    """Let students see the marks that an assignment held back; releasing again changes nothing."""
    _set_release(session, actor_id, assignment_id, now, "released", now)


def withhold_marks(session: Session, actor_id: int, assignment_id: int, now: datetime) -> None:
    """Hide marks again that were released."""
    _set_release(session, actor_id, assignment_id, None, "withheld", now)


def _set_release(
    session: Session,
    actor_id: int,
    assignment_id: int,
    released_at: datetime | None,
    verb: str,
    now: datetime,
) -> None:
    is_news = (
        Assignment.released_at.is_(None) if released_at else Assignment.released_at.is_not(None)
    )
    with writing(session) as connection:
        row = connection.execute(
            update(Assignment)
            .where(Assignment.id == assignment_id, is_news)
            .values(released_at=released_at)
            .returning(Assignment.title, Assignment.class_id)
        ).one_or_none()
        if row is not None:
            deed = Deed(verb, "marks", assignment_id, row.title, row.class_id)
            record(connection, actor_id, deed, now)


def _item_held(connection: Connection, item_id: int) -> Row[*tuple[Any, ...]]:
    """An item of a submitted attempt, which is locked, with what was decided about it so far."""
    attempt_id = connection.scalar(select(Item.attempt_id).where(Item.id == item_id)) or 0
    _policies(connection, [attempt_id])
    if not _submitted(connection, [attempt_id]):
        raise NotSubmitted
    return connection.execute(
        select(
            Item.attempt_id,
            Item.position,
            Attempt.account_id,
            Assignment.class_id,
            Assignment.title,
            Assignment.policy,
            Enrolment.name,
            Override.credit,
            Override.comment,
        )
        .join(Attempt, Attempt.id == Item.attempt_id)
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .outerjoin(
            Enrolment,
            (Enrolment.class_id == Assignment.class_id)
            & (Enrolment.account_id == Attempt.account_id),
        )
        .outerjoin(Override, Override.item_id == Item.id)
        .where(Item.id == item_id)
    ).one()


def _about_mark(verb: str, subject: Any, item_id: int, details: dict[str, Any]) -> Deed:
    label = f"{subject.name or 'someone'}, question {subject.position} of {subject.title}"
    return Deed(verb, "mark", item_id, label, subject.class_id, details)


def _about_student(
    connection: Connection, verb: str, assignment_id: int, enrolment_id: int, reason: str
) -> Deed:
    row = connection.execute(
        select(Enrolment.name, Assignment.title, Assignment.class_id)
        .where(
            Assignment.id == assignment_id,
            Enrolment.id == enrolment_id,
            Enrolment.class_id == Assignment.class_id,
        )
        .with_for_update(of=Enrolment)  # one at a time decides about a student
    ).one()
    details = {"assignment": row.title, "reason": reason} if reason else {"assignment": row.title}
    return Deed(verb, "student", enrolment_id, row.name, row.class_id, details)


def _excusal(assignment_id: int, enrolment_id: int) -> Any:
    return delete(Excusal).where(
        Excusal.assignment_id == assignment_id, Excusal.enrolment_id == enrolment_id
    )


def hold_rules(connection: Connection, attempt_ids: Collection[int]) -> None:
    """Let nobody regrade or edit the assignments of these attempts, or delete the accounts, until
    the transaction ends.

    Before any attempt is held: whoever holds several takes the account first and the assignment
    next, lest two wait for each other for ever. PostgreSQL looks at the account again where an
    attempt is changed for the second time.
    """
    for batch in batches(attempt_ids):
        whose = select(Attempt.account_id).where(Attempt.id.in_(batch))
        accounts = select(Account.id).where(Account.id.in_(whose)).order_by(Account.id)
        connection.execute(accounts.with_for_update(read=True, key_share=True))
    for batch in batches(attempt_ids):
        _policies(connection, batch)


def settle(connection: Connection, attempt_ids: Collection[int]) -> None:
    """Set the marks of these submitted graded or preview attempts to what follows from their
    answers, the regrades in force and the overrides.

    Within a transaction; settling again changes nothing. Attempts that are still open are passed
    over.
    """
    with settling(connection, attempt_ids):
        pass


@contextmanager
def settling(connection: Connection, attempt_ids: Collection[int]) -> Generator[None]:
    """Settle attempts after what is done within: a change of what their marks follow from.

    They are held before, so that the tallies lose what they were and get what they come to be.
    """
    held = [_Held.of(connection, batch) for batch in batches(attempt_ids)]
    with recounting(connection, [attempt_id for some in held for attempt_id in some.attempts]):
        yield
        for some in held:
            _settle(connection, some)


@dataclass(frozen=True, slots=True)
class _Held:
    """Submitted attempts whose rows are locked, with the policies of their assignments."""

    policies: dict[int, Policy]
    attempts: "dict[int, _Submitted]"

    @classmethod
    def of(cls, connection: Connection, attempt_ids: Sequence[int]) -> "_Held":
        policies = _policies(connection, attempt_ids)
        return cls(policies, _submitted(connection, attempt_ids))

    def policy_of(self, attempt_id: int) -> Policy:
        return self.policies[self.attempts[attempt_id].assignment_id]


def _settle(connection: Connection, held: _Held) -> None:
    verdicts = [
        _Verdict(held.attempts[attempt_id], held.policy_of(attempt_id), tuple(items))
        for attempt_id, items in groupby(
            marked_items(connection, held.attempts.keys()), key=lambda item: item.attempt_id
        )
    ]
    changed = [verdict for verdict in verdicts if verdict.is_news]
    _write(connection, changed)


@dataclass(frozen=True, slots=True)
class _Submitted:
    """A submitted attempt with its score as it is kept, None before it was first settled."""

    attempt_id: int
    assignment_id: int
    kept: Score | None


@dataclass(frozen=True, slots=True)
class _Verdict:
    """An attempt's items and what they are to earn."""

    attempt: _Submitted
    policy: Policy
    items: tuple[MarkedItem, ...]

    @property
    def score(self) -> Score:
        return Score.of(mark for _, mark in self.marks())

    @property
    def is_news(self) -> bool:
        return self.attempt.kept != self.score or any(i.kept != mark for i, mark in self.marks())

    def marks(self) -> Iterator[tuple[MarkedItem, Mark]]:
        for item in self.items:
            yield item, item.mark(self.policy)


def _policies(connection: Connection, attempt_ids: Sequence[int]) -> dict[int, Policy]:
    """The policies of the attempts' assignments, which nobody regrades or edits until the
    transaction ends: who does locks the assignment itself, before any attempt.
    """
    rows = connection.execute(
        select(Assignment.id, Assignment.policy)
        .where(Assignment.id.in_(select(Attempt.assignment_id).where(Attempt.id.in_(attempt_ids))))
        .order_by(Assignment.id)
        .with_for_update(read=True, key_share=True)
    )
    return {assignment_id: Policy.from_dict(policy) for assignment_id, policy in rows}


def _submitted(connection: Connection, attempt_ids: Sequence[int]) -> dict[int, _Submitted]:
    """Those of the attempts that are submitted, locked in the order of their ids."""
    rows = connection.execute(
        select(Attempt.id, Attempt.assignment_id, Attempt.credit, Attempt.worth)
        .where(
            Attempt.id.in_(attempt_ids),
            Attempt.assignment_id.is_not(None),
            Attempt.ended_at.is_not(None),
        )
        .order_by(Attempt.id)
        .with_for_update()
    )
    return {
        row.id: _Submitted(
            row.id,
            row.assignment_id,
            None if row.worth is None else Score(row.credit, row.worth),
        )
        for row in rows
    }


_MARK: dict[str, BindParameter[Any]] = {
    "credit": bindparam("new_credit", type_=Credit),
    "worth": bindparam("new_worth", type_=Integer),
}
_SET_ITEM = update(Item).where(Item.id == bindparam("item")).values(_MARK)
_SET_ATTEMPT = update(Attempt).where(Attempt.id == bindparam("attempt")).values(_MARK)


def _write(connection: Connection, verdicts: Sequence[_Verdict]) -> None:
    items = [
        {"item": item.item_id, "new_credit": mark.credit, "new_worth": mark.worth}
        for verdict in verdicts
        for item, mark in verdict.marks()
        if item.kept != mark
    ]
    attempts: list[dict[str, int | Fraction]] = [
        {
            "attempt": verdict.attempt.attempt_id,
            "new_credit": verdict.score.credit,
            "new_worth": verdict.score.worth,
        }
        for verdict in verdicts
    ]
    if items:
        connection.execute(_SET_ITEM, items)
    if attempts:
        connection.execute(_SET_ATTEMPT, attempts)
