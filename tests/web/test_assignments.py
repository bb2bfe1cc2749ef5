"""Setting graded work in the browser: presets, the form, what students will meet, more time."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from html import unescape
from random import Random
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from quizapp.db.models import Accommodation, Assignment, Class, Deck, Enrolment, Role
from quizapp.domain.graded.policy import PRESETS, Counting, Layout, Shown, Stage
from quizapp.domain.graded.pools import Pool
from quizapp.operations import sitting
from quizapp.operations.assignments import Plan, plan_of
from tests.support import cast
from tests.support.browsing import Browser, title_of
from tests.support.cast import NOW, sessions
from tests.support.classroom import enrol, make_class
from tests.support.forms import filled_in

FORM = "data-outlook"


@pytest.fixture(autouse=True)
def _moment():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def room(app, people, database_url) -> str:
    """The public id of grace's class, with ada in it."""
    with sessions(database_url) as session:
        found = make_class(session, people.grace)
        enrol(session, found, people.ada)
        return found.public_id


@pytest.fixture
def grace(browser_of, people, room) -> Browser:
    return browser_of(people.grace)


def new(room: str, preset: str = "homework") -> str:
    return f"/teach/classes/{room}/assignments/new?preset={preset}"


def form_on(page) -> MultiDict[str, str]:
    assert page.status_code in {200, 409, 422}, page.status_code
    return filled_in(page.text, FORM)


def changed(form: MultiDict[str, str], **changes: Any) -> dict[str, Any]:
    """The form with other values; a list for several, None for what is cleared."""
    values: dict[str, Any] = {name: form.getlist(name) for name in form}
    for name, value in changes.items():
        key = name.replace("part_", "part-").replace("__", "-")
        values.pop(key, None)
        if value is not None:
            values[key] = value
    return values


def send(grace: Browser, room: str, preset: str = "homework", **changes: Any):
    form = changed(form_on(grace.get(new(room, preset))), **changes)
    return grace.post(new(room).split("?")[0], form)


def make(grace: Browser, room: str, preset: str = "homework", **changes: Any) -> str:
    """An assignment's address."""
    wanted = {"title": "Rivers", "part_0__decks": "rivers", **changes}
    response = send(grace, room, preset, **wanted)
    assert response.status_code == 303, response.text
    return response.location


def errors_in(page) -> str:
    """The summary of what is wrong."""
    start = page.text.index('class="error-summary"')
    return unescape(page.text[start : page.text.index("</div>", start)])


def text_of(page) -> str:
    """What a page says, without its tags."""
    return unescape(re.sub(r"<[^>]+>", "", page.text))


def outlook_of(page) -> str:
    start = page.text.index("data-outlook-target")
    return unescape(page.text[start : page.text.index("</aside>", start)])


@pytest.fixture
def plans(database_url):
    """What is kept of an assignment, by its address."""

    def plan(address: str) -> Plan:
        with sessions(database_url) as session:
            return plan_of(found(session, address))

    return plan


def found(session, address: str) -> Assignment:
    public_id = address.rsplit("/", 1)[1]
    return session.scalars(select(Assignment).where(Assignment.public_id == public_id)).one()


def begin(database_url: str, person, address: str) -> None:
    with sessions(database_url) as session:
        work = found(session, address).id
        sitting.start(session, work, person.account_id, "start-key-1", Random(1), NOW)


# Presets


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_needs_only_a_title_and_a_deck(grace, room, plans, preset):
    plan = plans(make(grace, room, preset))
    assert plan == Plan(
        title="Rivers",
        policy=PRESETS[preset].policy,
        pools=(Pool(decks=("rivers",)),),
        holds_back=preset == "exam",
    )


def test_another_preset_keeps_what_was_entered(grace, room):
    page = send(grace, room, title="Rivers", part_0__decks="rivers", do="use-exam")
    form = form_on(page)
    assert (page.status_code, form["title"], form["time_limit"]) == (200, "Rivers", "60")
    assert form["part-0-decks"] == "rivers"
    assert form["preset"] == "exam"
    assert 'value="use-exam" aria-pressed="true"' in page.text
    assert "error-summary" not in page.text


