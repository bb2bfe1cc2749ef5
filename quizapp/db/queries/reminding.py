"""Who wants to be told what is due, by mail or in a calendar."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.db.models import Account, Reminders, StudySettings


@dataclass(frozen=True, slots=True)
class Telling:
    """How a learner is told what is due; `feed_token` is None without a calendar."""

    email: str | None
    confirmed_email: str | None = None
    reminders: str = Reminders.NEVER
    feed_token: str | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether mail may go to the account's address."""
        return self.email is not None and self.email == self.confirmed_email


def telling_of(session: Session, account_id: int) -> Telling:
    """How someone is told. Raises NoResultFound where there is no such account."""
    email, confirmed_email, how_often, feed_token = session.execute(
        select(
            Account.email,
            StudySettings.confirmed_email,
            StudySettings.reminders,
            StudySettings.feed_token,
        )
        .outerjoin(StudySettings, StudySettings.account_id == Account.id)
        .where(Account.id == account_id)
    ).one()
    return Telling(email, confirmed_email, how_often or Reminders.NEVER, feed_token)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Someone who wants reminders: where to, how often, in which time zone, and the last one."""

    account_id: int
    name: str
    email: str
    reminders: str
    zone: str
    reminded_at: datetime | None


def subscribers(session: Session) -> list[Subscriber]:
    """Everyone who wants reminders and has confirmed the address that they have now."""
    rows = session.execute(
        select(
            Account.id,
            Account.name,
            Account.email,
            StudySettings.reminders,
            StudySettings.zone,
            StudySettings.reminded_at,
        )
        .join(StudySettings, StudySettings.account_id == Account.id)
        .where(
            StudySettings.reminders != Reminders.NEVER,
            Account.name.is_not(None),
            Account.email == StudySettings.confirmed_email,
        )
        .order_by(Account.id)
    )
    return [Subscriber(*row) for row in rows]


def account_with_feed(session: Session, feed_token: str) -> int | None:
    """Whose calendar of due days has this token, None where nobody's has."""
    return session.scalar(
        select(StudySettings.account_id).where(StudySettings.feed_token == feed_token)
    )
