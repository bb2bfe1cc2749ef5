"""What item analysis is made of: the items of submitted attempts, and the tallies kept of them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.orm import Session

from quizapp.db.models import (
    Assignment,
    AssignmentTally,
    Attempt,
    Choice,
    Deck,
    Item,
    ItemTally,
    Mode,
    Question,
    QuestionVersion,
    Regrade,
    Response,
    Scope,
)
from quizapp.db.queries.attempts import from_letters
from quizapp.db.queries.marks import REGRADE_IN_FORCE
from quizapp.domain.analysis import tally
from quizapp.domain.graded.regrading import Ruling

_ROWS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class SettledItem:
    """An item that counts in a settled attempt. `keys` are those in force in its assignment, as
    positions of choices; `chosen` is None where there is no answer."""

    position: int
    version_id: int
    question_id: int
    credit: Fraction
    chosen: frozenset[int] | None
    certainty: int | None
    elapsed_ms: int | None
    keys: frozenset[int]
    is_multiple: bool


@dataclass(frozen=True, slots=True)
class SettledAttempt:
    """A graded attempt that was submitted and settled, with its items that count, in order.

    `marks` has a character an item, those that do not count too.
    """

    attempt_id: int
    assignment_id: int
    class_id: int
    number: int
    marks: str
    items: tuple[SettledItem, ...]


_SETTLED = (
    select(
        Attempt.id,
        Attempt.assignment_id,
        Assignment.class_id,
        Attempt.number,
        Attempt.marks,
        Item.position,
        Item.version_id,
        QuestionVersion.question_id,
        Item.credit,
        Response.chosen,
        Response.certainty,
        Response.elapsed_ms,
        Regrade.keys,
    )
    .join(Assignment, Assignment.id == Attempt.assignment_id)
    .join(Item, Item.attempt_id == Attempt.id)
    .join(QuestionVersion, QuestionVersion.id == Item.version_id)
    .outerjoin(Response, Response.item_id == Item.id)
    .outerjoin(Regrade, REGRADE_IN_FORCE)
    .where(
        Attempt.mode == Mode.GRADED,
        Attempt.ended_at.is_not(None),
        Attempt.worth.is_not(None),
        Item.credit.is_not(None),
        Item.worth > 0,
    )
    .order_by(Attempt.id, Item.position)
)


def settled_attempts(
    bind: Session | Connection, attempt_ids: Collection[int] | None = None
) -> Iterator[SettledAttempt]:
    """Those of the attempts (of all, if none are given) that analysis counts, by id.

    Two statements; attempts of which no item counts are left out.
    """
    statement = _SETTLED if attempt_ids is None else _SETTLED.where(Attempt.id.in_(attempt_ids))
    keys = _keys_asked(bind, attempt_ids)
    rows = bind.execute(statement.execution_options(yield_per=_ROWS_AT_ONCE))
    for attempt_id, group in groupby(rows, key=lambda row: row.id):
        items = list(group)
        first = items[0]
        yield SettledAttempt(
            attempt_id=attempt_id,
            assignment_id=first.assignment_id,
            class_id=first.class_id,
            number=first.number,
            marks=first.marks,
            items=tuple(_settled_item(row, keys[row.version_id]) for row in items),
        )


def _keys_asked(
    bind: Session | Connection, attempt_ids: Collection[int] | None
) -> dict[int, frozenset[int]]:
    statement = select(Choice.version_id, Choice.position).where(Choice.is_key)
    if attempt_ids is not None:
        asked = select(Item.version_id).where(Item.attempt_id.in_(attempt_ids))
        statement = statement.where(Choice.version_id.in_(asked))
    found: dict[int, set[int]] = {}
    for version_id, position in bind.execute(statement):
        found.setdefault(version_id, set()).add(position)
    return {version_id: frozenset(keys) for version_id, keys in found.items()}


def _settled_item(row: Any, keys_asked: frozenset[int]) -> SettledItem:
    return SettledItem(
        position=row.position,
        version_id=row.version_id,
        question_id=row.question_id,
        credit=row.credit,
        chosen=None if row.chosen is None else frozenset(from_letters(row.chosen)),
        certainty=row.certainty,
        elapsed_ms=row.elapsed_ms,
        keys=keys_asked if row.keys is None else frozenset(from_letters(row.keys)),
        is_multiple=len(keys_asked) > 1,
    )


@dataclass(frozen=True, slots=True)
class VersionTally:
    """How a version of a question was answered in a scope, and where the question stands."""

    version_id: int
    question_id: int
    deck: str
    deck_title: str
    slug: str
    created_at: datetime
    is_current: bool
    retired_at: datetime | None
    tally: tally.ItemTally


_TALLIES = (
    select(
        QuestionVersion.id,
        Question.id,
        Deck.slug,
        Deck.title,
        Question.slug,
        QuestionVersion.created_at,
        QuestionVersion.is_current,
        func.coalesce(Question.retired_at, Deck.retired_at),
        ItemTally.tally,
    )
    .join(QuestionVersion, QuestionVersion.id == ItemTally.version_id)
    .join(Question, Question.id == QuestionVersion.question_id)
    .join(Deck, Deck.id == Question.deck_id)
    .order_by(Deck.position, Deck.title, Deck.id, Question.position, Question.id)
    .order_by(QuestionVersion.id)
)


def tallies_in(
    session: Session, scope: Scope, scope_id: int, *, is_first: bool
) -> list[VersionTally]:
    """The versions that were asked in a scope, in the author's order, oldest first."""
    return _read(
        session,
        _TALLIES.where(
            ItemTally.scope == scope.value,
            ItemTally.scope_id == scope_id,
            ItemTally.is_first == is_first,
        ),
    )