def test_nothing_is_made_before_the_form_is_good(grace, room, database_url):
    page = send(grace, room, time_limit="0", closes_at="tomorrow")
    assert page.status_code == 422
    assert title_of(page).startswith("Error: ")
    for message in (
        "Give it a title.",
        "Give a number from 1 to 43200.",
        "Give a date and a time, such as 2026-03-12 11:00.",
    ):
        assert message in errors_in(page)
    with sessions(database_url) as session:
        assert session.scalars(select(Assignment)).all() == []


def test_a_form_that_is_sent_twice_makes_one(grace, room, database_url):
    form = changed(form_on(grace.get(new(room))), title="Rivers", part_0__decks="rivers")
    places = {grace.post(new(room).split("?")[0], form).location for _ in range(2)}
    assert len(places) == 1


# All that can be set


EVERYTHING = {
    "title": "  A   test ",
    "instructions": "Take your time.",
    "part_0__decks": ["rivers", "seas"],
    "part_0__how": "count",
    "part_0__count": "2",
    "questions": ["rivers/riddle"],
    "opens_at": "2026-03-12T09:00",
    "due_at": "2026-07-12T10:00",
    "closes_at": "2026-07-12T11:30",
    "zone": "Europe/Berlin",
    "time_limit": "45",
    "attempts_allowed": "2",
    "counting": "mean",
    "layout": "all",
    "may_go_back": "y",
    "shuffle_questions": None,
    "shuffle_choices": "y",
    "review": ["marks:submitted", "marks:closed", "key:closed"],
    "holds_marks": "y",
    "holds_back": "y",
    "retry_credits": "1",
    "certainty_marking": "y",
    "pass_mark": "60",
    "weight": "4",
}


def test_everything_that_is_set_is_kept_and_shown_again(grace, room, plans):
    address = make(grace, room, **EVERYTHING)
    plan = plans(address)
    assert plan.title == "A test"
    assert plan.pools == (
        Pool(questions=("rivers/riddle",)),
        Pool(decks=("rivers", "seas"), count=2),
    )
    assert plan.window.opens_at == datetime(2026, 3, 12, 8, tzinfo=UTC)
    assert plan.window.closes_at == datetime(2026, 7, 12, 9, 30, tzinfo=UTC)
    policy = plan.policy
    assert (policy.time_limit, policy.attempts_allowed) == (timedelta(minutes=45), 2)
    assert (policy.counting, policy.layout) == (Counting.MEAN, Layout.ALL)
    assert (policy.shuffle_questions, policy.shuffle_choices) == (False, True)
    assert policy.review == {(Shown.MARKS, Stage.SUBMITTED), (Shown.KEY, Stage.CLOSED)}
    assert (policy.certainty_marking, policy.pass_mark) == (True, Fraction(3, 5))
    assert (plan.weight, plan.holds_marks, plan.holds_back) == (4, True, True)
    again = form_on(grace.get(f"{address}/settings"))
    assert again["closes_at"] == "2026-07-12T11:30"
    assert again["zone"] == "Europe/Berlin"
    assert grace.post(f"{address}/settings", changed(again)).status_code == 303
    assert plans(address) == plan


def test_levels_and_topics_draw_as_they_say(grace, room, plans):
    levels = {"part_0__decks": "rivers", "part_0__how": "levels", "part_0__level_1": "1"}
    address = make(grace, room, **levels, part_0__topics="Seas")
    pool = Pool(decks=("rivers",), topics=("Seas",), levels=((1, 1),))
    assert plans(address).pools == (pool,)
    form = form_on(grace.get(f"{address}/settings"))
    assert (form["part-0-how"], form["part-0-level_1"], form["part-0-topics"]) == (
        "levels",
        "1",
        "Seas",
    )


