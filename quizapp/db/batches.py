"""Ids in portions that a statement can well take."""

from collections.abc import Collection, Iterator, Sequence

_AT_ONCE = 500


def batches(ids: Collection[int]) -> Iterator[Sequence[int]]:
    """The ids in order, each once, as many at a time as a statement can well take."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]
