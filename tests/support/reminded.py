"""A learner who wants reminders and has something due."""

from datetime import timedelta

from sqlalchemy.orm import Session

from quizapp.db.models import Reminders
from quizapp.operations import accounts
from quizapp.operations.reminding import choose_reminders, confirm_address
from tests.support import cast
from tests.support.cast import NOW, Person

ADDRESS = "ada@example.org"
LATER = NOW + timedelta(days=40)
"""Nine in the morning UTC, when all that was practised at NOW is due."""


def subscriber(session: Session, name: str = "ada", address: str = ADDRESS) -> Person:
    """Someone who has answered the rivers at NOW, with daily reminders to a confirmed address."""
    cast.load(session)
    person = cast.register(session, name)
    accounts.change_email(session, person.account_id, address)
    attempt = cast.begin(session, person)
    for position in range(1, 5):
        cast.answer(session, person, attempt, position)
    choose_reminders(session, person.account_id, Reminders.DAILY)
    assert confirm_address(session, person.account_id, address)
    return person
