"""The question files: which are live, which are refused, and why."""

from flask import render_template
from flask.typing import ResponseReturnValue

from quizapp.db.queries.library import known_files
from quizapp.extensions import db
from quizapp.web.teach import bp


@bp.get("/library")
def library() -> ResponseReturnValue:
    return render_template("teach/library.html", files=known_files(db.session()))
