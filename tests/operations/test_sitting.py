"""Taking graded work: what every sending of an answer comes to."""

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from random import Random
from threading import Barrier, Thread

import pytest
from sqlalchemy import event, func, select, text, update
from sqlalchemy.exc import NoResultFound

from quizapp.db.models import Assignment, Attempt, EndedBy, Enrolment, Mode
from quizapp.domain.graded.policy import Layout, Policy
from quizapp.domain.graded.pools import Pool
from quizapp.domain.graded.timing import Accommodation, Window
from quizapp.domain.marks import Mark
from quizapp.operations import assignments, sitting
from quizapp.operations.accounts import adopt_guest, delete_account
from quizapp.operations.assignments import delete_assignment, plan_of, update_plan
from quizapp.operations.sitting import CannotStart, Outcome, Refusal, Sent
from quizapp.operations.tallies import rebuild, wrong_tallies
from tests.support import cast, graded
from tests.support.cast import NOW, sessions
from tests.support.classroom import enrol, make_class
from tests.support.graded import (
    EXAM,
    HOMEWORK,
    HOUR,
    MINUTE,
    PRACTICE,
    begin,
    check,
    kept,
    log,
    make_assignment,
    review,
    right,
    save,
    submit,
    wrong,
)
from tests.support.meanwhile import meanwhile

A, B = frozenset({0}), frozenset({1})
SECOND = timedelta(seconds=1)
MORE = Accommodation(time_percent=200)
RETRIES = replace(PRACTICE, shuffle_questions=False, shuffle_choices=False)


@pytest.fixture
def people(session):
    cast.load(session)
    return cast.everyone(session)


@pytest.fixture
def school_class(session, people):
    return make_class(session, people.grace)


@pytest.fixture
def ada(session, people, school_class):
    """ada, who is in the class."""
    enrol(session, school_class, people.ada)
    return people.ada


@pytest.fixture
def exam(session, school_class):
    return make_assignment(session, school_class)


@pytest.fixture
def sat(session, ada, exam):
    """The id of an attempt at the exam that ada has started."""
    return begin(session, ada, exam)


def refused(session, person, assignment, **changes) -> Refusal:
    with pytest.raises(CannotStart) as caught:
        begin(session, person, assignment, **changes)
    return caught.value.reason


# Starting


def test_an_attempt_has_the_questions_of_its_pools_and_ends_by_its_limit(session, sat):
    attempt = graded.attempt(session, sat)
    assert (attempt.mode, attempt.number, attempt.size) == (Mode.GRADED, 1, 4)
    assert attempt.deadline == NOW + HOUR
    assert attempt.marks == "s---"
    assert len({item.version_id for item in attempt.items}) == 4


def test_the_close_ends_an_attempt_that_was_begun_late(session, ada, school_class):
    window = Window(None, None, NOW + 10 * MINUTE)
    exam = make_assignment(session, school_class, window=window)
    assert graded.attempt(session, begin(session, ada, exam)).deadline == NOW + 10 * MINUTE


def test_choices_stand_as_written_where_they_are_not_shuffled(session, ada, school_class):
    policy = replace(EXAM, shuffle_choices=False, shuffle_questions=False)
    exam = make_assignment(session, school_class, policy)
    items = graded.attempt(session, begin(session, ada, exam)).items
    assert [item.choice_order for item in items] == ["abc", "abcd", "abc", "abc"]


def test_a_start_sent_again_finds_the_open_attempt(session, ada, exam, sat):
    assert begin(session, ada, exam) == sat
    assert begin(session, ada, exam, "another-key") == sat


def test_a_start_sent_again_after_submitting_starts_no_second_attempt(session, ada, school_class):
    homework = make_assignment(session, school_class, HOMEWORK)
    first = begin(session, ada, homework)
    submit(session, first)
    assert begin(session, ada, homework) == first
    assert begin(session, ada, homework, "another-key") != first


