"""Classes: making and keeping them, who teaches them, who is in them."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.db.models import Account, Class, ClassTeacher, Enrolment, Role
from quizapp.db.transactions import writing
from quizapp.domain import join_codes, names
from quizapp.domain.tokens import token
from quizapp.operations.accounts import MadeBy, new_link
from quizapp.operations.audit import Deed, record

LINK_LIFETIME = timedelta(hours=24)
TEACHING_ROLES = (Role.INSTRUCTOR, Role.ADMIN)


class NotOpen(Exception):
    """No class takes people by this code: it is wrong, was closed, or the class is archived."""


class WasRemoved(Exception):
    """Who was removed from a class may not come back by its code."""


class NameTaken(Exception):
    """Somebody in the class is known by this name."""


class NoSuchTeacher(Exception):
    """No instructor has this name."""


class NotALearner(Exception):
    """Who teaches, or runs the site, is let in by no student's teacher."""


class LastTeacher(Exception):
    """A class keeps at least one teacher."""


def create_class(session: Session, actor_id: int, name: str, random: Random, now: datetime) -> str:
    """Make a class that takes people by a new code, and return its public id.

    Where the teacher has one of this name that is not archived, it is that one: a form may be
    sent twice.
    """
    with writing(session) as connection:
        connection.execute(select(Account.id).where(Account.id == actor_id).with_for_update())
        known = _own_class_named(connection, actor_id, name)
        if known is not None:
            return known
        public_id = token(random, 128)
        class_id = connection.execute(
            insert(Class)
            .values(
                public_id=public_id,
                name=names.tidy(name),
                join_code=_unused_code(connection, random),
                created_at=now,
            )
            .returning(Class.id)
        ).scalar_one()
        connection.execute(insert(ClassTeacher).values(class_id=class_id, account_id=actor_id))
        _note(connection, actor_id, "created", class_id, now)
    return public_id


def _own_class_named(connection: Connection, actor_id: int, name: str) -> str | None:
    rows = connection.execute(
        select(Class.name, Class.public_id)
        .join(ClassTeacher, ClassTeacher.class_id == Class.id)
        .where(ClassTeacher.account_id == actor_id, Class.archived_at.is_(None))
    )
    return next((row[1] for row in rows if names.key(row[0]) == names.key(name)), None)


def _unused_code(connection: Connection, random: Random) -> str:
    while True:
        code = join_codes.make(random)
        if not connection.scalar(select(Class.id).where(Class.join_code == code)):
            return code


def rename_class(session: Session, actor_id: int, class_id: int, name: str, now: datetime) -> None:
    """Call a class something else."""
    with writing(session) as connection:
        before = connection.scalar(select(Class.name).where(Class.id == class_id))
        if before == names.tidy(name):
            return
        connection.execute(update(Class).where(Class.id == class_id).values(name=names.tidy(name)))
        _note(connection, actor_id, "renamed", class_id, now, was=before)


def archive_class(session: Session, actor_id: int, class_id: int, now: datetime) -> None:
    """Put a class away: it can be read, but nobody joins it or begins anything in it."""
    with writing(session) as connection:
        if _set(connection, Class, class_id, Class.archived_at.is_(None), archived_at=now):
            _note(connection, actor_id, "archived", class_id, now)


def restore_class(session: Session, actor_id: int, class_id: int, now: datetime) -> None:
    """Take an archived class up again."""
    with writing(session) as connection:
        if _set(connection, Class, class_id, Class.archived_at.is_not(None), archived_at=None):
            _note(connection, actor_id, "restored", class_id, now)


def renew_code(
    session: Session, actor_id: int, class_id: int, random: Random, now: datetime
) -> None:
    """Give a class a new join code; the one before is void."""
    with writing(session) as connection:
        code = _unused_code(connection, random)
        connection.execute(update(Class).where(Class.id == class_id).values(join_code=code))
        _note(connection, actor_id, "opened joining of", class_id, now)


def close_joining(session: Session, actor_id: int, class_id: int, now: datetime) -> None:
    """Take nobody in any more; the join code is void."""
    with writing(session) as connection:
        if _set(connection, Class, class_id, Class.join_code.is_not(None), join_code=None):
            _note(connection, actor_id, "closed joining of", class_id, now)


def join_class(session: Session, code: str, account_id: int, name: str, now: datetime) -> str:
    """Put an account into the class with this code under a name, and return its public id.

    Who is in it already stays as they are. Raises NotOpen, WasRemoved and NameTaken.
    """
    with writing(session) as connection:
        row = connection.execute(
            select(Class.id, Class.public_id)
            .where(Class.join_code == code, Class.archived_at.is_(None))
            .with_for_update()  # so that of two who want one name at once, one gets it
        ).one_or_none()
        if row is None:
            raise NotOpen(code)
        class_id, public_id = row
        if not _is_in(connection, class_id, account_id):
            _require_free(connection, class_id, name)
            connection.execute(
                insert(Enrolment).values(
                    class_id=class_id, account_id=account_id, name=names.tidy(name), joined_at=now
                )
            )
    return public_id


def _is_in(connection: Connection, class_id: int, account_id: int) -> bool:
    row = connection.execute(
        select(Enrolment.removed_at).where(
            Enrolment.class_id == class_id, Enrolment.account_id == account_id
        )
    ).one_or_none()
    if row is not None and row[0] is not None:
        raise WasRemoved
    return row is not None