def test_parts_are_added_and_removed_without_losing_the_others(grace, room, plans):
    address = new(room).split("?")[0]
    form = changed(form_on(grace.get(new(room))), title="Two parts", part_0__decks="rivers")
    page = grace.post(address, {**form, "do": "add-part"})
    form = changed(form_on(page), part_1__decks="seas", part_1__how="count", part_1__count="1")
    assert form["part"] == ["0", "1"]
    page = grace.post(address, {**form, "do": "add-part"})
    assert form_on(page).getlist("part") == ["0", "1", "2"]
    page = grace.post(address, {**changed(form_on(page)), "do": "remove-part-0"})
    form = form_on(page)
    assert form.getlist("part") == ["1", "2"]
    assert (form["part-1-decks"], form["part-1-count"]) == ("seas", "1")
    made = grace.post(address, changed(form))
    assert plans(made.location).pools == (Pool(decks=("seas",), count=1),)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"part_0__decks": None}, "There is nothing to draw from"),
        ({"part_0__how": "count"}, "Say how many questions."),
        ({"part_0__how": "levels"}, "Say how many questions of a level."),
        (
            {"part_0__how": "count", "part_0__count": "9"},
            "Part 1 asks for 9, and there are 4",
        ),
        (
            {"part_0__how": "levels", "part_0__level_1": "2"},
            "Part 1 asks for 2 of level 1, and there are 1",
        ),
        ({"part_0__decks": "another"}, "not a valid choice"),
        ({"questions": "rivers/none"}, "not a valid choice"),
        ({"due_at": "2026-03-12T09:00", "closes_at": "2026-03-11T09:00"}, "before it is due"),
        ({"retry_credits": "1, 0.5"}, "Only who sees that an answer is wrong can try again"),
        ({"retry_credits": "one"}, "Write numbers with a point"),
        ({"retry_credits": "0.5"}, "begin with 1"),
        ({"layout": "all", "may_go_back": None}, "everyone can go back"),
        ({"attempts_allowed": "101"}, "Give a number from 1 to 100."),
        ({"attempts_allowed": "two"}, "Give a whole number, or leave it empty."),
        ({"pass_mark": "101"}, "Give a number from 0 to 100."),
        ({"weight": "-1"}, "Give a number from 0 to 1000."),
        ({"opens_at": "0001-01-01T00:00"}, "Give a year between 2000 and 2999."),
        ({"zone": "Nowhere/Else"}, "Not a valid choice"),
        ({"key": "another"}, "Invalid input"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(grace, room, changes, message):
    page = send(grace, room, **{"title": "Rivers", "part_0__decks": "rivers", **changes})
    assert page.status_code == 422
    assert message in errors_in(page)


def test_fields_that_nobody_asked_for_change_nothing(grace, room, plans, database_url):
    address = make(
        grace,
        room,
        id="77",
        class_id="99",
        public_id="x" * 22,
        published_at="2026-01-01",
        released_at="2026-01-01",
        policy='{"time_limit": 1}',
        pools="[]",
        owner_id="1",
    )
    assert plans(address).policy == PRESETS["homework"].policy
    with sessions(database_url) as session:
        work = found(session, address)
        assert work.school_class.public_id == room
        assert (work.published_at, work.released_at) == (None, None)


# What students will meet


def test_the_form_says_what_students_will_meet(grace, room):
    page = grace.post(
        f"/teach/classes/{room}/assignments/outlook",
        changed(
            form_on(grace.get(new(room, "exam"))),
            title="Rivers",
            part_0__decks=["rivers", "seas"],
            closes_at="2026-03-12T11:00",
            zone="Europe/Berlin",
        ),
    )
    assert "<strong>5 questions</strong> in each attempt" in page.text
    assert "One attempt of 60 min until 12 March 2026, 11:00." in page.text
    assert "Still to do" not in page.text
    assert "Warning" not in page.text


def test_what_is_missing_is_said_and_the_rest_shown_already(grace, room):
    said = outlook_of(grace.get(new(room)))
    assert "Up to 3 attempts without a time limit" in said
    assert "Give it a title." in said
    assert "There is nothing to draw from" in said
    assert "error-summary" not in grace.get(new(room)).text


def test_the_number_of_questions_is_said_before_there_is_a_title(grace, room):
    page = send(grace, room, part_0__decks="rivers", do="check")
    assert page.status_code == 422
    assert "Give it a title." in errors_in(page)
    assert "<strong>4 questions</strong> in each attempt" in outlook_of(page)


def test_an_assignment_whose_questions_were_retired_can_still_be_looked_at(
    grace, room, people, database_url
):
    address = make(grace, room, "exam")
    begin_published(grace, address, people.ada, database_url)
    with sessions(database_url) as session:
        session.scalars(select(Deck).where(Deck.slug == "rivers")).one().retired_at = NOW
        session.commit()
    assert "Questions and their choices in random order" in grace.get(address).text
    form = form_on(grace.get(f"{address}/settings"))
    assert grace.post(f"{address}/settings", changed(form, title="New")).status_code == 303


@pytest.mark.parametrize(
    ("changes", "warning"),
    [
        ({}, "Everyone can practise these questions and see their keys: All about rivers."),
        ({"closes_at": None}, "Some results are shown after closing, and it never closes"),
        ({"holds_back": "y", "closes_at": None}, "kept out of practice until it closes, and"),
        ({"closes_at": "2026-02-01T11:00"}, "It closes in the past"),
        ({"review": ["key:submitted"]}, "Students see the key while they have attempts left"),
        ({"review": ["marks:answered"], "holds_marks": "y"}, "Until you release the results"),
    ],
)
def test_what_was_probably_not_meant_is_warned_of(grace, room, changes, warning):
    good = {"title": "Rivers", "part_0__decks": "rivers", "closes_at": "2026-03-12T11:00"}
    page = send(grace, room, **{**good, **changes, "do": "check"})
    assert page.status_code == 200
    assert warning in outlook_of(page)


def test_opening_again_after_keys_were_shown_is_warned_of(grace, room, people, database_url):
    address = make(grace, room, closes_at="2026-03-12T11:00")
    begin_published(grace, address, people.ada, database_url)
    warning = "It has closed already, and students may have seen keys since."
    form = changed(form_on(grace.get(f"{address}/settings")), do="check")
    longer = {**form, "closes_at": "2026-04-12T11:00"}
    assert warning not in grace.post(f"{address}/settings", longer).text
    with time_machine.travel(NOW + timedelta(days=20), tick=False):
        assert warning in grace.post(f"{address}/settings", longer).text
        assert warning in grace.post(f"{address}/settings", {**form, "closes_at": ""}).text
        assert warning not in grace.post(f"{address}/settings", form).text


# Its life


def test_an_assignment_goes_from_draft_to_students_and_back(grace, room, people, database_url):
    address = make(grace, room)
    assert "Students do not see this draft." in grace.get(address).text
    grace.post(f"{address}/publishing")
    assert "Students do not see this draft." not in grace.get(address).text
    grace.post(f"{address}/withdrawing")
    assert "It is a draft again." in grace.get(address).text
    grace.post(f"{address}/archiving")
    assert "Bring it back" in grace.get(address).text
    grace.post(f"{address}/restoring")
    begin_published(grace, address, people.ada, database_url)
    page = grace.post(f"{address}/deletion", follow_redirects=True)
    assert "Someone has begun it, so it stays." in page.text
    assert "cannot be deleted" in grace.get(f"{address}/deletion").text


def begin_published(grace: Browser, address: str, person, database_url: str) -> None:
    grace.post(f"{address}/publishing")
    begin(database_url, person, address)


def test_a_draft_is_deleted_after_asking(grace, room):
    address = make(grace, room)
    assert "Delete Rivers?" in grace.get(f"{address}/deletion").text
    page = grace.post(f"{address}/deletion", follow_redirects=True)
    assert "Rivers is deleted." in page.text
    assert grace.get(address).status_code == 404


def test_the_class_page_lists_its_assignments(grace, room, people, database_url):
    page = grace.get(f"/teach/classes/{room}").text
    assert "No assignments yet" in page
    address = make(grace, room, closes_at="2026-03-12T11:00")
    page = grace.get(f"/teach/classes/{room}").text
    assert f'<a href="{address}">Rivers</a>' in page
    assert "draft" in page
    assert "12 March 2026, 11:00 UTC" in page


def test_the_page_of_an_assignment_says_what_was_done_to_it(grace, room):
    address = make(grace, room)
    grace.post(f"{address}/publishing")
    page = grace.get(address).text
    assert "grace created it" in page
    assert "grace published it" in page


def test_moments_are_written_for_the_zone_of_the_reader(grace, room):
    address = make(grace, room, closes_at="2026-03-12T11:00", zone="Europe/Berlin")
    moment = (
        '<time data-local datetime="2026-03-12T10:00:00+00:00">12 March 2026, 11:00 '
        "Europe/Berlin</time>"
    )
    assert f"without a time limit, until {moment}." in grace.get(address).text


def test_a_copy_goes_to_a_class_that_one_teaches(grace, room, people, database_url, plans):
    address = make(grace, room)
    with sessions(database_url) as session:
        other = make_class(session, people.grace, "Seminar C").public_id
        foreign = make_class(session, people.mallory, "Elsewhere").public_id
    form = filled_in(grace.get(f"{address}/copies").text, 'method="post" novalidate')
    assert grace.post(f"{address}/copies", {**form, "to": foreign}).status_code == 422
    copy = grace.post(f"{address}/copies", {**form, "to": other})
    assert plans(copy.location) == plans(address)
    assert f"/teach/classes/{other}" in grace.get(copy.location).text


# Changes after someone has begun


def test_what_is_locked_is_shown_and_taken_from_what_holds(
    grace, room, people, database_url, plans
):
    address = make(grace, room, "practice", time_limit="30", questions="rivers/riddle")
    begin_published(grace, address, people.ada, database_url)
    before = plans(address)
    page = grace.get(f"{address}/settings")
    assert "Students have begun." in page.text
    assert "Still to do" not in page.text
    form = form_on(page)
    assert "part-0-decks" not in form
    assert "layout" not in form
    assert "marks:answered" not in form.getlist("review")
    sent = changed(form, title="New", time_limit="90", layout="all", part_0__decks="seas")
    sent["review"] = [*sent["review"], "key:answered"]
    assert grace.post(f"{address}/settings", sent).status_code == 303
    policy = replace(before.policy, time_limit=timedelta(minutes=90))
    assert plans(address) == replace(before, title="New", policy=policy)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"attempts_allowed": "1"}, "attempts can only become more"),
        ({"counting": "first"}, "only the best attempt can come to count"),
    ],
)
def test_what_would_harm_who_has_begun_is_refused(
    grace, room, people, database_url, plans, changes, message
):
    address = make(grace, room)
    begin_published(grace, address, people.ada, database_url)
    before = plans(address)
    form = changed(form_on(grace.get(f"{address}/settings")), **changes)
    page = grace.post(f"{address}/settings", form)
    assert page.status_code == 422
    assert message in errors_in(page)
    assert plans(address) == before


