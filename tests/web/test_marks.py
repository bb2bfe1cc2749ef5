"""Marks as teachers see and change them."""

import csv
import re
from datetime import timedelta
from fractions import Fraction
from html import unescape
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from sqlalchemy import event, select

from quizapp.db.models import (
    Account,
    Assignment,
    Attempt,
    Enrolment,
    Excusal,
    Item,
    Mode,
    Override,
    Question,
    QuestionVersion,
    Regrade,
    Role,
)
from quizapp.domain.graded.policy import Policy
from quizapp.extensions import db
from quizapp.operations import marking
from tests.support import bank, cast
from tests.support.browsing import Browser
from tests.support.cast import NOW
from tests.support.classroom import enrol, make_class
from tests.support.handed_in import assign, hand_in

HALF = Fraction(1, 2)
PAST = NOW - timedelta(hours=1)
NEW_KEY = bank.RIVERS.replace("- [x] At its spring", "- [ ] At its spring").replace(
    "- [ ] At its mouth", "- [x] At its mouth"
)


@pytest.fixture
def everyone(session, people):
    """The cast, with bob who studies, heidi who teaches elsewhere, and an admin."""
    heidi = cast.register(session, "heidi", Role.INSTRUCTOR)
    admin = cast.register(session, "admin", Role.INSTRUCTOR)
    session.get_one(Account, admin.account_id).role = Role.ADMIN
    session.commit()
    bob = cast.register(session, "bob")
    return {"heidi": heidi, "admin": admin, "bob": bob}


@pytest.fixture
def school_class(session, people, everyone):
    found = make_class(session, people.grace)
    enrol(session, found, people.ada)
    enrol(session, found, everyone["bob"])
    return found


@pytest.fixture
def midterm(session, school_class):
    """Closed, with a pass mark of one half."""
    policy = Policy(pass_mark=HALF, attempts_allowed=2)
    return assign(session, school_class, policy=policy, closes_at=PAST, due_at=PAST, weight=2)


@pytest.fixture
def attempt(session, people, midterm):
    """ada's: one right, one half right, one not answered."""
    answers = {"beginning": {0}, "belongings": {0}, "movement": None}
    return hand_in(session, midterm, people.ada, answers, at=NOW - timedelta(hours=2))


@pytest.fixture
def places(session, school_class, midterm, attempt):
    """Addresses of the pages by what they are about."""
    enrolment = enrolment_named(session, school_class, "ada")
    attempt_id = session.get_one(Attempt, attempt).public_id
    return {
        "class": f"/teach/classes/{school_class.public_id}",
        "gradebook": f"/teach/classes/{school_class.public_id}/gradebook",
        "assignment": f"/teach/assignments/{midterm.public_id}",
        "student": f"/teach/assignments/{midterm.public_id}/students/{enrolment}",
        "attempt": f"/teach/attempts/{attempt_id}",
        "item": f"/teach/attempts/{attempt_id}/items/1",
    }


@pytest.fixture
def grace(app, people) -> Browser:
    return Browser(app, people.grace)


def enrolment_named(session, school_class, name: str) -> int:
    return session.scalars(
        select(Enrolment.id).where(Enrolment.class_id == school_class.id, Enrolment.name == name)
    ).one()


def kept(session, statement) -> list:
    """What the database holds now."""
    session.rollback()
    return list(session.scalars(statement))


def version_of(session, slug: str) -> int:
    return session.scalars(
        select(QuestionVersion.id)
        .join(Question)
        .where(Question.slug == slug)
        .order_by(QuestionVersion.id)
        .limit(1)
    ).one()


