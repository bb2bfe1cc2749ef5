"""The question files: which are live, which are refused, and why."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.db.queries.library import deck_lines, deck_named, known_files, questions_of
from quizapp.extensions import db
from quizapp.web.teach import bp


@bp.get("")
def teach() -> ResponseReturnValue:
    return redirect(url_for(".library"), 303)


@bp.get("/library")
def library() -> ResponseReturnValue:
    files = known_files(db.session())
    return render_template("teach/library.html", files=files, decks=deck_lines(db.session()))


@bp.get("/decks/<slug>")
def deck(slug: str) -> ResponseReturnValue:
    found = deck_named(db.session(), slug) or abort(404)
    questions = questions_of(db.session(), found.id)
    return render_template("teach/deck.html", deck=found, questions=questions)
