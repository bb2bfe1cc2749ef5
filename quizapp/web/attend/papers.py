"""Questions of an attempt that is being taken, as its pages show them."""

from dataclasses import dataclass

from quizapp.db.queries.sitting import ExamItem
from quizapp.domain.graded.policy import Layout
from quizapp.domain.graded.scoring import is_settled
from quizapp.domain.marks import UNANSWERED, Mark, furthest_seen
from quizapp.web.attend.exams import Exam
from quizapp.web.graded import SeenItem, decimal, seen
from quizapp.web.presenting import Asked, asked


@dataclass(frozen=True, slots=True)
class Paper:
    """A question as the page of an attempt shows it, with no more of the results than may be.

    `put` is what is asked, `judged` the answer checked last as far as that is shown. `worth` says
    what the next try can earn, "" where that is all there is.
    """

    position: int
    put: Asked
    picked: tuple[int, ...]
    certainty: int | None
    tries: int
    tries_left: int
    worth: str
    is_settled: bool
    judged: SeenItem | None
    problem: str = ""

    @property
    def shown(self) -> str:
        """The places picked, as a form sends them back."""
        return "-".join(map(str, self.picked))


def paper_of(exam: Exam, item: ExamItem, problem: str = "") -> Paper:
    """The item for its page."""
    answer, policy = item.answer, exam.policy
    chosen = answer.chosen if answer else ()
    tries, settled = exam.tries_judged(item), exam.is_settled(item)
    is_worth_less = 0 < tries < policy.tries
    return Paper(
        position=item.position,
        put=asked(item.version_id, item.order),
        picked=tuple(place for place, choice in enumerate(item.order) if choice in chosen),
        certainty=answer.certainty if answer else None,
        tries=tries,
        tries_left=policy.tries - tries,
        worth=decimal(policy.retry_credits[tries]) if is_worth_less else "",
        is_settled=settled,
        judged=_judged(exam, item, settled=settled),
        problem=problem,
    )


def _judged(exam: Exam, item: ExamItem, *, settled: bool) -> SeenItem | None:
    """The item with what is shown after an answer; None where no answer was checked."""
    if not settled and not exam.is_judged(item):
        return None
    shown = exam.shown()
    if not exam.is_judged(item):
        shown = frozenset()
    elif not is_settled(exam.policy, exam.tries_judged(item), is_right=exam.is_right(item)):
        shown &= exam.policy.shown_between_tries
    return seen(item, shown)


@dataclass(frozen=True, slots=True)
class Step:
    """A question in the list of all: where it is, and how it stands in words."""

    position: int
    state: str
    may_go: bool


def steps(exam: Exam) -> list[Step]:
    """The questions of an attempt, for going between them."""
    marks = exam.attempt.marks
    goes_back = exam.policy.may_go_back or exam.policy.layout is Layout.ALL

    def state(mark: str) -> str:
        if mark not in UNANSWERED:
            return "answered"
        return "not seen yet" if mark == Mark.OPEN else "not answered"

    return [
        Step(position, state(mark), goes_back or position == furthest_seen(marks))
        for position, mark in enumerate(marks, start=1)
    ]
