"""Attempts in practice and review, their items and what came of them.

Graded work is left out of everything here: what of it may be shown, and when, is settled in
`quizapp.db.queries.sitting` and where that is used.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Integer, Select, bindparam, func, or_, select, type_coerce
from sqlalchemy.orm import Session, aliased, joinedload

from quizapp.db.models import (
    Account,
    Assignment,
    AssignmentDeck,
    Attempt,
    Deck,
    Item,
    Mode,
    Passage,
    Question,
    QuestionVersion,
    Response,
    StudySettings,
    VersionPassage,
)
from quizapp.db.prepared import Prepared
from quizapp.db.queries.accounts import Viewer
from quizapp.db.queries.decks import is_practised
from quizapp.db.queries.held import decks_held_back
from quizapp.db.types import CREDIT_UNIT
from quizapp.domain.marks import Mark


@dataclass(frozen=True, slots=True)
class Given:
    """The response to an item: positions chosen, certainty 1..3 or None, credit 0..1."""

    chosen: frozenset[int]
    certainty: int | None
    credit: Fraction


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item of someone's attempt, with all that its page needs but the question itself."""

    viewer: Viewer
    attempt_id: int
    public_id: str
    title: str
    size: int
    marks: str
    is_over: bool
    item_id: int
    position: int
    version_id: int
    order: tuple[int, ...]
    given: Given | None
    is_review: bool = False
    asks_certainty: bool = True
    sprint_seconds: int | None = None
    wanted_deck: int | None = None
    """The deck of the question, where graded work may keep it back (see `queries.held`)."""


NOT_GRADED = Attempt.assignment_id.is_(None)

# Four lookups by key, the third of which finds nothing for most decks.
_WANTED_DECK = (
    select(AssignmentDeck.deck_id)
    .join(Question, Question.deck_id == AssignmentDeck.deck_id)
    .join(QuestionVersion, QuestionVersion.question_id == Question.id)
    .join(Assignment, Assignment.id == AssignmentDeck.assignment_id)
    .where(
        QuestionVersion.id == Item.version_id,
        Assignment.holds_back,
        Assignment.published_at.is_not(None),
    )
    .limit(1)
    .correlate(Item)
    .scalar_subquery()
)

_ITEM = (
    select(
        Account.id,
        Account.name,
        Account.role,
        Attempt.id,
        Attempt.title,
        Attempt.size,
        Attempt.marks,
        Attempt.ended_at.is_not(None),
        Item.id,
        Item.version_id,
        Item.choice_order,
        Response.chosen,
        Response.certainty,
        type_coerce(Response.credit, Integer),
        Attempt.mode,
        StudySettings.asks_certainty,
        Attempt.sprint_seconds,
        _WANTED_DECK,
    )
    .select_from(Attempt)
    .join(Account, Account.id == Attempt.account_id)
    .join(Item, Item.attempt_id == Attempt.id)
    .outerjoin(Response, Response.item_id == Item.id)
    .outerjoin(StudySettings, StudySettings.account_id == Attempt.account_id)
    .where(
        Attempt.public_id == bindparam("public_id"),
        Item.position == bindparam("position"),
        Account.session_key == bindparam("session_key"),
        NOT_GRADED,
    )
)

_PREPARED_ITEM = Prepared(_ITEM)


def letters(positions: Sequence[int] | frozenset[int]) -> str:
    """Positions of choices as the database keeps them: a for 0."""
    return "".join(chr(97 + position) for position in positions)


def from_letters(text: str) -> tuple[int, ...]:
    """The positions behind `letters`."""
    return tuple(ord(letter) - 97 for letter in text)


def item_of(
    connection: Connection, session_key: str, public_id: str, position: int
) -> ItemView | None:
    """The item, if the attempt is of the account with this session key: one row, one statement.

    This is the read of the question page, so it is prepared (see `benchmarks/`).
    """
    values = {"public_id": public_id, "position": position, "session_key": session_key}
    row = _PREPARED_ITEM.run(connection, values).fetchone()
    if row is None:
        return None
    account_id, name, role, attempt_id, title, size, marks, is_over, *rest = row
    item_id, version_id, order, chosen, certainty, units, *rest = rest
    mode, asks_certainty, sprint_seconds, wanted_deck = rest
    return ItemView(
        viewer=Viewer(account_id, name, role),
        attempt_id=attempt_id,
        public_id=public_id,
        title=title,
        size=size,
        marks=marks,
        is_over=bool(is_over),
        item_id=item_id,
        position=position,
        version_id=version_id,
        order=from_letters(order),
        given=_given(chosen, certainty, units),
        is_review=mode == Mode.REVIEW,
        asks_certainty=asks_certainty is None or bool(asks_certainty),
        sprint_seconds=sprint_seconds,
        wanted_deck=wanted_deck,
    )


def _given(chosen: str | None, certainty: int | None, units: int) -> Given | None:
    if chosen is None:
        return None
    return Given(frozenset(from_letters(chosen)), certainty, Fraction(units, CREDIT_UNIT))


def attempt_of(session: Session, account_id: int, public_id: str) -> Attempt | None:
    """The attempt, if it is this account's."""
    return session.scalars(
        select(Attempt)
        .where(Attempt.public_id == public_id, Attempt.account_id == account_id, NOT_GRADED)
        .options(joinedload(Attempt.deck))
    ).one_or_none()


