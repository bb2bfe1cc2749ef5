"""A new password by e-mail, where the site can send any."""

from functools import partial

from flask import (
    copy_current_request_context,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from quizapp.extensions import MAILER, db
from quizapp.mail import Letter, Mailer
from quizapp.operations.accounts import create_mailed_links
from quizapp.web import ambient, throttle
from quizapp.web.account import bp
from quizapp.web.account.forms import ResetForm
from quizapp.web.addresses import whole
from quizapp.web.throttle import throttled

ON_ITS_WAY = (
    "If an account has this address, a mail with a link is on its way. The link is good for an "
    "hour. If nothing comes within a few minutes, look among the unwanted mail, or try again."
)


@bp.get("/password-reset")
def reset() -> ResponseReturnValue:
    return render_template("account/reset.html", form=ResetForm(), has_mail=_mailer().is_configured)


@bp.post("/password-reset")
@throttled(throttle.RESETS, throttle.by_address)
def send_reset() -> ResponseReturnValue:
    form, mailer = ResetForm(request.form), _mailer()
    if not form.validate() or not mailer.is_configured:
        page = render_template("account/reset.html", form=form, has_mail=mailer.is_configured)
        return page, 422
    throttle.count(throttle.AN_INBOX, "mail", throttle.by_email())
    email = (form.email.data or "").strip()
    # Whether there is an account is asked there, so that no answer takes longer where there is.
    mailer.post(copy_current_request_context(partial(_letters, email)))
    flash(ON_ITS_WAY)
    return redirect(url_for(".sign_in"), 303)


def _letters(email: str) -> list[Letter]:
    links = create_mailed_links(db.session(), email, ambient.random(), ambient.now())
    return [
        Letter(
            email,
            "A new password for quizapp",
            render_template(
                "account/reset_mail.txt",
                name=name,
                address=whole("account.one_time_link", link=link),
            ),
        )
        for name, link in links
    ]


def _mailer() -> Mailer:
    return current_app.extensions[MAILER]
