"""Other ways to practise, flashcards and sheets, as learners meet them without JavaScript."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from sqlalchemy import select, update

from quizapp.db.models import Assignment, AssignmentDeck, Attempt, Deck, ReviewCard
from tests.support import bank, cast
from tests.support.browsing import Browser, stem_of, title_of
from tests.support.cast import NOW, Cast, sessions
from tests.support.classroom import make_class
from tests.support.graded import make_assignment
from tests.web.test_practice import KEYS, WRONG
from tests.web.test_statement_budget import statements

FORM = {"start_key": "key-of-a-way", "count": "20"}
SHEET = "/decks/rivers/sheet?count=all&part=both&code=AB12"
SPRINT = {"start_key": "key-of-a-sprint", "minutes": "5"}


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def text_of(page) -> str:
    """A page's words."""
    main = page.text.partition("<main")[2].partition("</main")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))


def start(browser: Browser, way: str, **form: str) -> str:
    """Begin practising in a way: the attempt's address."""
    fields = {**(SPRINT if way == "sprint" else FORM), **form}
    response = browser.post(f"/practise/{way}/attempts", fields)
    assert response.status_code == 303, response.text
    return response.location.removesuffix("/items/1")


def stems(browser: Browser, attempt: str) -> list[str]:
    """What an attempt asks, in order."""
    size = int(re.search(r"Question 1 of (\d+)", browser.get(f"{attempt}/items/1").text)[1])  # pyright: ignore[reportOptionalSubscript]  # every question page has it
    return [stem_of(browser.get(f"{attempt}/items/{n + 1}")) for n in range(size)]


def answer(browser: Browser, item: str, *, right: bool) -> None:
    stem = stem_of(browser.get(item))
    browser.answer(item, *(KEYS if right else WRONG)[stem])


def answer_rivers(browser: Browser, *missed: str) -> None:
    """Answer the rivers, those whose stem begins with one of `missed` wrongly."""
    attempt = browser.start()
    for n in range(1, 5):
        item = f"{attempt}/items/{n}"
        answer(browser, item, right=not stem_of(browser.get(item)).startswith(missed or "-"))


def keep_rivers_back(database_url: str, people: Cast) -> None:
    """Give the rivers out as graded work that is open and never closes."""
    with sessions(database_url) as session:
        work = make_assignment(session, make_class(session, people.grace)).id
        deck = session.scalars(select(Deck.id).where(Deck.slug == "rivers")).one()
        if not session.get(AssignmentDeck, (work, deck)):
            session.add(AssignmentDeck(assignment_id=work, deck_id=deck))
        session.execute(
            update(Assignment).values(
                holds_back=True, published_at=NOW, opens_at=None, due_at=None, closes_at=None
            )
        )
        session.commit()


# Ways


def test_who_answered_nothing_sees_what_there_is_and_why_the_rest_is_empty(visitor):
    page = text_of(visitor.get("/practise"))
    assert "What you answer wrongly is gathered here" in page
    assert "None yet. Answer the questions of a deck" in page
    assert "5 questions of 2 topics" in page
    for way in ("missed", "weakest"):
        response = visitor.post(f"/practise/{way}/attempts", FORM)
        assert (response.status_code, response.location) == (303, "/practise")


def test_only_what_was_missed_last_is_asked(visitor, clock):
    answer_rivers(visitor, "Where does", "What moves")
    assert "2 questions whose last answer was not wholly right" in text_of(visitor.get("/practise"))
    attempt = start(visitor, "missed")
    asked = stems(visitor, attempt)
    assert sorted(asked) == ["What moves a river?", "Where does a river begin?"]
    clock.shift(timedelta(minutes=1))
    for n in (1, 2):
        answer(visitor, f"{attempt}/items/{n}", right=True)
    assert "your last answer to each question was right" in text_of(visitor.get("/practise"))


def test_partly_right_counts_as_missed(visitor, clock):
    attempt = visitor.start()
    places = {stem_of(visitor.get(f"{attempt}/items/{n}")): n for n in range(1, 5)}
    visitor.answer(f"{attempt}/items/{places['Which of these belong to a river?']}", "A delta")
    assert stems(visitor, start(visitor, "missed")) == ["Which of these belong to a river?"]


def test_the_weakest_passages_come_first_and_only_their_questions_are_asked(visitor, clock):
    answer_rivers(visitor, "Where does", "Which of these", "What moves")
    page = text_of(visitor.get("/practise"))
    assert "3 questions on the passages that you know least" in page
    assert "Springs" in page
    assert "Mouths" in page
    attempt = start(visitor, "weakest")
    # Neither of other decks nor on no passage, and what is on both passages once.
    assert sorted(stems(visitor, attempt)) == [
        "What moves a river?",
        "Where does a river begin?",
        "Which of these belong to a river?",
    ]