def unfinished_attempts(session: Session, account_id: int, limit: int) -> list[Attempt]:
    """The newest attempts that were left with questions unanswered, newest first.

    Practice in which nothing was answered or skipped is not among them, as nothing is lost by
    beginning anew; nor are sprints, whose time is over when one comes back.
    """
    is_begun = func.replace(Attempt.marks, Mark.OPEN, "") != ""
    return list(
        session.scalars(
            select(Attempt)
            .where(
                Attempt.account_id == account_id,
                Attempt.ended_at.is_(None),
                or_(is_begun, Attempt.mode == Mode.REVIEW),
                Attempt.sprint_seconds.is_(None),
                NOT_GRADED,
            )
            .order_by(Attempt.started_at.desc(), Attempt.id.desc())
            .limit(limit)
        )
    )


def attempts_of(session: Session, account_id: int, limit: int) -> list[Attempt]:
    """Someone's newest attempts with at least one answer, newest first."""
    return list(
        session.scalars(
            select(Attempt)
            .where(Attempt.account_id == account_id, Attempt.answered > 0, NOT_GRADED)
            .order_by(Attempt.started_at.desc(), Attempt.id.desc())
            .limit(limit)
        )
    )


def items_with_responses(session: Session, attempt_id: int) -> list[tuple[Item, Response | None]]:
    """The items of an attempt in order, each with its response if it has one."""
    rows = session.execute(
        select(Item, Response)
        .outerjoin(Response, Response.item_id == Item.id)
        .where(Item.attempt_id == attempt_id)
        .order_by(Item.position)
    )
    return [(item, response) for item, response in rows]


def current_versions_of_items(
    session: Session, attempt_id: int, positions: Collection[int], now: datetime
) -> list[int]:
    """The versions to practise now of the questions at these positions of an attempt."""
    current = aliased(QuestionVersion)
    return list(
        session.scalars(
            select(current.id)
            .join(Question, Question.id == current.question_id)
            .join(Deck, Deck.id == Question.deck_id)
            .join(QuestionVersion, QuestionVersion.question_id == Question.id)
            .join(Item, Item.version_id == QuestionVersion.id)
            .where(
                Item.attempt_id == attempt_id,
                Item.position.in_(positions),
                is_practised(decks_held_back(session, now)),
                Question.retired_at.is_(None),
                current.is_current,
            )
            .order_by(Item.position)
        )
    )


@dataclass(frozen=True, slots=True)
class Share:
    """Answers on one subject: how many, and the credit they earned together."""

    slug: str
    heading: str
    answered: int
    credit: Fraction


def shares_by_passage(session: Session, attempt_id: int) -> list[Share]:
    """What an attempt's answers earned on each passage they are about, in the source's order."""
    rows = session.execute(
        select(Passage.slug, Passage.heading, func.count(), func.sum(Response.credit))
        .join(VersionPassage, VersionPassage.passage_id == Passage.id)
        .join(Item, Item.version_id == VersionPassage.version_id)
        .join(Response, Response.item_id == Item.id)
        .where(Item.attempt_id == attempt_id)
        .group_by(Passage.id)
        .order_by(Passage.source_id, Passage.position)
    )
    return [Share(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class DatedShare:
    """What one attempt's answers earned on one subject, for a line over time."""

    attempt: str
    started_at: datetime
    answered: int
    credit: Fraction
    subject: str


_EARNED = (
    select(Attempt.public_id, Attempt.started_at, func.count(), func.sum(Response.credit))
    .select_from(Response)
    .join(Item, Item.id == Response.item_id)
    .join(Attempt, Attempt.id == Item.attempt_id)
    .where(NOT_GRADED)
    .group_by(Attempt.id)
)


def deck_history(session: Session, account_id: int) -> list[DatedShare]:
    """For each deck and attempt, oldest attempt first, what the answers earned."""
    return _history(
        session,
        _EARNED.add_columns(Deck.title)
        .join(QuestionVersion, QuestionVersion.id == Item.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .join(Deck, Deck.id == Question.deck_id)
        .where(Attempt.account_id == account_id)
        .group_by(Deck.id)
        .order_by(Deck.position, Deck.title, Attempt.started_at, Attempt.id),
    )


def passage_history(session: Session, account_id: int) -> list[DatedShare]:
    """For each passage and attempt, oldest attempt first, what the answers earned."""
    return _history(
        session,
        _EARNED.add_columns(Passage.heading)
        .join(VersionPassage, VersionPassage.version_id == Item.version_id)
        .join(Passage, Passage.id == VersionPassage.passage_id)
        .where(Attempt.account_id == account_id)
        .group_by(Passage.id)
        .order_by(Passage.source_id, Passage.position, Attempt.started_at, Attempt.id),
    )


def _history(session: Session, statement: Select[Any]) -> list[DatedShare]:
    return [DatedShare(*row) for row in session.execute(statement)]


def everything_answered(
    session: Session, account_id: int
) -> list[tuple[Attempt, Item, str, Response | None]]:
    """Each item of each practice attempt of an account with its stem and response, oldest first."""
    rows = session.execute(
        select(Attempt, Item, QuestionVersion.stem, Response)
        .join(Item, Item.attempt_id == Attempt.id)
        .join(QuestionVersion, QuestionVersion.id == Item.version_id)
        .outerjoin(Response, Response.item_id == Item.id)
        .where(Attempt.account_id == account_id, NOT_GRADED)
        .order_by(Attempt.started_at, Attempt.id, Item.position)
    )
    return [(attempt, item, stem, response) for attempt, item, stem, response in rows]
