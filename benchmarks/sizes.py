"""How much of everything a run does."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """`learners` each have a finished and an open attempt; `blocks` of `calls` make a figure;
    `seconds` is how long a crowd of clients keeps the server busy in one block."""

    learners: int = 2_000
    blocks: int = 21
    calls: int = 100
    crowd_blocks: int = 5
    seconds: float = 2.0
    starts: int = 3


SMALLEST = Sizes(learners=20, blocks=2, calls=3, crowd_blocks=1, seconds=0.2, starts=1)
"""Enough to see that everything works; the figures say nothing."""
