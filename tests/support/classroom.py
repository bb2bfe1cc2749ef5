"""Classes for the tests: made and joined through our operations."""

from collections.abc import Iterable
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.db.models import Class, Enrolment
from quizapp.operations.classes import create_class, join_class
from tests.support.cast import NOW, Person


def make_class(
    session: Session, teacher: Person, name: str = "Seminar B", students: Iterable[Person] = ()
) -> Class:
    """A class that this person teaches and these are in."""
    chance = Random(f"{teacher.account_id} {name}")
    public_id = create_class(session, teacher.account_id, name, chance, NOW)
    made = session.scalars(select(Class).where(Class.public_id == public_id)).one()
    for student in students:
        enrol(session, made, student)
    return made


def enrol(
    session: Session, school_class: Class, person: Person, name: str | None = None
) -> Enrolment:
    """Put someone into a class by its join code, under the account's name if none is given."""
    class_id, code = school_class.id, school_class.join_code or ""
    called = name or person.name or f"Guest {person.account_id}"
    join_class(session, code, person.account_id, called, NOW)
    return session.scalars(
        select(Enrolment).where(
            Enrolment.class_id == class_id, Enrolment.account_id == person.account_id
        )
    ).one()
