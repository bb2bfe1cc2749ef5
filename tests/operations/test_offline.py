"""Answers given without a network: taken once, in order, and cards as if they had come at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from random import Random
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from quizapp.db.models import (
    Attempt,
    AuditEvent,
    Deck,
    Item,
    Mode,
    QuestionVersion,
    Response,
    Role,
)
from quizapp.db.queries.decks import current_version_ids
from quizapp.db.queries.offline import questions_of_decks
from quizapp.db.queries.reviewing import cards_of
from quizapp.db.queries.versions import questions_of_versions
from quizapp.operations.accounts import delete_account
from quizapp.operations.answering import end_attempt
from quizapp.operations.offline import (
    OLDEST,
    Outcome,
    SentAnswer,
    SentItem,
    SentSession,
    decide_offline_use,
    may_decide,
    reviews_ahead,
    take_answers,
)
from quizapp.operations.reviewing import take_in, wrong_cards
from quizapp.operations.tallies import wrong_tallies
from tests.support import cast, graded
from tests.support.cast import NOW, answer, begin, item_at, question_of
from tests.support.classroom import enrol, make_class
from tests.support.library import viewer_of

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LATER = NOW + 10 * DAY
AGES = NOW + 400 * DAY
KEY = "offline-session-1"


@pytest.fixture
def ada(session):
    """Somebody who learns; the bank is loaded."""
    cast.load(session)
    return cast.guest(session, "the browser of ada")


def ms(age: timedelta) -> int:
    return round(age / timedelta(milliseconds=1))


def sent_session(session, *, key=KEY, is_review=False, age=HOUR) -> SentSession:
    """The rivers as a browser asks them."""
    versions: list[int] = current_version_ids(session, ("rivers",), NOW)
    questions = questions_of_versions(session, versions)
    items = [SentItem(v, tuple(range(len(questions[v].choices)))) for v in versions]
    return SentSession(key, is_review, items, ms(age))


def keys_of(session, sent: SentSession, position: int) -> frozenset[int]:
    version = sent.items[position - 1].version_id or 0
    return questions_of_versions(session, [version])[version].keys


def right(session, sent, position, *, age=timedelta(0), **more) -> SentAnswer:
    return SentAnswer(position, keys_of(session, sent, position), age_ms=ms(age), **more)


def take(session, person, sent, answers, now=LATER) -> list[Outcome]:
    return take_answers(
        session, person.account_id, sent, answers, Random(f"{sent.key} {person.account_id}"), now
    )


def times(session) -> list:
    return list(session.scalars(select(Response.answered_at).join(Item).order_by(Item.position)))


def only_attempt(session) -> Attempt:
    session.expire_all()
    return session.scalars(select(Attempt)).one()


# Arriving


def test_a_session_that_arrives_in_parts_is_one_attempt(session, ada):
    sent = sent_session(session)
    assert take(session, ada, sent, [right(session, sent, 2)]) == [Outcome.KEPT]
    assert only_attempt(session).marks == "-r--"
    rest = [right(session, sent, n) for n in (1, 2, 3, 4)]
    assert take(session, ada, sent, rest) == [
        Outcome.KEPT,
        Outcome.ALREADY,
        Outcome.KEPT,
        Outcome.KEPT,
    ]
    attempt = only_attempt(session)
    assert (attempt.marks, attempt.answered, attempt.credit) == ("rrrr", 4, 4)
    assert attempt.ended_at is not None
    assert wrong_tallies(session) == []


def test_a_choice_is_read_by_the_order_in_which_it_was_shown(session, ada):
    plain = sent_session(session)
    turned = [SentItem(i.version_id, tuple(reversed(i.order))) for i in plain.items]
    sent = SentSession(KEY, is_review=False, items=turned)
    last = frozenset({len(turned[0].order) - 1})
    assert take(session, ada, sent, [SentAnswer(1, last)]) == [Outcome.KEPT]
    assert session.scalars(select(Response.chosen)).one() == "a"
    assert session.scalars(select(Item.choice_order).where(Item.position == 1)).one() == "cba"


def test_an_attempt_that_was_ended_meanwhile_takes_what_was_answered_before(session, ada):
    sent = sent_session(session)
    take(session, ada, sent, [right(session, sent, 1)])
    end_attempt(session, only_attempt(session).id, LATER)
    assert take(session, ada, sent, [right(session, sent, 2)]) == [Outcome.KEPT]


def test_what_was_answered_online_meanwhile_stands(session, ada):
    sent = sent_session(session)
    take(session, ada, sent, [right(session, sent, 1)])
    public_id = only_attempt(session).public_id
    answer(session, ada, public_id, 2, frozenset({2}), now=LATER)
    assert take(session, ada, sent, [right(session, sent, 2)]) == [Outcome.ALREADY]
    assert only_attempt(session).marks[1] == "w"


def test_questions_that_are_not_known_are_left_out_and_the_others_keep_their_places(session, ada):
    plain = sent_session(session)
    items = [SentItem(None, ()), *plain.items]
    sent = SentSession(KEY, is_review=False, items=items)
    answers = [SentAnswer(1, frozenset({0})), right(session, sent, 2), right(session, sent, 5)]
    assert take(session, ada, sent, answers) == [Outcome.UNKNOWN, Outcome.KEPT, Outcome.KEPT]
    assert only_attempt(session).marks == "r--r"


@pytest.mark.parametrize("order", [(), (0,), (0, 0, 1), (0, 1, 5)])
def test_an_order_that_is_none_of_the_choices_is_not_taken(session, ada, order):
    plain = sent_session(session)
    sent = SentSession(KEY, False, [SentItem(plain.items[0].version_id, order)])
    assert take(session, ada, sent, [SentAnswer(1, frozenset({0}))]) == [Outcome.UNKNOWN]
    assert session.scalars(select(Attempt)).all() == []


@pytest.mark.parametrize("places", [(), (0, 1), (3,), (-1,)])
def test_what_is_no_answer_to_the_question_is_unfit(session, ada, places):
    sent = sent_session(session)
    assert take(session, ada, sent, [SentAnswer(1, frozenset(places))]) == [Outcome.UNFIT]
    assert only_attempt(session).answered == 0


def test_a_session_that_says_other_than_before_is_not_taken(session, ada):
    sent = sent_session(session)
    take(session, ada, sent, [right(session, sent, 1)])
    other = SentSession(KEY, is_review=False, items=sent.items[::-1])
    assert take(session, ada, other, [SentAnswer(2, frozenset({0}))]) == [Outcome.UNKNOWN]
    assert only_attempt(session).answered == 1


def test_the_key_of_graded_work_opens_nothing(session, ada):
    grace = cast.register(session, "grace", Role.INSTRUCTOR)
    school_class = make_class(session, grace)
    enrol(session, school_class, ada)
    exam = graded.begin(session, ada, graded.make_assignment(session, school_class))
    session.execute(update(Attempt).where(Attempt.id == exam).values(start_key=KEY))
    session.commit()
    sent = sent_session(session)
    assert take(session, ada, sent, [right(session, sent, 1)]) == [Outcome.UNKNOWN]
    assert session.scalars(select(Response)).all() == []


def test_two_decks_are_a_mix_and_a_review_is_called_so(session, ada):
    versions = current_version_ids(session, ("rivers", "seas"), NOW)
    questions = questions_of_versions(session, versions)
    items = [SentItem(v, tuple(range(len(questions[v].choices)))) for v in versions]
    for key, is_review in (("offline-mixed-1", False), ("offline-review-1", True)):
        sent = SentSession(key, is_review, items)
        take(session, ada, sent, [SentAnswer(1, frozenset({0}))])
    found = session.execute(select(Attempt.title, Attempt.mode, Attempt.deck_id))
    assert {tuple(row) for row in found} == {
        ("Mix of 2 decks", Mode.PRACTICE, None),
        ("Review", Mode.REVIEW, None),
    }


def test_a_batch_that_two_tabs_send_at_once_is_taken_once(session, ada, database_url):
    sent = sent_session(session)
    answers = [right(session, sent, n) for n in range(1, 5)]
    start_together = Barrier(4)

    def deliver(_: int) -> list[Outcome]:
        with cast.sessions(database_url) as own:
            start_together.wait()
            return take(own, ada, sent, answers)

    session.rollback()
    with ThreadPoolExecutor(4) as pool:
        outcomes = [outcome for taken in pool.map(deliver, range(4)) for outcome in taken]
    assert sorted(outcomes) == [Outcome.ALREADY] * 12 + [Outcome.KEPT] * 4
    assert only_attempt(session).answered == 4
    assert wrong_tallies(session) == []


# When it was


def test_answers_have_the_time_at_which_they_were_given(session, ada):
    sent = sent_session(session, age=3 * HOUR)
    take(session, ada, sent, [right(session, sent, n, age=(3 - n) * HOUR) for n in (1, 2)])
    assert times(session) == [LATER - 2 * HOUR, LATER - HOUR]
    assert only_attempt(session).started_at == LATER - 3 * HOUR


def test_a_clock_that_went_wrong_moves_nothing_out_of_what_can_be(session, ada):
    sent = sent_session(session, age=timedelta(days=40_000))
    ages = (HOUR, 5 * HOUR, timedelta(days=30_000), timedelta(0))
    answers = [right(session, sent, n, age=age) for n, age in enumerate(ages, start=1)]
    take(session, ada, sent, answers)
    assert times(session) == [LATER - HOUR, LATER - HOUR, LATER - HOUR, LATER]
    assert only_attempt(session).started_at == LATER - OLDEST


def test_nobody_answered_before_there_was_the_question(session, ada):
    sent = sent_session(session)
    take(session, ada, sent, [right(session, sent, 1, age=400 * DAY)])
    assert times(session) == [NOW]


# Cards


def test_cards_are_as_if_the_answers_had_come_at_once(session, ada):
    twin = cast.guest(session, "the browser of the twin")
    for person in (ada, twin):
        attempt = begin(session, person)
        for position in range(1, 5):
            answer(session, person, attempt, position, certainty=2)
        take_in(session, person.account_id, NOW)
    sent = sent_session(session, is_review=True)
    online = begin(session, twin, start_key="start-key-2", now=LATER)
    at = {item_at(session, twin, online, n).version_id: n for n in range(1, 5)}
    for position, item in enumerate(sent.items, start=1):
        given = keys_of(session, sent, position) if position % 2 else frozenset({2})
        then = LATER - HOUR + timedelta(minutes=position)
        answer(session, twin, online, at[item.version_id or 0], given, 3, then)
    take_in(session, twin.account_id, AGES)
    answers = [
        SentAnswer(
            n,
            keys_of(session, sent, n) if n % 2 else frozenset({2}),
            3,
            age_ms=ms(HOUR + DAY - timedelta(minutes=n)),
        )
        for n in range(1, 5)
    ]
    take(session, ada, sent, answers, LATER + DAY)
    take_in(session, ada.account_id, AGES)
    assert cards_of(session, ada.account_id) == cards_of(session, twin.account_id)
    assert {card.reps for card in cards_of(session, ada.account_id).values()} == {2}


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(1, 4), st.integers(0, 2), st.integers(0, 100)),
        max_size=12,
    )
)
def test_whatever_arrives_late_cards_follow_from_all_responses_in_order_of_their_time(
    session, ada, story
):
    session.rollback()
    number = session.scalar(select(func.count(Attempt.id)))
    sent = sent_session(session, key=f"offline-story-{number}")
    online = begin(session, ada, start_key=f"online-story-{number}")
    for is_offline, position, choice, hours in story:
        now = LATER + hours * HOUR
        if is_offline:
            late = SentAnswer(position, frozenset({choice}), age_ms=ms(hours * 2 * HOUR))
            take(session, ada, sent, [late], now)
        elif question_of(session, item_at(session, ada, online, position)):
            answer(session, ada, online, position, frozenset({choice}), now=now)
        take_in(session, ada.account_id, AGES)
    assert wrong_cards(session, ada.account_id) == []
    assert wrong_tallies(session) == []


def test_deleting_the_account_takes_what_arrived_with_it(session, ada):
    sent = sent_session(session)
    take(session, ada, sent, [right(session, sent, n) for n in range(1, 5)])
    delete_account(session, ada.account_id)
    assert session.scalars(select(func.sum(QuestionVersion.responses))).one() == 0


# What is due


def test_a_week_ahead_is_worked_out_within_the_limits(session, ada):
    attempt = begin(session, ada)
    for position in range(1, 5):
        answer(session, ada, attempt, position)
    names = questions_of_decks(session, ["rivers"])
    days, asks_certainty = reviews_ahead(session, ada.account_id, names, NOW)
    assert asks_certainty
    assert len(days) == 7
    assert days[0].questions == []
    ahead = [set(day.questions) for day in days]
    assert all(before <= after for before, after in pairwise(ahead))
    for day in days:
        assert all(due < day.until for _, due in day.questions)
    days, _ = reviews_ahead(session, ada.account_id, names, AGES)
    assert {q for q, _ in days[0].questions} <= set(names)
    assert len(days[0].questions) == 4


def test_only_questions_of_the_decks_that_are_kept_are_told(session, ada):
    attempt = begin(session, ada)
    answer(session, ada, attempt, 1)
    days, _ = reviews_ahead(session, ada.account_id, {}, AGES)
    assert days[0].questions == []


# Who decides


def test_deciding_about_offline_use_is_noted_once(session):
    cast.load(session)
    people = cast.everyone(session)
    grace = viewer_of(session, people.grace)
    for _ in range(2):
        decide_offline_use(session, grace, "rivers", LATER, is_offline=False)
    assert session.scalars(select(Deck.is_offline).where(Deck.slug == "rivers")).one() is False
    events = session.scalars(select(AuditEvent.details)).all()
    assert events == [{"offline use": False}]


def test_reading_the_folder_again_leaves_that_decision(session):
    cast.load(session)
    session.execute(update(Deck).values(is_offline=False))
    session.commit()
    cast.load(session, now=LATER)
    assert session.scalars(select(Deck.is_offline)).all()
    assert not any(session.scalars(select(Deck.is_offline)))


def test_decks_of_the_folder_are_for_every_instructor_to_decide_about(session):
    cast.load(session)
    people = cast.everyone(session)
    deck = session.scalars(select(Deck).where(Deck.slug == "rivers")).one()
    assert may_decide(viewer_of(session, people.grace), deck)
