"""Access to question files: an instructor sees those of the folder, their own and shared ones, and
changes their own; drafts exist for who works on them."""

from flask import abort

from quizapp.db.models import Deck, Draft, FileVersion, QuestionFile
from quizapp.db.queries.drafts import draft_of
from quizapp.db.queries.library import deck_named, file_seen_by, file_version, may_change
from quizapp.extensions import db
from quizapp.web.session import viewer


def seen_file_or_404(file_id: int) -> QuestionFile:
    """A file that the viewer sees."""
    return file_seen_by(db.session(), viewer(), file_id) or abort(404)


def own_upload_or_404(file_id: int) -> QuestionFile:
    """An upload that the viewer may change."""
    file = seen_file_or_404(file_id)
    return file if may_change(viewer(), file) else abort(404)


def seen_version_or_404(file_id: int, number: int | None) -> tuple[QuestionFile, FileVersion]:
    """A file that the viewer sees, and one of its versions, the newest without a number."""
    file = seen_file_or_404(file_id)
    return file, file_version(db.session(), file.id, number) or abort(404)


def seen_deck_or_404(slug: str) -> Deck:
    """A deck that the viewer sees."""
    return deck_named(db.session(), viewer(), slug) or abort(404)


def own_draft_or_404(public_id: str) -> Draft:
    """The viewer's own draft."""
    return draft_of(db.session(), viewer().account_id, public_id) or abort(404)
