"""What there is to regrade: questions that changed after use, and what was decided so far."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from quizapp.db.models import (
    Account,
    Assignment,
    AssignmentDeck,
    Attempt,
    ClassTeacher,
    Deck,
    Enrolment,
    Item,
    ItemTally,
    Mode,
    Question,
    QuestionVersion,
    Regrade,
    Scope,
)
from quizapp.db.queries.accounts import Viewer
from quizapp.db.queries.attempts import from_letters
from quizapp.db.queries.versions import questions_of_versions
from quizapp.domain.analysis import tally
from quizapp.domain.graded.regrading import Ruling, carried_over
from quizapp.domain.graded.scoring import Score
from quizapp.domain.questions import Question as Content

_SUBMITTED = and_(Attempt.assignment_id.is_not(None), Attempt.ended_at.is_not(None))


@dataclass(frozen=True, slots=True)
class AskedVersion:
    """A version of a question as it was asked in submitted attempts of an assignment.

    `current_id` is the version that is live now; `ruling` is the regrade in force.
    """

    version_id: int
    current_id: int | None
    deck: str
    deck_title: str
    slug: str
    stem: str
    retired_at: datetime | None
    asked: int
    ruling: str | None


def asked_versions(session: Session, assignment_id: int) -> list[AskedVersion]:
    """What was asked in the submitted graded attempts of an assignment, in the decks' order."""
    current = aliased(QuestionVersion)
    rows = session.execute(
        select(
            QuestionVersion.id,
            current.id,
            Deck.slug,
            Deck.title,
            Question.slug,
            QuestionVersion.stem,
            func.coalesce(Question.retired_at, Deck.retired_at),
            func.count(Item.id),
            Regrade.ruling,
        )
        .select_from(Attempt)
        .join(Item, Item.attempt_id == Attempt.id)
        .join(QuestionVersion, QuestionVersion.id == Item.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .join(Deck, Deck.id == Question.deck_id)
        .outerjoin(current, and_(current.question_id == Question.id, current.is_current))
        .outerjoin(Regrade, _in_force(Attempt.assignment_id, QuestionVersion.id))
        .where(Attempt.assignment_id == assignment_id, Attempt.mode == Mode.GRADED, _SUBMITTED)
        .group_by(QuestionVersion.id, current.id, Question.id, Deck.id, Regrade.id)
        .order_by(Deck.position, Deck.title, Question.position, QuestionVersion.id)
    )
    return [AskedVersion(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Decided:
    """A regrade with what its history says: who decided and who undid it, by name."""

    regrade: Regrade
    stem: str
    decided_by: str | None
    undone_by: str | None


def regrades_of(session: Session, assignment_id: int) -> list[Decided]:
    """All that was decided about the questions of an assignment, newest first."""
    undoer = aliased(Account)
    rows = session.execute(
        select(Regrade, QuestionVersion.stem, Account.name, undoer.name)
        .join(QuestionVersion, QuestionVersion.id == Regrade.version_id)
        .outerjoin(Account, Account.id == Regrade.decided_by)
        .outerjoin(undoer, undoer.id == Regrade.undone_by)
        .where(Regrade.assignment_id == assignment_id)
        .order_by(Regrade.id.desc())
    )
    return [Decided(*row) for row in rows]


def regrade_in_force(
    bind: Session | Connection, assignment_id: int, version_id: int
) -> Row[int, str, str | None, str] | None:
    """Id, ruling, keys (as letters) and reason of what was decided and not undone."""
    return bind.execute(
        select(Regrade.id, Regrade.ruling, Regrade.keys, Regrade.reason).where(
            Regrade.assignment_id == assignment_id,
            Regrade.version_id == version_id,
            Regrade.undone_at.is_(None),
        )
    ).one_or_none()


def regrades_in_force(
    bind: Session | Connection, assignment_id: int, version_ids: Collection[int]
) -> list[Row[int, int, str, str | None, str]]:
    """The same of several versions, each row with its version after the id, in their order."""
    return list(
        bind.execute(
            select(Regrade.id, Regrade.version_id, Regrade.ruling, Regrade.keys, Regrade.reason)
            .where(
                Regrade.assignment_id == assignment_id,
                Regrade.version_id.in_(version_ids),
                Regrade.undone_at.is_(None),
            )
            .order_by(Regrade.version_id)
        )
    )


def decided_along(session: Session, assignment_id: int, version_id: int) -> list[int]:
    """The other versions about which the decision in force about this one was made, as far as it
    holds for them, too."""
    one = aliased(Regrade)
    return list(
        session.scalars(
            select(Regrade.version_id)
            .join(
                one,
                and_(
                    one.assignment_id == Regrade.assignment_id,
                    one.decided_at == Regrade.decided_at,
                    one.ruling == Regrade.ruling,
                    one.reason == Regrade.reason,
                    one.id != Regrade.id,
                ),
            )
            .where(
                Regrade.assignment_id == assignment_id,
                Regrade.undone_at.is_(None),
                one.version_id == version_id,
                one.undone_at.is_(None),
            )
            .order_by(Regrade.version_id)
        )
    )


def affected_attempts(
    bind: Session | Connection, assignment_id: int, version_ids: Collection[int]
) -> list[int]:
    """The submitted attempts of an assignment that were asked any of these versions, previews
    among them."""
    return list(
        bind.scalars(
            select(Attempt.id)
            .join(Item, Item.attempt_id == Attempt.id)
            .where(
                Attempt.assignment_id == assignment_id,
                _SUBMITTED,
                Item.version_id.in_(version_ids),
            )
            .distinct()
            .order_by(Attempt.id)
        )
    )


@dataclass(frozen=True, slots=True)
class Scored:
    """A submitted graded attempt with its score and who it is by; `enrolment_id` is None where
    they are in the class no more."""

    attempt_id: int
    account_id: int
    enrolment_id: int | None
    name: str
    number: int
    score: Score


def scored_attempts(bind: Session | Connection, assignment_id: int) -> list[Scored]:
    """The submitted graded attempts of an assignment, by name and number."""
    rows = bind.execute(
        select(
            Attempt.id,
            Attempt.account_id,
            Enrolment.id.label("enrolment_id"),
            Enrolment.name,
            Attempt.number,
            Attempt.credit,
            Attempt.worth,
        )
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .outerjoin(
            Enrolment,
            and_(
                Enrolment.class_id == Assignment.class_id,
                Enrolment.account_id == Attempt.account_id,
            ),
        )
        .where(Attempt.assignment_id == assignment_id, Attempt.mode == Mode.GRADED, _SUBMITTED)
        .order_by(func.lower(Enrolment.name), Attempt.account_id, Attempt.number)
    )
    return [
        Scored(
            attempt_id=row.id,
            account_id=row.account_id,
            enrolment_id=row.enrolment_id,
            name=row.name or "someone who left",
            number=row.number or 0,
            score=Score(row.credit or Fraction(0), row.worth or 0),
        )
        for row in rows
    ]


Reason = Literal["key", "retired", "deck"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A question that was changed or dropped after an assignment had asked it, where nobody has
    decided yet what becomes of the marks.

    `reason` says what happened: its key is another, it was left out of its deck, or the whole
    deck was retired.
    """

    class_id: int
    assignment: str
    title: str
    version_id: int
    deck: str
    deck_title: str
    slug: str
    stem: str
    reason: Reason


def regrades_offered(session: Session, class_ids: Collection[int]) -> list[Offer]:
    """What the teachers of these classes are to be asked: two statements, whatever their number.

    A question whose wording alone was changed is no reason to ask.
    """
    return _offers(session, _CHANGED.where(Assignment.class_id.in_(class_ids)))


def regrades_offered_about(session: Session, viewer: Viewer, question_id: int) -> list[Offer]:
    """The same for one question, in the classes that a viewer teaches; an admin's are all."""
    classes = select(ClassTeacher.class_id).where(ClassTeacher.account_id == viewer.account_id)
    seen = true() if viewer.is_admin else Assignment.class_id.in_(classes)
    return _offers(session, _CHANGED.where(Question.id == question_id, seen))


def _offers(session: Session, changed: Select[*tuple[Any, ...]]) -> list[Offer]:
    rows = [row for row in session.execute(changed) if tally.ItemTally.from_dict(row.tally).n]
    versions = {row.version_id for row in rows} | {row.current_id for row in rows}
    contents = questions_of_versions(session, versions - {None}) if rows else {}
    return [offer for row in rows if (offer := _offer(row, contents)) is not None]


def _in_force(assignment_id: Any, version_id: Any) -> Any:
    return and_(
        Regrade.assignment_id == assignment_id,
        Regrade.version_id == version_id,
        Regrade.undone_at.is_(None),
    )


_CURRENT = aliased(QuestionVersion)
_IS_UNDECIDED = or_(
    Regrade.id.is_(None),
    and_(
        Regrade.ruling.not_in([Ruling.FULL, Ruling.IGNORE]),
        or_(
            _CURRENT.created_at > Regrade.decided_at,
            Question.retired_at > Regrade.decided_at,
            Deck.retired_at > Regrade.decided_at,
        ),
    ),
)
_CHANGED = (
    select(
        Assignment.class_id,
        Assignment.public_id,
        Assignment.title,
        QuestionVersion.id.label("version_id"),
        _CURRENT.id.label("current_id"),
        _CURRENT.created_at.label("current_since"),
        Deck.slug.label("deck"),
        Deck.title.label("deck_title"),
        Question.slug,
        QuestionVersion.stem,
        Question.retired_at,
        Deck.retired_at.label("deck_retired_at"),
        Regrade.ruling,
        Regrade.keys,
        Regrade.decided_at,
        ItemTally.tally,
    )
    .select_from(Assignment)
    .join(AssignmentDeck, AssignmentDeck.assignment_id == Assignment.id)
    .join(Deck, Deck.id == AssignmentDeck.deck_id)
    .join(Question, Question.deck_id == Deck.id)
    .join(QuestionVersion, QuestionVersion.question_id == Question.id)
    # Whether it was asked is read off its tally: looking for an item takes the longer the more
    # answers there are.
    .join(
        ItemTally,
        and_(
            ItemTally.scope == Scope.ASSIGNMENT,
            ItemTally.scope_id == Assignment.id,
            ItemTally.is_first.is_(False),
            ItemTally.version_id == QuestionVersion.id,
        ),
    )
    .outerjoin(
        _CURRENT,
        and_(
            _CURRENT.question_id == Question.id,
            _CURRENT.is_current,
            _CURRENT.id != QuestionVersion.id,
        ),
    )
    .outerjoin(Regrade, _in_force(Assignment.id, QuestionVersion.id))
    .where(
        or_(
            _CURRENT.id.is_not(None),
            Question.retired_at.is_not(None),
            Deck.retired_at.is_not(None),
        ),
        _IS_UNDECIDED,
    )
    .order_by(Assignment.id, Deck.position, Question.position, QuestionVersion.id)
)


def _offer(row: Any, contents: dict[int, Content]) -> Offer | None:
    reason = _reason(row, contents)
    if reason is None:
        return None
    return Offer(
        row.class_id,
        row.public_id,
        row.title,
        row.version_id,
        row.deck,
        row.deck_title,
        row.slug,
        row.stem,
        reason,
    )


def _reason(row: Any, contents: dict[int, Content]) -> Reason | None:
    if _is_since(row.retired_at, row):
        return "retired"
    if _has_another_key(row, contents):
        return "key"
    # Who has graded answers anew has settled what is right, whether it is on offer or not.
    is_graded_anew = row.ruling == Ruling.REGRADE
    return "deck" if _is_since(row.deck_retired_at, row) and not is_graded_anew else None


def _is_since(moment: datetime | None, row: Any) -> bool:
    """Whether something has happened, and after what was decided last."""
    return moment is not None and (row.decided_at is None or moment > row.decided_at)


def _has_another_key(row: Any, contents: dict[int, Content]) -> bool:
    if not _is_since(row.current_since, row):
        return False
    asked, current = contents[row.version_id], contents[row.current_id]
    keys = asked.keys if row.keys is None else frozenset(from_letters(row.keys))
    return carried_over(asked, current) != keys
