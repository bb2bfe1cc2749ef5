"""Which decks are kept out of practice while graded work draws from them."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from quizapp.db.models import (
    Accommodation,
    Assignment,
    AssignmentDeck,
    Attempt,
    Deck,
    Mode,
    Role,
)
from quizapp.db.queries.decks import (
    current_version_ids,
    current_version_ids_on,
    deck_on_offer,
    decks_on_offer,
    passage_on_offer,
    source_on_offer,
)
from quizapp.db.queries.held import decks_held_back
from quizapp.db.queries.progress import questions_on_source
from quizapp.domain.graded.policy import Policy
from quizapp.domain.tokens import token
from tests.support import cast
from tests.support.cast import NOW, load
from tests.support.classroom import enrol, make_class

HOUR = timedelta(hours=1)


@pytest.fixture
def rivers(session) -> Deck:
    load(session)
    return session.scalars(select(Deck).where(Deck.slug == "rivers")).one()


@pytest.fixture
def school_class(session, rivers):
    return make_class(session, cast.register(session, "grace", Role.INSTRUCTOR))


def assign(session, school_class, deck, **values) -> Assignment:
    """Graded work of an hour that keeps its deck back, from an hour ago until in an hour."""
    given = {
        "opens_at": NOW - HOUR,
        "closes_at": NOW + HOUR,
        "published_at": NOW - HOUR,
        "holds_back": True,
        "policy": Policy(time_limit=HOUR).as_dict(),
        **values,
    }
    assignment = Assignment(
        public_id=token(Random(str(values)), 128),
        class_id=school_class.id,
        title="Mid-term",
        instructions="",
        pools=[],
        created_at=NOW,
        **given,
    )
    session.add(assignment)
    session.flush()
    session.add(AssignmentDeck(assignment_id=assignment.id, deck_id=deck.id))
    session.commit()
    return assignment


def grant(session, school_class, assignment=None, **values) -> None:
    enrolment = enrol(session, school_class, cast.register(session, "ada"))
    session.add(
        Accommodation(
            enrolment_id=enrolment.id,
            assignment_id=assignment.id if assignment else None,
            **values,
        )
    )
    session.commit()


def test_a_deck_is_kept_back_while_its_work_is_open(session, school_class, rivers):
    assign(session, school_class, rivers)
    assert decks_held_back(session, NOW) == {rivers.id: NOW + HOUR}
    assert decks_held_back(session, NOW + HOUR) == {}
    assert decks_held_back(session, NOW - 2 * HOUR) == {}


@pytest.mark.parametrize(
    "values",
    [
        {"holds_back": False},
        {"published_at": None},
        {"archived_at": NOW},
        {"opens_at": NOW + timedelta(minutes=1)},
        {"closes_at": NOW},
    ],
    ids=lambda values: next(iter(values)),
)
def test_other_work_keeps_nothing_back(session, school_class, rivers, values):
    assign(session, school_class, rivers, **values)
    assert decks_held_back(session, NOW) == {}


def test_work_of_an_archived_class_keeps_nothing_back(session, school_class, rivers):
    assign(session, school_class, rivers)
    school_class.archived_at = NOW
    session.commit()
    assert decks_held_back(session, NOW) == {}


@pytest.mark.parametrize("values", [{"opens_at": None}, {"opens_at": NOW}])
def test_work_without_a_beginning_keeps_back_once_it_is_published(
    session, school_class, rivers, values
):
    assign(session, school_class, rivers, **values)
    assert rivers.id in decks_held_back(session, NOW)


def test_work_that_never_closes_keeps_back_for_good(session, school_class, rivers):
    assign(session, school_class, rivers, closes_at=None)
    assign(session, school_class, rivers)
    assert decks_held_back(session, NOW + 1000 * HOUR) == {rivers.id: None}


def test_the_last_of_several_closes_counts(session, school_class, rivers):
    assign(session, school_class, rivers)
    assign(session, school_class, rivers, closes_at=NOW + 3 * HOUR)
    assert decks_held_back(session, NOW) == {rivers.id: NOW + 3 * HOUR}


@pytest.mark.parametrize(
    ("values", "over"),
    [
        ({"closes_at": NOW + 5 * HOUR}, NOW + 5 * HOUR),
        ({"time_percent": 200}, NOW + 2 * HOUR),
        ({"extra_attempts": 1}, NOW + HOUR),
    ],
)
def test_a_deck_is_kept_back_until_who_has_more_time_has_had_it(
    session, school_class, rivers, values, over
):
    assignment = assign(session, school_class, rivers)
    grant(session, school_class, assignment, **values)
    assert decks_held_back(session, NOW)[rivers.id] == NOW + HOUR
    just_before = over - timedelta(seconds=1)
    # Whose time it is that runs on is not told.
    assert decks_held_back(session, just_before).get(rivers.id, "free") in {None, NOW + HOUR}
    assert decks_held_back(session, over) == {}


def test_more_time_for_the_whole_class_counts_as_well(session, school_class, rivers):
    assign(session, school_class, rivers)
    grant(session, school_class, time_percent=200)
    assert decks_held_back(session, NOW + HOUR) == {rivers.id: None}


def test_a_deck_that_is_kept_back_is_not_offered_for_practice(session, school_class, rivers):
    source = source_on_offer(session, "notes")
    passage = passage_on_offer(session, "notes", "p1")
    assert source is not None
    assert passage is not None
    assign(session, school_class, rivers)
    for now, decks, questions in ((NOW, ["seas"], 0), (NOW + HOUR, ["rivers", "seas"], 2)):
        assert [deck.slug for deck in decks_on_offer(session, now)] == decks
        assert (len(current_version_ids(session, ["rivers"], now)) > 0) == bool(questions)
        assert len(current_version_ids_on(session, passage.id, now)) == questions
        asked = questions_on_source(session, 0, source.id, decks_held_back(session, now))
        on_passage = [each for each in asked if passage.id in {c.passage_id for c in each.passages}]
        assert len(on_passage) == questions
    assert deck_on_offer(session, "rivers") is not None


def begun(session, assignment) -> Attempt:
    """ada's attempt, which ends two hours from NOW."""
    ada = cast.register(session, "ada")
    attempt = Attempt(
        public_id=token(Random(1), 128),
        account_id=ada.account_id,
        start_key="a-start-key",
        mode=Mode.GRADED,
        assignment_id=assignment.id,
        number=1,
        title="Mid-term",
        size=0,
        marks="",
        started_at=NOW,
        deadline=NOW + 2 * HOUR,
    )
    session.add(attempt)
    session.commit()
    return attempt


@pytest.mark.parametrize("archived", ["assignment", "class"])
def test_what_is_archived_keeps_back_while_someone_is_still_at_it(
    session, school_class, rivers, archived
):
    assignment = assign(session, school_class, rivers, closes_at=None)
    attempt = begun(session, assignment)
    (assignment if archived == "assignment" else school_class).archived_at = NOW
    session.commit()
    assert rivers.id in decks_held_back(session, NOW)
    attempt.ended_at, attempt.worth = NOW, 0
    session.commit()
    assert decks_held_back(session, NOW) == {}


def test_a_deck_is_kept_back_while_someone_is_still_at_it(session, school_class, rivers):
    attempt = begun(session, assign(session, school_class, rivers))
    assert decks_held_back(session, NOW + HOUR) == {rivers.id: None}
    assert decks_held_back(session, NOW + 2 * HOUR) == {}
    attempt.ended_at = NOW
    attempt.worth = 0
    session.commit()
    assert decks_held_back(session, NOW + HOUR) == {}
