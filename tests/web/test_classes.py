"""An instructor's classes."""

import re

import pytest
from sqlalchemy import select

from quizapp.db.models import Class, ClassTeacher, Enrolment, Role
from quizapp.operations.accounts import set_role
from tests.support import cast
from tests.support.browsing import Browser, title_of
from tests.support.cast import PASSWORD, sessions
from tests.support.classroom import enrol, make_class

NEW_PASSWORD = "an even calmer room"


@pytest.fixture
def grace(people, browser_of):
    return browser_of(people.grace)


@pytest.fixture
def heidi(database_url, app) -> Browser:
    """An instructor who teaches nothing so far."""
    with sessions(database_url) as session:
        return Browser(app, cast.register(session, "heidi", Role.INSTRUCTOR))


@pytest.fixture
def place(people, database_url) -> str:
    """The address of grace's class, with ada and a guest called Lin in it."""
    with sessions(database_url) as session:
        school_class = make_class(session, people.grace)
        address = f"/teach/classes/{school_class.public_id}"
        enrol(session, school_class, people.ada)
        enrol(session, school_class, cast.guest(session), "Lin")
    return address


@pytest.fixture
def student(database_url, place):
    """The address of a student's page, by name."""

    def find(name: str) -> str:
        with sessions(database_url) as session:
            number = session.scalars(select(Enrolment.id).where(Enrolment.name == name)).one()
        return f"{place}/students/{number}"

    return find


# Classes


def test_a_class_is_made_and_shows_how_to_join(grace):
    assert "No classes yet" in grace.get("/teach/classes").text
    made = grace.post("/teach/classes", {"name": " Seminar  B "})
    assert made.status_code == 303
    page = grace.get(made.location).text
    code = re.search(r'class="join-code">(\w{4}-\w{4})<', page)
    assert code is not None
    assert f"http://localhost/join/{code[1].replace('-', '')}" in page
    assert '<path d="M' in page
    assert "Seminar B" in grace.get("/teach/classes").text
    assert grace.post("/teach/classes", {"name": "seminar b"}).location == made.location


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "Give the class a name."),
        ("  ", "Give the class a name."),
        ("x" * 121, "at most 120"),
        ("a\u202eb", "that can be seen"),
    ],
)
def test_a_class_without_a_proper_name_is_not_made(grace, place, name, problem):
    for address in ("/teach/classes", f"{place}/settings"):
        response = grace.post(address, {"name": name})
        assert response.status_code == 422
        assert title_of(response).startswith("Error: ")
        assert problem in response.text
    assert grace.get("/teach/classes").text.count('<h2><a href="/teach/classes/') == 1


def test_the_address_to_join_is_the_configured_one(make_app, people, place):
    app = make_app(base_url="https://quiz.example.org")
    page = Browser(app, people.grace, https=True).get(
        f"{place}/joining", headers={"Host": "localhost"}
    )
    assert "https://quiz.example.org/join/" in page.text


def test_a_class_is_renamed_archived_and_brought_back(grace, place):
    grace.post(f"{place}/settings", {"name": "Seminar C"})
    assert title_of(grace.get(place)) == "Seminar C · quizapp"
    assert "Archive Seminar C?" in grace.get(f"{place}/archiving").text
    assert grace.post(f"{place}/archiving").location == "/teach/classes"
    assert "archived" in grace.get(place).text
    assert "nobody can join it" in grace.get(f"{place}/joining").text
    grace.post(f"{place}/restoring")
    assert "archived" not in grace.get(place).text


def test_a_new_code_is_made_and_joining_closed_and_opened(grace, visitor, place, database_url):
    def code() -> str | None:
        with sessions(database_url) as session:
            return session.scalars(select(Class.join_code)).one()

    old = code()
    grace.post(f"{place}/code")
    assert code() != old
    assert visitor.get(f"/join/{old}").status_code == 404
    grace.post(f"{place}/code/closing")
    assert code() is None
    assert "Joining is closed" in grace.get(f"{place}/joining").text
    grace.post(f"{place}/code")
    assert visitor.get(f"/join/{code()}").status_code == 200


