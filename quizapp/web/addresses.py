"""Addresses: whole ones with the site's name, and the numbers in them."""

from typing import Any

from flask import current_app, request, url_for
from werkzeug.routing import IntegerConverter, ValidationError

BASE_URL = "BASE_URL"
MOST = 2**31 - 1
"""The largest number that a row can have as its id."""


def whole(endpoint: str, **values: Any) -> str:
    """The whole address of a page: under the configured one, else under the one asked for."""
    base = current_app.config[BASE_URL] or request.host_url.rstrip("/")
    return base + url_for(endpoint, **values)


def row_id(text: str) -> int:
    """The id of a row, or another number of a page. Raises ValueError where no row can have it:
    databases refuse such a number, each with an error of its own."""
    if len(text) > len(str(MOST)) or int(text) > MOST:
        raise ValueError(f"{text[:20]} is too large")
    return int(text)


class RowIds(IntegerConverter):
    """The `int` of routes: there is nothing at addresses with a number that no row can have."""

    def to_python(self, value: str) -> int:
        try:
            row_id(value)
        except ValueError as error:
            raise ValidationError from error
        return super().to_python(value)
