"""One's own account: password, data, deletion."""

import json

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, PasswordField

from quizapp.db.models import Account
from quizapp.db.queries.accounts import attempt_count, links_by_others, own_account
from quizapp.db.queries.attempts import everything_answered
from quizapp.db.queries.classes import own_enrolments
from quizapp.db.queries.held import own_items_held_back
from quizapp.db.queries.reading import readings_of
from quizapp.db.queries.reviewing import cards_told, settings_row
from quizapp.extensions import db
from quizapp.operations import accounts
from quizapp.web import ambient, throttle
from quizapp.web.account import bp
from quizapp.web.account.export import as_plain_values, studying_as_plain_values
from quizapp.web.account.forms import DeletionForm, EmailForm, PasswordForm
from quizapp.web.account.graded_export import graded_as_plain_values
from quizapp.web.session import (
    close_session,
    known_viewer,
    open_session,
    registered_viewer,
)
from quizapp.web.throttle import throttled


@bp.get("/account")
def show() -> ResponseReturnValue:
    account = own_account(db.session(), registered_viewer().account_id)
    return _page(account, PasswordForm(), EmailForm(data={"email": account.email}))


def _page(account: Account, form: PasswordForm, email_form: EmailForm) -> str:
    return render_template(
        "account/account.html",
        account=account,
        form=form,
        email_form=email_form,
        links=links_by_others(db.session(), account.id),
        now=ambient.now(),
    )


@bp.post("/account/password")
@throttled(throttle.A_NAME, throttle.by_session)
def change_password() -> ResponseReturnValue:
    account = own_account(db.session(), registered_viewer().account_id)
    form = PasswordForm(request.form)
    if form.validate():
        old, new = form.old.data or "", form.new.data or ""
        key = accounts.change_password(
            db.session(), account.id, old, new, ambient.random(), ambient.now()
        )
        if key is not None:
            open_session(key)
            flash("Your password is changed; other devices are signed out.", "success")
            return redirect(url_for(".show"), 303)
        form.old.errors = ["That is not your present password."]
    return _page(account, form, EmailForm(data={"email": account.email})), 422


@bp.post("/account/email")
@throttled(throttle.A_NAME, throttle.by_session)
def change_email() -> ResponseReturnValue:
    account = own_account(db.session(), registered_viewer().account_id)
    form = EmailForm(request.form)
    if not _confirmed(form, form.confirmation, account.id):
        return _page(account, PasswordForm(), form), 422
    accounts.change_email(db.session(), account.id, (form.email.data or "").strip())
    flash("Your e-mail address is kept." if form.email.data else "No e-mail address is kept.")
    return redirect(url_for(".show"), 303)


@bp.get("/account/data")
def data() -> ResponseReturnValue:
    account = own_account(db.session(), known_viewer().account_id)
    rows = everything_answered(db.session(), account.id)
    places = own_enrolments(db.session(), account.id)
    held_back = own_items_held_back(db.session(), account.id, ambient.now())
    values = as_plain_values(account, places, rows, held_back) | studying_as_plain_values(
        settings_row(db.session(), account.id),
        cards_told(db.session(), account.id),
        readings_of(db.session(), account.id),
    )
    values |= graded_as_plain_values(account.id, ambient.now())
    text = json.dumps(values, ensure_ascii=False, indent=2)
    response = Response(text + "\n", mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="quizapp-my-data.json"'
    return response


@bp.get("/account/deletion")
def confirm_deletion() -> ResponseReturnValue:
    return _deletion_page(known_viewer().account_id, DeletionForm())


def _deletion_page(account_id: int, form: DeletionForm) -> str:
    return render_template(
        "account/delete.html",
        form=form,
        attempts=attempt_count(db.session(), account_id),
        enrolments=own_enrolments(db.session(), account_id),
    )


@bp.post("/account/deletion")
@throttled(throttle.A_NAME, throttle.by_session)
def delete() -> ResponseReturnValue:
    viewer = known_viewer()
    form = DeletionForm(request.form)
    if viewer.is_registered and not _confirmed(form, form.password, viewer.account_id):
        return _deletion_page(viewer.account_id, form), 422
    accounts.delete_account(db.session(), viewer.account_id)
    close_session()
    what = "What you answered is" if viewer.is_guest else "Your account and everything in it are"
    flash(f"{what} deleted.", "success")
    return redirect(url_for("learn.home"), 303)


def _confirmed(form: Form, password: PasswordField, account_id: int) -> bool:
    if not form.validate():
        return False
    if not accounts.knows_password(db.session(), account_id, password.data or ""):
        password.errors = ["That is not your password."]
        return False
    return True
