"""Taking graded work: starting an attempt, saving and checking its answers, submitting it.

The attempt's row is the lock: whoever saves, checks or submits holds it, so that each sees what
the others did, and nothing is taken after the end. Times are the server's; what a browser says
about its clock only tells which of two answers was made first.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from random import Random

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.orm import Session

from quizapp.db.models import (
    Account,
    Assignment,
    Attempt,
    EndedBy,
    Enrolment,
    Item,
    Mode,
    Response,
    SavedAnswer,
)
from quizapp.db.queries.attempts import letters
from quizapp.db.queries.sitting import (
    Answered,
    ExamItem,
    Work,
    accommodations_by_account,
    accommodations_of,
    exam_items,
    keys_of_versions,
    offers,
    overdue_attempts,
    work_of,
)
from quizapp.db.queries.versions import questions_of_versions
from quizapp.db.transactions import writing
from quizapp.domain import drawing, grading
from quizapp.domain.graded import timing
from quizapp.domain.graded.policy import Layout, Policy
from quizapp.domain.graded.pools import TooFew, draw
from quizapp.domain.graded.scoring import is_settled, response_credit
from quizapp.domain.graded.timing import Phase, Terms, Window
from quizapp.domain.marks import UNANSWERED, Mark, furthest_seen, mark_of, replaced
from quizapp.domain.tokens import token
from quizapp.operations.marking import hold_rules, settle

_BATCH = 100


class Refusal(StrEnum):
    """Why an attempt cannot be started."""

    NOT_OFFERED = "not-offered"
    NOT_YET = "not-yet"
    CLOSED = "closed"
    NONE_LEFT = "none-left"
    TOO_FEW = "too-few"


class CannotStart(Exception):
    """An attempt was not started."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Outcome(StrEnum):
    """What became of an answer that was sent.

    KEPT: it stands. SUPERSEDED: another was made after it. LATE: the attempt was over. SETTLED:
    its item takes no answers (any more), or what was judged would be taken back.
    """

    KEPT = "kept"
    SUPERSEDED = "superseded"
    LATE = "late"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer as it was sent: positions of choices (none: the answer is taken back).

    `key` is the same when it is sent again. `age_ms` is how long before it was sent it was made.
    """

    position: int
    chosen: frozenset[int]
    certainty: int | None
    key: str
    age_ms: int = 0
    elapsed_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of answers, by key, and when the attempt ends: None where it has no end."""

    outcomes: dict[str, Outcome]
    deadline: datetime | None
    is_over: bool


_Drawn = list[tuple[int, str]]
"""Version ids, each with the order of its choices."""


def refusal(work: Work, terms: Terms, begun: int, now: datetime) -> Refusal | None:
    """Why someone who has begun so many attempts cannot start another, None where they can."""
    if not work.is_offered:
        return Refusal.NOT_OFFERED
    if terms.phase(now) is Phase.NOT_YET:
        return Refusal.NOT_YET
    if terms.phase(now) is Phase.CLOSED:
        return Refusal.CLOSED
    if terms.attempts_allowed is not None and begun >= terms.attempts_allowed:
        return Refusal.NONE_LEFT
    return None


def start(
    session: Session,
    assignment_id: int,
    account_id: int,
    start_key: str,
    random: Random,
    now: datetime,
) -> str:
    """Start an attempt, or find the one that is open or was started with this key; its public id.

    Raises CannotStart.
    """
    planned = work_of(session, assignment_id)
    drawn = _draw(session, planned, random)
    public_id = token(random, 128)
    with writing(session) as connection:
        _take_turn(connection, planned, account_id)
        work = work_of(connection, assignment_id)
        if (work.pools, work.policy) != (planned.pools, planned.policy):
            drawn = _draw(session, work, random)
        begun = _begun(connection, work, account_id, now)
        for known in begun:
            if known.ended_at is None or known.start_key == _start_key(work, start_key):
                return known.public_id
        terms = work.terms(accommodations_of(connection, work, account_id))
        reason = refusal(work, terms, len(begun), now) or (None if drawn else Refusal.TOO_FEW)
        if reason is None:
            values = {
                "public_id": public_id,
                "account_id": account_id,
                "start_key": _start_key(work, start_key),
                "mode": Mode.GRADED,
                "number": max((attempt.number for attempt in begun), default=0) + 1,
                "deadline": timing.deadline(terms, now),
                "started_at": now,
            }
            _insert(connection, work, drawn, values)
    if reason:  # only now: attempts whose time was over have been ended in any case
        raise CannotStart(reason)
    return public_id


