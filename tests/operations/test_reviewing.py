"""Cards from responses, reviews from cards, and what a learner decides about a question."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from quizapp.db.models import (
    Attempt,
    Deck,
    Item,
    Question,
    QuestionVersion,
    Response,
    ReviewCard,
    Role,
    StudySettings,
)
from quizapp.db.queries.reviewing import Study, cards_of, hand_of, responses_of, study_of
from quizapp.db.queries.versions import questions_of_versions
from quizapp.domain.studying.answers import answer_to
from quizapp.domain.studying.days import start_of, study_day
from quizapp.domain.studying.scheduling import rebuild
from quizapp.operations import accounts
from quizapp.operations.answering import NothingToAnswer, Outcome, end_attempt
from quizapp.operations.review_sessions import (
    SESSION,
    Undone,
    agenda,
    start_review,
    undo_response,
)
from quizapp.operations.reviewing import (
    bury,
    rebuild_cards,
    resume_item,
    suspend,
    take_in,
    wrong_cards,
)
from quizapp.operations.studying import Wishes, note_zone, save_weights, save_wishes, wishes_in
from quizapp.operations.tallies import wrong_tallies
from tests.support import bank, cast
from tests.support.cast import NOW, answer, begin, item_at, question_of
from tests.support.classroom import make_class
from tests.support.graded import make_assignment

WRONG = frozenset({1, 2})
DAY = timedelta(days=1)
LATER = NOW + 3 * DAY
AGES = NOW + 400 * DAY


@pytest.fixture
def ada(session):
    """Somebody who learns; the bank is loaded."""
    cast.load(session)
    return cast.guest(session, "the browser of ada")


def practise(session, person, *, now=NOW, right=True, certainty=None, start_key="start-key-1"):
    """Answer all of the rivers: the attempt's public id."""
    attempt = begin(session, person, now=now, start_key=start_key)
    for position in range(1, 5):
        chosen = None if right else frozenset({_distractor(session, person, attempt, position)})
        answer(session, person, attempt, position, chosen, certainty, now)
    return attempt


def _distractor(session, person, attempt, position) -> int:
    question = question_of(session, item_at(session, person, attempt, position))
    return min(set(range(len(question.choices))) - question.keys)


def review(session, person, now=AGES, start_key="review-key-1", **more) -> str:
    chance = Random(f"{start_key} {person.account_id}")
    return start_review(session, person.account_id, start_key, chance, now, **more)


def row(session, public_id: str) -> Attempt:
    session.expire_all()
    return session.scalars(select(Attempt).where(Attempt.public_id == public_id)).one()


def slugs(session, public_id: str) -> list[str]:
    """What an attempt asks, in order."""
    return list(
        session.scalars(
            select(Question.slug)
            .join(QuestionVersion, QuestionVersion.question_id == Question.id)
            .join(Item, Item.version_id == QuestionVersion.id)
            .join(Attempt, Attempt.id == Item.attempt_id)
            .where(Attempt.public_id == public_id)
            .order_by(Item.position)
        )
    )


def own_cards(session, person) -> dict:
    session.expire_all()
    return cards_of(session, person.account_id)


def expected_cards(session, person) -> dict:
    """What the whole history makes, computed apart from the operations."""
    by_question = {}
    for past in responses_of(session, person.account_id):
        by_question.setdefault(past.question_id, []).append(past)
    study = study_of(session, person.account_id)
    made = {}
    for question_id, pasts in by_question.items():
        asked = questions_of_versions(session, {past.version_id for past in pasts})
        history = [
            (p.answered_at, answer_to(asked[p.version_id], p.credit, p.certainty, p.elapsed_ms))
            for p in pasts
        ]
        made[question_id] = rebuild(history, study.settings)
    return made


def position_of(session, attempt: str, slug: str) -> int:
    return slugs(session, attempt).index(slug) + 1


# Cards


