"""Setting graded work: what is kept, what is refused, what is noted, what students gain."""

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from quizapp.db.models import (
    Accommodation,
    Account,
    Assignment,
    AssignmentDeck,
    Attempt,
    AuditEvent,
    Deck,
    EndedBy,
    Enrolment,
    Item,
    QuestionFile,
    Role,
)
from quizapp.db.queries.assignments import (
    assignment_lines,
    candidates,
    deeds_about,
    granted_in,
    has_begun,
    practised_decks,
)
from quizapp.domain.graded import timing
from quizapp.domain.graded.policy import PRESETS, Policy
from quizapp.domain.graded.pools import Pool, TooFew
from quizapp.domain.graded.timing import Window
from quizapp.operations import assignments, sitting
from quizapp.operations.assignments import HasBegun, Plan, Refused, plan_of
from tests.support import cast
from tests.support.cast import NOW
from tests.support.classroom import enrol, make_class

KEY = "assignment-of-22-chars"
HOUR = timedelta(hours=1)
PLAN = Plan(
    title="Rivers",
    policy=replace(PRESETS["exam"].policy, attempts_allowed=2),
    pools=(Pool(decks=("rivers",), count=2),),
    instructions="Take your time.",
    window=Window(NOW, NOW + 2 * HOUR, NOW + 2 * HOUR),
    weight=3,
    holds_back=True,
    holds_marks=True,
)


@pytest.fixture
def people(session: Session):
    cast.load(session)
    return cast.everyone(session)


@pytest.fixture
def seminar(session: Session, people):
    """The id of grace's class, with ada in it."""
    found = make_class(session, people.grace)
    enrol(session, found, people.ada)
    return found.id


@pytest.fixture
def work(session: Session, people, seminar) -> int:
    """The id of an assignment that is published and open."""
    made = create(session, people.grace, seminar)
    assignments.publish(session, people.grace.account_id, made, NOW)
    return made


def create(session: Session, person, class_id: int, plan: Plan = PLAN, key: str = KEY) -> int:
    assignments.create(session, person.account_id, class_id, plan, key, NOW)
    return session.scalars(select(Assignment.id).where(Assignment.public_id == key)).one()


def kept(session: Session, assignment_id: int) -> Plan:
    session.expire_all()
    return plan_of(session.get_one(Assignment, assignment_id))


def decks_of(session: Session, assignment_id: int) -> set[str]:
    return set(
        session.scalars(
            select(Deck.slug)
            .join(AssignmentDeck, AssignmentDeck.deck_id == Deck.id)
            .where(AssignmentDeck.assignment_id == assignment_id)
        )
    )


def begin(session: Session, person, assignment_id: int, now=NOW, key: str = "start-1") -> Attempt:
    public_id = sitting.start(
        session, assignment_id, person.account_id, key, Random(f"{person.account_id} {key}"), now
    )
    return session.scalars(select(Attempt).where(Attempt.public_id == public_id)).one()


def deadline_of(session: Session, attempt: Attempt):
    session.expire_all()
    return attempt.deadline


def change(session: Session, person, assignment_id: int, now=NOW, **changes) -> None:
    plan = replace(kept(session, assignment_id), **changes)
    assignments.update_plan(session, person.account_id, assignment_id, plan, now)


def adas_place(session: Session) -> int:
    """The id of the one enrolment."""
    return session.scalars(select(Enrolment.id)).one()


def verbs(session: Session, assignment_id: int) -> list[str]:
    return [deed.verb for deed in deeds_about(session, assignment_id)]