def words(page) -> str:
    """The page's text on one line."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)).replace("\u00a0", " "))


def row_of(page, name: str) -> str:
    """The table row of a student, in words."""
    (row,) = [r for r in re.findall(r"<tr>.*?</tr>", page.text, re.DOTALL) if f">{name}<" in r]
    return re.sub(
        r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", row)).replace("\u00a0", " ")
    ).strip()


def names_in(page) -> list[str]:
    """The students of the gradebook, in order."""
    return re.findall(r'<tr><th scope="row"><a [^>]*>([^<]+)</a>', page.text)


# The gradebook


def test_the_gradebook_shows_what_counts_and_where_everyone_stands(grace, places):
    page = grace.get(places["gradebook"])
    assert row_of(page, "ada") == "ada 50 % 50 % passed"
    assert row_of(page, "bob") == "bob 0 % 0 % not handed in"
    assert "Mean 25 % n = 2 25 % n = 2" in words(page)


def test_totals_weigh_assignments_and_leave_out_what_is_open_or_excused(
    session, people, school_class, midterm, attempt, places, grace
):
    quiz = assign(session, school_class, title="Quiz", weight=1)
    hand_in(session, quiz, people.ada, {"beginning": {0}})
    assert row_of(grace.get(places["gradebook"]), "ada").startswith("ada 66.7 %")
    assert row_of(grace.get(places["gradebook"]), "bob") == (
        "bob 0 % 0 % not handed in – not started"
    )
    bob = enrolment_named(session, school_class, "bob")
    marking.excuse(session, people.grace.account_id, midterm.id, bob, "ill", NOW)
    assert row_of(grace.get(places["gradebook"]), "bob") == (
        "bob – – not handed in, excused – not started"
    )


def test_drafts_and_what_is_archived_are_no_columns(session, school_class, midterm, places, grace):
    assign(session, school_class, title="Draft", published_at=None)
    assign(session, school_class, title="Old", archived_at=NOW)
    page = grace.get(places["gradebook"])
    assert "Midterm" in page.text
    assert "Draft" not in page.text
    assert "Old" not in page.text


def test_the_gradebook_is_sorted_by_any_column(session, people, everyone, midterm, places, grace):
    hand_in(session, midterm, everyone["bob"], {"beginning": {0}}, at=PAST)
    assert names_in(grace.get(places["gradebook"])) == ["ada", "bob"]
    assert names_in(grace.get(places["gradebook"] + "?order=desc")) == ["bob", "ada"]
    for key in (midterm.public_id, "total"):
        page = grace.get(f"{places['gradebook']}?sort={key}&order=desc")
        assert names_in(page) == ["bob", "ada"]
        assert page.text.count('aria-sort="descending"') == 1
        assert names_in(grace.get(f"{places['gradebook']}?sort={key}")) == ["ada", "bob"]


def test_the_links_in_the_heads_sort_and_turn_the_order_round(places, midterm, grace):
    page = grace.get(places["gradebook"] + "?name=a")
    (link,) = re.findall(r'class="sort" href="([^"]+)" title="Total"', page.text)
    page = grace.get(unescape(link))
    assert 'aria-sort="descending"' in page.text
    (link,) = re.findall(r'class="sort" href="([^"]+)" title="Total"', page.text)
    again = grace.get(unescape(link))
    assert 'aria-sort="ascending"' in again.text
    assert names_in(again) == ["ada"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("name=AD", ["ada"]),
        ("name=x", []),
        ("state=missed", ["bob"]),
        ("state=passed", ["ada"]),
        ("state=submitted&in=midterm-{}", ["ada"]),
        ("state=failed", []),
        ("state=nonsense", ["ada", "bob"]),
        ("state=missed&in=nonsense", ["bob"]),
        ("page=99", ["ada", "bob"]),
        ("page=all", ["ada", "bob"]),
        ("page=-1&sort=nonsense", ["ada", "bob"]),
    ],
)
def test_students_are_picked_by_name_and_state(places, school_class, grace, query, names):
    page = grace.get(f"{places['gradebook']}?{query.format(school_class.id)}")
    assert page.status_code == 200
    assert names_in(page) == names
    assert ("No student is like that" in page.text) == (not names)


def test_among_the_marks_of_an_assignment_students_are_found_by_name(places, grace):
    page = grace.get(places["assignment"] + "/marks?name=AD")
    assert "passed" in row_of(page, "ada")
    assert ">bob<" not in page.text
    assert "1 of 2 students" in page.text
    assert "Nobody has that name" in grace.get(places["assignment"] + "/marks?name=zzz").text


def test_an_empty_class_says_what_to_do_next(session, people, grace):
    empty = make_class(session, people.grace, "Empty")
    page = grace.get(f"/teach/classes/{empty.public_id}/gradebook")
    assert "Nobody is in this class yet" in page.text


def test_a_large_class_comes_in_pages(session, school_class, midterm, places, grace):
    people = [cast.guest(session, f"guest {number}") for number in range(101)]
    session.add_all(
        Enrolment(
            class_id=school_class.id,
            account_id=person.account_id,
            name=f"guest {number:03}",
            joined_at=NOW,
        )
        for number, person in enumerate(people)
    )
    session.commit()
    assert len(names_in(grace.get(places["gradebook"]))) == 100
    last = grace.get(places["gradebook"] + "?page=2")
    assert names_in(last) == ["guest 098", "guest 099", "guest 100"]
    assert re.search(r'aria-current="page">2<', last.text)
    assert len(names_in(grace.get(places["gradebook"] + "?page=all"))) == 103


def test_the_gradebook_takes_as_many_statements_for_many_as_for_few(
    app, session, people, school_class, midterm, places, grace
):
    def statements() -> int:
        seen: list[str] = []
        with app.app_context():
            engine = db.engine

        def note(_connection, _cursor, statement, *_rest) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        assert grace.get(places["gradebook"]).status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return sum(statement.lstrip().upper().startswith("SELECT") for statement in seen)

    few = statements()
    for number in range(5):
        quiz = assign(session, school_class, title=f"Quiz {number}")
        hand_in(session, quiz, people.ada, {"beginning": {0}})
        marking.excuse(
            session,
            people.grace.account_id,
            quiz.id,
            enrolment_named(session, school_class, "bob"),
            "ill",
            NOW,
        )
    assert statements() == few
    assert few <= 8  # who asks, which class, and the gradebook's six


# Exports

TRICKS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")', "＝1"]


@pytest.fixture
def tricky(session, people, school_class, midterm, attempt):
    """The class and what is in it, under names that a spreadsheet would calculate."""
    for number, name in enumerate(TRICKS):
        person = cast.guest(session, name)
        session.add(
            Enrolment(
                class_id=school_class.id, account_id=person.account_id, name=name, joined_at=NOW
            )
        )
        session.commit()
        if number == 0:
            attempt_id = hand_in(session, midterm, person, {"beginning": {1}}, at=PAST)
            item = session.scalars(select(Item.id).where(Item.attempt_id == attempt_id)).one()
            marking.override_mark(
                session, people.grace.account_id, item, HALF, "=cmd|' /C calc'!A0", NOW
            )
    session.get_one(Assignment, midterm.id).title = "=Midterm"
    session.commit()


def rows_in(response) -> list[list[str]]:
    text = response.data.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))


def test_the_gradebook_is_exported_as_csv(places, grace):
    response = grace.get(places["gradebook"] + "/export/csv")
    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"] == "attachment; filename=seminar-b-marks.csv"
    assert response.headers["Cache-Control"] == "no-store"
    assert rows_in(response) == [
        ["Student", "Midterm (%)", "Midterm: state", "Total (%)"],
        ["ada", "50.0", "passed", "50.0"],
        ["bob", "0.0", "not handed in", "0.0"],
    ]


def test_no_cell_of_a_csv_starts_a_formula(tricky, places, grace):
    for address in (
        places["gradebook"] + "/export/csv",
        places["assignment"] + "/responses/export/csv",
    ):
        response = grace.get(address)
        cells = [cell for row in rows_in(response) for cell in row]
        assert "'=1+1" in cells
        assert [cell for cell in cells if cell.startswith(tuple("=+-@\t\r＝"))] == []


@pytest.mark.parametrize(
    ("name", "called"),
    [("History", "Sheet1"), ("'[a]/b:*?'", "a  b"), ("World history", "World history")],
)
def test_a_class_may_have_a_name_that_no_sheet_can_have(
    session, grace, places, school_class, name, called
):
    school_class.name = name
    session.commit()
    book = ZipFile(BytesIO(grace.get(places["gradebook"] + "/export/xlsx").data))
    found = re.search('<sheet name="([^"]*)"', book.read("xl/workbook.xml").decode())
    assert found is not None
    assert found[1] == called


def sheet_of(response) -> str:
    """The XML of a workbook's only sheet."""
    with ZipFile(BytesIO(response.data)) as book:
        names = [name for name in book.namelist() if name.startswith("xl/worksheets/")]
        assert names == ["xl/worksheets/sheet1.xml"]
        return book.read(names[0]).decode()


