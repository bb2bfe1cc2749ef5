from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from fractions import Fraction
from random import Random
from threading import Barrier

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from quizapp.db.models import (
    Assignment,
    AssignmentTally,
    Attempt,
    Item,
    ItemTally,
    Mode,
    Question,
    QuestionVersion,
    Regrade,
    Response,
    Scope,
)
from quizapp.db.transactions import writing
from quizapp.domain.analysis import tally
from quizapp.domain.graded.policy import Policy
from quizapp.domain.graded.regrading import Ruling
from quizapp.operations import marking, regrading, sitting, statistics
from quizapp.operations.accounts import delete_account
from quizapp.operations.regrading import Plan
from quizapp.operations.statistics import count_in, count_out, differences, rebuild
from tests.support import cast, graded
from tests.support.cast import NOW, sessions
from tests.support.classroom import enrol, make_class
from tests.support.handed_in import assign, hand_in

LATER = NOW + timedelta(hours=1)
HALF = Fraction(1, 2)


@pytest.fixture
def people(session):
    cast.load(session)
    return cast.everyone(session)


@pytest.fixture
def school_class(session, people):
    return make_class(session, people.grace, students=(people.ada, people.mallory))


@pytest.fixture
def midterm(session, school_class):
    return assign(session, school_class)


def version_of(session: Session, slug: str) -> int:
    return session.scalars(
        select(QuestionVersion.id)
        .join(Question)
        .where(Question.slug == slug, QuestionVersion.is_current)
    ).one()


def item_tallies(session: Session) -> dict[tuple[str, int, bool, int], tally.ItemTally]:
    """The tallies that count anything."""
    session.rollback()
    rows = session.scalars(select(ItemTally))
    kept = {
        (row.scope, row.scope_id, row.is_first, row.version_id): tally.ItemTally.from_dict(
            row.tally
        )
        for row in rows
    }
    return {key: value for key, value in kept.items() if value != tally.ItemTally()}


def quiz_tally(session: Session, assignment_id: int, is_first: bool = True) -> tally.QuizTally:
    session.rollback()
    row = session.get_one(AssignmentTally, (assignment_id, is_first))
    return tally.QuizTally.from_dict(row.tally)


def plainly(session: Session) -> dict[tuple[str, int, bool, int], tuple]:
    """By key of a tally, some of what it must hold, from a plain walk over the rows."""
    session.rollback()
    found: dict[tuple[str, int, bool, int], list] = defaultdict(list)
    attempts = session.scalars(
        select(Attempt).where(Attempt.mode == Mode.GRADED, Attempt.ended_at.is_not(None))
    )
    for attempt in attempts:
        items = [item for item in attempt.items if item.worth]
        assert attempt.assignment is not None
        scopes = {
            ("assignment", attempt.assignment_id),
            ("class", attempt.assignment.class_id),
            ("everything", 0),
        }
        for item in items:
            others = [other.credit or Fraction(0) for other in items if other is not item]
            rest = sum(others) / len(others) if others else None
            is_unseen = attempt.marks[item.position - 1] == "-" and item.response is None
            seen = (item.credit, rest, item.response and item.response.chosen, is_unseen)
            for scope, scope_id in scopes:
                found[scope, scope_id, False, item.version_id].append(seen)
                if attempt.number == 1:
                    found[scope, scope_id, True, item.version_id].append(seen)
    return {key: _summed(seen) for key, seen in found.items()}


def _summed(observations: list) -> tuple:
    reached = [seen for seen in observations if not seen[3]]
    rests = [(credit, rest) for credit, rest, _, _ in reached if rest is not None]
    return (
        len(observations),
        sum(chosen is not None for _, _, chosen, _ in reached),
        sum(credit for credit, _, _, _ in reached),
        sum(rest for _, rest in rests),
        sum(credit * rest for credit, rest in rests),
        Counter(letter for _, _, chosen, _ in reached for letter in chosen or ""),
    )


def as_summed(kept: tally.ItemTally) -> tuple:
    letters: Counter[str] = Counter()
    for (_, position), n in kept.choices.items():
        letters["abcdefghijkl"[position]] += n
    return (
        kept.n,
        kept.answered,
        kept.credit_sum,
        sum(kept.rest_sums.values()),
        kept.products,
        letters,
    )


def assert_all_counted(session: Session) -> None:
    assert {k: as_summed(kept) for k, kept in item_tallies(session).items()} == plainly(session)
    assert differences(session) == []
    session.rollback()


