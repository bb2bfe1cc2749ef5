"""Classes of an instructor: making, renaming, archiving them, and how students join."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.db.models import Class
from quizapp.db.queries.assignments import assignment_lines
from quizapp.db.queries.classes import classes_taught, student_count, teachers_of
from quizapp.db.queries.regrades import regrades_offered
from quizapp.domain import join_codes
from quizapp.extensions import db
from quizapp.operations import classes as operations
from quizapp.web import ambient
from quizapp.web.addresses import whole
from quizapp.web.session import instructor_or_403, viewer
from quizapp.web.teach import bp
from quizapp.web.teach.class_forms import ClassForm, TeacherForm
from quizapp.web.teach.doors import taught_class_or_404
from quizapp.web.teach.qr import qr_code
from quizapp.web.zones import clock


@bp.get("/classes")
def classes() -> ResponseReturnValue:
    found = classes_taught(db.session(), instructor_or_403())
    return render_template("teach/classes.html", classes=found, form=ClassForm())


@bp.post("/classes")
def create_class() -> ResponseReturnValue:
    form = ClassForm(request.form)
    if not form.validate():
        found = classes_taught(db.session(), instructor_or_403())
        return render_template("teach/classes.html", classes=found, form=form), 422
    public_id = operations.create_class(
        db.session(), viewer().account_id, form.name.data or "", ambient.random(), ambient.now()
    )
    return redirect(url_for(".joining", public_id=public_id), 303)


@bp.get("/classes/<public_id>")
def class_page(public_id: str) -> ResponseReturnValue:
    found = taught_class_or_404(public_id)
    return render_template(
        "teach/class.html",
        school_class=found,
        students=student_count(db.session(), found.id),
        teachers=teachers_of(db.session(), found.id),
        assignments=assignment_lines(db.session(), found.id),
        offers=regrades_offered(db.session(), [found.id]),
        now=ambient.now(),
        clock=clock(),
    )


@bp.get("/classes/<public_id>/settings")
def class_settings(public_id: str) -> ResponseReturnValue:
    found = taught_class_or_404(public_id)
    return settings_page(found, ClassForm(data={"name": found.name}), TeacherForm())


def settings_page(found: Class, form: ClassForm, teacher_form: TeacherForm) -> str:
    """The page on which a class is renamed, archived, and its teachers chosen."""
    return render_template(
        "teach/class_settings.html",
        school_class=found,
        form=form,
        teacher_form=teacher_form,
        teachers=teachers_of(db.session(), found.id),
    )


@bp.post("/classes/<public_id>/settings")
def rename_class(public_id: str) -> ResponseReturnValue:
    found = taught_class_or_404(public_id)
    form = ClassForm(request.form)
    if not form.validate():
        return settings_page(found, form, TeacherForm()), 422
    operations.rename_class(
        db.session(), viewer().account_id, found.id, form.name.data or "", ambient.now()
    )
    flash("The new name is kept.", "success")
    return redirect(url_for(".class_settings", public_id=public_id), 303)


@bp.get("/classes/<public_id>/archiving")
def confirm_archiving(public_id: str) -> ResponseReturnValue:
    found = taught_class_or_404(public_id)
    return render_template("teach/class_archiving.html", school_class=found)


@bp.post("/classes/<public_id>/archiving")
def archive_class(public_id: str) -> ResponseReturnValue:
    found = taught_class_or_404(public_id)
    operations.archive_class(db.session(), viewer().account_id, found.id, ambient.now())
    flash("The class is archived. Its settings bring it back.", "success")
    return redirect(url_for(".classes"), 303)


@bp.post("/classes/<public_id>/restoring")
def restore_class(public_id: str) -> ResponseReturnValue:
    found = taught_class_or_404(public_id)
    operations.restore_class(db.session(), viewer().account_id, found.id, ambient.now())
    flash("The class is in use again.", "success")
    return redirect(url_for(".class_page", public_id=public_id), 303)


@bp.get("/classes/<public_id>/joining")
def joining(public_id: str) -> ResponseReturnValue:
    found = taught_class_or_404(public_id)
    address = whole("attend.join", code=found.join_code) if found.join_code else ""
    return render_template(
        "teach/class_joining.html",
        school_class=found,
        code=join_codes.grouped(found.join_code or ""),
        address=address,
        qr=qr_code(address) if address else None,
        entry=whole("attend.enter_code"),
    )


@bp.post("/classes/<public_id>/code")
def renew_code(public_id: str) -> ResponseReturnValue:
    found = taught_class_or_404(public_id)
    operations.renew_code(
        db.session(), viewer().account_id, found.id, ambient.random(), ambient.now()
    )
    flash("This is the code that holds now; one before is void.", "success")
    return redirect(url_for(".joining", public_id=public_id), 303)


@bp.post("/classes/<public_id>/code/closing")
def close_joining(public_id: str) -> ResponseReturnValue:
    found = taught_class_or_404(public_id)
    operations.close_joining(db.session(), viewer().account_id, found.id, ambient.now())
    flash("Joining is closed.", "success")
    return redirect(url_for(".joining", public_id=public_id), 303)