def test_no_cell_of_a_workbook_is_a_formula(tricky, places, grace):
    for page in (places["gradebook"], places["assignment"] + "/responses"):
        response = grace.get(f"{page}/export/xlsx")
        sheet = sheet_of(response)
        assert "=1+1</t>" in sheet
        assert "<f" not in sheet.replace("<formatCode", "")
        assert 't="str"' not in sheet


def test_numbers_are_numbers_in_a_workbook(places, grace):
    sheet = sheet_of(grace.get(places["gradebook"] + "/export/xlsx"))
    assert re.search(r'<c r="B2"><v>50</v></c>', sheet)


def test_every_answer_is_exported(places, grace):
    response = grace.get(places["assignment"] + "/responses/export/csv")
    header, *lines = rows_in(response)
    answers = [dict(zip(header, line, strict=True)) for line in lines]
    assert [(a["Question"], a["Chosen"], a["Key"], a["Marks"]) for a in answers] == [
        ("rivers/beginning", "A", "A", "1.0"),
        ("rivers/belongings", "A", "AB", "0.5"),
        ("rivers/movement", "", "B", "0.0"),
    ]
    assert answers[0]["Chosen, in words"] == "At its spring"
    assert answers[0]["Student"] == "ada"


def test_there_are_no_other_kinds_of_files(places, grace):
    assert grace.get(places["gradebook"] + "/export/html").status_code == 404


