"""The study notes."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.db.queries.decks import question_counts, source_on_offer, sources_on_offer
from quizapp.domain.tokens import token
from quizapp.extensions import db
from quizapp.web import ambient
from quizapp.web.learn import bp


@bp.get("/read")
def sources() -> ResponseReturnValue:
    found = sources_on_offer(db.session())
    if len(found) == 1:
        return redirect(url_for(".source", slug=found[0].slug), 303)
    return render_template("learn/sources.html", sources=found)


@bp.get("/read/<slug>")
def source(slug: str) -> ResponseReturnValue:
    found = source_on_offer(db.session(), slug) or abort(404)
    counts = question_counts(db.session(), found.id)
    key = token(ambient.random(), 128)
    return render_template("learn/read.html", source=found, counts=counts, start_key=key)
