"""Working on a question file in the browser, and publishing it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.db.models import Draft
from quizapp.db.queries.drafts import drafts_of
from quizapp.db.queries.library import deck_of_file
from quizapp.domain.fixing import with_ids
from quizapp.domain.uploading import as_text
from quizapp.extensions import db
from quizapp.operations import drafts as operations
from quizapp.operations.drafts import Saved, Text, live_digest, stamp
from quizapp.operations.uploads import (
    Outcome,
    Publication,
    examine,
    file_published_from,
    publish,
)
from quizapp.web import ambient
from quizapp.web.session import viewer
from quizapp.web.teach import bp
from quizapp.web.teach.draft_preview import preview_of, render_preview
from quizapp.web.teach.file_doors import own_draft_or_404
from quizapp.web.teach.file_forms import DraftForm, SettingsForm

CONFLICT = 409


@bp.get("/drafts")
def drafts() -> ResponseReturnValue:
    found = drafts_of(db.session(), viewer().account_id)
    lines = [(d, examine(db.session(), viewer(), d.file, d.name, d.content)) for d in found]
    return render_template("teach/drafts.html", lines=lines)


@bp.get("/drafts/<public_id>")
def draft(public_id: str) -> ResponseReturnValue:
    found = own_draft_or_404(public_id)
    return _draft_page(found, _form_of(found))


@bp.post("/drafts/<public_id>")
def save_draft(public_id: str) -> ResponseReturnValue:
    found = own_draft_or_404(public_id)
    form = _sent_form(found)
    if not form.validate():
        return _draft_page(found, form), 422
    if _save(found, form) is not Saved.DONE:
        return _overtaken_page(public_id, form)
    flash("Saved. Nothing is live until you publish it.", "success")
    return redirect(url_for(".draft", public_id=public_id), 303)


@bp.post("/drafts/<public_id>/text")
def keep_text(public_id: str) -> ResponseReturnValue:
    """Save what is being written, and answer what the check finds in it."""
    found = own_draft_or_404(public_id)
    form = _sent_form(found)
    if not form.validate():
        return render_preview(preview_of(found, form)), 422
    is_saved = _save(found, form) is Saved.DONE
    found = own_draft_or_404(public_id)
    other = None if is_saved else as_text(found.content)
    return render_preview(preview_of(found, form, other)), 200 if is_saved else CONFLICT


@bp.post("/drafts/<public_id>/ids")
def write_ids(public_id: str) -> ResponseReturnValue:
    found = own_draft_or_404(public_id)
    form = _sent_form(found)
    mended = with_ids((form.text.data or "").replace("\r\n", "\n").encode(), found.name)
    form.text.data = mended.decode()
    if not form.validate():
        return _draft_page(found, form), 422
    if _save(found, form) is not Saved.DONE:
        return _overtaken_page(public_id, form)
    flash("The missing ids are written in.", "success")
    return redirect(url_for(".draft", public_id=public_id), 303)


@bp.post("/drafts/<public_id>/publication")
def publish_draft(public_id: str) -> ResponseReturnValue:
    if file_id := file_published_from(db.session(), viewer(), public_id):
        return redirect(url_for(".file", file_id=file_id), 303)
    form, settings = _sent_form(own_draft_or_404(public_id)), SettingsForm(request.form)
    if not (form.validate() and settings.validate()):
        return _draft_page(own_draft_or_404(public_id), form, settings), 422
    if _save(own_draft_or_404(public_id), form) is not Saved.DONE:
        return _overtaken_page(public_id, form)
    return _publish(own_draft_or_404(public_id), form, settings)


@bp.get("/drafts/<public_id>/deletion")
def confirm_discarding(public_id: str) -> ResponseReturnValue:
    return render_template("teach/draft_deletion.html", draft=own_draft_or_404(public_id))


@bp.post("/drafts/<public_id>/deletion")
def discard(public_id: str) -> ResponseReturnValue:
    found = own_draft_or_404(public_id)
    name = found.name
    operations.discard(db.session(), viewer(), found.public_id)
    flash(f"The draft of {name} is thrown away.", "success")
    return redirect(url_for(".library"), 303)


def _publish(found: Draft, form: DraftForm, settings: SettingsForm) -> ResponseReturnValue:
    wish = Publication(
        seen=stamp(found),
        base=form.base.data or None,
        is_for_practice=settings.is_for_practice,
        is_shared=settings.is_shared,
    )
    name, public_id = found.name, found.public_id
    done = publish(db.session(), viewer(), public_id, wish, ambient.now())
    if done.outcome is Outcome.DONE:
        flash(f"{name} is live.", "success")
        return redirect(url_for(".file", file_id=done.file_id), 303)
    if done.outcome is Outcome.SAVED:
        return _overtaken_page(public_id, form)
    found = own_draft_or_404(public_id)
    if done.outcome is not Outcome.CHANGED:
        return _draft_page(found, form, settings, done.outcome), 422
    form.base.data = live_digest(found.file)
    return _draft_page(found, form, settings, done.outcome), CONFLICT


def _form_of(found: Draft) -> DraftForm:
    text, base = as_text(found.content), found.base_digest or ""
    return DraftForm(data={"name": found.name, "text": text, "base": base})


def _sent_form(found: Draft) -> DraftForm:
    """What an editor sent; the name of an upload is not the editor's to choose."""
    form = DraftForm(request.form)
    if found.file:
        form.name.data = found.file.name
    elif not form.name.raw_data:
        form.name.data = found.name
    return form


def _save(found: Draft, form: DraftForm) -> Saved:
    text = Text(form.name.data or found.name, form.text.data or "", form.seen.data or "")
    return operations.save(db.session(), viewer(), found.public_id, text, ambient.now())


def _settings_of(found: Draft) -> SettingsForm:
    if found.file is None:
        return SettingsForm.showing(is_for_practice=True, is_shared=True)
    deck = deck_of_file(db.session(), found.file.id)
    practised = deck is None or deck.is_for_practice
    return SettingsForm.showing(is_for_practice=practised, is_shared=found.file.is_shared)


def _overtaken_page(public_id: str, form: DraftForm) -> ResponseReturnValue:
    found = own_draft_or_404(public_id)
    return _draft_page(found, form, other=as_text(found.content)), CONFLICT


def _draft_page(
    found: Draft,
    form: DraftForm,
    settings: SettingsForm | None = None,
    asks: Outcome | None = None,
    other: str | None = None,
) -> str:
    preview = preview_of(found, form, other)
    return render_template(
        "teach/draft.html",
        draft=found,
        form=form,
        settings=settings or _settings_of(found),
        preview=preview,
        asks=asks.value if asks else None,
        lines=(form.text.data or "").count("\n") + 1,
    )
