"""What the script on an attempt's pages sends and asks, in JSON."""

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from quizapp.extensions import db
from quizapp.operations import sitting
from quizapp.web import ambient
from quizapp.web.attend import bp
from quizapp.web.attend.answers import Batch
from quizapp.web.attend.exams import Exam, quiet_exam_or_404
from quizapp.web.csrf import csrf_token


@bp.post("/graded/<public_id>/saves")
def keep_batch(public_id: str) -> ResponseReturnValue:
    exam = quiet_exam_or_404(public_id)
    batch = Batch.read(exam, request.get_json(silent=True))
    if batch is None:
        return jsonify(error="not a list of answers"), 422
    standing = sitting.save(db.session(), exam.attempt.id, batch.answers, ambient.now())
    outcomes = {key: outcome.value for key, outcome in standing.outcomes.items()}
    return jsonify(outcomes=outcomes, refused=batch.refused, **_clock(quiet_exam_or_404(public_id)))


@bp.get("/graded/<public_id>/clock")
def clock(public_id: str) -> ResponseReturnValue:
    """What a page asks now and then: the time that is left, and a token that is good still."""
    return jsonify(token=csrf_token(), **_clock(quiet_exam_or_404(public_id)))


def _clock(exam: Exam) -> dict[str, Any]:
    return {
        "now": exam.now.isoformat(),
        "remaining_ms": exam.remaining_ms,
        "is_over": exam.attempt.ended_at is not None,
    }