def preview(
    session: Session,
    assignment_id: int,
    account_id: int,
    start_key: str,
    random: Random,
    now: datetime,
) -> str:
    """Let who teaches try an assignment as students do, at any time; its public id.

    A preview counts for nothing and takes the place of the one before. Raises CannotStart where
    there are too few questions.
    """
    work = work_of(session, assignment_id)
    drawn = _draw(session, work, random)
    if not drawn:
        raise CannotStart(Refusal.TOO_FEW)
    public_id = token(random, 128)
    earlier = (
        Attempt.assignment_id == assignment_id,
        Attempt.account_id == account_id,
        Attempt.mode == Mode.PREVIEW,
    )
    with writing(session) as connection:
        # Of a double click one comes first; what is answered meanwhile need not wait.
        own_turn = select(Account.id).where(Account.id == account_id)
        connection.execute(own_turn.with_for_update(key_share=True))
        same = connection.scalar(
            select(Attempt.public_id).where(
                *earlier, Attempt.start_key == _start_key(work, start_key)
            )
        )
        if same:
            return same
        connection.execute(delete(Attempt).where(*earlier))
        terms = timing.terms(Window(), work.policy, ())
        values = {
            "public_id": public_id,
            "account_id": account_id,
            "start_key": _start_key(work, start_key),
            "mode": Mode.PREVIEW,
            "deadline": timing.deadline(terms, now),
            "started_at": now,
        }
        _insert(connection, work, drawn, values)
    return public_id


def _start_key(work: Work, start_key: str) -> str:
    """The key among all of an account's attempts: a browser may use one for two assignments."""
    return f"{work.id}:{start_key}"[:64]


def _draw(session: Session, work: Work, random: Random) -> _Drawn:
    """The questions of an attempt in their order; none where there are too few."""
    try:
        drawn = draw(work.pools, offers(session, work.id), work.policy.shuffle_questions, random)
    except TooFew:
        return []
    questions = questions_of_versions(session, drawn)
    return [
        (
            version,
            letters(
                drawing.choice_order(questions[version], random)
                if work.policy.shuffle_choices
                else range(len(questions[version].choices))
            ),
        )
        for version in drawn
    ]


def _take_turn(connection: Connection, work: Work, account_id: int) -> None:
    """Hold the student's place in the class, so that their starts come one after another.

    The account before and the assignment after it are held as others may hold them, too: nobody
    deletes or merges the one or edits the other meanwhile, who hold them in the same order.
    """
    turns = (
        select(Account.id)
        .where(Account.id == account_id)
        .with_for_update(read=True, key_share=True),
        select(Enrolment.id)
        .where(
            Enrolment.class_id == work.class_id,
            Enrolment.account_id == account_id,
            Enrolment.removed_at.is_(None),
        )
        .with_for_update(),
        select(Assignment.id)
        .where(Assignment.id == work.id)
        .with_for_update(read=True, key_share=True),
    )
    if any(connection.scalar(turn) is None for turn in turns):
        raise CannotStart(Refusal.NOT_OFFERED)


@dataclass(frozen=True, slots=True)
class _Begun:
    attempt_id: int
    public_id: str
    start_key: str
    number: int
    ended_at: datetime | None
    deadline: datetime | None


