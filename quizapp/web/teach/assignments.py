"""Setting graded work: the form with its presets, the page of an assignment, its lifecycle."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, HiddenField, RadioField
from wtforms.validators import InputRequired, Regexp

from quizapp.db.models import Assignment, Class
from quizapp.db.queries.assignments import (
    assignment_lines,
    candidates,
    classes_to_copy_to,
    deeds_about,
    granted_in,
    has_begun,
    practised_decks,
)
from quizapp.db.queries.regrades import Offer, regrades_offered
from quizapp.db.queries.sitting import offers, running_attempts
from quizapp.domain.graded.experience import experience
from quizapp.domain.graded.policy import PRESETS, Shown, Stage
from quizapp.domain.graded.pools import TooFew, size
from quizapp.domain.tokens import token
from quizapp.extensions import db
from quizapp.operations import assignments as operations
from quizapp.operations.assignments import Plan, plan_of
from quizapp.web import ambient
from quizapp.web.options import option
from quizapp.web.session import viewer
from quizapp.web.teach import bp
from quizapp.web.teach.accommodations import Words, allowances
from quizapp.web.teach.assignment_forms import COLUMNS, MOST_PARTS, ROWS, Setting
from quizapp.web.teach.doors import taught_assignment_or_404, taught_class_or_404
from quizapp.web.zones import clock, marked, pieces

WORK = "/assignments/<public_id>"
NEW = "/classes/<public_id>/assignments/new"
BEGUN_MEANWHILE = "Someone began just now: look at what still changes, and send it again."
BEGUN = "Someone has begun it, so it stays. You can archive it."


class CopyForm(Form):
    """Which class gets a copy."""

    key = HiddenField(validators=[Regexp(r"[\w-]{22}\Z")])
    to = RadioField("Class", validators=[InputRequired("Choose a class.")])

    def offer(self, classes: list[Class]) -> None:
        """Let one of these be chosen."""
        self.to.choices = [option(each.public_id, each.name) for each in classes]


@bp.get(NEW)
def new_assignment(public_id: str) -> ResponseReturnValue:
    found = taught_class_or_404(public_id)
    usable = candidates(db.session(), viewer().account_id)
    preset = request.args.get("preset", "homework")
    preset = preset if preset in PRESETS else "homework"
    return _form_page(partial(Setting.fresh, usable, new_key(), preset), found)


@bp.post(NEW)
def create_assignment(public_id: str) -> ResponseReturnValue:
    found = taught_class_or_404(public_id)
    usable = candidates(db.session(), viewer().account_id)
    make = partial(Setting.sent, request.form, usable)
    setting = make()
    if status := setting.status():
        return _form_page(make, found, setting=setting), status
    key = setting.form.key.data or ""
    operations.create(db.session(), viewer().account_id, found.id, setting.plan, key, ambient.now())
    setting.form.remember_zone()
    flash("The draft is kept. Students see it once you publish it.", "success")
    return redirect(url_for(".assignment", public_id=key), 303)


@bp.post("/classes/<public_id>/assignments/outlook")
def outlook(public_id: str) -> ResponseReturnValue:
    """The part of the form's page that says what students will meet, for scripts."""
    taught_class_or_404(public_id)
    setting = Setting.sent(request.form, candidates(db.session(), viewer().account_id))
    return render_template("teach/assignment_outlook.html", outlook=setting.outlook(ambient.now()))


@bp.post(WORK + "/outlook")
def outlook_on_change(public_id: str) -> ResponseReturnValue:
    """The same of an assignment that there is."""
    setting = _changes(taught_assignment_or_404(public_id))()
    return render_template("teach/assignment_outlook.html", outlook=setting.outlook(ambient.now()))


@bp.get(WORK)
def assignment(public_id: str) -> ResponseReturnValue:
    found = taught_assignment_or_404(public_id)
    plan = plan_of(found)
    return render_template(
        "teach/assignment.html",
        **_about(found),
        sentences=_sentences(found, plan),
        **_progress(found),
        granted=allowances(granted_in(db.session(), found.class_id, found.id), found),
        deeds=deeds_about(db.session(), found.id),
        offers=_regrades(found),
        practised=[] if found.holds_back else practised_decks(db.session(), found.id),
        start_key=new_key(),
    )


