"""From the first click to the result, without JavaScript."""

import re

import pytest

from tests.support import bank, cast
from tests.support.browsing import Browser, choices_in, stem_of, title_of
from tests.support.cast import PASSWORD, sessions

KEYS = {
    "Where does a river begin?": ["At its spring"],
    "Which of these belong to a river?": ["A delta", "A bank"],
    "What moves a river?": ["The slope"],
    "Which river is meant?": ["The Don"],
    "What makes a sea salty?": ["Minerals"],
}
WRONG = {
    "Where does a river begin?": ["At its mouth"],
    "Which of these belong to a river?": ["A crater"],
    "What moves a river?": ["The moon"],
    "Which river is meant?": ["The Po"],
    "What makes a sea salty?": ["Fish"],
}
TOLD_AFTERWARDS = re.compile(r"EXPLANATION|FEEDBACK|is-key|the key|spring note")


def item_asking(browser: Browser, attempt: str, stem: str) -> str:
    """The address of the item that asks this."""
    size = int(re.findall(r"of (\d+)", title_of(browser.get(f"{attempt}/items/1")))[0])
    items = [f"{attempt}/items/{position}" for position in range(1, size + 1)]
    return next(item for item in items if stem_of(browser.get(item)) == stem)


def answer_all(browser: Browser, attempt: str, answers: dict[str, list[str]] = KEYS) -> None:
    """Answer every question of an attempt."""
    for stem in {stem_of(browser.get(f"{attempt}/items/{n}")) for n in range(1, 5)}:
        browser.answer(item_asking(browser, attempt, stem), *answers[stem])


# Starting


def test_a_visitor_starts_at_once_and_is_asked_the_first_question(visitor):
    page = visitor.get("/decks/rivers")
    assert "All about rivers" in page.text
    key = page.text.partition('name="start_key" value="')[2].partition('"')[0]
    response = visitor.post("/attempts", {"decks": "rivers", "start_key": key, "count": ""})
    assert response.status_code == 303
    asked = visitor.get(response.location)
    assert title_of(asked) == "Question 1 of 4 · All about rivers · quizapp"
    assert stem_of(asked) in KEYS


def test_a_double_click_starts_one_attempt(visitor):
    form = {"decks": "rivers", "start_key": "the-same-key"}
    first, second = visitor.post("/attempts", form), visitor.post("/attempts", form)
    assert first.location == second.location


def test_a_mix_asks_from_all_chosen_decks(visitor):
    attempt = visitor.start("rivers", "seas")
    page = visitor.get(f"{attempt}/items/5")
    assert title_of(page) == "Question 5 of 5 · Mix of 2 decks · quizapp"
    stems = {stem_of(visitor.get(f"{attempt}/items/{n}")) for n in range(1, 6)}
    assert stems == set(KEYS)


def test_a_shorter_run_can_be_asked_for(visitor):
    attempt = visitor.start("rivers", count="2")
    assert "of 2" in title_of(visitor.get(f"{attempt}/items/1"))
    assert visitor.get(f"{attempt}/items/3").status_code == 404


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"start_key": "a-start-key"}, "Choose at least one deck."),
        ({"decks": "rivers", "start_key": "a-start-key", "count": "0"}, "from 1 to 500"),
        ({"decks": "rivers", "start_key": "a-start-key", "count": "501"}, "from 1 to 500"),
        ({"decks": "oceans", "start_key": "a-start-key"}, "There is a problem"),
        ({"decks": "rivers"}, "There is a problem"),
    ],
)
def test_a_start_form_that_is_not_filled_in_says_what_is_wrong(visitor, form, problem):
    response = visitor.post("/attempts", form)
    assert response.status_code == 422
    assert title_of(response).startswith("Error: ")
    assert problem in response.text


def test_a_deck_retired_meanwhile_cannot_be_started(visitor, database_url):
    with sessions(database_url) as session:
        cast.load(session, {"geo/seas.md": bank.SEAS})
    assert visitor.get("/decks/rivers").status_code == 404
    form = {"decks": "rivers", "start_key": "a-start-key"}
    assert visitor.post("/attempts", form).status_code == 422


