"""Finding students by name in a long list."""

from flask import request

MANY = 20
"""From this number on, a list can be searched."""

LONGEST = 80


def sought_name() -> str:
    """The part of a name that is asked for, "" where everyone is."""
    return request.args.get("name", "").strip()[:LONGEST]


def has_in_it(name: str | None, sought: str) -> bool:
    """Whether a name has the part asked for in it, whatever the case."""
    return sought.casefold() in (name or "").casefold()
