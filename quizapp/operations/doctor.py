"""Checks of everything that follows from something else, and of what can never be; and the mend.

Each check is independent of the code that keeps the thing up to date: it looks at the rows.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import groupby

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp.db.batches import batches
from quizapp.db.models import Attempt
from quizapp.db.queries import doctor as queries
from quizapp.db.queries.attempts import from_letters, letters
from quizapp.db.queries.doctor import KeptAttempt, KeptItem, Shape
from quizapp.db.queries.marks import MarkedItem, marked_items, scores_kept
from quizapp.db.transactions import writing
from quizapp.domain import grading
from quizapp.domain.bank import digest_of
from quizapp.domain.gradebook import credit_range
from quizapp.domain.graded import timing
from quizapp.domain.graded.policy import Policy
from quizapp.domain.graded.pools import Pool
from quizapp.domain.graded.scoring import Score, response_credit
from quizapp.domain.marks import UNANSWERED, Mark, mark_of
from quizapp.operations import reviewing, statistics, tallies
from quizapp.operations.marking import settle
from quizapp.operations.sitting import submit_overdue

LONG_OPEN = timedelta(hours=1)
"""After which an attempt whose time is over should have been ended by somebody's visit."""


class Kind(StrEnum):
    """What can be wrong."""

    ORPHANS = "orphans"
    SETTINGS = "settings"
    VERSIONS = "versions"
    FILES = "files"
    CHOICE_ORDERS = "choice orders"
    RESPONSES = "responses"
    ATTEMPTS = "attempts"
    MARKS = "marks"
    OVERRIDES = "overrides"
    REGRADES = "regrades"
    DEADLINES = "deadlines"
    OVERDUE = "overdue"
    NUMBERS = "numbers"
    SAVED = "saved answers"
    ENROLMENTS = "enrolments"
    ACCOMMODATIONS = "accommodations"
    PRACTICE = "practice tallies"
    TALLIES = "graded tallies"
    CARDS = "review cards"


_FROM_BACKUP = "restore the rows from a backup, or delete them"

MENDS: dict[Kind, str] = {
    Kind.ORPHANS: _FROM_BACKUP,
    Kind.SETTINGS: "save the assignment's settings anew, or restore them from a backup",
    Kind.VERSIONS: "sync the question folder or publish the deck's file again; what has lost its"
    " keys, restore from a backup",
    Kind.FILES: "sync the question folder, or publish the file again",
    Kind.CHOICE_ORDERS: "restore the item from a backup: nobody knows what the student saw",
    Kind.RESPONSES: "restore the answer from a backup, or decide the mark by hand",
    Kind.ATTEMPTS: "counted anew with --mend",
    Kind.MARKS: "settled anew with --mend",
    Kind.OVERRIDES: "decide the mark again on the page of the attempt",
    Kind.REGRADES: "undo the regrade, or do it again with keys that the question has",
    Kind.DEADLINES: "look at the attempt, and decide by hand what counts",
    Kind.OVERDUE: "ended as of their deadline with --mend; a server that runs does so by itself",
    Kind.NUMBERS: "look at the student's attempts, and decide by hand which count",
    Kind.SAVED: "look at the log of the attempt, and decide by hand what counts",
    Kind.ENROLMENTS: "let the student join the class again",
    Kind.ACCOMMODATIONS: "grant it anew on the page of the class",
    Kind.PRACTICE: "counted anew with --mend",
    Kind.TALLIES: "counted anew with --mend",
    Kind.CARDS: "made anew with --mend",
}
"""What to do about it."""

MENDABLE = frozenset(
    {
        Kind.ATTEMPTS,
        Kind.MARKS,
        Kind.OVERDUE,
        Kind.PRACTICE,
        Kind.TALLIES,
        Kind.CARDS,
    }
)
"""What follows from something else, so that it can be made anew."""


@dataclass(frozen=True, slots=True)
class Symptom:
    """Something that is wrong: `where` it is, and `what` it is, in words. `subject_id` is the row
    that a mend needs, where one does."""

    kind: Kind
    where: str
    what: str
    subject_id: int = 0


