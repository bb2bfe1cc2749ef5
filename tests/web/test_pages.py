"""The pages around practising: home, decks, notes, progress, library, display."""

import re

import pytest

from tests.support import bank, cast
from tests.support.browsing import Browser, title_of
from tests.support.cast import sessions


def test_without_any_deck_the_home_page_says_how_to_get_one(make_app):
    page = Browser(make_app()).get("/")
    assert page.status_code == 200
    assert "No questions yet" in page.text
    assert "questions/" in page.text


@pytest.mark.parametrize(("address", "words"), [("/read", "No notes yet"), ("/mix", "Mix decks")])
def test_pages_of_an_empty_site_are_there(make_app, address, words):
    page = Browser(make_app()).get(address)
    assert page.status_code == 200
    assert words in page.text


def test_the_home_page_lists_the_decks_in_their_order(visitor):
    page = visitor.get("/").text
    assert page.index("All about rivers") < page.index("All about seas")
    assert "4 questions" in page
    assert "1 question<" in page
    assert "Where they begin and end" in page


def test_a_deck_page_says_what_it_is_drawn_from(visitor):
    page = visitor.get("/decks/rivers")
    assert title_of(page) == "All about rivers · quizapp"
    assert "Notes on rivers" in page.text
    assert "R. Iver, The River Press, 6 April 2022" in page.text
    assert 'href="/read/notes"' in page.text
    assert 'href="/read/notes"' not in visitor.get("/decks/seas").text


@pytest.mark.parametrize("address", ["/decks/oceans", "/read/oceans"])
def test_what_is_not_there_is_not_found(visitor, address):
    assert visitor.get(address).status_code == 404


def test_the_only_source_is_opened_at_once(visitor):
    assert visitor.get("/read").location == "/read/notes"


def test_several_sources_are_listed(visitor, database_url):
    with sessions(database_url) as session:
        cast.load(session, {**bank.FILES, "geo/more.md": bank.SOURCE.replace("rivers", "lakes")})
    page = visitor.get("/read").text
    assert "Notes on rivers" in page
    assert "Notes on lakes" in page


def test_the_notes_are_read_passage_by_passage(visitor):
    page = visitor.get("/read/notes").text
    assert 'id="p1"' in page
    assert "<em>spring note</em>" in page
    assert page.index("Springs") < page.index("Mouths")
    assert 'href="https://rivers.example/notes"' in page


def test_a_passage_taken_out_is_not_read_any_more(visitor, database_url):
    rivers = bank.RIVERS.replace("source=p2}", "source=p1}").replace("p1,p2", "p1")
    notes = bank.SOURCE.partition("## Mouths")[0]
    with sessions(database_url) as session:
        cast.load(session, {**bank.FILES, "geo/notes.md": notes, "geo/rivers.md": rivers})
    assert "Mouths" not in visitor.get("/read/notes").text


# Looking back


def test_progress_before_the_first_answer_invites_to_begin(visitor, people, browser_of):
    assert "Nothing to look back on yet" in visitor.get("/progress").text
    assert "Nothing to look back on yet" in browser_of(people.ada).get("/progress").text


def test_progress_shows_scores_by_attempt_deck_and_passage(app, people, browser_of, database_url):
    with sessions(database_url) as session:
        for number, chosen in enumerate([frozenset({0}), frozenset({0, 1})]):
            attempt = cast.begin(session, people.ada, start_key=f"start-key-{number}")
            for position in range(1, 5):
                cast.answer(session, people.ada, attempt, position, chosen)
    page = browser_of(people.ada).get("/progress").text
    assert "All about rivers" in page
    assert "Springs" in page
    assert "1 March 2026" in page
    assert "4 of 4" in page
    assert "<polyline" in page
    assert "The same as a table" in page
    assert "25 %" in page  # the second attempt: 1 of 4
    assert "44 %" in page  # both together: 3.5 of 8


def test_progress_is_ones_own(app, people, browser_of, database_url):
    with sessions(database_url) as session:
        attempt = cast.begin(session, people.ada)
        cast.answer(session, people.ada, attempt, 1)
    page = browser_of(people.mallory).get("/progress").text
    assert "Nothing to look back on yet" in page


def test_mastery_is_shown_to_those_who_have_answered(visitor):
    assert "Mastery" not in visitor.get("/").text
    attempt = visitor.start()
    assert "Mastery" not in visitor.get("/").text
    for position in range(1, 5):
        visitor.post(f"{attempt}/items/{position}/response", {"choice": "0"})
    page = visitor.get("/").text
    assert page.count("Mastery: about") == 1
    assert re.search(r"\d+\s% of 4 questions", page)
    assert "Mastery: about" in visitor.get("/decks/rivers").text
    assert "you have answered 4 of 4" in visitor.get("/decks/rivers").text
    assert "Mastery" not in visitor.get("/decks/seas").text


# Teaching


def test_the_library_shows_a_refused_file_with_its_errors_and_lines(
    app, people, browser_of, database_url
):
    with sessions(database_url) as session:
        cast.load(session, {**bank.FILES, "geo/rivers.md": bank.BROKEN})
    page = browser_of(people.grace).get("/teach/library").text
    assert "refused" in page
    assert f"geo/rivers.md:{bank.BROKEN_LINE}" in page
    assert "no choice is marked as the key" in page
    assert "Learners still get the version of" in page
    assert page.index("geo/rivers.md") < page.index("geo/notes.md")


def test_the_library_of_an_empty_folder_says_how_to_fill_it(make_app, people):
    page = Browser(make_app(), people.grace).get("/teach/library")
    assert "No files yet" in page.text


def test_only_instructors_see_the_way_to_the_library(app, people, browser_of):
    assert 'href="/teach/library"' in browser_of(people.grace).get("/").text
    assert 'href="/teach/library"' not in browser_of(people.ada).get("/").text


# How one likes to read


def test_text_size_contrast_and_theme_are_kept_and_written_into_the_page(visitor):
    form = {"theme": "dark", "contrast": "high", "size": "3", "next": "/mix"}
    assert visitor.post("/display", form).location == "/mix"
    assert 'data-theme="dark" data-contrast="high" data-size="3"' in visitor.get("/").text
    assert 'data-theme="dark" data-contrast="high" data-size="3"' in visitor.get("/nowhere").text


@pytest.mark.parametrize("cookie", ["", "...", "dark", "pink.loud.9", "<script>", "a.b.c.d", "..٣"])
def test_a_display_cookie_that_makes_no_sense_means_the_defaults(visitor, cookie):
    visitor.client.set_cookie("display", cookie)
    page = visitor.get("/").text
    assert 'data-contrast="normal" data-size="0"' in page
    assert "<script>" not in page
