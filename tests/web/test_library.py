"""Uploading, mending, comparing and publishing question files."""

import re
from html import unescape
from io import BytesIO

import pytest
from sqlalchemy import select

from quizapp.db.models import Deck, Draft, FileVersion, QuestionFile, Role
from quizapp.domain.formats.lines import MAX_BYTES
from tests.support import cast
from tests.support.bank import RIVERS
from tests.support.browsing import Browser
from tests.support.library import KEYLESS, LAKES, NEW_KEY, draft, upload
from tests.web.access import library as access

TAGS = re.compile(r"<[^>]+>")


@pytest.fixture
def grace(app, people):
    return Browser(app, people.grace)


@pytest.fixture
def heidi(app, session):
    return Browser(app, cast.register(session, "heidi", Role.INSTRUCTOR))


@pytest.fixture
def ada(app, people):
    return Browser(app, people.ada)


def send(browser: Browser, path: str = "/teach/uploads", /, **files: str | bytes):
    """Upload files; keywords are names without .md and texts."""
    sent = [
        (BytesIO(text if isinstance(text, bytes) else text.encode()), f"{name}.md")
        for name, text in files.items()
    ]
    response = browser.post(path, {"files": sent}, content_type="multipart/form-data")
    response.request.environ["wsgi.input"].close()  # a file, where much was sent
    return response


def text_of(page) -> str:
    return " ".join(unescape(TAGS.sub(" ", page.text)).split())


def hidden(page, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)" form="draft"', page.text)
    assert found is not None, page.text
    return unescape(found[1])


def sent_with(page, text: str, **more: str) -> dict[str, str]:
    """What the form of a draft's page sends with this text in its editor."""
    form = {name: hidden(page, name) for name in ("seen", "base")}
    return {**form, "text": text, "practice": "everyone", "sharing": "shared", **more}


def begin(browser, text=LAKES, name="lakes") -> str:
    """Upload one file: the address of its draft."""
    response = send(browser, **{name: text})
    assert response.status_code == 303
    return response.location


def publish(browser, address: str, text: str, **more: str):
    page = browser.get(address)
    return browser.post(f"{address}/publication", sent_with(page, text, **more))


def deck_page(browser, slug="lakes"):
    return browser.get(f"/decks/{slug}")


def test_an_upload_is_checked_and_shown_before_anything_is_live(grace, ada):
    page = grace.get(begin(grace))
    assert "ready" in text_of(page)
    assert "2 questions in “All about lakes”" in text_of(page)
    assert "What feeds a lake?" in page.text
    assert "EXPLANATION-FEED" in page.text
    assert "Everything in it is new." in page.text
    assert deck_page(ada).status_code == 404


def test_errors_are_shown_at_their_lines_with_the_mend_and_mended_in_the_browser(grace, ada):
    address = begin(grace, KEYLESS)
    page = grace.get(address)
    assert 'href="#line-14" data-line="14">lakes.md:14</a>' in page.text
    assert "Mend: mark the right one with [x]" in text_of(page)
    refused = publish(grace, address, KEYLESS)
    assert refused.status_code == 422
    assert "It cannot be published yet" in refused.text
    saved = grace.post(address, sent_with(page, LAKES))
    assert (saved.status_code, saved.location) == (303, address)
    assert "ready" in text_of(grace.get(address))
    assert publish(grace, address, LAKES).status_code == 303
    assert "All about lakes" in deck_page(ada).text


def test_publishing_takes_the_text_that_is_in_the_editor(grace, ada):
    address = begin(grace)
    done = publish(grace, address, LAKES.replace("All about lakes", "All about ponds"))
    assert "lakes.md is live." in grace.get(done.location).text
    assert "All about ponds" in deck_page(ada).text
    assert grace.get(address).status_code == 404


def test_pressing_publish_twice_leads_to_the_file_both_times(grace):
    address = begin(grace)
    form = sent_with(grace.get(address), LAKES)
    first = grace.post(f"{address}/publication", form)
    second = grace.post(f"{address}/publication", form)
    assert (first.status_code, first.location) == (303, second.location)


def test_several_files_become_drafts_and_bad_ones_are_named(grace):
    response = send(
        grace, lakes=LAKES, ponds=KEYLESS, latin=b"caf\xe9\n", scan=b"plain text\0", empty=b""
    )
    assert response.location == "/teach/drafts"
    page = text_of(grace.get("/teach/drafts"))
    assert "lakes.md ready" in page
    assert "ponds.md 1 error" in page
    assert "latin.md:1: the byte 0xE9 is not UTF-8" in page
    assert "scan.md: this is no text file" in page
    assert "empty.md: the file is empty" in page


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "Choose a file."),
        ({"big": b"a" * (MAX_BYTES + 1)}, "larger than 1024 KiB"),
        ({"README": b"text"}, "never a question file"),
        ({f"deck-{n}": LAKES for n in range(41)}, "at most 40 files"),
    ],
)
def test_where_no_file_can_be_taken_the_page_says_why(grace, session, files, words):
    response = send(grace, **files)
    assert response.status_code == 422
    assert words in unescape(response.text)
    assert session.scalars(select(Draft)).all() == []


