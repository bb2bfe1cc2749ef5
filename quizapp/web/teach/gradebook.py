"""The gradebook: students by assignments."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.db.models import Class
from quizapp.db.queries import gradebook as queries
from quizapp.domain.gradebook import (
    Column,
    Key,
    Only,
    Records,
    Row,
    Standing,
    State,
    in_order,
    mean,
    only,
    rows,
)
from quizapp.domain.tables import Cell, Table
from quizapp.extensions import db
from quizapp.operations.sitting import submit_overdue
from quizapp.web import ambient
from quizapp.web.downloads import KINDS, download
from quizapp.web.numbers import percent
from quizapp.web.teach import bp
from quizapp.web.teach.doors import taught_class_or_404

A_PAGE = 100

WORDS = {
    State.NOT_OPEN: "not open yet",
    State.NOT_STARTED: "not started",
    State.IN_PROGRESS: "in progress",
    State.SUBMITTED: "submitted",
    State.MISSED: "not handed in",
}
"""What pages call a state."""

FILTERS = {
    **{state.value: words for state, words in WORDS.items()},
    "late": "late",
    "extended": "extended",
    "excused": "excused",
    "passed": "passed",
    "failed": "failed",
}
"""What students can be picked by, with its words."""


@dataclass(frozen=True, slots=True)
class Book:
    """The gradebook of a class: its columns, and a row a student."""

    columns: list[Column]
    rows: list[Row]


def book_of(class_id: int, now: datetime) -> Book:
    """All of a class's marks, in six statements whatever its size.

    Attempts whose time is over are handed in first.
    """
    submit_overdue(db.session(), now)
    columns = queries.columns_of(db.session(), class_id)
    return Book(columns, rows_of(class_id, columns, now))


def rows_of(class_id: int, columns: Sequence[Column], now: datetime) -> list[Row]:
    """A row a student with their standing in these assignments of the class."""
    records = Records(
        works=queries.works_of(db.session(), [column.assignment_id for column in columns]),
        accommodations=queries.accommodations_of(db.session(), class_id),
        excused=queries.excused_of(db.session(), class_id),
    )
    return rows(columns, queries.students_of(db.session(), class_id), records, now)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: a part of the students, in which order, which page of them.

    `sort` and `where` are "name", "total" or the public id of an assignment; what is not
    understood counts as the default.
    """

    name: str = ""
    state: str = ""
    where: str = ""
    sort: str = "name"
    descending: bool = False
    page: int = 1

    @classmethod
    def sent(cls) -> "Asked":
        """What this request asks for; page 0 is all on one page."""
        given = request.args
        page = given.get("page", "1")
        return cls(
            name=given.get("name", "").strip()[:80],
            state=given.get("state", "") if given.get("state") in FILTERS else "",
            where=given.get("in", ""),
            sort=given.get("sort", "name"),
            descending=given.get("order") == "desc",
            page=0 if page == "all" else int(page) if page.isdecimal() else 1,
        )

    def args(self) -> dict[str, Any]:
        """The arguments of an address that asks for the same."""
        named = {
            "name": self.name,
            "state": self.state,
            "in": self.where,
            "sort": "" if self.sort == "name" else self.sort,
            "order": "desc" if self.descending else "",
            "page": "all" if self.page == 0 else "" if self.page == 1 else self.page,
        }
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Head:
    """The top of a column: `order` is for aria-sort, "none" where it is not sorted by."""

    title: str
    sort_href: str
    order: str
    detail: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell: what counts, and words about it. Made here and not by the template, which has
    thousands of them to write."""

    href: str
    text: str
    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table."""

    name: str
    href: str
    cells: list[Shown]
    total: str


@bp.get("/classes/<public_id>/gradebook")
def gradebook(public_id: str) -> ResponseReturnValue:
    school_class = taught_class_or_404(public_id)
    return _page_of(school_class, book_of(school_class.id, ambient.now()), Asked.sent())


@bp.get(f"/classes/<public_id>/gradebook/export/<any({', '.join(KINDS)}):kind>")
def export_gradebook(public_id: str, kind: str) -> ResponseReturnValue:
    school_class = taught_class_or_404(public_id)
    name = school_class.name
    table = as_table(book_of(school_class.id, ambient.now()), school_class)
    return download(kind, table, name, "marks")


def _page_of(school_class: Class, book: Book, asked: Asked) -> str:
    """The page with the part of the gradebook that is asked for."""
    public_id, chosen = school_class.public_id, arranged(book, asked)
    asked = replace(asked, page=_page(asked.page, len(chosen)))
    return render_template(
        "teach/gradebook.html",
        school_class=school_class,
        book=book,
        asked=asked,
        filters=FILTERS,
        heads=_heads(book, asked, public_id),
        lines=_lines(book.columns, _cut(chosen, asked.page), public_id),
        means=_means(book, chosen),
        found=len(chosen),
        pages=_pages(asked, len(chosen), public_id),
    )


