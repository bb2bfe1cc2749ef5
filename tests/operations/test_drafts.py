from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from quizapp.db.models import Draft, FileVersion, QuestionFile, Role
from quizapp.db.queries.drafts import draft_of, drafts_of
from quizapp.operations import drafts
from quizapp.operations.drafts import Saved, Text, stamp
from quizapp.operations.uploads import Outcome
from tests.support import cast
from tests.support.bank import SEAS
from tests.support.cast import NOW
from tests.support.library import LAKES, NEW_KEY, draft, upload, viewer_of, wish_to_publish

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def grace(session):
    return cast.register(session, "grace", Role.INSTRUCTOR)


@pytest.fixture
def heidi(session):
    return cast.register(session, "heidi", Role.INSTRUCTOR)


def found(session, person, public_id) -> Draft:
    draft = draft_of(session, person.account_id, public_id)
    assert draft is not None
    return draft


def file_of(session, file_id) -> QuestionFile:
    return session.get_one(QuestionFile, file_id)


def save(session, person, public_id, text, seen=None, name="lakes.md") -> Saved:
    seen = seen or stamp(found(session, person, public_id))
    viewer = viewer_of(session, person)
    return drafts.save(session, viewer, public_id, Text(name, text, seen), LATER)


def test_each_uploaded_file_becomes_a_draft_of_its_owner(session, grace, heidi):
    files = {"lakes.md": LAKES.encode(), "seas.md": b"no question file"}
    ids = drafts.begin_drafts(session, viewer_of(session, grace), files, Random(1), NOW)
    assert [found(session, grace, i).name for i in ids] == ["lakes.md", "seas.md"]
    assert found(session, grace, ids[1]).content == b"no question file"
    assert drafts_of(session, heidi.account_id) == []
    assert draft_of(session, heidi.account_id, ids[0]) is None


def test_an_upload_of_the_same_name_is_a_draft_of_ones_own_file_only(session, grace, heidi):
    file_id = upload(session, grace)
    assert found(session, grace, draft(session, grace)).file_id == file_id
    assert found(session, heidi, draft(session, heidi)).file_id is None


def test_editing_takes_up_the_draft_that_one_has(session, grace):
    file = file_of(session, upload(session, grace))
    viewer = viewer_of(session, grace)
    first = drafts.edit(session, viewer, file, Random(1), NOW)
    assert found(session, grace, first).content == LAKES.encode()
    assert found(session, grace, first).base_digest == file.digest
    assert drafts.edit(session, viewer, file, Random(2), NOW) == first


def test_an_old_version_can_be_taken_up_again(session, grace):
    file_id = upload(session, grace)
    upload(session, grace, text=NEW_KEY)
    viewer = viewer_of(session, grace)
    old = drafts.edit_version(session, viewer, file_of(session, file_id), 1, Random(1), NOW)
    assert found(session, grace, old).content == LAKES.encode()
    assert (
        drafts.edit_version(session, viewer, file_of(session, file_id), 9, Random(1), NOW) is None
    )


def test_a_replacement_keeps_the_name_of_the_file(session, grace):
    file = file_of(session, upload(session, grace))
    viewer = viewer_of(session, grace)
    public_id = drafts.begin_replacement(session, viewer, file, SEAS.encode(), Random(1), NOW)
    assert found(session, grace, public_id).name == "lakes.md"
    assert found(session, grace, public_id).file_id == file.id


def test_a_saved_text_is_kept_and_live_is_what_was_live(session, grace):
    upload(session, grace)
    public_id = draft(session, grace)
    assert save(session, grace, public_id, SEAS) is Saved.DONE
    assert found(session, grace, public_id).content == SEAS.encode()
    assert found(session, grace, public_id).updated_at == LATER
    versions = session.scalars(select(FileVersion.content)).all()
    assert versions == [LAKES.encode()]


def test_the_later_of_two_tabs_does_not_overwrite_the_earlier(session, grace):
    public_id = draft(session, grace)
    seen = stamp(found(session, grace, public_id))
    assert save(session, grace, public_id, "from one tab", seen) is Saved.DONE
    assert save(session, grace, public_id, "from the other", seen) is Saved.OVERTAKEN
    assert found(session, grace, public_id).content == b"from one tab"


def test_of_two_tabs_that_save_at_once_one_is_told_that_it_was_overtaken(
    database_url, session, grace
):
    public_id = draft(session, grace)
    seen = stamp(found(session, grace, public_id))
    session.rollback()

    def save_elsewhere() -> Saved:
        with cast.sessions(database_url) as own:
            return save(own, grace, public_id, "from the other", seen)

    with meanwhile(database_url, save_elsewhere) as (own, others):
        assert save(own, grace, public_id, "from one tab", seen) is Saved.DONE
        assert others[0].result() is Saved.OVERTAKEN
    assert found(session, grace, public_id).content == b"from one tab"


def test_what_is_saved_while_the_draft_is_published_is_not_taken_for_saved(
    database_url, session, grace
):
    public_id = draft(session, grace)
    seen = stamp(found(session, grace, public_id))
    session.rollback()

    def save_elsewhere() -> Saved:
        with cast.sessions(database_url) as own:
            return save(own, grace, public_id, "a second thought", seen)

    with meanwhile(database_url, save_elsewhere) as (own, others):
        assert wish_to_publish(own, grace, public_id).outcome is Outcome.DONE
        assert others[0].result() is Saved.GONE


@contextmanager
def meanwhile(database_url, act) -> Iterator[tuple[Session, list[Future[Saved]]]]:
    """A session, and what came of an act that begins when all of its first is written and before
    that holds."""
    with ThreadPoolExecutor(1) as threads, cast.sessions(database_url) as own:
        others: list[Future[Saved]] = []

        def begin(_session) -> None:
            others.append(threads.submit(act))
            wait(others, timeout=0.5)

        event.listen(own, "before_commit", begin, once=True)
        yield own, others


def test_saving_the_same_text_twice_is_no_conflict(session, grace):
    public_id = draft(session, grace)
    seen = stamp(found(session, grace, public_id))
    assert save(session, grace, public_id, "the text", seen) is Saved.DONE
    assert save(session, grace, public_id, "the text", seen) is Saved.DONE


def test_a_new_name_alone_is_a_change_too(session, grace):
    public_id = draft(session, grace)
    seen = stamp(found(session, grace, public_id))
    assert save(session, grace, public_id, LAKES, seen, "ponds.md") is Saved.DONE
    assert save(session, grace, public_id, LAKES, seen, "pools.md") is Saved.OVERTAKEN
    assert found(session, grace, public_id).name == "ponds.md"


def test_a_draft_of_a_file_keeps_its_name(session, grace):
    upload(session, grace)
    public_id = draft(session, grace)
    save(session, grace, public_id, NEW_KEY, name="ponds.md")
    assert found(session, grace, public_id).name == "lakes.md"


def test_the_draft_of_another_can_be_neither_saved_nor_discarded(session, grace, heidi):
    public_id = draft(session, grace)
    seen = stamp(found(session, grace, public_id))
    assert save(session, heidi, public_id, "mine", seen) is Saved.GONE
    drafts.discard(session, viewer_of(session, heidi), public_id)
    assert found(session, grace, public_id).content == LAKES.encode()


def test_a_discarded_draft_is_gone_and_its_file_stays(session, grace):
    file_id = upload(session, grace)
    public_id = draft(session, grace)
    for _ in range(2):
        drafts.discard(session, viewer_of(session, grace), public_id)
    assert drafts_of(session, grace.account_id) == []
    assert file_of(session, file_id).state == "live"
