"""Graded work for the tests: assignments made as rows, attempts taken through our operations."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import count
from random import Random
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from quizapp.db import models
from quizapp.db.models import (
    Assignment,
    AssignmentDeck,
    Attempt,
    Class,
    Deck,
    EndedBy,
    Item,
    QuestionVersion,
    Response,
    SavedAnswer,
)
from quizapp.db.queries.attempts import from_letters
from quizapp.db.queries.sitting import ExamItem, exam_items
from quizapp.db.queries.versions import questions_of_versions
from quizapp.domain.graded.policy import PRESETS, Policy, Shown, Stage
from quizapp.domain.graded.pools import Pool
from quizapp.domain.graded.timing import Window
from quizapp.domain.questions import Question
from quizapp.operations import sitting
from quizapp.operations.sitting import Outcome, Sent
from tests.support.cast import NOW, Person

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
EXAM, HOMEWORK, PRACTICE = (PRESETS[name].policy for name in ("exam", "homework", "practice"))

_numbers = count(1)


def review(**stages: str) -> frozenset[tuple[Shown, Stage]]:
    """The review matrix: what is shown, named in one text, by stage."""
    return frozenset(
        (Shown(shown), Stage(stage)) for stage, names in stages.items() for shown in names.split()
    )


def make_assignment(
    session: Session,
    school_class: Class,
    policy: Policy = EXAM,
    decks: Sequence[str] = ("rivers",),
    pools: Sequence[Pool] | None = None,
    window: Window | None = None,
    title: str = "The rivers exam",
    **columns: Any,
) -> Assignment:
    """A published assignment on these decks, open from an hour before NOW until a day after."""
    session.rollback()
    times = window or Window(NOW - HOUR, None, NOW + timedelta(days=1))
    values = {
        "public_id": f"assignment-{next(_numbers)}",
        "class_id": school_class.id,
        "title": title,
        "instructions": "Work alone.",
        "opens_at": times.opens_at,
        "due_at": times.due_at,
        "closes_at": times.closes_at,
        "policy": policy.as_dict(),
        "pools": [pool.as_dict() for pool in pools or [Pool(decks=tuple(decks))]],
        "created_at": NOW,
        "published_at": NOW,
        **columns,
    }
    assignment_id = session.execute(
        insert(Assignment).values(**values).returning(Assignment.id)
    ).scalar_one()
    ids = session.scalars(select(Deck.id).where(Deck.slug.in_(decks))).all()
    session.execute(
        insert(AssignmentDeck), [{"assignment_id": assignment_id, "deck_id": i} for i in ids]
    )
    session.commit()
    return session.get_one(Assignment, assignment_id)


def change_policy(session: Session, assignment_id: int, policy: Policy) -> None:
    """Let an assignment have another policy."""
    session.rollback()
    values = {"policy": policy.as_dict()}
    session.execute(update(Assignment).where(Assignment.id == assignment_id).values(**values))
    session.commit()


def grant(
    session: Session,
    enrolment_id: int,
    assignment_id: int | None = None,
    now: datetime = NOW,
    **granted: Any,
) -> None:
    """Accommodate a student, and let running attempts have what that gives."""
    session.rollback()
    session.execute(
        insert(models.Accommodation).values(
            enrolment_id=enrolment_id, assignment_id=assignment_id, **granted
        )
    )
    ids: Iterable[int] = (
        [assignment_id] if assignment_id else session.scalars(select(Assignment.id))
    )
    for each in list(ids):
        sitting.extend_deadlines(session.connection(), each, now)
    session.commit()


def begin(
    session: Session,
    person: Person,
    assignment: Assignment | int,
    start_key: str = "start-key-1",
    now: datetime = NOW,
    seed: int = 1,
) -> int:
    """Start an attempt (or find the one begun) and return its id."""
    assignment_id = assignment if isinstance(assignment, int) else assignment.id
    chance = Random(f"{seed} {assignment_id} {person.account_id} {start_key}")
    public_id = sitting.start(session, assignment_id, person.account_id, start_key, chance, now)
    return id_of(session, public_id)


def id_of(session: Session, public_id: str) -> int:
    return session.scalars(select(Attempt.id).where(Attempt.public_id == public_id)).one()


def attempt(session: Session, attempt_id: int) -> Attempt:
    """The attempt as it is kept now."""
    session.rollback()
    return session.get_one(Attempt, attempt_id, populate_existing=True)


def item_at(session: Session, attempt_id: int, position: int) -> ExamItem:
    return exam_items(session, attempt_id)[position - 1]


def question_at(session: Session, attempt_id: int, position: int) -> Question:
    version = item_at(session, attempt_id, position).version_id
    return questions_of_versions(session, [version])[version]


def right(session: Session, attempt_id: int, position: int) -> frozenset[int]:
    """The keys of an item."""
    return question_at(session, attempt_id, position).keys


def wrong(session: Session, attempt_id: int, position: int) -> frozenset[int]:
    """One distractor of an item."""
    question = question_at(session, attempt_id, position)
    return frozenset({min(set(range(len(question.choices))) - question.keys)})


def save(
    session: Session,
    attempt_id: int,
    position: int,
    chosen: frozenset[int],
    key: str | None = None,
    now: datetime = NOW,
    certainty: int | None = None,
    age_ms: int = 0,
) -> Outcome:
    """Save one answer."""
    sent = Sent(position, chosen, certainty, key or f"key-{next(_numbers)}", age_ms)
    return sitting.save(session, attempt_id, [sent], now).outcomes[sent.key]


def check(
    session: Session,
    attempt_id: int,
    position: int,
    chosen: frozenset[int],
    tries: int = 0,
    now: datetime = NOW,
    certainty: int | None = None,
) -> Outcome:
    """Have one answer judged."""
    sent = Sent(position, chosen, certainty, "")
    return sitting.check(session, attempt_id, sent, tries, now)


def submit(
    session: Session, attempt_id: int, now: datetime = NOW, by: EndedBy = EndedBy.LEARNER
) -> Attempt:
    """Submit an attempt and return it as it is then."""
    sitting.submit(session, attempt_id, by, now)
    return attempt(session, attempt_id)


def kept(session: Session, attempt_id: int) -> dict[int, tuple[frozenset[int], int | None, int]]:
    """What is kept of an attempt's answers: choices, certainty and tries by position."""
    session.rollback()
    return {
        item.position: (item.answer.chosen, item.answer.certainty, item.answer.tries)
        for item in exam_items(session, attempt_id)
        if item.answer
    }