def test_who_begins_between_the_look_and_the_change_is_not_harmed(
    grace, room, people, database_url, plans, monkeypatch
):
    address = make(grace, room)
    grace.post(f"{address}/publishing")
    before = plans(address)
    form = changed(form_on(grace.get(f"{address}/settings")), part_0__decks="seas")
    begin(database_url, people.ada, address)
    looks = iter([False])  # what the view saw the moment before
    monkeypatch.setattr(
        "quizapp.web.teach.assignments.has_begun", lambda session, work: next(looks, True)
    )
    page = grace.post(f"{address}/settings", form)
    assert page.status_code == 409
    assert "Someone began just now" in page.text
    assert plans(address) == before


# More time for single students


def granting(room: str) -> str:
    return f"/teach/classes/{room}/accommodations"


@pytest.fixture
def ada_in(database_url, room) -> str:
    """The id of ada's place in the class, as forms send it."""
    with sessions(database_url) as session:
        return str(session.scalars(select(Enrolment.id)).one())


def rows(database_url: str) -> list[Accommodation]:
    with sessions(database_url) as session:
        return list(session.scalars(select(Accommodation)))


def test_a_student_gets_double_time_in_one_assignment(grace, room, ada_in, database_url):
    address = make(grace, room, "exam", time_limit="30", closes_at="2026-03-12T11:00")
    work = address.rsplit("/", 1)[1]
    form = {"student": ada_in, "work": work, "time_percent": "200", "zone": "UTC"}
    page = grace.post(granting(room), form, follow_redirects=True)
    said = "60 min (extended from 30), closes 12 March 2026, 11:30 UTC"
    assert "has it from now on." in page.text
    assert said in text_of(page)
    assert said in text_of(grace.get(address))
    assert [row.time_percent for row in rows(database_url)] == [200]
    again = grace.get(f"{granting(room)}?student={ada_in}&work={work}").text
    assert 'name="time_percent" step="5" type="number" value="200"' in again


