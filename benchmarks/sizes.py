"""How much of everything a run does."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """`learners` each have a finished and an open attempt; `blocks` of `calls` make a figure;
    `seconds` is how long a crowd of clients keeps the server busy in one block; analysis is read
    at so many `responses` and at ten times as many. A learner has `own_cards` in review, among
    `few` cards of all learners and among `many`."""

    learners: int = 2_000
    blocks: int = 21
    calls: int = 100
    crowd_blocks: int = 5
    seconds: float = 2.0
    starts: int = 3
    responses: int = 100_000
    growth_blocks: int = 11
    own_cards: int = 5_000
    few: int = 10_000
    many: int = 1_000_000


SMALLEST = Sizes(
    learners=20,
    blocks=2,
    calls=3,
    crowd_blocks=1,
    seconds=0.2,
    starts=1,
    responses=200,
    growth_blocks=2,
    own_cards=20,
    few=40,
    many=400,
)
"""Enough to see that everything works; the figures say nothing."""
