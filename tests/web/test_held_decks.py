"""What learners meet of a deck that graded work keeps back, or that is for assignments only."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from quizapp.db.models import Assignment, AssignmentDeck, Deck
from quizapp.domain.graded.policy import Policy
from tests.support.browsing import Browser, choices_in
from tests.support.cast import sessions
from tests.support.classroom import make_class
from tests.web.test_statement_budget import statements

HOUR = timedelta(hours=1)


@pytest.fixture
def ada(app, people):
    return Browser(app, people.ada)


@pytest.fixture
def hold_back(people, database_url):
    """Give the rivers out as graded work that is open now and keeps them back."""

    def hold(closes_at: datetime | None) -> None:
        with sessions(database_url) as session:
            now = datetime.now(UTC)
            assignment = Assignment(
                public_id="a" * 22,
                class_id=make_class(session, people.grace).id,
                title="Mid-term",
                instructions="",
                opens_at=now - HOUR,
                closes_at=closes_at,
                policy=Policy().as_dict(),
                pools=[],
                holds_back=True,
                created_at=now - HOUR,
                published_at=now - HOUR,
            )
            session.add(assignment)
            session.flush()
            deck_id = session.scalars(select(Deck.id).where(Deck.slug == "rivers")).one()
            session.add(AssignmentDeck(assignment_id=assignment.id, deck_id=deck_id))
            session.commit()

    return hold


def start_practice(browser, deck="rivers"):
    return browser.post("/attempts", {"decks": [deck], "count": "", "start_key": "a-start-key"})


def test_the_page_of_a_deck_that_is_kept_back_says_why_and_until_when(ada, hold_back):
    until = datetime.now(UTC) + HOUR
    hold_back(until)
    page = ada.get("/decks/rivers")
    assert page.status_code == 200
    assert "in use for a graded assignment" in page.text
    assert until.isoformat() in page.text
    assert "Start practice" not in page.text


def test_a_deck_that_is_kept_back_without_an_end_gives_no_date(ada, hold_back):
    hold_back(None)
    page = ada.get("/decks/rivers").text
    assert "Kept back for now" in page
    assert "when everyone has finished" in page


def test_a_deck_that_is_kept_back_is_offered_nowhere(ada, hold_back):
    mine = ada.start("rivers")
    ada.answer(f"{mine}/items/1")
    hold_back(None)
    assert "/decks/rivers" not in ada.get("/").text
    assert "All about rivers" not in ada.get("/mix").text
    assert "Test yourself" not in ada.get("/read/notes").text
    assert start_practice(ada).status_code == 422
    assert start_practice(ada, "seas").status_code == 303
    form = {"start_key": "another-start-key", "what": "skipped"}
    again = ada.post(f"{mine}/again", form)
    assert again.status_code == 409
    on_passage = ada.post("/read/notes/p1/attempts", {"start_key": "one-more-start-key"})
    assert on_passage.status_code == 409


def test_a_deck_comes_back_when_its_work_is_closed(ada, hold_back):
    hold_back(datetime.now(UTC) - timedelta(minutes=1))
    assert "Start practice" in ada.get("/decks/rivers").text
    assert start_practice(ada).status_code == 303


def test_a_deck_for_assignments_only_is_nothing_learners_can_find(ada, database_url):
    with sessions(database_url) as session:
        session.scalars(select(Deck).where(Deck.slug == "rivers")).one().is_for_practice = False
        session.commit()
    assert ada.get("/decks/rivers").status_code == 404
    assert "All about rivers" not in ada.get("/").text
    assert "Test yourself" not in ada.get("/read/notes").text
    assert start_practice(ada).status_code == 422


def test_a_question_drawn_before_its_deck_was_kept_back_is_neither_asked_nor_answered(
    ada, hold_back
):
    item = ada.start("rivers") + "/items/1"
    shown = ada.get(item).text
    hold_back(None)
    page = ada.get(item).text
    assert "kept back for now" in page
    assert 'name="choice"' in shown
    assert 'name="choice"' not in page
    assert ada.post(f"{item}/response", {"choice": "0"}).location == item
    assert "EXPLANATION" not in ada.get(item).text


def test_what_was_answered_before_tells_no_key_until_graded_work_is_over(ada, hold_back):
    attempt = ada.start("rivers")
    for position in range(1, 5):
        ada.post(f"{attempt}/items/{position}/response", {"choice": "0"})
    result = f"{attempt}/result"
    assert "The key" in ada.get(result).text + ada.get(f"{attempt}/items/1").text
    hold_back(None)
    page = ada.get(f"{attempt}/items/1").text
    assert "You have answered it, and that is kept." in page
    assert "EXPLANATION" not in page
    assert "is-key" not in page
    assert "Your answer" not in ada.get(result).text
    assert "The key" not in ada.get(result).text
    assert ada.post(f"{attempt}/items/1/skip").location == result


def test_the_download_tells_no_key_until_graded_work_is_over(ada, hold_back):
    attempt = ada.start("rivers")
    ada.post(f"{attempt}/items/1/response", {"choice": "0"})
    response = first_response(ada)
    assert response["chosen"]
    hold_back(None)
    kept_back = first_response(ada)
    assert (kept_back["chosen"], kept_back["credit"]) == (None, None)
    assert kept_back["answered_at"] == response["answered_at"]


def first_response(browser):
    (attempt,) = browser.get("/account/data").json["attempts"]
    return attempt["items"][0]["response"]


def test_what_was_answered_before_is_seen_again_when_graded_work_is_over(ada, hold_back):
    attempt = ada.start("rivers")
    ada.post(f"{attempt}/items/1/response", {"choice": "0"})
    hold_back(datetime.now(UTC) - HOUR / 2)
    assert "EXPLANATION" in ada.get(f"{attempt}/items/1").text
    assert "Your answer" in ada.get(f"{attempt}/result").text


def test_what_is_kept_back_can_be_passed_over(ada, hold_back):
    item = ada.start("rivers") + "/items/1"
    hold_back(None)
    assert ada.post(f"{item}/skip").location.endswith("/items/2")


def test_a_question_can_be_answered_again_when_graded_work_is_over(ada, hold_back):
    item = ada.start("rivers") + "/items/1"
    hold_back(datetime.now(UTC) - HOUR / 2)
    assert 'name="choice"' in ada.get(item).text


def test_the_review_page_takes_three_statements_while_a_deck_is_kept_back(app, ada, hold_back):
    attempt = start_practice(ada).location
    ada.answer(attempt, choices_in(ada.get(attempt))[0][1])
    hold_back(datetime.now(UTC) + HOUR)
    assert "Nothing is due now" in ada.get("/review").text
    with statements(app) as sent:
        ada.get("/review")
    assert len(sent) == 3
