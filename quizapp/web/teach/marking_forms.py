"""The forms in which teachers decide about marks."""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from wtforms import (
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from quizapp.db.queries.regrades import AskedVersion
from quizapp.domain import rendering
from quizapp.domain.gradebook import credit_range
from quizapp.domain.graded.policy import Policy
from quizapp.domain.graded.regrading import Ruling
from quizapp.web.numbers import marks
from quizapp.web.options import option
from quizapp.web.presenting import LETTERS

LONGEST = 2000

RULINGS = (
    (Ruling.REGRADE, "Grade all answers again, by the keys ticked below"),
    (Ruling.FULL, "Full marks for everyone who was asked"),
    (Ruling.IGNORE, "Leave the question out for everyone"),
    (Ruling.KEEP, "Keep the marks as they were given"),
)

DECK_RULINGS = (
    (Ruling.KEEP, "Keep the marks as they were given"),
    (Ruling.FULL, "Full marks for everyone who was asked"),
    (Ruling.IGNORE, "Leave these questions out for everyone"),
)
"""To grade anew, each question needs a key of its own: that is decided one by one."""


def reason_field(label: str, missing: str) -> TextAreaField:
    """Some sentences that have to be given."""
    return TextAreaField(
        label,
        filters=[lambda text: (text or "").strip()],
        validators=[
            DataRequired(missing),
            Length(max=LONGEST, message=f"Use at most {LONGEST} characters."),
        ],
    )


class OverrideForm(Form):
    """What an answer is to earn, and why."""

    credit = StringField("Marks", validators=[InputRequired("Enter the marks, such as 0.5.")])
    comment = reason_field("Why", "Say why: it is kept with the mark.")

    def __init__(self, policy: Policy, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._range = credit_range(policy)

    @property
    def limits(self) -> str:
        """What can be given, in words."""
        lowest, highest = self._range
        return f"from {marks(lowest)} to {marks(highest)}"

    @property
    def fraction(self) -> Fraction:
        """The marks entered. Call after validation."""
        return _fraction(self.credit.data or "")

    def validate_credit(self, field: StringField) -> None:
        lowest, highest = self._range
        if not _NUMBER.fullmatch(field.data or ""):
            raise ValidationError("Enter a number with at most two decimals, such as 0.5.")
        if not lowest <= _fraction(field.data or "") <= highest:
            raise ValidationError(f"Enter marks {self.limits}.")


_NUMBER = re.compile(r"\s*[-−]?[0-9]{1,3}([.,][0-9]{1,2})?\s*")


def _fraction(text: str) -> Fraction:
    return Fraction(text.strip().replace(",", ".").replace("−", "-"))


class ExcusalForm(Form):
    """Why a student is excused."""

    reason = reason_field("Reason", "Give the reason: it is kept with the excuse.")


class RegradeForm(Form):
    """What becomes of the marks of a question. `digest` is that of the preview confirmed."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired("Choose a question.")])
    ruling = RadioField(
        "What becomes of the marks",
        choices=[option(ruling.value, words) for ruling, words in RULINGS],
        validators=[InputRequired("Choose what becomes of the marks.")],
    )
    keys = SelectMultipleField(
        "Keys",
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    reason = reason_field("Why", "Say why: the audit and the history show it.")
    digest = HiddenField(validators=[Length(max=64)])

    def offer(self, texts: Sequence[str]) -> None:
        """Let choices with these texts be keys, in the author's order."""
        self.keys.choices = [
            option(str(place), f"{LETTERS[place]}. {text}") for place, text in enumerate(texts)
        ]

    @property
    def wanted(self) -> Ruling:
        """The ruling chosen. Call after validation."""
        return Ruling(self.ruling.data)

    @property
    def key_positions(self) -> frozenset[int] | None:
        """The keys, where answers are graded again."""
        return frozenset(self.keys.data or ()) if self.wanted is Ruling.REGRADE else None

    def validate_keys(self, field: SelectMultipleField) -> None:
        if self.ruling.data != Ruling.REGRADE:
            return
        chosen = field.data or []
        if not chosen:
            raise ValidationError("Tick the choices that are right.")
        if len(chosen) == len(field.choices or ()):
            raise ValidationError("If every choice is right, give full marks to everyone.")


class DeckRegradeForm(Form):
    """What becomes of the marks of several questions of a deck at once."""

    versions = SelectMultipleField(
        "Questions",
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[InputRequired("Choose at least one question.")],
    )
    ruling = RadioField(
        "What becomes of the marks",
        choices=[option(ruling.value, words) for ruling, words in DECK_RULINGS],
        validators=[InputRequired("Choose what becomes of the marks.")],
    )
    reason = reason_field("Why", "Say why: the audit and the history show it.")
    digest = HiddenField(validators=[Length(max=64)])

    def offer(self, asked: Iterable[AskedVersion]) -> None:
        """Let these be decided about."""
        self.versions.choices = [
            option(str(each.version_id), rendering.plain(each.stem)) for each in asked
        ]

    @property
    def wanted(self) -> Ruling:
        """The ruling chosen. Call after validation."""
        return Ruling(self.ruling.data)


class UndoForm(Form):
    """The preview of undoing that is confirmed."""

    digest = HiddenField(validators=[InputRequired(), Length(max=64)])


class ReleaseForm(Form):
    """Whether students see the marks."""

    released = HiddenField(validators=[AnyOf(["yes", "no"])])
