"""Progress, calibration, the notes and what a class is sure of."""

import re
from datetime import date, timedelta

import pytest
import time_machine

from quizapp.db.queries.reviewing import Study, study_of
from quizapp.operations.studying import save_wishes, wishes_in
from tests.support import bank, cast
from tests.support.browsing import Browser
from tests.support.cast import NOW, Person
from tests.support.classroom import enrol, make_class
from tests.web.test_statement_budget import statements

DAY = timedelta(days=1)
CERTAIN = 3


@pytest.fixture
def ada(people, browser_of) -> Browser:
    return browser_of(people.ada)


def practise(session, person, *, now=NOW, right=True, certainty=None, start_key="start-key-1"):
    """Answer all of the rivers."""
    attempt = cast.begin(session, person, now=now, start_key=start_key)
    for position in range(1, 5):
        chosen = None
        if not right:
            question = cast.question_of(session, cast.item_at(session, person, attempt, position))
            chosen = frozenset({min(set(range(len(question.choices))) - question.keys)})
        cast.answer(session, person, attempt, position, chosen, certainty, now)
    return attempt


def at(browser: Browser, path: str, now=NOW) -> str:
    """A page as its browser is sent it at that moment."""
    with browser.client.session_transaction() as cookie:
        key = cookie.get("key")
    with time_machine.travel(now, tick=False):
        # Its cookie has to be of that time, too.
        twin = Browser(browser.client.application, Person(0, key) if key else None)
        response = twin.get(path)
    assert response.status_code == 200, response.text
    return " ".join(response.text.split())


def reads(app, browser: Browser, path: str) -> int:
    """How many statements a page takes, all of them reads."""
    with statements(app) as sent:
        browser.get(path)
    assert set(sent) == {"SELECT"}
    return len(sent)


# Progress


def test_scores_are_dated_by_the_days_of_the_learner(session, people, ada):
    evening = NOW.replace(day=28, month=2, hour=22, minute=30)  # after midnight in Yerevan
    practise(session, people.ada, now=evening)
    wishes = wishes_in(Study(zone="Asia/Yerevan"))
    save_wishes(session, people.ada.account_id, wishes, NOW)
    assert '<td class="nowrap">1 Mar 2026</td>' in at(ada, "/progress", NOW + DAY)


def test_what_is_known_is_shown_by_deck_and_passage_with_its_interval(session, people, ada):
    practise(session, people.ada)
    page = at(ada, "/progress", NOW + DAY)
    assert "right if you answered now" in page
    assert re.search(r'<th scope="row">All about rivers</th><td class="num">\d+ %</td>', page)
    assert re.search(r'Springs</a></span>.*?class="whisker"', page)
    assert re.search(r'<td class="num">\d+ to \d+ %</td><td class="num">4 of 4</td>', page)
    assert "All about seas" not in page


MASTERY = {
    "/": r"([\d]+) % of 4 questions",
    "/decks/rivers": r"About (\d+) % right if you answered now",
    "/progress": r"(\d+) %</span> right if you answered now",
    "/practise": r"Mouths</a> <span class=\"quiet nowrap\">(\d+) %",
    "/read/notes": r"About (\d+) % right if you answered now",
}


@pytest.mark.parametrize("address", MASTERY)
def test_after_nothing_but_errors_mastery_is_no_more_than_luck(session, people, ada, address):
    practise(session, people.ada, right=False)
    practise(session, people.ada, start_key="again-key-1")  # what the feedback has just told
    found = re.search(MASTERY[address], at(ada, address))
    assert found is not None
    assert int(found[1]) <= 100 / 3
    practise(session, people.ada, now=NOW + DAY, start_key="later-key-1")
    found = re.search(MASTERY[address], at(ada, address, NOW + DAY))
    assert found is None or int(found[1]) > 70  # or it is no longer among the weakest