def examine(session: Session, now: datetime) -> list[Symptom]:
    """Everything that is wrong, by kind. Nothing is written.

    What follows from things that are wrong themselves is not compared: it would be reported
    twice.
    """
    if session.get_bind().dialect.name == "postgresql" and not session.in_transaction():
        # One view of everything, while others submit.
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    case = _Case(session, now)
    found: list[Symptom] = []
    for needs, check in _CHECKS:
        if not needs & {symptom.kind for symptom in found}:
            found.extend(check(case))
    order = list(Kind)
    return sorted(found, key=lambda symptom: order.index(symptom.kind))


class _Case:
    """A database under examination, with what several checks need read once."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self.shapes = queries.shapes(session)
        self.policies: dict[int, Policy] = {}
        self.unreadable: list[tuple[str, str]] = []
        for assignment_id, title, policy, pools in queries.assignment_settings(session):
            try:
                self.policies[assignment_id] = Policy.from_dict(policy)
                _ = [Pool.from_dict(pool) for pool in pools]
            except ValueError as error:
                self.unreadable.append((title, str(error)))


def _orphans(case: _Case) -> Iterator[Symptom]:
    for table, parent in queries.orphans(case.session):
        yield Symptom(Kind.ORPHANS, table, f"a row points to a row of {parent} that is not there")


def _settings(case: _Case) -> Iterator[Symptom]:
    for title, problem in case.unreadable:
        yield Symptom(Kind.SETTINGS, title, f"its settings cannot be read: {problem}")


def _versions(case: _Case) -> Iterator[Symptom]:
    for deck, slug, n in queries.questions_without_one_version(case.session):
        what = f"has {n} versions that are live" if n else "is on offer without a live version"
        yield Symptom(Kind.VERSIONS, f"{deck}/{slug}", what)
    for version_id, shape in case.shapes.items():
        if not shape.keys:
            yield Symptom(Kind.VERSIONS, f"version {version_id}", "has no choice that is right")


def _files(case: _Case) -> Iterator[Symptom]:
    for name, number, content, digest in queries.kept_files(case.session):
        if digest_of(content) != digest:
            yield Symptom(Kind.FILES, name, f"what is kept as version {number} was changed since")
    for name in queries.files_unlike_their_version(case.session):
        yield Symptom(Kind.FILES, name, "is not what its newest version says")


def _attempts(case: _Case) -> Iterator[Symptom]:
    for attempt in queries.kept_attempts(case.session):
        answers = list(_answers(case, attempt))
        yield from answers
        if not answers:  # what is kept of the attempt follows from its answers
            yield from _state(case, attempt)


def _answers(case: _Case, attempt: KeptAttempt) -> Iterator[Symptom]:
    policy = case.policies.get(attempt.assignment_id or 0)
    for item in attempt.items:
        where = f"attempt {attempt.public_id}, question {item.position}"
        shape = case.shapes.get(item.version_id, Shape(0, frozenset()))
        if "".join(sorted(item.choice_order)) != letters(range(shape.choices)):
            what = f"shows the choices {item.choice_order!r} of {shape.choices}"
            yield Symptom(Kind.CHOICE_ORDERS, where, what)
        if item.chosen is not None and (what := _wrong_answer(item, shape, policy)):
            yield Symptom(Kind.RESPONSES, where, what)


def _wrong_answer(item: KeptItem, shape: Shape, policy: Policy | None) -> str:
    """What is wrong with an answer, in words; nothing where it is sound."""
    kept = item.chosen or ""
    known = letters(range(shape.choices))
    if not kept or "".join(sorted(set(kept) & set(known))) != kept:
        return f"the answer {kept!r} is none of the choices {known!r}"
    chosen = frozenset(from_letters(kept))
    due = (
        grading.credit(chosen, shape.keys)
        if policy is None
        else response_credit(policy, chosen, shape.keys, item.certainty, item.tries)
    )
    return "" if due == item.earned else f"the answer earned {item.earned}, where {due} is due"


def _state(case: _Case, attempt: KeptAttempt) -> Iterator[Symptom]:
    """What the attempt says of itself against its items."""
    where = f"attempt {attempt.public_id}"
    positions = [item.position for item in attempt.items]
    if positions != list(range(1, attempt.size + 1)):
        what = f"has {len(positions)} items, where {attempt.size} were drawn"
        yield Symptom(Kind.ATTEMPTS, where, what)
        return
    due = _due(attempt, case.shapes)
    kept = (attempt.marks, attempt.answered, attempt.credit)
    if due != kept:
        what = f"says {_in_words(kept)}, where its answers come to {_in_words(due)}"
        yield Symptom(Kind.ATTEMPTS, where, what, attempt.attempt_id)


State = tuple[str, int, Fraction]
"""Marks, number of answers, credit."""

_JUDGED = frozenset({Mark.RIGHT, Mark.PARTLY, Mark.WRONG})


def _due(attempt: KeptAttempt, shapes: Mapping[int, Shape]) -> State:
    """Marks, answers and credit as they follow from the answers.

    The credit of graded work is that of its marks, which another check looks at.
    """
    is_graded = attempt.assignment_id is not None
    marks = "".join(
        _due_mark(mark, item, shapes[item.version_id].keys, is_graded=is_graded)
        for mark, item in zip(attempt.marks, attempt.items, strict=True)
    )
    answered = sum(mark not in UNANSWERED for mark in marks)
    earned = sum((item.earned for item in attempt.items), Fraction(0))
    return marks, answered, attempt.credit if is_graded else earned


def _due_mark(kept: str, item: KeptItem, keys: frozenset[int], *, is_graded: bool) -> str:
    if item.chosen is None:
        return kept if kept in UNANSWERED else Mark.SKIPPED
    if is_graded and kept not in _JUDGED:
        return Mark.SAVED
    return mark_of(grading.verdict(grading.credit(from_letters(item.chosen), keys)))


def _in_words(state: State) -> str:
    marks, answered, credit = state
    return f"marks {marks}, {answered} answered, credit {credit}"


def _marks(case: _Case) -> Iterator[Symptom]:
    for batch in batches(queries.submitted_attempts(case.session)):
        scores = scores_kept(case.session, batch)
        by_attempt = groupby(marked_items(case.session, batch), key=lambda item: item.attempt_id)
        for attempt_id, group in by_attempt:
            assignment_id, public_id, kept = scores[attempt_id]
            what = _wrong_marks(list(group), case.policies[assignment_id], kept)
            if what:
                yield Symptom(Kind.MARKS, f"attempt {public_id}", what, attempt_id)


def _wrong_marks(items: list[MarkedItem], policy: Policy, kept: Score | None) -> str:
    if kept is None:
        return "was handed in and never marked"
    due = [item.mark(policy) for item in items]
    wrong = sum(item.kept != mark for item, mark in zip(items, due, strict=True))
    if wrong:
        return f"{wrong} of {len(items)} marks are not what follows from answers and decisions"
    score = Score.of(due)
    if score == kept:
        return ""
    due_words = f"its items come to {score.credit} of {score.worth}"
    return f"says {kept.credit} of {kept.worth}, where {due_words}"


def _overrides(case: _Case) -> Iterator[Symptom]:
    for public_id, position, assignment_id, credit in queries.overrides_kept(case.session):
        where = f"attempt {public_id}, question {position}"
        if assignment_id is None:
            yield Symptom(Kind.OVERRIDES, where, "a mark was decided of what is not graded")
            continue
        lowest, highest = credit_range(case.policies[assignment_id])
        if not lowest <= credit <= highest:
            what = f"a mark of {credit} was decided, outside {lowest} to {highest}"
            yield Symptom(Kind.OVERRIDES, where, what)


def _regrades(case: _Case) -> Iterator[Symptom]:
    for regrade_id, title, version_id, keys in queries.regrades_kept(case.session):
        shape = case.shapes.get(version_id, Shape(0, frozenset()))
        if not keys or not set(keys) <= set(letters(range(shape.choices))):
            what = f"its keys {keys!r} are none of the {shape.choices} choices"
            yield Symptom(Kind.REGRADES, f"{title}, regrade {regrade_id}", what)


def _deadlines(case: _Case) -> Iterator[Symptom]:
    for public_id, ended_at, deadline in queries.attempts_out_of_time(case.session):
        what = f"ended at {_moment(ended_at)}, outside its time"
        if deadline:
            what += f" up to {_moment(deadline)}"
        yield Symptom(Kind.DEADLINES, f"attempt {public_id}", what)


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else "no time"


def _overdue(case: _Case) -> Iterator[Symptom]:
    for public_id, deadline in queries.attempts_left_open(case.session, case.now - LONG_OPEN):
        what = f"is open, though its time was over at {_moment(deadline)}"
        yield Symptom(Kind.OVERDUE, f"attempt {public_id}", what)


def _numbers(case: _Case) -> Iterator[Symptom]:
    limits = _Limits(case)
    for (assignment_id, account_id), numbers in queries.attempt_numbers(case.session).items():
        where = f"assignment {assignment_id}, account {account_id}"
        if numbers != list(range(1, len(numbers) + 1)):
            yield Symptom(Kind.NUMBERS, where, f"attempts are numbered {numbers}")
        allowed = limits.of(assignment_id, account_id)
        if allowed is not None and len(numbers) > allowed:
            what = f"{len(numbers)} attempts, where {allowed} are allowed"
            yield Symptom(Kind.NUMBERS, where, what)


class _Limits:
    """How many attempts students have: what was granted and taken back again counts as well."""

    def __init__(self, case: _Case) -> None:
        self._policies = case.policies
        self._classes = queries.classes_of_assignments(case.session)
        self._places = queries.enrolment_ids(case.session)
        self._most = queries.extra_attempts_noted(case.session)
        for granted, *_ in queries.accommodations_kept(case.session):
            key = (granted.enrolment_id, granted.assignment_id)
            self._most[key] = max(self._most.get(key, 0), granted.extra_attempts)

    def of(self, assignment_id: int, account_id: int) -> int | None:
        """The most attempts that were ever allowed, None for any number."""
        allowed = self._policies[assignment_id].attempts_allowed
        place = self._places.get((self._classes[assignment_id], account_id), 0)
        if allowed is None:
            return None
        return allowed + max(self._most.get((place, each), 0) for each in (None, assignment_id))


def _saved(case: _Case) -> Iterator[Symptom]:
    for public_id, n in queries.answers_kept_too_late(case.session):
        what = f"{n} saved after the time was over, and kept"
        yield Symptom(Kind.SAVED, f"attempt {public_id}", what)


def _enrolments(case: _Case) -> Iterator[Symptom]:
    for public_id, title in queries.attempts_without_enrolment(case.session):
        what = f"is by someone who was never in the class of {title}"
        yield Symptom(Kind.ENROLMENTS, f"attempt {public_id}", what)


def _accommodations(case: _Case) -> Iterator[Symptom]:
    for row, name, class_id, class_of_work in queries.accommodations_kept(case.session):
        granted = timing.Accommodation(
            row.time_percent, row.is_untimed, row.extra_attempts, row.due_at, row.closes_at
        )
        for problem in granted.problems():
            yield Symptom(Kind.ACCOMMODATIONS, name, problem.message)
        if class_of_work not in {None, class_id}:
            yield Symptom(Kind.ACCOMMODATIONS, name, "is for an assignment of another class")


def _practice(case: _Case) -> Iterator[Symptom]:
    for version_id in tallies.wrong_tallies(case.session):
        what = "its tallies are not what the practice answers come to"
        yield Symptom(Kind.PRACTICE, f"version {version_id}", what)


def _graded(case: _Case) -> Iterator[Symptom]:
    for each in statistics.differences(case.session):
        scope = each.scope if each.scope_id == 0 else f"{each.scope} {each.scope_id}"
        subject = "as a whole" if each.version_id is None else f"version {each.version_id}"
        attempts = "first attempts" if each.is_first else "all attempts"
        what = f"counts {each.kept}, where there are {each.counted}"
        if each.kept == each.counted:
            what = f"counts {each.kept} attempts otherwise than they are"
        yield Symptom(Kind.TALLIES, f"{scope}, {subject}, {attempts}", what)


def _cards(case: _Case) -> Iterator[Symptom]:
    for account_id, questions in reviewing.all_wrong_cards(case.session).items():
        what = f"{len(questions)} review cards are not what the answers come to"
        yield Symptom(Kind.CARDS, f"account {account_id}", what, account_id)


_Check = Callable[[_Case], Iterator[Symptom]]

_SOUND_ANSWERS = {Kind.ORPHANS, Kind.VERSIONS, Kind.RESPONSES}

_CHECKS: tuple[tuple[set[Kind], _Check], ...] = (
    (set(), _orphans),
    (set(), _settings),
    (set(), _versions),
    (set(), _files),
    ({Kind.ORPHANS, Kind.SETTINGS, Kind.VERSIONS}, _attempts),
    ({Kind.ORPHANS, Kind.SETTINGS}, _regrades),
    ({Kind.ORPHANS, Kind.SETTINGS}, _overrides),
    (_SOUND_ANSWERS | {Kind.SETTINGS, Kind.REGRADES, Kind.OVERRIDES}, _marks),
    (set(), _deadlines),
    (set(), _overdue),
    ({Kind.ORPHANS, Kind.SETTINGS}, _numbers),
    (set(), _saved),
    ({Kind.ORPHANS}, _enrolments),
    (set(), _accommodations),
    (_SOUND_ANSWERS, _practice),
    (_SOUND_ANSWERS | {Kind.ATTEMPTS, Kind.REGRADES, Kind.MARKS}, _graded),
    (_SOUND_ANSWERS | {Kind.ATTEMPTS}, _cards),
)
"""Checks in order, each with what must be sound for it to say anything."""


def mend(session: Session, now: datetime) -> list[Symptom]:
    """Make anew what follows from something else, and return what is wrong after that."""
    found = examine(session, now)
    for kind, make_anew in _REMEDIES:
        make_anew(session, [each for each in found if each.kind is kind], now)
    return examine(session, now)


def _mend_attempts(session: Session, found: Collection[Symptom], _now: datetime) -> None:
    shapes = queries.shapes(session) if found else {}
    for ids in batches({symptom.subject_id for symptom in found} - {0}):
        with writing(session) as connection:
            # Held, and read again: someone may be answering.
            held = select(Attempt.id).where(Attempt.id.in_(ids)).order_by(Attempt.id)
            connection.execute(held.with_for_update())
            for attempt in list(queries.kept_attempts(session, ids)):
                marks, answered, credit = _due(attempt, shapes)
                connection.execute(
                    update(Attempt)
                    .where(Attempt.id == attempt.attempt_id)
                    .values(marks=marks, answered=answered, credit=credit)
                )


def _mend_marks(session: Session, found: Collection[Symptom], _now: datetime) -> None:
    if found:
        with writing(session) as connection:
            settle(connection, [symptom.subject_id for symptom in found])


def _mend_overdue(session: Session, found: Collection[Symptom], now: datetime) -> None:
    if found:
        submit_overdue(session, now)


def _mend_tallies(session: Session, _found: Collection[Symptom], _now: datetime) -> None:
    # What was mended before them changes what they count.
    tallies.rebuild(session)
    statistics.rebuild(session)


def _mend_cards(session: Session, found: Collection[Symptom], now: datetime) -> None:
    for symptom in found:
        reviewing.rebuild_cards(session, symptom.subject_id, now)


_REMEDIES: tuple[tuple[Kind, Callable[[Session, Collection[Symptom], datetime], None]], ...] = (
    (Kind.ATTEMPTS, _mend_attempts),
    (Kind.MARKS, _mend_marks),
    (Kind.OVERDUE, _mend_overdue),
    (Kind.TALLIES, _mend_tallies),
    (Kind.CARDS, _mend_cards),
)
