"""Spaced review as learners meet it, without JavaScript."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from sqlalchemy import func, select, update

from quizapp.db.models import (
    Attempt,
    QuestionVersion,
    Response,
    ReviewCard,
    StudySettings,
)
from tests.support.browsing import Browser, choices_in, stem_of, title_of
from tests.support.cast import NOW, sessions
from tests.web.access.reviewing import ROUTES
from tests.web.test_practice import KEYS, WRONG, answer_all
from tests.web.test_statement_budget import statements

DAY = timedelta(days=1)
MUCH_LATER = NOW + 40 * DAY
FORM = {"start_key": "review-key-1"}


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def learner(visitor, clock) -> Browser:
    """Someone who has answered the rivers rightly, forty days ago."""
    answer_all(visitor, visitor.start())
    clock.move_to(MUCH_LATER)
    return visitor


def begin(browser: Browser, **form: str) -> str:
    """Begin a review: the attempt's address."""
    response = browser.post("/reviews", {**FORM, **form})
    assert response.status_code == 303, response.text
    return browser.get(response.location).location.removesuffix("/items/1")


def text_of(page) -> str:
    """A page's words."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))


# The review page


def test_who_has_answered_nothing_is_told_how_reviews_come_about(visitor):
    assert "Nothing to review yet" in text_of(visitor.get("/review"))


def test_what_was_answered_today_is_not_due(visitor, clock):
    answer_all(visitor, visitor.start())
    page = text_of(visitor.get("/review"))
    assert "Nothing is due now" in page
    assert "Review" not in visitor.get("/").text.partition("<main")[2].partition("What next")[0]


def test_what_is_due_is_counted_and_one_button_starts_it(learner):
    page = text_of(learner.get("/review"))
    assert "4 due now" in page
    assert "Review 4 now" in page
    assert "4 due today" in text_of(learner.get("/"))
    attempt = begin(learner)
    assert title_of(learner.get(f"{attempt}/items/1")).startswith("Question 1 of 4 · Review")


def test_a_double_click_begins_one_review(learner):
    assert begin(learner) == begin(learner)


def test_a_review_left_open_can_be_gone_on_with(learner):
    attempt = begin(learner)
    page = learner.get("/review")
    assert "Continue your review" in page.text
    assert attempt in page.text


def test_a_review_of_nothing_leads_back_to_its_page(visitor, clock):
    answer_all(visitor, visitor.start())
    assert visitor.post("/reviews", FORM).location == "/review"


def test_the_limit_of_the_day_is_said_and_can_be_passed(learner):
    settle(learner, reviews_per_day="1", new_per_day="0")
    assert "Review 1 now" in text_of(learner.get("/review"))
    attempt = begin(learner)
    learner.answer(f"{attempt}/items/1", *KEYS[stem_of(learner.get(f"{attempt}/items/1"))])
    page = text_of(learner.get("/review"))
    assert "Enough for today" in page
    assert "3 more are due" in page
    more = begin(learner, start_key="review-key-2", is_extra="1")
    assert title_of(learner.get(f"{more}/items/1")).startswith("Question 1 of 3")


# Why, and when next


def test_the_page_says_why_it_asks_without_a_word_of_the_key(learner):
    attempt = begin(learner)
    page = learner.get(f"{attempt}/items/1")
    words = text_of(page)
    assert re.search(r"Last seen 40 days ago: right\. Estimated chance to recall now: \d+ %", words)
    assert not re.search(r"EXPLANATION|FEEDBACK|is-key|the key", page.text)


def test_practice_pages_say_nothing_of_review(visitor, clock):
    item = visitor.start() + "/items/1"
    assert "Why am I seeing this?" not in visitor.get(item).text
    visitor.answer(item, *KEYS[stem_of(visitor.get(item))])
    assert "Next on" not in visitor.get(item).text


def test_a_question_changed_since_its_last_answer_says_so(learner, database_url):
    with sessions(database_url) as session:
        session.execute(update(QuestionVersion).values(created_at=MUCH_LATER - DAY))
        session.commit()
    page = learner.get(f"{begin(learner)}/items/1")
    assert "The question was changed since." in page.text


def test_after_the_answer_the_next_day_is_named_as_taking_it_in_makes_it(learner, database_url):
    attempt = begin(learner)
    stem = stem_of(learner.get(f"{attempt}/items/1"))
    learner.answer(f"{attempt}/items/1", *KEYS[stem], certainty="3")
    told = re.search(
        r"Next on (\d+ \w+) \(in (\d+) days\)", text_of(learner.get(f"{attempt}/items/1"))
    )
    assert told
    learner.get("/review")
    with sessions(database_url) as session:
        due = session.scalars(
            select(ReviewCard.due_at)
            .join(QuestionVersion, QuestionVersion.question_id == ReviewCard.question_id)
            .where(QuestionVersion.stem.startswith(stem))
        ).one()
    assert (due.date() - MUCH_LATER.date()).days == int(told[2])
    assert told[0] in text_of(learner.get(f"{attempt}/items/1"))


def test_before_an_exam_the_page_names_the_week_and_not_a_day_that_others_may_take(learner, clock):
    attempt = begin(learner)
    item = f"{attempt}/items/1"
    learner.answer(item, *KEYS[stem_of(learner.get(item))], certainty="3")
    without = text_of(learner.get(item))
    told = re.search(r"Next on .+? \(in (\d+) days\)", without)
    assert told
    exam = MUCH_LATER + (int(told[1]) - 1) * DAY
    settle(learner, exam_on=exam.date().isoformat(), reviews_per_day="1")
    page = text_of(learner.get(item))
    assert f"Next in the week before your exam on {exam:%-d %B %Y}" in page
    assert "Next on" not in page
    settle(learner, exam_on=(exam + 3 * DAY).date().isoformat())
    assert told[0] in text_of(learner.get(item))


def test_before_four_in_the_morning_days_are_told_as_the_calendar_has_them(learner, clock):
    clock.move_to(MUCH_LATER.replace(hour=1))
    item = f"{begin(learner)}/items/1"
    learner.answer(item, *WRONG[stem_of(learner.get(item))])
    told = re.search(r"Next on (.+?\)) ?\.", text_of(learner.get(item)))
    assert told
    assert told[1] == "11 April (tomorrow)"  # two study days on


def test_the_end_of_a_review_leads_back_to_the_review_page(learner):
    attempt = begin(learner)
    answer_all(learner, attempt)
    page = text_of(learner.get(f"{attempt}/result"))
    assert "Back to your review" in page
    assert "Practise again" not in page


def test_where_nobody_asks_how_sure_one_is_the_pages_do_not(learner):
    assert "How sure are you?" in learner.get(f"{begin(learner)}/items/1").text
    settle(learner, asks_certainty=None)
    attempt = begin(learner, start_key="review-key-2")
    assert "How sure are you?" not in learner.get(f"{attempt}/items/1").text
    refused = learner.post(f"{attempt}/items/1/response", {})
    assert refused.status_code == 422
    assert "How sure are you?" not in refused.text


# Taking back and putting off


def test_an_answer_can_be_taken_back_and_given_again(learner):
    attempt = begin(learner)
    item = f"{attempt}/items/1"
    stem = stem_of(learner.get(item))
    learner.answer(item, *WRONG[stem])
    assert "Undo my answer" in learner.get(item).text
    assert learner.post(f"{item}/undo").location == item
    page = learner.get(item)
    assert "Your answer was taken back" in page.text
    assert choices_in(page)
    assert learner.post(f"{item}/undo").location == item
    learner.answer(item, *KEYS[stem])
    assert title_of(learner.get(item)).startswith("Right")


def test_an_older_answer_offers_no_undo_and_stands(learner, clock):
    attempt = begin(learner)
    for position in (1, 2):
        item = f"{attempt}/items/{position}"
        learner.answer(item, *KEYS[stem_of(learner.get(item))])
        clock.shift(timedelta(minutes=1))
    assert "Undo my answer" not in learner.get(f"{attempt}/items/1").text
    learner.post(f"{attempt}/items/1/undo")
    page = learner.get(f"{attempt}/items/1")
    assert "Only the newest answer of a review can be taken back" in page.text
    assert title_of(page).startswith("Right")


def test_a_question_can_be_suspended_and_that_undone_at_once(learner):
    attempt = begin(learner)
    item = f"{attempt}/items/1"
    response = learner.post(f"{item}/suspend")
    assert response.location == f"{attempt}/items/2"
    page = learner.get(response.location)
    assert "not asked again until you resume it" in page.text
    undo = re.search(r'action="([^"]+/resume)"', page.text)
    assert undo
    assert "Set aside (1)" in text_of(learner.get("/review"))
    learner.post(undo[1])
    assert "Set aside (1)" not in text_of(learner.get("/review"))


def test_what_is_set_aside_is_listed_and_can_be_resumed(learner):
    item = f"{begin(learner)}/items/1"
    stem = stem_of(learner.get(item))
    learner.answer(item, *KEYS[stem])
    learner.post(f"{item}/suspend")
    page = learner.get("/review/set-aside")
    assert stem in text_of(page)
    resume = re.search(r'action="(/review/set-aside/[^"]+)"', page.text)
    assert resume
    assert learner.post(resume[1]).location == "/review/set-aside"
    assert "Nothing is set aside" in text_of(learner.get("/review/set-aside"))


def test_a_question_can_wait_until_tomorrow(learner, clock):
    attempt = begin(learner)
    learner.post(f"{attempt}/items/1/bury")
    assert "3 due now" in text_of(learner.get("/review"))
    clock.move_to(MUCH_LATER + DAY)
    assert "4 due now" in text_of(learner.get("/review"))


def test_a_question_never_answered_cannot_be_put_off(visitor, clock):
    item = visitor.start() + "/items/1"
    assert visitor.post(f"{item}/suspend").location == item
    assert "Answer the question first" in visitor.get(item).text


def test_a_card_of_another_cannot_be_resumed(app, learner, people, database_url):
    learner.post(f"{begin(learner)}/items/1/suspend")
    mallory = Browser(app, people.mallory)
    assert mallory.post("/review/set-aside/rivers/beginning/resume").status_code == 404


# Settings


def settle(browser: Browser, **changes: str | None):
    """Send the settings form as a browser does, a box not ticked being left out."""
    form = {
        "retention": "82",
        "reviews_per_day": "100",
        "new_per_day": "10",
        "exam_on": "",
        "asks_certainty": "y",
        "zone": "UTC",
        **changes,
    }
    return browser.post(
        "/review/settings", {name: value for name, value in form.items() if value is not None}
    )


def test_settings_are_kept_and_shown(learner):
    exam = (MUCH_LATER + 30 * DAY).date().isoformat()
    response = settle(learner, retention="90", exam_on=exam, zone="Asia/Yerevan")
    assert response.location == "/review/settings"
    page = learner.get("/review/settings")
    assert re.search(r'<input[^>]*checked[^>]*value="90"', page.text)
    assert f'value="{exam}"' in page.text
    assert "in 30 days" in text_of(learner.get("/review"))


def test_the_cost_of_each_retention_is_told_from_the_own_cards(learner):
    page = text_of(learner.get("/review/settings"))
    assert page.count(" a day") >= 6


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("retention", "79", "Not a valid choice"),
        ("retention", "", "Choose how much you want to remember."),
        ("reviews_per_day", "0", "Give a number of reviews from 1 to 500."),
        ("reviews_per_day", "many", "Give a number of reviews from 1 to 500."),
        ("new_per_day", "-1", "Give a number of new questions from 0 to 100."),
        ("exam_on", "soon", "Give a day, such as"),
        ("exam_on", "2020-01-01", "Give a day from today"),
        ("zone", "Nowhere/City", "Not a valid choice"),
    ],
)
def test_settings_that_make_no_sense_are_refused_with_what_to_do(learner, field, value, said):
    response = settle(learner, **{field: value})
    assert response.status_code == 422
    assert said in text_of(response)


def test_the_zone_of_the_browser_is_kept_with_the_first_review(learner, database_url):
    begin(learner, zone="Asia/Yerevan")
    begin(learner, zone="No/Such", start_key="review-key-2")
    with sessions(database_url) as session:
        assert session.scalars(select(StudySettings.zone)).all() == ["Asia/Yerevan"]


# Nobody else's, nothing else


@pytest.mark.parametrize("route", [r for r in ROUTES if r.startswith("POST")])
def test_fields_nobody_asked_for_change_nothing(app, learner, people, database_url, route):
    attempt = begin(learner)
    learner.answer(f"{attempt}/items/1", *KEYS[stem_of(learner.get(f"{attempt}/items/1"))])
    more = {
        "account_id": str(people.mallory.account_id),
        "mode": "graded",
        "credit": "1",
        "role": "admin",
        "question_id": "1",
        "weights": "[1]",
        "stability": "9",
        "due_at": "2020-01-01",
        "start_key": "another-key",
    }
    address = route.split()[1].replace("/attempts/<public_id>", attempt)
    address = address.replace("<position>", "2").replace("<deck>/<slug>", "rivers/beginning")
    learner.post(address, more)
    with sessions(database_url) as session:
        credit = session.scalar(select(func.sum(Response.credit)))
        assert credit == session.scalar(select(func.count()).select_from(Response)) == 5
        assert set(session.scalars(select(Attempt.mode))) == {"practice", "review"}
        others = (ReviewCard.account_id, StudySettings.account_id, Attempt.account_id)
        for column in others:
            assert people.mallory.account_id not in session.scalars(select(column)).all()
        assert session.scalars(select(StudySettings.weights)).all() in ([], [None])


# What it costs


@pytest.fixture
def warm(learner) -> str:
    """A review whose questions this worker has read before."""
    attempt = begin(learner)
    for position in range(1, 5):
        learner.get(f"{attempt}/items/{position}")
    learner.get("/review")
    return attempt


def count(app, browser, path: str) -> int:
    """How many statements a page takes."""
    with statements(app) as sent:
        assert browser.get(path).status_code == 200
        return len(sent)


def test_pages_of_a_review_take_at_most_three_statements(app, learner, warm):
    item = f"{warm}/items/1"
    asked = count(app, learner, item)
    learner.answer(item, *KEYS[stem_of(learner.get(item))])
    told = count(app, learner, item)
    learner.get("/review")
    assert [asked, told, count(app, learner, "/review")] == [2, 3, 3]


def test_an_answer_in_a_review_costs_what_one_in_practice_does(app, learner, warm):
    item = f"{warm}/items/1"
    choice, _ = choices_in(learner.get(item))[0]
    form = {"choice": choice, "csrf_token": learner.token()}
    with statements(app) as sent:
        assert learner.client.post(f"{item}/response", data=form).status_code == 303
    assert len(sent) <= 5
