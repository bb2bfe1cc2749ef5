"""Regrades: what becomes of the marks when a question turns out to be wrong, seen before it is
done and undone after.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.orm import Session

from quizapp.db.batches import batches
from quizapp.db.models import Assignment, Deck, Question, QuestionVersion, Regrade
from quizapp.db.queries.attempts import letters
from quizapp.db.queries.marks import MarkedItem, marked_items
from quizapp.db.queries.regrades import (
    Scored,
    affected_attempts,
    regrades_in_force,
    scored_attempts,
)
from quizapp.db.transactions import writing
from quizapp.domain.graded.policy import Policy
from quizapp.domain.graded.regrading import Ruling
from quizapp.domain.graded.scoring import Mark, Score, counted, has_passed
from quizapp.operations.audit import Deed, record
from quizapp.operations.marking import settling


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to hold for a version of a question in an assignment: a ruling, with the keys (as
    positions of choices) where answers are graded anew; no ruling undoes the one in force.

    `along` are other versions about which the same is decided at once, without keys.
    """

    assignment_id: int
    version_id: int
    ruling: Ruling | None
    keys: frozenset[int] | None = None
    along: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if self.along and self.ruling is Ruling.REGRADE:
            raise ValueError("each question has keys of its own: grade them anew one by one")

    @property
    def versions(self) -> frozenset[int]:
        """All that it is about."""
        return self.along | {self.version_id}

    @property
    def key_letters(self) -> str | None:
        """The keys as the database keeps them; None unless answers are graded anew."""
        return letters(sorted(self.keys or ())) if self.ruling is Ruling.REGRADE else None


@dataclass(frozen=True, slots=True)
class AttemptChange:
    """What a plan does to one attempt: the mark of the question (of several, their sum), and the
    whole score."""

    number: int
    mark_before: Mark
    mark_after: Mark
    before: Score
    after: Score


