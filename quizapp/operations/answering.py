"""Starting an attempt, answering and skipping its items, ending it.

Whatever a browser repeats has one outcome: the first answer to an item stands, a second start
with the same key finds the first attempt, ending twice ends once.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from fractions import Fraction
from random import Random
from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    String,
    any_,
    bindparam,
    case,
    exists,
    func,
    insert,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.db.engine import for_single_statements
from quizapp.db.models import Attempt, Choice, Item, Mode, QuestionVersion, Response
from quizapp.db.prepared import Prepared
from quizapp.db.queries.attempts import ItemView, letters
from quizapp.db.queries.versions import questions_of_versions
from quizapp.db.transactions import writing
from quizapp.db.types import Credit, UtcDateTime
from quizapp.domain import drawing, grading
from quizapp.domain.marks import UNANSWERED, Mark, mark_of
from quizapp.domain.questions import Question
from quizapp.domain.tokens import token


class NothingToAnswer(Exception):
    """No question is on offer in what was asked for."""


class Outcome(Enum):
    """What became of an answer that was sent."""

    TAKEN = auto()
    ALREADY_ANSWERED = auto()
    ATTEMPT_OVER = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a learner sends: positions of choices, certainty 1..3, time taken."""

    chosen: frozenset[int]
    certainty: int | None = None
    elapsed_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """What an attempt is to be drawn from. `start_key` is the same when a form is sent twice.

    `is_in_order` where the versions are to be asked in the order in which they are given; a
    sprint has `sprint_seconds`.
    """

    version_ids: Sequence[int]
    title: str
    start_key: str
    deck_id: int | None = None
    count: int | None = None
    is_in_order: bool = False
    sprint_seconds: int | None = None


def start_practice(
    session: Session, account_id: int, start: Start, random: Random, now: datetime
) -> str:
    """Draw an attempt and return its public id.

    Raises NothingToAnswer where there is no question.
    """
    drawn = list(start.version_ids)[: start.count]
    if not start.is_in_order:
        drawn = drawing.sample(list(start.version_ids), start.count, random)
    if not drawn:
        raise NothingToAnswer
    drawn_start = replace(start, version_ids=drawn)
    return begin(session, account_id, drawn_start, Mode.PRACTICE, random, now)


def begin(
    session: Session, account_id: int, start: Start, mode: Mode, random: Random, now: datetime
) -> str:
    """Begin an attempt that asks these versions in this order and return its public id.

    A review begun ends those that were left open.
    """
    asked = start.version_ids
    questions = questions_of_versions(session, asked)
    orders = [letters(drawing.choice_order(questions[version], random)) for version in asked]
    try:
        with writing(session) as connection:
            if mode is Mode.REVIEW:
                _end_open_reviews(connection, account_id, now)
            public_id = token(random, 128)
            attempt_id = _insert_attempt(connection, account_id, start, mode, public_id, now)
            connection.execute(
                insert(Item),
                [
                    {"attempt_id": attempt_id, "position": i, "version_id": v, "choice_order": o}
                    for i, (v, o) in enumerate(zip(asked, orders, strict=True), start=1)
                ],
            )
    except IntegrityError:  # the form was sent twice: the first sending began the attempt
        begun = begun_with(session, account_id, start.start_key)
        if begun is None:
            raise
        return begun
    return public_id


def submit_response(
    bind: Session | Engine, item: ItemView, question: Question, answer: Answer, now: datetime
) -> Outcome:
    """Keep an answer and all tallies that count it, in one transaction.

    The first answer to an item stands; the attempt's row is the lock that decides which is
    first, so no answer is ever kept or counted twice.
    """
    earned = grading.credit(answer.chosen, question.keys)
    # None of these may be called as a column is: an update would set it.
    values = {
        "attempt": item.attempt_id,
        "place": item.position,
        "mark": mark_of(grading.verdict(earned)).value,
        "item": item.item_id,
        "version": item.version_id,
        "chosen_letters": letters(sorted(answer.chosen)),
        "picks": sorted(answer.chosen),
        "sure": answer.certainty,
        "earned": earned,
        "elapsed": answer.elapsed_ms,
        "now": now,
    }
    with _deciding(bind) as connection:
        taken = _TAKE[connection.dialect.name](connection, values)
        return Outcome.TAKEN if taken else _why_not_taken(connection, item)


def skip_item(session: Session, item: ItemView) -> None:
    """Note that the learner passed over an item, unless it was answered meanwhile."""
    with writing(session) as connection:
        pass_over(connection, item)


def pass_over(connection: Connection, item: ItemView) -> None:
    """The same within a transaction."""
    connection.execute(
        update(Attempt)
        .where(
            Attempt.id == item.attempt_id,
            Attempt.ended_at.is_(None),
            _mark_at(item.position) == Mark.OPEN,
        )
        .values(marks=_marks_with(item.position, Mark.SKIPPED))
    )


def end_attempt(session: Session, attempt_id: int, now: datetime) -> None:
    """End an attempt, leaving what is unanswered so; ending again changes nothing."""
    with writing(session) as connection:
        connection.execute(
            update(Attempt)
            .where(Attempt.id == attempt_id, Attempt.ended_at.is_(None))
            .values(ended_at=now)
        )


def _end_open_reviews(connection: Connection, account_id: int, now: datetime) -> None:
    connection.execute(
        update(Attempt)
        .where(
            Attempt.account_id == account_id,
            Attempt.mode == Mode.REVIEW,
            Attempt.ended_at.is_(None),
        )
        .values(ended_at=now)
    )


