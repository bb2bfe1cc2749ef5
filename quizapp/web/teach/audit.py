"""Who did what."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from quizapp.db.queries.audit import deeds_seen_by, subjects_seen_by
from quizapp.extensions import db
from quizapp.web.addresses import row_id
from quizapp.web.session import viewer
from quizapp.web.teach import bp

PAGE = 50
"""Deeds on a page."""


@bp.get("/audit")
def audit() -> ResponseReturnValue:
    subjects = subjects_seen_by(db.session(), viewer())
    subject = request.args.get("subject", "")
    before = request.args.get("before", type=row_id)
    chosen = subject if subject in subjects else ""
    deeds = deeds_seen_by(db.session(), viewer(), chosen, before, PAGE + 1)
    return render_template(
        "teach/audit.html",
        deeds=deeds[:PAGE],
        more=deeds[PAGE - 1].id if len(deeds) > PAGE else None,
        subjects=subjects,
        subject=chosen,
        is_later=before is not None,
    )
