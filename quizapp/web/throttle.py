"""Limits on sign-in and sign-up, counted in the database so that all workers share them."""

import time

from flask import request
from limits.storage import Storage

from quizapp.db.queries.throttles import tries
from quizapp.domain import names
from quizapp.extensions import db
from quizapp.operations.throttling import count_try, forget_tries

SIGN_IN = "10 per minute; 60 per hour"
SIGN_UP = "10 per minute; 120 per hour"
"""Generous for a class of thirty behind one address, slow for whoever tries passwords."""


def by_name() -> str:
    """The account name that a form asks for, so that guesses from many addresses count as one."""
    return "name:" + names.key(request.form.get("name", ""))[:80]


class DatabaseStorage(Storage):
    """Fixed windows in the `throttle` table, for flask-limiter."""

    STORAGE_SCHEME = ["database"]

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
