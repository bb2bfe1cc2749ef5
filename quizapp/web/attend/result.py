"""What came of a graded attempt, as far as it may be shown now."""

from datetime import datetime
from fractions import Fraction

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.db.queries.sitting import accommodations_of, closed_for_everyone_at, keys_regraded
from quizapp.domain.graded.policy import Shown, Stage
from quizapp.domain.graded.scoring import Score, has_passed
from quizapp.extensions import db
from quizapp.web.attend import bp
from quizapp.web.attend.exams import Exam, own_exam_or_404
from quizapp.web.graded import decimal, in_percent, seen


@bp.get("/graded/<public_id>/result")
def result(public_id: str) -> ResponseReturnValue:
    exam = own_exam_or_404(public_id)
    if exam.attempt.ended_at is None:
        return redirect(url_for(".exam", public_id=public_id), 303)
    shown = exam.shown()
    keys = keys_regraded(db.session(), exam.work.id)
    return render_template(
        "attend/result.html",
        exam=exam,
        score=_score(exam) if Shown.MARKS in shown else None,
        items=[seen(i, shown, keys.get(i.version_id)) for i in exam.items] if shown else [],
        is_late=_is_late(exam),
        awaited=_awaited(exam, shown),
    )


def _score(exam: Exam) -> dict[str, str | bool | None]:
    """The attempt's marks in words, and whether it is passed (None where that is not asked)."""
    score = Score(exam.attempt.credit, exam.attempt.worth or 0)
    return {
        "marks": f"{decimal(score.credit)} of {score.worth}",
        "percent": in_percent(score.share),
        "is_passed": has_passed(exam.policy, score.share),
        "pass_mark": in_percent(Fraction(exam.policy.pass_mark or 0)),
    }


def _is_late(exam: Exam) -> bool:
    terms = exam.work.terms(accommodations_of(db.session(), exam.work, exam.attempt.account_id))
    ended_at = exam.attempt.ended_at
    return not exam.is_preview and ended_at is not None and terms.is_late(ended_at)


def _awaited(exam: Exam, shown: frozenset[Shown]) -> tuple[str, datetime | None] | None:
    """What more will be shown, by the release or (with the time, if it is known) by the close of
    the work for everyone; None where all there is to see is seen.
    """
    if exam.is_held:
        return "release", None
    if exam.policy.shown_at(Stage.CLOSED) - shown:
        return "close", closed_for_everyone_at(db.session(), exam.work)
    return None
