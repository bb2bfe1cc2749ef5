"""Items of graded attempts as pages show them, to who took them and to who marks them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from flask_babel import format_percent
from markupsafe import Markup

from quizapp.db.models import Attempt, Mode
from quizapp.db.queries.sitting import ExamItem, Work, closed_for_everyone_at
from quizapp.domain import grading
from quizapp.domain.graded.policy import Shown
from quizapp.domain.graded.regrading import accepted_keys
from quizapp.domain.graded.showing import shown_now, stage_of
from quizapp.domain.grading import Verdict
from quizapp.extensions import db
from quizapp.web.presenting import LETTERS, asked, block, inline, shelf


def shown_of(attempt: Attempt, work: Work, now: datetime) -> frozenset[Shown]:
    """What of an attempt's results its student may see now; a preview that was submitted shows
    all that anybody ever will."""
    if attempt.mode == Mode.PREVIEW:
        return shown_now(work.policy, stage_of(attempt.ended_at, now, now), is_held=False)
    closed = closed_for_everyone_at(db.session(), work) if attempt.ended_at else None
    return shown_now(work.policy, stage_of(attempt.ended_at, closed, now), is_held=work.is_held)


_STATES = {Verdict.RIGHT: "right", Verdict.PARTLY: "partly", Verdict.WRONG: "missed"}


@dataclass(frozen=True, slots=True)
class SeenChoice:
    """A choice as it was asked, with what is shown of it. `is_key` is None while keys are not."""

    letter: str
    text: Markup
    is_chosen: bool
    is_key: bool | None
    feedback: Markup


@dataclass(frozen=True, slots=True)
class SeenItem:
    """An item as the student saw it, with as much of the results as may be shown.

    `state` is right, partly or missed where that is shown, else answered or skipped. `marks` are
    in words, "" where they are not shown.
    """

    position: int
    stem: Markup
    context: Markup
    is_multiple: bool
    choices: tuple[SeenChoice, ...]
    state: str
    marks: str
    explanation: Markup
    certainty: int | None
    tries: int


def seen(item: ExamItem, shown: Collection[Shown], keys: frozenset[int] | None = None) -> SeenItem:
    """An item with what may be shown of it; `keys` are those it was graded anew by, if it was."""
    question = shelf().question(item.version_id)
    put = asked(item.version_id, item.order)
    explanation = question.explanation if Shown.EXPLANATION in shown else ""
    return SeenItem(
        position=item.position,
        stem=put.stem,
        context=put.context,
        is_multiple=put.is_multiple,
        choices=_choices(item, shown, question.keys if keys is None else keys),
        state=_state(item, shown, question.keys if keys is None else keys),
        marks=_marks(item) if Shown.MARKS in shown else "",
        explanation=block(explanation) if explanation else Markup(),
        certainty=item.answer.certainty if item.answer else None,
        tries=item.answer.tries if item.answer else 0,
    )


def _choices(
    item: ExamItem, shown: Collection[Shown], keys: frozenset[int]
) -> tuple[SeenChoice, ...]:
    question = shelf().question(item.version_id)
    chosen = item.answer.chosen if item.answer else frozenset[int]()
    tells_keys, tells_why = Shown.KEY in shown, Shown.FEEDBACK in shown

    def feedback(position: int) -> Markup:
        is_told = position in chosen or (tells_keys and position in keys)
        text = question.choices[position].feedback if tells_why and is_told else ""
        return block(text) if text else Markup()

    return tuple(
        SeenChoice(
            letter=LETTERS[place],
            text=inline(question.choices[position].text),
            is_chosen=position in chosen,
            is_key=position in keys if tells_keys else None,
            feedback=feedback(position),
        )
        for place, position in enumerate(item.order)
    )


def _state(item: ExamItem, shown: Collection[Shown], keys: frozenset[int]) -> str:
    if item.answer is None:
        return "skipped"
    if Shown.CORRECTNESS not in shown:
        return "answered"
    question = shelf().question(item.version_id)
    right = accepted_keys(keys, item.answer.chosen, question.is_multiple)
    return _STATES[grading.verdict(grading.credit(item.answer.chosen, right))]


def _marks(item: ExamItem) -> str:
    if item.worth == 0:
        return "left out of the marks"
    earned = item.credit
    if earned is None:
        earned = item.answer.credit if item.answer else Fraction(0)
    return f"{decimal(earned)} of {item.worth}"


def decimal(number: Fraction) -> str:
    """A number as people write it: at most two decimals, with a real minus."""
    text = f"{float(abs(round(number, 2))):.2f}".rstrip("0").rstrip(".")
    return f"−{text}" if number < 0 and text != "0" else text


def in_percent(share: Fraction | None) -> str:
    """A share in whole per cent, "" where there is none."""
    return "" if share is None else format_percent(float(share), "#,##0 %")