@dataclass(frozen=True, slots=True)
class StudentChange:
    """What a plan does to one student: the attempts that change, what counts, and passing."""

    enrolment_id: int | None
    name: str
    attempts: tuple[AttemptChange, ...]
    before: Fraction | None
    after: Fraction | None
    passed_before: bool | None
    passed_after: bool | None

    @property
    def passing(self) -> str:
        """In a word where passing changes: "passes" or "fails", else nothing."""
        if self.passed_before == self.passed_after or self.passed_after is None:
            return ""
        return "passes" if self.passed_after else "fails"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a plan would change, by student; `unchanged` counts the students who were asked the
    question and keep their marks.

    `digest` stands for the plan and all it was made from: another one means that something
    changed meanwhile.
    """

    students: tuple[StudentChange, ...]
    unchanged: int
    digest: str

    @property
    def raised(self) -> int:
        """How many students would have a higher score than now."""
        return sum((s.after or 0) > (s.before or 0) for s in self.students)

    @property
    def lowered(self) -> int:
        """How many would have a lower one."""
        return sum((s.after or 0) < (s.before or 0) for s in self.students)

    @property
    def newly_passing(self) -> int:
        return sum(student.passing == "passes" for student in self.students)

    @property
    def newly_failing(self) -> int:
        return sum(student.passing == "fails" for student in self.students)


class ChangedMeanwhile(Exception):
    """What was previewed is not what would be done now; carries nothing: preview again."""


def preview(bind: Session | Connection, policy: Policy, plan: Plan) -> Preview:
    """What a plan would change. Nothing is written."""
    in_force = regrades_in_force(bind, plan.assignment_id, plan.versions)
    attempts = affected_attempts(bind, plan.assignment_id, plan.versions)
    changes = _changes(bind, policy, plan, attempts)
    everybody = scored_attempts(bind, plan.assignment_id)
    students = [
        student
        for _, works in groupby(everybody, key=lambda scored: scored.account_id)
        if (student := _student(policy, list(works), changes)) is not None
    ]
    changed = tuple(student for student in students if student.attempts)
    evidence = (plan.assignment_id, sorted(plan.versions), plan.ruling, plan.key_letters)
    return Preview(
        students=changed,
        unchanged=len(students) - len(changed),
        digest=_digest(evidence, [each.id for each in in_force], sorted(changes.items()), students),
    )


def apply(
    session: Session, actor_id: int, plan: Plan, reason: str, digest: str, now: datetime
) -> None:
    """Do what was previewed, in place of what was decided before about the same version.

    The same decision again changes nothing. Raises ChangedMeanwhile where the preview with this
    digest would no longer be the same.
    """
    if plan.ruling is None:
        raise ValueError("a plan without a ruling is carried out by undo")
    with writing(session) as connection:
        assignment = _locked(connection, plan.assignment_id)
        in_force = regrades_in_force(connection, plan.assignment_id, plan.versions)
        wanted = (plan.ruling.value, plan.key_letters, reason)
        known = [(each.ruling, each.keys, each.reason) for each in in_force]
        if known == [wanted] * len(plan.versions):
            return
        seen = _seen(connection, assignment, plan, digest)
        with _settling_affected(connection, plan):
            _undo(connection, actor_id, plan, now)
            decided: dict[str, Any] = {
                "assignment_id": plan.assignment_id,
                "ruling": plan.ruling.value,
                "keys": plan.key_letters,
                "reason": reason,
                "decided_by": actor_id,
                "decided_at": now,
            }
            rows = [{**decided, "version_id": version} for version in sorted(plan.versions)]
            connection.execute(insert(Regrade), rows)
        details = {"ruling": plan.ruling.value, "keys": plan.key_letters, "reason": reason}
        deed = _deed(connection, "regraded", assignment, plan, seen, details)
        record(connection, actor_id, deed, now)


def undo(session: Session, actor_id: int, plan: Plan, digest: str, now: datetime) -> None:
    """Take back what is in force, so that marks are what they were without it; nothing where
    there is none. `plan` has no ruling.

    Raises ChangedMeanwhile as `apply` does.
    """
    with writing(session) as connection:
        assignment = _locked(connection, plan.assignment_id)
        in_force = next(
            iter(regrades_in_force(connection, plan.assignment_id, plan.versions)), None
        )
        if in_force is None:
            return
        seen = _seen(connection, assignment, plan, digest)
        with _settling_affected(connection, plan):
            _undo(connection, actor_id, plan, now)
        details = {"ruling": in_force.ruling, "keys": in_force.keys, "reason": in_force.reason}
        deed = _deed(connection, "undid the regrade of", assignment, plan, seen, details)
        record(connection, actor_id, deed, now)


def _locked(connection: Connection, assignment_id: int) -> Row[int, str, Any]:
    """The assignment, of which no attempt is settled by anybody else until we are done."""
    return connection.execute(
        select(Assignment.class_id, Assignment.title, Assignment.policy)
        .where(Assignment.id == assignment_id)
        .with_for_update()
    ).one()


def _seen(
    connection: Connection, assignment: Row[int, str, Any], plan: Plan, digest: str
) -> Preview:
    """The preview, if it is still the one that was seen."""
    seen = preview(connection, Policy.from_dict(assignment.policy), plan)
    if seen.digest != digest:
        raise ChangedMeanwhile
    return seen


def _undo(connection: Connection, actor_id: int, plan: Plan, now: datetime) -> None:
    connection.execute(
        update(Regrade)
        .where(
            Regrade.assignment_id == plan.assignment_id,
            Regrade.version_id.in_(plan.versions),
            Regrade.undone_at.is_(None),
        )
        .values(undone_by=actor_id, undone_at=now)
    )


def _settling_affected(connection: Connection, plan: Plan) -> AbstractContextManager[None]:
    """Settle the attempts that were asked the question after what is done within."""
    attempts = affected_attempts(connection, plan.assignment_id, plan.versions)
    return settling(connection, attempts)


def _deed(
    connection: Connection,
    verb: str,
    assignment: Row[int, str, Any],
    plan: Plan,
    seen: Preview,
    details: dict[str, Any],
) -> Deed:
    stem, deck_id, deck = connection.execute(
        select(QuestionVersion.stem, Deck.id, Deck.title)
        .join(Question, Question.id == QuestionVersion.question_id)
        .join(Deck, Deck.id == Question.deck_id)
        .where(QuestionVersion.id == plan.version_id)
    ).one()
    told = {
        **details,
        "assignment": assignment.title,
        "raised": seen.raised,
        "lowered": seen.lowered,
        "newly_passing": seen.newly_passing,
        "newly_failing": seen.newly_failing,
    }
    if plan.along:
        told["questions"] = len(plan.versions)
        return Deed(verb, "deck", deck_id, deck, assignment.class_id, told)
    return Deed(verb, "question", plan.version_id, stem, assignment.class_id, told)


@dataclass(frozen=True, slots=True)
class _Change:
    """An attempt's item and score as they are kept and as the plan would have them."""

    mark: Mark
    new_mark: Mark
    score: Score


