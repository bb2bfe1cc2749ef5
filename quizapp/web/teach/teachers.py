"""Who teaches a class."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.db.models import Account, Class
from quizapp.db.queries.classes import teachers_of
from quizapp.extensions import db
from quizapp.operations import classes as operations
from quizapp.web import ambient
from quizapp.web.session import viewer
from quizapp.web.teach import bp
from quizapp.web.teach.class_forms import ClassForm, TeacherForm
from quizapp.web.teach.classes import settings_page
from quizapp.web.teach.doors import taught_class_or_404

REMOVAL = "/classes/<public_id>/teachers/<int:account>/removal"


@bp.post("/classes/<public_id>/teachers")
def add_teacher(public_id: str) -> ResponseReturnValue:
    found = taught_class_or_404(public_id)
    form, name_form = TeacherForm(request.form), ClassForm(data={"name": found.name})
    name = form.teacher.data or ""
    if not form.validate():
        return settings_page(found, name_form, form), 422
    try:
        operations.add_teacher(db.session(), viewer().account_id, found.id, name, ambient.now())
    except operations.NoSuchTeacher:
        form.teacher.errors = ["No instructor has this account name. See how it is spelled."]
        return settings_page(found, name_form, form), 422
    flash(f"{name} teaches this class, too.", "success")
    return redirect(url_for(".class_settings", public_id=public_id), 303)


@bp.get(REMOVAL)
def confirm_teacher_removal(public_id: str, account: int) -> ResponseReturnValue:
    found, teacher = _teacher_or_404(public_id, account)
    return render_template("teach/class_teacher_removal.html", school_class=found, teacher=teacher)


@bp.post(REMOVAL)
def remove_teacher(public_id: str, account: int) -> ResponseReturnValue:
    found, teacher = _teacher_or_404(public_id, account)
    name, actor = teacher.name, viewer()
    back = url_for(".class_settings", public_id=public_id)
    try:
        operations.remove_teacher(db.session(), actor.account_id, found.id, account, ambient.now())
    except operations.LastTeacher:
        flash("Nobody else teaches this class. Add another teacher first.", "warning")
        return redirect(back, 303)
    flash(f"{name} teaches this class no longer.", "success")
    is_out = actor.account_id == account and not actor.is_admin
    return redirect(url_for(".classes") if is_out else back, 303)


def _teacher_or_404(public_id: str, account: int) -> tuple[Class, Account]:
    found = taught_class_or_404(public_id)
    teachers = teachers_of(db.session(), found.id)
    return found, next((each for each in teachers if each.id == account), None) or abort(404)
