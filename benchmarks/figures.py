"""A figure, and how one is taken: two things in turn, block by block."""

import gc
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Block = Callable[[], float]
"""Does one block of work and returns what it cost: seconds for one piece of it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure: its median and quartiles, and what it is held to.

    `must` and `aim` are None where nothing is asked. `at_least` says that more is better.
    """

    name: str
    unit: str
    median: float
    low: float
    high: float
    must: float | None = None
    aim: float | None = None
    at_least: bool = False
    detail: str = ""

    @property
    def reaches_must(self) -> bool | None:
        """Whether the median is as good as it must be, None where nothing is asked."""
        return self._reaches(self.must)

    @property
    def reaches_aim(self) -> bool | None:
        """Whether the median is as good as it aims to be, None where nothing is aimed at."""
        return self._reaches(self.aim)

    def _reaches(self, bound: float | None) -> bool | None:
        if bound is None:
            return None
        return self.median >= bound if self.at_least else self.median <= bound


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a figure must reach and what it aims at."""

    must: float | None = None
    aim: float | None = None
    at_least: bool = False


def figure(
    name: str, unit: str, values: Sequence[float], bounds: Bounds | None = None, detail: str = ""
) -> Figure:
    """The figure that these measurements make."""
    bounds = bounds or Bounds()
    low, high = quartiles(values)
    return Figure(
        name=name,
        unit=unit,
        median=statistics.median(values),
        low=low,
        high=high,
        must=bounds.must,
        aim=bounds.aim,
        at_least=bounds.at_least,
        detail=detail,
    )


def quartiles(values: Sequence[float]) -> tuple[float, float]:
    """The first and third quartile; of a single value, itself twice."""
    if len(values) == 1:
        return values[0], values[0]
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, high


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share (0 to 1) of the values do not exceed."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


@dataclass(frozen=True, slots=True)
class Contest:
    """What blocks of ours and of the baseline cost, pair by pair."""

    ours: tuple[float, ...]
    baseline: tuple[float, ...]

    @property
    def ratios(self) -> list[float]:
        return [ours / base for ours, base in zip(self.ours, self.baseline, strict=True)]

    def costs(self) -> str:
        """The median of each side in words."""
        ours, baseline = statistics.median(self.ours), statistics.median(self.baseline)
        return f"{ours * 1e6:.0f} µs / {baseline * 1e6:.0f} µs"


def contest(ours: Block, baseline: Block, blocks: int) -> Contest:
    """Run both in turn `blocks` times after one unmeasured turn each, every other time in
    the other order, so that neither profits from what else the machine does."""
    ours()
    baseline()
    costs: dict[Block, list[float]] = {ours: [], baseline: []}
    for number in range(blocks):
        for block in (ours, baseline) if number % 2 else (baseline, ours):
            # Each side pays for its own garbage, within its block.
            gc.collect()
            costs[block].append(block())
    return Contest(tuple(costs[ours]), tuple(costs[baseline]))
