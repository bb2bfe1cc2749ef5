"""Coming into a class by its code, and a student's pages of it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from quizapp.db.models import Account, Enrolment
from quizapp.db.queries.classes import roster
from quizapp.domain import join_codes
from quizapp.domain.graded.timing import Window
from quizapp.operations import classes
from quizapp.web import throttle
from tests.support.browsing import Browser, title_of
from tests.support.cast import PASSWORD, sessions
from tests.support.classroom import enrol, make_class
from tests.support.graded import make_assignment

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def seminar(people, database_url):
    """grace's class."""
    with sessions(database_url) as session:
        made = make_class(session, people.grace)
        session.expunge(made)
        return made


@pytest.fixture
def code(seminar) -> str:
    return seminar.join_code


@pytest.fixture
def by_grace(people, database_url, seminar):
    """Does something to the class as its teacher."""

    def act(operation, *arguments) -> None:
        with sessions(database_url) as session:
            now = datetime.now(UTC)
            operation(session, people.grace.account_id, *(arguments or (seminar.id,)), now)

    return act


@pytest.fixture
def members(database_url, seminar):
    """The names of who is in the class."""

    def read() -> list[str]:
        with sessions(database_url) as session:
            return [line.name for line in roster(session, seminar.id) if not line.removed_at]

    return read


def join(browser: Browser, code: str, name: str, **fields: str):
    return browser.post(f"/join/{code}", {"name": name, **fields})


# Joining


def test_a_visitor_joins_under_a_nickname(visitor, code, members):
    typed = f" {code[:4].lower()} - {code[4:]}"
    sent_on = visitor.post("/join", {"code": typed})
    assert (sent_on.status_code, sent_on.location) == (303, f"/join/{code}")
    page = visitor.get(sent_on.location).text
    assert "Join Seminar B" in page
    assert "Taught by grace." in page
    assert "Join as a guest" in page
    joined = join(visitor, code, " Ada   L. ")
    assert joined.status_code == 303
    page = visitor.get(joined.location).text
    assert "You are in Seminar B." in page
    assert "You are Ada L. here" in page
    assert "this browser alone lets you back in" in page
    assert members() == ["Ada L."]


def test_who_is_signed_in_finds_the_accounts_name_and_no_talk_of_guests(people, browser_of, code):
    browser = browser_of(people.ada)
    page = browser.get(f"/join/{join_codes.grouped(code)}").text
    assert 'value="ada"' in page
    assert "guest" not in page
    location = join(browser, code, "ada").location
    assert "this browser alone" not in browser.get(location).text


def test_signing_in_first_leads_back_to_the_class(app, people, code):
    visitor = Browser(app)
    page = visitor.get(f"/join/{code}").text
    assert f'href="/sign-in?next=/join/{code}"' in page
    assert f'href="/sign-up?next=/join/{code}"' in page
    form = {"name": "ada", "password": PASSWORD, "next": f"/join/{code}"}
    assert visitor.post("/sign-in", form).location == f"/join/{code}"


def test_a_form_sent_twice_joins_once(visitor, code, members):
    first, second = join(visitor, code, "Ada"), join(visitor, code, "Ada")
    assert first.location == second.location
    assert members() == ["Ada"]
    assert visitor.get(f"/join/{code}").location == first.location


def test_a_name_taken_in_the_class_is_asked_for_again(app, visitor, code, members):
    join(visitor, code, "Ada")
    other = Browser(app)
    response = join(other, code, "ADA")
    assert response.status_code == 422
    assert title_of(response).startswith("Error: ")
    assert "Somebody in this class has this name." in response.text
    assert join(other, code, "Ada L.").status_code == 303
    assert members() == ["Ada", "Ada L."]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "Choose a name."),
        ("   ", "Choose a name."),
        ("x" * 61, "at most 60"),
        ("ada\u202e", "that can be seen"),
    ],
)
def test_a_name_that_cannot_be_kept_makes_nobody_a_guest(visitor, code, name, problem, members):
    response = join(visitor, code, name)
    assert response.status_code == 422
    assert problem in response.text
    assert members() == []
    assert visitor.get("/account/data").status_code == 303


@pytest.mark.parametrize(
    ("typed", "problem"),
    [("", "Enter the code."), ("ACDE-FGHJ", "No class takes this code."), ("x" * 41, "Enter")],
)
def test_a_code_that_lets_nobody_in_is_asked_for_again(visitor, seminar, typed, problem):
    response = visitor.post("/join", {"code": typed})
    assert response.status_code == 422
    assert problem in response.text


def test_a_link_that_lets_nobody_in_says_what_to_do(visitor, seminar, code, by_grace):
    nowhere = visitor.get("/join/ACDEFGHJ")
    assert nowhere.status_code == 404
    assert "ask for the code that holds now" in nowhere.text
    by_grace(classes.archive_class)
    over = visitor.get(f"/join/{code}")
    assert over.status_code == 404
    assert "Seminar B is archived" in over.text
    assert join(visitor, code, "Ada").status_code == 404
    by_grace(classes.restore_class)
    by_grace(classes.close_joining)
    assert join(visitor, code, "Ada").status_code == 404


def test_a_removed_student_is_sent_to_the_teacher(
    visitor, code, by_grace, members, database_url, seminar
):
    place = join(visitor, code, "Ada").location
    with sessions(database_url) as session:
        (line,) = roster(session, seminar.id)
    by_grace(classes.remove_student, line.enrolment_id)
    for response in (visitor.get(f"/join/{code}"), join(visitor, code, "Ada again")):
        assert response.status_code == 403
        assert "ask your teacher" in response.text
    assert visitor.get(place).status_code == 404
    assert "Seminar B" not in visitor.get("/classes").text
    assert members() == []
    by_grace(classes.bring_back_student, line.enrolment_id)
    assert visitor.get(place).status_code == 200