def log(session: Session, attempt_id: int) -> list[tuple[int, frozenset[int], str]]:
    """Every answer that was sent, in the order of receipt: position, choices, outcome."""
    session.rollback()
    rows = session.execute(
        select(Item.position, SavedAnswer.chosen, SavedAnswer.outcome)
        .join(Item, Item.id == SavedAnswer.item_id)
        .where(SavedAnswer.attempt_id == attempt_id)
        .order_by(SavedAnswer.received_at, SavedAnswer.key)
    )
    return [
        (position, frozenset(from_letters(chosen)), outcome) for position, chosen, outcome in rows
    ]


def practice_tallies(session: Session) -> tuple[int, Fraction, int]:
    """All that practice tallies count."""
    session.rollback()
    versions = session.scalars(select(QuestionVersion)).all()
    picked = session.scalars(select(models.Choice.chosen)).all()
    return (
        sum(version.responses for version in versions),
        sum((version.credit for version in versions), Fraction(0)),
        sum(picked),
    )


def responses(session: Session) -> int:
    return len(session.scalars(select(Response.item_id)).all())


def for_access(session: Session, school_class: Class, ada: Person) -> None:
    """What `tests.web.access.graded` asks for: an exam, and ada's open attempt at it.

    The times are those of the real clock, which the app has in that test.
    """
    now = datetime.now(UTC)
    window = Window(now - HOUR, None, now + timedelta(days=1))
    exam = make_assignment(session, school_class, window=window, public_id="rivers-exam")
    attempt_id = begin(session, ada, exam, now=now)
    session.execute(
        update(Attempt).where(Attempt.id == attempt_id).values(public_id="adas-attempt")
    )
    session.commit()
