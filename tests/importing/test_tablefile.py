"""Tables: encodings, delimiters, quotes, line numbers, and every way a file can be broken."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psc.errors import FileRefused
from psc.importing import source
from psc.importing.tablefile import Table, read_table
from psc.text import clean

from .files import refusal, write

EXPORT = "Adno,Surname,Forename\r\n001234,O’Brien,Zoé\r\n001235,Núñez,Siân\r\n"


def cells(table: Table) -> list[tuple[str, ...]]:
    """Return the rows without their lines."""
    return [row.cells for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_schools_send_reads_alike(tmp_path: Path, encoding: str) -> None:
    table = read_table(write(tmp_path, EXPORT, encoding))
    assert table.header == ("Adno", "Surname", "Forename")
    assert cells(table) == [("001234", "O’Brien", "Zoé"), ("001235", "Núñez", "Siân")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_delimiter_and_line_ends_are_found_out(tmp_path: Path, delimiter: str, ending: str) -> None:
    text = EXPORT.replace("\r\n", ending).replace(",", delimiter)
    assert cells(read_table(write(tmp_path, text)))[1] == ("001235", "Núñez", "Siân")


def test_a_comma_inside_a_heading_is_not_the_delimiter(tmp_path: Path) -> None:
    quoted = read_table(write(tmp_path, '"Surname, Forename, Known As";Adno\nKhan, Ali;7\n'))
    assert quoted.header == ("Surname, Forename, Known As", "Adno")
    bare = read_table(write(tmp_path, "Surname, Forename\tAdno\nKhan, Ali\t7\n"))
    assert cells(bare) == [("Khan, Ali", "7")]


def test_cells_are_cleaned(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "Adno,Note\n 12 ,two\u00a0 words\u202e\x07\n"))
    assert cells(table) == [("12", "two words")]


def test_lone_quotes_inside_a_cell_are_data(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, 'Adno,Note,Form\n1,a 6" ruler,9A\n2,said "no",9B\n'))
    assert cells(table) == [("1", 'a 6" ruler', "9A"), ("2", 'said "no"', "9B")]


def test_line_numbers_are_those_of_an_editor(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, 'Adno,Note\r\n1,"two\r\nlines"\r\n\r\n2,b\r\n3,"x""y\nz"\r\n4,d\r\n'))
    assert [row.line for row in table.rows] == [2, 5, 6, 8]
    assert table.rows[0].cells == ("1", "two lines")


def test_ragged_rows_are_told_by_line_and_the_rest_stays(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "A,B,C\n1,2,3\n1,2\n1,2,3,4\n4,5,6\n"))
    assert [row.line for row in table.rows] == [2, 5]
    assert [(bad.line, bad.reason) for bad in table.ragged] == [
        (3, "2 fields where the header has 3"),
        (4, "4 fields where the header has 3"),
    ]


def test_trailing_delimiters_and_blank_rows_do_no_harm(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "\nA,B,,\n1,2,,\n,,,\n\n3,4\n5,,,\n"))
    assert table.header == ("A", "B")
    assert cells(table) == [("1", "2"), ("3", "4"), ("5", "")]
    assert table.ragged == ()


def test_a_last_line_without_line_end_is_whole_if_its_fields_are(tmp_path: Path) -> None:
    assert len(read_table(write(tmp_path, "A,B\n1,2\n3,4")).rows) == 2


def test_the_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = write(tmp_path, EXPORT, "utf-16")
    assert read_table(path).digest == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n\r\n  \n", "no header"),
        (b"just some words\nand more\n", "no header"),
        (b"Adno,Surname\n", "no rows"),
        (b"Adno,Surname\n1,Kh\x00an\n", "NUL"),
        (b"Adno,Surname\n1,Kh\x81an\n", "Line 2 cannot be decoded"),
        ("Adno,Surname\n1,Khan\n".encode("utf-16")[:-1], "UTF-16"),
        ("Adno,Surname\n1,Zoé\n".encode() + b"2,Zo\xe9\n", "line 3 cannot be decoded"),
        ("Adno,Surname\n1,Zoé".encode() + b"\n2,Chlo\xc3", "line 3 cannot be decoded"),
        (b"Adno,Surname,Form\n1,Khan,9A\n2,Smi", "cut short: line 3"),
        (b'Adno,Surname,Note\n1,Khan,a\n2,"Li\nng","begun and', "quote that was opened on line 4"),
        (b'Adno,Surname\n1,"Khan\n2,Ling\n', "quote that was opened on line 2"),
        (b'Adno,Surname\n1,"' + b"x" * 200_000 + b'",\n', "line 2 never ends"),
        (b"PK\x03\x04....[Content_Types].xml....", "Excel workbook"),
        (b"PK\x03\x04....students.csv....", "zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "Excel workbook"),
        (b"%PDF-1.7 ....", "PDF"),
        (b"<html><table><tr><td>Adno</td></tr></table></html>", "web page"),
        (b'<?xml version="1.0"?><CTfile/>', "XML"),
    ],
)
def test_what_is_no_whole_table_is_refused_in_words(tmp_path: Path, content: bytes, said: str) -> None:
    words = refusal(read_table, write(tmp_path, content))
    assert said in words
    assert "Khan" not in words


def test_a_missing_file_or_a_folder_is_refused(tmp_path: Path) -> None:
    assert "no file" in refusal(read_table, tmp_path / "gone.csv")
    assert "no file" in refusal(read_table, tmp_path)


def test_a_file_over_the_cap_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "SIZE_CAP", 20)
    assert "larger than" in refusal(read_table, write(tmp_path, EXPORT))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(*[st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))] * 2), min_size=1)
)
def test_any_text_in_a_cell_comes_back_as_its_clean_self(rows: list[tuple[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Adno", "Surname", "Note"])
    writer.writerows([str(number), *row] for number, row in enumerate(rows))
    with tempfile.TemporaryDirectory() as folder:
        table = read_table(write(Path(folder), out.getvalue()))
    assert cells(table) == [(str(number), clean(first), clean(last)) for number, (first, last) in enumerate(rows)]


@settings(max_examples=150, deadline=None)
@given(st.binary() | st.text('ab",;\t\n\r\u00e9').map(str.encode) | st.text('a",\n').map(lambda t: t.encode("utf-16")))
def test_no_bytes_whatever_raise_anything_but_a_refusal(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(FileRefused):
        table = read_table(write(Path(folder), data))
        assert all(len(row.cells) == len(table.header) for row in table.rows)