def _begun(connection: Connection, work: Work, account_id: int, now: datetime) -> list[_Begun]:
    """The attempts that someone has begun, after ending those whose time is over."""
    statement = (
        select(
            Attempt.id,
            Attempt.public_id,
            Attempt.start_key,
            Attempt.number,
            Attempt.ended_at,
            Attempt.deadline,
        )
        .where(
            Attempt.assignment_id == work.id,
            Attempt.account_id == account_id,
            Attempt.mode == Mode.GRADED,
        )
        .order_by(Attempt.number)
    )
    begun = [_Begun(*row) for row in connection.execute(statement)]
    overdue = [a.attempt_id for a in begun if a.ended_at is None and _is_past(a.deadline, now)]
    if not overdue:
        return begun
    end(connection, overdue, EndedBy.TIME, now)
    return [_Begun(*row) for row in connection.execute(statement)]


def _insert(
    connection: Connection, work: Work, drawn: _Drawn, values: Mapping[str, object]
) -> None:
    seen = len(drawn) if work.policy.layout is Layout.ALL else 1
    attempt_id = connection.execute(
        insert(Attempt)
        .values(
            assignment_id=work.id,
            title=work.title,
            size=len(drawn),
            marks=Mark.SKIPPED * seen + Mark.OPEN * (len(drawn) - seen),
            answered=0,
            credit=Fraction(0),
            **values,
        )
        .returning(Attempt.id)
    ).scalar_one()
    connection.execute(
        insert(Item),
        [
            {
                "attempt_id": attempt_id,
                "position": i,
                "version_id": v,
                "choice_order": o,
                "worth": 1,
            }
            for i, (v, o) in enumerate(drawn, start=1)
        ],
    )


def save(session: Session, attempt_id: int, answers: Sequence[Sent], now: datetime) -> Standing:
    """Keep answers in the order in which they were sent, each once, however often it is sent."""
    with writing(session) as connection:
        sitting = _Sitting.locked(connection, attempt_id, now)
        outcomes = _known_outcomes(connection, attempt_id, [sent.key for sent in answers])
        fresh = [sent for sent in answers if sent.key not in outcomes]
        if fresh:
            shelf = _Answers.read(connection, sitting, {sent.position for sent in fresh})
            for sent in fresh:
                if sent.key not in outcomes:
                    outcomes[sent.key] = shelf.take(connection, sent)
            sitting.write(connection)
    return Standing(outcomes, sitting.deadline, sitting.is_over)


def check(session: Session, attempt_id: int, sent: Sent, tries: int, now: datetime) -> Outcome:
    """Judge an answer at once, where the policy does so, as the try after `tries`.

    Of two that were sent as the same try, the first is judged and the other is SETTLED, unless it
    is the same. The sent key does not count. Raises ValueError where nothing was chosen and where
    the policy judges nothing before the end.
    """
    if not sent.chosen:
        raise ValueError("there is nothing to judge")
    key = f"check:{sent.position}:{tries + 1}"
    with writing(session) as connection:
        sitting = _Sitting.locked(connection, attempt_id, now)
        if not sitting.policy.is_immediate:
            raise ValueError("nothing is judged before the attempt is submitted")
        known = connection.execute(
            select(SavedAnswer.outcome, SavedAnswer.chosen, SavedAnswer.certainty).where(
                SavedAnswer.attempt_id == attempt_id, SavedAnswer.key == key
            )
        ).one_or_none()
        if known is not None:
            is_same = (known.chosen, known.certainty) == (_letters(sent.chosen), sent.certainty)
            return Outcome(known.outcome) if is_same else Outcome.SETTLED
        shelf = _Answers.read(connection, sitting, {sent.position})
        outcome = shelf.judge(connection, sent, tries, key)
        sitting.write(connection)
        return outcome


def see(session: Session, attempt_id: int, position: int, now: datetime) -> None:
    """Note that an item was shown, while the attempt is open."""
    with writing(session) as connection:
        sitting = _Sitting.locked(connection, attempt_id, now)
        sitting.see(connection, position)


