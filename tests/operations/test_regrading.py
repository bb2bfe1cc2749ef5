from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from itertools import count
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from quizapp.db.models import (
    Attempt,
    AuditEvent,
    EndedBy,
    Item,
    Mode,
    Question,
    QuestionVersion,
    Regrade,
    Role,
)
from quizapp.db.queries.accounts import Viewer
from quizapp.db.queries.regrades import (
    asked_versions,
    decided_along,
    regrade_in_force,
    regrades_of,
    regrades_offered,
    regrades_offered_about,
)
from quizapp.db.queries.sitting import exam_items
from quizapp.domain.graded.policy import Counting, Policy
from quizapp.domain.graded.regrading import Ruling
from quizapp.domain.graded.scoring import Mark
from quizapp.operations import marking, regrading, sitting
from quizapp.operations.accounts import delete_account
from quizapp.operations.regrading import ChangedMeanwhile, Plan
from quizapp.operations.statistics import differences
from tests.support import bank, cast, graded
from tests.support.cast import NOW
from tests.support.classroom import make_class
from tests.support.handed_in import assign, hand_in
from tests.support.meanwhile import meanwhile

LATER = NOW + timedelta(hours=1)
LATER_STILL = NOW + timedelta(hours=2)
HALF = Fraction(1, 2)
RIVERS = "geo/rivers.md"
NEW_KEY = bank.RIVERS.replace("- [x] At its spring", "- [ ] At its spring").replace(
    "- [ ] At its mouth", "- [x] At its mouth"
)
TYPO = bank.RIVERS.replace("Where does a river begin?", "Where does any river begin?")
WITHOUT = bank.RIVERS[: bank.RIVERS.index("## Which river is meant?")]


@pytest.fixture
def people(session):
    cast.load(session)
    return cast.everyone(session)


@pytest.fixture
def school_class(session, people):
    return make_class(session, people.grace, students=(people.ada, people.mallory))


@pytest.fixture
def policy() -> Policy:
    return Policy(pass_mark=HALF)


@pytest.fixture
def midterm(session, school_class, policy):
    """An assignment that ada got right by the old key and mallory wrong."""
    return assign(session, school_class, policy=policy)


@pytest.fixture
def attempts(session, people, midterm):
    ada = hand_in(session, midterm, people.ada, {"beginning": {0}, "movement": None})
    mallory = hand_in(session, midterm, people.mallory, {"beginning": {1}, "movement": None})
    return ada, mallory


def version_of(session, slug: str) -> int:
    """The version live when the bank was first loaded."""
    return session.scalars(
        select(QuestionVersion.id)
        .join(Question)
        .where(Question.slug == slug)
        .order_by(QuestionVersion.id)
        .limit(1)
    ).one()


def everything(session) -> list[tuple]:
    """All marks there are."""
    session.expire_all()
    items = session.execute(select(Item.id, Item.credit, Item.worth).order_by(Item.id))
    attempts = session.execute(
        select(Attempt.id, Attempt.credit, Attempt.worth).order_by(Attempt.id)
    )
    return [*map(tuple, items), *map(tuple, attempts)]


def score_of(session, attempt_id: int) -> tuple[Fraction, int | None]:
    session.expire_all()
    attempt = session.get_one(Attempt, attempt_id)
    return attempt.credit, attempt.worth


def carry_out(session, people, policy, plan, reason="the key was wrong", now=LATER) -> None:
    """Preview and then do."""
    digest = regrading.preview(session, policy, plan).digest
    grace = people.grace.account_id
    if plan.ruling is None:
        regrading.undo(session, grace, plan, digest, now)
    else:
        regrading.apply(session, grace, plan, reason, digest, now)


@pytest.fixture
def plan(session, midterm):
    """Answers to the first question graded anew, with the mouth as its key."""
    version = version_of(session, "beginning")
    return Plan(midterm.id, version, Ruling.REGRADE, frozenset({1}))


# The preview


