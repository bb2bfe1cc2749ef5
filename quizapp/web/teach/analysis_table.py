"""All figures of item analysis as a table, as precise as they are."""

from collections.abc import Mapping, Sequence

from quizapp.domain import rendering
from quizapp.domain.analysis.figures import ChoiceFigures, Figure
from quizapp.domain.analysis.flags import letter
from quizapp.domain.analysis.report import AskedQuestion
from quizapp.domain.tables import Cell, Table
from quizapp.web.presenting import plain_stem

_FIGURES = (
    "Facility",
    "Wholly right",
    "Item-rest r",
    "Discrimination index (%)",
    "Discriminative efficiency (%)",
    "Skipped, share",
    "Unseen, share",
    "Seconds, median",
)
_HEADER = (
    "Question",
    "Stem",
    "Keys",
    "Versions counted together",
    "Reached",
    "Answered",
    "Skipped",
    "Unseen",
    "Right by guessing",
    *(f"{name}{part}" for name in _FIGURES for part in ("", ", low", ", high")),
    "Lower third",
    "Middle third",
    "Upper third",
)
_OF_CHOICE = ("text", "chosen", "share", "share, low", "share, high", "lower", "middle", "upper")
_CERTAINTIES = (1, 2, 3)


def as_table(questions: Sequence[AskedQuestion], title: str, places: Mapping[int, str]) -> Table:
    """A row a question, in the author's order; `places` are deck and slug by version.

    Shares are from 0 to 1. A cell is empty where a figure is not given.
    """
    most = max((len(question.figures.choices) for question in questions), default=0)
    choices = [f"{letter(place)}: {part}" for place in range(most) for part in _OF_CHOICE]
    certainties = [
        f"Certainty {level}: {part}" for level in _CERTAINTIES for part in ("answers", "right")
    ]
    return Table(
        title=title,
        header=(*_HEADER, *certainties, "Flags", *choices),
        rows=tuple(
            (*_row(each, places[each.last.version_id]), *_choices(each, most)) for each in questions
        ),
    )


def _row(question: AskedQuestion, place: str) -> tuple[Cell, ...]:
    found = question.figures
    shown = (
        *(found.facility, found.right, found.discrimination, found.index, found.efficiency),
        *(found.skipped_share, found.unseen_share, found.seconds),
    )
    certainties = {each.level: (each.n, each.right) for each in found.certainties}
    return (
        place,
        plain_stem(question.last.content.stem),
        "".join(letter(key) for key in sorted(question.last.keys)),
        len(question.by_version),
        *(found.n, found.answered, found.skipped, found.unseen, found.chance),
        *(cell for each in shown for cell in _cells(each)),
        *found.thirds,
        *(cell for level in _CERTAINTIES for cell in certainties.get(level, (0, 0))),
        " ".join(flag.sentence for flag in question.flags),
    )


def _cells(figure: Figure) -> tuple[Cell, ...]:
    return figure.value, figure.low, figure.high


def _choices(question: AskedQuestion, most: int) -> tuple[Cell, ...]:
    found = question.figures.choices
    blank: tuple[Cell, ...] = (None,) * (len(_OF_CHOICE) * (most - len(found)))
    return (*(cell for each in found for cell in _choice(question, each)), *blank)


def _choice(question: AskedQuestion, found: ChoiceFigures) -> tuple[Cell, ...]:
    text = rendering.plain(question.last.content.choices[found.position].text)
    return text, found.n, *_cells(found.share), found.lower, found.middle, found.upper
