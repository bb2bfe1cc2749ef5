"""Regrading: what was asked, what becomes of its marks, seen before it is done and undone."""

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.db.models import Assignment
from quizapp.db.queries.attempts import from_letters
from quizapp.db.queries.regrades import (
    AskedVersion,
    asked_versions,
    decided_along,
    regrade_in_force,
    regrades_of,
    regrades_offered,
)
from quizapp.domain import rendering
from quizapp.domain.graded.policy import Policy
from quizapp.domain.graded.regrading import Ruling, carried_over
from quizapp.domain.questions import Question
from quizapp.extensions import db
from quizapp.operations import regrading as operations
from quizapp.operations.regrading import Plan, Preview
from quizapp.web import ambient
from quizapp.web.presenting import LETTERS, shelf
from quizapp.web.session import viewer
from quizapp.web.teach import bp
from quizapp.web.teach.doors import taught_assignment_or_404
from quizapp.web.teach.marking_forms import RegradeForm, UndoForm

REGRADES = "/assignments/<public_id>/regrades"
OVERTAKEN = (
    "Marks or answers have changed since this preview was made, so nothing was done. "
    "This is how it stands now."
)
WORDS = {
    Ruling.REGRADE.value: "Graded again",
    Ruling.FULL.value: "Full marks for everyone",
    Ruling.IGNORE.value: "Left out for everyone",
    Ruling.KEEP.value: "Marks kept",
}
"""What a ruling is called once it is decided."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The question that is to be decided about, in the version that was asked, and as it is now.

    `current` is None where it has not changed.
    """

    asked: AskedVersion
    question: Question
    current: Question | None


@bp.get(REGRADES)
def regrades(public_id: str) -> ResponseReturnValue:
    assignment = taught_assignment_or_404(public_id)
    offers = regrades_offered(db.session(), [assignment.class_id])
    return render_template(
        "teach/regrades.html",
        assignment=assignment,
        school_class=assignment.school_class,
        asked=asked_versions(db.session(), assignment.id),
        offered={o.version_id: o.reason for o in offers if o.assignment == public_id},
        history=[
            (each, _key_letters(each.regrade.keys))
            for each in regrades_of(db.session(), assignment.id)
        ],
        words=WORDS,
    )


@bp.get(f"{REGRADES}/new")
def new_regrade(public_id: str) -> ResponseReturnValue:
    assignment = taught_assignment_or_404(public_id)
    subject = _subject_or_404(assignment, request.args.get("version", type=int))
    return _form_page(assignment, subject, _fresh_form(assignment, subject))


@bp.post(f"{REGRADES}/preview")
def preview_regrade(public_id: str) -> ResponseReturnValue:
    assignment = taught_assignment_or_404(public_id)
    subject, form = _sent(assignment)
    if not form.validate():
        return _form_page(assignment, subject, form), 422
    return _form_page(assignment, subject, form, _preview(assignment, _plan(assignment, form)))


@bp.post(REGRADES)
def apply_regrade(public_id: str) -> ResponseReturnValue:
    assignment = taught_assignment_or_404(public_id)
    subject, form = _sent(assignment)
    if not form.validate():
        return _form_page(assignment, subject, form), 422
    plan, digest = _plan(assignment, form), form.digest.data or ""
    try:
        operations.apply(
            db.session(), viewer().account_id, plan, form.reason.data or "", digest, ambient.now()
        )
    except operations.ChangedMeanwhile:
        flash(OVERTAKEN, "warning")
        return _form_page(assignment, subject, form, _preview(assignment, plan)), 409
    return _done(public_id, "The regrade is done. It can be undone below.")


@bp.get(f"{REGRADES}/<int:version>/undoing")
def confirm_undoing(public_id: str, version: int) -> ResponseReturnValue:
    assignment = taught_assignment_or_404(public_id)
    return _undo_page(assignment, _subject_or_404(assignment, version))


@bp.post(f"{REGRADES}/<int:version>/undoing")
def undo_regrade(public_id: str, version: int) -> ResponseReturnValue:
    assignment = taught_assignment_or_404(public_id)
    subject, form = _subject_or_404(assignment, version), UndoForm(request.form)
    if not form.validate():
        return _undo_page(assignment, subject), 422
    plan = _undoing(assignment, version)
    try:
        operations.undo(
            db.session(), viewer().account_id, plan, form.digest.data or "", ambient.now()
        )
    except operations.ChangedMeanwhile:
        flash(OVERTAKEN, "warning")
        return _undo_page(assignment, subject), 409
    return _done(public_id, "The regrade is undone: marks are as they were without it.")