def test_a_preview_says_whose_marks_change_by_how_much(session, policy, attempts, plan):
    seen = regrading.preview(session, policy, plan)
    ada, mallory = seen.students
    assert (ada.name, ada.before, ada.after, ada.passing) == ("ada", HALF, 0, "fails")
    assert (mallory.before, mallory.after, mallory.passing) == (0, HALF, "passes")
    (change,) = ada.attempts
    assert (change.mark_before, change.mark_after) == (Mark(Fraction(1), 1), Mark(Fraction(0), 1))
    assert (seen.raised, seen.lowered, seen.unchanged) == (1, 1, 0)
    assert (seen.newly_passing, seen.newly_failing) == (1, 1)


def test_a_preview_changes_nothing(session, policy, attempts, plan):
    before = everything(session)
    regrading.preview(session, policy, plan)
    session.commit()
    assert everything(session) == before
    assert session.scalars(select(Regrade)).all() == []


def test_who_was_not_asked_or_keeps_their_marks_is_not_listed(
    session, people, policy, midterm, attempts
):
    full = Plan(midterm.id, version_of(session, "beginning"), Ruling.FULL)
    seen = regrading.preview(session, policy, full)
    assert [student.name for student in seen.students] == ["mallory"]
    assert seen.unchanged == 1
    none_asked = Plan(midterm.id, version_of(session, "riddle"), Ruling.FULL)
    seen = regrading.preview(session, policy, none_asked)
    assert (seen.students, seen.unchanged) == ((), 0)


def test_what_counts_of_several_attempts_may_stay_although_one_changes(
    session, people, school_class
):
    policy = Policy(attempts_allowed=2, counting=Counting.BEST)
    quiz = assign(session, school_class, policy=policy)
    hand_in(session, quiz, people.ada, {"beginning": {0}}, number=1)
    hand_in(session, quiz, people.ada, {"beginning": {2}}, number=2)
    plan = Plan(quiz.id, version_of(session, "beginning"), Ruling.FULL)
    (ada,) = regrading.preview(session, policy, plan).students
    assert [change.number for change in ada.attempts] == [2]
    assert ada.before == ada.after == 1


# Doing it


def test_a_regrade_does_what_its_preview_said(session, people, policy, attempts, plan):
    carry_out(session, people, policy, plan)
    assert [score_of(session, attempt) for attempt in attempts] == [(0, 2), (1, 2)]


@pytest.mark.parametrize(
    ("ruling", "scores"),
    [
        (Ruling.KEEP, [(1, 2), (0, 2)]),
        (Ruling.FULL, [(1, 2), (1, 2)]),
        (Ruling.IGNORE, [(0, 1), (0, 1)]),
    ],
)
def test_every_ruling_has_its_marks(session, people, policy, midterm, attempts, ruling, scores):
    plan = Plan(midterm.id, version_of(session, "beginning"), ruling)
    carry_out(session, people, policy, plan)
    assert [score_of(session, attempt) for attempt in attempts] == scores


def test_several_keys_are_each_right_where_one_choice_was_asked_for(
    session, people, policy, midterm, attempts
):
    version = version_of(session, "beginning")
    carry_out(session, people, policy, Plan(midterm.id, version, Ruling.REGRADE, frozenset({0, 1})))
    assert [score_of(session, attempt) for attempt in attempts] == [(1, 2), (1, 2)]


def test_who_was_right_at_first_and_was_told_otherwise_has_full_marks(
    session, people, school_class
):
    tries = replace(graded.PRACTICE, shuffle_choices=False)
    drill = graded.make_assignment(session, school_class, tries)
    version = version_of(session, "beginning")
    attempt = graded.begin(session, people.ada, drill)
    (position,) = [i.position for i in exam_items(session, attempt) if i.version_id == version]
    for number, chosen in enumerate(({1}, {0})):  # the mouth, then the spring
        graded.check(session, attempt, position, frozenset(chosen), number)
    assert graded.submit(session, attempt).credit == Fraction(7, 10)
    plan = Plan(drill.id, version, Ruling.REGRADE, frozenset({1}))
    carry_out(session, people, tries, plan)
    assert graded.attempt(session, attempt).credit == 1
    assert differences(session) == []
    carry_out(session, people, tries, replace(plan, ruling=None, keys=None))
    assert graded.attempt(session, attempt).credit == Fraction(7, 10)