def test_nobody_gets_more_time_before_a_student_is_chosen(grace, room, ada_in, database_url):
    assert '<option selected value="">Choose a student</option>' in grace.get(granting(room)).text
    page = grace.post(granting(room), {"student": "", "time_percent": "200", "zone": "UTC"})
    assert page.status_code == 422
    assert "Choose a student." in page.text
    assert rows(database_url) == []


def test_a_grant_for_the_class_reaches_every_assignment(grace, room, ada_in):
    address = make(grace, room, "exam", time_limit="30")
    grace.post(granting(room), {"student": ada_in, "work": "", "is_untimed": "y", "zone": "UTC"})
    page = grace.get(address).text
    assert "no time limit (extended from 30 min)" in page
    assert "granted for the whole class" in page


def test_the_list_of_students_says_who_has_more_time(grace, room, ada_in):
    students = f"/teach/classes/{room}/students"
    assert ">more time</a>" not in grace.get(students).text
    assert f"{granting(room)}?student={ada_in}" in grace.get(f"{students}/{ada_in}").text
    grace.post(granting(room), {"student": ada_in, "work": "", "is_untimed": "y", "zone": "UTC"})
    assert ">more time</a>" in grace.get(students).text


def test_a_grant_is_taken_back_after_asking(grace, room, ada_in, database_url):
    grace.post(
        granting(room), {"student": ada_in, "work": "", "extra_attempts": "2", "zone": "UTC"}
    )
    address = f"{granting(room)}/{rows(database_url)[0].id}/removal"
    assert "2 more attempts" in grace.get(address).text
    assert "It is taken back." in grace.post(address, follow_redirects=True).text
    assert rows(database_url) == []
    assert grace.post(address).status_code == 404


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "Give more time, attempts or later dates."),
        ({"time_percent": "99"}, "Give a number from 100 to 1000."),
        ({"time_percent": "1001"}, "Give a number from 100 to 1000."),
        ({"extra_attempts": "-1"}, "Give a number from 0 to 100."),
        ({"student": "999", "time_percent": "200"}, "Not a valid choice"),
        ({"work": "x" * 22, "time_percent": "200"}, "Not a valid choice"),
    ],
)
def test_a_grant_that_cannot_be_is_refused(grace, room, ada_in, database_url, changes, message):
    form = {"student": ada_in, "work": "", "zone": "UTC", **changes}
    page = grace.post(granting(room), form)
    assert page.status_code == 422
    assert message in errors_in(page)
    assert rows(database_url) == []


