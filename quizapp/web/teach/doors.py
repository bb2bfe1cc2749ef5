"""Access to classes: they exist for who teaches them, and for admins."""

from flask import abort

from quizapp.db.models import Assignment, Attempt, Class, Enrolment
from quizapp.db.queries.classes import student_of, taught_assignment, taught_class
from quizapp.db.queries.gradebook import attempt_at_work
from quizapp.extensions import db
from quizapp.web.session import instructor_or_403


def taught_class_or_404(public_id: str) -> Class:
    """The class, if the viewer teaches it or is an admin."""
    return taught_class(db.session(), instructor_or_403(), public_id) or abort(404)


def taught_assignment_or_404(public_id: str) -> Assignment:
    """The assignment with its `school_class`, if the viewer teaches that or is an admin."""
    return taught_assignment(db.session(), instructor_or_403(), public_id) or abort(404)


def taught_student_or_404(public_id: str, enrolment_id: int) -> tuple[Class, Enrolment]:
    """A class that the viewer teaches, and someone who is or was in it."""
    school_class = taught_class_or_404(public_id)
    return school_class, student_of(db.session(), school_class.id, enrolment_id) or abort(404)


def taught_attempt_or_404(public_id: str) -> tuple[Attempt, Assignment]:
    """A graded or preview attempt at an assignment that the viewer teaches."""
    attempt = attempt_at_work(db.session(), public_id)
    if attempt is None or attempt.assignment is None:
        abort(404)
    return attempt, taught_assignment_or_404(attempt.assignment.public_id)
