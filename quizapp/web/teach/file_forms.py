"""The forms of the library."""

from collections.abc import Iterator

from werkzeug.datastructures import FileStorage
from wtforms import (
    Form,
    HiddenField,
    MultipleFileField,
    RadioField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length

from quizapp.domain.formats.lines import MAX_BYTES
from quizapp.domain.uploading import MOST_FILES, SUFFIX, file_name, name_problem, obstacle
from quizapp.web.options import option

FOR_PRACTICE = [
    option("everyone", "Everyone may practise it"),
    option("assignments", "Only in assignments, so that its keys stay secret"),
]
SHARED = [
    option("shared", "Other instructors see and use it"),
    option("mine", "Only I see and use it"),
]


class UploadForm(Form):
    """Question files from someone's own machine."""

    files = MultipleFileField("Question files", validators=[InputRequired("Choose a file.")])

    def validate_files(self, field: MultipleFileField) -> None:
        if len(field.data or []) > MOST_FILES:
            raise ValidationError(f"Choose at most {MOST_FILES} files at a time.")

    def read(self) -> tuple[dict[str, bytes], list[str]]:
        """The files that can become drafts, by the name to keep them under, and why others cannot.

        Of two with the same name the first is taken.
        """
        taken: dict[str, bytes] = {}
        refused: list[str] = []
        for name, data in _contents(self.files.data or []):
            problem = obstacle(name, data)
            if problem is None and name in taken:
                problem = f"{name}: another file of this name was chosen, too: rename one of them"
            if problem is None:
                taken[name] = data
            else:
                refused.append(problem)
        return taken, refused


class DraftForm(Form):
    """The text of a draft. `seen` says which state of the draft its editor has seen, `base` which
    live version of the file."""

    name = StringField(
        "File name", validators=[Length(max=200)], filters=[lambda name: _tidy(name or "")]
    )
    text = TextAreaField(
        "Text of the file",
        validators=[
            InputRequired("There is no text to keep. To throw the draft away, discard it."),
            Length(max=MAX_BYTES, message="The text is too long: divide it into several files."),
        ],
    )
    seen = HiddenField(validators=[Length(max=64)])
    base = HiddenField(validators=[Length(max=64)])

    def validate_name(self, field: StringField) -> None:
        if problem := name_problem(field.data or ""):
            raise ValidationError(problem[0].upper() + problem[1:] + ".")


class SettingsForm(Form):
    """Who meets a file and its deck."""

    practice = RadioField(
        "Practice",
        choices=FOR_PRACTICE,
        validators=[InputRequired("Choose who may practise it.")],
    )
    sharing = RadioField(
        "Sharing", choices=SHARED, validators=[InputRequired("Choose who sees and uses it.")]
    )

    @classmethod
    def showing(cls, *, is_for_practice: bool, is_shared: bool) -> "SettingsForm":
        """An unsent form with what holds now."""
        practice = "everyone" if is_for_practice else "assignments"
        return cls(data={"practice": practice, "sharing": "shared" if is_shared else "mine"})

    @property
    def is_for_practice(self) -> bool:
        """Whether the deck is offered to everyone."""
        return self.practice.data == "everyone"

    @property
    def is_shared(self) -> bool:
        """Whether other instructors see the file."""
        return self.sharing.data == "shared"


def _tidy(name: str) -> str:
    tidied = file_name(name)
    return tidied if tidied.endswith(SUFFIX) or not tidied else tidied + SUFFIX


def _contents(files: list[FileStorage]) -> Iterator[tuple[str, bytes]]:
    """Names and bytes; of a file too large to be taken, as much as shows that."""
    for file in files:
        if file.filename:
            yield file_name(file.filename), file.stream.read(MAX_BYTES + 1)
