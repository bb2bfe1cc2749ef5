"""The answers to an assignment as a table."""

from quizapp.db.models import Assignment
from quizapp.db.queries.attempts import from_letters
from quizapp.db.queries.gradebook import ResponseRow, response_rows
from quizapp.db.queries.versions import questions_of_versions
from quizapp.domain import rendering
from quizapp.domain.questions import Question
from quizapp.domain.tables import Cell, Table
from quizapp.extensions import db
from quizapp.web.presenting import LETTERS, plain_stem

_HEADER = (
    "Student",
    "Attempt",
    "Submitted (UTC)",
    "Position",
    "Question",
    "Stem",
    "Chosen",
    "Chosen, in words",
    "Key",
    "Certainty (1-3)",
    "Tries",
    "Seconds",
    "Marks",
    "Out of",
    "Changed by hand",
)


def responses_table(assignment: Assignment) -> Table:
    """A row an item of each submitted attempt; choices by the letters of the author's order."""
    rows = response_rows(db.session(), assignment.id)
    versions = questions_of_versions(db.session(), {row.version_id for row in rows})
    return Table(
        title=assignment.title,
        header=_HEADER,
        rows=tuple(_row(row, versions[row.version_id]) for row in rows),
    )


def _row(row: ResponseRow, question: Question) -> tuple[Cell, ...]:
    response = row.response
    return (
        row.name or "someone who left",
        row.number,
        row.submitted_at.strftime("%Y-%m-%d %H:%M:%S"),
        row.position,
        f"{row.deck}/{row.slug}",
        plain_stem(question.stem),
        *(_chosen(response.chosen, question) if response else (None, None)),
        "".join(LETTERS[place] for place in sorted(question.keys)),
        response.certainty if response else None,
        response.tries if response else None,
        round(response.elapsed_ms / 1000, 1) if response and response.elapsed_ms else None,
        None if row.item.credit is None else round(float(row.item.credit), 4),
        row.item.worth,
        row.override.comment if row.override else None,
    )


def _chosen(letters: str, question: Question) -> tuple[str, str]:
    places = from_letters(letters)
    texts = [rendering.plain(question.choices[place].text) for place in places]
    return "".join(LETTERS[place] for place in places), "; ".join(texts)
