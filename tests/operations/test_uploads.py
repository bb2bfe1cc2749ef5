from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp.db.models import AuditEvent, Deck, FileVersion, QuestionFile, QuestionVersion, Role
from quizapp.db.queries.decks import current_version_ids, decks_on_offer
from quizapp.db.queries.drafts import draft_of, drafts_of
from quizapp.db.queries.library import file_seen_by, files_seen_by
from quizapp.domain.comparing import Change
from quizapp.operations import drafts, uploads
from quizapp.operations.drafts import stamp
from quizapp.operations.uploads import Outcome, Publication, examine
from tests.support import bank, cast
from tests.support.bank import FILES, RIVERS, SOURCE
from tests.support.cast import NOW, load
from tests.support.library import (
    KEYLESS,
    LAKES,
    NEW_KEY,
    draft,
    upload,
    viewer_of,
    wish_to_publish,
)

LATER = NOW + timedelta(hours=1)
STREAMS = RIVERS.replace("title: All about rivers", "title: All about streams")
"""A deck drawn from the source `notes`."""


@pytest.fixture
def grace(session):
    return cast.register(session, "grace", Role.INSTRUCTOR)


@pytest.fixture
def heidi(session):
    return cast.register(session, "heidi", Role.INSTRUCTOR)


@pytest.fixture
def admin(session):
    return cast.register(session, "admin", Role.ADMIN)


def titles(session) -> list[str]:
    return [deck.title for deck in decks_on_offer(session, NOW)]


def file_of(session, file_id) -> QuestionFile:
    return session.get_one(QuestionFile, file_id, populate_existing=True)


def versions_of(session, file_id) -> list[tuple[int, bytes]]:
    rows = session.execute(
        select(FileVersion.number, FileVersion.content)
        .where(FileVersion.file_id == file_id)
        .order_by(FileVersion.number)
    )
    return [(number, content) for number, content in rows]


def deeds(session) -> list[tuple[str, str, str]]:
    session.rollback()
    rows = session.scalars(select(AuditEvent).order_by(AuditEvent.id))
    return [(deed.actor, deed.verb, deed.label) for deed in rows]


def examined(session, person, public_id):
    found = draft_of(session, person.account_id, public_id)
    assert found is not None
    viewer = viewer_of(session, person)
    return examine(session, viewer, found.file, found.name, found.content)


def changes(session, person, public_id) -> dict[str, Change]:
    comparison = examined(session, person, public_id).comparison
    assert comparison is not None
    return {entry.slug: entry.change for entry in comparison.entries}


def test_a_published_upload_is_practised_like_a_file_of_the_folder(session, grace):
    load(session)
    file_id = upload(session, grace)
    assert titles(session) == ["All about rivers", "All about seas", "All about lakes"]
    assert len(current_version_ids(session, ["lakes"], NOW)) == 2
    file = file_of(session, file_id)
    assert (file.origin, file.state, file.owner_id) == ("upload", "live", grace.account_id)
    assert versions_of(session, file_id) == [(1, LAKES.encode())]
    assert drafts_of(session, grace.account_id) == []
    assert deeds(session) == [("grace", "published", "lakes.md")]


def test_a_draft_with_errors_is_not_published(session, grace):
    public_id = draft(session, grace, text=KEYLESS)
    assert wish_to_publish(session, grace, public_id).outcome is Outcome.ERRORS
    assert titles(session) == []
    assert draft_of(session, grace.account_id, public_id) is not None
    assert session.scalars(select(QuestionFile)).all() == []


def test_publishing_checks_as_the_folder_does(session, grace):
    public_id = draft(session, grace, "streams.md", STREAMS)
    (first, *_) = examined(session, grace, public_id).errors
    assert (first.file, first.line, first.rule) == ("streams.md", 5, "unresolved-source")
    load(session)
    assert examined(session, grace, public_id).errors == ()


def test_a_deck_may_be_drawn_from_a_source_of_the_folder_or_an_upload(session, grace, heidi):
    upload(session, grace, "notes.md", SOURCE, is_shared=False)
    upload(session, grace, "streams.md", STREAMS)
    assert titles(session) == ["All about streams"]
    deck = session.scalars(select(Deck)).one()
    assert deck.source is not None
    assert deck.source.slug == "notes"
    theirs = draft(session, heidi, "brooks.md", STREAMS)
    assert {e.rule for e in examined(session, heidi, theirs).errors} == {"unresolved-source"}


