"""Access to classes and their assignments: they exist for who is in the class."""

from typing import NoReturn

from flask import abort, flash, make_response, redirect, render_template, url_for

from quizapp.db.models import Assignment, Enrolment
from quizapp.db.queries.classes import (
    class_left,
    class_of_put_away,
    own_assignment,
    own_enrolment,
)
from quizapp.extensions import db
from quizapp.web.session import known_viewer


def enrolled_class_or_404(public_id: str) -> Enrolment:
    """The viewer's place in the class, with the class as its `school_class`.

    A class that is archived can still be read.
    """
    account = known_viewer().account_id
    return own_enrolment(db.session(), account, public_id) or not_here(account, public_id)


def enrolled_assignment_or_404(public_id: str) -> tuple[Assignment, Enrolment]:
    """A published assignment of a class that the viewer is in, and their place there.

    The class comes with it as its `school_class`; when that is archived, the assignment can
    still be read.
    """
    account = known_viewer().account_id
    found = own_assignment(db.session(), account, public_id)
    if found is None and (place := class_of_put_away(db.session(), account, public_id)):
        flash("Your teacher has put that assignment away.")
        abort(redirect(url_for("attend.class_page", public_id=place), 303))
    return found or not_here(account, public_id)


def not_here(account_id: int, public_id: str) -> NoReturn:
    """Stop where someone has no access. Who was taken out of the class of what has this public
    id is told so, since they know it; for everyone else it does not exist."""
    left = class_left(db.session(), account_id, public_id)
    if left is None:
        abort(404)
    abort(make_response(render_template("attend/no_entry.html", left=left), 404))