def _require_free(
    connection: Connection, class_id: int, name: str, but_for: int | None = None
) -> None:
    """Removed students keep their names, since they may be brought back."""
    rows = connection.execute(
        select(Enrolment.id, Enrolment.name).where(Enrolment.class_id == class_id)
    )
    wanted = names.key(name)
    if any(names.key(taken) == wanted for other, taken in rows if other != but_for):
        raise NameTaken(name)


def rename_student(
    session: Session, actor_id: int, enrolment_id: int, name: str, now: datetime
) -> None:
    """Change the name that the class knows a student by. Raises NameTaken."""
    with writing(session) as connection:
        class_id, before = connection.execute(
            select(Enrolment.class_id, Enrolment.name).where(Enrolment.id == enrolment_id)
        ).one()
        connection.execute(select(Class.id).where(Class.id == class_id).with_for_update())
        _require_free(connection, class_id, name, but_for=enrolment_id)
        if before == names.tidy(name):
            return
        connection.execute(
            update(Enrolment).where(Enrolment.id == enrolment_id).values(name=names.tidy(name))
        )
        _note_student(connection, actor_id, "renamed", enrolment_id, now, was=before)


def remove_student(session: Session, actor_id: int, enrolment_id: int, now: datetime) -> None:
    """Take a student out of a class. Their work is kept; the code does not let them back in."""
    with writing(session) as connection:
        if _set(
            connection, Enrolment, enrolment_id, Enrolment.removed_at.is_(None), removed_at=now
        ):
            _note_student(connection, actor_id, "removed", enrolment_id, now)


def bring_back_student(session: Session, actor_id: int, enrolment_id: int, now: datetime) -> None:
    """Let a removed student into the class again, with all their work."""
    with writing(session) as connection:
        if _set(
            connection, Enrolment, enrolment_id, Enrolment.removed_at.is_not(None), removed_at=None
        ):
            _note_student(connection, actor_id, "brought back", enrolment_id, now)


def link_for_student(
    session: Session, actor_id: int, enrolment_id: int, random: Random, now: datetime
) -> str:
    """The token of a one-time link that lets a student in who lost password or guest's browser.

    It is good for LINK_LIFETIME and changes nothing until it is used; the student learns of it.
    Raises NotALearner.
    """
    with writing(session) as connection:
        account_id, role = connection.execute(
            select(Account.id, Account.role)
            .join(Enrolment, Enrolment.account_id == Account.id)
            .where(Enrolment.id == enrolment_id)
        ).one()
        if role != Role.LEARNER:
            raise NotALearner
        made = MadeBy(actor_id, now)
        link = new_link(connection, account_id, now + LINK_LIFETIME, random, made)
        _note_student(connection, actor_id, "made a sign-in link for", enrolment_id, now)
    return link


def add_teacher(session: Session, actor_id: int, class_id: int, name: str, now: datetime) -> None:
    """Let another instructor teach a class. Raises NoSuchTeacher."""
    try:
        with writing(session) as connection:
            row = connection.execute(
                select(Account.id, Account.name).where(
                    Account.name_key == names.key(name), Account.role.in_(TEACHING_ROLES)
                )
            ).one_or_none()
            if row is None:
                raise NoSuchTeacher(name)
            connection.execute(insert(ClassTeacher).values(class_id=class_id, account_id=row[0]))
            _note(connection, actor_id, "added a teacher to", class_id, now, teacher=row[1])
    except IntegrityError:
        return  # teaches it already


def remove_teacher(
    session: Session, actor_id: int, class_id: int, account_id: int, now: datetime
) -> None:
    """Let somebody teach a class no longer. Raises LastTeacher."""
    with writing(session) as connection:
        connection.execute(select(Class.id).where(Class.id == class_id).with_for_update())
        teachers = connection.scalars(
            select(ClassTeacher.account_id).where(ClassTeacher.class_id == class_id)
        ).all()
        if account_id not in teachers:
            return
        if len(teachers) == 1:
            raise LastTeacher
        connection.execute(
            delete(ClassTeacher).where(
                ClassTeacher.class_id == class_id, ClassTeacher.account_id == account_id
            )
        )
        name = connection.scalar(select(Account.name).where(Account.id == account_id))
        _note(connection, actor_id, "removed a teacher from", class_id, now, teacher=name)


def _set(
    connection: Connection,
    table: type[Class] | type[Enrolment],
    row_id: int,
    condition: ColumnElement[bool],
    **values: datetime | str | None,
) -> bool:
    """Set columns of a row on a condition; whether it held, so that there is a deed to note."""
    statement = update(table).where(table.id == row_id, condition).values(values)
    return connection.execute(statement).rowcount == 1


def _note(
    connection: Connection,
    actor_id: int,
    verb: str,
    class_id: int,
    now: datetime,
    **details: str | None,
) -> None:
    label = connection.execute(select(Class.name).where(Class.id == class_id)).scalar_one()
    deed = Deed(verb, "class", class_id, label, class_id, dict(details))
    record(connection, actor_id, deed, now)


def _note_student(
    connection: Connection,
    actor_id: int,
    verb: str,
    enrolment_id: int,
    now: datetime,
    **details: str | None,
) -> None:
    class_id, label = connection.execute(
        select(Enrolment.class_id, Enrolment.name).where(Enrolment.id == enrolment_id)
    ).one()
    deed = Deed(verb, "student", enrolment_id, label, class_id, dict(details))
    record(connection, actor_id, deed, now)
