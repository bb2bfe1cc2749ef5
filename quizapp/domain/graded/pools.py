"""Which questions an attempt has: what an assignment draws from, and the draw."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from quizapp.domain.coverage import LEVELS
from quizapp.domain.drawing import sample
from quizapp.domain.graded.policy import Problem, read_fields, whole


@dataclass(frozen=True, slots=True)
class Offer:
    """A question there is to draw; `deck` and `slug` are slugs. Offers are in author's order."""

    version_id: int
    question_id: int
    deck: str
    topic: str
    slug: str
    level: int | None

    @property
    def name(self) -> str:
        """Deck and slug, as a pool names a fixed question."""
        return f"{self.deck}/{self.slug}"


@dataclass(frozen=True, slots=True)
class Pool:
    """A part of an assignment.

    `questions` ("deck/slug") are fixed: every attempt has them. Besides come questions of any of
    the `decks` or `topics`: `count` of them, or as many of each level as `levels` says (level, how
    many), or all where neither is given.
    """

    decks: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    count: int | None = None
    levels: tuple[tuple[int, int], ...] = ()

    @property
    def takes_all(self) -> bool:
        """Whether nothing in this pool is left to chance."""
        return self.count is None and not self.levels

    def problems(self) -> tuple[Problem, ...]:
        """Values out of range and contradictions, each with its mend."""
        return (*_out_of_range(self), *_contradictions(self))

    def as_dict(self) -> dict[str, Any]:
        """The pool as JSON values."""
        return {
            "decks": list(self.decks),
            "topics": list(self.topics),
            "questions": list(self.questions),
            "count": self.count,
            "levels": [list(pair) for pair in self.levels],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Pool":
        """The pool of `as_dict`; what is missing has its default.

        Raises ValueError for unknown keys and for values of the wrong kind.
        """
        return cls(**read_fields(values, _READERS))


class TooFew(Exception):
    """A pool wants more questions than there are for it.

    `index` counts from 0; `level` is the level that is short, None where levels play no part.
    """

    def __init__(self, index: int, wanted: int, there: int, level: int | None = None) -> None:
        of_level = "" if level is None else f" of level {level}"
        super().__init__(f"part {index + 1} wants {wanted} questions{of_level}, there are {there}")
        self.index = index
        self.wanted = wanted
        self.there = there
        self.level = level


def draw(
    pools: Sequence[Pool], offers: Sequence[Offer], shuffle: bool, random: Random
) -> list[int]:
    """Version ids of the questions of one attempt, none of them twice. Raises TooFew.

    Fixed questions, and those of pools that take all, are set aside first and stand where the
    first pool that has them stands. The others are drawn so that every pool gets its number
    wherever that is possible at all, also where pools overlap. The order is random, or without
    `shuffle` by pool and within a pool the author's.
    """
    candidates = sample(offers, None, random)
    pool_of = _allot(pools, candidates)
    drawn = [offer for offer in _once(offers) if offer.question_id in pool_of]
    if shuffle:
        random.shuffle(drawn)
    else:
        drawn.sort(key=lambda offer: pool_of[offer.question_id])
    return [offer.version_id for offer in drawn]


def size(pools: Sequence[Pool], offers: Sequence[Offer]) -> int:
    """How many items an attempt will have. Raises TooFew, for every draw or for none."""
    return len(_allot(pools, offers))


def are_fixed(pools: Sequence[Pool], offers: Sequence[Offer]) -> bool:
    """Whether everyone gets the same questions, in whatever order. Raises TooFew."""
    possible = {o.question_id for o in offers for pool in pools if _can_give(pool, o)}
    return len(possible) == size(pools, offers)


@dataclass(frozen=True, slots=True, eq=False)
class _Demand:
    """How many questions a pool draws of a level (None: of any), and ids of those it may have."""

    index: int
    level: int | None
    number: int
    options: tuple[int, ...]


def _allot(pools: Sequence[Pool], candidates: Sequence[Offer]) -> dict[int, int]:
    """The pool (by index) of each question of an attempt; earlier candidates are preferred."""
    pool_of = _set_aside(pools, candidates)
    free = [offer for offer in candidates if offer.question_id not in pool_of]
    holders: dict[int, _Demand] = {}
    for demand in _demands(pools, free):
        for there in range(demand.number):
            if not _find(demand, holders, set()):
                raise TooFew(demand.index, demand.number, there, demand.level)
    return pool_of | {question_id: demand.index for question_id, demand in holders.items()}


def _set_aside(pools: Sequence[Pool], offers: Sequence[Offer]) -> dict[int, int]:
    """The pool of each question that every attempt has."""
    pool_of: dict[int, int] = {}
    names = {offer.name for offer in offers}
    for index, pool in enumerate(pools):
        there = len(names.intersection(pool.questions))
        wanted = len(set(pool.questions))
        all_of = [offer for offer in offers if pool.takes_all and _is_among(pool, offer)]
        if there < wanted:
            raise TooFew(index, wanted, there)
        if not all_of and pool.takes_all and (pool.decks or pool.topics):
            raise TooFew(index, wanted=1, there=0)
        for offer in (*(o for o in offers if o.name in pool.questions), *all_of):
            pool_of.setdefault(offer.question_id, index)
    return pool_of


def _demands(pools: Iterable[Pool], free: Collection[Offer]) -> Iterator[_Demand]:
    for index, pool in enumerate(pools):
        options = [offer for offer in free if _is_among(pool, offer)]
        if pool.count is not None:
            yield _Demand(index, None, pool.count, tuple(o.question_id for o in options))
        for level, number in pool.levels:
            of_level = tuple(o.question_id for o in options if o.level == level)
            yield _Demand(index, level, number, of_level)


def _find(demand: _Demand, holders: dict[int, _Demand], asked: set[_Demand]) -> bool:
    """Get one more question for a demand, if need be from another that finds one in its place
    (an augmenting path, Kuhn 1955). `asked` are those that have tried in this search.
    """
    asked.add(demand)
    for question_id in demand.options:
        holder = holders.get(question_id)
        if holder is None or (holder not in asked and _find(holder, holders, asked)):
            holders[question_id] = demand
            return True
    return False


def _is_among(pool: Pool, offer: Offer) -> bool:
    return offer.deck in pool.decks or offer.topic in pool.topics


def _can_give(pool: Pool, offer: Offer) -> bool:
    """Whether an attempt may have the question from this pool."""
    if offer.name in pool.questions:
        return True
    wanted = pool.takes_all or pool.count or any(n for x, n in pool.levels if x == offer.level)
    return bool(wanted) and _is_among(pool, offer)


def _once(offers: Iterable[Offer]) -> list[Offer]:
    """The offers without further versions of the same question."""
    first: dict[int, Offer] = {}
    for offer in offers:
        first.setdefault(offer.question_id, offer)
    return list(first.values())


def _texts(values: Any) -> tuple[str, ...]:
    texts = tuple(values)
    if isinstance(values, str) or not all(isinstance(text, str) for text in texts):
        raise TypeError(f"{values!r} is no list of texts")
    return texts


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "decks": _texts,
    "topics": _texts,
    "questions": _texts,
    "count": lambda count: None if count is None else whole(count),
    "levels": lambda pairs: tuple((whole(level), whole(number)) for level, number in pairs),
}


def _out_of_range(pool: Pool) -> Iterator[Problem]:
    if pool.count is not None and pool.count < 1:
        yield Problem("count", "Draw at least 1 question, or leave it empty for all.")
    for name in pool.questions:
        if name.count("/") != 1:
            yield Problem("questions", f"Name a question by deck and id, deck/id: {name}.")
    levels = [level for level, _ in pool.levels]
    if not set(levels) <= set(LEVELS) or len(set(levels)) < len(levels):
        yield Problem("levels", "Name each of the levels 1, 2 and 3 at most once.")
    if any(number < 1 for _, number in pool.levels):
        yield Problem("levels", "Draw at least 1 question of each level that is named.")


def _contradictions(pool: Pool) -> Iterator[Problem]:
    draws_from = pool.decks or pool.topics
    if not draws_from and not pool.questions:
        yield Problem("decks", "There is nothing to draw from: choose a deck, topic or question.")
    if not draws_from and pool.questions and not pool.takes_all:
        message = "Single questions are always in: choose a deck or topic to draw others from."
        yield Problem("decks", message)
    if pool.count is not None and pool.levels:
        message = "Give either one number of questions or a number for each level, not both."
        yield Problem("count", message)