def test_answering_writes_no_card_and_taking_in_makes_one_of_each_question(session, ada):
    attempt = practise(session, ada)
    assert own_cards(session, ada) == {}
    take_in(session, ada.account_id, NOW)
    assert own_cards(session, ada) == expected_cards(session, ada)
    assert len(own_cards(session, ada)) == 4
    assert row(session, attempt).folded == row(session, attempt).answered == 4


def test_a_question_that_was_only_skipped_has_no_card(session, ada):
    attempt = begin(session, ada)
    answer(session, ada, attempt, 2)
    take_in(session, ada.account_id, NOW)
    assert len(own_cards(session, ada)) == 1


def test_an_answer_that_arrives_late_is_put_where_it_belongs(session, ada):
    practise(session, ada, now=LATER, start_key="late-key-1")
    take_in(session, ada.account_id, LATER)
    practise(session, ada, now=NOW, right=False, start_key="early-key-1")
    take_in(session, ada.account_id, LATER)
    assert own_cards(session, ada) == expected_cards(session, ada)
    assert {card.last_review for card in own_cards(session, ada).values()} == {LATER}
    assert {card.reps for card in own_cards(session, ada).values()} == {2}


def test_graded_answers_make_no_cards(session, ada):
    grace = cast.register(session, "grace", Role.INSTRUCTOR)
    exam = make_assignment(session, make_class(session, grace)).id
    attempt = practise(session, ada)
    session.execute(
        update(Attempt)
        .where(Attempt.public_id == attempt)
        .values(mode="graded", assignment_id=exam, number=1)
    )
    session.commit()
    take_in(session, ada.account_id, NOW)
    assert own_cards(session, ada) == {}


def test_rebuilding_changes_nothing_on_a_healthy_database_and_mends_a_damaged_one(session, ada):
    practise(session, ada)
    take_in(session, ada.account_id, NOW)
    assert rebuild_cards(session, ada.account_id, NOW) == (4, 0)
    question = min(own_cards(session, ada))
    session.execute(
        update(ReviewCard).where(ReviewCard.question_id == question).values(stability=77.0)
    )
    session.commit()
    assert wrong_cards(session, ada.account_id) == [question]
    assert rebuild_cards(session, ada.account_id, NOW) == (4, 1)
    assert wrong_cards(session, ada.account_id) == []


def test_answers_not_yet_taken_in_are_no_damage(session, ada):
    practise(session, ada)
    assert wrong_cards(session, ada.account_id) == []
    assert rebuild_cards(session, ada.account_id, NOW) == (4, 4)
    assert wrong_cards(session, ada.account_id) == []


def test_what_a_guest_answered_becomes_cards_of_the_account_it_moves_to(session, ada):
    grown = cast.register(session, "ada")
    practise(session, ada)
    take_in(session, ada.account_id, NOW)
    practise(session, grown, now=LATER, start_key="own-key-1")
    take_in(session, grown.account_id, LATER)
    accounts.adopt_guest(session, ada.account_id, grown.account_id)
    take_in(session, grown.account_id, LATER)
    assert own_cards(session, grown) == expected_cards(session, grown)
    assert {card.reps for card in own_cards(session, grown).values()} == {2}
    assert own_cards(session, ada) == {}


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["practise", "review", "undo", "take in", "late", "suspend"]),
        st.integers(0, 40),
        st.sampled_from([None, 1, 2, 3]),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS)
def test_cards_are_always_what_the_whole_history_makes(session, acts):
    session.rollback()
    if not session.scalar(select(func.count()).select_from(Deck)):
        cast.load(session)
    person = cast.guest(session, f"guest {session.scalar(select(func.count(Attempt.id)))} {acts}")
    now, newest = NOW, None
    for number, (act, hours, certainty, right) in enumerate(acts):
        key = f"key-{number}-of-this-one"
        now += timedelta(hours=hours)
        if act in {"practise", "late"}:
            when = NOW - hours * DAY if act == "late" else now
            attempt = begin(session, person, start_key=key, count=2, now=when)
            _answer(session, person, attempt, 1, certainty, right, when)
        elif act == "review":
            try:
                attempt = review(session, person, now, key)
            except NothingToAnswer:
                continue
            _answer(session, person, attempt, 1, certainty, right, now)
            newest = attempt
        elif act == "undo" and newest:
            undo_response(session, item_at(session, person, newest, 1), now)
        elif act == "suspend" and newest:
            suspend(session, item_at(session, person, newest, 1), now)
        else:
            take_in(session, person.account_id, now)
    take_in(session, person.account_id, now)
    assert own_cards(session, person) == expected_cards(session, person)
    assert wrong_tallies(session) == []


