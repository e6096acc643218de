"""The board: a line-API widget that draws the machine's rows and repaints only the lines that changed.

A DataTable repaints all of itself on any change; with sixty students that is the difference between a key that answers
and one that lags.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from psc.overview.cells import Column, Tone, cell, columns_for, cut, fitted
from psc.tui.literal import segment
from psc.tui.machine import BoardState, Key, Mode

if TYPE_CHECKING:
    from datetime import datetime

    from textual import events

    from psc.overview.board import Board, RowNow
    from psc.school.rooms import Room

_Texts = tuple[tuple[str, Tone], ...]
_Line = tuple[_Texts, bool, bool, str]
"""What a line shows: its cells' texts and tones, whether the cursor is on it, whether it is marked, and a note."""


class BoardView(ScrollView, can_focus=True):
    """Draws a `BoardState`. The first line is the headings; the rest scroll under it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"board--{tone.value}" for tone in Tone),
        "board--heading",
        "board--cursor",
        "board--marked",
        "board--saving",
    }

    class RowPressed(Message):
        """A row was clicked; `twice` for a double click."""

        def __init__(self, key: Key, *, twice: bool) -> None:
            super().__init__()
            self.key = key
            self.twice = twice

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.state = BoardState()
        self._board: Board | None = None
        self._room: Room | None = None
        self._now: datetime | None = None
        self._columns: tuple[tuple[Column, int], ...] = ()
        self._lines: list[_Line] = []
        self._strips: dict[tuple[_Line, int], Strip] = {}
        self._cells: dict[Key, tuple[RowNow, _Texts]] = {}
        self._cells_of: tuple[object, object, object] = (None, None, ())
        """Of which board, at which moment, in which columns the cells are: a key seldom changes more than two lines."""
        self._saving: frozenset[Key] = frozenset()
        self._empty = ""
        self._likely = 80
        self._pitch = 1

    def show(
        self,
        board: Board,
        room: Room | None,
        state: BoardState,
        now: datetime,
        *,
        saving: frozenset[Key] = frozenset(),
        empty: str = "",
        likely: int = 80,
        roomy: bool = False,
    ) -> None:
        """Show other values. `room` None stands for all rooms together; `saving` rows wait for another terminal.

        `likely` is the width the board will have once it is laid out; `roomy` leaves a line free between rows.
        """
        self._pitch = 2 if roomy else 1
        self._likely = likely
        self._board, self._room, self.state, self._now, self._saving = board, room, state, now, saving
        self._empty = empty
        self._lay_out()

    def _lay_out(self) -> None:
        """Work the lines out again and refresh those that differ."""
        if self._board is None or self._now is None:
            return
        # Before it has a size it is laid out for the one it will have, so that the first frame shows the rows.
        wide = self.size.width or self._likely
        columns = columns_for(self._board, self._room, wide)
        whole = columns != self._columns
        self._columns = columns
        if self._board is not self._cells_of[0] or (self._now, columns) != self._cells_of[1:]:
            self._cells_of = (self._board, self._now, columns)
            self._cells.clear()
        lines = [self._line(one) for one in self.state.shown]
        size = Size(wide, max(1, len(lines) * self._pitch - self._pitch + 1) + 1)
        if self.virtual_size != size:
            self.virtual_size = size
            whole = True
        before, self._lines = self._lines, lines
        if whole or not lines or not before:
            self.refresh()
        else:
            for number, line in enumerate(lines):
                if number >= len(before) or before[number] != line:
                    self._refresh_line(number)
            for number in range(len(lines), len(before)):
                self._refresh_line(number)
        self._follow_cursor()

    def _refresh_line(self, number: int) -> None:
        y = number * self._pitch + 1 - self.scroll_offset.y
        if 1 <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _follow_cursor(self) -> None:
        """Scroll so that the cursor's row is in sight under the headings."""
        room = self.size.height - 1
        if room <= 0 or not self.state.shown:
            return
        top, index = self.scroll_offset.y, self.state.index * self._pitch
        if index < top:
            self.scroll_to(y=index, animate=False, force=True)
        elif index >= top + room:
            self.scroll_to(y=index - room + 1, animate=False, force=True)

    def _line(self, one: RowNow) -> _Line:
        board, now = self._board, self._now
        if board is None or now is None:
            raise RuntimeError("the board has nothing to show yet")
        key = one.row.key
        if (known := self._cells.get(key)) is None or known[0] != one:
            made = [(cell(column, board, one, now), width) for column, width in self._columns]
            known = self._cells[key] = (one, tuple((fitted(each, width), each.tone) for each, width in made))
        cells = known[1]
        marking = self.state.period if self.state.mode is Mode.MARKING else ""
        note = "saving" if key in self._saving else self._marking_cell(one, marking)
        return (cells, key == self.state.cursor, key in self.state.marked, note)

    def _marking_cell(self, one: RowNow, period: str) -> str:
        """Return where in the checks column the period being marked stands, as text for the line's identity."""
        if not period or period not in {placed.period.name for placed in one.row.placed}:
            return ""
        lessons = [p.name for p in one.row.periods if p.is_lesson]
        return f"mark {lessons.index(period) * 2}" if period in lessons else ""

    def on_resize(self, event: events.Resize) -> None:
        """Lay out again for the new width."""
        self._lay_out()

    def notify_style_update(self) -> None:
        """Forget drawn lines when the theme changes."""
        self._strips.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the widget."""
        width = self.size.width
        if y == 0:
            heading = self.get_component_rich_style("board--heading")
            text = " ".join(cut(column.value, wide) for column, wide in self._columns)
            return Strip([segment(text, heading)]).adjust_cell_length(width, heading)
        number, between = divmod(y - 1 + self.scroll_offset.y, self._pitch)
        ground = self.rich_style
        if between:
            return Strip.blank(width, ground)
        if number >= len(self._lines):
            if number == 0 and self._empty:
                return Strip([segment(cut(self._empty, width), self.get_component_rich_style("board--quiet"))])
            return Strip.blank(width, ground)
        line = self._lines[number]
        if (line, width) not in self._strips:
            self._strips[line, width] = self._draw(line, width)
        return self._strips[line, width]

    def _draw(self, line: _Line, width: int) -> Strip:
        cells, cursor, marked, note = line
        ground = self.rich_style
        if cursor:
            ground = self.get_component_rich_style("board--cursor")
        elif marked:
            ground = self.get_component_rich_style("board--marked")
        back = Style(bgcolor=ground.bgcolor, bold=True if cursor else None)
        pieces = []
        for (column, _), (text, tone) in zip(self._columns, cells, strict=True):
            style = self.get_component_rich_style(f"board--{tone.value}") + back
            if column is Column.SEAT and marked:
                text = "▌" + text[1:] if text[0] == " " else "▌" + text[:-1]
            if column is Column.NOW and note == "saving":
                text = cut("… saving", len(text))
            if column is Column.CHECKS and note.startswith("mark "):
                place = int(note.removeprefix("mark "))
                pieces.append(segment(text[:place], style))
                pieces.append(segment(text[place : place + 1], style + Style(reverse=True)))
                text = text[place + 1 :]
            pieces.append(segment(text, style))
            pieces.append(segment(" ", back + ground))
        return Strip(pieces).adjust_cell_length(width, ground)

    def on_click(self, event: events.Click) -> None:
        """Tell which row was clicked."""
        number = (event.y - 1 + self.scroll_offset.y) // self._pitch
        if event.y >= 1 and number < len(self.state.shown):
            self.post_message(self.RowPressed(self.state.shown[number].row.key, twice=event.chain == 2))
