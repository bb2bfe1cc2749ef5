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

from quizapp.operations.accounts import Identity
from quizapp.web.naming import name_field

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


def email_field(label: str, first: Optional | InputRequired) -> EmailField:
    """A field for an address; `first` says what holds where none is given."""
    shape = Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message="That does not look like an address.")
    return EmailField(label, validators=[first, Length(max=254), shape])


class SignUpForm(Form):
    """A new account."""

    name = name_field("Name")
    password = new_password()
    email = email_field("E-mail (optional)", Optional())
    next = HiddenField()

    @property
    def identity(self) -> Identity:
        """What was entered. Call after validation."""
        return Identity(self.name.data or "", self.password.data or "", self.email.data or "")


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


class EmailForm(Form):
    """Another address, for someone who knows the password: its mail lets people in."""

    email = email_field("E-mail", Optional())
    confirmation = PasswordField("Password", validators=[InputRequired("Enter your password.")])


class FirstPasswordForm(Form):
    """A password for someone who came by a one-time link."""

    new = new_password("New password")
    again = PasswordField(
        "New password again", validators=[EqualTo("new", "The two passwords differ.")]
    )


class ResetForm(Form):
    """Where to send a link that lets someone choose a new password."""

    email = email_field("E-mail", InputRequired("Enter an address."))


class DeletionForm(Form):
    """The password once more, before everything is deleted."""

    password = PasswordField("Password", validators=[InputRequired("Enter your password.")])
