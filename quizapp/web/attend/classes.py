"""The classes that someone is in."""

from flask import render_template
from flask.typing import ResponseReturnValue

from quizapp.db.queries.accounts import links_by_others
from quizapp.db.queries.classes import own_enrolments, tasks_of, teachers_of
from quizapp.domain.graded.timing import Phase
from quizapp.extensions import db
from quizapp.web import ambient
from quizapp.web.attend import bp
from quizapp.web.attend.doors import enrolled_class_or_404
from quizapp.web.session import known_viewer, viewer


@bp.get("/classes")
def classes() -> ResponseReturnValue:
    account = viewer().account_id
    enrolments = own_enrolments(db.session(), account) if account else []
    # Who has a name reads of them on the page of their account.
    links = links_by_others(db.session(), account) if viewer().is_guest else []
    return render_template(
        "attend/classes.html", enrolments=enrolments, links=links, now=ambient.now()
    )


@bp.get("/classes/<public_id>")
def class_page(public_id: str) -> ResponseReturnValue:
    enrolment, now = enrolled_class_or_404(public_id), ambient.now()
    tasks = tasks_of(db.session(), known_viewer().account_id, public_id)
    return render_template(
        "attend/class.html",
        enrolment=enrolment,
        teachers=teachers_of(db.session(), enrolment.class_id),
        tasks=sorted(tasks, key=lambda task: task.terms.phase(now) is Phase.CLOSED),
        now=now,
    )