def test_pages_say_what_errors_wait_for(session, people, ada):
    practise(session, people.ada, right=False)
    practise(session, people.ada, start_key="again-key-1")
    said = "4 that you got wrong count for little until you are right on a later day."
    assert said in at(ada, "/progress")
    assert "All 2 questions answered, 2 to get right on a later day." in at(ada, "/read/notes")
    practise(session, people.ada, now=NOW + DAY, start_key="later-key-1")
    assert "on a later day" not in at(ada, "/progress", NOW + DAY)
    assert "on a later day" not in at(ada, "/read/notes", NOW + DAY)


def test_passages_not_begun_are_named_so(session, people, ada):
    attempt = cast.begin(session, people.ada)
    for position in range(1, 5):
        question = cast.question_of(session, cast.item_at(session, people.ada, attempt, position))
        if question.slug == "beginning":
            cast.answer(session, people.ada, attempt, position)
    page = at(ada, "/progress")
    assert re.search(r"Mouths</th><td class=\"num\">not begun</td>", page)


def test_a_missed_day_is_forgiven_two_are_not(session, people, ada):
    for number, days in enumerate((0, 1, 3)):
        practise(session, people.ada, now=NOW + days * DAY, start_key=f"start-key-{number}")
    assert "3 study days in a row" in at(ada, "/progress", NOW + 4 * DAY)
    assert "The last run of study days is over" in at(ada, "/progress", NOW + 6 * DAY)


def test_the_calendar_and_its_table_show_the_days(session, people, ada):
    practise(session, people.ada)
    page = at(ada, "/progress", NOW + DAY)
    assert page.count('class="day-1"') == 2  # the day and the legend
    assert '<th scope="row" class="nowrap">1 March 2026</th><td class="num">4</td>' in page
    assert page.count('class="quarter"') == 1
    assert at(ada, "/progress", NOW + 100 * DAY).count('class="quarter"') == 2


def test_days_begin_where_the_learner_lives(session, people, ada):
    late = NOW.replace(hour=23)
    practise(session, people.ada, now=late)
    wishes = wishes_in(Study(zone="Asia/Tokyo"))
    save_wishes(session, people.ada.account_id, wishes, late)
    assert "2 March 2026</th><td" in at(ada, "/progress", late)


def test_what_falls_due_is_counted_for_thirty_days(session, people, ada):
    practise(session, people.ada, right=False)
    page = at(ada, "/progress")
    assert "None today, 4 in all" in page
    assert '2 March 2026</th><td class="num">4</td>' in page
    assert "4 today" in at(ada, "/progress", NOW + 5 * DAY)


def test_weeks_make_a_line_with_its_band(session, people, ada):
    practise(session, people.ada)
    assert 'class="band"' not in at(ada, "/progress")
    practise(session, people.ada, now=NOW + 7 * DAY, right=False, start_key="start-key-2")
    page = at(ada, "/progress", NOW + 7 * DAY)
    assert 'class="band"' in page
    assert "Week from" in page


def test_an_exam_is_spoken_of_until_its_day(session, people, ada):
    practise(session, people.ada, right=False)
    account = people.ada.account_id
    day = date(2026, 3, 21)
    wishes = wishes_in(Study(exam_on=day))
    save_wishes(session, account, wishes, NOW)
    page = at(ada, "/progress")
    found = re.search(r"in 20 days: <strong>(\d+) % now</strong>, <strong>(\d+) %", page)
    assert found is not None
    assert "Exam on 21 March 2026" in page
    assert int(found[2]) > int(found[1])
    assert study_of(session, account).exam_on == day
    assert "today: <strong>" in at(ada, "/progress", NOW + 20 * DAY)
    assert "Exam on" not in at(ada, "/progress", NOW + 21 * DAY)