def _answer(session, person, attempt, position, certainty, right, now) -> None:
    chosen = None if right else frozenset({_distractor(session, person, attempt, position)})
    answer(session, person, attempt, position, chosen, certainty, now)


# A review


def test_a_review_asks_what_is_due_confidently_wrong_first(session, ada):
    attempt = begin(session, ada)
    answer(session, ada, attempt, position_of(session, attempt, "riddle"), WRONG, 3)
    answer(session, ada, attempt, position_of(session, attempt, "belongings"), WRONG, 1)
    answer(session, ada, attempt, position_of(session, attempt, "beginning"))
    wish(session, ada, new_per_day=0)
    begun = review(session, ada, NOW + 20 * DAY)
    assert slugs(session, begun) == ["riddle", "belongings", "beginning"]
    assert row(session, begun).mode == "review"


def test_nothing_is_due_on_the_day_it_was_answered(session, ada):
    practise(session, ada)
    plan = agenda(session, ada.account_id, NOW + timedelta(hours=2))
    assert (plan.due, plan.known, plan.reviews) == ([], 4, 0)
    assert plan.week >= plan.tomorrow
    with pytest.raises(NothingToAnswer):
        review(session, ada, NOW + timedelta(hours=2))


def test_a_form_sent_twice_begins_one_review(session, ada):
    practise(session, ada)
    first = review(session, ada)
    assert review(session, ada) == first
    for position in range(1, row(session, first).size + 1):
        answer(session, ada, first, position, now=AGES)
    assert review(session, ada) == first
    assert session.scalar(select(func.count(Attempt.id)).where(Attempt.mode == "review")) == 1


def test_beginning_a_review_ends_the_one_left_open(session, ada):
    practise(session, ada)
    first = review(session, ada)
    assert agenda(session, ada.account_id, AGES).open_review == first
    second = review(session, ada, start_key="review-key-2")
    assert row(session, first).ended_at == AGES
    assert agenda(session, ada.account_id, AGES).open_review == second


def test_choices_are_drawn_anew_for_each_review(session, ada):
    practise(session, ada)
    orders = set()
    for number in range(12):
        begun = review(session, ada, start_key=f"review-key-{number}")
        item = item_at(session, ada, begun, position_of(session, begun, "belongings"))
        orders.add(item.order)
    assert len(orders) > 1


def test_new_questions_come_from_decks_begun_within_the_limit_of_the_day(session, ada):
    attempt = begin(session, ada)
    answer(session, ada, attempt, position_of(session, attempt, "riddle"))
    wish(session, ada, new_per_day=2)
    plan = agenda(session, ada.account_id, NOW + DAY)
    assert (plan.unseen, plan.new) == (3, 2)
    tomorrow = review(session, ada, NOW + DAY)
    assert [s for s in slugs(session, tomorrow) if s != "riddle"] == ["beginning", "belongings"]
    answer(session, ada, tomorrow, position_of(session, tomorrow, "beginning"), now=NOW + DAY)
    assert agenda(session, ada.account_id, NOW + DAY).new == 1
    assert agenda(session, ada.account_id, NOW + 2 * DAY).new == 2


