"""Tables as other programs read them, in which no text can act as a formula."""

import csv
import re
import unicodedata
from dataclasses import dataclass
from io import StringIO

Cell = str | int | float | None
"""Text, a number, or nothing."""

MOST_TEXT = 32_767
"""The longest text that a cell of a spreadsheet holds, in characters."""

_SIGNS = r"=+\-@＝＋－＠"
_UNSEEN = r"\s\x00-\x1f\x7f\u200b-\u200f\u2060\ufeff"
_FORMULA = re.compile(rf"[\t\r\n]|[{_UNSEEN}]*[{_SIGNS}]")
_LATER_FORMULA = re.compile(rf'(;["{_UNSEEN}]*)(?=[{_SIGNS}])')
_UNFIT_FOR_NAMES = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header; every row is as wide as the header. `title` names the sheet."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula.

    The signs are those of OWASP's "CSV injection"; what cannot be seen before them does not help.
    """
    return _FORMULA.match(text) is not None


def harmless(text: str) -> str:
    """The text with an apostrophe before what could be taken for a formula: at its beginning, and
    after a semicolon, which parts cells where the comma is the decimal sign.
    """
    text = _LATER_FORMULA.sub(r"\1'", text)
    return f"'{text}" if is_formula_like(text) else text


def csv_text(table: Table) -> str:
    """The table as CSV: all text in quotes, numbers as numbers, what is formula-like harmless.

    It begins with a byte order mark, without which spreadsheet programs take UTF-8 for something
    else.
    """
    buffer = StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([harmless(text) for text in table.header])
    writer.writerows([_csv_cell(cell) for cell in row] for row in table.rows)
    return "\ufeff" + buffer.getvalue()


def _csv_cell(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    return harmless(cell) if isinstance(cell, str) else cell


def sheet_text(text: str) -> str:
    """The text as a cell of a spreadsheet can hold it: cut where it is too long."""
    return text if len(text) <= MOST_TEXT else f"{text[: MOST_TEXT - 1]}…"


def file_name(*parts: str, suffix: str) -> str:
    """A name for a file on any system: letters and digits of the parts, joined with hyphens."""
    text = unicodedata.normalize("NFC", "-".join(parts)).casefold()
    stem = _UNFIT_FOR_NAMES.sub("-", text).strip(".-_")
    return f"{stem[:80].rstrip('.-_') or 'table'}.{suffix}"