def go_on(session: Session, attempt_id: int, position: int, now: datetime) -> None:
    """Leave an item for the next one. Where there is no going back this closes it; leaving it
    again changes nothing.
    """
    with writing(session) as connection:
        sitting = _Sitting.locked(connection, attempt_id, now)
        if furthest_seen(sitting.marks) == position < len(sitting.marks):
            sitting.see(connection, position + 1)


def submit(session: Session, attempt_id: int, by: EndedBy, now: datetime) -> None:
    """Submit an attempt with what was saved; one whose time was over is submitted as of then.

    Submitting again changes nothing.
    """
    with writing(session) as connection:
        end(connection, [attempt_id], by, now)


def submit_overdue(session: Session, now: datetime, assignment_id: int | None = None) -> int:
    """Submit each attempt (at one assignment, if named) whose time is over; how many there were."""
    overdue = overdue_attempts(session, now, assignment_id)
    for begin in range(0, len(overdue), _BATCH):
        with writing(session) as connection:
            end(connection, overdue[begin : begin + _BATCH], EndedBy.TIME, now)
    return len(overdue)


def extend_deadlines(connection: Connection, assignment_id: int, now: datetime) -> None:
    """Move the deadlines of running attempts to what the assignment and its accommodations say
    now, where that is later. Within a transaction, after any change of these.
    """
    work = work_of(connection, assignment_id)
    granted = accommodations_by_account(connection, work)
    running = connection.execute(
        select(Attempt.id, Attempt.account_id, Attempt.started_at, Attempt.deadline)
        .where(
            Attempt.assignment_id == assignment_id,
            Attempt.mode == Mode.GRADED,
            Attempt.ended_at.is_(None),
            Attempt.deadline > now,
        )
        .order_by(Attempt.id)
        .with_for_update()
    ).all()
    for row in running:
        terms = work.terms(granted.get(row.account_id, ()))
        moved = timing.deadline(terms, row.started_at)
        if moved is None or moved > row.deadline:
            connection.execute(update(Attempt).where(Attempt.id == row.id).values(deadline=moved))


def end(
    connection: Connection, attempt_ids: Collection[int], by: EndedBy, now: datetime
) -> list[int]:
    """End those of the attempts that are open, as of their deadline if that is past, and settle
    their marks. Within a transaction.

    One whose time is said to be over, and which has got more meanwhile, stays open. The ids of
    those that were ended before their time was over.
    """
    hold_rules(connection, attempt_ids)
    found = connection.execute(
        select(Attempt.id, Attempt.started_at, Attempt.deadline)
        .where(Attempt.id.in_(attempt_ids), Attempt.ended_at.is_(None))
        .order_by(Attempt.id)
        .with_for_update()
    ).all()
    rows = [row for row in found if by is not EndedBy.TIME or _is_past(row.deadline, now)]
    taken = _last_taken(connection, [row.id for row in rows])
    for row in rows:
        is_past = _is_past(row.deadline, now)
        # Who ends it may have asked before what came first: they waited for it.
        ended_at = max(now, row.started_at, taken.get(row.id, now))
        connection.execute(
            update(Attempt)
            .where(Attempt.id == row.id)
            .values(
                ended_at=row.deadline if is_past else ended_at,
                ended_by=EndedBy.TIME if is_past else by,
            )
        )
    settle(connection, [row.id for row in rows])
    return [row.id for row in rows if not _is_past(row.deadline, now)]


def _last_taken(connection: Connection, attempt_ids: Collection[int]) -> dict[int, datetime]:
    """When the server had the last answer of each attempt that it took."""
    rows = connection.execute(
        select(SavedAnswer.attempt_id, func.max(SavedAnswer.received_at))
        .where(SavedAnswer.attempt_id.in_(attempt_ids), SavedAnswer.outcome == Outcome.KEPT)
        .group_by(SavedAnswer.attempt_id)
    )
    return dict(rows.all())


def _is_past(deadline: datetime | None, now: datetime) -> bool:
    return deadline is not None and deadline <= now


