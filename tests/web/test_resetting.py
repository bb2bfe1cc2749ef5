"""A new password by e-mail."""

import re
from random import Random

import pytest
from sqlalchemy import select

from quizapp.db.models import Account, Role
from quizapp.operations import accounts
from quizapp.operations.accounts import Identity
from tests.support import cast
from tests.support.browsing import Browser, title_of
from tests.support.cast import NOW, PASSWORD, Person, sessions
from tests.support.classroom import enrol, make_class
from tests.support.mailbox import mail_server

NEW_PASSWORD = "an even calmer room"


@pytest.fixture
def mailbox():
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture
def browser(make_app, mailbox, database_url):
    """A visitor's browser on a site that sends mail and where ada has given an address."""
    with sessions(database_url) as session:
        identity = Identity("ada", PASSWORD, "ada@example.org")
        accounts.sign_up(session, None, identity, Random(1), NOW)
    return Browser(make_app(smtp_url=mailbox.url, mail_from="quiz@example.org"))


def test_a_mailed_link_lets_choose_a_new_password_once(browser, mailbox):
    assert "/password-reset" in browser.get("/sign-in").text
    asked = browser.post("/password-reset", {"email": "Ada@example.org"})
    assert (asked.status_code, asked.location) == (303, "/sign-in")
    assert "a mail with a link is on its way" in browser.get("/sign-in").text
    text = mailbox.next().get_content()
    assert "Hello ada," in text
    found = re.search(r"http://localhost(/links/[\w-]+)", text)
    assert found is not None
    assert "Welcome, ada" in browser.get(found[1]).text
    form = {"new": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert browser.post(found[1], form).status_code == 303
    assert "ada" in browser.get("/account").text
    assert browser.get(found[1]).status_code == 410


def test_who_has_no_account_is_answered_the_same_and_gets_no_mail(browser, mailbox):
    pages = []
    for email in ("nobody@example.org", "ada@example.org"):
        response = browser.post("/password-reset", {"email": email})
        assert (response.status_code, response.location) == (303, "/sign-in")
        pages.append(browser.get("/sign-in").text)
    assert pages[0] == pages[1]
    assert mailbox.next()["To"] == "ada@example.org"
    assert mailbox.is_empty


def test_a_student_is_written_to_when_a_teacher_makes_a_link(
    browser, mailbox, database_url, make_app
):
    with sessions(database_url) as session:
        grace = cast.register(session, "grace", Role.INSTRUCTOR)
        school_class = make_class(session, grace)
        address = f"/teach/classes/{school_class.public_id}/students"
        account = session.scalars(select(Account).where(Account.name == "ada")).one()
        ada = enrol(session, school_class, Person(account.id, account.session_key, "ada")).id
        bob = enrol(session, school_class, cast.register(session, "bob")).id
    teacher = Browser(make_app(smtp_url=mailbox.url, mail_from="quiz@example.org"), grace)
    for student in (bob, ada):
        assert teacher.post(f"{address}/{student}/links").status_code == 200
    mail = mailbox.next()
    assert mail["To"] == "ada@example.org"
    text = mail.get_content()
    assert "grace, who teaches you at quizapp, made a link" in text
    assert "http://localhost/account" in text
    assert "/links/" not in text
    assert mailbox.is_empty


@pytest.mark.parametrize(
    ("email", "problem"), [("", "Enter an address."), ("ada", "does not look like an address")]
)
def test_what_is_no_address_is_asked_for_again(browser, email, problem):
    response = browser.post("/password-reset", {"email": email})
    assert response.status_code == 422
    assert title_of(response).startswith("Error: ")
    assert problem in response.text


def test_nobody_can_fill_a_mailbox(browser, mailbox):
    for _ in range(3):
        assert browser.post("/password-reset", {"email": "ADA@example.org"}).status_code == 303
    assert browser.post("/password-reset", {"email": "ada@Example.org"}).status_code == 429
    for _ in range(3):
        mailbox.next()
    assert mailbox.is_empty


def test_a_site_without_mail_says_whom_to_ask(visitor):
    page = visitor.get("/password-reset").text
    assert "your teacher can give you a link" in page
    assert 'name="email"' not in page
    assert visitor.post("/password-reset", {"email": "ada@example.org"}).status_code == 422