def _insert_attempt(
    connection: Connection,
    account_id: int,
    start: Start,
    mode: Mode,
    public_id: str,
    now: datetime,
) -> int:
    size = len(start.version_ids)
    return connection.execute(
        insert(Attempt)
        .values(
            public_id=public_id,
            account_id=account_id,
            start_key=start.start_key,
            mode=mode,
            title=start.title,
            deck_id=start.deck_id,
            size=size,
            marks=Mark.OPEN * size,
            answered=0,
            credit=Fraction(0),
            started_at=now,
            sprint_seconds=start.sprint_seconds,
        )
        .returning(Attempt.id)
    ).scalar_one()


def begun_with(session: Session, account_id: int, start_key: str) -> str | None:
    """The public id of the attempt that was begun with this key, None where there is none."""
    return session.execute(
        select(Attempt.public_id).where(
            Attempt.account_id == account_id, Attempt.start_key == start_key
        )
    ).scalar_one_or_none()


def _deciding(bind: Session | Engine) -> AbstractContextManager[Connection]:
    """The transaction of an answer; where that is one statement, none is opened around it."""
    if isinstance(bind, Engine) and bind.dialect.name == "postgresql":
        return for_single_statements(bind).connect()
    return writing(bind)


def _take_by_four(connection: Connection, values: dict[str, Any]) -> bool:
    """Claim the item for this answer, then keep and count it; False where it is not to be had."""
    if _PREPARED_CLAIM.run(connection, values).rowcount != 1:
        return False
    _PREPARED_KEEP.run(connection, values)
    _PREPARED_COUNT.run(connection, values)
    for pick in values["picks"]:
        _PREPARED_COUNT_CHOICE.run(connection, {"version": values["version"], "pick": pick})
    return True


def _take_by_one(connection: Connection, values: dict[str, Any]) -> bool:
    """The same in one statement, where the database can: three round trips less."""
    return _PREPARED_TAKE.run(connection, values).fetchone()[0] == 1


_TAKE = {"sqlite": _take_by_four, "postgresql": _take_by_one}


def _why_not_taken(connection: Connection, item: ItemView) -> Outcome:
    marks = connection.execute(
        select(Attempt.marks).where(Attempt.id == item.attempt_id)
    ).scalar_one_or_none()
    open_still = marks is not None and marks[item.position - 1] in UNANSWERED
    return Outcome.ATTEMPT_OVER if open_still else Outcome.ALREADY_ANSWERED


def _mark_at(position: int | BindParameter[int]) -> ColumnElement[str]:
    return func.substr(Attempt.marks, position, 1)


def _marks_with(
    position: int | BindParameter[int], mark: str | BindParameter[str]
) -> ColumnElement[str]:
    before = func.substr(Attempt.marks, 1, position - 1)
    after = func.substr(Attempt.marks, position + 1)
    return before.concat(mark).concat(after)


# The statements of an answer are built once: this is the busiest write (see `benchmarks/`).
_PLACE = bindparam("place", type_=Integer)
_CLAIM_ITEM = (
    update(Attempt)
    .where(
        Attempt.id == bindparam("attempt"),
        Attempt.ended_at.is_(None),
        or_(_mark_at(_PLACE) == Mark.OPEN.value, _mark_at(_PLACE) == Mark.SKIPPED.value),
    )
    .values(
        marks=_marks_with(_PLACE, bindparam("mark", type_=String)),
        answered=Attempt.answered + 1,
        credit=Attempt.credit + bindparam("earned", type_=Credit),
        ended_at=case(
            (Attempt.answered + 1 == Attempt.size, bindparam("now", type_=UtcDateTime)),
            else_=null(),
        ),
    )
)
_RESPONSE = {
    "item_id": bindparam("item", type_=Integer),
    "chosen": bindparam("chosen_letters", type_=String),
    "certainty": bindparam("sure", type_=Integer),
    "credit": bindparam("earned", type_=Credit),
    "answered_at": bindparam("now", type_=UtcDateTime),
    "elapsed_ms": bindparam("elapsed", type_=Integer),
}
_KEEP_RESPONSE = insert(Response).values(_RESPONSE)
_COUNT_RESPONSE = (
    update(QuestionVersion)
    .where(QuestionVersion.id == bindparam("version"))
    .values(
        responses=QuestionVersion.responses + 1,
        credit=QuestionVersion.credit + bindparam("earned", type_=Credit),
    )
)
_COUNT_CHOICES = (
    update(Choice).where(Choice.version_id == bindparam("version")).values(chosen=Choice.chosen + 1)
)
_COUNT_CHOICE = _COUNT_CHOICES.where(Choice.position == bindparam("pick"))

_CLAIMED = _CLAIM_ITEM.returning(Attempt.id).cte("claimed")
_COUNTED = (
    _COUNT_RESPONSE.where(exists().where(_CLAIMED.c.id.is_not(None)))
    .returning(QuestionVersion.id)
    .cte("counted")
)
_TAKE_ANSWER = (
    select(func.count())
    .select_from(_CLAIMED)
    .add_cte(
        insert(Response)
        .from_select(list(_RESPONSE), select(*_RESPONSE.values()).select_from(_CLAIMED))
        .cte("kept"),
        # After the version's row, as everywhere: rows locked in two orders could lock for ever.
        _COUNT_CHOICES.where(
            Choice.position == any_(bindparam("picks", type_=ARRAY(Integer))),
            exists().where(_COUNTED.c.id.is_not(None)),
        ).cte("picked"),
    )
)

_PREPARED_CLAIM = Prepared(_CLAIM_ITEM)
_PREPARED_KEEP = Prepared(_KEEP_RESPONSE)
_PREPARED_COUNT = Prepared(_COUNT_RESPONSE)
_PREPARED_COUNT_CHOICE = Prepared(_COUNT_CHOICE)
_PREPARED_TAKE = Prepared(_TAKE_ANSWER)