def test_what_is_submitted_is_counted_in_the_assignment_the_class_and_over_everything(
    session, people, school_class, midterm
):
    hand_in(session, midterm, people.ada, {"beginning": {0}, "movement": {0}})
    kept = item_tallies(session)
    version = version_of(session, "beginning")
    scopes = [("assignment", midterm.id), ("class", school_class.id), ("everything", 0)]
    for scope, scope_id in scopes:
        for is_first in (True, False):
            found = kept[scope, scope_id, is_first, version]
            assert (found.answered, found.credit_sum) == (1, 1)
            assert found.rests == {0: 1}
            assert found.choices == {(50, 0): 1}
    assert len(kept) == 12
    assert quiz_tally(session, midterm.id).score_sum == HALF
    assert_all_counted(session)


def test_a_second_attempt_is_counted_among_all_and_not_among_first_ones(session, people, midterm):
    hand_in(session, midterm, people.ada, {"beginning": {1}})
    hand_in(session, midterm, people.ada, {"beginning": {0}}, number=2)
    kept = item_tallies(session)
    version = version_of(session, "beginning")
    assert kept["everything", 0, True, version].credit_sum == 0
    assert kept["everything", 0, False, version].credit_sum == 1
    assert (quiz_tally(session, midterm.id).n, quiz_tally(session, midterm.id, False).n) == (1, 2)


def test_previews_and_open_attempts_are_not_counted(session, people, midterm):
    hand_in(session, midterm, people.grace, {"beginning": {0}}, mode=Mode.PREVIEW)
    hand_in(session, midterm, people.ada, {"beginning": {0}}, at=None)
    assert item_tallies(session) == {}
    assert differences(session) == []


def test_skipped_and_unseen_items_are_told_apart(session, people, midterm):
    attempt = hand_in(
        session,
        midterm,
        people.ada,
        {"beginning": {0}, "movement": None, "riddle": None},
        at=None,
    )
    with writing(session) as connection:
        connection.execute(
            update(Attempt).where(Attempt.id == attempt).values(marks="as-", ended_at=NOW)
        )
        marking.settle(connection, [attempt])
    kept = item_tallies(session)
    key = "assignment", midterm.id, True
    skipped = kept[*key, version_of(session, "movement")]
    unseen = kept[*key, version_of(session, "riddle")]
    assert (skipped.skipped, skipped.unseen) == (1, 0)
    assert (unseen.skipped, unseen.unseen) == (0, 1)


def test_an_answer_is_right_by_the_keys_in_force(session, people, midterm):
    hand_in(session, midterm, people.ada, {"beginning": {1}, "movement": {1}}, certainty=3)
    version = version_of(session, "beginning")
    key = "assignment", midterm.id, True, version
    assert item_tallies(session)[key].rights == {}
    plan = Plan(midterm.id, version, Ruling.REGRADE, frozenset({1}))
    policy = Policy.from_dict(midterm.policy)
    carry_out(session, people, policy, plan)
    assert item_tallies(session)[key].rights == {3: 1}
    assert_all_counted(session)
    carry_out(session, people, policy, Plan(midterm.id, version, None))
    assert item_tallies(session)[key].rights == {}
    assert_all_counted(session)


def test_an_ignored_question_is_left_out_and_comes_back(session, people, midterm):
    hand_in(session, midterm, people.ada, {"beginning": {1}, "movement": {1}})
    before = item_tallies(session)
    version = version_of(session, "beginning")
    policy = Policy.from_dict(midterm.policy)
    carry_out(session, people, policy, Plan(midterm.id, version, Ruling.IGNORE))
    assert {key[3] for key in item_tallies(session)} == {version_of(session, "movement")}
    assert quiz_tally(session, midterm.id).score_sum == 1
    carry_out(session, people, policy, Plan(midterm.id, version, None))
    assert item_tallies(session) == before


def test_versions_of_one_question_are_the_same_item_of_a_quiz(session, people, midterm):
    hand_in(session, midterm, people.ada, {"beginning": {0}, "movement": {1}})
    typo = cast.bank.RIVERS.replace("Where does a river begin?", "Where do rivers begin?")
    cast.load(session, {**cast.bank.FILES, "geo/rivers.md": typo})
    hand_in(session, midterm, people.mallory, {"beginning": {0}, "movement": {1}})
    assert quiz_tally(session, midterm.id).common_size == 2