def test_one_start_key_serves_two_assignments_and_practice(session, ada, exam, school_class, sat):
    other = make_assignment(session, school_class, HOMEWORK)
    cast.begin(session, ada)
    assert begin(session, ada, other) != sat


def test_no_more_attempts_than_allowed(session, ada, school_class):
    homework = make_assignment(session, school_class, HOMEWORK)
    for number in range(1, 4):
        attempt = submit(session, begin(session, ada, homework, f"start-key-{number}"))
        assert attempt.number == number
    assert refused(session, ada, homework, start_key="start-key-4") is Refusal.NONE_LEFT


def test_extra_attempts_are_granted(session, ada, exam, sat):
    submit(session, sat)
    assert refused(session, ada, exam, start_key="second") is Refusal.NONE_LEFT
    graded.grant(session, session.scalar(select(Enrolment.id)), exam.id, extra_attempts=1)
    second = begin(session, ada, exam, "second")
    assert graded.attempt(session, second).number == 2


@pytest.mark.parametrize(
    ("window", "reason"),
    [
        (Window(NOW + SECOND, None, None), Refusal.NOT_YET),
        (Window(None, None, NOW), Refusal.CLOSED),
    ],
)
def test_nothing_starts_outside_the_window(session, ada, school_class, window, reason):
    assert refused(session, ada, make_assignment(session, school_class, window=window)) is reason


@pytest.mark.parametrize("changes", [{"published_at": None}, {"archived_at": NOW}])
def test_nothing_starts_of_what_is_not_offered(session, ada, school_class, changes):
    exam = make_assignment(session, school_class, **changes)
    assert refused(session, ada, exam) is Refusal.NOT_OFFERED


def test_who_is_not_in_the_class_starts_nothing(session, people, exam):
    assert refused(session, people.mallory, exam) is Refusal.NOT_OFFERED


def test_nothing_starts_where_there_are_too_few_questions(session, ada, school_class):
    exam = make_assignment(session, school_class, pools=[Pool(decks=("rivers",), count=5)])
    assert refused(session, ada, exam) is Refusal.TOO_FEW