def test_reviews_stop_at_the_limit_of_the_day_unless_one_wants_more(session, ada):
    practise(session, ada)
    wish(session, ada, reviews_per_day=2, new_per_day=0)
    assert agenda(session, ada.account_id, AGES).size == 2
    begun = review(session, ada)
    for position in (1, 2):
        answer(session, ada, begun, position, now=AGES)
    plan = agenda(session, ada.account_id, AGES)
    assert (len(plan.due), plan.size) == (2, 0)
    with pytest.raises(NothingToAnswer):
        review(session, ada, start_key="review-key-2")
    assert row(session, review(session, ada, start_key="review-key-3", is_extra=True)).size == 2


def test_the_limits_of_a_day_begin_anew_at_four_in_the_morning_of_the_learner(session, ada):
    practise(session, ada)
    wish(session, ada, reviews_per_day=2, new_per_day=0, zone="Pacific/Honolulu")
    four = start_of(study_day(AGES), ZoneInfo("Pacific/Honolulu"))
    last_minute = four - timedelta(minutes=1)
    begun = review(session, ada, last_minute)
    for position in (1, 2):
        answer(session, ada, begun, position, now=last_minute)
    assert agenda(session, ada.account_id, last_minute).size == 0
    assert agenda(session, ada.account_id, four).size == 2


def test_a_review_has_no_more_than_a_session(session, ada):
    questions = "".join(
        f"## Question {n}? {{#q{n}}}\n\n- [x] Right {n}\n- [ ] Wrong {n}\n\n" for n in range(30)
    )
    deck = f"---\ntitle: Many\ntopic: Many\norder: 3\n---\n\n{questions}"
    cast.load(session, {**bank.FILES, "geo/many.md": deck})
    attempt = begin(session, ada, "many")
    for position in range(1, 31):
        answer(session, ada, attempt, position)
    assert (
        row(session, review(session, ada)).size
        == SESSION
        == agenda(session, ada.account_id, AGES).size
    )


@pytest.mark.parametrize("how", ["question retired", "deck retired", "deck for graded work only"])
def test_what_is_no_longer_on_offer_leaves_the_queue(session, ada, how):
    practise(session, ada)
    seas = begin(session, ada, "seas", start_key="seas-key-1")
    answer(session, ada, seas, 1)
    changes = {
        "question retired": update(Question).where(Question.slug != "salt").values(retired_at=NOW),
        "deck retired": update(Deck).where(Deck.slug == "rivers").values(retired_at=NOW),
        "deck for graded work only": update(Deck)
        .where(Deck.slug == "rivers")
        .values(is_for_practice=False),
    }
    session.execute(changes[how])
    session.commit()
    plan = agenda(session, ada.account_id, AGES)
    assert (len(plan.due), plan.unseen) == (1, 0)
    assert slugs(session, review(session, ada)) == ["salt"]


def test_an_exam_brings_each_question_back_in_the_week_before(session, ada):
    practise(session, ada, certainty=3)
    practise(session, ada, now=NOW + 15 * DAY, certainty=3, start_key="start-key-2")
    now = NOW + 16 * DAY
    take_in(session, ada.account_id, now)
    exam = study_day(min(card.due for card in own_cards(session, ada).values())) - DAY
    eve = start_of(exam - DAY)
    assert exam - now.date() > 10 * DAY
    assert agenda(session, ada.account_id, eve).due == []
    wish(session, ada, exam_on=exam)
    assert agenda(session, ada.account_id, now).due == []
    assert agenda(session, ada.account_id, eve).exam_in == 1
    assert len(agenda(session, ada.account_id, eve).due) == 4
    one_in_the_morning = eve + timedelta(hours=21)
    assert agenda(session, ada.account_id, one_in_the_morning).exam_in == 0
    assert agenda(session, ada.account_id, one_in_the_morning + DAY).exam_in is None
    assert agenda(session, ada.account_id, eve + 2 * DAY).exam_in is None


# Taking an answer back


@pytest.fixture
def answered(session, ada):
    """The first item of a review, just answered wrongly."""
    practise(session, ada)
    begun = review(session, ada)
    _answer(session, ada, begun, 1, 3, False, AGES)
    return item_at(session, ada, begun, 1)