# One assignment, one student, one attempt


def test_the_page_of_an_assignment_lists_everyone(places, grace):
    page = grace.get(places["assignment"] + "/marks")
    assert row_of(page, "ada") == "ada 50 % passed 1"
    assert row_of(page, "bob") == "bob 0 % not handed in 0"


def test_marks_that_are_held_back_are_released_and_hidden_again(session, midterm, places, grace):
    session.get_one(Assignment, midterm.id).holds_marks = True
    session.commit()
    address = places["assignment"] + "/release"
    assert "Release the marks" in grace.get(places["assignment"] + "/marks").text
    assert grace.post(address, {"released": "yes"}).status_code == 303
    session.rollback()
    assert session.get_one(Assignment, midterm.id).released_at is not None
    assert "Hide the marks again" in grace.get(places["assignment"] + "/marks").text
    assert grace.post(address, {"released": "no"}).status_code == 303
    session.rollback()
    assert session.get_one(Assignment, midterm.id).released_at is None


def test_a_student_is_excused_with_a_reason_and_it_is_taken_back(session, places, grace):
    refused = grace.post(places["student"] + "/excusal", {"reason": "  "})
    assert refused.status_code == 422
    assert "Give the reason" in refused.text
    assert "<title>Error: " in refused.text
    assert grace.post(places["student"] + "/excusal", {"reason": "in hospital"}).status_code == 303
    assert "“in hospital”" in grace.get(places["student"]).text
    assert kept(session, select(Excusal.comment)) == ["in hospital"]
    assert grace.post(places["student"] + "/excusal/removal").status_code == 303
    session.rollback()
    assert kept(session, select(Excusal.comment)) == []


