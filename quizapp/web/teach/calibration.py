"""How sure a class is of its answers, and where it is sure and wrong. Nobody's own answers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.db.queries.calibration import (
    Placed,
    Sure,
    questions_placed,
    sure_answers,
    versions_answered,
)
from quizapp.db.queries.progress import luck_of
from quizapp.domain.certainty import CERTAIN
from quizapp.domain.studying.calibration import Said
from quizapp.domain.studying.misconceptions import FEWEST, Sureness
from quizapp.extensions import db
from quizapp.web import ambient
from quizapp.web.calibrating import fit
from quizapp.web.teach import bp
from quizapp.web.teach.doors import taught_class_or_404


@dataclass(frozen=True, slots=True)
class Line:
    """A question and how sure the class was of it."""

    stem: str
    deck_title: str
    href: str
    found: Sureness


@bp.get("/classes/<public_id>/calibration")
def class_calibration(public_id: str) -> ResponseReturnValue:
    school_class = taught_class_or_404(public_id)
    sure = sure_answers(db.session(), school_class.id)
    shown = {question: found for question, found in _by_question(sure).items() if found.is_shown}
    luck = luck_of(db.session(), versions_answered(school_class.id))
    return render_template(
        "teach/class_calibration.html",
        school_class=school_class,
        fit=fit(_said((each for each in sure if each.question_id in shown), luck)),
        lines=_lines(shown, questions_placed(db.session(), school_class.id)),
        hidden=len({each.question_id for each in sure} - shown.keys()),
        fewest=FEWEST,
    )


def _by_question(sure: Iterable[Sure]) -> dict[int, Sureness]:
    parts: dict[int, list[Sure]] = defaultdict(list)
    for each in sure:
        parts[each.question_id].append(each)
    return {
        question: Sureness(
            n=sum(each.n for each in said),
            right=sum(each.right for each in said),
            certain=sum(each.n for each in said if each.certainty == CERTAIN),
            mistaken=sum(each.wrong for each in said if each.certainty == CERTAIN),
        )
        for question, said in parts.items()
    }


def _said(sure: Iterable[Sure], luck: Mapping[int, Fraction]) -> list[Said]:
    """The answers as calibration takes them; only questions shown count, so that nobody's answers
    come out by subtraction."""
    today: date = ambient.now().date()
    return [
        Said(today, each.certainty, luck[each.version_id], each.n, each.right)
        for each in sure
        if each.version_id in luck
    ]


def _lines(shown: Mapping[int, Sureness], placed: Mapping[int, Placed]) -> list[Line]:
    """The questions, those first that most were sure of and wrong about."""
    lines = [
        Line(
            stem=placed[question].stem,
            deck_title=placed[question].deck_title,
            href=url_for("teach.question", deck=placed[question].deck, slug=placed[question].slug),
            found=found,
        )
        for question, found in shown.items()
        if question in placed
    ]
    return sorted(lines, key=lambda line: (-line.found.share, -line.found.n, line.stem))
