"""Who is asking."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.db.models import Account, Attempt, Role, SignInLink


@dataclass(frozen=True, slots=True)
class Viewer:
    """The account behind a request; a visitor who has none yet has id 0."""

    account_id: int = 0
    name: str | None = None
    role: str = Role.LEARNER

    @property
    def is_known(self) -> bool:
        return self.account_id != 0

    @property
    def is_guest(self) -> bool:
        return self.is_known and self.name is None

    @property
    def is_registered(self) -> bool:
        return self.name is not None

    @property
    def is_instructor(self) -> bool:
        """Whether they may teach; an admin is an instructor, too."""
        return self.role in {Role.INSTRUCTOR, Role.ADMIN}

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN


def viewer_with_session_key(session: Session, session_key: str) -> Viewer | None:
    """The account whose sessions hold this key, None where it was changed or deleted."""
    row = session.execute(
        select(Account.id, Account.name, Account.role).where(Account.session_key == session_key)
    ).one_or_none()
    return Viewer(*row) if row else None


def account_named(session: Session, name_key: str) -> Account | None:
    """The account with this name, compared as `quizapp.domain.names.key` makes it."""
    return session.scalars(select(Account).where(Account.name_key == name_key)).one_or_none()


def own_account(session: Session, account_id: int) -> Account:
    """The account with this id. Raises NoResultFound where it was deleted meanwhile."""
    return session.get_one(Account, account_id)


def links_by_others(session: Session, account_id: int) -> list[SignInLink]:
    """The one-time links to an account that others made, newest first."""
    return list(
        session.scalars(
            select(SignInLink)
            .where(SignInLink.account_id == account_id, SignInLink.maker.is_not(None))
            .order_by(SignInLink.made_at.desc())
        )
    )


def attempt_count(session: Session, account_id: int) -> int:
    """How many attempts an account has begun."""
    return (
        session.scalar(
            select(func.count()).select_from(Attempt).where(Attempt.account_id == account_id)
        )
        or 0
    )