def carry_out(session, people, policy, plan) -> None:
    digest = regrading.preview(session, policy, plan).digest
    grace = people.grace.account_id
    if plan.ruling is None:
        regrading.undo(session, grace, plan, digest, LATER)
    else:
        regrading.apply(session, grace, plan, "wrong key", digest, LATER)


@pytest.mark.parametrize("seed", range(4))
def test_after_any_course_of_events_the_tallies_are_what_the_attempts_come_to(
    session, people, school_class, seed
):
    """Handing in, deciding, regrading, undoing and leaving, in chance order."""
    chance = Random(seed)
    policy = Policy(certainty_marking=seed % 2 == 1, attempts_allowed=None)
    works = [assign(session, school_class, title, policy=policy) for title in ("One", "Two")]
    ids = [work.id for work in works]
    events = _Events(session, people, ids, policy, chance)
    for _ in range(14):
        events.happen()
        assert_all_counted(session)


class _Events:
    """What may happen to the marks of two assignments."""

    def __init__(self, session, people, assignment_ids, policy, chance) -> None:
        self.session, self.people, self.ids = session, people, assignment_ids
        self.policy, self.chance = policy, chance
        self.numbers: Counter[tuple[int, int]] = Counter()
        self.staying = [people.ada, people.mallory]

    def happen(self) -> None:
        deeds = [self.submit] * 4 + [self.decide] * 2 + [self.regrade] * 3 + [self.leave]
        self.chance.choice(deeds)()

    def submit(self) -> None:
        person = self.chance.choice(self.staying)
        assignment = self.session.get_one(Assignment, self.chance.choice(self.ids))
        key = assignment.id, person.account_id
        self.numbers[key] += 1
        asked = self.chance.sample(["beginning", "belongings", "movement", "riddle"], 3)
        answers = {
            slug: self.chance.choice([None, {0}, {1}, {2}, {0, 1}])
            if slug == "belongings"
            else self.chance.choice([None, {0}, {1}])
            for slug in asked
        }
        certainty = self.chance.choice([None, 1, 2, 3])
        number = self.numbers[key]
        hand_in(self.session, assignment, person, answers, number=number, certainty=certainty)

    def decide(self) -> None:
        items = self.session.scalars(select(Item.id)).all()
        if not items:
            return
        item, grace = self.chance.choice(items), self.people.grace.account_id
        credit = self.chance.choice([Fraction(0), HALF, Fraction(1), None])
        if credit is None:
            marking.take_back_override(self.session, grace, item, LATER)
        else:
            marking.override_mark(self.session, grace, item, credit, "so it is", LATER)

    def regrade(self) -> None:
        slug = self.chance.choice(["beginning", "belongings", "movement"])
        ruling = self.chance.choice([*Ruling, None])
        keys = frozenset({self.chance.randrange(3)}) if ruling is Ruling.REGRADE else None
        plan = Plan(self.chance.choice(self.ids), version_of(self.session, slug), ruling, keys)
        carry_out(self.session, self.people, self.policy, plan)

    def leave(self) -> None:
        if len(self.staying) > 1:
            person = self.staying.pop()
            delete_account(self.session, person.account_id)


def test_counting_in_and_out_again_leaves_nothing_behind(session, people, midterm):
    attempt = hand_in(session, midterm, people.ada, {"beginning": {0}, "movement": None})
    before = item_tallies(session)
    with writing(session) as connection:
        count_out(connection, [attempt])
    assert item_tallies(session) == {}
    with writing(session) as connection:
        count_in(connection, [attempt])
    assert item_tallies(session) == before


def test_a_miscount_is_found_and_set_right(session, people, midterm):
    hand_in(session, midterm, people.ada, {"beginning": {0}})
    version = version_of(session, "beginning")
    session.execute(
        update(ItemTally)
        .where(ItemTally.scope == "class", ItemTally.is_first)
        .values(tally=tally.ItemTally().as_dict())
    )
    session.execute(update(AssignmentTally).values(tally=tally.QuizTally(n=7).as_dict()))
    session.commit()
    found = {(d.scope, d.is_first, d.version_id, d.kept, d.counted) for d in differences(session)}
    assert found == {
        (Scope.CLASS, True, version, 0, 1),
        (Scope.ASSIGNMENT, True, None, 7, 1),
        (Scope.ASSIGNMENT, False, None, 7, 1),
    }
    assert rebuild(session) == 1
    assert_all_counted(session)