def test_instructors_may_send_more_at_a_time_than_others(grace, ada):
    files = {f"deck-{n}": b"a" * MAX_BYTES for n in range(4)}
    assert send(grace, **files).status_code == 303
    assert send(ada, **files).status_code == 413


def test_the_difference_from_what_is_live_is_shown(grace, session, people):
    upload(session, people.grace)
    new = NEW_KEY.replace("A comet", "A small comet") + (
        "\n## What is a lake? {#what}\n\n- [x] Water\n- [ ] Land\n"
    )
    page = text_of(grace.get(begin(grace, new)))
    assert "1 new, 1 key changed, 1 reworded." in page
    assert "key changed How deep is the deepest lake?" in page
    fewer = LAKES.partition("\n## How deep")[0]
    assert "retired How deep is the deepest lake?" in text_of(grace.get(begin(grace, fewer)))
    assert "it says what is live already" in text_of(grace.get(begin(grace)))


def test_the_name_of_a_deck_of_the_folder_is_refused_with_the_mend_and_can_be_changed(grace):
    address = begin(grace, name="rivers")
    page = grace.get(address)
    assert "another deck has the same file name: geo/rivers.md, a file of the folder" in text_of(
        page
    )
    assert publish(grace, address, LAKES).status_code == 422
    done = publish(grace, address, LAKES, name="My lakes")
    assert "My-lakes.md is live." in grace.get(done.location).text


def test_a_name_that_is_none_is_refused(grace):
    address = begin(grace)
    refused = grace.post(address, sent_with(grace.get(address), LAKES, name="/"))
    assert refused.status_code == 422
    assert "Error: " in refused.text
    assert "The name does not end in .md" in refused.text


def test_the_later_of_two_tabs_is_asked_before_it_overwrites_the_earlier(grace):
    address = begin(grace)
    page = grace.get(address)
    grace.post(address, sent_with(page, LAKES + "\nFROM ONE TAB"))
    asked = grace.post(address, sent_with(page, LAKES + "\nFROM THE OTHER"))
    assert asked.status_code == 409
    assert "saved elsewhere meanwhile" in asked.text
    assert "FROM ONE TAB" in asked.text
    assert "FROM THE OTHER" in asked.text
    again = grace.post(address, sent_with(asked, LAKES + "\nFROM THE OTHER"))
    assert again.status_code == 303
    assert "FROM ONE TAB" not in grace.get(address).text


def test_publishing_over_a_file_that_changed_meanwhile_asks_first(grace, session, people):
    upload(session, people.grace)
    address = begin(grace, LAKES.replace("comet", "planet"))
    form = sent_with(grace.get(address), LAKES.replace("comet", "planet"))
    upload(session, people.grace, text=NEW_KEY)
    assert "was changed since you began" in grace.get(address).text
    asked = grace.post(f"{address}/publication", form)
    assert asked.status_code == 409
    assert "Publish all the same" in asked.text
    assert "1 key changed, 1 reworded" in text_of(asked)
    done = grace.post(f"{address}/publication", sent_with(asked, LAKES.replace("comet", "planet")))
    assert done.status_code == 303
    assert "lakes.md is live." in grace.get(done.location).text


def test_what_is_being_written_is_saved_and_checked_without_a_reload(grace):
    address = begin(grace)
    answered = grace.post(f"{address}/text", sent_with(grace.get(address), KEYLESS))
    assert answered.status_code == 200
    assert "<html" not in answered.text
    assert "no choice is marked as the key" in answered.text
    assert "1642" in grace.get(address).text
    stale = grace.post(f"{address}/text", {**sent_with(answered, LAKES), "seen": "stale"})
    assert stale.status_code == 409
    assert "saved elsewhere" in stale.text
    assert "1 error" in text_of(grace.get(address))


def test_line_ends_of_browsers_and_of_the_file_make_no_difference(grace, session):
    address = begin(grace, LAKES.replace("\n", "\r\n"))
    publish(grace, address, LAKES.replace("\n", "\r\n"))
    kept = session.scalars(select(FileVersion).order_by(FileVersion.id.desc())).first()
    assert kept is not None
    assert kept.content == LAKES.replace("\n", "\r\n").encode()


def test_missing_ids_are_written_in(grace):
    address = begin(grace, LAKES.replace(" {#feed}", ""))
    page = grace.get(address)
    assert "Write the missing ids" in page.text
    text = LAKES.replace(" {#feed}", "")
    grace.post(f"{address}/ids", sent_with(page, text))
    assert "{#what-feeds-a-lake}" in grace.get(address).text


