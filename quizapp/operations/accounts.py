"""Accounts: guests, sign-up, sign-in, passwords, one-time links, deletion."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Connection, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.db.models import (
    Account,
    Assignment,
    Attempt,
    AuditEvent,
    Enrolment,
    Item,
    PassageRead,
    ReviewCard,
    Role,
    SignInLink,
)
from quizapp.db.queries.accounts import account_named
from quizapp.db.queries.reviewing import TAKEN_BACK
from quizapp.db.transactions import writing
from quizapp.domain import names
from quizapp.domain.tokens import token
from quizapp.operations.statistics import forget
from quizapp.operations.tallies import recount

LINK_LIFETIME = timedelta(hours=48)
"""Of a link that the operator passes on; others live shorter."""

MAILED_LINK_LIFETIME = timedelta(hours=1)

# 19 MiB, 2 passes, 1 lane: the smallest that OWASP's password storage cheat sheet recommends.
_HASHER = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)
# Verified when nobody has the name, so that the time taken does not say whether someone does.
_NOBODY = _HASHER.hash("nobody has this password")


class NameTaken(Exception):
    """Somebody has this name already."""


class NoSuchAccount(Exception):
    """Nobody has this name."""


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
    """Move what a guest did to an account and delete the guest; nothing where there is none.

    In a class that the account is in as well, there are two students: there the guest stays one,
    with the graded work done there.
    """
    if guest_id is None or guest_id == account_id:
        return
    with writing(session) as connection:
        # Held, so that what another tab begins meanwhile is moved, too, not deleted.
        guest = connection.execute(
            select(Account.id)
            .where(Account.id == guest_id, Account.name.is_(None))
            .with_for_update()
        ).scalar_one_or_none()
        if guest is None:
            return
        _move_enrolments(connection, guest, account_id)
        _move_passages_read(connection, guest, account_id)
        stays_in = connection.scalars(
            select(Enrolment.class_id).where(Enrolment.account_id == guest)
        ).all()
        of_those = select(Assignment.id).where(Assignment.class_id.in_(stays_in))
        # In the order in which everybody holds attempts.
        theirs = select(Attempt.id).where(Attempt.account_id == guest).order_by(Attempt.id)
        connection.execute(theirs.with_for_update())
        # Both may have sent one start form; a public id is nobody else's start key.
        connection.execute(
            update(Attempt)
            .where(
                Attempt.account_id == guest,
                Attempt.assignment_id.is_(None) | Attempt.assignment_id.not_in(of_those),
            )
            .values(account_id=account_id, start_key=Attempt.public_id, folded=TAKEN_BACK)
        )
        # Cards follow from answers: the account's are made anew, the guest has none any more.
        connection.execute(delete(ReviewCard).where(ReviewCard.account_id == guest))
        if not stays_in:
            connection.execute(delete(Account).where(Account.id == guest))


def _move_passages_read(connection: Connection, guest: int, account_id: int) -> None:
    known = select(PassageRead.passage_id).where(PassageRead.account_id == account_id)
    shared = connection.scalars(known).all()
    connection.execute(
        update(PassageRead)
        .where(PassageRead.account_id == guest, PassageRead.passage_id.not_in(shared))
        .values(account_id=account_id)
    )


def _move_enrolments(connection: Connection, guest: int, account_id: int) -> None:
    known = select(Enrolment.class_id).where(Enrolment.account_id == account_id)
    shared = connection.scalars(known).all()
    connection.execute(
        update(Enrolment)
        .where(Enrolment.account_id == guest, Enrolment.class_id.not_in(shared))
        .values(account_id=account_id)
    )


def change_password(
    session: Session, account_id: int, old: str, new: str, random: Random, now: datetime
) -> str | None:
    """Set a new password and return the new session key, which ends all other sessions.

    None where the old password is wrong.
    """
    account = session.get_one(Account, account_id)
    if not _matches(account.password_hash or _NOBODY, old):
        return None
    return set_password(session, account_id, new, random, now)


def set_password(session: Session, account_id: int, new: str, random: Random, now: datetime) -> str:
    """Set a password whoever asks, and return the new session key, which ends all sessions.

    One-time links to the account that were not used are void.
    """
    session_key = token(random, 256)
    password_hash = _HASHER.hash(new)
    with writing(session) as connection:
        connection.execute(
            update(Account)
            .where(Account.id == account_id)
            .values(password_hash=password_hash, session_key=session_key)
        )
        _void_links(connection, account_id, now)
    return session_key


def change_email(session: Session, account_id: int, email: str) -> None:
    """Keep another e-mail address, or none where it is empty."""
    with writing(session) as connection:
        connection.execute(
            update(Account).where(Account.id == account_id).values(email=email or None)
        )


def knows_password(session: Session, account_id: int, password: str) -> bool:
    """Whether this is the account's password."""
    return _matches(session.get_one(Account, account_id).password_hash or _NOBODY, password)


