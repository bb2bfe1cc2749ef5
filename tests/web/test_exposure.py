"""More time that comes after keys were shown is granted only by who was told so."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from sqlalchemy import select

from quizapp.db.models import Accommodation, Deck
from quizapp.domain.graded.policy import Policy, Shown, Stage
from tests.support.browsing import Browser
from tests.support.cast import NOW
from tests.support.classroom import enrol, make_class
from tests.support.handed_in import assign, hand_in

PAST = NOW - timedelta(hours=1)
AFTER_CLOSING = Policy(
    attempts_allowed=1,
    review=frozenset({(Shown.MARKS, Stage.SUBMITTED), (Shown.KEY, Stage.CLOSED)}),
)
AT_ONCE = Policy(
    attempts_allowed=1,
    review=frozenset({(Shown.EXPLANATION, Stage.ANSWERED)}),
    shuffle_choices=False,
)
TOMORROW = {"closes_at": "2026-03-02T11:00"}
NOTHING_YET = "Nothing is granted yet: keys may be known"


@pytest.fixture(autouse=True)
def _moment():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def school_class(session, people):
    return make_class(session, people.grace, students=(people.ada, people.mallory))


@pytest.fixture
def grace(app, people) -> Browser:
    return Browser(app, people.grace)


@pytest.fixture
def grant(session, people, school_class, grace):
    """Ask for something for ada, in everything that the class has."""
    ada_in = enrol(session, school_class, people.ada).id
    address = f"/teach/classes/{school_class.public_id}/accommodations"

    def ask(**form: str):
        return grace.post(address, {"student": str(ada_in), "work": "", "zone": "UTC", **form})

    return ask


def granted(session) -> list[Accommodation]:
    session.rollback()
    return list(session.scalars(select(Accommodation)))


def told(page) -> str:
    assert page.status_code == 422
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())
    assert NOTHING_YET in text
    return text[text.index(NOTHING_YET) :].replace(" :", ":")


def digest_on(page) -> str:
    (digest,) = re.findall(r'name="confirmed" value="([0-9a-f]{64})"', page.text)
    return digest


def test_who_may_have_seen_keys_is_told_before_a_later_date_is_granted(
    session, people, school_class, grant
):
    midterm = assign(session, school_class, policy=AFTER_CLOSING, closes_at=PAST)
    hand_in(session, midterm, people.mallory, {"beginning": {0}})
    page = grant(**TOMORROW)
    assert "Midterm: One other student may have seen keys of this work." in told(page)
    assert 'value="2026-03-02T11:00"' in page.text
    assert granted(session) == []

    hand_in(session, midterm, people.ada, {"beginning": {0}})
    page = grant(**TOMORROW, confirmed=digest_on(page))
    said = "Midterm: ada may have seen keys of this work, and so may one other student."
    assert said in told(page)
    assert granted(session) == []

    assert grant(**TOMORROW, confirmed=digest_on(page)).status_code == 303
    assert len(granted(session)) == 1


def test_where_nobody_has_seen_a_key_nothing_is_asked(session, people, school_class, grant):
    midterm = assign(
        session, school_class, policy=AFTER_CLOSING, closes_at=NOW + timedelta(hours=1)
    )
    hand_in(session, midterm, people.mallory, {"beginning": {0}})
    assert grant(**TOMORROW).status_code == 303
    assert len(granted(session)) == 1


def test_marks_that_are_held_have_told_nobody(session, people, school_class, grant):
    midterm = assign(session, school_class, policy=AFTER_CLOSING, closes_at=PAST, holds_marks=True)
    hand_in(session, midterm, people.mallory, {"beginning": {0}})
    assert grant(**TOMORROW).status_code == 303


def test_who_is_still_answering_may_have_seen_keys_that_come_after_each_answer(
    session, people, school_class, grant
):
    midterm = assign(session, school_class, policy=AT_ONCE)
    hand_in(session, midterm, people.mallory, {"beginning": {0}}, at=None)
    assert "One other student may have" in told(grant(extra_attempts="1"))


def test_time_that_comes_too_late_to_be_used_needs_no_warning(session, people, school_class, grant):
    midterm = assign(session, school_class, policy=AFTER_CLOSING, closes_at=PAST)
    hand_in(session, midterm, people.mallory, {"beginning": {0}})
    assert grant(closes_at="2026-03-01T08:30").status_code == 303


@pytest.mark.parametrize("is_practised", [True, False])
def test_questions_that_went_back_to_practice_are_told_of(
    session, people, school_class, grant, is_practised
):
    assign(session, school_class, policy=AFTER_CLOSING, closes_at=PAST, holds_back=True)
    session.scalars(select(Deck).where(Deck.slug == "rivers")).one().is_for_practice = is_practised
    session.commit()
    page = grant(**TOMORROW)
    if is_practised:
        assert "Since it closed, everyone can practise its questions, keys and all." in told(page)
    else:
        assert page.status_code == 303


def test_a_draft_that_nobody_saw_needs_no_warning(session, school_class, grant):
    assign(
        session,
        school_class,
        policy=AFTER_CLOSING,
        closes_at=PAST,
        holds_back=True,
        published_at=None,
    )
    assert grant(**TOMORROW).status_code == 303


def test_what_was_confirmed_about_one_student_does_not_hold_for_another(
    session, people, school_class, grace, grant
):
    midterm = assign(session, school_class, policy=AFTER_CLOSING, closes_at=PAST)
    for person in (people.ada, people.mallory):
        hand_in(session, midterm, person, {"beginning": {0}})
    confirmed = digest_on(grant(**TOMORROW))
    mallory = str(enrol(session, school_class, people.mallory).id)
    assert grant(**TOMORROW, student=mallory, confirmed=confirmed).status_code == 422
    assert granted(session) == []
