"""Setting graded work: making it, changing it, handing it out, and what single students get."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update
from sqlalchemy.orm import Session

from quizapp.db.models import (
    Accommodation,
    Assignment,
    AssignmentDeck,
    AssignmentTally,
    Attempt,
    Class,
    Enrolment,
    ItemTally,
    Mode,
    Regrade,
    Scope,
)
from quizapp.db.queries.assignments import SUBJECT, Candidate, candidates, has_begun
from quizapp.db.queries.sitting import offers
from quizapp.db.transactions import writing
from quizapp.domain.graded import timing
from quizapp.domain.graded.editing import refused_changes
from quizapp.domain.graded.policy import Policy, Problem
from quizapp.domain.graded.pools import Pool, size
from quizapp.domain.graded.timing import Window
from quizapp.operations.audit import Deed, record
from quizapp.operations.sitting import extend_deadlines


@dataclass(frozen=True, slots=True)
class Plan:
    """All that an instructor decides about an assignment."""

    title: str
    policy: Policy
    pools: tuple[Pool, ...]
    instructions: str = ""
    window: Window = field(default_factory=Window)
    weight: int = 1
    holds_back: bool = False
    holds_marks: bool = False


class Refused(Exception):
    """Some of the changes would harm students who have begun; nothing was changed."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


class HasBegun(Exception):
    """A student has begun the assignment, so that it can be archived only."""


def plan_of(assignment: Assignment) -> Plan:
    """What was decided about an assignment, in the domain's own values."""
    return Plan(
        title=assignment.title,
        policy=Policy.from_dict(assignment.policy),
        pools=tuple(Pool.from_dict(pool) for pool in assignment.pools),
        instructions=assignment.instructions,
        window=Window(assignment.opens_at, assignment.due_at, assignment.closes_at),
        weight=assignment.weight,
        holds_back=assignment.holds_back,
        holds_marks=assignment.holds_marks,
    )


def create(
    session: Session, actor_id: int, class_id: int, plan: Plan, public_id: str, now: datetime
) -> None:
    """Make a draft. Nothing happens where there is one of this id: the form was sent twice.

    It draws only on decks that the actor may use.
    """
    with writing(session) as connection:
        assignment_id = _insert(connection, class_id, plan, public_id, now)
        if assignment_id is None:
            return
        _set_decks(session, connection, assignment_id, plan.pools, actor_id)
        _note(connection, "created", assignment_id, actor_id, now)


def update_plan(
    session: Session, actor_id: int, assignment_id: int, plan: Plan, now: datetime
) -> None:
    """Change an assignment. Raises Refused where that would harm someone who has begun.

    Attempts that are running may get more time by it, never less.
    """
    with writing(session) as connection:
        before = plan_of(_locked(session, assignment_id))
        begun = has_begun(session, assignment_id)
        if begun:
            _refuse_harm(before, plan)
        else:
            _set_decks(session, connection, assignment_id, plan.pools, actor_id)
        connection.execute(
            update(Assignment).where(Assignment.id == assignment_id).values(_columns(plan))
        )
        extend_deadlines(connection, assignment_id, now)
        if changed := _changed(before, plan):
            _note(connection, "changed", assignment_id, actor_id, now, {"what": changed})


def publish(session: Session, actor_id: int, assignment_id: int, now: datetime) -> None:
    """Let the class see an assignment. Raises TooFew where its pools have too few questions."""
    with writing(session) as connection:
        assignment = _locked(session, assignment_id)
        if assignment.published_at is not None:
            return
        size(plan_of(assignment).pools, offers(session, assignment_id))
        _set(connection, assignment_id, published_at=now)
        _note(connection, "published", assignment_id, actor_id, now)


def withdraw(session: Session, actor_id: int, assignment_id: int, now: datetime) -> None:
    """Make an assignment a draft again. Raises HasBegun where a student has begun it."""
    with writing(session) as connection:
        assignment = _locked(session, assignment_id)
        if has_begun(session, assignment_id):
            raise HasBegun
        if assignment.published_at is not None:
            _set(connection, assignment_id, published_at=None)
            _note(connection, "withdrew", assignment_id, actor_id, now)


def archive(session: Session, actor_id: int, assignment_id: int, now: datetime) -> None:
    """Put an assignment away: it is kept, and takes no attempts."""
    with writing(session) as connection:
        if _locked(session, assignment_id).archived_at is None:
            _set(connection, assignment_id, archived_at=now)
            _note(connection, "archived", assignment_id, actor_id, now)


def restore(session: Session, actor_id: int, assignment_id: int, now: datetime) -> None:
    """Bring an archived assignment back as it was."""
    with writing(session) as connection:
        if _locked(session, assignment_id).archived_at is not None:
            _set(connection, assignment_id, archived_at=None)
            _note(connection, "restored", assignment_id, actor_id, now)


