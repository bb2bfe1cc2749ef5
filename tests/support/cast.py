"""Who plays in the tests, and how they come to have answered something: through our operations."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from quizapp.db.models import Account, Role
from quizapp.db.queries.accounts import viewer_with_session_key
from quizapp.db.queries.attempts import ItemView, item_of
from quizapp.db.queries.decks import current_version_ids
from quizapp.db.queries.versions import questions_of_versions
from quizapp.domain.questions import Question
from quizapp.operations import accounts
from quizapp.operations.answering import Answer, Outcome, Start, start_practice, submit_response
from quizapp.operations.library import SyncReport, sync
from tests.support import bank
from tests.support.copies import Copied
from tests.support.databases import engine_of

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
PASSWORD = "a calm reading room"
CHEAP_HASHER = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1)
"""The real one takes 30 ms, which tests that are not about it need not wait for."""


@dataclass(frozen=True)
class Person:
    """Someone with an account."""

    account_id: int
    session_key: str
    name: str | None = None


@dataclass(frozen=True)
class Cast:
    """ada studies, grace teaches, mallory has an account and no business with ada's."""

    ada: Person
    grace: Person
    mallory: Person


@contextmanager
def sessions(url: str) -> Iterator[Session]:
    """A session on a database that one of `tests.support.databases` lends."""
    with Session(engine_of(url)) as session:
        yield session


def sync_files(
    session: Session, files: Mapping[str, str] = bank.FILES, now: datetime = NOW
) -> SyncReport:
    """Sync these files."""
    return sync(session, *bank.read(files), now)


def load(
    session: Session, files: Mapping[str, str] = bank.FILES, now: datetime = NOW
) -> SyncReport:
    """Have these files in the database; what a sync does itself is seen with `sync_files`."""
    if files is bank.FILES and now == NOW:
        return _BANK.done(session)
    return sync_files(session, files, now)


def register(session: Session, name: str, role: Role = Role.LEARNER) -> Person:
    """Sign someone up with PASSWORD."""
    chance = Random(name)
    key = accounts.sign_up(session, None, accounts.Identity(name, PASSWORD), chance, NOW)
    person = _person(session, key, name)
    if role is not Role.LEARNER:
        session.get_one(Account, person.account_id).role = role
        session.commit()
    return person


def guest(session: Session, seed: str = "guest") -> Person:
    """Someone who began without a name."""
    return _person(session, accounts.become_guest(session, Random(seed), NOW))


def everyone(session: Session) -> Cast:
    """The whole cast, signed up."""
    return _EVERYONE.done(session)


def _sign_up_everyone(session: Session) -> Cast:
    with pytest.MonkeyPatch.context() as patch:  # whoever asks first, the copies are for all
        patch.setattr(accounts, "_HASHER", CHEAP_HASHER)
        return Cast(
            ada=register(session, "ada"),
            grace=register(session, "grace", Role.INSTRUCTOR),
            mallory=register(session, "mallory"),
        )


def begin(
    session: Session,
    person: Person,
    *decks: str,
    start_key: str = "start-key-1",
    count: int | None = None,
    now: datetime = NOW,
    seed: int = 1,
) -> str:
    """Start an attempt on these decks (the rivers if none is named) and return its public id."""
    versions = current_version_ids(session, decks or ("rivers",), now)
    start = Start(versions, "Practice", start_key, count=count)
    chance = Random(f"{seed} {person.account_id} {start_key}")
    return start_practice(session, person.account_id, start, chance, now)


def item_at(session: Session, person: Person, attempt: str, position: int) -> ItemView:
    """The item as its page reads it."""
    item = item_of(session.connection(), person.session_key, attempt, position)
    assert item is not None
    return item


def question_of(session: Session, item: ItemView) -> Question:
    """What an item asks."""
    return questions_of_versions(session, [item.version_id])[item.version_id]


def answer(
    session: Session,
    person: Person,
    attempt: str,
    position: int,
    chosen: frozenset[int] | None = None,
    certainty: int | None = None,
    now: datetime = NOW,
) -> Outcome:
    """Answer an item with these choices, with its key if none are given."""
    item = item_at(session, person, attempt, position)
    question = question_of(session, item)
    given = Answer(question.keys if chosen is None else chosen, certainty)
    return submit_response(session, item, question, given, now)


def _person(session: Session, session_key: str, name: str | None = None) -> Person:
    viewer = viewer_with_session_key(session, session_key)
    assert viewer is not None
    return Person(viewer.account_id, session_key, name)


_BANK = Copied(sync_files)
_EVERYONE = Copied(_sign_up_everyone)
