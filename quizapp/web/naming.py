"""A field for what somebody is to be called; several audiences ask for it."""

from wtforms import Form, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from quizapp.domain import names


def name_field(label: str, missing: str = "Choose a name.") -> StringField:
    """A name of at most names.LONGEST characters that can be seen."""
    message = f"Use at most {names.LONGEST} characters."
    return StringField(
        label,
        validators=[InputRequired(missing), Length(max=names.LONGEST, message=message), fitting],
    )


def fitting(_form: Form, field: StringField) -> None:
    """Refuse a name that is empty, hidden or cannot be kept."""
    if not names.tidy(field.data or ""):
        raise ValidationError("Choose a name.")
    if not names.fits(field.data or ""):
        raise ValidationError("Choose a shorter name.")
    if not names.is_printable(field.data or ""):
        raise ValidationError("Use letters, digits and signs that can be seen.")
