"""One site with something of everything in it, and seven people who look around there.

Visitor, guest, ada, mallory, grace, heidi and admin: ada studies in grace's class, has a practice
attempt, an open exam and a midterm handed in; grace teaches it and owns a file and a draft; heidi
teaches elsewhere; mallory has no business with any of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.db.models import Attempt, Role
from tests.support import cast, classroom, graded, handed_in
from tests.support.browsing import Browser
from tests.support.cast import Cast, Person
from tests.web.access import library

VISITOR, GUEST, ADA, MALLORY, GRACE, HEIDI, ADMIN = range(7)


@dataclass(frozen=True)
class World:
    """Who is there, each with a browser, and what stands for the places of addresses."""

    persons: tuple[Person | None, ...]
    places: Mapping[str, str]

    def browsers(self, app: Flask) -> list[Browser]:
        return [Browser(app, person) for person in self.persons]

    def address(self, route: str, more: Mapping[str, str]) -> str:
        """The route's address with all places filled in, the longest descriptions first."""
        address = route.split()[1]
        places = {**self.places, **more}
        for place in sorted(places, key=len, reverse=True):
            address = address.replace(place, places[place])
        return address


def build(session: Session, people: Cast) -> World:
    """Fill a database that has the small bank and the cast."""
    guest = cast.guest(session)
    heidi = cast.register(session, "heidi", Role.INSTRUCTOR)
    admin = cast.register(session, "admin", Role.ADMIN)
    practice = cast.begin(session, people.ada)
    school_class = classroom.make_class(session, people.grace)
    enrolment = classroom.enrol(session, school_class, people.ada).id
    class_id, code = school_class.public_id, school_class.join_code or ""
    graded.for_access(session, school_class, people.ada)
    midterm = handed_in.assign(session, school_class)
    handed = handed_in.hand_in(session, midterm, people.ada, {"beginning": {0}, "riddle": {1}})
    handed_id = session.scalars(select(Attempt.public_id).where(Attempt.id == handed)).one()
    places = {
        "<public_id>": practice,
        "<enrolment>": str(enrolment),
        "<account>": str(people.grace.account_id),
        "/join/<code>": f"/join/{code}",
        "/classes/<public_id>": f"/classes/{class_id}",
        "/teach/assignments/<public_id>": "/teach/assignments/rivers-exam",
        "/teach/attempts/<public_id>": f"/teach/attempts/{handed_id}",
        **library.places(session, people.grace),
    }
    persons = (None, guest, people.ada, people.mallory, people.grace, heidi, admin)
    return World(persons, places)
