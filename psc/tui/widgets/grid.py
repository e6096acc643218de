"""A grid of cells with a cursor on one; under a row stands what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from psc.overview.cells import Tone, cut
from psc.tui.literal import segment

if TYPE_CHECKING:
    from textual import events


class GridRow(NamedTuple):
    """The cells of a row, and the words that stand under it with the column each begins at."""

    cells: tuple[tuple[str, Tone], ...]
    notes: tuple[tuple[int, str], ...] = ()


class _Drawn(NamedTuple):
    """One line of the widget: a row, or a note of it."""

    row: int
    note: int | None


class GridView(ScrollView, can_focus=True):
    """Draws rows of cells under their headings. The cursor's cell is always in sight."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {*(f"grid--{tone.value}" for tone in Tone), "grid--heading", "grid--cursor"}

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
        self._lines = tuple(
            _Drawn(number, note) for number, row in enumerate(rows) for note in (None, *range(len(row.notes)))
        )
        self.virtual_size = Size(self.size.width or 1, len(self._lines) + 1)
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
        self.virtual_size = Size(self.size.width, len(self._lines) + 1)
        self._follow()

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
        if line.note is not None:
            return self._note(*row.notes[line.note], width).adjust_cell_length(width, ground)
        pieces = []
        rule = self.get_component_rich_style("grid--quiet")
        for column, ((_, wide), (text, tone)) in enumerate(zip(self._columns, row.cells, strict=True)):
            style = self.get_component_rich_style(f"grid--{tone.value}")
            if (line.row, column) == self._cursor:
                style = self.get_component_rich_style("grid--cursor") + Style(bold=True, underline=True)
                text = _tail(text, wide)
            elif line.row == self._cursor[0]:
                style += Style(bold=True)
            pieces += [segment(cut(text, wide), style), segment("│", rule)]
        return Strip(pieces).adjust_cell_length(width, ground)

    def _note(self, column: int, words: str, width: int) -> Strip:
        """Draw a note under the cell it is about, further left where it would not fit."""
        said = f"▲ {words}"
        start = sum(wide + 1 for _, wide in self._columns[:column])
        start = max(0, min(start, width - cell_len(said)))
        return Strip([segment(" " * start + cut(said, width - start), self.get_component_rich_style("grid--alarm"))])

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