def _done(public_id: str, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for(".regrades", public_id=public_id), 303)


def _sent(assignment: Assignment) -> tuple[Subject, RegradeForm]:
    form = RegradeForm(request.form)
    subject = _subject_or_404(assignment, form.version.data)
    form.offer(_texts(subject.question))
    return subject, form


def _subject_or_404(assignment: Assignment, version: int | None) -> Subject:
    """The version, if it was asked in a submitted attempt at the assignment."""
    asked = asked_versions(db.session(), assignment.id)
    found = next((each for each in asked if each.version_id == version), None) or abort(404)
    newer = found.current_id if found.current_id != found.version_id else None
    return Subject(
        asked=found,
        question=shelf().question(found.version_id),
        current=shelf().question(newer) if newer else None,
    )


def _fresh_form(assignment: Assignment, subject: Subject) -> RegradeForm:
    """The form as the situation suggests it: what holds now, else the keys of the new version."""
    in_force = regrade_in_force(db.session(), assignment.id, subject.asked.version_id)
    keys = _suggested_keys(subject)
    if in_force and in_force.keys:
        keys = frozenset(from_letters(in_force.keys))
    form = RegradeForm(
        data={
            "version": subject.asked.version_id,
            "ruling": in_force.ruling if in_force else _suggested_ruling(subject),
            "keys": sorted(keys),
            "reason": in_force.reason if in_force else "",
        }
    )
    form.offer(_texts(subject.question))
    return form


def _suggested_keys(subject: Subject) -> frozenset[int]:
    if subject.current is None:
        return subject.question.keys
    return carried_over(subject.question, subject.current) or frozenset()


def _suggested_ruling(subject: Subject) -> str | None:
    """None is chosen beforehand but where the new key says what to do."""
    changed = subject.current is not None and _suggested_keys(subject) != subject.question.keys
    return Ruling.REGRADE.value if changed and _suggested_keys(subject) else None


def _texts(question: Question) -> list[str]:
    return [rendering.plain(choice.text) for choice in question.choices]


def _plan(assignment: Assignment, form: RegradeForm) -> Plan:
    return Plan(assignment.id, form.version.data or 0, form.wanted, form.key_positions)


def _preview(assignment: Assignment, plan: Plan) -> Preview:
    return operations.preview(db.session(), Policy.from_dict(assignment.policy), plan)


def _form_page(
    assignment: Assignment, subject: Subject, form: RegradeForm, preview: Preview | None = None
) -> str:
    return render_template(
        "teach/regrade.html",
        assignment=assignment,
        school_class=assignment.school_class,
        subject=subject,
        form=form,
        keys=_letters(subject.question.keys),
        new_keys=_new_keys(subject),
        preview=preview,
        words=WORDS,
    )


def _undo_page(assignment: Assignment, subject: Subject) -> str:
    in_force = regrade_in_force(db.session(), assignment.id, subject.asked.version_id) or abort(404)
    plan = _undoing(assignment, subject.asked.version_id)
    return render_template(
        "teach/regrade_undoing.html",
        assignment=assignment,
        school_class=assignment.school_class,
        subject=subject,
        in_force=in_force,
        along=len(plan.along),
        words=WORDS,
        preview=_preview(assignment, plan),
    )


def _undoing(assignment: Assignment, version: int) -> Plan:
    """To undo the regrade in force about a version, and what was decided with it."""
    along = decided_along(db.session(), assignment.id, version)
    return Plan(assignment.id, version, None, along=frozenset(along))


def _new_keys(subject: Subject) -> str:
    """The keys of the version live now in the words of the one that was asked, or in its own."""
    if subject.current is None:
        return ""
    texts = [rendering.plain(choice.text) for choice in subject.current.choices if choice.is_key]
    return "; ".join(texts)


def _letters(places: frozenset[int]) -> str:
    return ", ".join(LETTERS[place] for place in sorted(places))


def _key_letters(kept: str | None) -> str:
    return _letters(frozenset(from_letters(kept or "")))
