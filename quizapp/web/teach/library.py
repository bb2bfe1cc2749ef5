"""The question files: which are live, which are refused, and why."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.db.queries.drafts import drafts_of
from quizapp.db.queries.library import deck_lines, files_seen_by, may_change, questions_of
from quizapp.extensions import db
from quizapp.operations import offline
from quizapp.operations.offline import may_decide
from quizapp.web import ambient
from quizapp.web.session import viewer
from quizapp.web.teach import bp
from quizapp.web.teach.file_doors import seen_deck_or_404
from quizapp.web.teach.file_forms import UploadForm

LONGEST_SEARCH = 100
KEPT = {
    True: "Learners may keep this deck for offline use.",
    False: "This deck is not given out for offline use any more. Browsers that have it remove it "
    "when they next connect.",
}
MANY_FILES = 8
"""From this number on, files can be searched."""


@bp.get("")
def teach() -> ResponseReturnValue:
    return redirect(url_for(".library"), 303)


@bp.get("/library")
def library() -> ResponseReturnValue:
    return library_page(UploadForm())


def library_page(form: UploadForm) -> str:
    """The library, with what was wrong about an upload, if anything was."""
    words = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    files = files_seen_by(db.session(), viewer(), words)
    return render_template(
        "teach/library.html",
        form=form,
        words=words,
        files=files,
        own={file.id for file in files if may_change(viewer(), file)},
        is_searched=bool(words) or len(files) >= MANY_FILES,
        decks=deck_lines(db.session()),
        drafts=drafts_of(db.session(), viewer().account_id),
    )


@bp.get("/decks/<slug>")
def deck(slug: str) -> ResponseReturnValue:
    found = seen_deck_or_404(slug)
    return render_template(
        "teach/deck.html",
        deck=found,
        questions=questions_of(db.session(), found.id),
        is_own=may_change(viewer(), found.file),
        may_decide=may_decide(viewer(), found),
    )


@bp.post("/decks/<slug>/offline")
def decide_offline_use(slug: str) -> ResponseReturnValue:
    if not may_decide(viewer(), seen_deck_or_404(slug)):
        abort(404)
    is_offline = request.form.get("offline") == "yes"
    offline.decide_offline_use(db.session(), viewer(), slug, ambient.now(), is_offline=is_offline)
    flash(KEPT[is_offline], "success")
    return redirect(url_for(".deck", slug=slug), 303)
