"""What the domain takes as arguments and only the outermost layer may reach for: the clock and
the source of randomness."""

from datetime import UTC, datetime
from random import Random

from flask import current_app

RANDOM = "quizapp.random"


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def random() -> Random:
    """The app's randomness: the operating system's, unless the app was made with another."""
    return current_app.extensions[RANDOM]