def test_several_keys_are_all_needed_where_all_were_asked_for(
    session, people, policy, school_class
):
    quiz = assign(session, school_class, title="Final", policy=policy)
    attempt = hand_in(session, quiz, people.ada, {"belongings": {0}})
    plan = Plan(quiz.id, version_of(session, "belongings"), Ruling.REGRADE, frozenset({0, 2}))
    carry_out(session, people, policy, plan)
    assert score_of(session, attempt) == (HALF, 1)


def test_another_assignment_with_the_same_question_keeps_its_marks(
    session, people, policy, school_class, attempts, plan
):
    other = assign(session, school_class, title="Final")
    attempt = hand_in(session, other, people.ada, {"beginning": {0}})
    carry_out(session, people, policy, plan)
    assert score_of(session, attempt) == (1, 1)


def test_what_is_handed_in_after_a_regrade_is_graded_by_it(
    session, people, policy, midterm, attempts, plan
):
    carry_out(session, people, policy, plan)
    later = hand_in(session, midterm, people.ada, {"beginning": {1}}, number=2)
    assert score_of(session, later) == (1, 1)


def test_a_preview_attempt_of_a_teacher_is_regraded_and_not_listed(
    session, people, policy, midterm, attempts, plan
):
    tried = hand_in(session, midterm, people.grace, {"beginning": {1}}, mode=Mode.PREVIEW)
    assert len(regrading.preview(session, policy, plan).students) == 2
    carry_out(session, people, policy, plan)
    assert score_of(session, tried) == (1, 1)


def test_an_override_survives_a_regrade(session, people, policy, attempts, plan):
    item = session.scalars(
        select(Item.id).where(Item.attempt_id == attempts[0], Item.position == 1)
    ).one()
    grace = people.grace.account_id
    marking.override_mark(session, grace, item, Fraction(3, 4), "well argued", NOW)
    carry_out(session, people, policy, plan)
    assert score_of(session, attempts[0]) == (Fraction(3, 4), 2)


def test_a_regrade_that_was_overtaken_is_refused(session, people, policy, midterm, attempts, plan):
    digest = regrading.preview(session, policy, plan).digest
    hand_in(session, midterm, people.ada, {"beginning": {0}}, number=2)
    before = everything(session)
    with pytest.raises(ChangedMeanwhile):
        regrading.apply(session, people.grace.account_id, plan, "why", digest, LATER)
    assert everything(session) == before
    assert session.scalars(select(Regrade)).all() == []


def test_confirming_twice_is_confirming_once(session, people, policy, attempts, plan):
    digest = regrading.preview(session, policy, plan).digest
    for moment in (LATER, LATER_STILL):
        regrading.apply(session, people.grace.account_id, plan, "why", digest, moment)
    (regrade,) = session.scalars(select(Regrade)).all()
    assert regrade.decided_at == LATER
    assert len(session.scalars(select(AuditEvent).where(AuditEvent.verb == "regraded")).all()) == 1


def test_a_later_regrade_takes_the_place_of_the_earlier(
    session, people, policy, midterm, attempts, plan
):
    carry_out(session, people, policy, plan)
    second = Plan(midterm.id, plan.version_id, Ruling.FULL)
    carry_out(session, people, policy, second, now=LATER_STILL)
    assert [score_of(session, attempt) for attempt in attempts] == [(1, 2), (1, 2)]
    newest, oldest = (decided.regrade for decided in regrades_of(session, midterm.id))
    assert (newest.ruling, newest.undone_at) == ("full", None)
    assert (oldest.ruling, oldest.undone_at) == ("regrade", LATER_STILL)


# Undoing it


def test_undoing_restores_every_mark(session, people, policy, attempts, plan):
    before = everything(session)
    carry_out(session, people, policy, plan)
    assert everything(session) != before
    carry_out(session, people, policy, Plan(plan.assignment_id, plan.version_id, None))
    assert everything(session) == before
    assert regrade_in_force(session, plan.assignment_id, plan.version_id) is None