def test_a_draft_is_discarded_after_a_question(grace):
    address = begin(grace)
    assert "Discard the draft of lakes.md?" in grace.get(f"{address}/deletion").text
    assert grace.post(f"{address}/deletion").location == "/teach/library"
    assert grace.get(address).status_code == 404


def test_an_upload_is_edited_from_its_live_text(grace, session, people):
    file_id = upload(session, people.grace)
    first = grace.post(f"/teach/files/{file_id}/draft")
    assert "EXPLANATION-FEED" in grace.get(first.location).text
    assert grace.post(f"/teach/files/{file_id}/draft").location == first.location


def test_an_upload_is_replaced_by_a_file_of_any_name(grace, session, people):
    file_id = upload(session, people.grace)
    assert "Replace lakes.md" in grace.get(f"/teach/files/{file_id}/replacement").text
    response = send(grace, f"/teach/files/{file_id}/replacement", **{"lakes-final": NEW_KEY})
    assert "key changed" in text_of(grace.get(response.location))
    two = send(grace, f"/teach/files/{file_id}/replacement", one=LAKES, two=LAKES)
    assert two.status_code == 422
    assert "Choose one file." in two.text


def test_each_version_is_kept_named_and_downloaded_as_it_was(grace, session, people):
    file_id = upload(session, people.grace)
    upload(session, people.grace, text=NEW_KEY)
    page = grace.get(f"/teach/files/{file_id}")
    assert text_of(page).count("grace Download") == 2
    old = grace.get(f"/teach/files/{file_id}/versions/1")
    assert old.data == LAKES.encode()
    assert old.headers["Content-Disposition"] == "attachment; filename=lakes.md"
    assert old.mimetype == "text/markdown"
    assert grace.get(f"/teach/files/{file_id}/text").data == NEW_KEY.encode()
    assert grace.get(f"/teach/files/{file_id}/versions/3").status_code == 404


def test_files_of_the_folder_can_be_downloaded_and_are_not_edited_here(grace, session):
    file = session.scalars(select(QuestionFile).where(QuestionFile.name == "geo/rivers.md")).one()
    page = grace.get(f"/teach/files/{file.id}").text
    assert "edited where it lies" in page
    assert grace.get(f"/teach/files/{file.id}/text").data == RIVERS.encode()
    for act in ("draft", "versions/1/draft", "replacement", "retirement", "settings"):
        assert grace.post(f"/teach/files/{file.id}/{act}").status_code == 404


def test_retiring_says_what_it_means_and_restoring_brings_all_back(grace, ada, session, people):
    file_id = upload(session, people.grace)
    question = grace.get(f"/teach/files/{file_id}/retirement")
    assert "Answers, marks and all versions are kept" in question.text
    grace.post(f"/teach/files/{file_id}/retirement")
    assert deck_page(ada).status_code == 404
    assert "retired" in text_of(grace.get("/teach/library"))
    again = grace.post(f"/teach/files/{file_id}/versions/1/draft").location
    assert "2 brought back" in text_of(grace.get(again))
    publish(grace, again, LAKES)
    assert deck_page(ada).status_code == 200


def test_an_old_version_is_restored_after_its_difference_is_shown(grace, session, people):
    file_id = upload(session, people.grace)
    upload(session, people.grace, text=NEW_KEY)
    again = grace.post(f"/teach/files/{file_id}/versions/1/draft").location
    assert "1 key changed" in text_of(grace.get(again))
    publish(grace, again, LAKES)
    assert grace.get(f"/teach/files/{file_id}/text").data == LAKES.encode()
    assert grace.get(f"/teach/files/{file_id}/versions/3").data == LAKES.encode()


def test_a_deck_can_be_kept_for_assignments_and_given_free_later(grace, ada, session):
    done = publish(grace, begin(grace), LAKES, practice="assignments")
    assert deck_page(ada).status_code == 404
    assert "All about lakes" not in ada.get("/").text
    assert "Met only in assignments." in grace.get("/teach/decks/lakes").text
    grace.post(f"{done.location}/settings", {"practice": "everyone", "sharing": "mine"})
    assert deck_page(ada).status_code == 200
    file = session.scalars(select(QuestionFile).where(QuestionFile.name == "lakes.md")).one()
    assert not file.is_shared


def test_what_is_not_shared_is_seen_by_its_owner_alone(grace, heidi, session, people):
    file_id = upload(session, people.grace, is_shared=False)
    for path in ("/teach/decks/lakes", "/teach/decks/lakes/questions/feed"):
        assert grace.get(path).status_code == 200
        assert heidi.get(path).status_code == 404
    assert "lakes.md" in grace.get("/teach/library").text
    assert "lakes.md" not in heidi.get("/teach/library").text
    assert "lakes.md" not in heidi.get("/teach/audit").text
    assert heidi.get(f"/teach/files/{file_id}").status_code == 404


