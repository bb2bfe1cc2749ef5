"""The forms of accounts."""

from wtforms import EmailField, Form, HiddenField, PasswordField, StringField
from wtforms.validators import (
    EqualTo,
    InputRequired,
    Length,
    Optional,
    Regexp,
    ValidationError,
)

from quizapp.domain import names
from quizapp.operations.accounts import Identity

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
COMMON = frozenset(
    {"1234567890", "passwordpassword", "password123", "qwertyuiop", "1111111111", "0123456789"}
)


def new_password(label: str = "Password") -> PasswordField:
    """A field for a password that is being chosen."""
    return PasswordField(
        label,
        validators=[
            InputRequired("Choose a password."),
            Length(
                SHORTEST_PASSWORD,
                LONGEST_PASSWORD,
                f"Use {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; a few words do well.",
            ),
            not_common,
        ],
    )


def not_common(_form: Form, field: PasswordField) -> None:
    """Refuse the passwords that are tried first."""
    if (field.data or "").casefold() in COMMON or len(set(field.data or "")) < 4:
        raise ValidationError("That password is easy to guess. Use a few unrelated words.")


class SignUpForm(Form):
    """A new account."""

    name = StringField(
        "Name",
        validators=[
            InputRequired("Choose a name."),
            Length(max=names.LONGEST, message=f"Use at most {names.LONGEST} characters."),
        ],
    )
    password = new_password()
    email = EmailField(
        "E-mail (optional)",
        validators=[
            Optional(),
            Length(max=254),
            Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message="That does not look like an address."),
        ],
    )
    next = HiddenField()

    @property
    def identity(self) -> Identity:
        """What was entered. Call after validation."""
        return Identity(self.name.data or "", self.password.data or "", self.email.data or "")

    def validate_name(self, field: StringField) -> None:
        if not names.tidy(field.data or ""):
            raise ValidationError("Choose a name.")
        if not names.fits(field.data or ""):
            raise ValidationError("Choose a shorter name.")
        if not names.is_printable(field.data or ""):
            raise ValidationError("Use letters, digits and signs that can be seen.")


class SignInForm(Form):
    """Name and password."""

    name = StringField("Name", validators=[InputRequired("Enter your name."), Length(max=200)])
    password = PasswordField(
        "Password", validators=[InputRequired("Enter your password."), Length(max=1000)]
    )
    next = HiddenField()


class PasswordForm(Form):
    """A new password for someone who knows the old one."""

    old = PasswordField(
        "Present password", validators=[InputRequired("Enter your present password.")]
    )
    new = new_password("New password")
    again = PasswordField(
        "New password again", validators=[EqualTo("new", "The two new passwords differ.")]
    )


class FirstPasswordForm(Form):
    """A password for someone who came by a one-time link."""

    new = new_password("New password")
    again = PasswordField(
        "New password again", validators=[EqualTo("new", "The two passwords differ.")]
    )


class DeletionForm(Form):
    """The password once more, before everything is deleted."""

    password = PasswordField("Password", validators=[InputRequired("Enter your password.")])
