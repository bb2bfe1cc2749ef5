"""Item analysis: which questions work, in an assignment, in a class, in a deck, and by version."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.db.models import Assignment, Scope
from quizapp.db.queries.library import question_named
from quizapp.db.queries.statistics import (
    InForce,
    QuizLine,
    VersionTally,
    quiz_of,
    quizzes_of_class,
    regrades_in_force,
    tallies_in,
    tallies_of_deck,
    tallies_of_question,
)
from quizapp.db.queries.versions import questions_of_versions
from quizapp.domain.analysis.figures import QuizFigures, quiz_figures
from quizapp.domain.analysis.report import (
    AskedQuestion,
    AskedVersion,
    Order,
    by_question,
    in_order,
    report,
)
from quizapp.domain.graded.regrading import Ruling
from quizapp.extensions import db
from quizapp.web.downloads import KINDS, download
from quizapp.web.session import viewer
from quizapp.web.teach import bp
from quizapp.web.teach.analysis_presenting import (
    Links,
    QuestionLine,
    Value,
    histogram,
    in_percent,
    points,
    question_line,
    summary,
    to_look_at,
)
from quizapp.web.teach.analysis_table import as_table
from quizapp.web.teach.doors import taught_assignment_or_404, taught_class_or_404
from quizapp.web.teach.file_doors import seen_deck_or_404

A_PAGE = 50
"""As many questions are shown unless all are asked for."""

_EXPORT = f"export/<any({', '.join(KINDS)}):kind>"
_RULINGS = {
    Ruling.KEEP: "marks kept by a decision",
    Ruling.FULL: "full marks for everyone by a regrade",
    Ruling.REGRADE: "answers graded anew by a regrade",
}
_ORDERS = {
    Order.WORST: "Worst first",
    Order.AUTHOR: "Author’s order",
    Order.FACILITY: "Facility",
    Order.DISCRIMINATION: "Discrimination",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; what is not understood counts as the default."""

    is_first: bool = True
    order: Order = Order.WORST
    shows_all: bool = False

    @classmethod
    def sent(cls) -> "Asked":
        """What this request asks for."""
        given = request.args
        order = given.get("order", "")
        return cls(
            is_first=given.get("attempts") != "all",
            order=Order(order) if order in set(Order) else Order.WORST,
            shows_all=given.get("show") == "all",
        )

    def href(self) -> str:
        """The address of this page that asks for the same."""
        named = {
            "attempts": "" if self.is_first else "all",
            "order": "" if self.order is Order.WORST else self.order.value,
            "show": "all" if self.shows_all else "",
        }
        kept: dict[str, Any] = {name: value for name, value in named.items() if value}
        return url_for(request.endpoint or "", **(request.view_args or {}), **kept)


@dataclass(frozen=True, slots=True)
class Findings:
    """The questions of a scope in the author's order, with what is known of their versions."""

    questions: list[AskedQuestion]
    versions: dict[int, VersionTally]
    asked: list[AskedVersion]
    regrades: dict[int, InForce]


def findings(tallies: Sequence[VersionTally], regrades: Sequence[InForce] = ()) -> Findings:
    """What these tallies come to, with the keys that regrades have put in force."""
    in_force = {each.version_id: each for each in regrades}
    contents = questions_of_versions(db.session(), [each.version_id for each in tallies])
    asked: list[AskedVersion] = []
    for each in tallies:
        content, regrade = contents[each.version_id], in_force.get(each.version_id)
        keys = regrade.keys if regrade and regrade.keys else content.keys
        asked.append(AskedVersion(each.version_id, each.question_id, content, keys, each.tally))
    return Findings(report(asked), {each.version_id: each for each in tallies}, asked, in_force)


@bp.get("/assignments/<public_id>/analysis")
def assignment_analysis(public_id: str) -> ResponseReturnValue:
    assignment, asked = taught_assignment_or_404(public_id), Asked.sent()
    found, quiz = of_assignment(assignment, is_first=asked.is_first)
    return render_template(
        "teach/analysis_assignment.html",
        assignment=assignment,
        school_class=assignment.school_class,
        quiz=quiz,
        summary=summary(quiz, found.questions),
        histogram=histogram(quiz.histogram),
        left_out=[each for each in found.regrades.values() if each.ruling is Ruling.IGNORE],
        **_listed(found, asked, assignment),
    )


@bp.get(f"/assignments/<public_id>/analysis/{_EXPORT}")
def export_assignment_analysis(public_id: str, kind: str) -> ResponseReturnValue:
    assignment = taught_assignment_or_404(public_id)
    found, _ = of_assignment(assignment, is_first=Asked.sent().is_first)
    return download(kind, _table(found, assignment.title), assignment.title, "analysis")


def of_assignment(assignment: Assignment, *, is_first: bool) -> tuple[Findings, QuizFigures]:
    """What an assignment's tallies come to, in four statements."""
    session = db.session()
    found = findings(
        tallies_in(session, Scope.ASSIGNMENT, assignment.id, is_first=is_first),
        regrades_in_force(session, assignment.id),
    )
    quiz = quiz_of(session, assignment.id, is_first=is_first)
    return found, quiz_figures(quiz, by_question(found.asked))


