"""An A4 page as PDF, drawn in millimetres from its top left corner. Whatever people wrote is drawn, never read.

ReportLab is imported only once something is drawn: it takes longer than the board.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from psc.text import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

HEIGHT, WIDTH = 297.0, 210.0
"""Millimetres of an A4 page that stands upright."""
LEADING = 1.22
"""How far lines stand apart, in heights of their letters."""
_POINT = 25.4 / 72
"""Millimetres of a point."""
_INVISIBLE = dict.fromkeys((*range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400)))
"""Variation selectors and skin tones: they say how the sign before them is coloured."""


def printable(words: str) -> str:
    """Return words as they are drawn: without control characters, or signs that only colour another."""
    return shown(words).translate(_INVISIBLE)


def width_of(words: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line is in letters of `size` points, in millimetres."""
    from psc.prints import fonts

    return fonts.width_of(words, bold) * size * _POINT


def height_of(lines: int, size: float) -> float:
    """Return how high some lines are in letters of `size` points, in millimetres."""
    return lines * size * LEADING * _POINT


def wrapped(words: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """Return words in lines of at most `width` millimetres. A word that is wider is broken where it must be."""
    lines: list[str] = []
    space = width_of(" ", size, bold=bold)
    for paragraph in printable(words).split("\n"):
        line, wide = "", 0.0
        for word in paragraph.split():
            more = width_of(word, size, bold=bold)  # each word once: somebody's statement has thousands
            if not line and more <= width:
                line, wide = word, more
            elif line and wide + space + more <= width:
                line, wide = f"{line} {word}", wide + space + more
            else:
                if line:
                    lines.append(line)
                *whole, line = _broken(word, size, width, bold)
                lines += whole
                wide = width_of(line, size, bold=bold)
        if line:
            lines.append(line)
    return lines


def _broken(word: str, size: float, width: float, bold: bool) -> list[str]:
    """Return a word in pieces that are narrow enough: broken behind a hyphen or a stroke, else between letters."""
    pieces, piece = [], ""
    for part in re.split(r"(?<=[-/?&])", word):
        if width_of(piece + part, size, bold=bold) <= width:
            piece += part
            continue
        if piece:
            pieces.append(piece)
        piece, wide = "", 0.0
        for letter in part:
            more = width_of(letter, size, bold=bold)
            if piece and wide + more > width:
                pieces.append(piece)
                piece, wide = "", 0.0
            piece, wide = piece + letter, wide + more
    return [*pieces, piece]


def cut(words: str, size: float, width: float, *, bold: bool = False) -> str:
    """Return words on one line of at most `width` millimetres; what does not fit gives way to `…`."""
    line = " ".join(printable(words).split())
    if width_of(line, size, bold=bold) <= width:
        return line
    while line and width_of(f"{line}…", size, bold=bold) > width:
        line = line[:-1].rstrip()
    return f"{line}…"


_CELL = 1.4
"""Millimetres between a cell's words and its sides."""


def row_height(row: Sequence[str], widths: Sequence[float], size: float, *, bold: bool = False) -> float:
    """Return how high a table's row is, in millimetres."""
    cells = zip(row, widths, strict=True)
    lines = max(len(wrapped(words, size, width - 2 * _CELL, bold=bold)) for words, width in cells)
    return height_of(max(1, lines), size) + _CELL * 1.4


class Paper:
    """Pages under way. `missing` are the letters drawn so far that no font here has."""

    def __init__(self, title: str, *, wide: bool = False) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self.width, self.height = (HEIGHT, WIDTH) if wide else (WIDTH, HEIGHT)
        self.missing: set[str] = set()
        self._written = BytesIO()
        # Invariant: no time and no chance in it, so that the same values make the same file.
        self._canvas: Any = Canvas(
            self._written,
            pagesize=(self.width / _POINT, self.height / _POINT),
            invariant=True,
            pageCompression=1,
            lang="en-GB",
        )
        self._canvas.setTitle(printable(title))
        self._canvas.setAuthor("")
        self._canvas.setCreator("psc")

    def words(
        self, x: float, y: float, words: str, size: float, *, bold: bool = False, width: float = 0, right: bool = False
    ) -> None:
        """Write one line whose letters stand on `y`; cut to `width` where one is given, ending at `x` with `right`."""
        from psc.prints import fonts

        line = cut(words, size, width, bold=bold) if width else printable(words)
        self.missing.update(one for one in line if not fonts.drawn(one, bold).known)
        at = (x - width_of(line, size, bold=bold) if right else x) / _POINT
        for run in fonts.runs(line, bold):
            self._canvas.setFont(run.font, size)
            self._canvas.drawString(at, (self.height - y) / _POINT, run.letters)
            at += run.width * size

    def lines(self, x: float, y: float, lines: Sequence[str], size: float, *, bold: bool = False) -> float:
        """Write lines below each other from the top `y` on; returns how high they are together."""
        for number, line in enumerate(lines):
            self.words(x, y + height_of(number, size) + size * _POINT, line, size, bold=bold)
        return height_of(len(lines), size)

    def line(self, x: float, y: float, to_x: float, to_y: float, *, dashed: bool = False) -> None:
        """Draw a thin line."""
        self._canvas.setLineWidth(0.5)
        self._canvas.setDash((3, 3) if dashed else ())
        self._canvas.line(x / _POINT, (self.height - y) / _POINT, to_x / _POINT, (self.height - to_y) / _POINT)

    def box(self, x: float, y: float, width: float, height: float) -> None:
        """Draw an empty box whose top left corner is at `x` and `y`."""
        self._canvas.setLineWidth(0.6)
        self._canvas.setDash(())
        self._canvas.rect(x / _POINT, (self.height - y - height) / _POINT, width / _POINT, height / _POINT)

    def turn(self) -> None:
        """Go on to a new page."""
        self._canvas.showPage()

    def table(
        self,
        x: float,
        y: float,
        widths: Sequence[float],
        headings: Sequence[str],
        rows: Sequence[Sequence[str]],
        size: float,
        *,
        bottom: float,
    ) -> float:
        """Draw a table from the top `y` on, and go on to new pages, headings and all, before `bottom`.

        Cells are wrapped and may hold line breaks; a row is never broken. Returns where the table ends.
        """
        top = y
        y = self._row(x, y, widths, headings, size, bold=True)
        for row in rows:
            if y + row_height(row, widths, size) > bottom and y > top:
                self.turn()
                y = self._row(x, top, widths, headings, size, bold=True)
            y = self._row(x, y, widths, row, size)
        return y

    def _row(
        self, x: float, y: float, widths: Sequence[float], row: Sequence[str], size: float, *, bold: bool = False
    ) -> float:
        height = row_height(row, widths, size, bold=bold)
        for words, width in zip(row, widths, strict=True):
            self.box(x, y, width, height)
            cell = wrapped(words, size, width - 2 * _CELL, bold=bold)
            self.lines(x + _CELL, y + _CELL * 0.6, cell, size, bold=bold)
            x += width
        return y + height

    def made(self) -> bytes:
        """Return the file. Nothing can be drawn after that."""
        self._canvas.save()
        return self._written.getvalue()