def delete_assignment(session: Session, actor_id: int, assignment_id: int, now: datetime) -> None:
    """Delete an assignment for good, with its previews. Raises HasBegun where a student has begun
    it; nothing happens where it is gone."""
    with writing(session) as connection:
        if _find_locked(session, assignment_id) is None:
            return
        if has_begun(session, assignment_id):
            raise HasBegun
        _note(connection, "deleted", assignment_id, actor_id, now)
        for statement in (
            delete(Attempt).where(
                Attempt.assignment_id == assignment_id, Attempt.mode == Mode.PREVIEW
            ),
            delete(Regrade).where(Regrade.assignment_id == assignment_id),
            delete(AssignmentTally).where(AssignmentTally.assignment_id == assignment_id),
            delete(ItemTally).where(
                ItemTally.scope == Scope.ASSIGNMENT, ItemTally.scope_id == assignment_id
            ),
            delete(Assignment).where(Assignment.id == assignment_id),
        ):
            connection.execute(statement)


def duplicate(
    session: Session, actor_id: int, original_id: int, class_id: int, public_id: str, now: datetime
) -> None:
    """Copy an assignment into a class as a draft, without what students were granted.

    Nothing happens where there is one of this id: the form was sent twice.
    """
    with writing(session) as connection:
        original = session.get_one(Assignment, original_id)
        assignment_id = _insert(connection, class_id, plan_of(original), public_id, now)
        if assignment_id is None:
            return
        decks = select(AssignmentDeck.deck_id).where(AssignmentDeck.assignment_id == original_id)
        _add_decks(connection, assignment_id, connection.scalars(decks))
        details = {"from": original.title}
        _note(connection, "duplicated", assignment_id, actor_id, now, details)


def grant(
    session: Session,
    actor_id: int,
    enrolment_id: int,
    assignment_id: int | None,
    granted: timing.Accommodation,
    now: datetime,
) -> None:
    """Give a student what is said here for an assignment, or for all of their class (None), in
    place of what they had; the same again changes nothing. Attempts that are running may get more
    time by it, never less."""
    with writing(session) as connection:
        _lock_enrolment(connection, enrolment_id)
        same = [getattr(Accommodation, name) == value for name, value in asdict(granted).items()]
        own = _granted_to(enrolment_id, assignment_id)
        if connection.scalar(select(Accommodation.id).where(*own, *same)):
            return
        connection.execute(delete(Accommodation).where(*own))
        connection.execute(
            insert(Accommodation).values(
                enrolment_id=enrolment_id, assignment_id=assignment_id, **asdict(granted)
            )
        )
        deed = _deed_for(connection, "granted", enrolment_id, assignment_id, _plain(granted))
        _extend(connection, deed, now)
        record(connection, actor_id, deed, now)


def withdraw_grant(
    session: Session, actor_id: int, enrolment_id: int, assignment_id: int | None, now: datetime
) -> None:
    """Take an accommodation back. Attempts that are running keep the time they have."""
    with writing(session) as connection:
        _lock_enrolment(connection, enrolment_id)
        own = _granted_to(enrolment_id, assignment_id)
        if connection.execute(delete(Accommodation).where(*own)).rowcount:
            deed = _deed_for(connection, "took back", enrolment_id, assignment_id, {})
            record(connection, actor_id, deed, now)


def _insert(
    connection: Connection, class_id: int, plan: Plan, public_id: str, now: datetime
) -> int | None:
    """A new draft's id, None where there is an assignment of this public id already."""
    connection.execute(select(Class.id).where(Class.id == class_id).with_for_update())
    known = connection.scalar(select(Assignment.id).where(Assignment.public_id == public_id))
    if known is not None:
        return None
    return connection.execute(
        insert(Assignment)
        .values(public_id=public_id, class_id=class_id, created_at=now, **_columns(plan))
        .returning(Assignment.id)
    ).scalar_one()


def _columns(plan: Plan) -> dict[str, Any]:
    return {
        "title": plan.title,
        "instructions": plan.instructions,
        "opens_at": plan.window.opens_at,
        "due_at": plan.window.due_at,
        "closes_at": plan.window.closes_at,
        "policy": plan.policy.as_dict(),
        "pools": [pool.as_dict() for pool in plan.pools],
        "weight": plan.weight,
        "holds_back": plan.holds_back,
        "holds_marks": plan.holds_marks,
    }