# Students


def test_the_roster_shows_who_is_in_the_class(grace, place, student):
    page = grace.get(f"{place}/students").text
    assert "2 students" in page
    assert student("ada") in page
    assert "guest" in page


def test_students_are_found_by_their_name_or_that_of_the_account(grace, place, student):
    grace.post(student("ada"), {"name": "Lovelace"})
    for part in ("LOVE", "ada"):
        page = grace.get(f"{place}/students?name={part}").text
        assert ">Lovelace<" in page
        assert ">Lin<" not in page
        assert "1 of 2 students" in page
    nobody = grace.get(f"{place}/students?name=%3Cb%3E").text
    assert "Nobody has that name" in nobody
    assert "<b>" not in nobody


def test_a_search_is_offered_where_students_are_many(grace, place, monkeypatch):
    assert "Find a student" not in grace.get(f"{place}/students").text
    monkeypatch.setattr("quizapp.web.teach.roster.MANY", 2)
    assert "Find a student" in grace.get(f"{place}/students").text


def test_a_student_is_renamed_removed_and_brought_back(grace, people, browser_of, place, student):
    address, ada = student("ada"), browser_of(people.ada)
    assert grace.post(address, {"name": "lin"}).status_code == 422
    assert grace.post(address, {"name": ""}).status_code == 422
    grace.post(address, {"name": "Ada L."})
    assert "You are Ada L. here" in ada.get(place.removeprefix("/teach")).text
    assert "Remove Ada L.?" in grace.get(f"{address}/removal").text
    assert grace.post(f"{address}/removal").location == f"{place}/students"
    page = grace.get(f"{place}/students").text
    assert "1 student" in page
    assert "Removed" in page
    assert ada.get(place.removeprefix("/teach")).status_code == 404
    grace.post(f"{address}/return")
    assert ada.get(place.removeprefix("/teach")).status_code == 200


def link_in(page) -> str:
    found = re.search(r'value="http://localhost(/links/[\w-]+)"', page.text)
    assert found is not None, page.text
    return found[1]


def test_a_link_lets_a_student_choose_a_new_password(app, grace, student):
    shown = grace.post(f"{student('ada')}/links")
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    browser, link = Browser(app), link_in(shown)
    assert "Welcome, ada" in browser.get(link).text
    browser.post(link, {"new": NEW_PASSWORD, "again": NEW_PASSWORD})
    assert "ada" in browser.get("/account").text
    form = {"name": "ada", "password": PASSWORD}
    assert Browser(app).post("/sign-in", form).status_code == 422
    assert browser.get(link).status_code == 410


def test_a_link_opens_a_guests_place_in_another_browser(app, grace, place, student):
    link, browser = link_in(grace.post(f"{student('Lin')}/links")), Browser(app)
    page = browser.get(link).text
    assert "the place of Lin in Seminar B" in page
    assert 'type="password"' not in page
    opened = browser.post(link)
    assert (opened.status_code, opened.location) == (303, "/classes")
    assert "You are Lin here" in browser.get(place.removeprefix("/teach")).text
    assert Browser(app).get(link).status_code == 410
    assert Browser(app).post(link).status_code == 410