@pytest.mark.parametrize("name", ["rivers.md", "notes.md"])
def test_the_name_of_a_file_of_the_folder_is_refused_with_the_mend(session, grace, name):
    load(session)
    public_id = draft(session, grace, name)
    (error,) = examined(session, grace, public_id).errors
    assert f"geo/{name}, a file of the folder" in error.message
    assert "another name" in error.mend
    assert wish_to_publish(session, grace, public_id).outcome is Outcome.ERRORS


def test_the_name_of_a_refused_file_of_the_folder_is_taken_as_well(session, grace):
    load(session, {"geo/lakes.md": KEYLESS})
    assert wish_to_publish(session, grace, draft(session, grace)).outcome is Outcome.ERRORS


def test_the_name_of_anothers_upload_is_refused_though_it_is_retired_and_not_shared(
    session, grace, heidi
):
    file_id = upload(session, grace, is_shared=False)
    uploads.retire(session, viewer_of(session, grace), file_id, NOW)
    public_id = draft(session, heidi)
    (error,) = examined(session, heidi, public_id).errors
    assert error.rule == "duplicate-deck"
    assert wish_to_publish(session, heidi, public_id).outcome is Outcome.ERRORS


def test_a_file_that_left_the_folder_can_be_gone_on_with_as_an_upload(session, grace):
    load(session, {"geo/lakes.md": LAKES})
    before = current_version_ids(session, ["lakes"], NOW)
    load(session, {})
    assert changes(session, grace, draft(session, grace)) == {
        "feed": Change.BACK,
        "depth": Change.BACK,
    }
    upload(session, grace)
    assert current_version_ids(session, ["lakes"], NOW) == before


def test_a_new_version_replaces_the_old_one_and_both_are_kept(session, grace):
    file_id = upload(session, grace)
    assert upload(session, grace, text=NEW_KEY) == file_id
    assert versions_of(session, file_id) == [(1, LAKES.encode()), (2, NEW_KEY.encode())]
    assert len(session.scalars(select(QuestionVersion)).all()) == 3


def test_the_difference_names_what_becomes_of_each_question(session, grace):
    upload(session, grace)
    assert changes(session, grace, draft(session, grace, text=NEW_KEY)) == {
        "feed": Change.SAME,
        "depth": Change.KEY,
    }
    head, first, _second = LAKES.split("\n## ")
    fewer = f"{head}\n## {first}".replace("most of the time", "mostly")
    assert changes(session, grace, draft(session, grace, text=fewer)) == {
        "feed": Change.FEEDBACK,
        "depth": Change.RETIRED,
    }


def test_what_is_live_of_a_deck_with_passages_reads_as_its_file(session, grace):
    load(session)
    upload(session, grace, "streams.md", STREAMS)
    comparison = examined(session, grace, draft(session, grace, "streams.md", STREAMS)).comparison
    assert comparison is not None
    assert comparison.is_same


def test_nothing_is_published_over_a_file_that_changed_unless_it_was_seen(session, grace):
    file_id = upload(session, grace)
    mine = draft(session, grace, text=LAKES.replace("comet", "planet"))
    upload(session, grace, text=NEW_KEY)
    found = draft_of(session, grace.account_id, mine)
    assert found is not None
    viewer = viewer_of(session, grace)
    blind = Publication(stamp(found), found.base_digest)
    assert uploads.publish(session, viewer, mine, blind, NOW).outcome is Outcome.CHANGED
    assert len(versions_of(session, file_id)) == 2
    found = draft_of(session, grace.account_id, mine)
    assert found is not None
    seen = Publication(stamp(found), file_of(session, file_id).digest)
    assert uploads.publish(session, viewer, mine, seen, NOW).outcome is Outcome.DONE
    assert len(versions_of(session, file_id)) == 3


def test_a_draft_saved_in_another_tab_is_not_published_unseen(session, grace):
    public_id = draft(session, grace)
    viewer = viewer_of(session, grace)
    wish = Publication("what another tab saw", None)
    assert uploads.publish(session, viewer, public_id, wish, NOW).outcome is Outcome.SAVED
    assert titles(session) == []


