"""An assignment before it is begun: what is asked, what was done so far, and the start."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, Form, HiddenField
from wtforms.validators import InputRequired, Length

from quizapp.db.models import Assignment, Attempt, Enrolment
from quizapp.db.queries.classes import taught_assignment
from quizapp.db.queries.sitting import (
    Work,
    accommodations_of,
    closed_for_everyone_at,
    graded_attempts,
    offers,
    work_of,
)
from quizapp.domain.graded import pools
from quizapp.domain.graded.policy import Shown
from quizapp.domain.graded.scoring import Score, counted, has_passed
from quizapp.domain.graded.showing import shown_now, stage_of
from quizapp.domain.graded.timing import Terms, limit_in_words
from quizapp.domain.tokens import token
from quizapp.extensions import db
from quizapp.operations import sitting
from quizapp.operations.sitting import CannotStart, Refusal, submit_overdue
from quizapp.web import ambient
from quizapp.web.attend import bp
from quizapp.web.attend.doors import enrolled_assignment_or_404
from quizapp.web.graded import in_percent
from quizapp.web.session import known_viewer

WHY_NOT = {
    Refusal.NOT_OFFERED: "This class is over, so nothing can be started any more.",
    Refusal.NOT_YET: "It has not opened yet.",
    Refusal.CLOSED: "It is closed, so no attempt can be started any more.",
    Refusal.NONE_LEFT: "You have used all your attempts.",
    Refusal.TOO_FEW: "There are too few questions for it. Tell your teacher.",
}


class StartForm(Form):
    """What a start sends: `start_key` tells a double click from a second start."""

    start_key = HiddenField(validators=[InputRequired(), Length(min=8, max=48)])
    agreed = BooleanField("I have read this and start now")


@dataclass(frozen=True, slots=True)
class PastAttempt:
    """An attempt on the assignment page. `score` is in per cent, "" while it is not shown."""

    attempt: Attempt
    is_late: bool
    score: str


@dataclass(frozen=True, slots=True)
class Brief:
    """All that the assignment page says. `size` is None where there are too few questions."""

    work: Work
    terms: Terms
    size: int | None
    attempts: Sequence[PastAttempt]
    refusal: Refusal | None
    counts: str
    has_passed: bool | None

    @property
    def limit(self) -> str:
        """The time limit in words."""
        return limit_in_words(self.terms)

    @property
    def running(self) -> Attempt | None:
        """The attempt that is open, if there is one."""
        return next((p.attempt for p in self.attempts if p.attempt.ended_at is None), None)

    @property
    def left(self) -> int | None:
        """How many attempts are left to start, None where any number is."""
        allowed = self.terms.attempts_allowed
        return None if allowed is None else max(0, allowed - len(self.attempts))

    @property
    def has_extra_attempts(self) -> bool:
        return self.terms.attempts_allowed != self.terms.base_attempts

    @property
    def why_not(self) -> str:
        """Why no attempt can be started, "" where one can."""
        return WHY_NOT[self.refusal] if self.refusal else ""


@bp.get("/assignments/<public_id>")
def assignment(public_id: str) -> ResponseReturnValue:
    found, enrolment = enrolled_assignment_or_404(public_id)
    return _page(found, enrolment, _fresh())


@bp.post("/assignments/<public_id>/attempts")
def start(public_id: str) -> ResponseReturnValue:
    found, enrolment = enrolled_assignment_or_404(public_id)
    form = StartForm(request.form)
    if not form.validate() or not _has_agreed(form, found):
        return _page(found, enrolment, form), 422
    begun = (found.id, known_viewer().account_id, form.start_key.data or "")
    try:
        attempt = sitting.start(db.session(), *begun, ambient.random(), ambient.now())
    except CannotStart:
        return _page(*enrolled_assignment_or_404(public_id), _fresh()), 409
    return redirect(url_for(".exam", public_id=attempt), 303)


@bp.get("/assignments/<public_id>/attempts")
def start_anew(public_id: str) -> ResponseReturnValue:
    """Where a refused start form stood: loading it again leads to a fresh one."""
    return redirect(url_for(".assignment", public_id=public_id), 303)


@bp.post("/assignments/<public_id>/preview")
def preview(public_id: str) -> ResponseReturnValue:
    found = taught_assignment(db.session(), known_viewer(), public_id) or abort(404)
    key = request.form.get("start_key", "")[:48] or token(ambient.random(), 128)
    begun = (found.id, known_viewer().account_id, key)
    try:
        attempt = sitting.preview(db.session(), *begun, ambient.random(), ambient.now())
    except CannotStart:
        return render_template("attend/no_preview.html", public_id=public_id), 409
    return redirect(url_for(".exam", public_id=attempt), 303)


def _fresh() -> StartForm:
    return StartForm(data={"start_key": token(ambient.random(), 128)})


def _has_agreed(form: StartForm, found: Assignment) -> bool:
    """Whether the limit was agreed to, where there is one; notes the error where it was not."""
    if form.agreed.data or work_of(db.session(), found.id).policy.time_limit is None:
        return True
    form.agreed.errors = ["Say that you start now: the time runs from then on."]
    return False


def _page(found: Assignment, enrolment: Enrolment, form: StartForm) -> str:
    return render_template(
        "attend/assignment.html",
        assignment=found,
        enrolment=enrolment,
        brief=_brief(found, enrolment.account_id),
        form=form,
        now=ambient.now(),
    )


def _brief(found: Assignment, account_id: int) -> Brief:
    now = ambient.now()
    submit_overdue(db.session(), now, found.id)
    work = work_of(db.session(), found.id)
    terms = work.terms(accommodations_of(db.session(), work, account_id))
    attempts = graded_attempts(db.session(), work.id, account_id)
    shares = _shown_shares(work, attempts)
    best = counted([share for share in shares if share is not None], work.policy.counting)
    return Brief(
        work=work,
        terms=terms,
        size=_size(work),
        attempts=[
            PastAttempt(attempt, _is_late(terms, attempt), in_percent(share))
            for attempt, share in zip(attempts, shares, strict=True)
        ],
        refusal=sitting.refusal(work, terms, len(attempts), now),
        counts=in_percent(best),
        has_passed=has_passed(work.policy, best),
    )


def _shown_shares(work: Work, attempts: Sequence[Attempt]) -> list[Fraction | None]:
    """The share of each attempt whose marks are shown now, None for the others."""
    closed, now = closed_for_everyone_at(db.session(), work), ambient.now()

    def share(attempt: Attempt) -> Fraction | None:
        stage = stage_of(attempt.ended_at, closed, now)
        shown = shown_now(work.policy, stage, is_held=work.is_held)
        if attempt.ended_at is None or Shown.MARKS not in shown:
            return None
        return Score(attempt.credit, attempt.worth or 0).share

    return [share(attempt) for attempt in attempts]


def _is_late(terms: Terms, attempt: Attempt) -> bool:
    return attempt.ended_at is not None and terms.is_late(attempt.ended_at)


def _size(work: Work) -> int | None:
    try:
        return pools.size(work.pools, offers(db.session(), work.id))
    except pools.TooFew:
        return None
