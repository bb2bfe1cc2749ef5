"""The marks of one assignment, of one student, of one attempt, and what is decided about them."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.db.models import Assignment, Attempt, Enrolment, Mode
from quizapp.db.queries import gradebook as queries
from quizapp.db.queries.classes import enrolment_in, student_of
from quizapp.db.queries.gradebook import GivenItem
from quizapp.db.queries.regrades import regrades_offered
from quizapp.db.queries.sitting import graded_attempts
from quizapp.domain.gradebook import Only, Row, only
from quizapp.domain.graded.policy import Policy
from quizapp.domain.graded.scoring import Score
from quizapp.extensions import db
from quizapp.operations import marking as operations
from quizapp.operations.sitting import submit_overdue
from quizapp.web import ambient
from quizapp.web.downloads import KINDS, download
from quizapp.web.session import viewer
from quizapp.web.teach import bp
from quizapp.web.teach.doors import taught_assignment_or_404, taught_attempt_or_404
from quizapp.web.teach.finding import MANY, sought_name
from quizapp.web.teach.gradebook import notes, rows_of
from quizapp.web.teach.marking_forms import ExcusalForm, OverrideForm, ReleaseForm
from quizapp.web.teach.responses import responses_table
from quizapp.web.teach.sheets import override_form, saved_lines, sheet

STUDENT = "/assignments/<public_id>/students/<int:enrolment>"
ITEM = "/attempts/<public_id>/items/<int:position>"
STILL_OPEN = "This attempt is still open: marks can be changed once it is handed in."


@bp.get("/assignments/<public_id>/marks")
def assignment_marks(public_id: str) -> ResponseReturnValue:
    assignment = taught_assignment_or_404(public_id)
    submit_overdue(db.session(), ambient.now(), assignment.id)
    everyone = rows_of(assignment.class_id, [queries.column_of(assignment)], ambient.now())
    offers = regrades_offered(db.session(), [assignment.class_id])
    return render_template(
        "teach/assignment_marks.html",
        assignment=assignment,
        school_class=assignment.school_class,
        **_found(everyone, sought_name()),
        offers=[offer for offer in offers if offer.assignment == public_id],
    )


def _found(everyone: list[Row], sought: str) -> dict[str, Any]:
    """Those of an assignment's students whose names have something in them."""
    chosen = only(everyone, Only(sought))
    return {
        "sought": sought,
        "total": len(everyone),
        "is_searched": bool(sought) or len(everyone) >= MANY,
        "rows": [(row.student, row.standings[0], notes(row.standings[0])) for row in chosen],
    }


@bp.post("/assignments/<public_id>/release")
def release_marks(public_id: str) -> ResponseReturnValue:
    assignment = taught_assignment_or_404(public_id)
    form = ReleaseForm(request.form)
    if not form.validate():
        abort(400)
    is_released = form.released.data == "yes"
    act = operations.release_marks if is_released else operations.withhold_marks
    act(db.session(), viewer().account_id, assignment.id, ambient.now())
    flash("Students see their marks." if is_released else "Marks are hidden again.", "success")
    return redirect(url_for(".assignment_marks", public_id=public_id), 303)


@bp.get(f"/assignments/<public_id>/responses/export/<any({', '.join(KINDS)}):kind>")
def export_responses(public_id: str, kind: str) -> ResponseReturnValue:
    assignment = taught_assignment_or_404(public_id)
    name = assignment.school_class.name, assignment.title
    return download(kind, responses_table(assignment), *name, "answers")


@bp.get(STUDENT)
def student_marks(public_id: str, enrolment: int) -> ResponseReturnValue:
    assignment, student = _student_or_404(public_id, enrolment)
    submit_overdue(db.session(), ambient.now(), assignment.id)
    return _student_page(assignment, student, ExcusalForm())


@bp.post(f"{STUDENT}/excusal")
def excuse(public_id: str, enrolment: int) -> ResponseReturnValue:
    assignment, student = _student_or_404(public_id, enrolment)
    form = ExcusalForm(request.form)
    if not form.validate():
        return _student_page(assignment, student, form), 422
    reason, name = form.reason.data or "", student.name
    operations.excuse(
        db.session(), viewer().account_id, assignment.id, student.id, reason, ambient.now()
    )
    flash(f"{name} is excused: the assignment counts neither for nor against them.", "success")
    return redirect(url_for(".student_marks", public_id=public_id, enrolment=enrolment), 303)


