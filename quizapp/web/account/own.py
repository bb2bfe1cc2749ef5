"""One's own account: password, data, deletion."""

import json

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.db.queries.accounts import attempt_count, own_account
from quizapp.db.queries.attempts import everything_answered
from quizapp.extensions import db
from quizapp.operations import accounts
from quizapp.web import ambient, throttle
from quizapp.web.account import bp
from quizapp.web.account.export import as_plain_values
from quizapp.web.account.forms import DeletionForm, PasswordForm
from quizapp.web.session import (
    close_session,
    known_viewer,
    open_session,
    registered_viewer,
)
from quizapp.web.throttle import throttled


@bp.get("/account")
def show() -> ResponseReturnValue:
    return render_template(
        "account/account.html",
        account=own_account(db.session(), registered_viewer().account_id),
        form=PasswordForm(),
    )


@bp.post("/account/password")
@throttled(throttle.A_NAME, throttle.by_session)
def change_password() -> ResponseReturnValue:
    account = own_account(db.session(), registered_viewer().account_id)
    form = PasswordForm(request.form)
    if form.validate():
        key = accounts.change_password(
            db.session(), account.id, form.old.data or "", form.new.data or "", ambient.random()
        )
        if key is not None:
            open_session(key)
            flash("Your password is changed; other devices are signed out.", "success")
            return redirect(url_for(".show"), 303)
        form.old.errors = ["That is not your present password."]
    return render_template("account/account.html", account=account, form=form), 422


@bp.get("/account/data")
def data() -> ResponseReturnValue:
    account = own_account(db.session(), known_viewer().account_id)
    rows = everything_answered(db.session(), account.id)
    text = json.dumps(as_plain_values(account, rows), ensure_ascii=False, indent=2)
    response = Response(text + "\n", mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="quizapp-my-data.json"'
    return response


@bp.get("/account/deletion")
def confirm_deletion() -> ResponseReturnValue:
    account = known_viewer().account_id
    return render_template(
        "account/delete.html", form=DeletionForm(), attempts=attempt_count(db.session(), account)
    )


@bp.post("/account/deletion")
@throttled(throttle.A_NAME, throttle.by_session)
def delete() -> ResponseReturnValue:
    viewer = known_viewer()
    form = DeletionForm(request.form)
    if viewer.is_registered and not _confirmed(form, viewer.account_id):
        attempts = attempt_count(db.session(), viewer.account_id)
        return render_template("account/delete.html", form=form, attempts=attempts), 422
    accounts.delete_account(db.session(), viewer.account_id)
    close_session()
    flash("Your account and everything in it are deleted.", "success")
    return redirect(url_for("learn.home"), 303)


def _confirmed(form: DeletionForm, account_id: int) -> bool:
    if not form.validate():
        return False
    if not accounts.knows_password(db.session(), account_id, form.password.data or ""):
        form.password.errors = ["That is not your password."]
        return False
    return True