def test_the_page_of_a_student_lists_their_attempts(places, grace):
    page = grace.get(places["student"])
    assert "Attempt 1" in page.text
    assert "1.5 of 3" in words(page)


def test_an_attempt_is_shown_as_it_was_taken(session, attempt, places, grace):
    session.scalars(
        select(Item).where(Item.attempt_id == attempt, Item.position == 1)
    ).one().choice_order = "cab"
    session.commit()
    page = grace.get(places["attempt"])
    text = words(page)
    assert "1.5 of 3 marks, 50 %" in text
    assert "A At its bank B At its spring chosen, the key C At its mouth" in text
    assert text.count("Not answered") == 1


def test_an_attempt_that_is_open_can_be_seen_but_not_marked(
    session, everyone, midterm, places, grace
):
    opened = hand_in(session, midterm, everyone["bob"], {"beginning": {0}}, at=None)
    address = f"/teach/attempts/{session.get_one(Attempt, opened).public_id}"
    page = grace.get(address)
    assert "Still in progress" in page.text
    assert "Change the mark" not in page.text
    form = {"item-1-credit": "1", "item-1-comment": "why"}
    answer = grace.post(address + "/items/1/override", form)
    assert answer.status_code == 303
    assert "still open" in grace.get(answer.location).text
    assert kept(session, select(Override)) == []


def test_a_mark_is_changed_with_a_comment_and_changed_back(session, attempt, places, grace):
    form = {"item-1-credit": "0,25", "item-1-comment": "see the board"}
    assert grace.post(places["item"] + "/override", form).status_code == 303
    page = words(grace.get(places["attempt"]))
    assert "0.75 of 3 marks, 25 %" in page
    assert "to 0.25: “see the board”" in page
    assert grace.post(places["item"] + "/override/removal").status_code == 303
    assert "1.5 of 3 marks, 50 %" in words(grace.get(places["attempt"]))


@pytest.mark.parametrize(
    ("credit", "comment", "message"),
    [
        ("", "why", "Enter the marks"),
        ("much", "why", "Enter a number"),
        ("nan", "why", "Enter a number"),
        ("1e9", "why", "Enter a number"),
        ("1.5", "why", "Enter marks from 0 to 1"),
        ("-1", "why", "Enter marks from 0 to 1"),
        ("0.123", "why", "at most two decimals"),
        ("0.5", " ", "Say why"),
        ("0.5", "x" * 2001, "at most 2000 characters"),
    ],
)
def test_a_mark_that_cannot_be_is_refused_in_words(
    session, places, grace, credit, comment, message
):
    form = {"item-1-credit": credit, "item-1-comment": comment}
    page = grace.post(places["item"] + "/override", form)
    assert page.status_code == 422
    assert message in page.text
    assert 'href="#item-1-' in page.text
    assert kept(session, select(Override)) == []


def test_there_is_no_item_beyond_the_last(places, grace):
    form = {"item-9-credit": "1", "item-9-comment": "why"}
    assert grace.post(places["attempt"] + "/items/9/override", form).status_code == 404


def test_practice_is_no_business_of_a_teacher(session, people, grace):
    practice = cast.begin(session, people.ada)
    assert grace.get(f"/teach/attempts/{practice}").status_code == 404


def test_a_preview_says_that_it_counts_for_nobody(session, people, midterm, grace):
    tried = hand_in(session, midterm, people.grace, {"beginning": {0}}, mode=Mode.PREVIEW)
    page = grace.get(f"/teach/attempts/{session.get_one(Attempt, tried).public_id}")
    assert "a preview counts for nobody" in page.text


# Regrading