def test_progress_takes_as_many_reads_with_many_answers_as_with_few(app, session, people, ada):
    practise(session, people.ada)
    ada.get("/progress")
    few = reads(app, ada, "/progress")
    for number in range(5):
        practise(session, people.ada, now=NOW + number * DAY, start_key=f"more-key-{number}")
    ada.get("/progress")
    assert reads(app, ada, "/progress") == few <= 9


# Calibration


def test_calibration_before_any_certainty_says_how_to_begin(session, people, visitor, ada):
    practise(session, people.ada)
    for browser in (visitor, ada):
        assert "Nothing to compare yet" in at(browser, "/progress/calibration")


def test_calibration_shows_levels_score_and_a_plain_sentence(session, people, ada):
    for number in range(3):
        practise(
            session, people.ada, right=number > 0, certainty=CERTAIN, start_key=f"key-{number:08}"
        )
    page = at(ada, "/progress/calibration")
    assert "When you said certain, you were right 8 of 12 times." in page
    assert '<td class="num">12</td><td class="num">8</td><td class="num">67 %</td>' in page
    assert '<td class="num">39 to 86 %</td>' in page  # Wilson
    assert "(Brier score)" in page
    assert "Nothing here" in page  # the last answers were right


def test_time_is_shown_from_the_second_week(session, people, ada):
    practise(session, people.ada, certainty=2)
    assert "Over time" not in at(ada, "/progress/calibration")
    practise(session, people.ada, now=NOW + 7 * DAY, certainty=2, start_key="start-key-2")
    assert "Over time" in at(ada, "/progress/calibration", NOW + 7 * DAY)


def test_confidently_wrong_answers_are_practised_by_one_button(session, people, ada, browser_of):
    attempt = cast.begin(session, people.ada, "seas")
    cast.answer(session, people.ada, attempt, 1, frozenset({1}), CERTAIN)
    page = at(ada, "/progress/calibration")
    assert "Practise this one" in page
    assert "What makes a sea salty?" in page
    form = {"start_key": "mistaken-key-1", "version_ids": "1", "account_id": "1", "count": "4"}
    begun = ada.post("/progress/calibration/attempts", form)
    assert begun.status_code == 303
    question = ada.get(begun.location).text
    assert "Confidently wrong" in question
    assert "Question 1 of 1" in question
    assert "What makes a sea salty?" in question
    again = ada.post("/progress/calibration/attempts", form)
    assert again.location == begun.location
    other = browser_of(people.mallory).post("/progress/calibration/attempts", form)
    assert other.location == "/progress/calibration"


# Reading


def test_a_passage_is_marked_as_read_and_taken_back_without_scripts(people, ada):
    assert "0</span> of 2 passages read" in at(ada, "/read/notes")
    response = ada.post("/read/notes/p1/reading", {"account_id": "1", "passage_id": "2"})
    assert response.location == "/read/notes#p1"
    page = at(ada, "/read/notes")
    assert "1</span> of 2 passages read" in page
    assert 'id="p1" data-passage data-is-read' in page
    assert 'id="p2" data-passage>' in page
    ada.post("/read/notes/p1/reading/removal")
    assert "0</span> of 2 passages read" in at(ada, "/read/notes")


def test_a_visitor_who_marks_a_passage_becomes_a_guest(visitor):
    assert "data-counts-reading" not in visitor.get("/read/notes").text
    visitor.post("/read/notes/p1/reading")
    page = at(visitor, "/read/notes")
    assert "1</span> of 2 passages read" in page
    assert "data-counts-reading" in page


@pytest.mark.parametrize("address", ["/read/oceans/p1", "/read/notes/p9"])
def test_what_is_no_passage_cannot_be_read(ada, address):
    assert ada.post(f"{address}/reading").status_code == 404
    assert ada.post(f"{address}/reading/removal").status_code == 404


