"""Tallies of graded work, kept in the transactions that submit and regrade.

Each observation is an item of a settled graded attempt with what it earns now, after regrades and
overrides; items that are left out of the marks are left out here, too. A question is tallied by
version in its assignment, in the class and over everything, once for first attempts and once for
all. Attempts as wholes are tallied by assignment, where versions of a question count as the same.

Who changes marks holds the rows of the attempts first. The rows of tallies come last, once a
transaction and in one order, so that nobody waits in a circle.
"""

from collections.abc import Collection, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from quizapp.db.batches import batches
from quizapp.db.models import AssignmentTally, Attempt, ItemTally, Scope
from quizapp.db.queries.statistics import SettledAttempt, SettledItem, settled_attempts
from quizapp.db.transactions import writing
from quizapp.domain import grading
from quizapp.domain.analysis import tally
from quizapp.domain.analysis.tally import Observation, Outcome
from quizapp.domain.graded.regrading import accepted_keys
from quizapp.domain.marks import Mark
from quizapp.operations.tally_rows import TallyRows

ItemKey = tuple[str, int, bool, int]
"""Scope, its id, whether only first attempts count, version."""

QuizKey = tuple[int, bool]
"""Assignment, whether only first attempts count."""

_ITEMS: TallyRows[ItemKey, tally.ItemTally] = TallyRows(
    ItemTally,
    (ItemTally.scope, ItemTally.scope_id, ItemTally.is_first, ItemTally.version_id),
    tally.ItemTally,
    tally.ItemTally.from_dict,
)
_QUIZZES: TallyRows[QuizKey, tally.QuizTally] = TallyRows(
    AssignmentTally,
    (AssignmentTally.assignment_id, AssignmentTally.is_first),
    tally.QuizTally,
    tally.QuizTally.from_dict,
)


def count_in(connection: Connection, attempt_ids: Collection[int]) -> None:
    """Add those of the attempts that are graded and settled to the tallies, within a transaction
    that holds them."""
    counts = _Counts()
    counts.count(connection, attempt_ids, 1)
    counts.write(connection)


def count_out(connection: Connection, attempt_ids: Collection[int]) -> None:
    """Take those of the attempts that are graded and settled out of the tallies, as they were
    counted in: before anything about them changes."""
    counts = _Counts()
    counts.count(connection, attempt_ids, -1)
    counts.write(connection)


@contextmanager
def recounting(connection: Connection, attempt_ids: Collection[int]) -> Generator[None]:
    """Count the attempts as they are after what is done within in place of what they were before.

    Within a transaction that holds them.
    """
    counts = _Counts()
    counts.count(connection, attempt_ids, -1)
    yield
    counts.count(connection, attempt_ids, 1)
    counts.write(connection)


def forget(connection: Connection, attempt_ids: Collection[int]) -> None:
    """Take attempts out of the tallies before they are deleted; they are held from now on."""
    for batch in batches(attempt_ids):
        connection.execute(
            select(Attempt.id).where(Attempt.id.in_(batch)).order_by(Attempt.id).with_for_update()
        )
    count_out(connection, attempt_ids)


def rebuild(session: Session) -> int:
    """Count all tallies anew from the attempts and return how many attempts there are."""
    with writing(session) as connection:
        if connection.dialect.name == "postgresql":
            # Who submits waits: the attempts and what was counted of them have to agree.
            connection.execute(text("LOCK TABLE item_tally, assignment_tally IN EXCLUSIVE MODE"))
        counts = _Counts()
        attempts = counts.count(connection, None, 1)
        _ITEMS.replace(connection, counts.items())
        _QUIZZES.replace(connection, counts.quizzes())
    return attempts


@dataclass(frozen=True, slots=True)
class Difference:
    """A tally that is not what its attempts come to: `kept` and `counted` are numbers of attempts
    in it, which may be the same. Without a version it is one of an assignment as a whole."""

    scope: Scope
    scope_id: int
    is_first: bool
    version_id: int | None
    kept: int
    counted: int


