"""The question files as they were last read."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.db.models import FileState, QuestionFile


def known_files(session: Session) -> list[QuestionFile]:
    """Every file ever read: refused ones first, then by name."""
    files = session.scalars(select(QuestionFile).order_by(QuestionFile.name))
    return sorted(files, key=lambda file: (file.state != FileState.REFUSED, file.name))


def known_file(session: Session, file_id: int) -> QuestionFile | None:
    """One file."""
    return session.get(QuestionFile, file_id)