def test_undoing_twice_is_undoing_once(session, people, policy, attempts, plan):
    carry_out(session, people, policy, plan)
    nothing = Plan(plan.assignment_id, plan.version_id, None)
    digest = regrading.preview(session, policy, nothing).digest
    for moment in (LATER, LATER_STILL):
        regrading.undo(session, people.grace.account_id, nothing, digest, moment)
    assert session.scalars(select(Regrade.undone_at)).all() == [LATER]


def test_the_audit_says_who_and_why(session, people, policy, attempts, plan):
    carry_out(session, people, policy, plan, reason="two of us checked")
    carry_out(session, people, policy, Plan(plan.assignment_id, plan.version_id, None))
    events = session.scalars(
        select(AuditEvent).where(AuditEvent.subject == "question").order_by(AuditEvent.id)
    ).all()
    assert [(event.actor, event.verb) for event in events] == [
        ("grace", "regraded"),
        ("grace", "undid the regrade of"),
    ]
    assert {event.details["reason"] for event in events} == {"two of us checked"}
    assert events[0].details["raised"] == events[0].details["lowered"] == 1


# What is offered


def offers(session, school_class) -> list[tuple[str, str]]:
    found = regrades_offered(session, [school_class.id])
    return [(offer.slug, offer.reason) for offer in found]


def change(session, text: str, now=LATER) -> None:
    cast.load(session, {**bank.FILES, RIVERS: text}, now)


def test_nothing_is_offered_while_nothing_changed(session, school_class, attempts):
    assert offers(session, school_class) == []


def test_a_changed_key_is_offered(session, school_class, attempts):
    change(session, NEW_KEY)
    assert offers(session, school_class) == [("beginning", "key")]


def test_a_dropped_question_is_offered(session, people, school_class, midterm):
    hand_in(session, midterm, people.ada, {"riddle": {0}, "movement": {1}})
    change(session, WITHOUT)
    assert offers(session, school_class) == [("riddle", "retired")]


def retire_deck(session, now=LATER) -> None:
    files = {name: text for name, text in bank.FILES.items() if name != RIVERS}
    cast.load(session, files, now)


def test_questions_of_a_deck_that_was_retired_are_offered(session, school_class, midterm, attempts):
    retire_deck(session)
    assert offers(session, school_class) == [("beginning", "deck"), ("movement", "deck")]
    assert all(line.retired_at for line in asked_versions(session, midterm.id))


def test_a_deck_that_is_back_is_no_reason_to_ask(session, school_class, attempts):
    retire_deck(session)
    cast.load(session, bank.FILES, LATER_STILL)
    assert offers(session, school_class) == []


def test_a_changed_key_is_decided_by_itself_although_its_deck_was_retired(
    session, people, policy, school_class, midterm, attempts
):
    change(session, NEW_KEY)
    retire_deck(session, LATER_STILL)
    assert offers(session, school_class) == [("beginning", "key"), ("movement", "deck")]
    plan = Plan(midterm.id, version_of(session, "beginning"), Ruling.KEEP)
    carry_out(session, people, policy, plan, now=LATER_STILL)
    assert offers(session, school_class) == [("movement", "deck")]


def test_what_was_kept_for_another_key_is_not_taken_for_undecided_about_it(
    session, people, policy, school_class, midterm, attempts
):
    change(session, NEW_KEY)
    plan = Plan(midterm.id, version_of(session, "beginning"), Ruling.KEEP)
    carry_out(session, people, policy, plan, now=LATER_STILL)
    retire_deck(session, LATER_STILL + timedelta(hours=1))
    assert offers(session, school_class) == [("beginning", "deck"), ("movement", "deck")]


def test_answers_graded_anew_are_settled_although_their_deck_is_retired(
    session, people, policy, school_class, attempts, plan
):
    carry_out(session, people, policy, plan)
    retire_deck(session, LATER_STILL)
    assert offers(session, school_class) == [("movement", "deck")]