@bp.get(WORK + "/settings")
def edit_assignment(public_id: str) -> ResponseReturnValue:
    found = taught_assignment_or_404(public_id)
    usable = candidates(db.session(), viewer().account_id, found.id)
    begun = has_begun(db.session(), found.id)
    make = partial(Setting.of, plan_of(found), usable, new_key(), begun)
    return _form_page(make, found.school_class, found)


@bp.post(WORK + "/settings")
def change_assignment(public_id: str) -> ResponseReturnValue:
    found = taught_assignment_or_404(public_id)
    make = _changes(found)
    setting = make()
    if status := setting.status():
        return _form_page(make, found.school_class, found, setting), status
    try:
        operations.update_plan(
            db.session(), viewer().account_id, found.id, setting.plan, ambient.now()
        )
    except operations.Refused:
        return _begun_meanwhile(public_id)
    return _kept(setting, public_id)


@bp.post(WORK + "/publishing")
def publish_assignment(public_id: str) -> ResponseReturnValue:
    found = taught_assignment_or_404(public_id)
    try:
        operations.publish(db.session(), viewer().account_id, found.id, ambient.now())
        flash("The class can see it now.", "success")
    except TooFew as few:
        flash(_too_few(few), "error")
    return redirect(url_for(".assignment", public_id=public_id), 303)


@bp.post(WORK + "/withdrawing")
def withdraw_assignment(public_id: str) -> ResponseReturnValue:
    found = taught_assignment_or_404(public_id)
    try:
        operations.withdraw(db.session(), viewer().account_id, found.id, ambient.now())
        flash("It is a draft again. Students do not see it.", "success")
    except operations.HasBegun:
        flash(BEGUN, "error")
    return redirect(url_for(".assignment", public_id=public_id), 303)


@bp.get(WORK + "/archiving")
def confirm_assignment_archiving(public_id: str) -> ResponseReturnValue:
    found = taught_assignment_or_404(public_id)
    return render_template("teach/assignment_archiving.html", **_about(found))


@bp.post(WORK + "/archiving")
def archive_assignment(public_id: str) -> ResponseReturnValue:
    found = taught_assignment_or_404(public_id)
    operations.archive(db.session(), viewer().account_id, found.id, ambient.now())
    flash("It is archived. You can bring it back here.", "success")
    return redirect(url_for(".assignment", public_id=public_id), 303)


@bp.post(WORK + "/restoring")
def restore_assignment(public_id: str) -> ResponseReturnValue:
    found = taught_assignment_or_404(public_id)
    operations.restore(db.session(), viewer().account_id, found.id, ambient.now())
    flash("It is in use again, as it was.", "success")
    return redirect(url_for(".assignment", public_id=public_id), 303)


@bp.get(WORK + "/deletion")
def confirm_assignment_deletion(public_id: str) -> ResponseReturnValue:
    found = taught_assignment_or_404(public_id)
    begun = has_begun(db.session(), found.id)
    return render_template("teach/assignment_deletion.html", **_about(found), has_begun=begun)


@bp.post(WORK + "/deletion")
def delete_assignment(public_id: str) -> ResponseReturnValue:
    found = taught_assignment_or_404(public_id)
    title, back = found.title, found.school_class.public_id
    try:
        operations.delete_assignment(db.session(), viewer().account_id, found.id, ambient.now())
    except operations.HasBegun:
        flash(BEGUN, "error")
        return redirect(url_for(".assignment", public_id=public_id), 303)
    flash(f"{title} is deleted.", "success")
    return redirect(url_for(".class_page", public_id=back), 303)


@bp.get(WORK + "/copies")
def copy_assignment(public_id: str) -> ResponseReturnValue:
    found = taught_assignment_or_404(public_id)
    return _copy_page(found, CopyForm(data={"key": new_key()}))