def _set_decks(
    session: Session,
    connection: Connection,
    assignment_id: int,
    pools: Collection[Pool],
    actor_id: int,
) -> None:
    """Keep the list of decks in line with the pools."""
    usable = candidates(session, actor_id, assignment_id)
    connection.execute(delete(AssignmentDeck).where(AssignmentDeck.assignment_id == assignment_id))
    wanted = {each.deck_id for each in usable if _is_wanted(each, pools)}
    _add_decks(connection, assignment_id, sorted(wanted))


def _is_wanted(candidate: Candidate, pools: Iterable[Pool]) -> bool:
    offer = candidate.offer
    return any(
        offer.deck in pool.decks or offer.topic in pool.topics or offer.name in pool.questions
        for pool in pools
    )


def _add_decks(connection: Connection, assignment_id: int, deck_ids: Iterable[int]) -> None:
    rows = [{"assignment_id": assignment_id, "deck_id": deck_id} for deck_id in deck_ids]
    if rows:
        connection.execute(insert(AssignmentDeck), rows)


def _refuse_harm(before: Plan, after: Plan) -> None:
    problems = refused_changes(before.policy, after.policy, before.pools, after.pools)
    if problems:
        raise Refused(problems)


def _changed(before: Plan, after: Plan) -> list[str]:
    """Names of what differs, policy by its own fields."""
    old, new = _columns(before), _columns(after)
    policies = {**old.pop("policy")}, {**new.pop("policy")}
    return [
        name
        for one, other in ((old, new), policies)
        for name, value in one.items()
        if value != other[name]
    ]


def _locked(session: Session, assignment_id: int) -> Assignment:
    """The assignment, so that nobody begins it before this transaction ends.

    Raises LookupError where it is gone.
    """
    found = _find_locked(session, assignment_id)
    if found is None:
        raise LookupError(f"assignment {assignment_id} is gone")
    return found


def _find_locked(session: Session, assignment_id: int) -> Assignment | None:
    return session.scalars(
        select(Assignment).where(Assignment.id == assignment_id).with_for_update()
    ).one_or_none()


def _set(connection: Connection, assignment_id: int, **values: datetime | None) -> None:
    connection.execute(update(Assignment).where(Assignment.id == assignment_id).values(values))


def _note(
    connection: Connection,
    verb: str,
    assignment_id: int,
    actor_id: int,
    now: datetime,
    details: dict[str, Any] | None = None,
) -> None:
    title, class_id = connection.execute(
        select(Assignment.title, Assignment.class_id).where(Assignment.id == assignment_id)
    ).one()
    deed = Deed(verb, SUBJECT, assignment_id, title, class_id, details or {})
    record(connection, actor_id, deed, now)


def _lock_enrolment(connection: Connection, enrolment_id: int) -> None:
    """Let one at a time decide what a student is granted."""
    connection.execute(
        select(Enrolment.id).where(Enrolment.id == enrolment_id).with_for_update()
    ).one()


def _granted_to(enrolment_id: int, assignment_id: int | None) -> tuple[ColumnElement[bool], ...]:
    """The condition that something is granted to this student for this."""
    return (
        Accommodation.enrolment_id == enrolment_id,
        Accommodation.assignment_id == assignment_id,
    )


def _deed_for(
    connection: Connection,
    verb: str,
    enrolment_id: int,
    assignment_id: int | None,
    details: dict[str, Any],
) -> Deed:
    """A deed for a student: filed under the assignment or, where it is for all, the student."""
    name, class_id = connection.execute(
        select(Enrolment.name, Enrolment.class_id).where(Enrolment.id == enrolment_id)
    ).one()
    if assignment_id is None:
        return Deed(verb, "student", enrolment_id, name, class_id, details)
    title = connection.execute(
        select(Assignment.title).where(Assignment.id == assignment_id)
    ).scalar_one()
    return Deed(
        verb,
        SUBJECT,
        assignment_id,
        title,
        class_id,
        {"student": name, "enrolment": enrolment_id, **details},
    )


def _extend(connection: Connection, deed: Deed, now: datetime) -> None:
    """Give running attempts at what a deed is about the time they gain by it.

    The assignments are held first: who edits one meanwhile would not know of this deed, nor this
    of the edit, and the student would get one of the two.
    """
    works = select(Assignment.id).where(Assignment.class_id == deed.class_id)
    works = works.order_by(Assignment.id).with_for_update(read=True, key_share=True)
    if deed.subject == SUBJECT:
        works = works.where(Assignment.id == deed.subject_id)
    for work in connection.scalars(works).all():
        extend_deadlines(connection, work, now)


def _plain(granted: timing.Accommodation) -> dict[str, Any]:
    """What differs from what everyone has, as JSON values."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(granted).items()
        if value != getattr(timing.Accommodation(), name)
    }
