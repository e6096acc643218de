"""The board of another day: past days as they ended, days to come as they are planned."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from psc.overview.board import Board, edge
from psc.overview.cells import Cell, Column, Tone, cell, columns_for, cut, fitted
from psc.overview.read_board import read_board
from psc.school.calendar import next_school_day, school_day_before
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from psc.overview.board import RowNow
    from psc.tui.screens.today import Today


def near_day(today: Today, day: date, by: int) -> date | None:
    """Return the school day after (by 1) or before (by -1) a date, None where the calendar ends."""
    file = today.desk.file
    return next_school_day(file, day) if by > 0 else school_day_before(file, day)


class DayPage(Page):
    """Opens on < and >, which also go on from here."""

    def __init__(self, today: Today, day: date) -> None:
        super().__init__(today)
        self._day = day

    _board: Board

    def look(self) -> None:
        """Read the board of the day."""
        self._board = read_board(self.desk.file, self._day, self.today.staff, today=self.today.board.day.day)

    def title_items(self) -> Sequence[Item]:
        """Say which day it is."""
        board, day = self._board, self._day
        week = f"week {board.day.week}" if board.day.week else ""
        today = self.today.board.day.day
        ended = "as it ended" if day < today else "as it is planned" if day > today else "today"
        return [Item(f"{day:%A} {day.day} {day:%B %Y}", bold=True), Item(week, "quiet"), Item(ended, "quiet")]

    def lines(self) -> Sequence[Line]:
        """List the rows of every room."""
        board = self._board
        now = edge(board, self.desk.clock.now())
        width = self.app.size.width - 3
        made: list[Line] = []
        for room in board.rooms:
            rows = board.at(now, room.id)
            made.append(line(f"{room.name}: {len(rows)} placed", Tone.QUIET))
            columns = columns_for(board, room, width)
            if rows:
                made.append(line(" ".join(cut(column.value, wide) for column, wide in columns), Tone.QUIET))
            for one in rows:
                cells = [(self._cell(column, one, now), wide) for column, wide in columns]
                pieces = tuple((f"{fitted(shown, wide)} ", shown.tone) for shown, wide in cells)
                made.append(Line(pieces, one.row.key))
        return made

    def _cell(self, column: Column, one: RowNow, now: datetime) -> Cell:
        """Return a cell as the board has it; what is today and tomorrow there is named by its day here."""
        board = self._board
        made = cell(column, board, one, now)
        if column is not Column.UNTIL:
            return made
        first, _, rest = made.text.partition(" ")
        named = {"today": board.day.day, "tomorrow": board.next_day}.get(first)
        return made._replace(text=f"{named:%a} {rest}".rstrip()) if named else made

    def keys(self) -> Sequence[PageKey]:
        """Go on, and correct."""
        return (
            PageKey("less_than_sign", "<", "day before", lambda: self._step(-1)),
            PageKey("greater_than_sign", ">", "day after", lambda: self._step(1)),
            PageKey("U", "U", "correct", self.enter, "" if self.current else "nobody was placed"),
        )

    def _step(self, by: int) -> None:
        day = near_day(self.today, self._day, by)
        if day is None:
            self.refuse("The calendar has no school day there.")
        elif day == self.today.board.day.day:
            self.leave()
        else:
            self._day = day

    def enter(self) -> None:
        """Open the day of the student under the cursor."""
        from psc.tui.screens.past import PastPage

        found = next((row for row in self._board.rows if row.key == self.current), None)
        if found is not None and found.hidden:
            self.refuse("This student is not shown to you.")
        elif found is not None:
            self.app.push_screen(PastPage(self.today, found.student_id, found.name, self._day))