def test_a_passage_that_is_known_well_is_not_among_the_weakest(visitor, clock):
    answer_rivers(visitor, "Which of these")  # on the mouths alone
    page = text_of(visitor.get("/practise"))
    assert "2 questions on the passage that you know least" in page
    assert "Springs" not in page


def test_topics_in_turn_are_asked_in_that_order(visitor):
    asked = stems(visitor, start(visitor, "mixed"))
    assert len(asked) == 5
    assert asked.index("What makes a sea salty?") in {1, 2, 3}


def test_so_many_are_asked_as_were_wanted(visitor, app, database_url):
    more = bank.SEAS + "".join(
        f"\n## Sea number {n}? {{#sea-{n}}}\n\n- [x] Yes\n- [ ] No\n" for n in range(12)
    )
    with sessions(database_url) as session:
        cast.load(session, {**bank.FILES, "geo/seas.md": more})
    assert len(stems(visitor, start(visitor, "mixed", count="10"))) == 10


def test_what_was_suspended_or_is_kept_back_is_not_asked(visitor, database_url, people, clock):
    answer_rivers(visitor, "Where does", "What moves")
    visitor.get("/practise")
    with sessions(database_url) as session:
        card = session.scalars(select(ReviewCard).order_by(ReviewCard.question_id)).first()
        session.execute(
            update(ReviewCard)
            .where(ReviewCard.question_id == card.question_id)  # pyright: ignore[reportOptionalMemberAccess]  # four were made
            .values(suspended_at=NOW)
        )
        session.commit()
    assert stems(visitor, start(visitor, "missed")) == ["What moves a river?"]
    keep_rivers_back(database_url, people)
    page = text_of(visitor.get("/practise"))
    assert "This needs questions of at least two topics" in page
    assert (
        visitor.post("/practise/missed/attempts", {**FORM, "start_key": "another-key"}).location
        == "/practise"
    )


def test_a_double_click_begins_one_attempt(visitor):
    visitor.start()
    assert start(visitor, "mixed", start_key="twice-sent") == start(
        visitor, "mixed", start_key="twice-sent"
    )


@pytest.mark.parametrize("form", [{}, {**FORM, "count": "7"}, {**FORM, "start_key": "x"}])
def test_a_start_that_makes_no_sense_leads_back(visitor, form):
    response = visitor.post("/practise/mixed/attempts", form)
    assert (response.status_code, response.location) == (303, "/practise")


def test_fields_that_the_form_does_not_have_change_nothing(visitor, database_url):
    forged = {
        "sprint_seconds": "9", "mode": "review", "account_id": "1", "title": "x", "credit": "1",
        "version_ids": "1", "marks": "r",
    }  # fmt: skip
    start(visitor, "mixed", **forged)
    with sessions(database_url) as session:
        attempt = session.scalars(select(Attempt)).one()
        found = (attempt.sprint_seconds, attempt.mode, attempt.title, attempt.credit, attempt.size)
    assert found == (None, "practice", "Topics in turn", 0, 5)


def test_there_is_no_other_way(visitor):
    assert visitor.post("/practise/unknown/attempts", FORM).status_code == 404


def test_the_pages_take_a_fixed_number_of_reads(visitor, app, clock):
    answer_rivers(visitor, "Where does")
    for path, most in (("/practise", 9), ("/decks/rivers/flashcards", 7), (SHEET, 6)):
        visitor.get(path)
        with statements(app) as sent:
            assert visitor.get(path).status_code == 200
        assert set(sent) == {"SELECT"}
        assert len(sent) <= most, path


# Sprint


def test_a_sprint_says_how_much_time_is_left_on_each_of_its_pages(visitor, clock):
    attempt = start(visitor, "sprint")
    assert 'data-sprint="300000"' in visitor.get(f"{attempt}/items/1").text
    clock.shift(timedelta(seconds=90))
    answer(visitor, f"{attempt}/items/1", right=True)
    assert 'data-sprint="210000"' in visitor.get(f"{attempt}/items/1").text
    assert 'data-sprint="210000"' in visitor.get(f"{attempt}/items/2").text
    clock.shift(timedelta(minutes=9))
    assert 'data-sprint="0"' in visitor.get(f"{attempt}/items/2").text


def test_plain_practice_has_no_clock(visitor):
    attempt = visitor.start()
    assert "data-sprint" not in visitor.get(f"{attempt}/items/1").text


