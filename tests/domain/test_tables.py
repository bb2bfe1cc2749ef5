import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.tables import (
    MOST_TEXT,
    Table,
    csv_text,
    file_name,
    harmless,
    is_formula_like,
    sheet_text,
)

DANGEROUS = ["=1", "+1", "-1", "@a", "\t1", "\r1", "\n=1", " =1", "＝1", "＋1", "－1", "＠1"]
DANGEROUS += ["\0=1", "\ufeff=1", "\u200b=1", "\u3000=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_starts_like_a_formula_is_given_an_apostrophe(text):
    assert is_formula_like(text)
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "ada", "1 + 1 = 2", "a@b.example", "'=1"])
def test_other_text_stays_as_it_is(text):
    assert not is_formula_like(text)
    assert harmless(text) == text


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_no_cell_of_a_csv_is_a_formula_and_none_breaks_out_of_its_cell(rows):
    table = Table("t", ("a", "b"), tuple(tuple(row) for row in rows))
    text = csv_text(table).removeprefix("\ufeff")
    read = list(csv.reader(StringIO(text, newline=""), strict=True))
    assert read == [["a", "b"], *([harmless(cell) for cell in row] for row in rows)]
    assert not any(cell.startswith(tuple("=+-@\t\r")) for row in read for cell in row)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ada;=1+1;", "ada;'=1+1;"),
        ('ada"; @x', "ada\"; '@x"),
        ("ada;b;-1", "ada;b;'-1"),
        ("rise; fall", "rise; fall"),
        ("=1;=2", "'=1;'=2"),
    ],
)
def test_no_cell_becomes_a_formula_where_semicolons_part_cells(text, kept):
    assert harmless(text) == kept


def test_numbers_are_numbers_and_nothing_is_nothing():
    table = Table("t", ("a", "b", "c", "d"), (("x", -1.5, 3, None),))
    assert csv_text(table) == '\ufeff"a","b","c","d"\r\n"x",-1.5,3,""\r\n'


def test_a_text_is_cut_to_what_a_cell_holds():
    assert sheet_text("x" * MOST_TEXT) == "x" * MOST_TEXT
    assert len(sheet_text("x" * (MOST_TEXT + 1))) == MOST_TEXT


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("Seminar B", "marks"), "seminar-b-marks.csv"),
        (("../../etc/passwd",), "etc-passwd.csv"),
        (("a\r\nX: y", "m"), "a-x-y-m.csv"),
        (("Класс 5б", "marks"), "класс-5б-marks.csv"),
        (("…", "?"), "table.csv"),
        (("x" * 200,), "x" * 80 + ".csv"),
    ],
)
def test_file_names_are_safe_everywhere(parts, name):
    assert file_name(*parts, suffix="csv") == name