def test_publishing_twice_publishes_once(session, grace):
    public_id = draft(session, grace)
    found = draft_of(session, grace.account_id, public_id)
    assert found is not None
    wish = Publication(stamp(found), None)
    viewer = viewer_of(session, grace)
    first = uploads.publish(session, viewer, public_id, wish, NOW)
    assert uploads.publish(session, viewer, public_id, wish, NOW).outcome is Outcome.GONE
    assert uploads.file_published_from(session, viewer, public_id) == first.file_id
    assert len(deeds(session)) == 1


def test_the_draft_of_another_cannot_be_published(session, grace, heidi):
    public_id = draft(session, grace)
    wish = Publication("", None)
    viewer = viewer_of(session, heidi)
    assert uploads.publish(session, viewer, public_id, wish, NOW).outcome is Outcome.GONE


def test_a_retired_upload_is_not_offered_and_comes_back_as_a_new_version(session, grace):
    file_id = upload(session, grace)
    before = current_version_ids(session, ["lakes"], NOW)
    viewer = viewer_of(session, grace)
    for _ in range(2):
        uploads.retire(session, viewer, file_id, LATER)
    assert titles(session) == []
    again = draft(session, grace)
    assert set(changes(session, grace, again).values()) == {Change.BACK}
    wish_to_publish(session, grace, again)
    assert current_version_ids(session, ["lakes"], NOW) == before
    assert [number for number, _ in versions_of(session, file_id)] == [1, 2]
    assert [verb for _, verb, _ in deeds(session)] == ["published", "retired", "restored"]


def test_a_source_in_use_stays_readable_when_its_upload_is_retired(session, grace):
    notes = upload(session, grace, "notes.md", SOURCE)
    streams = upload(session, grace, "streams.md", STREAMS)
    viewer = viewer_of(session, grace)
    uploads.retire(session, viewer, notes, LATER)
    deck = session.scalars(select(Deck)).one()
    assert deck.source is not None
    assert deck.source.retired_at is None
    uploads.retire(session, viewer, streams, LATER)
    session.refresh(deck.source)
    assert deck.source.retired_at == LATER


def test_only_the_owner_and_admins_retire_and_set(session, grace, heidi, admin):
    file_id = upload(session, grace)
    settings = {"is_for_practice": False, "is_shared": False}
    uploads.retire(session, viewer_of(session, heidi), file_id, NOW)
    uploads.change_settings(session, viewer_of(session, heidi), file_id, **settings, now=NOW)
    assert file_of(session, file_id).state == "live"
    assert titles(session) == ["All about lakes"]
    uploads.change_settings(session, viewer_of(session, admin), file_id, **settings, now=NOW)
    assert titles(session) == []
    uploads.retire(session, viewer_of(session, admin), file_id, NOW)
    assert file_of(session, file_id).state == "gone"
    assert [actor for actor, _, _ in deeds(session)] == ["grace", "admin", "admin"]


def test_settings_that_hold_already_are_no_deed(session, grace):
    file_id = upload(session, grace)
    viewer = viewer_of(session, grace)
    settings = {"is_for_practice": True, "is_shared": True}
    uploads.change_settings(session, viewer, file_id, **settings, now=NOW)
    assert len(deeds(session)) == 1


def test_a_deck_for_assignments_only_is_not_offered_for_practice(session, grace):
    upload(session, grace, is_for_practice=False)
    assert titles(session) == []
    assert current_version_ids(session, ["lakes"], NOW) == []
    upload(session, grace, text=NEW_KEY, is_for_practice=True)
    assert titles(session) == ["All about lakes"]


def test_admins_decide_about_practice_of_the_folder_and_a_sync_leaves_it(session, grace, admin):
    load(session, {"geo/lakes.md": LAKES})
    (file,) = files_seen_by(session, viewer_of(session, grace))
    for person, offered in ((grace, ["All about lakes"]), (admin, [])):
        viewer = viewer_of(session, person)
        uploads.change_settings(
            session, viewer, file.id, is_for_practice=False, is_shared=False, now=NOW
        )
        assert titles(session) == offered
    load(session, {"geo/lakes.md": NEW_KEY})
    assert titles(session) == []
    assert file_of(session, file.id).is_shared


