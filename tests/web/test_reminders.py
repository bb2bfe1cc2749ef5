"""Reminders by mail and the calendar of due days, as learners and mail programs meet them."""

import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import urlsplit

import icalendar
import pytest
import time_machine
from sqlalchemy import select

from quizapp.db.models import Account, Reminders, StudySettings
from quizapp.operations import accounts, reminding
from quizapp.web.reminding import send_what_is_due
from tests.support import cast
from tests.support.browsing import Browser, title_of
from tests.support.cast import NOW, answer, begin, sessions
from tests.support.mailbox import mail_server

ADDRESS = "ada@example.org"
LATER = NOW + timedelta(days=40)
PAGE = "/review/reminders"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def mailbox():
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture
def site(app, make_app, mailbox, people, database_url):
    """A site that sends mail, where ada has answered the rivers and has an address."""
    with sessions(database_url) as session:
        accounts.change_email(session, people.ada.account_id, ADDRESS)
        attempt = begin(session, people.ada)
        for position in range(1, 5):
            answer(session, people.ada, attempt, position)
    return make_app(
        smtp_url=mailbox.url, mail_from="quiz@example.org", base_url="https://quiz.example"
    )


@pytest.fixture
def ada(site, people) -> Browser:
    return Browser(site, people.ada)


def path_in(text: str, start: str) -> str:
    """The path of the address in a mail that begins with this."""
    found = re.search(rf"https://quiz\.example({start}\S+)", text)
    assert found is not None, text
    return found[1]


def confirmed(ada: Browser, mailbox) -> None:
    """Ada asks for daily reminders and follows the link in the mail."""
    assert ada.post(PAGE, {"reminders": "daily"}).status_code == 303
    path = path_in(mailbox.next().get_content(), "/reminders/confirmation/")
    assert ada.post(path).status_code == 303


def remind(site, now=LATER):
    with site.test_request_context(base_url="https://quiz.example"):
        return send_what_is_due(now)


def kept(database_url) -> tuple[str, str | None]:
    with sessions(database_url) as session:
        row = session.execute(select(StudySettings.reminders, StudySettings.confirmed_email)).one()
        return row.reminders, row.confirmed_email


# By mail


def test_no_reminder_goes_to_an_address_before_its_reader_confirmed_it(site, ada, mailbox):
    ada.post(PAGE, {"reminders": "daily"})
    page = ada.get(PAGE).text
    assert f"Waiting for you to confirm {ADDRESS}" in page
    mail = mailbox.next()
    assert (mail["To"], mail["Subject"]) == (ADDRESS, "Confirm your address for reminders")
    assert remind(site).taken == 0
    path = path_in(mail.get_content(), "/reminders/confirmation/")
    # A program that looks at links in mails changes nothing, and who reads it need not sign in.
    reader = Browser(site)
    assert f"Is {ADDRESS} yours?" in reader.get(path).text
    assert remind(site).taken == 0
    assert reader.post(path).status_code == 303
    assert remind(site).taken == 1
    assert "Waiting for you" not in ada.get(PAGE).text


def test_a_reminder_says_how_many_are_due_and_nothing_of_the_questions(site, ada, mailbox):
    confirmed(ada, mailbox)
    assert remind(site).taken == 1
    mail = mailbox.next()
    assert (mail["To"], mail["Subject"]) == (ADDRESS, "4 questions are due for review")
    text = mail.get_content()
    assert "Hello ada," in text
    assert "https://quiz.example/review\r\n" in text.replace("\r\n", "\n").replace("\n", "\r\n")
    assert "river" not in text
    assert remind(site, LATER + timedelta(hours=2)).taken == 0
    assert mailbox.is_empty


def test_a_mail_program_stops_reminders_with_one_click(site, ada, mailbox, database_url):
    confirmed(ada, mailbox)
    remind(site)
    mail = mailbox.next()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = urlsplit(mail["List-Unsubscribe"].strip("<>"))
    assert (address.scheme, address.hostname) == ("https", "quiz.example")
    # As the program sends it: no cookies, no token, no page before.
    program = site.test_client()
    for _ in range(2):
        response = program.post(
            address.path, data={"List-Unsubscribe": "One-Click"}, base_url="https://quiz.example"
        )
        assert response.status_code == 200
    assert kept(database_url) == (Reminders.NEVER, ADDRESS)
    assert remind(site, LATER + timedelta(days=1)).taken == 0


def test_a_reader_is_asked_before_reminders_stop(site, ada, mailbox, database_url):
    confirmed(ada, mailbox)
    remind(site)
    path = path_in(mailbox.next().get_content(), "/reminders/stop/")
    reader = Browser(site)
    assert title_of(reader.get(path)).startswith("Stop reminders")
    assert kept(database_url)[0] == Reminders.DAILY
    assert title_of(reader.post(path)).startswith("No more reminders")
    assert kept(database_url)[0] == Reminders.NEVER


def test_the_one_click_opens_no_other_door(site, ada):
    client = ada.client
    for path in (PAGE, "/review/reminders/feed", "/sign-out"):
        assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 400


def test_a_link_that_is_not_ours_or_for_something_else_does_nothing(site, ada, mailbox):
    ada.post(PAGE, {"reminders": "daily"})
    path = path_in(mailbox.next().get_content(), "/reminders/confirmation/")
    signed = path.rpartition("/")[2]
    for wrong in (
        f"/reminders/stop/{signed}",
        path[:-1],
        "/reminders/confirmation/" + signed[::-1],
    ):
        assert ada.get(wrong).status_code == 410
        assert ada.post(wrong).status_code == 410