def test_the_newest_answer_of_a_review_can_be_taken_back(session, ada, answered):
    take_in(session, ada.account_id, AGES)
    assert undo_response(session, answered, AGES) is Undone.TAKEN_BACK
    attempt = row(session, answered.public_id)
    assert (attempt.marks, attempt.answered, attempt.credit) == ("----", 0, 0)
    assert item_at(session, ada, answered.public_id, 1).given is None
    assert wrong_tallies(session) == []
    take_in(session, ada.account_id, AGES)
    assert own_cards(session, ada) == expected_cards(session, ada)
    assert {card.reps for card in own_cards(session, ada).values()} == {1}


def test_the_card_forgets_at_once_what_was_taken_back(session, ada, answered):
    before = own_cards(session, ada)
    take_in(session, ada.account_id, AGES)
    assert own_cards(session, ada) != before
    undo_response(session, answered, AGES)
    assert own_cards(session, ada) == before  # why it is asked again, and when next, go by it


def test_another_answer_in_its_place_is_the_one_that_counts(session, ada, answered):
    take_in(session, ada.account_id, AGES)
    undo_response(session, answered, AGES)
    answer(session, ada, answered.public_id, 1, None, 3, AGES)
    take_in(session, ada.account_id, AGES)
    assert own_cards(session, ada) == expected_cards(session, ada)
    assert rebuild_cards(session, ada.account_id, AGES)[1] == 0


def test_taking_back_twice_is_taking_back_once(session, ada, answered):
    undo_response(session, answered, AGES)
    assert undo_response(session, answered, AGES) is Undone.NOT_ANSWERED
    assert row(session, answered.public_id).answered == 0
    assert wrong_tallies(session) == []


def test_only_the_newest_answer_can_be_taken_back(session, ada, answered):
    answer(session, ada, answered.public_id, 2, now=AGES + timedelta(minutes=1))
    assert undo_response(session, answered, AGES) is Undone.TOO_LATE
    assert row(session, answered.public_id).answered == 2


def test_after_an_hour_an_answer_stands(session, ada, answered):
    later = AGES + timedelta(hours=1, seconds=1)
    assert undo_response(session, answered, later) is Undone.TOO_LATE


def test_answers_of_practice_stand(session, ada):
    attempt = begin(session, ada)
    answer(session, ada, attempt, 1)
    item = item_at(session, ada, attempt, 1)
    assert undo_response(session, item, NOW) is Undone.TOO_LATE
    assert row(session, attempt).answered == 1


def test_taking_back_the_last_answer_opens_the_review_again(session, ada, answered):
    for position in (2, 3, 4):
        answer(session, ada, answered.public_id, position, now=AGES + timedelta(minutes=position))
    assert row(session, answered.public_id).ended_at is not None
    last = item_at(session, ada, answered.public_id, 4)
    assert undo_response(session, last, AGES + timedelta(minutes=5)) is Undone.TAKEN_BACK
    assert row(session, answered.public_id).ended_at is None
    assert answer(session, ada, answered.public_id, 4, now=AGES) is Outcome.TAKEN


# Putting off


def test_a_suspended_question_is_not_asked_until_it_is_resumed(session, ada, answered):
    assert suspend(session, answered, AGES)
    assert suspend(session, answered, AGES)
    later = AGES + 800 * DAY
    plan = agenda(session, ada.account_id, later)
    assert (len(plan.due), plan.suspended, plan.known) == (3, 1, 4)
    resume_item(session, answered)
    assert len(agenda(session, ada.account_id, later).due) == 4


def test_a_suspended_question_stays_so_when_its_card_is_made_anew(session, ada, answered):
    suspend(session, answered, AGES)
    practise(session, ada, now=AGES, start_key="start-key-9")
    take_in(session, ada.account_id, AGES)
    rebuild_cards(session, ada.account_id, AGES)
    assert agenda(session, ada.account_id, AGES).suspended == 1


