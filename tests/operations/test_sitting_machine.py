"""Any course that graded attempts can take, against a model that knows nothing of our code.

Students start, save, check, go on and submit from several tabs, with clocks that are a day wrong;
requests are repeated and come late or out of order; time passes, teachers give more of it or take
some away, and the app is restarted. After each step the database says what the model says.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from quizapp.db.models import (
    Accommodation,
    Assignment,
    Attempt,
    Choice,
    EndedBy,
    Item,
    Response,
    SavedAnswer,
)
from quizapp.domain.graded.policy import Policy
from quizapp.domain.graded.timing import Window
from quizapp.operations import sitting
from quizapp.operations.sitting import CannotStart, Sent
from tests.support import cast, graded
from tests.support.cast import NOW, Person, sessions
from tests.support.classroom import enrol, make_class
from tests.support.databases import content_of, engine_of, put_back
from tests.support.graded import EXAM, HOMEWORK, MINUTE, PRACTICE, make_assignment

RUNS, STEPS = 500, 45
TINY = timedelta(microseconds=1)
DAY_MS = 24 * 3600 * 1000
CLOSE = NOW + timedelta(hours=4)
LETTERS = "abcdefghijkl"
THIRDS = {None: (1, 0), 1: (1, 0), 2: (2, -2), 3: (3, -6)}

MOSTLY_ADA = st.sampled_from([0, 0, 0, 1])
MOSTLY_NEWEST = st.sampled_from([0, 0, 0, 0, 1, 2])
WHAT = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 8, 8])
SELDOM = st.sampled_from([False, False, False, True])

POLICIES: dict[str, Policy] = {
    "exam": EXAM,
    "homework": HOMEWORK,
    "tried again": replace(PRACTICE, time_limit=20 * MINUTE),
    "no way back": replace(EXAM, may_go_back=False, attempts_allowed=2),
    "certainty": replace(EXAM, certainty_marking=True, time_limit=10 * MINUTE, attempts_allowed=2),
}


@dataclass
class ModelWork:
    """An assignment as the model knows it."""

    id: int
    limit: timedelta | None
    closes_at: datetime
    attempts: int | None
    factors: tuple[Fraction, ...]
    is_judged_at_once: bool
    goes_back: bool
    has_certainty: bool


@dataclass
class ModelItem:
    """An item: which choices are the key, and what stands of the answers to it."""

    keys: frozenset[int]
    places: int
    answer: tuple[frozenset[int], int | None, int] | None = None
    is_judged: bool = False
    latest: datetime | None = None

    @property
    def judged(self) -> int:
        if self.answer is None:
            return 0
        return self.answer[2] if self.is_judged else self.answer[2] - 1


@dataclass
class ModelAttempt:
    """An attempt as the model knows it."""

    id: int
    public_id: str
    key: str
    who: int
    work: ModelWork
    started_at: datetime
    deadline: datetime | None
    items: list[ModelItem]
    ended_at: datetime | None = None
    seen: set[int] = field(default_factory=lambda: {1})
    outcomes: dict[str, str] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    checks: dict[tuple[int, int], tuple[str, frozenset[int], int | None]] = field(
        default_factory=dict
    )

    def is_over(self, now: datetime) -> bool:
        return self.ended_at is not None or (self.deadline is not None and now >= self.deadline)

    def is_settled(self, position: int) -> bool:
        item, work = self.items[position - 1], self.work
        if not work.goes_back and position != max(self.seen):
            return True
        if item.answer is None or not item.is_judged:
            return False
        return item.answer[0] == item.keys or item.answer[2] >= len(work.factors)

    def save(self, sent: Sent, now: datetime) -> str:
        if sent.key not in self.outcomes:
            self.sent.append(sent)
            self.outcomes[sent.key] = self._fresh(sent, now)
        return self.outcomes[sent.key]

    def _fresh(self, sent: Sent, now: datetime) -> str:
        item = self.items[sent.position - 1]
        if self.is_over(now):
            return "late"
        if self.is_settled(sent.position) or (not sent.chosen and item.judged):
            return "settled"
        made_at = min(now, max(self.started_at, now - timedelta(milliseconds=sent.age_ms)))
        if item.latest is not None and item.latest > made_at:
            return "superseded"
        tries = item.judged + 1
        item.latest, item.is_judged = made_at, False
        item.answer = (sent.chosen, sent.certainty, tries) if sent.chosen else None
        self.seen.add(sent.position)
        return "kept"

    def check(self, sent: Sent, tries: int, now: datetime) -> str:
        place = (sent.position, tries + 1)
        given = (sent.chosen, sent.certainty)
        if place in self.checks:
            return self.checks[place][0] if self.checks[place][1:] == given else "settled"
        item = self.items[sent.position - 1]
        if not self.is_over(now):
            if tries != item.judged or self.is_settled(sent.position):
                return "settled"
            item.answer, item.is_judged, item.latest = (*given, tries + 1), True, now
            self.seen.add(sent.position)
        self.checks[place] = ("late" if self.is_over(now) else "kept", *given)
        return self.checks[place][0]

    def end(self, now: datetime) -> None:
        if self.ended_at is None:
            self.ended_at = now if self.deadline is None else min(now, self.deadline)

    def credit(self) -> Fraction:
        """What the answers that stand earn, worked out from nothing else."""
        return sum((self._earned(item) for item in self.items), Fraction(0))

    def _earned(self, item: ModelItem) -> Fraction:
        if item.answer is None:
            return Fraction(0)
        chosen, certainty, tries = item.answer
        hits, misses = len(chosen & item.keys), len(chosen - item.keys)
        correctness = max(Fraction(0), Fraction(hits - misses, len(item.keys)))
        if self.work.has_certainty:
            gain, loss = THIRDS[certainty]
            return (correctness * gain + (1 - correctness) * loss) / 3
        return correctness * self.work.factors[tries - 1]


@dataclass
class Scene:
    """What all runs begin with: a database and who and what is in it."""

    database: bytes
    people: list[Person]
    enrolments: list[int]
    works: list[ModelWork]


@dataclass
class Granted:
    """What a student has beyond the others, for every assignment."""

    percent: int = 100
    extra: int = 0
    is_untimed: bool = False

    def limit(self, work: ModelWork) -> timedelta | None:
        if work.limit is None or self.is_untimed:
            return None
        return work.limit * self.percent / 100

    def close(self, work: ModelWork) -> datetime:
        limit = work.limit or timedelta(0)
        times = 10 if self.is_untimed else Fraction(self.percent, 100)
        return work.closes_at + limit * (times.numerator - times.denominator) / times.denominator

    def deadline(self, work: ModelWork, started_at: datetime) -> datetime:
        limit = self.limit(work)
        return min(self.close(work), started_at + limit) if limit else self.close(work)

    def attempts(self, work: ModelWork) -> int:
        return 10**9 if work.attempts is None else work.attempts + self.extra


class Course(RuleBasedStateMachine):
    """One course of events on a copy of the scene's database."""

    scene: Scene
    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        put_back(self.engine.url.render_as_string(), self.scene.database)
        self.now = NOW
        self.works = [replace(work) for work in self.scene.works]
        self.granted = [Granted() for _ in self.scene.people]
        self.attempts: list[ModelAttempt] = []
        self.focus: list[int] = []
        self.numbers = iter(range(1, 10**6))
        self.session = Session(self.engine)

    def teardown(self) -> None:
        for attempt in self.attempts:
            attempt.end(self.now)
            sitting.submit(self.session, attempt.id, EndedBy.LEARNER, self.now)
        self.compare_all()
        self.session.close()
        self.engine.dispose()

    # What happens

    @initialize(focus=st.lists(st.integers(0, 4), min_size=1, max_size=2, unique=True))
    def begin(self, focus: list[int]) -> None:
        """Each course is about one or two assignments, so that much happens to each."""
        self.focus = focus
        self.start(who=0, which=0, reuses=False)

    @rule(who=MOSTLY_ADA, which=st.integers(0, 1), reuses=st.booleans())
    def start(self, who: int, which: int, reuses: bool) -> None:
        what = self.focus[which % len(self.focus)]
        work, granted = self.works[what], self.granted[who]
        mine = [a for a in self.attempts if (a.who, a.work) == (who, work)]
        key = mine[-1].key if mine and reuses else f"start-{next(self.numbers)}"
        for attempt in mine:
            if attempt.is_over(self.now):
                attempt.end(self.now)
        known = next((a for a in mine if a.ended_at is None or a.key == key), None)
        may = len(mine) < granted.attempts(work) and self.now < granted.close(work)
        account, chance = self.scene.people[who].account_id, Random(next(self.numbers))
        try:
            public_id = sitting.start(self.session, work.id, account, key, chance, self.now)
        except CannotStart:
            assert not known
            assert not may
        else:
            assert known or may
            if known is None:
                self.attempts.append(self.learn_of(public_id, key, who, work))
                self.look_at(self.attempts[-1])
            else:
                assert public_id == known.public_id

    def learn_of(self, public_id: str, key: str, who: int, work: ModelWork) -> ModelAttempt:
        """The attempt that was just started, with the keys of what was drawn."""
        attempt_id = graded.id_of(self.session, public_id)
        rows = self.session.execute(
            select(Item.position, Choice.position, Choice.is_key)
            .join(Choice, Choice.version_id == Item.version_id)
            .where(Item.attempt_id == attempt_id)
            .order_by(Item.position)
        )
        choices: dict[int, dict[int, bool]] = {}
        for position, choice, is_key in rows:
            choices.setdefault(position, {})[choice] = is_key
        items = [
            ModelItem(frozenset(p for p, is_key in of.items() if is_key), len(of))
            for of in choices.values()
        ]
        deadline = self.granted[who].deadline(work, self.now)
        return ModelAttempt(attempt_id, public_id, key, who, work, self.now, deadline, items)

    def pick(self, which: int) -> ModelAttempt:
        """One of the attempts: the newest that is open, or with a higher number another."""
        ordered = sorted(self.attempts, key=lambda a: (not a.is_over(self.now), a.id))
        return ordered[max(-len(ordered), -1 - which)]

    def answer_to(self, attempt: ModelAttempt, where: int, what: int, how: int) -> Sent:
        """An answer: `what` draws the choices (0: the keys, 8: none), `how` the certainty."""
        position = where % len(attempt.items) + 1
        item = attempt.items[position - 1]
        chosen = frozenset(i for i in range(item.places) if what % 8 >> i & 1)
        if len(item.keys) == 1:
            chosen = frozenset(sorted(chosen)[:1])
        if what == 0:
            chosen = item.keys
        certainty = how or None if attempt.work.has_certainty else None
        return Sent(position, chosen, certainty, f"key-number-{next(self.numbers)}")

    @precondition(lambda self: self.attempts)
    @rule(
        which=MOSTLY_NEWEST,
        answers=st.lists(
            st.tuples(
                st.integers(0, 3),
                WHAT,
                st.integers(0, 3),
                st.sampled_from([0, 0, 0, 1500, 60_000, 900_000, DAY_MS, -DAY_MS]),
            ),
            min_size=1,
            max_size=3,
        ),
    )
    def save(self, which: int, answers: list[tuple[int, int, int, int]]) -> None:
        """Answers come, made now or a while ago, perhaps by a clock that is a day wrong."""
        attempt = self.pick(which)
        batch = [
            replace(self.answer_to(attempt, where, what, how), age_ms=age)
            for where, what, how, age in answers
        ]
        self.send(attempt, batch)

    @precondition(lambda self: self.attempts)
    @rule(
        which=MOSTLY_NEWEST,
        where=st.integers(0, 1),
        what=WHAT,
        seconds=st.sampled_from([1, 5, 60]),
        is_older=st.booleans(),
    )
    def save_in_two_tabs(
        self, which: int, where: int, what: int, seconds: int, is_older: bool
    ) -> None:
        """One answer after another to one question, the second made after or before the first."""
        attempt = self.pick(which)
        self.send(attempt, [self.answer_to(attempt, where, what, 0)])
        self.now += timedelta(seconds=seconds)
        other = self.answer_to(attempt, where, what + 1, 1)
        self.send(attempt, [replace(other, age_ms=2000 * seconds * is_older)])

    @precondition(lambda self: any(attempt.sent for attempt in self.attempts))
    @rule(which=MOSTLY_NEWEST, first=st.integers(0, 20), count=st.integers(1, 3))
    def replay(self, which: int, first: int, count: int) -> None:
        """What was sent comes again, with whatever came after it or not."""
        attempt = self.pick(which)
        again = attempt.sent[first % len(attempt.sent) :][:count] if attempt.sent else []
        before = self.answers_of(attempt)
        self.send(attempt, list(reversed(again)))
        assert self.answers_of(attempt) == before

    def send(self, attempt: ModelAttempt, batch: list[Sent]) -> None:
        expected = {sent.key: attempt.save(sent, self.now) for sent in batch}
        standing = sitting.save(self.session, attempt.id, batch, self.now)
        assert standing.outcomes == expected
        assert standing.is_over == attempt.is_over(self.now)
        self.look_at(attempt)

    @precondition(lambda self: any(a.work.is_judged_at_once for a in self.attempts))
    @rule(
        which=MOSTLY_NEWEST,
        where=st.integers(0, 3),
        what=WHAT,
        off=st.sampled_from([0, 0, 0, 0, -1, 1]),
    )
    def check(self, which: int, where: int, what: int, off: int) -> None:
        """An answer is to be judged, as the try it is or as one before or after that."""
        attempt = self.pick(which)
        if not attempt.work.is_judged_at_once:
            return
        sent = self.answer_to(attempt, where, what or 8, 0)
        tries = max(0, attempt.items[sent.position - 1].judged + off)
        if sent.chosen:
            expected = attempt.check(sent, tries, self.now)
            outcome = sitting.check(self.session, attempt.id, sent, tries, self.now)
            assert outcome == expected
            self.look_at(attempt)

    @precondition(lambda self: self.attempts)
    @rule(which=MOSTLY_NEWEST, where=st.integers(0, 3))
    def go_on(self, which: int, where: int) -> None:
        """Someone leaves the question they are at, or by an old page one before that."""
        attempt = self.pick(which)
        position = where or max(attempt.seen)
        if not attempt.is_over(self.now) and max(attempt.seen) == position < len(attempt.items):
            attempt.seen.add(position + 1)
        sitting.go_on(self.session, attempt.id, position, self.now)
        self.look_at(attempt)

    @precondition(lambda self: self.attempts)
    @rule(which=MOSTLY_NEWEST, where=st.integers(0, 3))
    def go_to(self, which: int, where: int) -> None:
        """Someone looks at any question, where that is possible."""
        attempt = self.pick(which)
        if attempt.work.goes_back:
            if not attempt.is_over(self.now):
                attempt.seen.add(where + 1)
            sitting.see(self.session, attempt.id, where + 1, self.now)
            self.look_at(attempt)

    @precondition(lambda self: self.attempts)
    @rule(which=MOSTLY_NEWEST, by=st.sampled_from(EndedBy), is_sure=SELDOM)
    def submit(self, which: int, by: EndedBy, is_sure: bool) -> None:
        attempt = self.pick(which)
        if not is_sure:
            return
        if by is not EndedBy.TIME or attempt.is_over(self.now):  # else it has got more meanwhile
            attempt.end(self.now)
        sitting.submit(self.session, attempt.id, by, self.now)
        self.look_at(attempt)

    @rule()
    def sweep(self) -> None:
        """The server ends what is overdue."""
        overdue = [a for a in self.attempts if a.ended_at is None and a.is_over(self.now)]
        for attempt in overdue:
            attempt.end(self.now)
        assert sitting.submit_overdue(self.session, self.now) == len(overdue)

    @rule(seconds=st.sampled_from([0, 1, 1, 5, 30, 61, 240]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds) + TINY

    @precondition(lambda self: self.attempts)
    @rule(
        which=MOSTLY_NEWEST,
        off=st.sampled_from([-TINY, timedelta(0), TINY]),
        is_patient=SELDOM,
    )
    def wait_for_the_deadline(self, which: int, off: timedelta, is_patient: bool) -> None:
        deadline = self.pick(which).deadline
        if is_patient and deadline is not None and deadline + off > self.now:
            self.now = deadline + off

    @precondition(lambda self: self.attempts)
    @rule(
        which=MOSTLY_NEWEST,
        where=st.integers(0, 3),
        off=st.sampled_from([-TINY, timedelta(0), TINY]),
        is_patient=SELDOM,
    )
    def answer_at_the_deadline(
        self, which: int, where: int, off: timedelta, is_patient: bool
    ) -> None:
        attempt = self.pick(which)
        deadline = attempt.deadline
        if is_patient and deadline is not None and deadline + off > self.now:
            self.now = deadline + off
            self.send(attempt, [self.answer_to(attempt, where, 0, 3)])

    @rule(who=MOSTLY_ADA, which=st.integers(0, 1), is_sure=SELDOM)
    def start_over(self, who: int, which: int, is_sure: bool) -> None:
        """Someone submits what they have and starts another attempt, if they may."""
        work = self.works[self.focus[which % len(self.focus)]]
        mine = [a for a in self.attempts if (a.who, a.work) == (who, work)]
        if is_sure and mine:
            mine[-1].end(self.now)
            sitting.submit(self.session, mine[-1].id, EndedBy.LEARNER, self.now)
            self.start(who, which, reuses=False)

    @rule(
        who=MOSTLY_ADA,
        percent=st.sampled_from([100, 125, 200, 1000]),
        extra=st.integers(0, 1),
        is_untimed=st.sampled_from([False, False, False, True]),
    )
    def accommodate(self, who: int, percent: int, extra: int, is_untimed: bool) -> None:
        """A student is granted something else than before, which may be less."""
        self.granted[who] = Granted(percent, extra, is_untimed)
        enrolment = self.scene.enrolments[who]
        self.session.rollback()
        self.session.execute(delete(Accommodation).where(Accommodation.enrolment_id == enrolment))
        self.session.commit()
        graded.grant(
            self.session,
            enrolment,
            now=self.now,
            time_percent=percent,
            extra_attempts=extra,
            is_untimed=is_untimed,
        )
        self.extend(self.works)

    @rule(
        which=st.integers(0, 1),
        share=st.sampled_from([Fraction(1, 2), Fraction(2)]),
        hours=st.integers(-1, 2),
    )
    def reschedule(self, which: int, share: Fraction, hours: int) -> None:
        """A teacher makes the limit and the close earlier or later."""
        what = self.focus[which % len(self.focus)]
        work = self.works[what]
        work.closes_at += timedelta(hours=hours)
        if work.limit is not None:
            minutes = work.limit * share.numerator / share.denominator // MINUTE
            work.limit = min(120, max(2, minutes)) * MINUTE
        policy = replace(list(POLICIES.values())[what], time_limit=work.limit)
        self.session.rollback()
        self.session.execute(
            update(Assignment)
            .where(Assignment.id == work.id)
            .values(policy=policy.as_dict(), closes_at=work.closes_at)
        )
        sitting.extend_deadlines(self.session.connection(), work.id, self.now)
        self.session.commit()
        self.extend([work])

    def extend(self, works: list[ModelWork]) -> None:
        for attempt in self.attempts:
            if attempt.work in works and not attempt.is_over(self.now):
                granted = self.granted[attempt.who].deadline(attempt.work, attempt.started_at)
                if attempt.deadline is not None:
                    attempt.deadline = max(attempt.deadline, granted)
                self.look_at(attempt)

    @rule()
    def restart(self) -> None:
        self.session.close()
        self.engine.dispose()
        self.session = Session(self.engine)

    # What holds

    def answers_of(self, attempt: ModelAttempt) -> list[tuple[object, ...]]:
        self.session.rollback()
        rows = self.session.execute(
            select(
                Item.position,
                Response.chosen,
                Response.certainty,
                Response.tries,
                Response.answered_at,
            )
            .join(Response, Response.item_id == Item.id)
            .where(Item.attempt_id == attempt.id)
            .order_by(Item.position)
        )
        return [tuple(row) for row in rows]

    def look_at(self, attempt: ModelAttempt) -> None:
        """The attempt is kept as the model has it."""
        expected = [
            (
                position,
                "".join(LETTERS[i] for i in sorted(item.answer[0])),
                *item.answer[1:],
                item.latest,
            )
            for position, item in enumerate(attempt.items, start=1)
            if item.answer
        ]
        assert self.answers_of(attempt) == expected
        row = self.session.execute(
            select(
                Attempt.answered,
                Attempt.started_at,
                Attempt.deadline,
                Attempt.ended_at,
                Attempt.marks,
            ).where(Attempt.id == attempt.id)
        ).one()
        times = (attempt.started_at, attempt.deadline, attempt.ended_at)
        assert tuple(row[:4]) == (len(expected), *times)
        assert {i for i, mark in enumerate(row.marks, 1) if mark != "-"} == attempt.seen

    def compare_all(self) -> None:
        """All that a whole course comes to: marks, the log of answers, numbers of attempts."""
        for attempt in self.attempts:
            self.look_at(attempt)
            row = self.session.execute(
                select(Attempt.credit, Attempt.worth).where(Attempt.id == attempt.id)
            ).one()
            assert tuple(row) == (attempt.credit(), len(attempt.items))
            self.compare_log(attempt)
        kept = self.session.execute(
            select(Attempt.account_id, Attempt.assignment_id, Attempt.number).order_by(
                Attempt.account_id, Attempt.assignment_id, Attempt.number
            )
        ).all()
        counts: Counter[tuple[int, int | None]] = Counter()
        for account, work, number in kept:
            counts[account, work] += 1
            assert number == counts[account, work]
        assert counts.total() == len(self.attempts)

    def compare_log(self, attempt: ModelAttempt) -> None:
        rows = self.session.execute(
            select(SavedAnswer.key, SavedAnswer.outcome, SavedAnswer.received_at).where(
                SavedAnswer.attempt_id == attempt.id
            )
        ).all()
        checked = {
            f"check:{position}:{tries}": outcome
            for (position, tries), (outcome, *_) in attempt.checks.items()
        }
        assert {row.key: row.outcome for row in rows} == attempt.outcomes | checked
        end = attempt.ended_at
        assert end is not None
        assert all(row.received_at <= end for row in rows if row.outcome == "kept")
        if attempt.deadline is not None:
            deadline = attempt.deadline
            assert all(row.received_at < deadline for row in rows if row.outcome == "kept")


def scene_in(url: str) -> Scene:
    """Two students in a class with five assignments of the rivers."""
    with sessions(url) as session:
        cast.load(session)
        people = cast.everyone(session)
        school_class = make_class(session, people.grace)
        students = [people.ada, people.mallory]
        enrolments = [enrol(session, school_class, one).id for one in students]
        works = [
            ModelWork(
                id=make_assignment(
                    session, school_class, policy, window=Window(None, None, CLOSE)
                ).id,
                limit=policy.time_limit,
                closes_at=CLOSE,
                attempts=policy.attempts_allowed,
                factors=policy.retry_credits,
                is_judged_at_once=policy.is_immediate,
                goes_back=policy.may_go_back,
                has_certainty=policy.certainty_marking,
            )
            for policy in POLICIES.values()
        ]
    return Scene(content_of(url), students, enrolments, works)


@pytest.mark.slow
def test_no_course_of_events_loses_an_answer_or_takes_one_late(sqlite_databases):
    with sqlite_databases.fresh() as url:

        class CourseHere(Course):
            scene = scene_in(url)
            engine = engine_of(url)

        run_state_machine_as_test(
            CourseHere,
            settings=settings(
                max_examples=RUNS,
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            ),
        )
