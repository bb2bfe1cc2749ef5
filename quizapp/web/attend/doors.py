"""Access to classes and their assignments: they exist for who is in the class."""

from flask import abort

from quizapp.db.models import Assignment, Enrolment
from quizapp.db.queries.classes import own_assignment, own_enrolment
from quizapp.extensions import db
from quizapp.web.session import known_viewer


def enrolled_class_or_404(public_id: str) -> Enrolment:
    """The viewer's place in the class, with the class as its `school_class`.

    A class that is archived can still be read.
    """
    return own_enrolment(db.session(), known_viewer().account_id, public_id) or abort(404)


def enrolled_assignment_or_404(public_id: str) -> tuple[Assignment, Enrolment]:
    """A published assignment of a class that the viewer is in, and their place there.

    The class comes with it as its `school_class`; when that is archived, the assignment can
    still be read.
    """
    return own_assignment(db.session(), known_viewer().account_id, public_id) or abort(404)