# Asking and answering


def test_the_question_page_tells_nothing_of_the_answer(visitor):
    attempt = visitor.start()
    for position in range(1, 5):
        page = visitor.get(f"{attempt}/items/{position}")
        assert not TOLD_AFTERWARDS.search(page.text)


def test_nothing_is_chosen_beforehand(visitor):
    attempt = visitor.start()
    main = visitor.get(f"{attempt}/items/1").text.partition("<main")[2]
    assert " checked" not in main


def test_a_right_answer_is_told_with_why_and_where_it_stands(visitor):
    item = item_asking(visitor, visitor.start(), "Where does a river begin?")
    response = visitor.answer(item, "At its spring")
    assert (response.status_code, response.location) == (303, item)
    page = visitor.get(item)
    assert title_of(page).startswith("Right · Question ")
    assert "EXPLANATION-BEGINNING" in page.text
    assert "your answer, right" in page.text
    assert "spring note" in page.text
    assert 'href="https://rivers.example/notes"' in page.text
    assert "The River Press, 6 April 2022" in page.text
    assert "FEEDBACK-MOUTH" not in page.text


def test_a_wrong_answer_is_told_with_the_key_and_what_was_wrong_with_it(visitor):
    item = item_asking(visitor, visitor.start(), "Where does a river begin?")
    visitor.answer(item, "At its mouth")
    page = visitor.get(item)
    assert title_of(page).startswith("Not quite · ")
    assert "FEEDBACK-MOUTH" in page.text
    assert "the key" in page.text
    assert "EXPLANATION-BEGINNING" in page.text


def test_a_partly_right_answer_is_called_so(visitor):
    item = item_asking(visitor, visitor.start(), "Which of these belong to a river?")
    assert 'type="checkbox" name="choice"' in visitor.get(item).text
    visitor.answer(item, "A delta")
    assert title_of(visitor.get(item)).startswith("Partly right · ")


def test_a_question_with_one_key_takes_one_answer(visitor):
    item = item_asking(visitor, visitor.start(), "Where does a river begin?")
    response = visitor.post(f"{item}/response", {"choice": ["0", "1"]})
    assert response.status_code == 422
    assert "takes one answer" in response.text


@pytest.mark.parametrize("choice", [[], ["7"], ["-1"], ["x"], [""]])
def test_an_answer_with_nothing_to_count_is_asked_for_again(visitor, choice):
    item = visitor.start() + "/items/1"
    response = visitor.post(f"{item}/response", {"choice": choice})
    assert response.status_code == 422
    assert title_of(response).startswith("Error: ")
    assert 'role="alert"' in response.text
    assert not TOLD_AFTERWARDS.search(response.text)
    assert title_of(visitor.get(item)).startswith("Question 1 of 4")


def test_what_was_ticked_stays_ticked_when_the_form_comes_back(visitor):
    item = item_asking(visitor, visitor.start(), "Which of these belong to a river?")
    response = visitor.post(f"{item}/response", {"choice": ["1", "99"]})
    assert response.status_code == 422
    main = response.text.partition("<main")[2]
    assert re.findall(r'value="(\d)" checked', main) == ["1"]


@pytest.mark.parametrize(
    ("value", "words"), [("1", "a guess"), ("2", "fairly sure"), ("3", "certain")]
)
def test_how_sure_someone_was_is_said_back(visitor, value, words):
    item = visitor.start("seas") + "/items/1"
    visitor.answer(item, "Minerals", certainty=value)
    assert f"You said: {words}." in visitor.get(item).text


def test_being_certain_is_weighed_on_the_result_page(visitor):
    attempt = visitor.start("seas")
    visitor.answer(f"{attempt}/items/1", "Fish", certainty="3")
    page = visitor.get(f"{attempt}/result").text
    assert "Of the answers you called <strong>certain</strong>, 0 of 1 was right." in page


def test_choices_are_sent_by_their_place_and_not_by_who_they_are(visitor):
    attempt = visitor.start()
    for position in range(1, 5):
        choices = choices_in(visitor.get(f"{attempt}/items/{position}"))
        assert [value for value, _ in choices] == [str(n) for n in range(len(choices))]