def _letters(chosen: frozenset[int]) -> str:
    return letters(sorted(chosen))


def _known_outcomes(
    connection: Connection, attempt_id: int, keys: Collection[str]
) -> dict[str, Outcome]:
    rows = connection.execute(
        select(SavedAnswer.key, SavedAnswer.outcome).where(
            SavedAnswer.attempt_id == attempt_id, SavedAnswer.key.in_(keys)
        )
    )
    return {key: Outcome(outcome) for key, outcome in rows}


@dataclass(slots=True)
class _Sitting:
    """An attempt whose row is held while answers are taken."""

    attempt_id: int
    policy: Policy
    marks: str
    started_at: datetime
    deadline: datetime | None
    is_over: bool
    now: datetime

    @classmethod
    def locked(cls, connection: Connection, attempt_id: int, now: datetime) -> "_Sitting":
        row = connection.execute(
            select(
                Attempt.marks,
                Attempt.started_at,
                Attempt.deadline,
                Attempt.ended_at,
                Assignment.policy,
            )
            .join(Assignment, Assignment.id == Attempt.assignment_id)
            .where(Attempt.id == attempt_id)
            .with_for_update(of=Attempt)
        ).one()
        return cls(
            attempt_id=attempt_id,
            policy=Policy.from_dict(row.policy),
            marks=row.marks,
            started_at=row.started_at,
            deadline=row.deadline,
            is_over=row.ended_at is not None or _is_past(row.deadline, now),
            now=now,
        )

    def made_at(self, sent: Sent) -> datetime:
        """When the answer was made, as far as that can be: within the attempt, up to now."""
        longest = (self.now - self.started_at) / timedelta(milliseconds=1)
        age = timedelta(milliseconds=min(max(sent.age_ms, 0), max(longest, 0)))
        return self.now - age

    def is_out_of_reach(self, position: int) -> bool:
        """Whether there is no going to an item: only the one seen last is within reach then."""
        return not self.policy.may_go_back and position != furthest_seen(self.marks)

    def see(self, connection: Connection, position: int) -> None:
        """Note that an item was shown, unless the attempt is over."""
        if not self.is_over and self.marks[position - 1] == Mark.OPEN:
            self.marks = replaced(self.marks, position, Mark.SKIPPED)
            self.write(connection)

    def write(self, connection: Connection) -> None:
        connection.execute(
            update(Attempt)
            .where(Attempt.id == self.attempt_id)
            .values(
                marks=self.marks,
                answered=sum(mark not in UNANSWERED for mark in self.marks),
            )
        )


