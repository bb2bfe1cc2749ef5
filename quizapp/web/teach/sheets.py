"""A graded attempt as the student saw it, with what each answer earns and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from quizapp.db.models import SavedAnswer
from quizapp.db.queries.attempts import from_letters
from quizapp.db.queries.gradebook import GivenItem
from quizapp.domain.graded.policy import Policy
from quizapp.web.numbers import marks
from quizapp.web.presenting import LETTERS, SettledChoice, block, inline, settled, shelf
from quizapp.web.teach.marking_forms import OverrideForm


@dataclass(frozen=True, slots=True)
class Sheet:
    """An item with its choices in the order shown, and the form that changes its mark.

    `ruled` are the letters of the keys by which it was graded again, "" where it was not.
    """

    given: GivenItem
    stem: Markup
    context: Markup
    choices: list[SettledChoice]
    ruled: str
    form: OverrideForm

    @property
    def position(self) -> int:
        """Where in the attempt it was asked, from 1."""
        return self.given.item.position


def override_form(
    policy: Policy, given: GivenItem, sent: MultiDict[str, str] | None = None
) -> OverrideForm:
    """The form of an item: as it was sent, else with the mark as it is."""
    override = given.override
    kept = {
        "credit": marks(given.item.credit).replace("−", "-")
        if given.item.credit is not None
        else "",
        "comment": override.comment if override else "",
    }
    return OverrideForm(policy, sent, prefix=f"item-{given.item.position}", data=kept)


def sheet(given: GivenItem, form: OverrideForm) -> Sheet:
    """An item for its page."""
    question = shelf().question(given.item.version_id)
    stem, _, context = question.stem.partition("\n\n")
    order = from_letters(given.item.choice_order)
    chosen = from_letters(given.response.chosen) if given.response else ()
    ruled = given.regrade.keys if given.regrade else None
    return Sheet(
        given=given,
        stem=inline(stem),
        context=block(context) if context else Markup(),
        choices=settled(question, order, chosen),
        ruled=shown_letters(given, ruled or ""),
        form=form,
    )


@dataclass(frozen=True, slots=True)
class SavedLine:
    """An answer that was sent, with the letters of its choices as they were shown."""

    saved: SavedAnswer
    position: int
    chosen: str


def saved_lines(
    sheets: Sequence[Sheet], saved: Sequence[tuple[SavedAnswer, int]]
) -> list[SavedLine]:
    """The answers of an attempt as they came in."""
    asked = {each.position: each.given for each in sheets}
    return [
        SavedLine(answer, position, shown_letters(asked[position], answer.chosen))
        for answer, position in saved
    ]


def shown_letters(given: GivenItem, places: str) -> str:
    """Choices (as the database keeps them) by the letters that the student saw."""
    order = from_letters(given.item.choice_order)
    return ", ".join(sorted(LETTERS[order.index(place)] for place in from_letters(places)))
