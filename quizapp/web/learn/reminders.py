"""Being told what is due: by mail, or in a calendar."""

from functools import partial

from flask import (
    copy_current_request_context,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from wtforms import Form, HiddenField, RadioField
from wtforms.validators import InputRequired

from quizapp.db.models import Reminders
from quizapp.db.queries.reminding import Telling, telling_of
from quizapp.extensions import db
from quizapp.mail import Letter
from quizapp.operations import reminding
from quizapp.operations.studying import note_zone
from quizapp.web import ambient, throttle
from quizapp.web.addresses import whole
from quizapp.web.learn import bp
from quizapp.web.options import option
from quizapp.web.reminding import confirmation_letter, confirmed_by, mailer, stopped_by
from quizapp.web.session import known_viewer, viewer
from quizapp.web.zones import zone_names

CHOSEN = {
    Reminders.NEVER: "You get no reminders.",
    Reminders.DAILY: "You get a mail once a day when something is due.",
    Reminders.WEEKLY: "You get a mail once a week when something is due.",
}
CONFIRM_FIRST = "A mail is on its way to {}. Follow its link once, and reminders begin."
VOID = "learn/reminder_link_void.html"


class ZoneForm(Form):
    """The browser's time zone, where it tells it: days begin by it."""

    zone = HiddenField()


class RemindersForm(ZoneForm):
    """How often to be reminded by mail."""

    reminders = RadioField(
        "How often?",
        choices=[
            option(Reminders.NEVER.value, "Never"),
            option(Reminders.DAILY.value, "Once a day"),
            option(Reminders.WEEKLY.value, "Once a week"),
        ],
        validators=[InputRequired("Choose how often.")],
    )


@bp.get("/review/reminders")
def reminders() -> ResponseReturnValue:
    telling = telling_of(db.session(), known_viewer().account_id)
    return _page(telling, RemindersForm(data={"reminders": telling.reminders}))


@bp.post("/review/reminders")
def choose_reminders() -> ResponseReturnValue:
    account = known_viewer().account_id
    telling, form = telling_of(db.session(), account), RemindersForm(request.form)
    if not telling.email or not mailer().is_configured or not form.validate():
        return _page(telling, form), 422
    how_often = Reminders(form.reminders.data)
    if how_often is not Reminders.NEVER and not telling.is_confirmed:
        _ask_to_confirm(account, telling.email)
        flash(CONFIRM_FIRST.format(telling.email))
    else:
        flash(CHOSEN[how_often], "success")
    _note_zone(account, form)
    reminding.choose_reminders(db.session(), account, how_often)
    return redirect(url_for(".reminders"), 303)


def _page(telling: Telling, form: RemindersForm) -> str:
    token = telling.feed_token
    return render_template(
        "learn/reminders.html",
        telling=telling,
        form=form,
        has_mail=mailer().is_configured,
        feed_address=whole("learn.feed", feed_token=token) if token else None,
    )


def _ask_to_confirm(account: int, email: str) -> None:
    throttle.count(throttle.AN_INBOX, "mail", "email:" + email.casefold()[:100])
    write = partial(_confirmation, account, viewer().name or "", email)
    mailer().post(copy_current_request_context(write))


def _confirmation(account: int, name: str, email: str) -> list[Letter]:
    return [confirmation_letter(account, name, email)]


def _note_zone(account: int, form: ZoneForm) -> None:
    if form.zone.data in zone_names():
        note_zone(db.session(), account, form.zone.data, ambient.now())


@bp.get("/reminders/confirmation/<signed>")
def confirming_address(signed: str) -> ResponseReturnValue:
    found = confirmed_by(signed)
    if found is None:
        return render_template(VOID), 410
    return render_template("learn/reminder_confirmation.html", email=found[1], signed=signed)


@bp.post("/reminders/confirmation/<signed>")
def confirm_address(signed: str) -> ResponseReturnValue:
    found = confirmed_by(signed)
    if found is None or not reminding.confirm_address(db.session(), *found):
        return render_template(VOID), 410
    flash(f"{found[1]} is confirmed. Reminders go there when something is due.", "success")
    return redirect(url_for(".review"), 303)


@bp.get("/reminders/stop/<signed>")
def stopping_reminders(signed: str) -> ResponseReturnValue:
    if stopped_by(signed) is None:
        return render_template(VOID), 410
    return render_template("learn/reminder_stop.html", signed=signed, is_done=False)


@bp.post("/reminders/stop/<signed>")
def stop_reminders(signed: str) -> ResponseReturnValue:
    account = stopped_by(signed)
    if account is None:
        return render_template(VOID), 410
    reminding.stop_reminders(db.session(), account)
    # No redirect: mail programs that post here do not follow one.
    return render_template("learn/reminder_stop.html", signed=signed, is_done=True)


@bp.post("/review/reminders/feed")
def make_feed() -> ResponseReturnValue:
    account = known_viewer().account_id
    _note_zone(account, ZoneForm(request.form))
    reminding.make_feed(db.session(), account, ambient.random())
    flash("Your calendar has a new address, below.", "success")
    return redirect(url_for(".reminders", _anchor="calendar"), 303)


@bp.post("/review/reminders/feed/removal")
def remove_feed() -> ResponseReturnValue:
    reminding.remove_feed(db.session(), known_viewer().account_id)
    flash("Your calendar is no longer on the net.")
    return redirect(url_for(".reminders"), 303)