def test_a_rebuild_empties_what_nothing_stands_for_and_makes_what_is_missing(
    session, people, midterm
):
    hand_in(session, midterm, people.ada, {"beginning": {0}})
    stray = ItemTally(
        scope="class",
        scope_id=99,
        is_first=True,
        version_id=version_of(session, "riddle"),
        tally=tally.ItemTally(unseen=3).as_dict(),
    )
    session.add(stray)
    session.query(AssignmentTally).delete()
    session.commit()
    assert len(differences(session)) == 3
    rebuild(session)
    assert_all_counted(session)


def test_who_leaves_takes_their_answers_out_of_the_tallies(session, people, midterm):
    hand_in(session, midterm, people.ada, {"beginning": {0}})
    hand_in(session, midterm, people.mallory, {"beginning": {1}})
    delete_account(session, people.ada.account_id)
    assert item_tallies(session)["everything", 0, True, version_of(session, "beginning")].n == 1
    assert_all_counted(session)


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    told: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        told.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield told
    event.remove(engine, "before_cursor_execute", note)


def test_submitting_takes_a_handful_of_statements_whatever_the_number_of_items(
    session, people, midterm
):
    took = []
    asked = [["beginning"], ["beginning", "belongings", "riddle"]]
    for number, slugs in enumerate(asked, start=1):
        attempt = hand_in(
            session, midterm, people.ada, {slug: {0} for slug in slugs}, number=number, at=None
        )
        session.execute(update(Attempt).where(Attempt.id == attempt).values(ended_at=NOW))
        session.commit()
        with writing(session) as connection, statements(session) as told:
            marking.settle(connection, [attempt])
        took.append(len(told))
    assert max(took) <= 17


# SQLite alone tells it in so few words.
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_tallies_are_looked_up_and_never_searched_for(session, people, midterm):
    """A list of whole keys would read all of them."""
    attempt = hand_in(session, midterm, people.ada, {"beginning": {0}, "movement": {1}})
    with writing(session) as connection, statements(session) as told:
        count_out(connection, [attempt])
    reads = [s for s in told if s.startswith("SELECT") and "FROM item_tally" in s]
    assert len(reads) == 2
    driver = session.connection().connection.dbapi_connection
    for read in reads:
        nothing = [None] * read.count("?")
        plan = [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {read}", nothing)]
        assert not [step for step in plan if step.startswith("SCAN")], plan


@pytest.mark.slow
def test_simultaneous_submissions_and_regrades_lose_no_count(database_url):
    with sessions(database_url) as session:
        cast.load(session)
        people = cast.everyone(session)
        school_class = make_class(session, people.grace)
        students = [cast.guest(session, f"guest {n}") for n in range(8)]
        works = [assign(session, school_class, title, deck="rivers") for title in ("One", "Two")]
        ids = [work.id for work in works]
        for student in students:
            enrol(session, school_class, student)
        slugs = ["beginning", "belongings", "movement", "riddle"]
        attempts = []
        for i, student in enumerate(students):
            for work in works:
                order = Random(f"{i} {work.id}").sample(slugs, 4)
                answers = {slug: {i % 2} for slug in order}
                attempts.append(hand_in(session, work, student, answers, at=None))
        versions = [version_of(session, slug) for slug in slugs]
        policy = Policy.from_dict(session.get_one(Assignment, ids[0]).policy)
    together = Barrier(8)

    def submit(worker: int) -> None:
        with sessions(database_url) as session:
            together.wait()
            for n, attempt in enumerate(attempts[worker::8]):
                sitting.submit(session, attempt, graded.EndedBy.LEARNER, LATER)
                if worker % 4 == 0:
                    plan = Plan(ids[n], versions[worker % 3], Ruling.FULL)
                    _insist(session, people, policy, plan)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(submit, range(8)))
    with sessions(database_url) as session:
        assert_all_counted(session)
        counted = [tally.n for key, tally in item_tallies(session).items() if key[0] == "class"]
        assert counted == [16] * 8
        assert session.scalars(select(Regrade.id)).all()
        assert session.scalars(select(Response.item_id)).all()


def _insist(session, people, policy, plan) -> None:
    for _ in range(20):
        try:
            return carry_out(session, people, policy, plan)
        except regrading.ChangedMeanwhile:
            session.rollback()
    raise AssertionError("the preview never held")


def test_forgetting_nobody_writes_nothing(session, people):
    with writing(session) as connection, statements(session) as told:
        statistics.forget(connection, [])
    assert told == []
