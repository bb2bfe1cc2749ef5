"""Letters about what is due, and the signed addresses in them.

Who follows such an address need not be signed in: it says whose reminders it is about, and only
this site can have made it.
"""

from datetime import datetime, time

from flask import current_app, render_template
from flask_babel import ngettext
from itsdangerous import BadData, URLSafeSerializer, URLSafeTimedSerializer

from quizapp.extensions import MAILER, db
from quizapp.mail import Letter, Mailer
from quizapp.operations.reminding import Reminder, Sent, send_reminders
from quizapp.web.addresses import whole

CONFIRM_WITHIN = 7 * 24 * 3600
"""Seconds that the link in a confirmation mail is good for."""

HOW_OFTEN = {"daily": "once a day", "weekly": "once a week"}


def mailer() -> Mailer:
    """What this app sends mail with."""
    return current_app.extensions[MAILER]


def send_what_is_due(now: datetime, earliest: time = time.min) -> Sent:
    """Send everyone who wants it a reminder, from within a request or a stand-in for one."""
    return send_reminders(db.session(), _send, now, earliest)


def _send(reminder: Reminder) -> None:
    mailer().send(reminder_letter(reminder))


def reminder_letter(reminder: Reminder) -> Letter:
    """A reminder, with what mail programs need to offer a button that stops them (RFC 8058)."""
    to = reminder.subscriber
    stop = whole("learn.stopping_reminders", signed=stop_token(to.account_id))
    return Letter(
        to.email,
        ngettext(
            "One question is due for review", "%(num)d questions are due for review", reminder.due
        ),
        render_template(
            "mail/reminder.txt",
            name=to.name,
            due=reminder.due,
            how_often=HOW_OFTEN[to.reminders],
            review=whole("learn.review"),
            settings=whole("learn.reminders"),
            stop=stop,
        ),
        {
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def confirmation_letter(account_id: int, name: str, email: str) -> Letter:
    """A mail that asks whether an address is its reader's."""
    signed = _confirmations().dumps([account_id, email])
    address = whole("learn.confirming_address", signed=signed)
    text = render_template("mail/confirmation.txt", name=name, address=address)
    return Letter(email, "Confirm your address for reminders", text)


def confirmed_by(signed: str) -> tuple[int, str] | None:
    """The account and the address that a link confirms, None where it is not ours or too old."""
    try:
        account_id, email = _confirmations().loads(signed, max_age=CONFIRM_WITHIN)
    except BadData:
        return None
    return account_id, email


def stop_token(account_id: int) -> str:
    """What stops the reminders to an account, however old the mail is that it stands in."""
    return _stops().dumps(account_id)


def stopped_by(signed: str) -> int | None:
    """The account whose reminders a link stops, None where it is not ours."""
    try:
        return _stops().loads(signed)
    except BadData:
        return None


def _confirmations() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="address for reminders")


def _stops() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="no more reminders")
