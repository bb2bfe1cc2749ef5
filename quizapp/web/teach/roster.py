"""Who is in a class, and how they get back in."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.db.models import Class, Enrolment
from quizapp.db.queries.assignments import students_granted
from quizapp.db.queries.classes import RosterLine, roster
from quizapp.extensions import db
from quizapp.mail import Letter
from quizapp.operations import classes as operations
from quizapp.web import ambient
from quizapp.web.addresses import whole
from quizapp.web.reminding import mailer
from quizapp.web.session import viewer
from quizapp.web.teach import bp
from quizapp.web.teach.class_forms import StudentForm
from quizapp.web.teach.doors import taught_class_or_404, taught_student_or_404
from quizapp.web.teach.finding import MANY, has_in_it, sought_name

STUDENT = "/classes/<public_id>/students/<int:enrolment>"
NAME_TAKEN = "Somebody in this class has this name, or had it before being removed."


@bp.get("/classes/<public_id>/students")
def students(public_id: str) -> ResponseReturnValue:
    found = taught_class_or_404(public_id)
    lines, sought = roster(db.session(), found.id), sought_name()
    present = [line for line in lines if line.removed_at is None]
    return render_template(
        "teach/class_students.html",
        school_class=found,
        sought=sought,
        total=len(present),
        is_searched=bool(sought) or len(present) >= MANY,
        present=[line for line in present if is_sought(line, sought)],
        removed=[line for line in lines if line.removed_at is not None],
        granted=students_granted(db.session(), found.id),
    )


def is_sought(line: RosterLine, sought: str) -> bool:
    """Whether what is asked for is in a student's name here or in that of the account."""
    return has_in_it(line.name, sought) or has_in_it(line.account, sought)


@bp.get(STUDENT)
def student(public_id: str, enrolment: int) -> ResponseReturnValue:
    found, who = taught_student_or_404(public_id, enrolment)
    return _student_page(found, who, StudentForm(data={"name": who.name}))


def _student_page(found: Class, who: Enrolment, form: StudentForm) -> str:
    return render_template("teach/class_student.html", school_class=found, student=who, form=form)


@bp.post(STUDENT)
def rename_student(public_id: str, enrolment: int) -> ResponseReturnValue:
    found, who = taught_student_or_404(public_id, enrolment)
    form = StudentForm(request.form)
    if not form.validate():
        return _student_page(found, who, form), 422
    name, actor = form.name.data or "", viewer().account_id
    try:
        operations.rename_student(db.session(), actor, enrolment, name, ambient.now())
    except operations.NameTaken:
        form.name.errors = [NAME_TAKEN]
        return _student_page(found, who, form), 422
    flash("The new name is kept.", "success")
    return redirect(url_for(".student", public_id=public_id, enrolment=enrolment), 303)


@bp.get(STUDENT + "/removal")
def confirm_removal(public_id: str, enrolment: int) -> ResponseReturnValue:
    found, who = taught_student_or_404(public_id, enrolment)
    return render_template("teach/class_student_removal.html", school_class=found, student=who)


@bp.post(STUDENT + "/removal")
def remove_student(public_id: str, enrolment: int) -> ResponseReturnValue:
    _, who = taught_student_or_404(public_id, enrolment)
    name = who.name
    operations.remove_student(db.session(), viewer().account_id, enrolment, ambient.now())
    flash(f"{name} is removed from the class. Below, they can be brought back.", "success")
    return redirect(url_for(".students", public_id=public_id), 303)


@bp.post(STUDENT + "/return")
def bring_back_student(public_id: str, enrolment: int) -> ResponseReturnValue:
    _, who = taught_student_or_404(public_id, enrolment)
    name = who.name
    operations.bring_back_student(db.session(), viewer().account_id, enrolment, ambient.now())
    flash(f"{name} is in the class again.", "success")
    return redirect(url_for(".students", public_id=public_id), 303)


@bp.post(STUDENT + "/links")
def create_student_link(public_id: str, enrolment: int) -> ResponseReturnValue:
    """The link is shown in this response and never again: only its digest is kept."""
    found, who = taught_student_or_404(public_id, enrolment)
    try:
        link = operations.link_for_student(
            db.session(), viewer().account_id, who.id, ambient.random(), ambient.now()
        )
    except operations.NotALearner:
        flash(f"{who.name} teaches here. Whoever runs this site can make them a link.", "warning")
        return redirect(url_for(".student", public_id=public_id, enrolment=enrolment), 303)
    _tell(who)
    address = whole("account.one_time_link", link=link)
    return render_template(
        "teach/class_student_link.html", school_class=found, student=who, address=address
    )


def _tell(who: Enrolment) -> None:
    """Write to a student whom a link was made for, where the site sends mail and has an address."""
    if not (who.account.email and mailer().is_configured):
        return
    text = render_template(
        "mail/link_made.txt",
        name=who.account.name,
        maker=viewer().name,
        account=whole("account.show"),
    )
    letter = Letter(who.account.email, "A sign-in link for your account", text)
    mailer().post(lambda: [letter])
