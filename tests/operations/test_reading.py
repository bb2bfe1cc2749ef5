"""Which passages someone has read."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp.db.models import Passage, PassageRead
from quizapp.db.queries.reading import passages_read, read_by_source
from quizapp.operations import accounts
from quizapp.operations.reading import mark_read, mark_unread
from tests.support import cast
from tests.support.cast import NOW


@pytest.fixture
def ada(session):
    cast.load(session)
    return cast.guest(session, "ada")


def passages(session) -> list[Passage]:
    return list(session.scalars(select(Passage).order_by(Passage.position)))


def test_a_passage_is_read_once_and_the_first_time_stands(session, ada):
    springs, _ = (passage.id for passage in passages(session))
    mark_read(session, ada.account_id, springs, NOW)
    mark_read(session, ada.account_id, springs, NOW + timedelta(days=1))
    assert session.scalars(select(PassageRead.read_at)).all() == [NOW]


def test_what_is_read_is_ones_own_and_of_its_source(session, ada):
    springs, mouths = passages(session)
    springs, mouths, source = springs.id, mouths.id, springs.source_id
    other = cast.guest(session, "mallory")
    mark_read(session, ada.account_id, springs, NOW)
    mark_read(session, other.account_id, mouths, NOW)
    assert passages_read(session, ada.account_id, source) == {springs}
    assert passages_read(session, ada.account_id, source + 1) == set()
    assert read_by_source(session, ada.account_id) == {source: (1, 2)}


def test_marking_can_be_taken_back_and_twice_is_once(session, ada):
    springs, _ = passages(session)
    springs, source = springs.id, springs.source_id
    mark_read(session, ada.account_id, springs, NOW)
    for _ in range(2):
        mark_unread(session, ada.account_id, springs)
    assert passages_read(session, ada.account_id, source) == set()


def test_what_a_guest_has_read_comes_along_into_their_account(session, ada):
    springs, mouths = passages(session)
    springs, mouths, source = springs.id, mouths.id, springs.source_id
    grown = cast.register(session, "grown")
    mark_read(session, grown.account_id, springs, NOW)
    mark_read(session, ada.account_id, springs, NOW)
    mark_read(session, ada.account_id, mouths, NOW)
    accounts.adopt_guest(session, ada.account_id, grown.account_id)
    assert passages_read(session, grown.account_id, source) == {springs, mouths}
