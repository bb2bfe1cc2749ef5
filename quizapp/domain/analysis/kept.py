"""Tallies as they are kept, changed without being read as wholes."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, cast

_NOTHING = (0, "0")


def poured(kept: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """What `as_dict` gives of a tally after `merge` of another, from what it gives of both.

    Only what the change has is looked at: to read all of a tally that has seen many attempts,
    and write it again, would be the dearest part of a submission.
    """
    return {**kept, **{name: _sum(kept[name], by) for name, by in change.items()}}


def _sum(kept: Any, by: Any) -> Any:
    if isinstance(by, str):
        return str(Fraction(kept) + Fraction(by))
    if isinstance(by, Mapping):
        return _table(kept, cast("Mapping[str, Any]", by))
    return kept + by


def _table(kept: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """The sum of two tables, without entries of 0."""
    table = dict(kept)
    for key, by in change.items():
        total = _sum(table[key], by) if key in table else by
        if total in _NOTHING:
            del table[key]
        else:
            table[key] = total
    return table
