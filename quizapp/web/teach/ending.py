"""Submitting for students what they do not submit themselves."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from quizapp.db.models import Mode
from quizapp.db.queries.classes import enrolment_in
from quizapp.db.queries.sitting import running_attempts
from quizapp.extensions import db
from quizapp.operations import ending as operations
from quizapp.operations.sitting import submit_overdue
from quizapp.web import ambient
from quizapp.web.session import viewer
from quizapp.web.teach import bp
from quizapp.web.teach.doors import taught_assignment_or_404, taught_attempt_or_404

ATTEMPT = "/attempts/<public_id>/ending"
ASSIGNMENT = "/assignments/<public_id>/ending"
OVER = "This attempt is over already. Nothing was changed."


@bp.get(ATTEMPT)
def confirm_attempt_ending(public_id: str) -> ResponseReturnValue:
    attempt, assignment = taught_attempt_or_404(public_id)
    if attempt.mode != Mode.GRADED:
        abort(404)
    submit_overdue(db.session(), ambient.now(), assignment.id)
    return render_template(
        "teach/attempt_ending.html",
        attempt=attempt,
        assignment=assignment,
        student=enrolment_in(db.session(), assignment.class_id, attempt.account_id),
    )


@bp.post(ATTEMPT)
def end_attempt(public_id: str) -> ResponseReturnValue:
    attempt, _ = taught_attempt_or_404(public_id)
    is_done = operations.end_attempt(db.session(), viewer().account_id, attempt.id, ambient.now())
    message = ("The attempt is submitted with what was saved.", "success")
    flash(*(message if is_done else (OVER, "warning")))
    return redirect(url_for(".attempt_marks", public_id=public_id), 303)


@bp.get(ASSIGNMENT)
def confirm_ending(public_id: str) -> ResponseReturnValue:
    assignment = taught_assignment_or_404(public_id)
    submit_overdue(db.session(), ambient.now(), assignment.id)
    running = running_attempts(db.session(), assignment.id)
    return render_template(
        "teach/assignment_ending.html",
        assignment=assignment,
        school_class=assignment.school_class,
        running=running,
        now=ambient.now(),
    )


@bp.post(ASSIGNMENT)
def end_all_attempts(public_id: str) -> ResponseReturnValue:
    assignment = taught_assignment_or_404(public_id)
    ended = operations.end_all(db.session(), viewer().account_id, assignment.id, ambient.now())
    words = ngettext("%(num)d attempt is submitted.", "%(num)d attempts are submitted.", ended)
    flash(*((words, "success") if ended else ("No attempt was running.", "warning")))
    return redirect(url_for(".assignment", public_id=public_id), 303)