@dataclass(slots=True)
class _Answers:
    """The answers to some items of a sitting, as they stand while others are taken.

    `latest` is when the one that stands was made, also where it was taken back.
    """

    sitting: _Sitting
    items: dict[int, ExamItem]
    keys: dict[int, frozenset[int]]
    standing: dict[int, Answered | None]
    latest: dict[int, datetime]

    @classmethod
    def read(
        cls, connection: Connection, sitting: _Sitting, positions: Collection[int]
    ) -> "_Answers":
        items = {
            item.position: item
            for item in exam_items(connection, sitting.attempt_id)
            if item.position in positions
        }
        rows = connection.execute(
            select(Item.position, func.max(SavedAnswer.made_at))
            .join(Item, Item.id == SavedAnswer.item_id)
            .where(
                SavedAnswer.attempt_id == sitting.attempt_id,
                SavedAnswer.outcome == Outcome.KEPT,
            )
            .group_by(Item.position)
        )
        return cls(
            sitting=sitting,
            items=items,
            keys=keys_of_versions(connection, {item.version_id for item in items.values()}),
            standing={position: item.answer for position, item in items.items()},
            latest={row[0]: row[1] for row in rows},
        )

    def take(self, connection: Connection, sent: Sent) -> Outcome:
        """Save an answer without judging it; note it and what became of it."""
        outcome = self._outcome(sent)
        if outcome is Outcome.KEPT:
            self._keep(connection, sent, self.tries_judged(sent.position) + 1)
            is_answered = self.standing[sent.position] is not None
            self._mark(sent.position, Mark.SAVED if is_answered else Mark.SKIPPED)
        self._note(connection, sent, sent.key, outcome)
        return outcome

    def judge(self, connection: Connection, sent: Sent, tries: int, key: str) -> Outcome:
        """Take an answer as the try after `tries`, with the verdict as the item's mark."""
        if self.sitting.is_over:
            outcome = Outcome.LATE
        elif tries != self.tries_judged(sent.position) or self._is_settled(sent.position):
            return Outcome.SETTLED
        else:
            outcome = Outcome.KEPT
            self._keep(connection, sent, tries + 1)
            keys = self.keys[self.items[sent.position].version_id]
            self._mark(sent.position, mark_of(grading.verdict(grading.credit(sent.chosen, keys))))
        self._note(connection, sent, key, outcome)
        return outcome

    def tries_judged(self, position: int) -> int:
        """How many tries of an item were judged so far."""
        answer = self.standing[position]
        if answer is None:
            return 0
        is_judged = self.sitting.marks[position - 1] != Mark.SAVED
        return answer.tries if is_judged else answer.tries - 1

    def _outcome(self, sent: Sent) -> Outcome:
        if self.sitting.is_over:
            return Outcome.LATE
        takes_back = not sent.chosen and self.tries_judged(sent.position) > 0
        if takes_back or self._is_settled(sent.position):
            return Outcome.SETTLED
        latest = self.latest.get(sent.position)
        if latest is not None and latest > self.sitting.made_at(sent):
            return Outcome.SUPERSEDED
        return Outcome.KEPT

    def _is_settled(self, position: int) -> bool:
        if self.sitting.is_out_of_reach(position):
            return True
        answer, mark = self.standing[position], self.sitting.marks[position - 1]
        if answer is None or mark == Mark.SAVED:
            return False
        return is_settled(self.sitting.policy, answer.tries, is_right=mark == Mark.RIGHT)

    def _keep(self, connection: Connection, sent: Sent, tries: int) -> None:
        item, before = self.items[sent.position], self.standing[sent.position]
        made_at = self.sitting.made_at(sent)
        self.latest[sent.position] = made_at
        if not sent.chosen:
            connection.execute(delete(Response).where(Response.item_id == item.item_id))
            self.standing[sent.position] = None
            return
        earned = response_credit(
            self.sitting.policy, sent.chosen, self.keys[item.version_id], sent.certainty, tries
        )
        answer = Answered(
            sent.chosen, sent.certainty, earned, tries, made_at, _elapsed(sent, before)
        )
        values = {
            "chosen": _letters(answer.chosen),
            "certainty": answer.certainty,
            "credit": answer.credit,
            "answered_at": answer.answered_at,
            "elapsed_ms": answer.elapsed_ms,
            "tries": answer.tries,
        }
        if before is None:
            connection.execute(insert(Response).values(item_id=item.item_id, **values))
        else:
            connection.execute(
                update(Response).where(Response.item_id == item.item_id).values(**values)
            )
        self.standing[sent.position] = answer

    def _mark(self, position: int, mark: Mark) -> None:
        self.sitting.marks = replaced(self.sitting.marks, position, mark)

    def _note(self, connection: Connection, sent: Sent, key: str, outcome: Outcome) -> None:
        connection.execute(
            insert(SavedAnswer).values(
                attempt_id=self.sitting.attempt_id,
                key=key,
                item_id=self.items[sent.position].item_id,
                chosen=_letters(sent.chosen),
                certainty=sent.certainty,
                made_at=self.sitting.made_at(sent),
                received_at=self.sitting.now,
                outcome=outcome,
            )
        )


def _elapsed(sent: Sent, before: Answered | None) -> int | None:
    """The time that an answer took, by what was said last about it."""
    return before.elapsed_ms if sent.elapsed_ms is None and before else sent.elapsed_ms