# The same twice


def test_coming_back_to_an_answered_question_shows_what_was_answered(visitor):
    item = item_asking(visitor, visitor.start(), "Where does a river begin?")
    visitor.answer(item, "At its mouth")
    assert visitor.get(item).text == visitor.get(item).text
    assert "FEEDBACK-MOUTH" in visitor.get(item).text


def test_an_answer_sent_twice_changes_nothing_and_is_told(visitor):
    item = visitor.start("seas") + "/items/1"
    choices = {text: value for value, text in choices_in(visitor.get(item))}
    visitor.answer(item, "Fish")
    again = visitor.post(f"{item}/response", {"choice": choices["Minerals"]})
    assert (again.status_code, again.location) == (303, item)
    page = visitor.get(item)
    assert "your first answer stands" in page.text
    assert title_of(page).startswith("Not quite")
    assert "your first answer stands" not in visitor.get(item).text


def test_a_second_tab_is_told_that_the_attempt_has_ended(visitor):
    attempt = visitor.start()
    visitor.post(f"{attempt}/end")
    late = visitor.post(f"{attempt}/items/1/response", {"choice": "0"})
    assert late.status_code == 303
    page = visitor.get(late.location, follow_redirects=True)
    assert "This attempt had ended" in page.text
    assert title_of(page).startswith("Result")


# Skipping and finding one's way


def test_skipping_leads_to_the_next_question_and_is_no_mistake(visitor):
    attempt = visitor.start()
    response = visitor.post(f"{attempt}/items/1/skip")
    assert response.location == f"{attempt}/items/2"
    assert "1 skipped, 3 to go" in visitor.get(f"{attempt}/items/2").text
    assert title_of(visitor.get(f"{attempt}/items/1")).startswith("Question 1 of 4")


def test_skipping_the_last_question_leads_to_the_result_and_back(visitor):
    attempt = visitor.start("seas")
    response = visitor.post(f"{attempt}/items/1/skip")
    assert response.location == f"{attempt}/result"
    page = visitor.get(response.location)
    assert "Answer what you skipped" in page.text
    assert f'href="{attempt}/items/1"' in page.text


def test_next_leads_to_the_first_question_left_open(visitor):
    attempt = visitor.start()
    stem = stem_of(visitor.get(f"{attempt}/items/3"))
    visitor.answer(f"{attempt}/items/3", *KEYS[stem])
    assert (
        f'href="{attempt}/items/4" data-in-place data-next'
        in visitor.get(f"{attempt}/items/3").text
    )
    assert visitor.get(attempt).location == f"{attempt}/items/1"


def test_the_home_page_leads_back_to_where_someone_left_off(visitor):
    attempt = visitor.start()
    visitor.post(f"{attempt}/items/1/skip")
    page = visitor.get("/").text
    assert "Where you left off" in page
    assert f'href="{attempt}"' in page
    assert visitor.get(attempt).location == f"{attempt}/items/2"


def test_the_home_page_does_not_lead_back_to_what_was_only_opened(visitor):
    visitor.start()
    assert "Where you left off" not in visitor.get("/").text


# Results


def test_the_result_page_says_how_it_went_question_by_question(visitor):
    attempt = visitor.start()
    answer_all(visitor, attempt, {**KEYS, "Where does a river begin?": ["At its mouth"]})
    page = visitor.get(f"{attempt}/result")
    assert title_of(page) == "Result · All about rivers · quizapp"
    assert "3 <small>of 4 right" in page.text
    assert "Review the one you missed" in page.text
    assert "At its mouth" in page.text
    assert "Springs" in page.text
    assert visitor.get(attempt).location == f"{attempt}/result"


def test_the_result_before_the_end_tells_no_key_of_what_is_unanswered(visitor):
    attempt = visitor.start()
    item = item_asking(visitor, attempt, "What moves a river?")
    visitor.answer(item, "The moon")
    page = visitor.get(f"{attempt}/result").text
    assert "The slope" in page
    assert "At its spring" not in page
    assert "The Don" not in page