def test_a_buried_question_waits_until_tomorrow(session, ada):
    practise(session, ada)
    begun = review(session, ada)
    item = item_at(session, ada, begun, 1)
    assert bury(session, item, AGES)
    assert row(session, begun).marks == "s---"
    plan = agenda(session, ada.account_id, AGES)
    assert (len(plan.due), plan.tomorrow) == (3, 1)
    assert len(agenda(session, ada.account_id, start_of(study_day(AGES) + DAY)).due) == 4


def test_a_question_without_a_card_cannot_be_put_off(session, ada):
    attempt = begin(session, ada)
    item = item_at(session, ada, attempt, 1)
    assert not suspend(session, item, NOW)
    assert not bury(session, item, NOW)
    assert row(session, attempt).marks == "----"


# Wishes


def wish(session, person, **changes) -> None:
    wishes = wishes_in(study_of(session, person.account_id))
    save_wishes(session, person.account_id, replace(wishes, **changes), NOW)


def test_without_a_choice_the_defaults_hold_and_nothing_is_kept(session, ada):
    assert study_of(session, ada.account_id) == Study()
    assert session.scalar(select(func.count()).select_from(StudySettings)) == 0


def test_wishes_are_kept_and_cards_follow_them(session, ada):
    practise(session, ada)
    take_in(session, ada.account_id, NOW)
    before = own_cards(session, ada)
    wished = Wishes(97, 3, 7, asks_certainty=False, exam_on=date(2027, 3, 12), zone="Asia/Yerevan")
    save_wishes(session, ada.account_id, wished, NOW)
    assert wishes_in(study_of(session, ada.account_id)) == wished
    after = own_cards(session, ada)
    assert after == expected_cards(session, ada)
    assert all(after[q].due < before[q].due for q in before)
    assert not item_at(session, ada, begin(session, ada, start_key="key-nine"), 1).asks_certainty


def test_weights_are_kept_through_other_wishes(session, ada):
    practise(session, ada)
    weights = list(Study().settings.weights)
    weights[2] = 9.0
    save_weights(session, ada.account_id, weights, NOW)
    wish(session, ada, retention_percent=90)
    assert study_of(session, ada.account_id).weights == tuple(weights)
    assert own_cards(session, ada) == expected_cards(session, ada)


def test_once_an_exam_is_over_only_the_cards_that_matter_are_read(session, ada):
    practise(session, ada)
    take_in(session, ada.account_id, NOW)
    session.execute(update(ReviewCard).values(due_at=AGES))
    session.commit()
    wish(session, ada, exam_on=LATER.date() + 7 * DAY)

    def read(now) -> int:
        return len(hand_of(session, ada.account_id, (), now).cards)

    session.execute(update(ReviewCard).values(due_at=AGES))
    session.commit()
    assert (read(LATER), read(LATER + 7 * DAY), read(LATER + 10 * DAY)) == (4, 4, 0)


def test_the_zone_of_the_browser_is_taken_only_where_nothing_was_chosen(session, ada):
    note_zone(session, ada.account_id, "Asia/Yerevan", NOW)
    note_zone(session, ada.account_id, "Europe/London", NOW)
    assert study_of(session, ada.account_id).zone == "Asia/Yerevan"


def test_a_review_that_was_ended_by_hand_takes_its_answers_in(session, ada, answered):
    end_attempt(session, answered.attempt_id, AGES)
    take_in(session, ada.account_id, AGES)
    assert own_cards(session, ada) == expected_cards(session, ada)


def test_deleting_an_account_takes_its_cards_and_wishes_along(session, ada):
    practise(session, ada)
    take_in(session, ada.account_id, NOW)
    wish(session, ada, new_per_day=1)
    accounts.delete_account(session, ada.account_id)
    assert session.scalar(select(func.count()).select_from(ReviewCard)) == 0
    assert session.scalar(select(func.count()).select_from(StudySettings)) == 0
    assert session.scalar(select(func.count()).select_from(Response)) == 0
