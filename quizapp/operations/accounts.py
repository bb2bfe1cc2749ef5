"""Accounts: guests, sign-up, sign-in, passwords, one-time links, deletion."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.db.models import Account, Attempt, Item, Role, SignInLink
from quizapp.db.queries.accounts import account_named
from quizapp.db.transactions import writing
from quizapp.domain import names
from quizapp.domain.tokens import token
from quizapp.operations.tallies import recount

LINK_LIFETIME = timedelta(hours=48)

# 19 MiB, 2 passes, 1 lane: the smallest that OWASP's password storage cheat sheet recommends.
_HASHER = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)
# Verified when nobody has the name, so that the time taken does not say whether someone does.
_NOBODY = _HASHER.hash("nobody has this password")


class NameTaken(Exception):
    """Somebody has this name already."""


def become_guest(session: Session, random: Random, now: datetime) -> str:
    """Make an account without a name and return its session key."""
    session_key = token(random, 256)
    with writing(session) as connection:
        connection.execute(
            insert(Account).values(session_key=session_key, role=Role.LEARNER, created_at=now)
        )
    return session_key


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes a guest a registered learner."""

    name: str
    password: str
    email: str = ""


def sign_up(
    session: Session, guest_id: int | None, identity: Identity, random: Random, now: datetime
) -> str:
    """Give a guest a name and password (or make a new account) and return its new session key.

    The guest's attempts stay where they are: the account is the same one. Raises NameTaken.
    """
    session_key = token(random, 256)
    values = {
        "name": names.tidy(identity.name),
        "name_key": names.key(identity.name),
        "email": identity.email or None,
        "password_hash": _HASHER.hash(identity.password),
        "session_key": session_key,
    }
    try:
        with writing(session) as connection:
            changed = connection.execute(
                update(Account)
                .where(Account.id == guest_id, Account.name.is_(None))
                .values(**values)
            )
            if changed.rowcount == 0:
                connection.execute(
                    insert(Account).values(role=Role.LEARNER, created_at=now, **values)
                )
    except IntegrityError as error:
        raise NameTaken(identity.name) from error
    return session_key


def sign_in(session: Session, guest_id: int | None, name: str, password: str) -> str | None:
    """The session key of the account, None where name or password is wrong.

    What a guest did in this browser moves to the account.
    """
    account = account_named(session, names.key(name))
    stored = account.password_hash if account else None
    if not _matches(stored or _NOBODY, password) or account is None:
        return None
    account_id, session_key = account.id, account.session_key
    if stored and _HASHER.check_needs_rehash(stored):
        with writing(session) as connection:
            connection.execute(
                update(Account)
                .where(Account.id == account_id)
                .values(password_hash=_HASHER.hash(password))
            )
    adopt_guest(session, guest_id, account_id)
    return session_key


def adopt_guest(session: Session, guest_id: int | None, account_id: int) -> None:
    """Move a guest's attempts to an account and delete the guest; nothing where there is none."""
    if guest_id is None or guest_id == account_id:
        return
    with writing(session) as connection:
        guest = connection.execute(
            select(Account.id).where(Account.id == guest_id, Account.name.is_(None))
        ).scalar_one_or_none()
        if guest is None:
            return
        # Both may have sent one start form; a public id is nobody else's start key.
        connection.execute(
            update(Attempt)
            .where(Attempt.account_id == guest)
            .values(account_id=account_id, start_key=Attempt.public_id)
        )
        connection.execute(delete(Account).where(Account.id == guest))


def change_password(
    session: Session, account_id: int, old: str, new: str, random: Random
) -> str | None:
    """Set a new password and return the new session key, which ends all other sessions.

    None where the old password is wrong.
    """
    account = session.get_one(Account, account_id)
    if not _matches(account.password_hash or _NOBODY, old):
        return None
    return set_password(session, account_id, new, random)


def set_password(session: Session, account_id: int, new: str, random: Random) -> str:
    """Set a password whoever asks; for someone who came by a one-time link."""
    session_key = token(random, 256)
    password_hash = _HASHER.hash(new)
    with writing(session) as connection:
        connection.execute(
            update(Account)
            .where(Account.id == account_id)
            .values(password_hash=password_hash, session_key=session_key)
        )
    return session_key


def knows_password(session: Session, account_id: int, password: str) -> bool:
    """Whether this is the account's password."""
    return _matches(session.get_one(Account, account_id).password_hash or _NOBODY, password)


def delete_account(session: Session, account_id: int) -> None:
    """Delete an account with all its attempts and answers, and take them out of the tallies."""
    with writing(session) as connection:
        versions = connection.scalars(
            select(Item.version_id).join(Attempt).where(Attempt.account_id == account_id).distinct()
        ).all()
        connection.execute(delete(Account).where(Account.id == account_id))
        recount(connection, versions)


def create_instructor(session: Session, name: str, random: Random, now: datetime) -> str:
    """Make an instructor account and return the token of a one-time link that signs it in.

    The password is one nobody knows until they set their own after following the link. Where
    an account has the name, it becomes an instructor and gets a link, too.
    """
    if account_named(session, names.key(name)) is None:
        sign_up(session, None, Identity(name, token(random, 256)), random, now)
    with writing(session) as connection:
        account_id = connection.execute(
            update(Account)
            .where(Account.name_key == names.key(name))
            .values(role=Role.INSTRUCTOR)
            .returning(Account.id)
        ).scalar_one()
        return _new_link(connection, account_id, random, now)


def create_link(session: Session, name: str, random: Random, now: datetime) -> str | None:
    """The token of a one-time link to the account of this name, None where there is none.

    For someone who forgot their password; it changes nothing until it is used.
    """
    with writing(session) as connection:
        account_id = connection.scalar(
            select(Account.id).where(Account.name_key == names.key(name))
        )
        return _new_link(connection, account_id, random, now) if account_id else None


def _new_link(connection: Connection, account_id: int, random: Random, now: datetime) -> str:
    link = token(random, 256)
    connection.execute(
        insert(SignInLink).values(
            token_digest=_digest(link), account_id=account_id, expires_at=now + LINK_LIFETIME
        )
    )
    return link


def link_account(session: Session, link: str, now: datetime) -> Account | None:
    """Whose one-time link this is, None where it was used, has expired or never was."""
    return session.scalars(
        select(Account)
        .join(SignInLink, SignInLink.account_id == Account.id)
        .where(
            SignInLink.token_digest == _digest(link),
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > now,
        )
    ).one_or_none()


def use_link(
    session: Session, link: str, password: str, random: Random, now: datetime
) -> str | None:
    """Use up a one-time link, set the password and return the session key; None if it is void."""
    session_key = token(random, 256)
    password_hash = _HASHER.hash(password)
    with writing(session) as connection:
        account_id = connection.execute(
            update(SignInLink)
            .where(
                SignInLink.token_digest == _digest(link),
                SignInLink.used_at.is_(None),
                SignInLink.expires_at > now,
            )
            .values(used_at=now)
            .returning(SignInLink.account_id)
        ).scalar_one_or_none()
        if account_id is None:
            return None
        connection.execute(
            update(Account)
            .where(Account.id == account_id)
            .values(password_hash=password_hash, session_key=session_key)
        )
    return session_key


def _digest(link: str) -> str:
    return hashlib.sha256(link.encode()).hexdigest()


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