def differences(bind: Session | Connection) -> list[Difference]:
    """The tallies that differ from the attempts as they are now; none where all is well."""
    counts = _Counts()
    counts.count(bind, None, 1)
    return [
        *(
            Difference(Scope(key[0]), key[1], key[2], key[3], kept, counted)
            for key, kept, counted in _ITEMS.differences(bind, counts.items())
        ),
        *(
            Difference(Scope.ASSIGNMENT, key[0], key[1], None, kept, counted)
            for key, kept, counted in _QUIZZES.differences(bind, counts.quizzes())
        ),
    ]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the attempts of an assignment are counted: either first ones or later ones."""

    assignment_id: int
    class_id: int
    is_first: bool

    def item_keys(self, version_id: int) -> Iterator[ItemKey]:
        for scope, scope_id in (
            (Scope.ASSIGNMENT, self.assignment_id),
            (Scope.CLASS, self.class_id),
            (Scope.EVERYTHING, 0),
        ):
            yield scope.value, scope_id, False, version_id
            if self.is_first:
                yield scope.value, scope_id, True, version_id

    def quiz_keys(self) -> Iterator[QuizKey]:
        yield self.assignment_id, False
        if self.is_first:
            yield self.assignment_id, True


@dataclass(slots=True)
class _Counts:
    """What is to be added to the tallies: each attempt is folded in at one place, and the places
    are poured together when all are there."""

    by_version: dict[tuple[_Place, int], tally.ItemTally] = field(
        default_factory=dict[tuple[_Place, int], tally.ItemTally]
    )
    by_place: dict[_Place, tally.QuizTally] = field(default_factory=dict[_Place, tally.QuizTally])

    def count(
        self, bind: Session | Connection, attempt_ids: Collection[int] | None, times: int
    ) -> int:
        """Count attempts in (`times` 1) or out (-1), and return how many they were."""
        if attempt_ids is None:
            return self._count(settled_attempts(bind), times)
        return sum(
            self._count(settled_attempts(bind, batch), times) for batch in batches(attempt_ids)
        )

    def items(self) -> dict[ItemKey, tally.ItemTally]:
        """What to add to the tallies of items."""
        poured: dict[ItemKey, tally.ItemTally] = {}
        for (place, version_id), counted in self.by_version.items():
            for key in place.item_keys(version_id):
                poured.setdefault(key, tally.ItemTally()).merge(counted)
        return poured

    def quizzes(self) -> dict[QuizKey, tally.QuizTally]:
        """What to add to the tallies of assignments."""
        poured: dict[QuizKey, tally.QuizTally] = {}
        for place, counted in self.by_place.items():
            for key in place.quiz_keys():
                poured.setdefault(key, tally.QuizTally()).merge(counted)
        return poured

    def write(self, connection: Connection) -> None:
        """Add it all to the tallies that are kept."""
        _ITEMS.add(connection, self.items())
        _QUIZZES.add(connection, self.quizzes())

    def _count(self, attempts: Iterator[SettledAttempt], times: int) -> int:
        n = 0
        for attempt in attempts:
            self._count_attempt(attempt, times)
            n += 1
        return n

    def _count_attempt(self, attempt: SettledAttempt, times: int) -> None:
        place = _Place(attempt.assignment_id, attempt.class_id, attempt.number == 1)
        score = _score(attempt)
        quiz = self.by_place.setdefault(place, tally.QuizTally())
        count_quiz = quiz.add if times > 0 else quiz.remove
        count_quiz(score, [item.question_id for item in attempt.items])
        for version_id, seen in _observations(attempt, score):
            kept = self.by_version.setdefault((place, version_id), tally.ItemTally())
            count_item = kept.add if times > 0 else kept.remove
            count_item(seen)


def _score(attempt: SettledAttempt) -> Fraction:
    """The share of all marks, as `Score.share` has it."""
    earned = sum((item.credit for item in attempt.items), Fraction(0))
    return max(Fraction(0), earned / len(attempt.items))


def _observations(attempt: SettledAttempt, score: Fraction) -> Iterator[tuple[int, Observation]]:
    """What is observed of each item, with its version."""
    earned = sum((item.credit for item in attempt.items), Fraction(0))
    others = len(attempt.items) - 1
    for item in attempt.items:
        yield (
            item.version_id,
            Observation(
                outcome=_outcome(attempt, item),
                credit=item.credit,
                is_right=_is_right(item),
                chosen=item.chosen or frozenset(),
                rest=(earned - item.credit) / others if others else None,
                score=score,
                elapsed_ms=item.elapsed_ms,
                certainty=item.certainty,
            ),
        )


def _outcome(attempt: SettledAttempt, item: SettledItem) -> Outcome:
    if item.chosen is not None:
        return Outcome.ANSWERED
    is_unseen = attempt.marks[item.position - 1 : item.position] == Mark.OPEN
    return Outcome.UNSEEN if is_unseen else Outcome.SKIPPED


def _is_right(item: SettledItem) -> bool:
    """Whether the answer is wholly right by the keys in force, whatever it earned."""
    if not item.chosen:
        return False
    keys = accepted_keys(item.keys, item.chosen, item.is_multiple)
    return grading.credit(item.chosen, keys) == 1