def test_passages_are_marked_as_weak_or_not_answered(session, people, ada, visitor):
    assert "to answer" not in at(visitor, "/read/notes")
    page = at(ada, "/read/notes")
    assert page.count('class="flag">2 to answer') == 4  # two passages, listed twice
    assert "2 questions, none answered yet." in page
    practise(session, people.ada, right=False)
    page = at(ada, "/read/notes")
    assert page.count('class="flag weak">weak') == 4
    assert "All 2 questions answered, 2 not right the last time." in page
    assert "Weak.</strong>" in page
    for number in range(4):
        now = NOW + (number + 1) * 3 * DAY
        practise(session, people.ada, now=now, start_key=f"right-key-{number}", certainty=CERTAIN)
    page = at(ada, "/read/notes", NOW + 13 * DAY)
    assert "weak" not in page
    assert re.search(r"About \d\d % right if you answered now", page)


def test_sources_show_how_much_of_them_was_read(session, people, ada, visitor):
    cast.load(session, {**bank.FILES, "geo/more.md": bank.SOURCE.replace("rivers", "lakes")})
    ada.post("/read/notes/p1/reading")
    page = at(ada, "/read")
    assert "1 of 2 read" in page
    assert "0 of 2 read" in page
    assert "of 2 read" not in at(visitor, "/read")


def test_the_notes_take_as_many_reads_with_many_passages_as_with_few(app, session, people, ada):
    practise(session, people.ada)
    ada.get("/read/notes")
    few = reads(app, ada, "/read/notes")
    more = "".join(f"\n## Part {n} {{#p{n}}}\n\nA note.\n" for n in range(3, 20))
    rivers = bank.RIVERS.replace(
        "source=p2}", f"source={','.join(f'p{n}' for n in range(2, 20))}}}"
    )
    cast.load(session, {**bank.FILES, "geo/notes.md": bank.SOURCE + more, "geo/rivers.md": rivers})
    assert reads(app, ada, "/read/notes") == few <= 9


# What a class is sure of


@pytest.fixture
def school_class(session, people):
    return make_class(session, people.grace)


def answer_as_class(session, school_class, students: int) -> None:
    """So many answer the rivers, wrong and certain but for the first."""
    for number in range(students):
        student = cast.register(session, f"student {number}")
        enrol(session, school_class, student)
        practise(session, student, right=number == 0, certainty=CERTAIN)


def test_fewer_than_five_are_not_shown(session, people, school_class, browser_of):
    answer_as_class(session, school_class, 4)
    page = at(browser_of(people.grace), f"/teach/classes/{school_class.public_id}/calibration")
    assert "Too few answers yet" in page
    assert "Where does a river begin?" not in page


def test_what_many_are_sure_of_and_wrong_about_is_a_misconception(
    session, people, school_class, browser_of
):
    answer_as_class(session, school_class, 5)
    loner = cast.register(session, "loner")
    enrol(session, school_class, loner)
    attempt = cast.begin(session, loner, "seas")
    cast.answer(session, loner, attempt, 1, frozenset({1}), CERTAIN)
    grace = browser_of(people.grace)
    page = at(grace, f"/teach/classes/{school_class.public_id}/calibration")
    assert "Where does a river begin?" in page
    assert "misconception</span>" in page
    assert '<td class="num">4 <span class="quiet">80 % (38 to 96 %)' in page
    assert "One more question was answered by fewer than 5 students" in page
    assert "salty" not in page
    assert '<th scope="row">Certain</th><td class="num">20</td>' in page  # without the loner's
    assert "student 1" not in page
    address = f'href="/teach/classes/{school_class.public_id}/calibration"'
    assert address in grace.get(f"/teach/classes/{school_class.public_id}").text


def test_the_page_of_a_class_takes_as_many_reads_with_many_questions_as_with_few(
    app, session, people, school_class, browser_of
):
    grace = browser_of(people.grace)
    address = f"/teach/classes/{school_class.public_id}/calibration"
    few = reads(app, grace, address)
    answer_as_class(session, school_class, 5)
    assert reads(app, grace, address) == few <= 6
