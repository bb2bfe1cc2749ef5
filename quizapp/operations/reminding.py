"""Telling learners what is due: by mail to an address that is theirs, or in a calendar."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from random import Random
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp.db.models import Account, Reminders, StudySettings
from quizapp.db.queries.reminding import Subscriber, subscribers
from quizapp.db.queries.reviewing import Study
from quizapp.db.transactions import writing
from quizapp.domain.studying.days import days_between
from quizapp.domain.tokens import token
from quizapp.mail import NotSent
from quizapp.operations.review_sessions import agenda
from quizapp.operations.reviewing import hold
from quizapp.operations.studying import keep_settings

MORNING = time(7)
"""Local time before which the server sends no reminder by itself."""

DAYS = {Reminders.DAILY: 1, Reminders.WEEKLY: 7}
"""Study days from one reminder to the next."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reminder:
    """What to write to someone: `due` questions wait for them."""

    subscriber: Subscriber
    due: int


def choose_reminders(session: Session, account_id: int, how_often: Reminders) -> None:
    """Keep how often someone wants to be reminded."""
    _keep(session, account_id, reminders=how_often)


def confirm_address(session: Session, account_id: int, email: str) -> bool:
    """Let reminders go to an address; False where it is no longer the account's."""
    with writing(session) as connection:
        known = connection.scalar(select(Account.email).where(Account.id == account_id))
        if known != email:
            return False
        hold(connection, account_id)
        keep_settings(connection, account_id, {"confirmed_email": email})
    return True


def stop_reminders(session: Session, account_id: int) -> None:
    """Send someone no more reminders; nothing where there were none."""
    with writing(session) as connection:
        connection.execute(
            update(StudySettings)
            .where(StudySettings.account_id == account_id)
            .values(reminders=Reminders.NEVER)
        )


def make_feed(session: Session, account_id: int, random: Random) -> str:
    """Give someone's calendar of due days a new address and return its token.

    The old address, if there was one, leads nowhere from now on.
    """
    feed_token = token(random, 256)
    _keep(session, account_id, feed_token=feed_token)
    return feed_token


def remove_feed(session: Session, account_id: int) -> None:
    """Take someone's calendar of due days from the net."""
    _keep(session, account_id, feed_token=None)


def _keep(session: Session, account_id: int, **changes: Any) -> None:
    with writing(session) as connection:
        hold(connection, account_id)
        keep_settings(connection, account_id, changes)


@dataclass(frozen=True, slots=True)
class Sent:
    """How many reminders the mail server took, and how many were not sent for whatever reason."""

    taken: int
    refused: int


def send_reminders(
    session: Session,
    send: Callable[[Reminder], None],
    now: datetime,
    earliest: time = time.min,
) -> Sent:
    """Send who wants it what is due, at most once in a study day or a week, and never for nothing.

    Before the local time `earliest` nobody gets one. What `send` raises NotSent for is logged, and
    is due again, if it was not refused for good; whoever else sends at the same time sends nobody
    the same. What goes wrong with one learner is logged and keeps nothing from the others.
    """
    outcomes = [_remind(session, each, send, now, earliest) for each in subscribers(session)]
    return Sent(outcomes.count(True), outcomes.count(False))


def _remind(
    session: Session,
    subscriber: Subscriber,
    send: Callable[[Reminder], None],
    now: datetime,
    earliest: time,
) -> bool | None:
    """Whether the reminder that is due was sent, None where none is."""
    zone = Study(zone=subscriber.zone).settings.zone
    if now.astimezone(zone).time() < earliest or not _wants_one(subscriber, now):
        return None
    try:
        due = len(agenda(session, subscriber.account_id, now).due)
        if not due or not _claim(session, subscriber, now):
            return None
        send(Reminder(subscriber, due))
    except NotSent as error:
        log.error("A reminder was not sent: %s", error)  # noqa: TRY400  # no fault of ours to trace
        if not error.is_final:
            _give_back(session, subscriber, now)
        return False
    except Exception:
        log.exception("No reminder could be made for account %s.", subscriber.account_id)
        session.rollback()
        return False
    return True


def _wants_one(subscriber: Subscriber, now: datetime) -> bool:
    if subscriber.reminded_at is None:
        return True
    zone = Study(zone=subscriber.zone).settings.zone
    days = days_between(subscriber.reminded_at, now, zone)
    return days >= DAYS[Reminders(subscriber.reminders)]


def _claim(session: Session, subscriber: Subscriber, now: datetime) -> bool:
    """Note that someone is reminded now, unless another sender was first."""
    return _set_reminded_at(session, subscriber, subscriber.reminded_at, now)


def _give_back(session: Session, subscriber: Subscriber, now: datetime) -> None:
    _set_reminded_at(session, subscriber, now, subscriber.reminded_at)


def _set_reminded_at(
    session: Session, subscriber: Subscriber, before: datetime | None, after: datetime | None
) -> bool:
    with writing(session) as connection:
        changed = connection.execute(
            update(StudySettings)
            .where(
                StudySettings.account_id == subscriber.account_id,
                StudySettings.reminders == subscriber.reminders,
                StudySettings.reminded_at.is_(None)
                if before is None
                else StudySettings.reminded_at == before,
            )
            .values(reminded_at=after)
        )
    return changed.rowcount == 1