@pytest.fixture
def regrade_form(session, attempt) -> dict[str, str]:
    return {
        "version": str(version_of(session, "beginning")),
        "ruling": "regrade",
        "keys": "1",
        "reason": "two sources say so",
    }


def digest_in(page) -> str:
    (digest,) = re.findall(r'name="digest" value="([0-9a-f]{64})"', page.text)
    return digest


def score_of(session, attempt: int) -> Fraction:
    session.rollback()
    return session.get_one(Attempt, attempt).credit


def test_a_changed_key_is_told_on_the_assignments_page_and_leads_to_the_form(
    session, places, grace
):
    assert "changed after" not in grace.get(places["assignment"] + "/marks").text
    cast.load(session, {**bank.FILES, "geo/rivers.md": NEW_KEY}, NOW + timedelta(days=1))
    page = grace.get(places["assignment"] + "/marks")
    assert "A question changed after it was asked" in page.text
    assert "the key has changed since" in grace.get(places["assignment"] + "/regrades").text
    (link,) = re.findall(r'<a href="([^"]+)">Decide about its marks', page.text)
    form = grace.get(unescape(link)).text
    assert re.search(r'<input[^>]*checked[^>]*value="regrade"', form)
    assert re.findall(r'<input[^>]*\bchecked\b[^>]*name="keys"[^>]*value="(\d)"', form) == ["1"]
    assert "its key now: At its mouth" in form


def test_a_regrade_is_previewed_done_and_undone(session, attempt, places, grace, regrade_form):
    address = places["assignment"] + "/regrades"
    preview = grace.post(address + "/preview", regrade_form)
    assert preview.status_code == 200
    text = words(preview)
    assert "Nothing has changed yet" in text
    assert "Marks of 1 student change : 0 higher, 1 lower; 0 newly pass, 1 newly fails." in text
    assert "1 → 0" in text
    assert "50 % → 16.7 %" in text
    assert score_of(session, attempt) == Fraction(3, 2)
    assert kept(session, select(Regrade)) == []

    done = grace.post(address, regrade_form | {"digest": digest_in(preview)})
    assert done.status_code == 303
    assert score_of(session, attempt) == HALF
    history = words(grace.get(done.location))
    assert "Graded again, with B as the key" in history.replace(" ,", ",")
    assert "“two sources say so”" in history
    sheet = words(grace.get(places["attempt"]))
    assert "Graded again with B as the key" in sheet
    assert "At its spring chosen, the key before the regrade" in sheet
    assert "At its mouth right since the regrade" in sheet

    undoing = f"{address}/{regrade_form['version']}/undoing"
    page = grace.get(undoing)
    assert "16.7 % → 50 %" in words(page)
    assert grace.post(undoing, {"digest": digest_in(page)}).status_code == 303
    assert score_of(session, attempt) == Fraction(3, 2)
    assert "no longer in force" in grace.get(address).text
    assert grace.get(undoing).status_code == 404


def test_the_audit_leaves_out_what_there_is_nothing_to_say_of(attempt, places, grace, regrade_form):
    address = places["assignment"] + "/regrades"
    sent = regrade_form | {"ruling": "full"}
    preview = grace.post(address + "/preview", sent)
    grace.post(address, sent | {"digest": digest_in(preview)})
    page = words(grace.get("/teach/audit"))
    assert "reason: two sources say so" in page
    assert "None" not in page
    assert "lowered: 0" not in page


def without_rivers(session) -> None:
    files = {name: text for name, text in bank.FILES.items() if name != "geo/rivers.md"}
    cast.load(session, files, NOW + timedelta(days=1))


