"""The forms of classes."""

from wtforms import Form, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from quizapp.domain import names
from quizapp.web.naming import name_field

LONGEST_CLASS_NAME = 120


class ClassForm(Form):
    """What a class is called."""

    name = StringField(
        "Name of the class",
        validators=[
            InputRequired("Give the class a name."),
            Length(max=LONGEST_CLASS_NAME, message=f"Use at most {LONGEST_CLASS_NAME} characters."),
        ],
    )

    def validate_name(self, field: StringField) -> None:
        if not names.tidy(field.data or ""):
            raise ValidationError("Give the class a name.")
        if not names.is_printable(field.data or ""):
            raise ValidationError("Use letters, digits and signs that can be seen.")


class StudentForm(Form):
    """What a class knows a student by."""

    name = name_field("Name in this class", "Enter a name.")


class TeacherForm(Form):
    """The account of another instructor."""

    teacher = StringField(
        "Account name of an instructor",
        validators=[InputRequired("Enter a name."), Length(max=200)],
    )