def arranged(book: Book, asked: Asked) -> list[Row]:
    """The rows asked for, in the order asked for."""
    places = {column.public_id: place for place, column in enumerate(book.columns)}
    wanted = Only(asked.name, asked.state, places.get(asked.where))
    key: Key = "total" if asked.sort == "total" else places.get(asked.sort, "name")
    return in_order(only(book.rows, wanted), key, asked.descending)


def _page(page: int, found: int) -> int:
    """The page asked for, or the last that there is."""
    return 0 if page == 0 else max(1, min(page, -(-found // A_PAGE)))


def _cut(chosen: Sequence[Row], page: int) -> Sequence[Row]:
    return chosen if page == 0 else chosen[(page - 1) * A_PAGE : page * A_PAGE]


def _pages(asked: Asked, found: int, public_id: str) -> list[tuple[str, str, bool]]:
    """Links to the pages, where there are several: words, address, whether it is this one."""
    if found <= A_PAGE:
        return []
    numbers = range(1, -(-found // A_PAGE) + 1)
    named = [*((str(number), number) for number in numbers), ("all", 0)]
    return [
        (words, _address(replace(asked, page=number), public_id), number == asked.page)
        for words, number in named
    ]


def _address(asked: Asked, public_id: str) -> str:
    return url_for(".gradebook", public_id=public_id, **asked.args())


def _heads(book: Book, asked: Asked, public_id: str) -> list[Head]:
    """The heads of all columns: the name, the total, the assignments."""

    def head(title: str, key: str, detail: str = "", href: str = "") -> Head:
        is_sorted = asked.sort == key
        # Who sorts by marks looks for the best or the worst; names are read from the top.
        descending = not asked.descending if is_sorted else key != "name"
        address = _address(replace(asked, sort=key, descending=descending, page=1), public_id)
        order = ("descending" if asked.descending else "ascending") if is_sorted else "none"
        return Head(title, address, order, detail, href)

    columns = [
        head(
            column.title,
            column.public_id,
            f"weight {column.weight}",
            url_for(".assignment_marks", public_id=column.public_id),
        )
        for column in book.columns
    ]
    return [head("Student", "name"), head("Total", "total"), *columns]


def _lines(columns: Sequence[Column], chosen: Sequence[Row], public_id: str) -> list[Line]:
    # An address for each of thousands of cells is put together, not asked for.
    places = [
        url_for(".student_marks", public_id=column.public_id, enrolment=0)[:-1]
        for column in columns
    ]
    student = url_for(".student", public_id=public_id, enrolment=0)[:-1]
    return [
        Line(
            name=row.student.name,
            href=f"{student}{row.student.enrolment_id}",
            cells=[
                shown(standing, f"{place}{row.student.enrolment_id}")
                for place, standing in zip(places, row.standings, strict=True)
            ],
            total=percent(row.total),
        )
        for row in chosen
    ]


def shown(standing: Standing, href: str) -> Shown:
    """A student's place in an assignment as a cell."""
    words = notes(standing)
    tone = "muted" if standing.counts is None else "failed" if standing.has_passed is False else ""
    counts = standing.share if standing.is_excused else standing.counts
    return Shown(href, percent(counts), ", ".join(words), tone)


def notes(standing: Standing) -> list[str]:
    """What there is to say of a student's place in an assignment beside the score."""
    words = [] if standing.state is State.SUBMITTED else [WORDS[standing.state]]
    flags = {
        "passed": standing.has_passed is True,
        "failed": standing.has_passed is False,
        "late": standing.is_late,
        "extended": standing.is_extended,
        "excused": standing.is_excused,
    }
    return words + [word for word, holds in flags.items() if holds]


def _means(book: Book, chosen: Sequence[Row]) -> list[tuple[str, int]]:
    """The mean of the totals and of each assignment, with the number of students behind it."""
    columns = [
        mean(row.standings[place].counts for row in chosen) for place in range(len(book.columns))
    ]
    means = [mean(row.total for row in chosen), *columns]
    return [(percent(share), number) for share, number in means]


def as_table(book: Book, school_class: Class) -> Table:
    """The gradebook for a spreadsheet: for each assignment what counts in per cent, and words."""
    heads = [
        head
        for column in book.columns
        for head in (f"{column.title} (%)", f"{column.title}: state")
    ]
    return Table(
        title=school_class.name,
        header=("Student", *heads, "Total (%)"),
        rows=tuple(_table_row(row) for row in book.rows),
    )


def _table_row(row: Row) -> tuple[Cell, ...]:
    cells: list[Cell] = [row.student.name]
    for standing in row.standings:
        cells += [_number(standing.counts), ", ".join(notes(standing)) or "submitted"]
    return (*cells, _number(row.total))


def _number(share: Any) -> float | None:
    return None if share is None else round(float(share) * 100, 2)