@bp.get("/classes/<public_id>/analysis")
def class_analysis(public_id: str) -> ResponseReturnValue:
    school_class, asked = taught_class_or_404(public_id), Asked.sent()
    found = of_class(school_class.id, is_first=asked.is_first)
    quizzes = quizzes_of_class(db.session(), school_class.id, is_first=asked.is_first)
    return render_template(
        "teach/analysis_class.html",
        school_class=school_class,
        quizzes=[_quiz_line(each) for each in quizzes],
        summary=[to_look_at(found.questions)],
        **_listed(found, asked),
    )


@bp.get(f"/classes/<public_id>/analysis/{_EXPORT}")
def export_class_analysis(public_id: str, kind: str) -> ResponseReturnValue:
    school_class = taught_class_or_404(public_id)
    found = of_class(school_class.id, is_first=Asked.sent().is_first)
    return download(kind, _table(found, school_class.name), school_class.name, "analysis")


def of_class(class_id: int, *, is_first: bool) -> Findings:
    """What a class's tallies come to, in two statements."""
    return findings(tallies_in(db.session(), Scope.CLASS, class_id, is_first=is_first))


@bp.get("/decks/<slug>/analysis")
def deck_analysis(slug: str) -> ResponseReturnValue:
    deck, asked = seen_deck_or_404(slug), Asked.sent()
    found = findings(tallies_of_deck(db.session(), deck.id, is_first=asked.is_first))
    return render_template(
        "teach/analysis_deck.html",
        deck=deck,
        summary=[to_look_at(found.questions)],
        **_listed(found, asked),
    )


@bp.get(f"/decks/<slug>/analysis/{_EXPORT}")
def export_deck_analysis(slug: str, kind: str) -> ResponseReturnValue:
    deck = seen_deck_or_404(slug)
    found = findings(tallies_of_deck(db.session(), deck.id, is_first=Asked.sent().is_first))
    return download(kind, _table(found, deck.title), deck.title, "analysis")


@bp.get("/decks/<deck>/questions/<slug>/analysis")
def question_analysis(deck: str, slug: str) -> ResponseReturnValue:
    question = question_named(db.session(), viewer(), deck, slug) or abort(404)
    asked = replace(Asked.sent(), order=Order.AUTHOR, shows_all=True)
    found = findings(tallies_of_question(db.session(), question.id, is_first=asked.is_first))
    return render_template(
        "teach/analysis_question.html", question=question, **_listed(found, asked)
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several ways to look at the page."""

    words: str
    href: str
    is_current: bool


def _listed(found: Findings, asked: Asked, assignment: Assignment | None = None) -> dict[str, Any]:
    """What every list of questions needs: its lines, and other ways to look at it."""
    chosen = in_order(found.questions, asked.order)
    shown = chosen if asked.shows_all else chosen[:A_PAGE]
    return {
        "lines": [_line(each, found, assignment) for each in shown],
        "found": len(chosen),
        "all_href": replace(asked, shows_all=True).href() if len(shown) < len(chosen) else "",
        "sets": [
            Choice(words, replace(asked, is_first=is_first).href(), asked.is_first == is_first)
            for words, is_first in (
                ("First attempts only", True),
                ("All submitted attempts", False),
            )
        ],
        "orders": [
            Choice(words, replace(asked, order=order).href(), asked.order is order)
            for order, words in _ORDERS.items()
        ],
        "attempts": None if asked.is_first else "all",
    }


def _line(found: AskedQuestion, among: Findings, assignment: Assignment | None) -> QuestionLine:
    version = among.versions[found.last.version_id]
    return question_line(
        found,
        version.deck_title,
        _links(found, version, assignment),
        _notes(found, among),
        {each: (row.created_at, row.is_current) for each, row in among.versions.items()},
    )


def _links(found: AskedQuestion, version: VersionTally, assignment: Assignment | None) -> Links:
    """A flagged question leads to where it is mended, and to what becomes of the marks."""
    question: dict[str, Any] = {"deck": version.deck, "slug": version.slug}
    detail = url_for(".question_analysis", **question)
    if not found.flags:
        return Links(detail)
    edit = url_for(".question", **question)
    if assignment is None:
        return Links(detail, edit)
    return Links(
        detail,
        edit,
        url_for(".new_regrade", public_id=assignment.public_id, version=version.version_id),
    )


def _notes(found: AskedQuestion, among: Findings) -> list[str]:
    """What is to be known of a question beside its figures."""
    rulings = {
        among.regrades[each.version_id].ruling
        for each, _ in found.by_version
        if each.version_id in among.regrades
    }
    notes = [words for ruling, words in _RULINGS.items() if ruling in rulings]
    newest = among.versions[found.last.version_id]
    if newest.retired_at:
        notes.append("no longer on offer")
    elif not newest.is_current:
        notes.append("an earlier version")
    return notes


@dataclass(frozen=True, slots=True)
class QuizSummary:
    """An assignment in the list of its class."""

    title: str
    href: str
    n: int
    mean: Value
    sd: Value


def _quiz_line(line: QuizLine) -> QuizSummary:
    figures = quiz_figures(line.tally, ())
    return QuizSummary(
        title=line.title,
        href=url_for(".assignment_analysis", public_id=line.public_id),
        n=figures.n,
        mean=in_percent(figures.mean),
        sd=points(replace(figures.sd, value=figures.sd.value and 100 * figures.sd.value)),
    )


def _table(found: Findings, title: str) -> Any:
    places = {each: f"{row.deck}/{row.slug}" for each, row in found.versions.items()}
    return as_table(found.questions, title, places)
