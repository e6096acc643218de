"""A table with a cursor on one cell: headings that stay, names at the left, cells with tones, some of them marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from psc.overview.cells import Cell, Tone, cut, fitted
from psc.text import shown
from psc.tui.literal import segment

if TYPE_CHECKING:
    from textual import events

MARK = "▌"
"""What stands before a marked cell: a sign, for colour alone says nothing to some eyes."""


class Head(NamedTuple):
    """A column: its heading, its width, and whether it is the one of now. `names`: no cursor stands in it."""

    words: str
    width: int
    here: bool = False
    names: bool = False


class CellGrid(ScrollView, can_focus=True):
    """Draws rows of cells under headings. The cursor's row is always in sight."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"cells--{tone.value}" for tone in Tone),
        "cells--cursor",
        "cells--heading",
        "cells--marked",
    }

    class Pressed(Message):
        """A cell was clicked; `twice` for a double click. `column` counts those that a cursor may stand in."""

        def __init__(self, row: int, column: int, *, twice: bool) -> None:
            super().__init__()
            self.row = row
            self.column = column
            self.twice = twice

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._heads: tuple[Head, ...] = ()
        self._rows: tuple[tuple[Cell, ...], ...] = ()
        self._cursor = (0, 0)
        self._marked: frozenset[tuple[int, int]] = frozenset()

    def show(
        self,
        heads: Sequence[Head],
        rows: Sequence[tuple[Cell, ...]],
        cursor: tuple[int, int],
        marked: frozenset[tuple[int, int]] = frozenset(),
    ) -> None:
        """Show other cells. Cursor and marks are by number; the columns of names are not counted."""
        new = (tuple(heads), tuple(rows), cursor, marked)
        if new == (self._heads, self._rows, self._cursor, self._marked):
            return
        moved = new[:2] == (self._heads, self._rows) and marked == self._marked
        before = self._cursor[0]
        self._heads, self._rows, self._cursor, self._marked = new
        if moved:  # only the two rows are drawn anew
            top = self.scroll_offset.y
            self.refresh(
                *(Region(0, row + 1 - top, self.outer_size.width, 1) for row in {before, cursor[0]} if row >= top)
            )
        else:
            self.virtual_size = Size(self.size.width or 1, len(self._rows) + 1)
            self.refresh()
        self._follow()

    @property
    def text(self) -> str:
        """All that is in the table, as text."""
        return "\n".join(" ".join(cell.text for cell in row) for row in self._rows)

    @property
    def cursor(self) -> tuple[int, int]:
        """The cursor's row and column."""
        return self._cursor

    def _follow(self) -> None:
        room, at = self.size.height - 1, self._cursor[0]
        if room <= 0:
            return
        top = self.scroll_offset.y
        if at < top:
            self.scroll_to(y=at, animate=False, force=True)
        elif at >= top + room:
            self.scroll_to(y=at - room + 1, animate=False, force=True)

    def on_resize(self) -> None:
        """Use the new size."""
        self.virtual_size = Size(self.size.width, len(self._rows) + 1)
        self._follow()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the widget."""
        width, ground = self.size.width, self.rich_style
        if y == 0:
            return self._heading().adjust_cell_length(width, ground)
        number = y - 1 + self.scroll_offset.y
        if number >= len(self._rows):
            return Strip.blank(width, ground)
        names = sum(head.names for head in self._heads)
        here = number == self._cursor[0]
        lit = self.get_component_rich_style("cells--cursor")
        pieces = []
        for place, (head, cell) in enumerate(zip(self._heads, self._rows[number], strict=True)):
            column = place - names
            style = self.get_component_rich_style(f"cells--{cell.tone.value}")
            if here and head.names:
                style += Style(bold=True)
            marked = (number, column) in self._marked
            if marked:
                style += Style(bgcolor=self.get_component_rich_style("cells--marked").bgcolor, reverse=False)
            if here and column == self._cursor[1]:
                style = style + Style(bgcolor=lit.bgcolor, bold=True, underline=True, reverse=False)
            if place:
                pieces.append(segment(MARK if marked else " ", ground))
            pieces.append(segment(fitted(cell, head.width), style))
        return Strip(pieces).adjust_cell_length(width, ground)

    def _heading(self) -> Strip:
        style = self.get_component_rich_style("cells--heading")
        pieces = []
        for place, head in enumerate(self._heads):
            if place:
                pieces.append(segment(" ", self.rich_style))
            words = cut(f"▸{head.words}" if head.here else head.words, head.width)
            pieces.append(segment(words, style + Style(bold=True) if head.here else style))
        return Strip(pieces)

    def on_click(self, event: events.Click) -> None:
        """Tell which cell was clicked; a name is its row's first cell."""
        at = event.get_content_offset(self)
        number = at.y - 1 + self.scroll_offset.y if at and at.y else -1
        if at is None or not 0 <= number < len(self._rows):
            return
        end, column = 0, -1
        for head in self._heads:
            end += head.width + 1
            column += not head.names
            if at.x < end:
                break
        self.post_message(self.Pressed(number, max(0, column), twice=event.chain == 2))


def width_of(words: Sequence[str], least: int, most: int) -> int:
    """Return how wide a column of some words is to be, within bounds."""
    return max(least, min(most, max((cell_len(shown(one)) for one in words), default=0)))
