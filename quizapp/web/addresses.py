"""Addresses as people pass them on: whole, with the site's name."""

from typing import Any

from flask import current_app, request, url_for

BASE_URL = "BASE_URL"


def whole(endpoint: str, **values: Any) -> str:
    """The whole address of a page: under the configured one, else under the one asked for."""
    base = current_app.config[BASE_URL] or request.host_url.rstrip("/")
    return base + url_for(endpoint, **values)