def test_codes_cannot_be_tried_without_end(visitor, seminar, monkeypatch):
    monkeypatch.setattr(throttle.JOINING[0], "amount", 3)
    for ask in (
        lambda: visitor.post("/join", {"code": "ACDEFGHJ"}),
        lambda: visitor.get("/join/ACDEFGHJ"),
        lambda: visitor.post("/join/ACDEFGHJ", {"name": "Ada"}),
    ):
        assert [ask().status_code == 429 for _ in range(5)] == [False] * 3 + [True] * 2


def test_other_fields_of_the_form_change_nothing(app, people, code, database_url):
    visitor = Browser(app)
    extra = {
        "account_id": people.ada.account_id,
        "class_id": "99",
        "role": "admin",
        "removed_at": "2020-01-01",
        "id": "77",
    }
    assert join(visitor, code, "Lin", **extra).status_code == 303
    with sessions(database_url) as session:
        account = session.scalars(select(Account).join(Enrolment)).one()
        assert (account.name, account.role) == (None, "learner")
        assert account.id != people.ada.account_id
        assert session.scalars(select(Enrolment.removed_at)).one() is None


# A student's pages


@pytest.fixture
def work(database_url, seminar):
    """Makes an assignment of the class, with times from now in hours."""

    def make(title: str, opens=None, due=None, closes=None, **columns) -> str:
        now = datetime.now(UTC)
        times = [None if hours is None else now + hours * HOUR for hours in (opens, due, closes)]
        with sessions(database_url) as session:
            made = make_assignment(session, seminar, window=Window(*times), title=title, **columns)
            session.commit()
            return made.public_id

    return make


def test_the_class_page_lists_what_is_published_with_its_state(app, people, browser_of, code, work):
    browser = browser_of(people.ada)
    place = join(browser, code, "ada").location
    assert "Nothing to do yet" in browser.get(place).text
    opened = work("Now open", -1, 5, 9)
    work("Later", 24)
    work("Over", -48, -24, -24)
    work("A draft", -1, published_at=None)
    work("Put away", -1, archived_at=datetime.now(UTC))
    page = browser.get(place).text
    assert f'href="/assignments/{opened}"' in page
    for words in ("Now open", "Later", "not yet open", "Over", "closed, not done"):
        assert words in page
    assert "A draft" not in page
    assert "Put away" not in page


def test_what_was_put_away_leads_to_its_class(people, browser_of, code, work):
    browser = browser_of(people.ada)
    place = join(browser, code, "ada").location
    address = f"/assignments/{work('Put away', -1, archived_at=datetime.now(UTC))}"
    response = browser.get(address)
    assert (response.status_code, response.location) == (303, place)
    assert "Your teacher has put that assignment away." in browser.get(place).text
    assert browser_of(people.mallory).get(address).status_code == 404


def test_home_shows_what_is_to_do_now_and_nothing_else(people, browser_of, code, work, by_grace):
    browser = browser_of(people.ada)
    place = join(browser, code, "ada").location
    assert "For your classes" not in browser.get("/").text
    work("Now open", -1, 5, 9)
    work("Later", 24)
    page = browser.get("/").text
    assert "For your classes" in page
    assert "Now open" in page
    assert f'href="{place}"' in page
    assert "Later" not in page
    assert "For your classes" not in browser_of(people.mallory).get("/").text
    by_grace(classes.archive_class)
    assert "For your classes" not in browser.get("/").text
    assert "This class is over." in browser.get(place).text
    assert "Now open" in browser.get(place).text


def test_your_classes_are_listed_and_others_are_not_there(
    app, visitor, people, browser_of, code, seminar
):
    empty = visitor.get("/classes").text
    assert "You are in no class" in empty
    assert 'href="/sign-in?next=/classes"' in empty
    place = join(visitor, code, "Lin").location
    assert "You are Lin there." in visitor.get("/classes").text
    assert browser_of(people.mallory).get(place).status_code == 404
    assert Browser(app).get(place).location.startswith("/sign-in")


def test_a_guest_who_joined_twice_is_told_when_signing_in(app, people, database_url, seminar, code):
    with sessions(database_url) as session:
        session.add(seminar)
        enrol(session, seminar, people.ada, "Ada 1")
    visitor = Browser(app)
    join(visitor, code, "Ada 2")
    visitor.post("/sign-in", {"name": "ada", "password": PASSWORD})
    assert "What the guest did there stays apart" in visitor.get("/").text


def test_the_download_names_the_classes_that_someone_is_in(people, browser_of, code):
    browser = browser_of(people.ada)
    join(browser, code, "Ada L.")
    (place,) = json.loads(browser.get("/account/data").text)["classes"]
    assert (place["class"], place["name"]) == ("Seminar B", "Ada L.")


def test_who_leaves_is_told_of_the_marks_in_classes_first(people, browser_of, code, members):
    browser = browser_of(people.ada)
    assert "your teachers no longer see them" not in browser.get("/account/deletion").text
    join(browser, code, "ada")
    page = browser.get("/account/deletion").text
    assert "your marks in Seminar B: your teachers no longer see them" in page
    browser.post("/account/deletion", {"password": PASSWORD})
    assert members() == []