def test_a_retired_deck_is_decided_about_at_once_and_undone(
    session, midterm, attempt, places, grace
):
    address = places["assignment"] + "/regrades/decks/rivers"
    assert grace.get(address).status_code == 404
    without_rivers(session)
    banner = words(grace.get(places["class"]))
    assert (
        "All about rivers Midterm · the whole deck was retired, 3 of its questions were asked"
        in banner
    )
    form = grace.get(address).text
    versions = re.findall(r'<input[^>]*\bchecked\b[^>]*name="versions"[^>]*value="(\d+)"', form)
    assert len(versions) == 3

    sent = {"versions": versions, "ruling": "full", "reason": "it leaked"}
    preview = grace.post(address + "/preview", sent)
    assert "50 % → 100 %" in words(preview)
    assert "Full marks for everyone , for 3 questions" in words(preview)
    assert "These questions" in words(preview)
    assert score_of(session, attempt) == Fraction(3, 2)
    confirmed = sent | {"digest": digest_in(preview)}
    done = grace.post(address, confirmed)
    assert done.status_code == 303
    assert score_of(session, attempt) == 3
    assert grace.post(address, confirmed).status_code == 303
    assert len(kept(session, select(Regrade))) == 3
    assert grace.get(address).location.endswith("/regrades")
    assert "retired" not in grace.get(places["class"]).text

    undoing = f"{places['assignment']}/regrades/{versions[1]}/undoing"
    page = grace.get(undoing)
    assert "about 3 questions at once" in words(page)
    assert grace.post(undoing, {"digest": digest_in(page)}).status_code == 303
    assert score_of(session, attempt) == Fraction(3, 2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"versions": []}, "Choose at least one question"),
        ({"versions": ["999999"]}, "not a valid choice"),
        ({"ruling": "regrade"}, "Not a valid choice"),
        ({"reason": " "}, "Say why"),
    ],
)
def test_an_unclear_decision_about_a_deck_is_refused_in_words(
    session, attempt, places, grace, change, message
):
    without_rivers(session)
    address = places["assignment"] + "/regrades/decks/rivers"
    sent = {"versions": [version_of(session, "beginning")], "ruling": "keep", "reason": "why"}
    for end in ("", "/preview"):
        page = grace.post(address + end, sent | change)
        assert page.status_code == 422
        assert message in page.text
    assert kept(session, select(Regrade)) == []


def test_a_decision_about_a_deck_that_was_overtaken_is_shown_anew(session, attempt, places, grace):
    without_rivers(session)
    address = places["assignment"] + "/regrades/decks/rivers"
    sent = {"versions": [version_of(session, "beginning")], "ruling": "keep", "reason": "why"}
    assert grace.post(address, sent | {"digest": "0" * 64}).status_code == 409
    assert kept(session, select(Regrade)) == []


def test_a_confirmation_that_was_overtaken_is_shown_anew(
    session, everyone, midterm, attempt, places, grace, regrade_form
):
    address = places["assignment"] + "/regrades"
    digest = digest_in(grace.post(address + "/preview", regrade_form))
    hand_in(session, midterm, everyone["bob"], {"beginning": {1}}, at=PAST)
    again = grace.post(address, regrade_form | {"digest": digest})
    assert again.status_code == 409
    assert "nothing was done" in again.text
    assert "Marks of 2 students change" in words(again)
    assert kept(session, select(Regrade)) == []
    assert grace.post(address, regrade_form | {"digest": digest_in(again)}).status_code == 303


def test_undoing_that_was_overtaken_is_shown_anew(
    session, everyone, midterm, places, grace, regrade_form
):
    address = places["assignment"] + "/regrades"
    digest = digest_in(grace.post(address + "/preview", regrade_form))
    grace.post(address, regrade_form | {"digest": digest})
    undoing = f"{address}/{regrade_form['version']}/undoing"
    assert grace.post(undoing).status_code == 422
    assert grace.post(undoing, {"digest": "0" * 64}).status_code == 409
    assert kept(session, select(Regrade.undone_at)) == [None]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ruling": ""}, "Choose what becomes of the marks"),
        ({"ruling": "double"}, "Not a valid choice"),
        ({"reason": ""}, "Say why"),
        ({"keys": []}, "Tick the choices that are right"),
        ({"keys": ["0", "1", "2"]}, "full marks to everyone"),
        ({"keys": ["7"]}, "not a valid choice"),
    ],
)
def test_an_unclear_regrade_is_refused_in_words(
    session, places, grace, regrade_form, change, message
):
    for address in ("/regrades/preview", "/regrades"):
        page = grace.post(places["assignment"] + address, regrade_form | change)
        assert page.status_code == 422
        assert message in page.text
    assert kept(session, select(Regrade)) == []


