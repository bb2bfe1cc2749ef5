"""Taking a graded attempt: its questions, and the answers that its forms send."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.db.queries.sitting import ExamItem
from quizapp.domain.marks import Mark, furthest_seen
from quizapp.extensions import db
from quizapp.operations import sitting
from quizapp.operations.sitting import Outcome
from quizapp.web import ambient
from quizapp.web.attend import bp
from quizapp.web.attend.answers import CLEAR, REVIEW, Picked
from quizapp.web.attend.exams import Exam, open_exam_or_404
from quizapp.web.attend.papers import paper_of, steps

NOTICES = {
    Outcome.LATE: "The time was over, so the answer was not taken.",
    Outcome.SETTLED: "That question takes no more answers: the answer that was there stands.",
}


@bp.get("/graded/<public_id>")
def exam(public_id: str) -> ResponseReturnValue:
    exam = open_exam_or_404(public_id)
    if exam.has_one_page:
        return _one_page(exam)
    position = exam.resume_at()
    if position is None:
        return redirect(url_for(".review", public_id=public_id), 303)
    return redirect(url_for(".exam_question", public_id=public_id, position=position), 303)


@bp.get("/graded/<public_id>/<int(max=9999):position>")
def exam_question(public_id: str, position: int) -> ResponseReturnValue:
    exam = open_exam_or_404(public_id)
    item = exam.item_or_404(position)
    if exam.has_one_page:
        return redirect(url_for(".exam", public_id=public_id, _anchor=f"question-{position}"), 303)
    if not exam.policy.may_go_back and position != furthest_seen(exam.attempt.marks):
        return redirect(url_for(".exam", public_id=public_id), 303)
    if exam.attempt.marks[position - 1] == Mark.OPEN:
        sitting.see(db.session(), exam.attempt.id, position, ambient.now())
    return _question_page(exam, item)


@bp.post("/graded/<public_id>/<int(max=9999):position>/answers")
def keep_answer(public_id: str, position: int) -> ResponseReturnValue:
    exam = open_exam_or_404(public_id)
    item = exam.item_or_404(position)
    problem = _keep(exam, item, Picked.read(request.form))
    if problem:
        return _question_page(exam, item, problem), 422
    if exam.has_one_page:
        return redirect(url_for(".exam", public_id=public_id, at=position), 303)
    if not exam.policy.may_go_back and request.form.get("to") != CLEAR:
        sitting.go_on(db.session(), exam.attempt.id, position, ambient.now())
    return redirect(_onward(exam, position, request.form.get("to", "")), 303)


@bp.post("/graded/<public_id>/answers")
def keep_answers(public_id: str) -> ResponseReturnValue:
    exam = open_exam_or_404(public_id)
    problems = {
        item.position: _keep(exam, item, Picked.read(request.form, f"-{item.position}"))
        for item in exam.items
        if f"shown-{item.position}" in request.form
    }
    if any(problems.values()):
        return _one_page(exam, problems), 422
    to = ".review" if request.form.get("to") == REVIEW else ".exam"
    return redirect(url_for(to, public_id=public_id), 303)


@bp.post("/graded/<public_id>/<int(max=9999):position>/check")
def check(public_id: str, position: int) -> ResponseReturnValue:
    exam = open_exam_or_404(public_id)
    item = exam.item_or_404(position) if exam.judges_at_once else abort(404)
    picked = Picked.read(request.form)
    tries = request.form.get("tries", exam.tries_judged(item), type=int)
    problem = picked.problem(item) or _nothing_new(exam, item, picked, tries)
    if problem:
        return _either_page(exam, item, problem), 422
    sent = picked.sent(exam, item)
    _tell(sitting.check(db.session(), exam.attempt.id, sent, tries, ambient.now()))
    return redirect(_own_place(exam, position), 303)


def _nothing_new(exam: Exam, item: ExamItem, picked: Picked, tries: int) -> str:
    """Why there is nothing to check, "" where there is: a try is too dear for a slip."""
    if not picked.places:
        return "Choose an answer."
    is_next = exam.is_judged(item) and tries == exam.tries_judged(item)
    chosen = frozenset(item.order[place] for place in picked.places)
    if is_next and item.answer and item.answer.chosen == chosen and not exam.is_settled(item):
        return "You have tried that already. Choose another answer."
    return ""


def _keep(exam: Exam, item: ExamItem, picked: Picked) -> str:
    """Save what a form changed, and say what came of it; why it is no answer, if it is none."""
    problem = picked.problem(item)
    if not problem and picked.is_news:
        sent = picked.sent(exam, item)
        standing = sitting.save(db.session(), exam.attempt.id, [sent], ambient.now())
        _tell(standing.outcomes[sent.key])
    return problem


def _tell(outcome: Outcome) -> None:
    if outcome in NOTICES:
        flash(NOTICES[outcome], "warning")


def _onward(exam: Exam, position: int, to: str) -> str:
    """Where someone goes from a question: to the number they chose, the review or the next."""
    if to in {str(item.position) for item in exam.items}:
        return url_for(".exam_question", public_id=exam.public_id, position=int(to))
    if to == CLEAR:
        return url_for(".exam_question", public_id=exam.public_id, position=position)
    if to == REVIEW or position == len(exam.items):
        return url_for(".review", public_id=exam.public_id)
    return url_for(".exam_question", public_id=exam.public_id, position=position + 1)


def _own_place(exam: Exam, position: int) -> str:
    if exam.has_one_page:
        return url_for(".exam", public_id=exam.public_id, at=position)
    return url_for(".exam_question", public_id=exam.public_id, position=position)


def _either_page(exam: Exam, item: ExamItem, problem: str) -> str:
    if exam.has_one_page:
        return _one_page(exam, {item.position: problem})
    return _question_page(exam, item, problem)


def _question_page(exam: Exam, item: ExamItem, problem: str = "") -> str:
    return render_template(
        "attend/taking.html", exam=exam, paper=paper_of(exam, item, problem), steps=steps(exam)
    )


def _one_page(exam: Exam, problems: dict[int, str] | None = None) -> str:
    papers = [paper_of(exam, item, (problems or {}).get(item.position, "")) for item in exam.items]
    return render_template(
        "attend/taking_all.html",
        exam=exam,
        papers=papers,
        steps=steps(exam),
        at=request.args.get("at", 0, type=int),
    )
