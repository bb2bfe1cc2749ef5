"""Limits on what may be tried how often, counted in the database for all workers together."""

import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import request
from limits import RateLimitItem, parse_many
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from quizapp.db.queries.throttles import tries
from quizapp.domain import names
from quizapp.extensions import db
from quizapp.operations.throttling import count_try, forget_tries
from quizapp.web.session import session_key

P = ParamSpec("P")
R = TypeVar("R")

A_NAME = parse_many("10 per minute; 60 per hour")
"""Slow for whoever tries passwords on an account, from wherever."""

AN_ADDRESS = parse_many("60 per minute; 600 per hour")
"""Room for classes that share one address, slow for whoever tries names."""

JOINING = parse_many("600 per minute; 6000 per hour")
"""Room for a lecture hall behind one address; codes are too many to try at this pace."""

RESETS = parse_many("20 per minute; 120 per hour")
"""Of mails that let choose a new password, asked for from one address."""

AN_INBOX = parse_many("3 per hour; 10 per day")
"""Of those to one mailbox, that nobody may fill."""


def by_address() -> str:
    """Where the request comes from, as far as configured proxies are believed."""
    return f"address:{request.remote_addr}"


def by_name() -> str:
    """The account name that a form asks for, so that guesses from many addresses count as one."""
    return "name:" + names.key(request.form.get("name", ""))[:80]


def by_email() -> str:
    """The mailbox that a form asks to write to."""
    return "email:" + request.form.get("email", "").strip().casefold()[:100]


def by_session() -> str:
    """The account that is signed in."""
    return f"session:{session_key()}"


def throttled(
    limits: list[RateLimitItem], whose: Callable[[], str]
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a view be called no more often than the limits allow, counted for each of `whose`.

    The view raises TooManyRequests (429), which says when to try again.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            count(limits, view.__name__, whose())
            return view(*args, **kwargs)

        return guarded

    return decorate


def count(limits: list[RateLimitItem], what: str, whose: str) -> None:
    """Count one more; raises TooManyRequests where that is more than the limits allow."""
    for limit in limits:
        if not _limiter.hit(limit, what, whose):
            reset = _limiter.get_window_stats(limit, what, whose).reset_time
            raise TooManyRequests(retry_after=max(1, round(reset - time.time())))


class DatabaseStorage(Storage):
    """Fixed windows in the `throttle` table, for the limits library."""

    STORAGE_SCHEME: list[str] | None = ["database"]  # noqa: RUF012  # as the base class has it

    @property
    def base_exceptions(self) -> type[Exception]:
        return Exception

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        return count_try(db.session(), key, expiry, amount, time.time())

    def get(self, key: str) -> int:
        return tries(db.session(), key, time.time())[0]

    def get_expiry(self, key: str) -> float:
        return tries(db.session(), key, time.time())[1]

    def check(self) -> bool:
        tries(db.session(), "", time.time())
        return True

    def reset(self) -> int:
        return forget_tries(db.session())

    def clear(self, key: str) -> None:
        forget_tries(db.session(), key)


_limiter = FixedWindowRateLimiter(DatabaseStorage())
