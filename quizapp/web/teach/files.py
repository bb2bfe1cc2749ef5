"""One question file: its versions, who meets it, retiring it and bringing it back."""

from io import BytesIO
from pathlib import PurePosixPath

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from quizapp.db.models import FileVersion, QuestionFile
from quizapp.db.queries.library import (
    assignments_drawing_from,
    deck_of_file,
    file_versions,
    may_change,
)
from quizapp.extensions import db
from quizapp.operations import drafts, uploads
from quizapp.web import ambient
from quizapp.web.session import viewer
from quizapp.web.teach import bp
from quizapp.web.teach.file_doors import (
    own_upload_or_404,
    seen_file_or_404,
    seen_version_or_404,
)
from quizapp.web.teach.file_forms import SettingsForm


@bp.get("/files/<int:file_id>")
def file(file_id: int) -> ResponseReturnValue:
    found = seen_file_or_404(file_id)
    deck = deck_of_file(db.session(), found.id)
    practised = deck is None or deck.is_for_practice
    form = SettingsForm.showing(is_for_practice=practised, is_shared=found.is_shared)
    return _file_page(found, form)


@bp.get("/files/<int:file_id>/text")
def download(file_id: int) -> ResponseReturnValue:
    return _attachment(*seen_version_or_404(file_id, None))


@bp.get("/files/<int:file_id>/versions/<int:number>")
def download_version(file_id: int, number: int) -> ResponseReturnValue:
    return _attachment(*seen_version_or_404(file_id, number))


@bp.post("/files/<int:file_id>/draft")
def edit(file_id: int) -> ResponseReturnValue:
    found = own_upload_or_404(file_id)
    draft = drafts.edit(db.session(), viewer(), found, ambient.random(), ambient.now())
    return redirect(url_for(".draft", public_id=draft or abort(404)), 303)


@bp.post("/files/<int:file_id>/versions/<int:number>/draft")
def edit_version(file_id: int, number: int) -> ResponseReturnValue:
    found = own_upload_or_404(file_id)
    draft = drafts.edit_version(
        db.session(), viewer(), found, number, ambient.random(), ambient.now()
    )
    return redirect(url_for(".draft", public_id=draft or abort(404)), 303)


@bp.get("/files/<int:file_id>/retirement")
def confirm_retirement(file_id: int) -> ResponseReturnValue:
    found = own_upload_or_404(file_id)
    return render_template(
        "teach/file_retirement.html",
        file=found,
        deck=deck_of_file(db.session(), found.id),
        uses=assignments_drawing_from(db.session(), found.id),
    )


@bp.post("/files/<int:file_id>/retirement")
def retire(file_id: int) -> ResponseReturnValue:
    found = own_upload_or_404(file_id)
    uploads.retire(db.session(), viewer(), found.id, ambient.now())
    flash("The file is retired. Any of its versions can be brought back here.", "success")
    return redirect(url_for(".file", file_id=file_id), 303)


@bp.post("/files/<int:file_id>/settings")
def change_settings(file_id: int) -> ResponseReturnValue:
    found = seen_file_or_404(file_id)
    if not _may_set(found):
        abort(404)
    form = SettingsForm(request.form)
    if not form.validate():
        return _file_page(found, form), 422
    wish = {"is_for_practice": form.is_for_practice, "is_shared": form.is_shared}
    uploads.change_settings(db.session(), viewer(), found.id, **wish, now=ambient.now())
    flash("The settings are kept.", "success")
    return redirect(url_for(".file", file_id=file_id), 303)


def _file_page(found: QuestionFile, form: SettingsForm) -> str:
    return render_template(
        "teach/file.html",
        file=found,
        form=form,
        deck=deck_of_file(db.session(), found.id),
        versions=file_versions(db.session(), found.id),
        is_own=may_change(viewer(), found),
        may_set=_may_set(found),
    )


def _may_set(found: QuestionFile) -> bool:
    return may_change(viewer(), found) or viewer().is_admin


def _attachment(found: QuestionFile, version: FileVersion) -> ResponseReturnValue:
    return send_file(
        BytesIO(version.content),
        mimetype="text/markdown",
        as_attachment=True,
        download_name=PurePosixPath(found.name).name,
        etag=False,
    )