def tallies_of_deck(session: Session, deck_id: int, *, is_first: bool) -> list[VersionTally]:
    """The versions of a deck's questions as they were answered in all classes."""
    return _read(session, _everywhere(is_first).where(Question.deck_id == deck_id))


def tallies_of_question(
    session: Session, question_id: int, *, is_first: bool
) -> list[VersionTally]:
    """The versions of a question as they were answered in all classes."""
    return _read(session, _everywhere(is_first).where(Question.id == question_id))


def _everywhere(is_first: bool) -> Select[*tuple[Any, ...]]:
    return _TALLIES.where(
        ItemTally.scope == Scope.EVERYTHING.value,
        ItemTally.scope_id == 0,
        ItemTally.is_first == is_first,
    )


def _read(session: Session, statement: Select[*tuple[Any, ...]]) -> list[VersionTally]:
    rows = session.execute(statement)
    found = [VersionTally(*row[:-1], tally=tally.ItemTally.from_dict(row[-1])) for row in rows]
    return [each for each in found if each.tally.n]


@dataclass(frozen=True, slots=True)
class QuizLine:
    """An assignment with how its submitted attempts came out as wholes."""

    public_id: str
    title: str
    tally: tally.QuizTally


def quizzes_of_class(session: Session, class_id: int, *, is_first: bool) -> list[QuizLine]:
    """The assignments of a class that anyone submitted, in the order they were made."""
    rows = session.execute(
        select(Assignment.public_id, Assignment.title, AssignmentTally.tally)
        .join(AssignmentTally, AssignmentTally.assignment_id == Assignment.id)
        .where(Assignment.class_id == class_id, AssignmentTally.is_first == is_first)
        .order_by(Assignment.id)
    )
    found = [QuizLine(*row[:-1], tally=tally.QuizTally.from_dict(row[-1])) for row in rows]
    return [each for each in found if each.tally.n]


def quiz_of(session: Session, assignment_id: int, *, is_first: bool) -> tally.QuizTally:
    """How the submitted attempts of an assignment came out as wholes."""
    kept = session.scalar(
        select(AssignmentTally.tally).where(
            AssignmentTally.assignment_id == assignment_id, AssignmentTally.is_first == is_first
        )
    )
    return tally.QuizTally() if kept is None else tally.QuizTally.from_dict(kept)


@dataclass(frozen=True, slots=True)
class InForce:
    """A regrade that holds: its ruling, the keys where answers were graded anew, the question."""

    version_id: int
    ruling: Ruling
    keys: frozenset[int] | None
    stem: str


def regrades_in_force(session: Session, assignment_id: int) -> list[InForce]:
    """What holds for versions of questions in an assignment since regrades, oldest first."""
    rows = session.execute(
        select(Regrade.version_id, Regrade.ruling, Regrade.keys, QuestionVersion.stem)
        .join(QuestionVersion, QuestionVersion.id == Regrade.version_id)
        .where(Regrade.assignment_id == assignment_id, Regrade.undone_at.is_(None))
        .order_by(Regrade.id)
    )
    return [
        InForce(
            row.version_id,
            Ruling(row.ruling),
            None if row.keys is None else frozenset(from_letters(row.keys)),
            row.stem,
        )
        for row in rows
    ]