def test_instructors_see_the_folder_their_own_and_shared_files(session, grace, heidi, admin):
    load(session)
    shared = upload(session, grace, "shared.md")
    mine = upload(session, grace, "mine.md", is_shared=False)
    seen = {
        person.name: {file.id for file in files_seen_by(session, viewer_of(session, person))}
        for person in (grace, heidi, admin)
    }
    assert seen["grace"] == seen["admin"]
    assert seen["grace"] - seen["heidi"] == {mine}
    assert {shared} < seen["heidi"]
    assert file_seen_by(session, viewer_of(session, heidi), mine) is None


def test_files_are_found_by_their_name_and_by_the_title_of_their_deck(session, grace):
    load(session)
    viewer = viewer_of(session, grace)
    assert [f.name for f in files_seen_by(session, viewer, "SEAS")] == ["geo/seas.md"]
    assert [f.name for f in files_seen_by(session, viewer, "about riv")] == ["geo/rivers.md"]
    assert files_seen_by(session, viewer, "100%") == []


def test_a_sync_of_the_folder_leaves_uploads_alone(session, grace):
    file_id = upload(session, grace)
    load(session)
    load(session, {})
    assert titles(session) == ["All about lakes"]
    assert file_of(session, file_id).state == "live"
    assert len(versions_of(session, file_id)) == 1


def test_a_file_of_the_folder_with_the_deck_of_an_upload_is_refused_at_its_own_name(session, grace):
    upload(session, grace)
    report = load(session, {**FILES, "geo/lakes.md": NEW_KEY})
    assert report.refused == ["geo/lakes.md"]
    (finding,) = [f for f in report.findings if f.rule == "duplicate-deck"]
    assert (finding.file, finding.line) == ("geo/lakes.md", 1)
    assert "lakes.md, an upload" in finding.message
    assert "retire the upload" in finding.mend
    assert len(current_version_ids(session, ["lakes"], NOW)) == 2
    # The same again: it stays refused, and leaves without a trace.
    assert load(session, {**FILES, "geo/lakes.md": NEW_KEY}).refused == ["geo/lakes.md"]
    load(session)
    assert "geo/lakes.md" not in session.scalars(select(QuestionFile.name)).all()


def test_the_folder_takes_over_the_deck_of_a_retired_upload(session, grace):
    file_id = upload(session, grace)
    uploads.retire(session, viewer_of(session, grace), file_id, NOW)
    assert "geo/lakes.md" in load(session, {"geo/lakes.md": NEW_KEY}).loaded
    assert wish_to_publish(session, grace, draft(session, grace)).outcome is Outcome.ERRORS


def test_versions_of_folder_files_are_kept_with_what_they_said(session):
    load(session)
    load(session)
    reworded = RIVERS.replace("Where does a river", "Where does each river")
    load(session, {**FILES, "geo/rivers.md": reworded}, LATER)
    load(session, {**FILES, "geo/rivers.md": bank.BROKEN}, LATER)
    file = session.scalars(select(QuestionFile).where(QuestionFile.name == "geo/rivers.md")).one()
    assert versions_of(session, file.id) == [(1, RIVERS.encode()), (2, reworded.encode())]


def test_a_database_from_before_versions_were_kept_gets_them_at_the_next_sync(session):
    load(session)
    for version in session.scalars(select(FileVersion)):
        session.delete(version)
    session.commit()
    assert load(session, now=LATER).loaded == []
    kept = session.scalars(select(FileVersion)).all()
    assert [(version.number, version.live_at) for version in kept] == [(1, NOW)] * 3


def test_editing_what_was_retired_meanwhile_asks_first(session, grace):
    file_id = upload(session, grace)
    viewer = viewer_of(session, grace)
    file = file_of(session, file_id)
    mine = drafts.edit(session, viewer, file, cast.Random(1), NOW)
    found = draft_of(session, grace.account_id, mine or "")
    assert found is not None
    wish = Publication(stamp(found), found.base_digest)
    uploads.retire(session, viewer, file_id, NOW)
    assert uploads.publish(session, viewer, found.public_id, wish, NOW).outcome is Outcome.CHANGED