@bp.post(WORK + "/copies")
def create_copy(public_id: str) -> ResponseReturnValue:
    found = taught_assignment_or_404(public_id)
    form = CopyForm(request.form)
    classes = classes_to_copy_to(db.session(), viewer().account_id, found.class_id)
    form.offer(list(classes))
    if not form.validate():
        return _copy_page(found, form), 422
    to = next(each.id for each in classes if each.public_id == form.to.data)
    key = form.key.data or ""
    operations.duplicate(db.session(), viewer().account_id, found.id, to, key, ambient.now())
    flash("This is the copy, a draft. Look at its dates.", "success")
    return redirect(url_for(".assignment", public_id=key), 303)


def new_key() -> str:
    """What a form sends so that twice is once; a new assignment's public id."""
    return token(ambient.random(), 128)


def _form_page(
    make: Callable[[], Setting],
    school_class: Class,
    assignment: Assignment | None = None,
    setting: Setting | None = None,
) -> str:
    """The form, with what it comes to beside it, which is worked out on a form of its own."""
    return render_template(
        "teach/assignment_form.html",
        school_class=school_class,
        assignment=assignment,
        setting=setting or make(),
        outlook=make().outlook(ambient.now()),
        presets=PRESETS.values(),
        rows={shown: ROWS[shown] for shown in Shown},
        columns={stage: COLUMNS[stage] for stage in Stage},
        most_parts=MOST_PARTS,
    )


def _changes(found: Assignment) -> Callable[[], Setting]:
    usable = candidates(db.session(), viewer().account_id, found.id)
    begun = has_begun(db.session(), found.id)
    return partial(Setting.sent, request.form, usable, plan_of(found), begun)


def _begun_meanwhile(public_id: str) -> ResponseReturnValue:
    """Someone began between the look at the form and the change: show it again as it is now."""
    found = taught_assignment_or_404(public_id)
    make = _changes(found)
    setting = make()
    if setting.validate():
        setting.form.title.errors = [BEGUN_MEANWHILE]
    return _form_page(make, found.school_class, found, setting), 409


def _kept(setting: Setting, public_id: str) -> ResponseReturnValue:
    setting.form.remember_zone()
    flash("The changes are kept.", "success")
    return redirect(url_for(".assignment", public_id=public_id), 303)


def _about(found: Assignment) -> dict[str, Any]:
    """What the pages of an assignment have in common."""
    return {
        "assignment": found,
        "school_class": found.school_class,
        "now": ambient.now(),
        "clock": clock(),
    }


def _progress(found: Assignment) -> dict[str, Any]:
    """How far students are with an assignment."""
    return {
        "line": assignment_lines(db.session(), found.class_id, found.id)[0],
        "has_begun": has_begun(db.session(), found.id),
        "running": running_attempts(db.session(), found.id),
    }


def _regrades(found: Assignment) -> list[Offer]:
    """Questions of this assignment about whose marks is to be decided."""
    offered = regrades_offered(db.session(), [found.class_id])
    return [offer for offer in offered if offer.assignment == found.public_id]


def _sentences(found: Assignment, plan: Plan) -> Words:
    """What students meet; the number of questions is left out where there are too few now."""
    try:
        questions = size(plan.pools, offers(db.session(), found.id))
    except TooFew:
        questions = None
    said = experience(plan.policy, plan.window, questions, marked, plan.holds_marks)
    return [pieces(sentence) for sentence in said]


def _too_few(few: TooFew) -> str:
    of_level = "" if few.level is None else f" of level {few.level}"
    return (
        f"It is not published: a part asks for {few.wanted}{of_level}, and there are {few.there}. "
        "Change its settings."
    )


def _copy_page(found: Assignment, form: CopyForm) -> str:
    classes = classes_to_copy_to(db.session(), viewer().account_id, found.class_id)
    form.offer(list(classes))
    return render_template("teach/assignment_copy.html", **_about(found), form=form)
