"""Signing up, in and out, and one-time links."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date

from quizapp.db.queries.classes import own_enrolments
from quizapp.extensions import db
from quizapp.operations import accounts
from quizapp.web import ambient, throttle
from quizapp.web.account import bp
from quizapp.web.account.forms import FirstPasswordForm, SignInForm, SignUpForm
from quizapp.web.session import close_session, go_on, open_session, viewer
from quizapp.web.throttle import throttled

TWICE_IN_CLASS = (
    "You had joined a class as a guest that you are in with this account, too. What the guest did "
    "there stays apart: ask your teacher what is to become of it."
)


@bp.get("/sign-up")
def sign_up() -> ResponseReturnValue:
    return render_template("account/sign_up.html", form=SignUpForm(request.args))


@bp.post("/sign-up")
@throttled(throttle.AN_ADDRESS, throttle.by_address)
def create_account() -> ResponseReturnValue:
    form = SignUpForm(request.form)
    if not form.validate():
        return render_template("account/sign_up.html", form=form), 422
    guest = viewer().account_id if viewer().is_guest else None
    try:
        key = accounts.sign_up(db.session(), guest, form.identity, ambient.random(), ambient.now())
    except accounts.NameTaken:
        form.name.errors = ["Somebody has this name. Choose another, or sign in if it is you."]
        return render_template("account/sign_up.html", form=form), 422
    open_session(key)
    kept = ", and what you answered before is in it" if guest else ""
    flash(f"Your account is ready{kept}.", "success")
    return go_on(url_for("learn.home"))


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    return render_template("account/sign_in.html", form=SignInForm(request.args))


@bp.post("/sign-in")
@throttled(throttle.AN_ADDRESS, throttle.by_address)
@throttled(throttle.A_NAME, throttle.by_name)
def begin_session() -> ResponseReturnValue:
    form = SignInForm(request.form)
    if not form.validate():
        return render_template("account/sign_in.html", form=form), 422
    guest = viewer().account_id if viewer().is_guest else None
    key = accounts.sign_in(db.session(), guest, form.name.data or "", form.password.data or "")
    if key is None:
        form.password.errors = ["Name and password do not fit together. Try again."]
        return render_template("account/sign_in.html", form=form), 422
    open_session(key)
    if guest and own_enrolments(db.session(), guest):
        flash(TWICE_IN_CLASS, "warning")
    for news in accounts.news_of_links(db.session(), key, ambient.now()):
        flash(_in_words(news), "warning")
    return go_on(url_for("learn.home"))


def _in_words(news: accounts.News) -> str:
    """What somebody should know who did not ask for a link to their account."""
    used = f"used on {format_date(news.opened_at)}" if news.opened_at else "not used so far"
    return (
        f"{news.maker} made a sign-in link for you on {format_date(news.made_at)}. It was {used}. "
        "Your account page lists such links."
    )


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    close_session()
    flash("You are signed out.")
    return redirect(url_for("learn.home"), 303)


@bp.get("/links/<link>")
def one_time_link(link: str) -> ResponseReturnValue:
    account = accounts.link_account(db.session(), link, ambient.now())
    if account is None:
        return render_template("account/link_void.html"), 410
    if account.name is None:
        places = own_enrolments(db.session(), account.id)
        return render_template("account/link_guest.html", enrolments=places)
    return render_template("account/link.html", name=account.name, form=FirstPasswordForm())


@bp.post("/links/<link>")
@throttled(throttle.AN_ADDRESS, throttle.by_address)
def use_one_time_link(link: str) -> ResponseReturnValue:
    account = accounts.link_account(db.session(), link, ambient.now())
    form, name = FirstPasswordForm(request.form), account.name if account else None
    if name and not form.validate():
        return render_template("account/link.html", name=name, form=form), 422
    key = _use(link, form.new.data or "" if name else None)
    if key is None:
        return render_template("account/link_void.html"), 410
    open_session(key)
    return redirect(url_for("learn.home" if name else "attend.classes"), 303)


def _use(link: str, password: str | None) -> str | None:
    """The session key behind a link: with a new password, or a guest's, who has none."""
    if password is None:
        return accounts.use_guest_link(db.session(), link, ambient.random(), ambient.now())
    return accounts.use_link(db.session(), link, password, ambient.random(), ambient.now())