@pytest.fixture
def whole_deck(session, midterm):
    """All that was asked of a deck, left out at once."""
    first, other = version_of(session, "beginning"), version_of(session, "movement")
    return Plan(midterm.id, first, Ruling.IGNORE, along=frozenset({other}))


def test_a_whole_deck_is_decided_about_and_undone_at_once(
    session, people, policy, school_class, midterm, attempts, whole_deck
):
    retire_deck(session)
    before = everything(session)
    seen = regrading.preview(session, policy, whole_deck)
    assert [student.name for student in seen.students] == ["ada", "mallory"]
    (change,) = seen.students[0].attempts
    assert (change.mark_before, change.mark_after) == (Mark(Fraction(1), 2), Mark(Fraction(0), 0))
    carry_out(session, people, policy, whole_deck, reason="it leaked", now=LATER_STILL)
    assert [score_of(session, attempt) for attempt in attempts] == [(0, 0), (0, 0)]
    assert offers(session, school_class) == []
    assert differences(session) == []

    (other,) = whole_deck.along
    assert decided_along(session, midterm.id, other) == [whole_deck.version_id]
    undoing = Plan(midterm.id, other, None, along=frozenset({whole_deck.version_id}))
    carry_out(session, people, policy, undoing, now=LATER_STILL)
    assert everything(session) == before
    assert differences(session) == []
    events = session.execute(
        select(AuditEvent.verb, AuditEvent.label, AuditEvent.details)
        .where(AuditEvent.subject == "deck")
        .order_by(AuditEvent.id)
    ).all()
    told = [
        (verb, label, details["questions"], details["reason"]) for verb, label, details in events
    ]
    assert told == [
        ("regraded", "All about rivers", 2, "it leaked"),
        ("undid the regrade of", "All about rivers", 2, "it leaked"),
    ]


def test_a_deck_confirmed_twice_is_decided_once(session, people, policy, attempts, whole_deck):
    digest = regrading.preview(session, policy, whole_deck).digest
    for moment in (LATER, LATER_STILL):
        regrading.apply(session, people.grace.account_id, whole_deck, "why", digest, moment)
    assert session.scalars(select(Regrade.decided_at)).all() == [LATER, LATER]


def test_what_was_decided_anew_since_is_not_undone_along(
    session, people, policy, midterm, attempts, whole_deck
):
    carry_out(session, people, policy, whole_deck)
    (other,) = whole_deck.along
    full = Plan(midterm.id, other, Ruling.FULL)
    carry_out(session, people, policy, full, now=LATER_STILL)
    assert decided_along(session, midterm.id, whole_deck.version_id) == []
    assert decided_along(session, midterm.id, other) == []


def test_several_questions_have_no_key_in_common():
    with pytest.raises(ValueError, match="one by one"):
        Plan(1, 1, Ruling.REGRADE, frozenset({0}), along=frozenset({2}))


def test_a_changed_wording_is_no_reason_to_ask(session, school_class, attempts):
    change(session, TYPO)
    assert offers(session, school_class) == []


def test_a_question_that_nobody_was_asked_is_no_reason_either(session, school_class, midterm):
    change(session, NEW_KEY)
    assert offers(session, school_class) == []


@pytest.mark.parametrize("ruling", [Ruling.KEEP, Ruling.FULL, Ruling.IGNORE])
def test_what_was_decided_is_offered_no_more(
    session, people, policy, school_class, midterm, attempts, ruling
):
    change(session, NEW_KEY)
    version = version_of(session, "beginning")
    carry_out(session, people, policy, Plan(midterm.id, version, ruling), now=LATER_STILL)
    assert offers(session, school_class) == []
    carry_out(session, people, policy, Plan(midterm.id, version, None), now=LATER_STILL)
    assert offers(session, school_class) == [("beginning", "key")]


def test_a_key_that_was_corrected_in_grading_first_is_not_asked_about(
    session, people, policy, school_class, attempts, plan
):
    carry_out(session, people, policy, plan)
    change(session, NEW_KEY, now=LATER_STILL)
    assert offers(session, school_class) == []


