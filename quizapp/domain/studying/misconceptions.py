"""Questions that many get wrong and are sure of: signs of a misconception."""

from dataclasses import dataclass
from fractions import Fraction

from quizapp.domain.analysis.intervals import wilson

FEWEST = 5
"""Students from which figures about them are shown: fewer could be told apart."""

MANY = Fraction(1, 5)
"""Share of those asked that were wrong and certain from which a misconception is spoken of."""

FEWEST_MISTAKEN = 3


@dataclass(frozen=True, slots=True)
class Sureness:
    """How a group answered one question, each student once: `right` with full credit, `certain`
    of their answer, `mistaken` certain and without credit, of `n`."""

    n: int
    right: int
    certain: int
    mistaken: int

    @property
    def is_shown(self) -> bool:
        """Whether enough answered."""
        return self.n >= FEWEST

    @property
    def share(self) -> Fraction:
        """Share that was wrong and certain."""
        return Fraction(self.mistaken, self.n)

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % Wilson interval."""
        return wilson(float(self.share), self.n)

    @property
    def is_misconception(self) -> bool:
        """Whether many were wrong and certain."""
        return self.is_shown and self.mistaken >= FEWEST_MISTAKEN and self.share >= MANY
