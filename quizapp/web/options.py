"""What a select or a group of radio buttons offers."""

from typing import Any

from wtforms.fields import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]  # newer than the stubs


def option(value: str, label: str | None = None, group: str | None = None) -> Any:
    """A choice of a form's field: what is sent, how it reads, under which heading it stands."""
    return SelectChoice(value, value if label is None else label, optgroup=group)
