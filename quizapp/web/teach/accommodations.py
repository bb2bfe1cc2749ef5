"""What single students are granted beyond the others, and what it comes to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import InputRequired, Length

from quizapp.db import models
from quizapp.db.models import Assignment, Class, Enrolment
from quizapp.db.queries.assignments import (
    Granted,
    assignments_in_use,
    granted_in,
    granted_to,
    granted_with_id,
    students_in,
)
from quizapp.domain.graded.experience import terms_in_words
from quizapp.domain.graded.policy import MOST_ATTEMPTS
from quizapp.domain.graded.timing import UNTIMED_PERCENT, Accommodation, terms
from quizapp.extensions import db
from quizapp.operations import assignments as operations
from quizapp.operations.assignments import plan_of
from quizapp.web import ambient
from quizapp.web.options import option
from quizapp.web.session import viewer
from quizapp.web.teach import bp
from quizapp.web.teach.assignment_forms import WholeField, complain
from quizapp.web.teach.doors import taught_class_or_404
from quizapp.web.teach.exposure import Exposure, digest, exposures
from quizapp.web.zones import LocalMoment, ZonedForm, clock, marked, pieces

GRANTS = "/classes/<public_id>/accommodations"
EVERYTHING = ""
NOBODY_YET = ""


class AccommodationForm(ZonedForm):
    """Who gets what, and where it applies."""

    student = SelectField("Student", validators=[InputRequired("Choose a student.")])
    work = SelectField("Applies to")
    time_percent = WholeField("Time, in per cent of everyone's", 100, UNTIMED_PERCENT)
    is_untimed = BooleanField("No time limit")
    extra_attempts = WholeField("Extra attempts", 0, MOST_ATTEMPTS)
    due_at = LocalMoment("Due later")
    closes_at = LocalMoment("Closes later")
    confirmed = HiddenField(validators=[Length(max=64)])

    def offer(self, school_class: Class) -> None:
        """Let students and assignments of the class be chosen."""
        students = students_in(db.session(), school_class.id)
        works = assignments_in_use(db.session(), school_class.id)
        self.student.choices = [
            option(NOBODY_YET, "Choose a student"),
            *(option(str(each.id), each.name) for each in students),
        ]
        self.work.choices = [
            option(EVERYTHING, "All assignments of this class"),
            *(option(each.public_id, each.title) for each in works),
        ]
        self.offer_zones()

    def put_granted(self, granted: models.Accommodation) -> None:
        """Show what a student has."""
        self.time_percent.data = granted.time_percent
        self.is_untimed.data = granted.is_untimed
        self.extra_attempts.data = granted.extra_attempts
        self.put(self.due_at, granted.due_at)
        self.put(self.closes_at, granted.closes_at)

    @property
    def accommodation(self) -> Accommodation:
        """What was entered. Call after validation."""
        return Accommodation(
            time_percent=self.time_percent.data or 100,
            is_untimed=self.is_untimed.data,
            extra_attempts=self.extra_attempts.data or 0,
            due_at=self.moment(self.due_at),
            closes_at=self.moment(self.closes_at),
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Besides what each field wants: that something is granted."""
        if not super().validate(extra_validators):
            return False
        if self.accommodation == Accommodation():
            return complain(self.time_percent, "Give more time, attempts or later dates.")
        return True


Words = list[list[str | datetime]]
"""Phrases taken apart, so that a page can write their moments in the reader's zone."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a student has in one assignment, in words; `sources` are the rows that make it."""

    student: str
    words: Words
    sources: tuple[Granted, ...]


@bp.get(GRANTS)
def accommodations(public_id: str) -> ResponseReturnValue:
    found = taught_class_or_404(public_id)
    form = AccommodationForm(
        data={
            "student": request.args.get("student", NOBODY_YET),
            "work": request.args.get("work", EVERYTHING),
        }
    )
    form.offer(found)
    enrolment, work = _chosen(form, found)
    known = granted_to(db.session(), enrolment.id, work and work.id) if enrolment else None
    if known is not None:
        form.put_granted(known)
    return _page(found, form)


@bp.post(GRANTS)
def grant(public_id: str) -> ResponseReturnValue:
    found = taught_class_or_404(public_id)
    form = AccommodationForm(request.form)
    form.offer(found)
    enrolment, work = _chosen(form, found)
    if not form.validate() or enrolment is None:
        return _page(found, form), 422
    granted, told = form.accommodation, _told(found, form, enrolment, work)
    if told and form.confirmed.data != digest(enrolment, told):
        return _page(found, form, enrolment, told), 422
    form.remember_zone()
    actor, work_id = viewer().account_id, work and work.id
    operations.grant(db.session(), actor, enrolment.id, work_id, granted, ambient.now())
    flash(f"{enrolment.name} has it from now on.", "success")
    return redirect(url_for(".accommodations", public_id=public_id), 303)