def delete_account(session: Session, account_id: int) -> None:
    """Delete an account with all its attempts and answers, and take them out of the tallies.

    It leaves its classes, and its name leaves what is noted of a student. A class that nobody
    else teaches is left to the admins.
    """
    with writing(session) as connection:
        # Held, so that no attempt begins or ends while they are taken out of the tallies.
        connection.execute(select(Account.id).where(Account.id == account_id).with_for_update())
        # Who grants a student more time holds their place before their attempts.
        places = select(Enrolment.id).where(Enrolment.account_id == account_id)
        connection.execute(places.order_by(Enrolment.id).with_for_update())
        forget(connection, _attempts_of(connection, account_id))
        versions = connection.scalars(
            select(Item.version_id).join(Attempt).where(Attempt.account_id == account_id).distinct()
        ).all()
        _forget_student(connection, account_id)
        connection.execute(delete(Account).where(Account.id == account_id))
        recount(connection, versions)


def _attempts_of(connection: Connection, account_id: int) -> Sequence[int]:
    return connection.scalars(select(Attempt.id).where(Attempt.account_id == account_id)).all()


def _forget_student(connection: Connection, account_id: int) -> None:
    """What teachers did about a student stays noted, without saying about whom."""
    enrolments = select(Enrolment.id).where(Enrolment.account_id == account_id)
    items = select(Item.id).join(Attempt).where(Attempt.account_id == account_id)
    named = AuditEvent.details["enrolment"].as_integer().in_(enrolments)
    connection.execute(
        update(AuditEvent).where(named).values(details={"student": "a student who left"})
    )
    connection.execute(
        update(AuditEvent)
        .where(
            or_(
                (AuditEvent.subject == "student") & AuditEvent.subject_id.in_(enrolments),
                (AuditEvent.subject == "mark") & AuditEvent.subject_id.in_(items),
            )
        )
        .values(label="a student who left", details={})
    )


def create_instructor(
    session: Session, name: str, random: Random, now: datetime, role: Role = Role.INSTRUCTOR
) -> str:
    """Make an account for someone who teaches and return the token of a one-time link to it.

    The password is one nobody knows until they set their own after following the link. Where
    an account has the name, it may teach from now on and gets a link, too; an admin stays one.
    """
    known = account_named(session, names.key(name))
    if known is None:
        sign_up(session, None, Identity(name, token(random, 256)), random, now)
    elif known.role == Role.ADMIN:
        role = Role.ADMIN
    with writing(session) as connection:
        account_id = _give_role(connection, name, role, now)
        return new_link(connection, account_id, now + LINK_LIFETIME, random)


def set_role(session: Session, name: str, role: Role, now: datetime) -> None:
    """Let an account do what the role may. Raises NoSuchAccount.

    One-time links made before are void: they were given to what the account was.
    """
    with writing(session) as connection:
        _give_role(connection, name, role, now)


def _give_role(connection: Connection, name: str, role: Role, now: datetime) -> int:
    account_id = connection.execute(
        update(Account)
        .where(Account.name_key == names.key(name))
        .values(role=role)
        .returning(Account.id)
    ).scalar_one_or_none()
    if account_id is None:
        raise NoSuchAccount(name)
    _void_links(connection, account_id, now)
    return account_id


def create_link(session: Session, name: str, random: Random, now: datetime) -> str | None:
    """The token of a one-time link to the account of this name, None where there is none.

    For someone who forgot their password; it changes nothing until it is used.
    """
    with writing(session) as connection:
        account_id = connection.scalar(
            select(Account.id).where(Account.name_key == names.key(name))
        )
        return new_link(connection, account_id, now + LINK_LIFETIME, random) if account_id else None