def test_what_is_shared_is_read_by_others_and_changed_by_its_owner_alone(heidi, session, people):
    file_id = upload(session, people.grace)
    page = text_of(heidi.get(f"/teach/files/{file_id}"))
    assert "uploaded by grace" in page
    assert "Only its owner and admins can change it." in page
    assert heidi.get(f"/teach/files/{file_id}/text").status_code == 200
    for act in ("draft", "versions/1/draft", "replacement", "retirement", "settings"):
        assert heidi.post(f"/teach/files/{file_id}/{act}").status_code == 404


def test_many_files_can_be_searched(grace, session, people):
    assert 'role="search"' not in grace.get("/teach/library").text
    for number in range(6):
        upload(session, people.grace, f"deck-{number}.md")
    assert 'role="search"' in grace.get("/teach/library").text
    found = grace.get("/teach/library?q=deck-3").text
    assert "deck-3.md" in found
    assert "deck-2.md" not in found
    assert "No file matches" in grace.get("/teach/library?q=mountains").text


def test_the_audit_says_who_did_what_newest_first(grace, session, people):
    file_id = upload(session, people.grace)
    grace.post(f"/teach/files/{file_id}/retirement")
    page = text_of(grace.get("/teach/audit"))
    assert page.index("retired the file lakes.md") < page.index("published the file lakes.md")
    assert "version: 1, 2 new" in page
    assert "draft:" not in page
    assert "Nothing yet" in grace.get("/teach/audit?before=1").text


def test_a_long_audit_has_pages(grace, session, people, monkeypatch):
    monkeypatch.setattr("quizapp.web.teach.audit.PAGE", 2)
    for number in range(5):
        upload(session, people.grace, f"deck-{number}.md")
    seen, path = [], "/teach/audit"
    for _ in range(3):
        page = grace.get(path).text
        seen += re.findall(r"deck-\d", page)
        link = re.search(r'href="(/teach/audit\?[^"]*before=\d+)">Older', page)
        path = unescape(link[1]) if link else ""
    assert path == ""
    assert seen == [f"deck-{number}" for number in (4, 3, 2, 1, 0)]


def test_unexpected_fields_change_nothing(grace, heidi, session, people):
    mine = begin(heidi, name="hers")
    file_id = upload(session, people.grace, is_shared=False)
    forged = {
        "file_id": str(file_id),
        "owner_id": str(people.grace.account_id),
        "public_id": "forged",
        "is_admin": "1",
        "role": "admin",
        "state": "live",
        "origin": "folder",
        "is_shared": "1",
        "number": "9",
    }
    heidi.post(mine, sent_with(heidi.get(mine), NEW_KEY, **forged))
    publish(heidi, mine, NEW_KEY, **forged)
    hers, graces = (
        session.scalars(select(QuestionFile).where(QuestionFile.name == name)).one()
        for name in ("hers.md", "lakes.md")
    )
    assert (hers.origin, hers.state) == ("upload", "live")
    assert hers.owner_id != people.grace.account_id
    assert [version.content for version in graces.versions] == [LAKES.encode()]
    assert not graces.is_shared
    numbers = session.scalars(select(FileVersion.number).where(FileVersion.file_id == hers.id))
    assert list(numbers) == [1]


def test_the_name_of_a_live_file_cannot_be_changed_by_a_form(grace, session, people):
    upload(session, people.grace)
    address = begin(grace, NEW_KEY)
    publish(grace, address, NEW_KEY, name="other.md")
    decks = session.scalars(select(Deck.slug).where(Deck.title == "All about lakes")).all()
    assert decks == ["lakes"]


def test_a_draft_is_nobodys_but_its_owners(heidi, session, people):
    public_id = draft(session, people.grace)
    for path in ("", "/deletion"):
        assert heidi.get(f"/teach/drafts/{public_id}{path}").status_code == 404
    for path in ("", "/deletion", "/text", "/ids", "/publication"):
        assert heidi.post(f"/teach/drafts/{public_id}{path}").status_code == 404


@pytest.mark.parametrize("route", access.ROUTES)
def test_everyone_gets_what_is_theirs(app, people, session, route):
    admin = cast.register(session, "admin", Role.ADMIN)
    heidi = cast.register(session, "heidi", Role.INSTRUCTOR)
    method, address = route.split()
    for place, value in {**access.PLACES, **access.places(session, people.grace)}.items():
        address = address.replace(place, value)
    persons = [None, cast.guest(session), people.ada, people.mallory, people.grace, heidi, admin]
    answers = [
        getattr(Browser(app, person), method.lower())(address).status_code for person in persons
    ]
    assert tuple(answers) == access.ROUTES[route]