def number_of(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


# Making


def test_a_draft_is_kept_as_it_was_planned(session, people, seminar):
    made = create(session, people.grace, seminar)
    assert kept(session, made) == PLAN
    assert session.get_one(Assignment, made).published_at is None
    assert decks_of(session, made) == {"rivers"}


def test_a_form_that_is_sent_twice_makes_one_assignment(session, people, seminar):
    made = create(session, people.grace, seminar)
    assert create(session, people.grace, seminar, replace(PLAN, title="Again")) == made
    assert kept(session, made).title == "Rivers"
    assert verbs(session, made) == ["created"]


@pytest.mark.parametrize(
    ("pools", "decks"),
    [
        ([Pool(decks=("rivers",)), Pool(decks=("seas",))], {"rivers", "seas"}),
        ([Pool(topics=("Seas",))], {"seas"}),
        ([Pool(questions=("rivers/riddle",))], {"rivers"}),
    ],
)
def test_the_decks_are_those_of_the_pools(session, people, seminar, pools, decks):
    made = create(session, people.grace, seminar, replace(PLAN, pools=tuple(pools)))
    assert decks_of(session, made) == decks
    change(session, people.grace, made, pools=(Pool(decks=("rivers",)),))
    assert decks_of(session, made) == {"rivers"}


# What may be drawn


@pytest.fixture
def uploaded(session: Session, people):
    """The seas as heidi's own upload, not shared."""
    heidi = cast.register(session, "heidi", Role.INSTRUCTOR)
    file = session.scalars(
        select(QuestionFile).join(Deck, Deck.file_id == QuestionFile.id).where(Deck.slug == "seas")
    ).one()
    file.origin, file.owner_id, file.is_shared = "upload", heidi.account_id, False
    session.commit()
    return heidi


def usable_decks(session: Session, person, assignment_id: int | None = None) -> set[str]:
    found = candidates(session, person.account_id, assignment_id)
    return {each.offer.deck for each in found}


def test_an_upload_is_drawn_by_its_owner_and_by_admins_only(session, people, uploaded):
    admin = cast.register(session, "trent", Role.INSTRUCTOR)
    session.get_one(Account, admin.account_id).role = Role.ADMIN
    session.commit()
    assert usable_decks(session, people.grace) == {"rivers"}
    assert usable_decks(session, uploaded) == {"rivers", "seas"}
    assert usable_decks(session, admin) == {"rivers", "seas"}


def test_a_shared_upload_is_drawn_by_all(session, people, uploaded):
    session.scalars(
        select(QuestionFile).where(QuestionFile.owner_id.is_not(None))
    ).one().is_shared = True
    session.commit()
    assert usable_decks(session, people.grace) == {"rivers", "seas"}


def test_a_deck_of_somebody_else_cannot_be_named(session, people, seminar, uploaded):
    named = replace(PLAN, pools=(Pool(decks=("rivers", "seas")), Pool(topics=("Seas",))))
    assert decks_of(session, create(session, people.grace, seminar, named)) == {"rivers"}


def test_a_second_teacher_keeps_the_decks_that_are_in_use(session, people, seminar, uploaded):
    made = create(session, uploaded, seminar, replace(PLAN, pools=(Pool(decks=("seas",)),)))
    assert usable_decks(session, people.grace, made) == {"rivers", "seas"}
    change(session, people.grace, made, title="Mended")
    assert decks_of(session, made) == {"seas"}


# Handing out


def test_students_see_it_once_it_is_published(session, people, seminar):
    made = create(session, people.grace, seminar)
    for _ in range(2):
        assignments.publish(session, people.grace.account_id, made, NOW)
    assert session.get_one(Assignment, made).published_at == NOW
    assert verbs(session, made) == ["published", "created"]


def test_what_has_too_few_questions_is_not_published(session, people, seminar):
    made = create(
        session, people.grace, seminar, replace(PLAN, pools=(Pool(decks=("seas",), count=9),))
    )
    with pytest.raises(TooFew) as few:
        assignments.publish(session, people.grace.account_id, made, NOW)
    assert (few.value.index, few.value.wanted, few.value.there) == (0, 9, 1)
    assert session.get_one(Assignment, made).published_at is None


def test_it_can_become_a_draft_again_until_someone_begins(session, people, work):
    grace = people.grace.account_id
    assignments.withdraw(session, grace, work, NOW)
    assert session.get_one(Assignment, work).published_at is None
    assignments.publish(session, grace, work, NOW)
    begin(session, people.ada, work)
    with pytest.raises(HasBegun):
        assignments.withdraw(session, grace, work, NOW)
    assert session.get_one(Assignment, work).published_at == NOW


def test_it_is_archived_and_brought_back_as_it_was(session, people, work):
    grace = people.grace.account_id
    for act in (assignments.archive, assignments.archive, assignments.restore):
        act(session, grace, work, NOW)
    assert kept(session, work) == PLAN
    assert session.get_one(Assignment, work).archived_at is None
    assert verbs(session, work)[:2] == ["restored", "archived"]


# Changing


def test_before_anyone_begins_everything_may_change(session, people, work):
    new = Plan("Seas", Policy(attempts_allowed=None), (Pool(decks=("seas",)),))
    assignments.update_plan(session, people.grace.account_id, work, new, NOW)
    assert kept(session, work) == new
    assert decks_of(session, work) == {"seas"}


def test_a_change_is_noted_with_what_changed(session, people, work):
    change(
        session, people.grace, work, title="Streams", policy=replace(PLAN.policy, pass_mark=None)
    )
    change(session, people.grace, work)
    assert verbs(session, work) == ["changed", "published", "created"]
    deed = deeds_about(session, work)[0]
    assert (deed.actor, deed.label, deed.class_id) == ("grace", "Streams", 1)
    assert deed.details == {"what": ["title", "pass_mark"]}


def test_once_someone_has_begun_what_would_harm_them_is_refused(session, people, work):
    begin(session, people.ada, work)
    with pytest.raises(Refused) as refused:
        change(session, people.grace, work, title="New", pools=(Pool(decks=("seas",)),))
    assert [problem.field for problem in refused.value.problems] == ["pools"]
    assert kept(session, work) == PLAN
    assert decks_of(session, work) == {"rivers"}
    change(session, people.grace, work, title="New", policy=replace(PLAN.policy, pass_mark=None))
    assert kept(session, work).title == "New"


def test_more_time_reaches_attempts_that_are_running(session, people, work):
    attempt = begin(session, people.ada, work)
    assert deadline_of(session, attempt) == NOW + HOUR
    change(session, people.grace, work, policy=replace(PLAN.policy, time_limit=1.5 * HOUR))
    assert deadline_of(session, attempt) == NOW + 1.5 * HOUR


@pytest.mark.parametrize(
    "changes",
    [
        {"policy": replace(PLAN.policy, time_limit=timedelta(minutes=5))},
        {"window": Window(NOW, None, NOW + timedelta(minutes=5))},
    ],
)
def test_less_time_does_not_reach_attempts_that_are_running(session, people, work, changes):
    attempt = begin(session, people.ada, work)
    change(session, people.grace, work, **changes)
    assert deadline_of(session, attempt) == NOW + HOUR
    assert kept(session, work) == replace(PLAN, **changes)


# Deleting and duplicating


def test_what_nobody_has_begun_is_deleted_with_its_previews(session, people, work):
    grace = people.grace.account_id
    sitting.preview(session, work, grace, "preview-1", Random(1), NOW)
    enrolment = adas_place(session)
    assignments.grant(session, grace, enrolment, work, timing.Accommodation(200), NOW)
    for _ in range(2):
        assignments.delete_assignment(session, grace, work, NOW)
    for table in (Assignment, AssignmentDeck, Accommodation, Attempt, Item):
        assert number_of(session, table) == 0
    assert verbs(session, work)[0] == "deleted"


def test_what_someone_has_begun_is_not_deleted(session, people, work):
    begin(session, people.ada, work)
    with pytest.raises(HasBegun):
        assignments.delete_assignment(session, people.grace.account_id, work, NOW)
    assert kept(session, work) == PLAN
    assert number_of(session, Attempt) == 1


def test_a_copy_is_a_draft_with_all_but_what_students_were_granted(session, people, work):
    grace = people.grace.account_id
    assignments.grant(session, grace, adas_place(session), work, timing.Accommodation(200), NOW)
    other = make_class(session, people.grace, "Seminar C").id
    for _ in range(2):
        assignments.duplicate(session, grace, work, other, "copy-of-an-assignment1", NOW)
    copy = session.scalars(select(Assignment).where(Assignment.class_id == other)).one()
    assert plan_of(copy) == PLAN
    assert copy.published_at is None
    assert decks_of(session, copy.id) == {"rivers"}
    assert granted_in(session, other) == []
    assert verbs(session, copy.id) == ["duplicated"]


# Accommodations


def test_a_grant_takes_the_place_of_the_one_before(session, people, seminar, work):
    grace, ada = people.grace.account_id, adas_place(session)
    for percent in (200, 150):
        assignments.grant(session, grace, ada, work, timing.Accommodation(percent), NOW)
    assignments.grant(session, grace, ada, None, timing.Accommodation(125), NOW)
    assignments.grant(session, grace, ada, None, timing.Accommodation(extra_attempts=1), NOW)
    found = [each.accommodation for each in granted_in(session, seminar)]
    assert [(row.assignment_id, row.time_percent, row.extra_attempts) for row in found] == [
        (None, 100, 1),
        (work, 150, 0),
    ]


def test_a_grant_that_is_sent_twice_is_one(session, people, work):
    grace, ada = people.grace.account_id, adas_place(session)
    later = timing.Accommodation(200, closes_at=NOW + 9 * HOUR)
    for granted in (later, later, timing.Accommodation(200), later):
        assignments.grant(session, grace, ada, work, granted, NOW)
    assert verbs(session, work).count("granted") == 3


@pytest.mark.parametrize("everywhere", [True, False])
def test_more_time_for_a_student_reaches_their_running_attempt(session, people, work, everywhere):
    grace, ada = people.grace.account_id, adas_place(session)
    attempt, place = begin(session, people.ada, work), None if everywhere else work
    assignments.grant(session, grace, ada, place, timing.Accommodation(200), NOW)
    assert deadline_of(session, attempt) == NOW + 2 * HOUR
    assignments.grant(session, grace, ada, place, timing.Accommodation(110), NOW)
    assert deadline_of(session, attempt) == NOW + 2 * HOUR
    assignments.withdraw_grant(session, grace, ada, place, NOW)
    assert deadline_of(session, attempt) == NOW + 2 * HOUR
    assert number_of(session, Accommodation) == 0


def test_a_grant_while_the_work_is_edited_gives_time_by_both(
    database_url, session, people, seminar, work
):
    """The limit is doubled for everyone, and ada has double time from the same moment on."""
    grace, ada = people.grace.account_id, adas_place(session)
    attempt = begin(session, people.ada, work)
    edited = replace(
        kept(session, work),
        policy=replace(PLAN.policy, time_limit=2 * HOUR),
        window=Window(NOW, None, NOW + 9 * HOUR),
    )
    session.rollback()

    def double() -> None:
        with cast.sessions(database_url) as own:
            assignments.grant(own, grace, ada, None, timing.Accommodation(200), NOW)

    with ThreadPoolExecutor(1) as threads, cast.sessions(database_url) as editing:
        granted = []

        def grant_elsewhere(_session) -> None:
            granted.append(threads.submit(double))
            wait(granted, timeout=0.5)

        event.listen(editing, "before_commit", grant_elsewhere, once=True)
        assignments.update_plan(editing, grace, work, edited, NOW)
        granted[0].result()
    assert deadline_of(session, attempt) == NOW + 4 * HOUR


def test_what_was_granted_is_noted_in_plain_words(session, people, seminar, work):
    grace, ada = people.grace.account_id, adas_place(session)
    later = timing.Accommodation(200, closes_at=NOW + 9 * HOUR)
    assignments.grant(session, grace, ada, work, later, NOW)
    assignments.grant(session, grace, ada, None, timing.Accommodation(is_untimed=True), NOW)
    assignments.withdraw_grant(session, grace, ada, None, NOW)
    assignments.withdraw_grant(session, grace, ada, None, NOW)
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(3)).all()
    assert [(e.verb, e.subject, e.label, e.details) for e in reversed(events)] == [
        (
            "granted",
            "assignment",
            "Rivers",
            {
                "student": "ada",
                "enrolment": ada,
                "time_percent": 200,
                "closes_at": (NOW + 9 * HOUR).isoformat(),
            },
        ),
        ("granted", "student", "ada", {"is_untimed": True}),
        ("took back", "student", "ada", {}),
    ]


