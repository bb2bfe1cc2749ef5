"""The graded attempt that a request is about, and who may come to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from quizapp.db.models import Attempt, EndedBy, Mode
from quizapp.db.queries.sitting import (
    ExamItem,
    Work,
    exam_items,
    graded_attempt_of,
    work_of,
)
from quizapp.domain.graded.policy import Layout, Policy, Shown
from quizapp.domain.graded.scoring import is_settled
from quizapp.domain.marks import Mark, furthest_seen
from quizapp.extensions import db
from quizapp.operations.sitting import submit
from quizapp.web import ambient
from quizapp.web.attend import bp
from quizapp.web.attend.doors import not_here
from quizapp.web.graded import shown_of
from quizapp.web.session import known_viewer, viewer

_MS = timedelta(milliseconds=1)


class AttemptOver(HTTPException):
    """Raised where an attempt takes no more answers; answered with the way to its result."""

    code = 303

    def __init__(self, public_id: str) -> None:
        super().__init__(response=redirect(url_for("attend.result", public_id=public_id), 303))


@bp.errorhandler(AttemptOver)
def _lead_to_the_result(error: AttemptOver) -> ResponseReturnValue:
    return error.get_response()


@dataclass(frozen=True, slots=True)
class Exam:
    """An attempt with the rules of its assignment as they are now."""

    attempt: Attempt
    work: Work
    items: list[ExamItem]
    now: datetime

    @property
    def policy(self) -> Policy:
        return self.work.policy

    @property
    def public_id(self) -> str:
        return self.attempt.public_id

    @property
    def is_preview(self) -> bool:
        return self.attempt.mode == Mode.PREVIEW

    @property
    def is_held(self) -> bool:
        """Whether results wait for their release."""
        return self.work.is_held and not self.is_preview

    @property
    def judges_at_once(self) -> bool:
        """Whether answers are checked one by one. Not while results are held: that an answer may
        be tried again would tell that it is wrong.
        """
        return self.policy.is_immediate and not self.is_held

    @property
    def has_one_page(self) -> bool:
        """Whether all questions are on one page."""
        return self.policy.layout is Layout.ALL

    @property
    def remaining_ms(self) -> int | None:
        """Milliseconds that are left, None where there is no end."""
        deadline = self.attempt.deadline
        return None if deadline is None else max(0, (deadline - self.now) // _MS)

    def item_or_404(self, position: int) -> ExamItem:
        """The item at a position, from 1."""
        if not 1 <= position <= len(self.items):
            abort(404)
        return self.items[position - 1]

    def is_judged(self, item: ExamItem) -> bool:
        """Whether the answer that stands was checked."""
        return item.answer is not None and self.attempt.marks[item.position - 1] != Mark.SAVED

    def is_right(self, item: ExamItem) -> bool:
        """Whether an answer that was checked is wholly right."""
        return self.attempt.marks[item.position - 1] == Mark.RIGHT

    def is_settled(self, item: ExamItem) -> bool:
        """Whether the item takes no more answers."""
        if not self.policy.may_go_back and item.position != furthest_seen(self.attempt.marks):
            return True
        answer = item.answer
        if answer is None or not self.is_judged(item):
            return False
        return is_settled(self.policy, answer.tries, is_right=self.is_right(item))

    def tries_judged(self, item: ExamItem) -> int:
        """How many tries of an item were checked."""
        if item.answer is None:
            return 0
        return item.answer.tries if self.is_judged(item) else item.answer.tries - 1

    def resume_at(self) -> int | None:
        """Where to go on: at the question seen last, or after it if that is answered, or else at
        the first without an answer; None where all have one.

        Where there is no going back it is the question seen last in any case.
        """
        marks = self.attempt.marks
        last = furthest_seen(marks)
        if not self.policy.may_go_back or marks[last - 1] == Mark.SKIPPED:
            return last
        if last < len(marks):
            return last + 1
        found = marks.find(Mark.SKIPPED)
        return found + 1 if found >= 0 else None

    def shown(self) -> frozenset[Shown]:
        """What of the results may be shown now; a preview that was submitted shows all of it."""
        return shown_of(self.attempt, self.work, self.now)


def own_exam_or_404(public_id: str) -> Exam:
    """The viewer's own graded attempt, submitted if its time is over."""
    account = known_viewer().account_id
    return _exam(account, public_id, ambient.now()) or not_here(account, public_id)


def open_exam_or_404(public_id: str) -> Exam:
    """The viewer's own attempt while it takes answers; raises AttemptOver after that."""
    exam = own_exam_or_404(public_id)
    if exam.attempt.ended_at:
        raise AttemptOver(public_id)
    return exam


def quiet_exam_or_404(public_id: str) -> Exam:
    """The viewer's own attempt, for scripts: they are not sent to sign in."""
    return _exam(viewer().account_id, public_id, ambient.now()) or abort(404)


def _exam(account_id: int, public_id: str, now: datetime) -> Exam | None:
    attempt = graded_attempt_of(db.session(), account_id, public_id)
    if attempt is None:
        return None
    if attempt.ended_at is None and attempt.deadline and attempt.deadline <= now:
        submit(db.session(), attempt.id, EndedBy.TIME, now)
    work = work_of(db.session(), attempt.assignment_id or 0)
    return Exam(attempt, work, exam_items(db.session(), attempt.id), now)
