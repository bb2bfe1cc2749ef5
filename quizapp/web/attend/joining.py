"""Joining a class by its code: with an account, or as a guest under a nickname."""

from typing import NoReturn

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, StringField
from wtforms.validators import InputRequired, Length

from quizapp.db.models import Class
from quizapp.db.queries.classes import class_with_code, enrolment_in, teachers_of
from quizapp.domain import join_codes
from quizapp.extensions import db
from quizapp.operations import classes
from quizapp.web import ambient, throttle
from quizapp.web.attend import bp
from quizapp.web.naming import name_field
from quizapp.web.session import viewer, viewer_or_new_guest
from quizapp.web.throttle import throttled

NAME_TAKEN = "Somebody in this class has this name. Add a letter of your family name."


class CodeForm(Form):
    """The code that the teacher has shown."""

    code = StringField(
        "Join code",
        validators=[InputRequired("Enter the code."), Length(max=40, message="Enter the code.")],
    )


class JoinForm(Form):
    """What the class is to call someone."""

    name = name_field("Your name in this class")


@bp.get("/join")
def enter_code() -> ResponseReturnValue:
    return render_template("attend/code.html", form=CodeForm())


@bp.post("/join")
@throttled(throttle.JOINING, throttle.by_address)
def find_class() -> ResponseReturnValue:
    form = CodeForm(request.form)
    if not form.validate():
        return render_template("attend/code.html", form=form), 422
    code = join_codes.tidy(form.code.data or "")
    if class_with_code(db.session(), code) is None:
        form.code.errors = ["No class takes this code. See how your teacher has written it."]
        return render_template("attend/code.html", form=form), 422
    return redirect(url_for(".join", code=code), 303)


@bp.get("/join/<code>")
@throttled(throttle.JOINING, throttle.by_address)
def join(code: str) -> ResponseReturnValue:
    school_class = _open_class_or_stop(code)
    mine = enrolment_in(db.session(), school_class.id, viewer().account_id)
    if mine is not None and mine.removed_at is None:
        return redirect(url_for(".class_page", public_id=school_class.public_id), 303)
    return _page(school_class, JoinForm(data={"name": viewer().name}))


@bp.post("/join/<code>")
@throttled(throttle.JOINING, throttle.by_address)
def enrol(code: str) -> ResponseReturnValue:
    school_class = _open_class_or_stop(code)
    title, code, form = school_class.name, school_class.join_code or "", JoinForm(request.form)
    if not form.validate():
        return _page(school_class, form), 422
    person, name = viewer_or_new_guest().account_id, form.name.data or ""
    try:
        public_id = classes.join_class(db.session(), code, person, name, ambient.now())
    except classes.NameTaken:
        form.name.errors = [NAME_TAKEN]
        return _page(school_class, form), 422
    except (classes.NotOpen, classes.WasRemoved):
        _stop(code)
    flash(f"You are in {title}.", "success")
    return redirect(url_for(".class_page", public_id=public_id), 303)


def _page(school_class: Class, form: JoinForm) -> str:
    teachers = teachers_of(db.session(), school_class.id)
    return render_template(
        "attend/join.html", school_class=school_class, teachers=teachers, form=form
    )


def _open_class_or_stop(code: str) -> Class:
    """The class that takes the viewer by this code; a page that says why not, where none does."""
    found = class_with_code(db.session(), join_codes.tidy(code))
    if found is None or found.archived_at is not None:
        _stop(code)
    mine = enrolment_in(db.session(), found.id, viewer().account_id)
    if mine is not None and mine.removed_at is not None:
        _stop(code)
    return found


def _stop(code: str) -> NoReturn:
    found = class_with_code(db.session(), join_codes.tidy(code))
    is_archived = found is not None and found.archived_at is not None
    page = render_template("attend/no_entry.html", found=found, is_archived=is_archived)
    abort(make_response(page, 403 if found and not is_archived else 404))