def test_what_is_answered_in_time_counts_by_the_servers_clock(visitor, clock):
    attempt = start(visitor, "sprint")
    answer(visitor, f"{attempt}/items/1", right=True)
    clock.shift(timedelta(minutes=5))
    answer(visitor, f"{attempt}/items/2", right=False)
    clock.shift(timedelta(seconds=12))
    answer(visitor, f"{attempt}/items/3", right=True)
    visitor.post(f"{attempt}/end")
    page = text_of(visitor.get(f"{attempt}/result"))
    assert "5 minutes: 2 answered, 1 right." in page
    assert "One more came after the time" in page
    assert "It took you 5 min 12 s" in page
    assert "Left out" not in page
    assert "left out" not in page


def test_a_sprint_left_open_is_not_offered_to_be_continued(visitor, clock):
    attempt = start(visitor, "sprint")
    answer(visitor, f"{attempt}/items/1", right=True)
    assert "Where you left off" not in text_of(visitor.get("/"))


# Flashcards


def test_flashcards_show_every_question_of_the_deck_with_its_key_and_why(visitor):
    page = text_of(visitor.get("/decks/rivers/flashcards"))
    for text in ("Where does a river begin?", "At its spring", "EXPLANATION-BEGINNING", "4 of 4"):
        assert text in page
    assert "FEEDBACK" not in page


@pytest.mark.parametrize("room", ["flashcards", "sheet"])
def test_what_is_kept_back_or_not_for_practice_is_shown_to_no_learner(
    visitor, people, database_url, room
):
    keep_rivers_back(database_url, people)
    response = visitor.get(f"/decks/rivers/{room}")
    assert (response.status_code, response.location) == (303, "/decks/rivers")
    with sessions(database_url) as session:
        session.execute(update(Deck).where(Deck.slug == "seas").values(is_for_practice=False))
        session.commit()
    assert visitor.get(f"/decks/seas/{room}").status_code == 404
    assert visitor.get(f"/decks/nowhere/{room}").status_code == 404


# Sheets

CHOICE = {"count": "all", "part": "both", "code": "AB12"}


def test_a_sheet_and_its_key_have_the_same_code_and_edition(visitor):
    page = text_of(visitor.get("/decks/rivers/sheet", query_string=CHOICE))
    assert len(re.findall(r"Sheet AB12 · edition [0-9a-f]{4}", page)) == 2
    sheet, _, key = page.partition("Key: All about rivers")
    assert "Name" in sheet
    assert "EXPLANATION" not in sheet
    assert "EXPLANATION-RIDDLE" in key


def test_the_key_fits_the_sheet(visitor):
    page = visitor.get("/decks/rivers/sheet", query_string=CHOICE).text
    sheet, _, key = page.partition("paper-key")
    questions = re.findall(r"<h3>(.*?)</h3>(.*?)</ul>", sheet, re.DOTALL)
    answers = key.split('<span class="number">')[1:]
    assert len(questions) == len(answers) == 4
    for (stem, choices), answered in zip(questions, answers, strict=True):
        shown = dict(re.findall(r'class="letter">(\w)</span><span>(.*?)</span>', choices))
        keys = re.findall(r"<strong>(\w)</strong> (.*?)</p>", answered)
        assert keys
        assert all(shown[letter] == text for letter, text in keys)
        assert {text for _, text in keys} == set(KEYS[stem])


def test_the_same_code_prints_the_same_again_and_parts_can_be_printed_alone(visitor):
    path = "/decks/rivers/sheet"
    both = text_of(visitor.get(path, query_string=CHOICE))
    assert text_of(visitor.get(path, query_string={**CHOICE, "code": " ab12 "})) == both
    sheet = text_of(visitor.get(path, query_string={**CHOICE, "part": "sheet"}))
    key = text_of(visitor.get(path, query_string={**CHOICE, "part": "key"}))
    assert "EXPLANATION" not in sheet
    assert "Where does a river begin?" not in key
    assert sheet.partition("Sheet AB12")[2] in both


@pytest.mark.parametrize("wrong", [{"code": ""}, {"code": "a b"}, {"count": "7"}, {"part": "x"}])
def test_what_makes_no_sheet_is_asked_for_again(visitor, wrong):
    response = visitor.get("/decks/rivers/sheet", query_string={**CHOICE, **wrong})
    assert response.status_code == 422
    assert title_of(response).startswith("Error: ")


def test_who_teaches_prints_decks_that_are_not_for_practice_too(
    browser_of, people, database_url, app
):
    with sessions(database_url) as session:
        session.execute(update(Deck).values(is_for_practice=False))
        session.commit()
    grace = browser_of(people.grace)
    assert "Show the sheet" in grace.get("/teach/decks/rivers/sheet").text
    page = text_of(grace.get("/teach/decks/rivers/sheet", query_string=CHOICE))
    assert "Key: All about rivers" in page