def create_mailed_links(
    session: Session, email: str, random: Random, now: datetime
) -> list[tuple[str, str]]:
    """Names of the accounts with this e-mail address, each with the token of a one-time link.

    Nobody checked that the address belongs to who entered it; who reads its mail is let in.
    """
    with writing(session) as connection:
        rows = connection.execute(
            select(Account.id, Account.name)
            .where(
                Account.name.is_not(None),
                or_(Account.email == email, func.lower(Account.email) == email.lower()),
            )
            .order_by(Account.name_key)
        ).all()
        until = now + MAILED_LINK_LIFETIME
        return [(name or "", new_link(connection, id_, until, random)) for id_, name in rows]


@dataclass(frozen=True, slots=True)
class MadeBy:
    """Who made a link to somebody else's account, and when."""

    actor_id: int
    at: datetime


def new_link(
    connection: Connection,
    account_id: int,
    expires_at: datetime,
    random: Random,
    made: MadeBy | None = None,
) -> str:
    """The token of a new one-time link to an account, made in the caller's transaction.

    Whose account it is learns of it (`news_of_links`) where it says who `made` it.
    """
    link = token(random, 256)
    connection.execute(
        insert(SignInLink).values(
            token_digest=_digest(link),
            account_id=account_id,
            expires_at=expires_at,
            maker=made
            and select(Account.name).where(Account.id == made.actor_id).scalar_subquery(),
            made_at=made and made.at,
        )
    )
    return link


@dataclass(frozen=True, slots=True)
class News:
    """A link to one's account that somebody else made; `opened_at` is None unless it was
    followed."""

    maker: str
    made_at: datetime
    opened_at: datetime | None


def news_of_links(session: Session, session_key: str, now: datetime) -> list[News]:
    """The links to the account of this session that others made, or that were followed, since it
    was last told of them, oldest first. From now on it has been told."""
    own = select(Account.id).where(Account.session_key == session_key)
    with writing(session) as connection:
        rows = connection.execute(
            update(SignInLink)
            .where(
                SignInLink.account_id.in_(own),
                SignInLink.maker.is_not(None),
                or_(SignInLink.told_at.is_(None), SignInLink.opened_at > SignInLink.told_at),
            )
            .values(told_at=now)
            .returning(SignInLink.maker, SignInLink.made_at, SignInLink.opened_at)
        ).all()
    return sorted((News(*row) for row in rows), key=lambda news: news.made_at)


def _void_links(connection: Connection, account_id: int, now: datetime) -> None:
    connection.execute(
        update(SignInLink)
        .where(SignInLink.account_id == account_id, SignInLink.used_at.is_(None))
        .values(used_at=now)
    )


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
    """Use up a one-time link, set the password and return the session key; None if it is void.

    All sessions and other links of the account end.
    """
    password_hash = _HASHER.hash(password)
    return _use(session, link, {"password_hash": password_hash}, random, now)


def use_guest_link(session: Session, link: str, random: Random, now: datetime) -> str | None:
    """Use up a one-time link to a guest, who has no password, and return the new session key.

    None where it is void or leads to an account with a name.
    """
    return _use(session, link, None, random, now)


def _use(
    session: Session, link: str, changes: dict[str, str] | None, random: Random, now: datetime
) -> str | None:
    """Open an account by its link, with changes to one that has a name, without to a guest's."""
    session_key = token(random, 256)
    is_guest = Account.name.is_(None)
    whose = select(Account.id).where(is_guest if changes is None else ~is_guest)
    with writing(session) as connection:
        account_id = connection.execute(
            update(SignInLink)
            .where(
                SignInLink.token_digest == _digest(link),
                SignInLink.used_at.is_(None),
                SignInLink.expires_at > now,
                SignInLink.account_id.in_(whose),
            )
            .values(used_at=now, opened_at=now)
            .returning(SignInLink.account_id)
        ).scalar_one_or_none()
        if account_id is None:
            return None
        connection.execute(
            update(Account)
            .where(Account.id == account_id)
            .values(session_key=session_key, **(changes or {}))
        )
        _void_links(connection, account_id, now)
    return session_key


def _digest(link: str) -> str:
    return hashlib.sha256(link.encode()).hexdigest()


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