def text_of(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", page.text).split())


def test_a_student_is_told_of_a_link_that_a_teacher_made(app, grace, browser_of, people, student):
    ada = browser_of(people.ada)
    assert "links that others made" not in ada.get("/account").text
    link = link_in(grace.post(f"{student('ada')}/links"))
    assert "grace made one on" in text_of(ada.get("/account"))
    assert "not used so far, good until" in text_of(ada.get("/account"))

    signed_in = {"name": "ada", "password": PASSWORD}
    home = Browser(app).post("/sign-in", signed_in, follow_redirects=True)
    assert "grace made a sign-in link for you on" in home.text
    assert "It was not used so far." in home.text
    assert "made a sign-in link" not in ada.post("/sign-in", signed_in, follow_redirects=True).text

    Browser(app).post(link, {"new": NEW_PASSWORD, "again": NEW_PASSWORD})
    signed_in = {"name": "ada", "password": NEW_PASSWORD}
    home = ada.post("/sign-in", signed_in, follow_redirects=True)
    assert "It was used on" in home.text
    assert ": used on" in text_of(ada.get("/account"))


def test_a_guest_is_told_of_a_link_among_the_classes(app, grace, student):
    link, browser = link_in(grace.post(f"{student('Lin')}/links")), Browser(app)
    browser.post(link)
    assert "grace made one on" in text_of(browser.get("/classes"))


def test_nobody_makes_a_link_to_somebody_who_teaches(grace, database_url, people, place, student):
    with sessions(database_url) as session:
        school_class = session.scalars(select(Class)).one()
        enrol(session, school_class, cast.register(session, "heidi", Role.INSTRUCTOR))
    response = grace.post(f"{student('heidi')}/links")
    assert response.status_code == 303
    assert f"{student('heidi')}/links" not in grace.get(student("heidi")).text
    assert "Whoever runs this site" in grace.get(student("heidi")).text


def test_a_student_of_another_class_is_not_reached_through_ones_own(heidi, grace, place, student):
    own = heidi.post("/teach/classes", {"name": "Heidi's own"}).location.removesuffix("/joining")
    number = student("ada").rpartition("/")[2]
    for address in ("", "/removal"):
        assert heidi.get(f"{own}/students/{number}{address}").status_code == 404
    for address in ("", "/removal", "/return", "/links"):
        assert heidi.post(f"{own}/students/{number}{address}", {"name": "x"}).status_code == 404
    assert "2 students" in grace.get(f"{place}/students").text


# Teachers


def test_a_second_teacher_is_added_and_leaves(grace, heidi, people, database_url, place):
    assert heidi.get(place).status_code == 404
    for name, problem in (("mallory", "No instructor"), ("", "Enter a name.")):
        response = grace.post(f"{place}/teachers", {"teacher": name})
        assert response.status_code == 422
        assert problem in response.text
    grace.post(f"{place}/teachers", {"teacher": "Heidi"})
    assert heidi.get(place).status_code == 200
    page = heidi.get(f"{place}/settings").text
    removals = re.findall(rf'href="({place}/teachers/\d+/removal)"', page)
    assert len(removals) == 2
    assert "Leave Seminar B?" in heidi.get(removals[1]).text
    assert heidi.post(removals[1]).location == "/teach/classes"
    assert heidi.get(place).status_code == 404
    assert grace.post(removals[0]).location == f"{place}/settings"
    assert "Nobody else teaches this class." in grace.get(f"{place}/settings").text
    assert grace.get(place).status_code == 200
    assert grace.get(removals[1]).status_code == 404


def test_an_admin_sees_and_runs_all_classes(app, database_url, grace, place):
    with sessions(database_url) as session:
        person = cast.register(session, "ivan")
        set_role(session, "ivan", Role.ADMIN, cast.NOW)
    admin = Browser(app, person)
    assert "Seminar B" in admin.get("/teach/classes").text
    assert admin.post(f"{place}/settings", {"name": "Renamed"}).status_code == 303


def test_other_fields_of_the_forms_change_nothing(grace, people, database_url, place, student):
    extra = {
        "id": "99",
        "public_id": "mine",
        "join_code": "22222222",
        "archived_at": "2020-01-01",
        "class_id": "99",
        "account_id": people.mallory.account_id,
        "actor_id": people.mallory.account_id,
        "role": "admin",
    }
    grace.post(f"{place}/settings", {"name": "Seminar C", **extra})
    grace.post(student("ada"), {"name": "Ada L.", "removed_at": "2020-01-01", **extra})
    grace.post("/teach/classes", {"name": "Seminar D", **extra})
    with sessions(database_url) as session:
        for found in session.scalars(select(Class)):
            assert found.public_id != "mine"
            assert found.join_code != "22222222"
            assert found.archived_at is None
        ada = session.scalars(select(Enrolment).where(Enrolment.name == "Ada L.")).one()
        assert (ada.account_id, ada.removed_at) == (people.ada.account_id, None)
        assert set(session.scalars(select(ClassTeacher.account_id))) == {people.grace.account_id}
