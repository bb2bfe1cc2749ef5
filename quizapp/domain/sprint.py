"""A sprint: as many answers as can be given in a few minutes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Sprint:
    """What came of a sprint: answers within its time, those with full credit among them, answers
    after it, and how long it was from the start to the last answer."""

    length: timedelta
    answered: int
    right: int
    late: int
    took: timedelta

    @property
    def minutes(self) -> int:
        """Its length."""
        return self.length // timedelta(minutes=1)

    @property
    def took_in_words(self) -> str:
        """How long it took, such as 7 min 12 s."""
        minutes, seconds = divmod(self.took // timedelta(seconds=1), 60)
        return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def sprint(
    started_at: datetime, seconds: int, answers: Iterable[tuple[datetime, Fraction]]
) -> Sprint:
    """The sprint that these answers (when, and the credit earned) make."""
    answers = list(answers)
    end = started_at + timedelta(seconds=seconds)
    in_time = [credit for at, credit in answers if at <= end]
    return Sprint(
        length=timedelta(seconds=seconds),
        answered=len(in_time),
        right=sum(credit == 1 for credit in in_time),
        late=len(answers) - len(in_time),
        took=max((at for at, _ in answers), default=started_at) - started_at,
    )
