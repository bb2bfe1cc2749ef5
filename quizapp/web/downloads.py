"""Tables as files to keep: CSV and XLSX."""

import re
from io import BytesIO

from flask import Response, send_file
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from quizapp.domain.tables import (
    Cell,
    Table,
    csv_text,
    file_name,
    is_formula_like,
    sheet_text,
)

KINDS = ("csv", "xlsx")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNFIT_FOR_SHEETS = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def download(kind: str, table: Table, *name: str) -> Response:
    """The table as a file of one of KINDS, called after the parts of the name."""
    content, mimetype = (
        (xlsx_bytes(table), _XLSX) if kind == "xlsx" else (csv_text(table).encode(), "text/csv")
    )
    response = send_file(
        BytesIO(content),
        mimetype=mimetype,
        as_attachment=True,
        download_name=file_name(*name, suffix=kind),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def xlsx_bytes(table: Table) -> bytes:
    """The table as a workbook of one sheet: text is text and never a formula, numbers are numbers.

    Rows are written out as they come, so that a large table takes little memory.
    """
    buffer = BytesIO()
    with Workbook(buffer, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(_sheet_name(table.title))
        bold = book.add_format({"bold": True})
        # Shows text as it is and keeps it text when the cell is edited.
        quoted = book.add_format({"quote_prefix": True})
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 28)
        for column, text in enumerate(table.header):
            sheet.write_string(0, column, sheet_text(text), bold)
        for number, row in enumerate(table.rows, start=1):
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell, quoted)
    return buffer.getvalue()


def _sheet_name(title: str) -> str | None:
    """What the sheet can be called; None, for a name of the program's own, where it cannot."""
    name = _UNFIT_FOR_SHEETS.sub(" ", title)[:31].strip("' ")
    is_reserved = name.casefold() == "history"  # Excel takes a file with such a sheet for broken
    return None if is_reserved or not name else name


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, quoted: Format) -> None:
    if isinstance(cell, str):
        form = quoted if is_formula_like(cell) else None
        sheet.write_string(row, column, sheet_text(cell), form)
    elif cell is not None:
        sheet.write_number(row, column, cell)
