"""Quiz sheets for paper, with a key on a page of its own."""

from dataclasses import dataclass
from typing import Self

from flask import request
from markupsafe import Markup
from wtforms import Form, RadioField, StringField
from wtforms.validators import InputRequired, Regexp

from quizapp.db.queries.practice import live_versions
from quizapp.db.queries.versions import questions_of_versions
from quizapp.domain.printing import Sheet, new_code, sheet
from quizapp.extensions import db
from quizapp.web import ambient
from quizapp.web.options import option
from quizapp.web.presenting import LETTERS, Asked, asked_question, inline

ALL = "all"
COUNTS = (5, 10, 20)


class SheetForm(Form):
    """Which sheet, and what of it to show. It is sent by an address: the same gives the same."""

    count = RadioField("How many questions?", validators=[InputRequired("Choose how many.")])
    part = RadioField(
        "What to print?",
        choices=[
            option("both", "Sheet and key"),
            option("sheet", "Only the sheet"),
            option("key", "Only the key"),
        ],
        validators=[InputRequired("Choose what to print.")],
    )
    code = StringField(
        "Code",
        filters=[lambda code: (code or "").strip().upper()],
        validators=[
            Regexp(r"^[A-Z0-9]{1,12}$", message="A code has 1 to 12 letters and digits, no spaces.")
        ],
    )

    @classmethod
    def of(cls, questions: int) -> Self:
        """The form as it was sent, or a fresh one with a code of its own."""
        fresh = {"count": ALL, "part": "both", "code": new_code(ambient.random())}
        form = cls(request.args if "code" in request.args else None, data=fresh)
        fewer = [option(str(count)) for count in COUNTS if count < questions]
        form.count.choices = [option(ALL, f"All {questions}"), *fewer]
        return form


@dataclass(frozen=True, slots=True)
class Line:
    """A question on a sheet, and on its key: letters and texts of the right choices."""

    asked: Asked
    keys: list[tuple[str, Markup]]
    explanation: str


@dataclass(frozen=True, slots=True)
class Printing:
    """The form to choose a sheet by and, once one is chosen, the sheet with its lines."""

    form: SheetForm
    sheet: Sheet | None
    lines: list[Line]

    @property
    def status(self) -> int:
        """What to answer with."""
        return 422 if self.form.errors else 200


def printing_of(deck_id: int) -> Printing:
    """The sheet of a deck that this request asks for."""
    versions = live_versions(db.session(), deck_id)
    form = SheetForm.of(len(versions))
    if "code" not in request.args or not form.validate():
        return Printing(form, None, [])
    read = questions_of_versions(db.session(), versions.values())
    questions = {slug: read[version] for slug, version in versions.items()}
    count = None if form.count.data == ALL else int(form.count.data)
    drawn = sheet(questions, count, form.code.data or "")
    return Printing(form, drawn, _lines(drawn))


def _lines(drawn: Sheet) -> list[Line]:
    return [
        Line(
            asked=asked_question(question, order),
            keys=[
                (LETTERS[shown], inline(question.choices[i].text))
                for shown, i in enumerate(order)
                if i in question.keys
            ],
            explanation=question.explanation,
        )
        for question, order in drawn.items
    ]
