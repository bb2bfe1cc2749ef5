"""Uploading question files: each becomes a draft, nothing is live by that."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.db.models import QuestionFile
from quizapp.extensions import db
from quizapp.operations.drafts import begin_drafts, begin_replacement
from quizapp.web import ambient
from quizapp.web.session import viewer
from quizapp.web.teach import bp
from quizapp.web.teach.file_doors import own_upload_or_404
from quizapp.web.teach.file_forms import UploadForm
from quizapp.web.teach.library import library_page

LARGEST_UPLOAD = 16 * 1024 * 1024
"""The most that an instructor's upload may weigh, in bytes, all files together."""

MOST_TOLD = 8
"""The most files that a flashed message tells of: it travels in a cookie."""


@bp.url_value_preprocessor
def make_room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let instructors send several files at once; this comes before the form is read."""
    if endpoint in {"teach.upload", "teach.replace"} and viewer().is_instructor:
        usual = current_app.config["MAX_CONTENT_LENGTH"]
        request.max_content_length = max(usual, LARGEST_UPLOAD)


@bp.post("/uploads")
def upload() -> ResponseReturnValue:
    form = UploadForm(request.files)
    files, refused = form.read() if form.validate() else ({}, [])
    if not files:
        form.files.errors = refused or form.files.errors
        return library_page(form), 422
    _tell(refused)
    drafts = begin_drafts(db.session(), viewer(), files, ambient.random(), ambient.now())
    if len(drafts) == 1:
        return redirect(url_for(".draft", public_id=drafts[0]), 303)
    return redirect(url_for(".drafts"), 303)


@bp.get("/files/<int:file_id>/replacement")
def replacement(file_id: int) -> ResponseReturnValue:
    return _replacement_page(own_upload_or_404(file_id), UploadForm())


@bp.post("/files/<int:file_id>/replacement")
def replace(file_id: int) -> ResponseReturnValue:
    file = own_upload_or_404(file_id)
    form = UploadForm(request.files)
    files, refused = form.read() if form.validate() else ({}, [])
    if len(files) != 1:
        form.files.errors = refused or form.files.errors or ["Choose one file."]
        return _replacement_page(file, form), 422
    (data,) = files.values()
    draft = begin_replacement(db.session(), viewer(), file, data, ambient.random(), ambient.now())
    return redirect(url_for(".draft", public_id=draft), 303)


def _replacement_page(file: QuestionFile, form: UploadForm) -> str:
    return render_template("teach/upload_replacement.html", file=file, form=form)


def _tell(refused: list[str]) -> None:
    for problem in refused[:MOST_TOLD]:
        flash(f"Not taken: {problem}.", "error")
    if len(refused) > MOST_TOLD:
        flash(f"{len(refused) - MOST_TOLD} more files were not taken.", "error")