def test_nobody_of_another_class_can_be_named(grace, room, people, database_url):
    with sessions(database_url) as session:
        other = make_class(session, people.grace, "Seminar C")
        mallory = enrol(session, other, people.mallory).id
    form = {"student": str(mallory), "work": "", "time_percent": "200", "zone": "UTC"}
    assert grace.post(granting(room), form).status_code == 422
    assert rows(database_url) == []


def test_fields_that_nobody_asked_for_grant_nothing_else(grace, room, ada_in, database_url):
    grace.post(
        granting(room),
        {
            "student": ada_in,
            "work": "",
            "time_percent": "150",
            "zone": "UTC",
            "enrolment_id": "999",
            "assignment_id": "999",
            "id": "999",
        },
    )
    row = rows(database_url)[0]
    assert (row.enrolment_id, row.assignment_id, row.time_percent) == (int(ada_in), None, 150)
    assert row.id != 999


# Doors


def test_who_does_not_teach_the_class_finds_nothing(browser_of, people, room, grace):
    address = make(grace, room)
    mallory = browser_of(people.mallory)
    assert mallory.get(address).status_code == 403
    assert Browser(grace.client.application).get(address).status_code == 303


def test_another_instructors_class_does_not_exist(app, browser_of, room, grace, database_url):
    address = make(grace, room)
    with sessions(database_url) as session:
        heidi = browser_of(cast.register(session, "heidi", Role.INSTRUCTOR))
    for path in (address, f"{address}/settings", new(room), granting(room)):
        assert heidi.get(path).status_code == 404
    assert heidi.post(f"{address}/publishing").status_code == 404
    with sessions(database_url) as session:
        assert session.scalars(select(Class)).one().public_id == room
        assert found(session, address).published_at is None