def test_marks_that_were_kept_are_asked_about_when_the_key_changes_again(
    session, people, policy, school_class, midterm, attempts
):
    version = version_of(session, "beginning")
    carry_out(session, people, policy, Plan(midterm.id, version, Ruling.KEEP))
    change(session, NEW_KEY, now=LATER_STILL)
    assert offers(session, school_class) == [("beginning", "key")]


def test_what_was_asked_is_listed_with_its_number_and_ruling(
    session, people, policy, midterm, attempts, plan
):
    carry_out(session, people, policy, plan)
    found = [(line.slug, line.asked, line.ruling) for line in asked_versions(session, midterm.id)]
    assert found == [("beginning", 2, "regrade"), ("movement", 2, None)]


def test_a_question_tells_those_who_teach_a_class_that_was_asked_it(
    session, people, school_class, attempts
):
    change(session, NEW_KEY)
    question = session.scalars(select(Question.id).where(Question.slug == "beginning")).one()

    def told(viewer: Viewer) -> int:
        return len(regrades_offered_about(session, viewer, question))

    assert told(Viewer(people.grace.account_id, "grace", Role.INSTRUCTOR)) == 1
    assert told(Viewer(people.mallory.account_id, "mallory", Role.INSTRUCTOR)) == 0
    assert told(Viewer(people.mallory.account_id, "mallory", Role.ADMIN)) == 1


# At the same time


@pytest.fixture
def elsewhere(database_url, people, policy, plan):
    """What others do on connections of their own: hand in an attempt, and make the mouth the key.
    `meanwhile` is done when all is written and before it holds."""

    def submit(attempt: int, meanwhile=None) -> None:
        with cast.sessions(database_url) as own:
            if meanwhile:
                event.listen(own, "before_commit", meanwhile, once=True)
            sitting.submit(own, attempt, EndedBy.LEARNER, NOW)

    def regrade(meanwhile=None) -> None:
        with cast.sessions(database_url) as own:
            if meanwhile:
                event.listen(own, "before_commit", meanwhile, once=True)
            while True:
                try:
                    return carry_out(own, people, policy, plan)
                except ChangedMeanwhile:
                    own.rollback()

    return SimpleNamespace(submit=submit, regrade=regrade)


@pytest.fixture
def running(session, midterm, attempts) -> list[int]:
    """Attempts that are not handed in yet, with the mouth as the answer to the first question."""
    students = [cast.guest(session, f"student {number}") for number in range(6)]
    answers = {"beginning": {1}, "movement": {1}}
    return [hand_in(session, midterm, student, answers, at=None) for student in students]


def test_what_is_handed_in_before_a_regrade_holds_waits_for_it(session, elsewhere, running):
    with ThreadPoolExecutor() as threads:

        def submit(_session) -> None:
            wait([threads.submit(elsewhere.submit, running[0])], timeout=1)

        elsewhere.regrade(submit)
    session.rollback()
    assert score_of(session, running[0]) == (2, 2)
    assert differences(session) == []


def test_a_regrade_waits_for_what_is_being_handed_in(session, elsewhere, running):
    with ThreadPoolExecutor() as threads:

        def regrade(_session) -> None:
            wait([threads.submit(elsewhere.regrade)], timeout=1)

        elsewhere.submit(running[0], regrade)
    session.rollback()
    assert score_of(session, running[0]) == (2, 2)
    assert differences(session) == []


def test_many_hand_in_while_a_question_is_regraded(session, elsewhere, running):
    with ThreadPoolExecutor(max_workers=7) as threads:
        regraded = threads.submit(elsewhere.regrade)
        list(threads.map(elsewhere.submit, running))
        regraded.result()
    session.rollback()
    assert {score_of(session, attempt) for attempt in running} == {(2, 2)}
    assert differences(session) == []