@bp.get(GRANTS + "/<int:accommodation>/removal")
def confirm_grant_removal(public_id: str, accommodation: int) -> ResponseReturnValue:
    found = taught_class_or_404(public_id)
    return render_template(
        "teach/accommodation_removal.html",
        school_class=found,
        granted=_granted_or_404(found, accommodation),
        in_words=in_words,
        clock=clock(),
    )


@bp.post(GRANTS + "/<int:accommodation>/removal")
def remove_grant(public_id: str, accommodation: int) -> ResponseReturnValue:
    granted = _granted_or_404(taught_class_or_404(public_id), accommodation)
    row = granted.accommodation
    operations.withdraw_grant(
        db.session(), viewer().account_id, row.enrolment_id, row.assignment_id, ambient.now()
    )
    flash("It is taken back. Attempts that are running keep their time.", "success")
    return redirect(url_for(".accommodations", public_id=public_id), 303)


def allowances(granted: Iterable[Granted], work: Assignment) -> list[Allowance]:
    """By student, what they have in an assignment; `granted` is in the order of students."""
    by_student: dict[int, list[Granted]] = {}
    for each in granted:
        if each.assignment is None or each.assignment.id == work.id:
            by_student.setdefault(each.accommodation.enrolment_id, []).append(each)
    return [
        Allowance(rows[0].student, _effect(rows, work), tuple(rows)) for rows in by_student.values()
    ]


def in_words(granted: Granted) -> Words:
    """What was granted, as it was entered."""
    row, say = granted.accommodation, marked
    words = {
        "no time limit": row.is_untimed,
        f"{row.time_percent} % of the time": row.time_percent > 100 and not row.is_untimed,
        f"{row.extra_attempts} more attempts": row.extra_attempts > 1,
        "1 more attempt": row.extra_attempts == 1,
        f"due {say(row.due_at)}" if row.due_at else "": row.due_at,
        f"closes {say(row.closes_at)}" if row.closes_at else "": row.closes_at,
    }
    return [pieces(word) for word, is_so in words.items() if is_so]


def _effect(rows: Iterable[Granted], work: Assignment) -> Words:
    plan = plan_of(work)
    given = [_value(each.accommodation) for each in rows]
    words = terms_in_words(terms(plan.window, plan.policy, given), marked)
    return [pieces(each) for each in words]


def _value(row: models.Accommodation) -> Accommodation:
    return Accommodation(
        row.time_percent, row.is_untimed, row.extra_attempts, row.due_at, row.closes_at
    )


def _told(
    school_class: Class, form: AccommodationForm, student: Enrolment, work: Assignment | None
) -> list[Exposure]:
    """What to say of keys that are known already, before a form is obeyed."""
    works = [work] if work else assignments_in_use(db.session(), school_class.id)
    return exposures(works, student, form.accommodation, ambient.now())


def _chosen(
    form: AccommodationForm, school_class: Class
) -> tuple[Enrolment | None, Assignment | None]:
    """The enrolment and the assignment (None: all) that a form names, as far as there are such."""
    students = {str(each.id): each for each in students_in(db.session(), school_class.id)}
    works = {each.public_id: each for each in assignments_in_use(db.session(), school_class.id)}
    return students.get(form.student.data or ""), works.get(form.work.data or "")


def _granted_or_404(school_class: Class, accommodation_id: int) -> Granted:
    return granted_with_id(db.session(), school_class.id, accommodation_id) or abort(404)


def _page(
    school_class: Class,
    form: AccommodationForm,
    student: Enrolment | None = None,
    told: list[Exposure] | None = None,
) -> str:
    """The page with a form; with what is to be told about a student before it is obeyed."""
    granted = granted_in(db.session(), school_class.id)
    works = assignments_in_use(db.session(), school_class.id)
    effects = {each.public_id: allowances(granted, each) for each in works}
    return render_template(
        "teach/accommodations.html",
        school_class=school_class,
        form=form,
        student=student,
        told=told or [],
        told_digest=digest(student, told) if student and told else "",
        granted=granted,
        works=works,
        effects=effects,
        in_words=in_words,
        clock=clock(),
    )