def test_what_was_missed_can_be_reviewed(visitor):
    attempt = visitor.start()
    answer_all(visitor, attempt, {**KEYS, "What moves a river?": ["The moon"]})
    response = visitor.post(f"{attempt}/again", {"what": "missed", "start_key": "another-key"})
    page = visitor.get(response.location)
    assert title_of(page).startswith("Question 1 of 1")
    assert stem_of(page) == "What moves a river?"


def test_what_was_left_out_can_be_answered_later(visitor):
    attempt = visitor.start()
    visitor.post(f"{attempt}/items/2/skip")
    visitor.post(f"{attempt}/end")
    page = visitor.get(f"{attempt}/result")
    assert "Answer the 4 you left out" in page.text
    response = visitor.post(f"{attempt}/again", {"what": "skipped", "start_key": "another-key"})
    assert title_of(visitor.get(response.location)).startswith("Question 1 of 4")


@pytest.mark.parametrize("what", ["missed", "everything", ""])
def test_reviewing_nothing_leads_back_or_says_so(visitor, what):
    attempt = visitor.start("seas")
    visitor.answer(f"{attempt}/items/1", "Minerals")
    response = visitor.post(f"{attempt}/again", {"what": what, "start_key": "another-key"})
    if what == "missed":
        assert response.status_code == 409
        assert "nothing to answer" in response.text
    else:
        assert response.location == f"{attempt}/result"


def test_a_question_reworded_meanwhile_is_reviewed_in_its_new_words(visitor, database_url):
    attempt = visitor.start("seas")
    visitor.answer(f"{attempt}/items/1", "Fish")
    reworded = bank.SEAS.replace("a sea salty", "the sea salty")
    with sessions(database_url) as session:
        cast.load(session, {**bank.FILES, "geo/seas.md": reworded})
    assert stem_of(visitor.get(f"{attempt}/items/1")) == "What makes a sea salty?"
    response = visitor.post(f"{attempt}/again", {"what": "missed", "start_key": "another-key"})
    assert stem_of(visitor.get(response.location)) == "What makes the sea salty?"


def test_an_attempt_can_be_ended_early(visitor):
    attempt = visitor.start()
    assert visitor.post(f"{attempt}/end").location == f"{attempt}/result"
    page = visitor.get(f"{attempt}/result").text
    assert "End here" not in page
    assert visitor.get(f"{attempt}/items/1").location == f"{attempt}/result"


def test_a_deck_retired_during_an_attempt_can_be_finished(visitor, database_url):
    attempt = visitor.start()
    with sessions(database_url) as session:
        cast.load(session, {"geo/seas.md": bank.SEAS})
    answer_all(visitor, attempt)
    page = visitor.get(f"{attempt}/result")
    assert "4 <small>of 4 right" in page.text
    assert 'href="/decks/rivers"' not in page.text


# Whose it is


def test_an_attempt_goes_on_in_another_browser_after_signing_in(app, people):
    at_home, on_the_bus = Browser(app), Browser(app)
    form = {"name": "ada", "password": PASSWORD}
    at_home.post("/sign-in", form)
    attempt = at_home.start()
    stem = stem_of(at_home.get(f"{attempt}/items/1"))
    at_home.answer(f"{attempt}/items/1", *KEYS[stem])
    on_the_bus.post("/sign-in", form)
    assert f'href="{attempt}"' in on_the_bus.get("/").text
    assert on_the_bus.get(attempt).location == f"{attempt}/items/2"
    assert title_of(on_the_bus.get(f"{attempt}/items/1")).startswith("Right")
    second = stem_of(on_the_bus.get(f"{attempt}/items/2"))
    on_the_bus.answer(f"{attempt}/items/2", *WRONG[second])
    assert title_of(at_home.get(f"{attempt}/items/2")).startswith("Not quite")


def test_a_form_opened_before_the_first_attempt_still_works_after_it(visitor):
    token = visitor.token()
    visitor.start("seas")
    form = {"csrf_token": token, "decks": "rivers", "start_key": "another-key"}
    assert visitor.client.post("/attempts", data=form).status_code == 303