@pytest.mark.parametrize(
    "databases", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_a_regrade_waits_for_who_leaves(
    database_url, session, school_class, policy, attempts, elsewhere
):
    """Else they wait for each other: one has the tallies, the other points to the question."""
    student = cast.guest(session, "leaving")
    hand_in(session, assign(session, school_class, "Final", policy), student, {"beginning": {1}})
    session.rollback()
    gone = "DELETE FROM account"
    with cast.sessions(database_url) as own, meanwhile(own, gone, elsewhere.regrade) as done:
        delete_account(own, student.account_id)
        done[0].result()
    assert [score_of(session, attempt) for attempt in attempts] == [(0, 2), (1, 2)]
    assert differences(session) == []


# Whatever is answered and decided

KEYS = {"beginning": {0}, "belongings": {0, 1}, "movement": {1}}
SIZES = {"beginning": 3, "belongings": 4, "movement": 3}


def expected_mark(slug, chosen, ruling, keys, override) -> Mark:
    """The mark of an answer, worked out once more from the rules as they are written down."""
    if ruling is Ruling.IGNORE:
        return Mark(Fraction(0), 0)
    if override is not None:
        return Mark(override, 1)
    if ruling is Ruling.FULL:
        return Mark(Fraction(1), 1)
    right = keys if ruling is Ruling.REGRADE else KEYS[slug]
    if not chosen:
        return Mark(Fraction(0), 1)
    if len(KEYS[slug]) == 1:
        return Mark(Fraction(1 if chosen <= right else 0), 1)
    points = len(chosen & right) - len(chosen - right)
    return Mark(Fraction(max(points, 0), len(right)), 1)


def an_answer(slug: str):
    places = st.integers(0, SIZES[slug] - 1)
    most = 1 if len(KEYS[slug]) == 1 else SIZES[slug]
    return st.none() | st.sets(places, min_size=1, max_size=most)


def a_decision(slug: str):
    keys = st.sets(st.integers(0, SIZES[slug] - 1), min_size=1, max_size=SIZES[slug] - 1)
    others = st.sampled_from([Ruling.KEEP, Ruling.FULL, Ruling.IGNORE]).map(lambda r: (r, None))
    return st.tuples(st.just(slug), keys.map(lambda k: (Ruling.REGRADE, frozenset(k))) | others)


ANSWERS = st.fixed_dictionaries({slug: an_answer(slug) for slug in KEYS})
DECISIONS = st.lists(st.sampled_from(sorted(KEYS)).flatmap(a_decision), max_size=4)
OVERRIDES = st.dictionaries(
    st.sampled_from(sorted(KEYS)), st.integers(0, 100).map(lambda n: Fraction(n, 100)), max_size=2
)


@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(answers=ANSWERS, decisions=DECISIONS, overrides=OVERRIDES)
def test_marks_follow_from_answers_rulings_and_overrides_and_undoing_restores_them(
    session, people, school_class, numbers, answers, decisions, overrides
):
    policy, grace = Policy(), people.grace.account_id
    quiz = assign(session, school_class, title=f"Quiz {next(numbers)}", policy=policy)
    attempt = hand_in(session, quiz, people.ada, answers)
    items = session.scalars(
        select(Item.id).where(Item.attempt_id == attempt).order_by(Item.position)
    ).all()
    for slug, credit in overrides.items():
        item = items[list(answers).index(slug)]
        marking.override_mark(session, grace, item, credit, "argued", LATER)
    before = everything(session)
    in_force: dict[str, tuple[Ruling, frozenset[int] | None]] = {}
    for slug, (ruling, keys) in decisions:
        plan = Plan(quiz.id, version_of(session, slug), ruling, keys)
        carry_out(session, people, policy, plan)
        in_force[slug] = ruling, keys

    marks = [
        expected_mark(slug, chosen, *in_force.get(slug, (None, None)), overrides.get(slug))
        for slug, chosen in answers.items()
    ]
    session.expire_all()
    kept = [session.get_one(Item, item) for item in items]
    assert [Mark(item.credit, item.worth) for item in kept] == marks
    total = sum((m.credit for m in marks), Fraction(0)), sum(m.worth for m in marks)
    assert score_of(session, attempt) == total
    assert differences(session) == []

    for slug in in_force:
        carry_out(session, people, policy, Plan(quiz.id, version_of(session, slug), None))
    assert everything(session) == before
    assert differences(session) == []


@pytest.fixture
def numbers():
    """Numbers for the quizzes of one test, whose database its examples share."""
    return count()