@bp.post(f"{STUDENT}/excusal/removal")
def take_back_excusal(public_id: str, enrolment: int) -> ResponseReturnValue:
    assignment, student = _student_or_404(public_id, enrolment)
    name = student.name
    operations.take_back_excusal(
        db.session(), viewer().account_id, assignment.id, student.id, ambient.now()
    )
    flash(f"The assignment counts for {name} again.", "success")
    return redirect(url_for(".student_marks", public_id=public_id, enrolment=enrolment), 303)


@bp.get("/attempts/<public_id>")
def attempt_marks(public_id: str) -> ResponseReturnValue:
    attempt, assignment = taught_attempt_or_404(public_id)
    submit_overdue(db.session(), ambient.now(), assignment.id)
    return _attempt_page(attempt, assignment)


@bp.post(f"{ITEM}/override")
def override_mark(public_id: str, position: int) -> ResponseReturnValue:
    attempt, assignment = taught_attempt_or_404(public_id)
    item = _item_or_404(attempt, position)
    form = override_form(Policy.from_dict(assignment.policy), item, request.form)
    if not form.validate():
        return _attempt_page(attempt, assignment, position, form), 422
    deciding = viewer().account_id, item.item.id, form.fraction, form.comment.data or ""
    try:
        operations.override_mark(db.session(), *deciding, ambient.now())
    except operations.NotSubmitted:
        flash(STILL_OPEN, "warning")
    else:
        flash(f"The mark of question {position} is changed.", "success")
    return _back_to_item(public_id, position)


@bp.post(f"{ITEM}/override/removal")
def take_back_override(public_id: str, position: int) -> ResponseReturnValue:
    attempt, _ = taught_attempt_or_404(public_id)
    item = _item_or_404(attempt, position)
    try:
        operations.take_back_override(
            db.session(), viewer().account_id, item.item.id, ambient.now()
        )
    except operations.NotSubmitted:
        flash(STILL_OPEN, "warning")
    else:
        flash(f"Question {position} earns again what its answer does.", "success")
    return _back_to_item(public_id, position)


def _back_to_item(public_id: str, position: int) -> ResponseReturnValue:
    address = url_for(".attempt_marks", public_id=public_id, _anchor=f"item-{position}")
    return redirect(address, 303)


def _student_or_404(public_id: str, enrolment: int) -> tuple[Assignment, Enrolment]:
    """An assignment that the viewer teaches, and someone who is or was in its class."""
    assignment = taught_assignment_or_404(public_id)
    student = student_of(db.session(), assignment.class_id, enrolment)
    return assignment, student or abort(404)


def _item_or_404(attempt: Attempt, position: int) -> GivenItem:
    items = queries.given_items(db.session(), attempt.id)
    return next((each for each in items if each.item.position == position), None) or abort(404)


def _student_page(assignment: Assignment, student: Enrolment, form: ExcusalForm) -> str:
    column = queries.column_of(assignment)
    everybody = rows_of(assignment.class_id, [column], ambient.now())
    standing = next(
        (r.standings[0] for r in everybody if r.student.enrolment_id == student.id), None
    )
    attempts = graded_attempts(db.session(), assignment.id, student.account_id)
    return render_template(
        "teach/student_marks.html",
        assignment=assignment,
        school_class=assignment.school_class,
        student=student,
        standing=standing,
        words=notes(standing) if standing else ["no longer in the class"],
        attempts=[(attempt, score_of(attempt)) for attempt in attempts],
        excusal=queries.excusal_of(db.session(), assignment.id, student.id),
        form=form,
    )


def score_of(attempt: Attempt) -> Score | None:
    """What a submitted attempt earned, None for one that is open."""
    return None if attempt.worth is None else Score(attempt.credit, attempt.worth)


def _attempt_page(
    attempt: Attempt,
    assignment: Assignment,
    position: int | None = None,
    form: OverrideForm | None = None,
) -> str:
    """The page of an attempt; the form, if one is given, is that of the item at the position."""
    policy = Policy.from_dict(assignment.policy)
    sheets = [
        sheet(
            each, form if form and each.item.position == position else override_form(policy, each)
        )
        for each in queries.given_items(db.session(), attempt.id)
    ]
    return render_template(
        "teach/attempt_marks.html",
        attempt=attempt,
        assignment=assignment,
        school_class=assignment.school_class,
        student=enrolment_in(db.session(), assignment.class_id, attempt.account_id),
        is_preview=attempt.mode == Mode.PREVIEW,
        score=score_of(attempt),
        sheets=sheets,
        saved=saved_lines(sheets, queries.saved_answers(db.session(), attempt.id)),
        form=form,
    )
