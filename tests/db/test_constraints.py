"""What the schema itself refuses, so that no race and no slip of the code can write it."""

from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from quizapp.db.models import (
    Account,
    Attempt,
    Base,
    Choice,
    Deck,
    Item,
    Passage,
    Question,
    QuestionFile,
    QuestionVersion,
    Response,
    SignInLink,
    Source,
)
from tests.support import cast
from tests.support.cast import NOW


@pytest.fixture
def attempt(session):
    """The attempt of a guest who has answered its first item."""
    cast.load(session)
    guest = cast.guest(session)
    public_id = cast.begin(session, guest)
    cast.answer(session, guest, public_id, 1)
    return session.scalars(select(Attempt).where(Attempt.public_id == public_id)).one()


def copied(row: Base, **changes: Any) -> dict[str, Any]:
    """A row's values but for its number, with changes."""
    values = {c.name: getattr(row, c.name) for c in row.__table__.columns if c.name != "id"}
    return values | changes


def refused(session, statement):
    with pytest.raises(IntegrityError):
        session.execute(statement)
    session.rollback()


@pytest.mark.parametrize(
    ("table", "changes"),
    [
        (Attempt, {"start_key": "another-key"}),  # the public id is taken
        (Attempt, {"public_id": "another"}),  # the start key is taken
        (Item, {}),
        (Response, {}),
        (Question, {}),
        (QuestionVersion, {"is_current": False}),  # the content is the same
        (QuestionVersion, {"content_hash": "another"}),  # another one is current
        (Choice, {}),
        (QuestionFile, {}),
        (Source, {}),
        (Passage, {}),
        (Deck, {}),
        (Account, {"name": None, "name_key": None}),  # the session key is taken
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else ",".join(value) or "as it is",
)
def test_what_must_be_there_once_cannot_be_there_twice(session, attempt, table, changes):
    row = session.scalars(select(table)).first()
    refused(session, insert(table).values(copied(row, **changes)))


def test_two_accounts_cannot_share_a_name(session):
    named = {"name": "Ada", "name_key": "ada", "password_hash": "x", "role": "learner"}
    session.execute(insert(Account).values(session_key="a", created_at=NOW, **named))
    session.commit()
    refused(session, insert(Account).values(session_key="b", created_at=NOW, **named))


@pytest.mark.parametrize(
    "statement",
    [
        update(Attempt).values(answered=Attempt.size + 1),
        update(Attempt).values(answered=-1),
        update(Attempt).values(marks="r"),
        update(Attempt).values(mode="exam"),
        update(Response).values(certainty=0),
        update(Response).values(certainty=4),
        update(QuestionVersion).values(responses=-1),
        update(Choice).values(chosen=-1),
        update(QuestionFile).values(state="lost"),
        update(Account).values(role="owner"),
        update(Account).values(name="ada"),
        update(Account).values(name="ada", name_key="ada"),
    ],
    ids=str,
)
def test_a_value_that_makes_no_sense_is_refused(session, attempt, statement):
    refused(session, statement)


@pytest.mark.parametrize(
    "statement",
    [
        update(Attempt).values(account_id=999),
        update(Item).values(version_id=999),
        insert(Response).values(
            item_id=999,
            chosen="a",
            credit=Fraction(1),
            answered_at=NOW,
        ),
        delete(QuestionVersion),
        delete(Deck),
    ],
    ids=["attempt", "item", "response", "served version", "deck with questions"],
)
def test_nothing_may_point_at_what_is_not_there(session, attempt, statement):
    refused(session, statement)


def test_an_account_takes_its_attempts_answers_and_links_along(session, attempt):
    session.execute(
        insert(SignInLink).values(token_digest="d", account_id=attempt.account_id, expires_at=NOW)
    )
    session.execute(delete(Account))
    left = [session.scalars(select(t)).all() for t in (Attempt, Item, Response, SignInLink)]
    assert left == [[], [], [], []]