def test_a_question_that_was_not_asked_cannot_be_regraded(session, places, grace, regrade_form):
    other = {"version": str(version_of(session, "riddle"))}
    address = places["assignment"] + "/regrades"
    assert grace.post(address + "/preview", regrade_form | other).status_code == 404
    assert grace.get(f"{address}/new?version={other['version']}").status_code == 404


# Fields that nobody asked for


def test_unexpected_fields_change_nothing(session, people, attempt, places, grace, regrade_form):
    extra = {
        "credit": "1",
        "id": "999",
        "item_id": "999",
        "item-2-credit": "0",
        "assignment_id": "999",
        "decided_by": str(people.mallory.account_id),
        "released_at": "2020-01-01",
        "enrolment_id": "999",
        "worth": "0",
        "weight": "9",
        "role": "admin",
    }
    form = {"item-1-credit": "0.5", "item-1-comment": "why"}
    assert grace.post(places["item"] + "/override", form | extra).status_code == 303
    (override,) = kept(session, select(Override))
    assert (override.credit, override.decided_by) == (HALF, people.grace.account_id)
    assert score_of(session, attempt) == 1
    assert grace.post(places["student"] + "/excusal", {"reason": "ill", **extra}).status_code == 303
    (excusal,) = kept(session, select(Excusal))
    assert excusal.decided_by == people.grace.account_id
    digest = digest_in(grace.post(places["assignment"] + "/regrades/preview", regrade_form | extra))
    grace.post(places["assignment"] + "/regrades", regrade_form | extra | {"digest": digest})
    (regrade,) = kept(session, select(Regrade))
    assert regrade.decided_by == people.grace.account_id
    assert regrade.undone_at is None


# Who is let in


def test_regrading_is_for_those_who_teach_the_class(
    app, session, people, everyone, places, regrade_form
):
    address = places["assignment"] + "/regrades"
    version = regrade_form["version"]
    answers = {}
    for name, person in (("heidi", everyone["heidi"]), ("mallory", people.mallory)):
        browser = Browser(app, person)
        answers[name] = {
            browser.get(f"{address}/new?version={version}").status_code,
            browser.get(f"{address}/{version}/undoing").status_code,
            browser.post(f"{address}/preview", regrade_form).status_code,
            browser.post(address, regrade_form | {"digest": "0" * 64}).status_code,
            browser.post(f"{address}/{version}/undoing", {"digest": "0" * 64}).status_code,
        }
    assert answers == {"heidi": {404}, "mallory": {403}}
    assert kept(session, select(Regrade)) == []


def test_a_student_of_another_class_is_not_found_in_this_one(
    session, people, midterm, places, grace
):
    other = make_class(session, people.grace, "Another")
    stranger = enrol(session, other, people.mallory).id
    address = f"{places['assignment']}/students/{stranger}"
    assert grace.get(address).status_code == 404
    assert grace.post(address + "/excusal", {"reason": "ill"}).status_code == 404
    assert kept(session, select(Excusal)) == []


def test_an_attempt_whose_time_is_over_is_handed_in_when_a_teacher_looks(
    session, everyone, midterm, places, grace
):
    bob = everyone["bob"]
    late = hand_in(session, midterm, bob, {"beginning": {0}}, at=None, deadline=PAST)
    assert row_of(grace.get(places["gradebook"]), "bob") == "bob 100 % 100 % passed"
    assert kept(session, select(Attempt.ended_at).where(Attempt.id == late)) == [PAST]
