"""A CSV file as schools really write it, made a table of clean cells that know which line they came from.

The header decides the delimiter. Lines are counted as an editor counts them, so a cell with a line break in it does not
shift the numbers below. What cannot be read for certain is refused whole, with the line; nothing is guessed at.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from psc.errors import FileRefused
from psc.importing.progress import CHUNK, Step, unwatched
from psc.importing.report import Rejected
from psc.importing.source import take
from psc.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from psc.importing.progress import Watch

# On a tie the one that headings hold least often wins: "Surname, Forename" beside a single tab is a tabbed file.
_DELIMITERS = ("\t", ";", ",")
_AGAIN = "Export it again from the school's system."
# A letter of Latin UTF-8 read as Windows-1252: a capital with a mark, then a symbol. No name has that.
_UTF8_LETTER = re.compile(rb"[\xc3-\xc5][\x80-\xbf]")


class Row(NamedTuple):
    """One record: the line it begins on, and as many cells as the header has."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A file's headings and rows. `ragged` are the rows with too many or too few cells to know which is which."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    ragged: tuple[Rejected, ...]
    digest: str


_NOTHING = Row(0, ())
_TOP = 200_000
"""Characters that hold any header: more than a cell may have."""


class _Cleaned(dict[str, str]):
    """Cells already cleaned: a column of a big file repeats a few values thousands of times."""

    def __missing__(self, cell: str) -> str:
        kept = self[cell] = clean(cell)
        return kept


class _Lines:
    """The lines of a text, one at a time, knowing whether the reader has come to the end."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        yield from self._lines
        self.ended = True


def read_table(path: Path, watch: Watch = unwatched) -> Table:
    """Return the table in the file at `path`; raise `FileRefused`, and nothing else, for what is not one.

    `watch` is told of the rows read, and may stop it.
    """
    watch(Step("reading the file"))
    source = take(path)
    text = _decoded(source.data)
    if text[:200].lstrip().startswith("<"):
        raise FileRefused(
            "This is XML or a web page, not a CSV file.", "A transfer file is imported as CTF; save others as CSV."
        )
    records = _records(text, _delimiter(text))
    first = next(records, None)
    if first is None:
        raise FileRefused("The file has no header: there is nothing but blank lines in it.", _AGAIN)
    header = _without_trailing_blanks(first.cells)
    rows: list[Row] = []
    ragged: list[Rejected] = []
    for line, written in records:
        if not line % CHUNK:
            watch(Step(f"reading the file, line {line:,}"))
        cells = written
        if len(cells) > len(header):
            cells = (*written[: len(header)], *_without_trailing_blanks(written[len(header) :]))
        if len(cells) == len(header):
            rows.append(Row(line, cells))
        else:
            ragged.append(Rejected(line, f"{len(cells)} fields where the header has {len(header)}"))
    if ragged and len(cells) < len(header) and not text.endswith(("\n", "\r")):
        raise FileRefused(f"The file is cut short: line {line} stops before its last field.", _AGAIN)
    if not rows and not ragged:
        raise FileRefused("The file has headings but no rows.", _AGAIN)
    return Table(header, tuple(rows), tuple(ragged), source.digest)


def _decoded(data: bytes) -> str:
    """Return the text: UTF-8 or UTF-16 by its mark, UTF-16 by its NULs, else UTF-8, else Windows-1252."""
    encoding = "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif len(data) > 1 and not data[1] and data[0]:
        encoding = "utf-16-le"
    elif len(data) > 1 and not data[0] and data[1]:
        encoding = "utf-16-be"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as fault:
        if encoding != "utf-8-sig":
            raise FileRefused("The file is cut short or damaged: its UTF-16 text cannot be decoded.", _AGAIN) from fault
        text = _windows_text(data, fault)
    if "\0" in text:
        raise FileRefused("The file holds NUL characters: it is damaged, or not text.", _AGAIN)
    return text


def _windows_text(data: bytes, fault: UnicodeDecodeError) -> str:
    """Return bytes that are not UTF-8 as Windows-1252, unless they are UTF-8 for the most part.

    A file of two encodings, or one cut in the middle of a letter, would read without a murmur and spoil its names.
    """
    line = data.count(b"\n", 0, fault.start) + 1
    if _UTF8_LETTER.search(data):
        raise FileRefused(
            f"The file mixes two encodings, or is cut short: line {line} cannot be decoded.", _AGAIN
        ) from fault
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as second:
        line = data.count(b"\n", 0, second.start) + 1
        raise FileRefused(
            f"Line {line} cannot be decoded as UTF-8, UTF-16 or Windows-1252.", "Save the file as CSV UTF-8."
        ) from second


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the header into most cells, quotes heeded."""
    top = text[:_TOP]
    widths = {delimiter: len(next(_records(top, delimiter), _NOTHING).cells) for delimiter in _DELIMITERS}
    best = max(_DELIMITERS, key=widths.__getitem__)
    if widths[best] == 1:
        raise FileRefused(
            "The file has no header: its first line holds no comma, semicolon or tab.",
            "Save the list as CSV, with its headings.",
        )
    return best


def _records(text: str, delimiter: str) -> Iterator[Row]:
    """Yield each record that is not blank, cleaned, with the line it begins on."""
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter)
    cleaned = _Cleaned()
    begins = 1
    try:
        for cells in reader:
            if lines.ended:  # the reader asked for one more line to close the last cell, and there was none
                opened = begins + sum(_breaks(cell) for cell in cells[:-1])
                raise FileRefused(f"The file ends inside a quote that was opened on line {opened}.", _AGAIN)
            row = Row(begins, tuple(map(cleaned.__getitem__, cells)))
            begins = reader.line_num + 1
            if any(row.cells):
                yield row
    except csv.Error as fault:
        raise FileRefused(
            f"A cell of the row on line {begins} never ends: a quote is left open there, or the file is damaged.",
            _AGAIN,
        ) from fault


def _breaks(cell: str) -> int:
    """Count the line breaks inside a cell."""
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n")


def _without_trailing_blanks(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Return the cells up to the last that holds something."""
    kept = len(cells)
    while kept and not cells[kept - 1]:
        kept -= 1
    return cells[:kept]
