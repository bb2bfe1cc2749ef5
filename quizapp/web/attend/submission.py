"""Looking over a graded attempt, and submitting it."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.db.models import EndedBy
from quizapp.extensions import db
from quizapp.operations.sitting import submit
from quizapp.web import ambient
from quizapp.web.attend import bp
from quizapp.web.attend.exams import open_exam_or_404, own_exam_or_404
from quizapp.web.attend.taking import steps


@bp.get("/graded/<public_id>/review")
def review(public_id: str) -> ResponseReturnValue:
    exam = open_exam_or_404(public_id)
    return render_template("attend/review.html", exam=exam, steps=steps(exam))


@bp.post("/graded/<public_id>/submission")
def submit_exam(public_id: str) -> ResponseReturnValue:
    exam = own_exam_or_404(public_id)
    submit(db.session(), exam.attempt.id, EndedBy.LEARNER, ambient.now())
    return redirect(url_for(".result", public_id=public_id), 303)