def _changes(
    bind: Session | Connection, policy: Policy, plan: Plan, attempt_ids: Sequence[int]
) -> dict[int, _Change]:
    """What the plan makes of each of the attempts, by id."""
    found: dict[int, _Change] = {}
    for batch in batches(attempt_ids):
        by_attempt = groupby(marked_items(bind, batch), key=lambda item: item.attempt_id)
        for attempt_id, items in by_attempt:
            found[attempt_id] = _change(policy, plan, list(items))
    return found


def _change(policy: Policy, plan: Plan, items: list[MarkedItem]) -> _Change:
    planned = [_planned(plan, item).mark(policy) for item in items]
    places = [i for i, item in enumerate(items) if item.version_id in plan.versions]
    return _Change(
        mark=_together(items[i].kept or Mark(Fraction(0), 1) for i in places),
        new_mark=_together(planned[i] for i in places),
        score=Score.of(planned),
    )


def _together(marks: Iterable[Mark]) -> Mark:
    total = Score.of(marks)
    return Mark(total.credit, total.worth)


def _planned(plan: Plan, item: MarkedItem) -> MarkedItem:
    if item.version_id not in plan.versions:
        return item
    return replace(item, ruling=plan.ruling, keys=plan.keys)


def _student(
    policy: Policy, works: list[Scored], changes: dict[int, _Change]
) -> StudentChange | None:
    """What happens to one student with these attempts; None who was not asked the question."""
    if not any(work.attempt_id in changes for work in works):
        return None
    after = [
        changes[work.attempt_id].score if work.attempt_id in changes else work.score
        for work in works
    ]
    share_before = _counted(policy, [work.score for work in works])
    share_after = _counted(policy, after)
    return StudentChange(
        enrolment_id=works[0].enrolment_id,
        name=works[0].name,
        attempts=tuple(_changed_attempts(works, changes)),
        before=share_before,
        after=share_after,
        passed_before=has_passed(policy, share_before),
        passed_after=has_passed(policy, share_after),
    )


def _changed_attempts(works: list[Scored], changes: dict[int, _Change]) -> Iterator[AttemptChange]:
    for work in works:
        change = changes.get(work.attempt_id)
        if change and (change.mark, work.score) != (change.new_mark, change.score):
            yield AttemptChange(work.number, change.mark, change.new_mark, work.score, change.score)


def _counted(policy: Policy, scores: list[Score]) -> Fraction | None:
    shares = [score.share for score in scores]
    return counted([share for share in shares if share is not None], policy.counting)


def _digest(*evidence: object) -> str:
    return hashlib.sha256(repr(evidence).encode()).hexdigest()