# What teachers see


def test_a_list_counts_who_is_where(session, people, seminar, work):
    school_class = session.get_one(Assignment, work).school_class
    for person in (people.mallory, cast.guest(session, "one"), cast.guest(session, "two")):
        enrol(session, school_class, person)
    done = begin(session, people.ada, work)
    sitting.submit(session, done.id, EndedBy.LEARNER, NOW)
    begin(session, people.mallory, work)
    line = assignment_lines(session, seminar)[0]
    assert (line.students, line.not_started, line.in_progress, line.submitted) == (4, 2, 1, 1)
    begin(session, people.ada, work, key="start-2")
    line = assignment_lines(session, seminar, work)[0]
    assert (line.students, line.not_started, line.in_progress, line.submitted) == (4, 2, 2, 0)


def test_a_preview_is_no_beginning_even_of_who_is_in_the_class(session, people, seminar, work):
    enrol(session, session.get_one(Assignment, work).school_class, people.grace)
    sitting.preview(session, work, people.grace.account_id, "preview-1", Random(1), NOW)
    assert not has_begun(session, work)
    assert assignment_lines(session, seminar)[0].begun == 0


def test_decks_that_everyone_can_practise_are_named(session, people, work):
    assert practised_decks(session, work) == ["All about rivers"]
    session.scalars(select(Deck).where(Deck.slug == "rivers")).one().is_for_practice = False
    session.commit()
    assert practised_decks(session, work) == []