def test_of_many_simultaneous_starts_one_attempt_comes(database_url, session, ada, exam):
    barrier, found, exam_id = Barrier(6), [], exam.id
    session.rollback()

    def start(number: int) -> None:
        with sessions(database_url) as own:
            barrier.wait()
            found.append(begin(own, ada, exam_id, f"start-key-{number}"))

    threads = [Thread(target=start, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1
    assert session.scalar(select(func.count(Attempt.id))) == 1


def test_what_begins_while_its_assignment_is_edited_is_as_the_edit_has_it(
    database_url, session, people, ada, exam
):
    plan = plan_of(exam)
    edited = replace(
        plan, policy=replace(EXAM, time_limit=2 * HOUR), pools=(Pool(decks=("rivers",), count=2),)
    )
    exam_id = exam.id
    with ThreadPoolExecutor(1) as threads, sessions(database_url) as editing:
        begun = []

        def begin_elsewhere(_session) -> None:
            begun.append(threads.submit(_begin_elsewhere, database_url, ada, exam_id))
            wait(begun, timeout=0.5)

        event.listen(editing, "before_commit", begin_elsewhere, once=True)
        update_plan(editing, people.grace.account_id, exam_id, edited, NOW)
        attempt = graded.attempt(session, begun[0].result())
    assert (attempt.size, attempt.deadline) == (2, NOW + 2 * HOUR)


def _begin_elsewhere(database_url: str, person, assignment_id: int) -> int:
    with sessions(database_url) as own:
        return begin(own, person, assignment_id)


def test_nothing_begins_of_what_is_deleted_meanwhile(database_url, session, people, ada, exam):
    exam_id = exam.id
    with ThreadPoolExecutor(1) as threads, sessions(database_url) as deleting:
        begun = []

        def begin_elsewhere(_session) -> None:
            begun.append(threads.submit(_begin_elsewhere, database_url, ada, exam_id))
            wait(begun, timeout=0.5)

        event.listen(deleting, "before_commit", begin_elsewhere, once=True)
        delete_assignment(deleting, people.grace.account_id, exam_id, NOW)
        with pytest.raises(CannotStart):
            begun[0].result()


def test_a_preview_counts_for_nothing_and_replaces_the_one_before(session, people, school_class):
    exam = make_assignment(session, school_class, published_at=None)
    grace, exam_id = people.grace.account_id, exam.id

    def preview(key: str) -> str:
        return sitting.preview(session, exam_id, grace, key, cast.Random(key), NOW)

    first = preview("preview-1")
    assert preview("preview-1") == first
    second = preview("preview-2")
    attempts = session.scalars(select(Attempt)).all()
    assert [(a.public_id, a.mode, a.number) for a in attempts] == [(second, "preview", None)]


def test_of_two_previews_begun_at_once_with_one_key_one_comes(database_url, session, people, exam):
    work, grace = exam.id, people.grace.account_id
    session.rollback()

    def begin_preview(own) -> str:
        return sitting.preview(own, work, grace, "preview-key", Random(1), NOW)

    def elsewhere() -> str:
        with sessions(database_url) as own:
            return begin_preview(own)

    with ThreadPoolExecutor(1) as threads, sessions(database_url) as own:
        others = []

        def begin_elsewhere(_session) -> None:
            others.append(threads.submit(elsewhere))
            wait(others, timeout=0.5)

        event.listen(own, "before_commit", begin_elsewhere, once=True)
        assert begin_preview(own) == others[0].result()


# Saving


def test_the_answer_saved_last_stands(session, sat):
    assert save(session, sat, 1, A) is Outcome.KEPT
    assert save(session, sat, 1, B, now=NOW + SECOND, certainty=2) is Outcome.KEPT
    assert kept(session, sat) == {1: (B, 2, 1)}
    attempt = graded.attempt(session, sat)
    assert (attempt.answered, attempt.marks[0], attempt.credit) == (1, Mark.SAVED, 0)


def test_a_replay_has_the_outcome_of_the_first_sending_and_changes_nothing(session, sat):
    save(session, sat, 1, A, "first-key")
    save(session, sat, 1, B, "second-key", NOW + SECOND)
    assert save(session, sat, 1, A, "first-key", NOW + 2 * SECOND) is Outcome.KEPT
    assert kept(session, sat) == {1: (B, None, 1)}
    assert len(log(session, sat)) == 2


def test_a_key_sent_twice_in_one_batch_is_taken_once(session, sat):
    batch = [Sent(1, A, None, "one-key"), Sent(1, B, None, "one-key")]
    assert sitting.save(session, sat, batch, NOW).outcomes == {"one-key": Outcome.KEPT}
    assert kept(session, sat) == {1: (A, None, 1)}


def test_an_answer_made_before_the_one_that_stands_is_superseded(session, sat):
    save(session, sat, 1, A, now=NOW + 10 * SECOND)
    late_by = {"now": NOW + 20 * SECOND, "age_ms": 15_000}
    assert save(session, sat, 1, B, **late_by) is Outcome.SUPERSEDED
    assert kept(session, sat) == {1: (A, None, 1)}
    assert save(session, sat, 2, B, **late_by) is Outcome.KEPT


def test_an_answer_made_before_another_was_taken_back_is_superseded(session, sat):
    save(session, sat, 1, A)
    save(session, sat, 1, frozenset(), now=NOW + 10 * SECOND)
    assert save(session, sat, 1, B, now=NOW + 20 * SECOND, age_ms=15_000) is Outcome.SUPERSEDED
    assert kept(session, sat) == {}


@pytest.mark.parametrize("age_ms", [-86_400_000, 0, 86_400_000, 10**15])
def test_a_wrong_clock_changes_nothing(session, sat, age_ms):
    assert save(session, sat, 1, A, now=NOW + SECOND, age_ms=age_ms) is Outcome.KEPT
    made_at = session.scalar(select(graded.SavedAnswer.made_at))
    assert NOW <= made_at <= NOW + SECOND


@pytest.mark.parametrize("age_ms", [0, 30 * 60_000])
def test_nothing_is_taken_from_the_deadline_on(session, sat, age_ms):
    last = NOW + HOUR - timedelta(microseconds=1)
    assert save(session, sat, 1, A, now=last) is Outcome.KEPT
    assert save(session, sat, 1, B, now=NOW + HOUR, age_ms=age_ms) is Outcome.LATE
    assert kept(session, sat) == {1: (A, None, 1)}
    assert [outcome for _, _, outcome in log(session, sat)] == ["kept", "late"]


def test_nothing_is_taken_after_submitting(session, sat):
    submit(session, sat)
    assert save(session, sat, 1, A, now=NOW + SECOND) is Outcome.LATE
    assert graded.attempt(session, sat).answered == 0


def test_an_answer_can_be_taken_back(session, sat):
    save(session, sat, 1, A)
    assert save(session, sat, 1, frozenset()) is Outcome.KEPT
    attempt = graded.attempt(session, sat)
    assert (kept(session, sat), attempt.answered, attempt.marks[0]) == ({}, 0, Mark.SKIPPED)


def test_what_was_left_behind_takes_no_answer_where_there_is_no_going_back(
    session, ada, school_class
):
    exam = make_assignment(session, school_class, replace(EXAM, may_go_back=False))
    sat = begin(session, ada, exam)
    save(session, sat, 1, A)
    sitting.go_on(session, sat, 1, NOW)
    sitting.go_on(session, sat, 1, NOW)  # a double click
    assert graded.attempt(session, sat).marks == "as--"
    assert save(session, sat, 1, B) is Outcome.SETTLED
    assert save(session, sat, 2, B) is Outcome.KEPT
    assert kept(session, sat) == {1: (A, None, 1), 2: (B, None, 1)}


def test_all_questions_on_one_page_count_as_seen(session, ada, school_class):
    exam = make_assignment(session, school_class, replace(EXAM, layout=Layout.ALL))
    assert graded.attempt(session, begin(session, ada, exam)).marks == "ssss"


def test_seeing_a_question_is_noted_once_and_harms_no_answer(session, sat):
    save(session, sat, 2, A)
    for position in (2, 3, 3):
        sitting.see(session, sat, position, NOW)
    assert graded.attempt(session, sat).marks == "sas-"


def test_nothing_is_seen_any_more_from_the_deadline_on(session, sat):
    sitting.see(session, sat, 3, NOW + HOUR)
    sitting.go_on(session, sat, 1, NOW + HOUR)
    assert graded.attempt(session, sat).marks == "s---"


def test_practice_tallies_do_not_count_graded_answers(session, ada, sat):
    attempt = cast.begin(session, ada)
    cast.answer(session, ada, attempt, 1)
    before = graded.practice_tallies(session)
    for position in range(1, 5):
        save(session, sat, position, A)
    submit(session, sat)
    assert graded.practice_tallies(session) == before
    assert wrong_tallies(session) == []
    rebuild(session)
    assert graded.practice_tallies(session) == before


# Checking


@pytest.fixture
def tried(session, ada, school_class):
    """The id of an attempt where each answer is judged at once and may be tried three times."""
    return begin(session, ada, make_assignment(session, school_class, RETRIES))


def test_a_wrong_answer_is_tried_again_for_less(session, tried):
    key = right(session, tried, 1)
    assert check(session, tried, 1, wrong(session, tried, 1), tries=0) is Outcome.KEPT
    assert check(session, tried, 1, key, tries=1) is Outcome.KEPT
    assert kept(session, tried) == {1: (key, None, 2)}
    assert check(session, tried, 1, key, tries=2) is Outcome.SETTLED
    assert submit(session, tried).credit == Fraction(7, 10)


def test_tries_used_up_settle_a_question(session, tried):
    miss = wrong(session, tried, 1)
    for tries in range(3):
        assert check(session, tried, 1, miss, tries) is Outcome.KEPT
    assert check(session, tried, 1, right(session, tried, 1), tries=3) is Outcome.SETTLED
    assert save(session, tried, 1, right(session, tried, 1)) is Outcome.SETTLED
    assert submit(session, tried).credit == 0


def test_who_is_right_at_a_try_that_earns_nothing_has_no_other(session, ada, school_class):
    policy = replace(RETRIES, retry_credits=(Fraction(1), Fraction(0), Fraction(0)))
    tried = begin(session, ada, make_assignment(session, school_class, policy))
    check(session, tried, 1, wrong(session, tried, 1))
    assert check(session, tried, 1, right(session, tried, 1), tries=1) is Outcome.KEPT
    assert check(session, tried, 1, wrong(session, tried, 1), tries=2) is Outcome.SETTLED


def test_a_double_click_is_one_try_and_another_answer_as_the_same_try_is_none(session, tried):
    miss = wrong(session, tried, 1)
    assert check(session, tried, 1, miss, tries=0) is Outcome.KEPT
    assert check(session, tried, 1, miss, tries=0) is Outcome.KEPT
    assert check(session, tried, 1, right(session, tried, 1), tries=0) is Outcome.SETTLED
    assert kept(session, tried) == {1: (miss, None, 1)}


def test_an_attempt_does_not_end_before_its_last_answer(session, sat):
    save(session, sat, 1, A, now=NOW + 2 * SECOND)
    assert submit(session, sat, NOW + SECOND).ended_at == NOW + 2 * SECOND


def test_an_attempt_does_not_end_before_its_start(session, sat):
    assert submit(session, sat, NOW - SECOND).ended_at == NOW


# On SQLite writers take turns, and nobody waits while holding something.
@pytest.mark.parametrize(
    "databases", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_who_submits_waits_for_who_edits_and_holds_nothing_meanwhile(
    database_url, session, exam, sat
):
    """Else the edit, which comes to the attempts last, and the submission wait for each other."""
    exam_id = exam.id
    with sessions(database_url) as editing:
        editing.scalars(select(Assignment).where(Assignment.id == exam_id).with_for_update()).one()
        submission = Thread(target=_submit_elsewhere, args=(database_url, sat))
        submission.start()
        while not editing.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            assert submission.is_alive()
        held = select(Attempt.id).where(Attempt.id == sat).with_for_update(nowait=True)
        assert editing.scalar(held) == sat
        editing.rollback()
        submission.join()
    assert graded.attempt(session, sat).ended_at == NOW


def _submit_elsewhere(database_url: str, attempt_id: int) -> None:
    with sessions(database_url) as own:
        submit(own, attempt_id)


def test_of_two_first_checks_at_once_one_is_judged(database_url, session, tried):
    barrier, outcomes, choices = Barrier(2), [], (A, B)
    session.rollback()

    def judge(chosen: frozenset[int]) -> None:
        with sessions(database_url) as own:
            barrier.wait()
            outcomes.append(check(own, tried, 1, chosen))

    threads = [Thread(target=judge, args=(chosen,)) for chosen in choices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [Outcome.KEPT, Outcome.SETTLED]
    assert kept(session, tried)[1][2] == 1


def test_what_was_saved_and_not_checked_counts_as_the_try_that_it_would_have_been(session, tried):
    check(session, tried, 1, wrong(session, tried, 1))
    assert save(session, tried, 1, right(session, tried, 1)) is Outcome.KEPT
    save(session, tried, 2, right(session, tried, 2))
    assert kept(session, tried)[1][2] == 2
    assert submit(session, tried).credit == Fraction(17, 10)


def test_a_judged_answer_cannot_be_taken_back_for_a_new_first_try(session, tried):
    check(session, tried, 1, wrong(session, tried, 1))
    save(session, tried, 1, right(session, tried, 1))
    assert save(session, tried, 1, frozenset()) is Outcome.SETTLED
    assert kept(session, tried)[1][2] == 2


def test_nothing_is_checked_from_the_deadline_on(session, ada, school_class):
    limited = replace(RETRIES, time_limit=HOUR)
    tried = begin(session, ada, make_assignment(session, school_class, limited))
    assert check(session, tried, 1, A, now=NOW + HOUR) is Outcome.LATE
    assert kept(session, tried) == {}


def test_nothing_is_judged_where_the_policy_shows_nothing_at_once(session, sat):
    with pytest.raises(ValueError, match="nothing is judged"):
        check(session, sat, 1, A)
    assert log(session, sat) == []


# Leaving, and becoming somebody else


@pytest.mark.parametrize(
    "databases", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
@pytest.mark.parametrize("act", ["begin", "grant"])
def test_what_is_done_for_who_leaves_meanwhile_waits_and_is_not_done(
    database_url, session, people, ada, exam, sat, act
):
    """Else they wait for each other: one has the student's place, the other all the rest."""
    exam_id, place = exam.id, session.scalars(select(Enrolment.id)).one()
    session.rollback()

    def do() -> None:
        with sessions(database_url) as own:
            if act == "begin":
                begin(own, ada, exam_id, "another-key", NOW + HOUR)
            else:
                assignments.grant(own, people.grace.account_id, place, None, MORE, NOW)

    with sessions(database_url) as leaving, meanwhile(leaving, "DELETE FROM account", do) as done:
        delete_account(leaving, ada.account_id)
        with pytest.raises((CannotStart, NoResultFound)):
            done[0].result()
    assert session.get(Attempt, sat) is None


@pytest.mark.parametrize(
    "databases", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_who_leaves_while_their_attempt_is_handed_in_waits(database_url, session, ada, sat):
    """Else they wait for each other: what is handed in points to the account."""

    def leave() -> None:
        with sessions(database_url) as own:
            delete_account(own, ada.account_id)

    settling = "UPDATE attempt SET credit"
    with sessions(database_url) as own, meanwhile(own, settling, leave) as left:
        sitting.submit(own, sat, EndedBy.LEARNER, NOW)
        left[0].result()
    session.rollback()
    assert session.get(Attempt, sat) is None


@pytest.mark.parametrize(
    "databases", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_who_signs_in_holds_the_guests_attempts_in_the_order_in_which_all_do(
    database_url, session, people, school_class
):
    visitor = cast.guest(session)
    enrol(session, school_class, visitor)
    first, second = (
        begin(session, visitor, make_assignment(session, school_class)) for _ in range(2)
    )
    # As the table has it, the first now comes after the second.
    session.execute(update(Attempt).where(Attempt.id == first).values(start_key="another"))
    session.commit()
    with ThreadPoolExecutor(1) as threads, sessions(database_url) as saving:
        held = select(Attempt.id).with_for_update(nowait=True)
        saving.scalars(held.where(Attempt.id == first)).one()

        def sign_in() -> None:
            with sessions(database_url) as own:
                adopt_guest(own, visitor.account_id, people.mallory.account_id)

        signed_in = threads.submit(sign_in)
        wait([signed_in], timeout=0.5)
        assert saving.scalars(held.where(Attempt.id == second)).one() == second
        saving.rollback()
        signed_in.result()
    assert graded.attempt(session, first).account_id == people.mallory.account_id


# Submitting


def test_submitting_settles_what_was_saved_and_doing_so_again_changes_nothing(session, sat):
    for position in range(1, 4):
        save(session, sat, position, right(session, sat, position))
    first = submit(session, sat, NOW + MINUTE)
    told = (first.ended_at, first.ended_by, first.credit, first.worth)
    assert told == (NOW + MINUTE, EndedBy.LEARNER, 3, 4)
    again = submit(session, sat, NOW + 2 * MINUTE, EndedBy.TEACHER)
    assert (again.ended_at, again.ended_by, again.credit, again.worth) == told


def test_who_submits_after_the_deadline_has_submitted_at_the_deadline(session, sat):
    attempt = submit(session, sat, NOW + 2 * HOUR)
    assert (attempt.ended_at, attempt.ended_by) == (NOW + HOUR, EndedBy.TIME)


def test_what_is_overdue_is_submitted_with_what_was_saved(session, sat, ada):
    save(session, sat, 1, right(session, sat, 1))
    assert sitting.submit_overdue(session, NOW + HOUR - SECOND) == 0
    assert sitting.submit_overdue(session, NOW + HOUR + SECOND) == 1
    assert sitting.submit_overdue(session, NOW + HOUR + SECOND) == 0
    attempt = graded.attempt(session, sat)
    assert (attempt.ended_at, attempt.ended_by) == (NOW + HOUR, EndedBy.TIME)
    assert (attempt.credit, attempt.worth) == (1, 4)


def test_an_overdue_attempt_is_submitted_before_the_next_is_started(session, ada, school_class):
    homework = make_assignment(session, school_class, replace(HOMEWORK, time_limit=HOUR))
    first = begin(session, ada, homework)
    second = begin(session, ada, homework, "another-key", NOW + HOUR)
    assert second != first
    assert graded.attempt(session, first).ended_by == EndedBy.TIME


def test_an_overdue_attempt_is_submitted_also_where_no_other_may_be_started(
    session, ada, exam, sat
):
    assert refused(session, ada, exam, start_key="another", now=NOW + HOUR) is Refusal.NONE_LEFT
    assert graded.attempt(session, sat).ended_by == EndedBy.TIME


def test_more_time_reaches_a_running_attempt(session, ada, exam, sat):
    graded.grant(session, session.scalar(select(Enrolment.id)), exam.id, time_percent=200)
    assert graded.attempt(session, sat).deadline == NOW + 2 * HOUR
    assert save(session, sat, 1, A, now=NOW + 90 * MINUTE) is Outcome.KEPT


def test_no_change_moves_a_running_deadline_earlier(session, ada, exam, sat):
    graded.change_policy(session, exam.id, replace(EXAM, time_limit=10 * MINUTE))
    sitting.extend_deadlines(session.connection(), exam.id, NOW)
    session.commit()
    assert graded.attempt(session, sat).deadline == NOW + HOUR


def test_more_time_does_not_bring_back_what_is_over(session, ada, exam, sat):
    enrolment = session.scalar(select(Enrolment.id))
    graded.grant(session, enrolment, exam.id, NOW + HOUR, time_percent=200)
    assert graded.attempt(session, sat).deadline == NOW + HOUR


def test_what_got_more_time_is_not_ended_by_who_thought_that_it_was_over(session, ada, exam, sat):
    graded.grant(session, session.scalar(select(Enrolment.id)), exam.id, time_percent=200)
    attempt = submit(session, sat, NOW + HOUR, EndedBy.TIME)
    assert (attempt.ended_at, attempt.deadline) == (None, NOW + 2 * HOUR)
    assert submit(session, sat, NOW + 2 * HOUR, EndedBy.TIME).ended_at == NOW + 2 * HOUR


def test_certainty_marking_gives_thirds(session, ada, school_class):
    policy = Policy(certainty_marking=True, review=review(closed="marks"), shuffle_questions=False)
    sat = begin(session, ada, make_assignment(session, school_class, policy))
    save(session, sat, 1, right(session, sat, 1), certainty=3)
    save(session, sat, 3, wrong(session, sat, 3), certainty=2)
    assert submit(session, sat).credit == Fraction(1, 3)
