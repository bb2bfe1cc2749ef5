"""A question as its author wants to see it."""

from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from quizapp.db.models import Question
from quizapp.db.queries.library import next_question_line, question_named, versions_of
from quizapp.db.queries.regrades import regrades_offered_about
from quizapp.extensions import db
from quizapp.web.presenting import asked, settled, shelf
from quizapp.web.session import viewer
from quizapp.web.teach import bp


@bp.get("/decks/<deck>/questions/<slug>")
def question(deck: str, slug: str) -> ResponseReturnValue:
    found = question_named(db.session(), viewer(), deck, slug) or abort(404)
    versions = versions_of(db.session(), found.id)
    current = shelf().question(versions[0].id)
    order = tuple(range(len(current.choices)))
    return render_template(
        "teach/question.html",
        question=found,
        versions=versions,
        content=current,
        asked=asked(versions[0].id, order),
        choices=settled(current, order, current.keys),
        findings=_findings_about(found),
        offers=regrades_offered_about(db.session(), viewer(), found.id),
    )


def _findings_about(question: Question) -> list[dict[str, Any]]:
    """What the check said about the lines of this question when its file was last read."""
    end = next_question_line(db.session(), question)
    return [
        finding
        for finding in question.deck.file.findings
        if question.line <= finding["line"] and (end is None or finding["line"] < end)
    ]
