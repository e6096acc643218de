"""A grid of cells with a cursor on one; under a row stands what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from psc.overview.cells import cut
from psc.tui.literal import segment

if TYPE_CHECKING:
    from textual import events


class GridRow(NamedTuple):
    """The cells of a row, each with whether it was typed, and the words under it with the column each is about."""

    cells: tuple[tuple[str, bool], ...]
    notes: tuple[tuple[int, str], ...] = ()


class _Drawn(NamedTuple):
    """One line of the widget: a row, or some words of a note of it with the cell they begin at."""

    row: int
    at: int = 0
    words: str = ""


class GridView(ScrollView, can_focus=True):
    """Draws rows of cells under their headings. The cursor's cell is always in sight."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "grid--plain",
        "grid--quiet",
        "grid--alarm",
        "grid--heading",
        "grid--cursor",
    }

    class Pressed(Message):
        """A cell was clicked."""

        def __init__(self, row: int, column: int) -> None:
            super().__init__()
            self.row = row
            self.column = column

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._columns: tuple[tuple[str, int], ...] = ()
        self._rows: tuple[GridRow, ...] = ()
        self._cursor = (0, 0)
        self._lines: tuple[_Drawn, ...] = ()

    def show(self, columns: Sequence[tuple[str, int]], rows: Sequence[GridRow], cursor: tuple[int, int]) -> None:
        """Show other cells; `columns` are headings with their widths."""
        new = (tuple(columns), tuple(rows), cursor)
        if new == (self._columns, self._rows, self._cursor):
            return
        self._columns, self._rows, self._cursor = new
        self._lay_out()

    def _lay_out(self) -> None:
        """Work out the lines: each row, and what is wrong with it under the cell it is about."""
        width = self.size.width or 80
        lines = []
        for number, row in enumerate(self._rows):
            lines.append(_Drawn(number))
            for column, words in row.notes:
                start = sum(wide + 1 for _, wide in self._columns[:column])
                start = max(0, min(start, width - cell_len(words) - 2))  # further left where it would not fit
                for place, part in enumerate(wrap(words, width - start - 2)):
                    lines.append(_Drawn(number, start, f"{'  ' if place else '▲ '}{part}"))
        self._lines = tuple(lines)
        self.virtual_size = Size(self.size.width or 1, len(lines) + 1)
        self.refresh()
        self._follow()

    @property
    def text(self) -> str:
        """All that is in the grid, as text."""
        return "\n".join(
            " ".join((*(text for text, _ in row.cells), *(words for _, words in row.notes))) for row in self._rows
        )

    def _follow(self) -> None:
        """Scroll so that the cursor's row and what is wrong with it are in sight under the headings."""
        room = self.size.height - 1
        if room <= 0 or not self._lines:
            return
        mine = [number for number, line in enumerate(self._lines) if line.row == self._cursor[0]]
        if not mine:
            return
        top = self.scroll_offset.y
        if mine[0] < top:
            self.scroll_to(y=mine[0], animate=False, force=True)
        elif mine[-1] >= top + room:
            self.scroll_to(y=mine[-1] - room + 1, animate=False, force=True)

    def on_resize(self) -> None:
        """Use the new width."""
        self._lay_out()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the widget."""
        width, ground = self.size.width, self.rich_style
        if y == 0:
            heading = self.get_component_rich_style("grid--heading")
            words = " ".join(cut(name, wide) for name, wide in self._columns)
            return Strip([segment(words, heading)]).adjust_cell_length(width, heading)
        number = y - 1 + self.scroll_offset.y
        if number >= len(self._lines):
            return Strip.blank(width, ground)
        line = self._lines[number]
        row = self._rows[line.row]
        if line.words:
            said = segment(" " * line.at + line.words, self.get_component_rich_style("grid--alarm"))
            return Strip([said]).adjust_cell_length(width, ground)
        pieces = []
        rule = self.get_component_rich_style("grid--quiet")
        for column, ((_, wide), (text, typed)) in enumerate(zip(self._columns, row.cells, strict=True)):
            style = self.get_component_rich_style("grid--plain" if typed else "grid--quiet")
            if (line.row, column) == self._cursor:
                style = self.get_component_rich_style("grid--cursor") + Style(bold=typed, underline=True)
                text = _tail(text, wide)
            elif typed:  # bold too: colour alone says nothing to some eyes, and in some themes
                style += Style(bold=True)
            pieces += [segment(cut(text, wide), style), segment("│", rule)]
        return Strip(pieces).adjust_cell_length(width, ground)

    def on_click(self, event: events.Click) -> None:
        """Tell which cell was clicked."""
        at = event.get_content_offset(self)
        number = at.y - 1 + self.scroll_offset.y if at and at.y else len(self._lines)
        if at is None or number >= len(self._lines):
            return
        end = 0
        for column, (_, wide) in enumerate(self._columns):
            end += wide + 1
            if at.x < end:
                self.post_message(self.Pressed(self._lines[number].row, column))
                return


def _tail(text: str, width: int) -> str:
    """Return the end of a text that is longer than its cell: where one types is in sight."""
    while cell_len(text) > width:
        text = text[1:]
    return text
