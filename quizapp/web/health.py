"""For whatever watches the server: is it up, and does it reach its database?"""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from quizapp.db.queries.health import answers
from quizapp.extensions import db

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    return {"database": answers(db.session())}