def test_a_confirmation_is_good_for_a_week_and_for_the_address_it_was_sent_to(
    site, ada, mailbox, clock, database_url, people
):
    ada.post(PAGE, {"reminders": "weekly"})
    path = path_in(mailbox.next().get_content(), "/reminders/confirmation/")
    clock.move_to(NOW + timedelta(days=8))
    assert ada.post(path).status_code == 410
    clock.move_to(NOW)
    with sessions(database_url) as session:
        accounts.change_email(session, people.ada.account_id, "other@example.org")
    assert ada.post(path).status_code == 410
    assert kept(database_url) == (Reminders.WEEKLY, None)


def test_nobody_can_fill_a_mailbox_by_asking_for_confirmations(ada, mailbox):
    for _ in range(3):
        assert ada.post(PAGE, {"reminders": "daily"}).status_code == 303
        mailbox.next()
    assert ada.post(PAGE, {"reminders": "daily"}).status_code == 429
    assert mailbox.is_empty


def test_what_is_no_choice_is_asked_for_again(ada, mailbox):
    response = ada.post(PAGE, {"reminders": "hourly"})
    assert response.status_code == 422
    assert title_of(response).startswith("Error: ")
    assert mailbox.is_empty


def test_fields_that_the_form_does_not_have_change_nothing(ada, mailbox, database_url):
    forged = {
        "account_id": "1",
        "confirmed_email": ADDRESS,
        "feed_token": "mine",
        "reminded_at": "2030-01-01",
        "email": "mallory@example.org",
    }
    ada.post(PAGE, {"reminders": "daily", **forged})
    assert mailbox.next()["To"] == ADDRESS
    assert kept(database_url) == (Reminders.DAILY, None)
    with sessions(database_url) as session:
        emails = set(session.scalars(select(Account.email)))
        assert session.scalars(select(StudySettings.feed_token)).all() == [None]
    assert emails == {None, ADDRESS}


def test_who_has_no_address_and_a_site_without_mail_say_what_to_do(site, visitor, people, app):
    mallory = Browser(site, people.mallory)
    assert "Your account has no e-mail address" in mallory.get(PAGE).text
    assert mallory.post(PAGE, {"reminders": "daily"}).status_code == 422
    assert "This site sends no mail" in Browser(app, people.ada).get(PAGE).text
    visitor.start()
    assert "Mail goes to the address of an account" in Browser(site, _guest(visitor)).get(PAGE).text


def _guest(visitor) -> cast.Person:
    with visitor.client.session_transaction() as session:
        return cast.Person(0, session["key"])


# In a calendar


def feed_path(browser: Browser) -> str:
    found = re.search(r'href="https?://[^/"]+(/feed/[^"]+)"', unescape(browser.get(PAGE).text))
    assert found is not None
    return found[1]


def due_days(response) -> dict[date, str]:
    calendar = icalendar.Calendar.from_ical(response.text)
    events = calendar.walk("VEVENT")
    return {event.decoded("DTSTART"): str(event["SUMMARY"]) for event in events}


def test_anyone_with_the_address_sees_how_many_are_due_on_which_day(ada, site, clock):
    ada.post("/review/reminders/feed")
    response = site.test_client().get(feed_path(ada))
    assert response.status_code == 200
    assert response.content_type == "text/calendar; charset=utf-8"
    days = due_days(response)
    assert sum(int(summary.split()[0]) for summary in days.values()) == 4
    assert min(days) > NOW.date()
    for secret in ("ada", "iver", "example.org"):
        assert secret not in response.text
    clock.move_to(LATER)
    assert due_days(site.test_client().get(feed_path(ada))) == {LATER.date(): "4 reviews due"}


def test_a_guest_has_a_calendar_too_and_an_empty_one_is_a_calendar(visitor):
    visitor.start()
    visitor.post("/review/reminders/feed")
    assert due_days(visitor.get(feed_path(visitor))) == {}


def test_a_new_address_and_a_removal_make_the_old_one_void(ada, site):
    ada.post("/review/reminders/feed")
    first = feed_path(ada)
    ada.post("/review/reminders/feed")
    second = feed_path(ada)
    assert first != second
    assert ada.get(first).status_code == 404
    assert ada.get(second).status_code == 200
    ada.post("/review/reminders/feed/removal")
    assert ada.get(second).status_code == 404
    assert "/feed/" not in ada.get(PAGE).text


def test_the_first_choice_takes_the_browsers_time_zone(ada, database_url):
    ada.post("/review/reminders/feed", {"zone": "Asia/Yerevan"})
    with sessions(database_url) as session:
        assert session.scalars(select(StudySettings.zone)).all() == ["Asia/Yerevan"]
    ada.post("/review/reminders/feed", {"zone": "nowhere"})
    with sessions(database_url) as session:
        assert session.scalars(select(StudySettings.zone)).all() == ["Asia/Yerevan"]


def test_reminders_that_were_chosen_are_shown(ada, database_url, people):
    with sessions(database_url) as session:
        reminding.choose_reminders(session, people.ada.account_id, Reminders.WEEKLY)
    assert re.search(r'<input checked[^>]*value="weekly"', ada.get(PAGE).text)
