"""Work: students down, the periods of a day across, one key for what comes next; and the week, a day a column."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from psc.text import fold, matches
from psc.tui.printing import ask_work_print
from psc.tui.prompts import Entry
from psc.tui.screens.page import PageKey
from psc.tui.screens.work_acts import step_of
from psc.tui.screens.work_view import WorkView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.school.rooms import Room
    from psc.tui.widgets.cells import CellGrid

_MOVES = {
    "up": (-1, 0),
    "down": (1, 0),
    "left": (0, -1),
    "right": (0, 1),
    "pageup": (-15, 0),
    "pagedown": (15, 0),
    "home": (-10_000, 0),
    "end": (10_000, 0),
}
_ALSO = ("space", "tab", "0", "left_square_bracket", "less_than_sign", "asterisk", "minus")
"""Keys that do what another key shows, or have no room on the line of keys."""


class WorkPage(WorkView):
    """The work of a day, or of a week. The cursor is on one cell; a row and a column may be marked as a whole."""

    # Keys

    def keys(self) -> Sequence[PageKey]:
        """Return the keys: what comes next, marking, the other views, going about."""
        about = [
            PageKey("c", "c", "chase", self._open_chase),
            PageKey("f", "f", "tell", self._open_feedback),
            PageKey("k", "k", "packs", self._open_packs),
            PageKey("m", "m", "day" if self.weekly else "week", self._turn),
            PageKey("right_square_bracket", "[ ]", "room", partial(self._step_room, 1)),
            PageKey("greater_than_sign", "< >", "week" if self.weekly else "day", partial(self._step_day, 1)),
            PageKey("slash", "/", "find", self._find),
            PageKey("P", "P", "print", self._print, self.not_for("print_slips")),
            self.undo_key(),
        ]
        if self.weekly:
            return [PageKey("enter", "Enter", "the day", self.enter), *about]
        none = "" if self.chosen else "nothing is placed there"
        return [
            *self.step_keys(),
            PageKey("y", "y", "write", self._write, none or self.not_for("ask_for_work")),
            PageKey("plus", "+ * -", "mark", self._mark, none),
            *about,
        ]

    def press(self, key: str, character: str | None = None) -> None:
        """Arrows move the cell, Space is Enter, Tab the chase list, 0 all rooms; the rest is as on every page."""
        if self.prompt is not None or key not in (*_MOVES, *_ALSO):
            super().press(key, character)
        elif key == "space":
            super().press("enter")
        elif self.still_here():
            self.said = ("", "plain")
            if key in _MOVES:
                self.cells = self.cells.moved(*_MOVES[key])
            else:
                self._also(key)
            self.paint()

    def _also(self, key: str) -> None:
        if key == "tab":
            self._open_chase()
        elif key in ("asterisk", "minus"):
            self._mark_all(row=key == "minus")
        elif key == "0":
            self._show_room(None if self.room else next(iter(self.today.board.rooms), None))
        else:
            (self._step_room if key == "left_square_bracket" else self._step_day)(-1)

    def enter(self) -> None:
        """Do what comes next; in the week, go to the day."""
        if not self.weekly:
            super().enter()
        elif isinstance(self.cells.column, date):
            self.go_to(self.cells.column, self.cells.row)

    def go_to(self, day: date, student: object, period: object = None) -> None:
        """Show a student's day, in whichever room."""
        self.day, self.weekly = day, False
        self._anew()
        if student not in self.cells.rows and self.room is not None:
            self.room = None
            self.paint()
        self.cells = self.cells.to(student, period)
        self.paint()

    def leave(self) -> None:
        """Unmark first, then go back to the board."""
        if self.cells.marked:
            self.unmark()
            self.paint()
        else:
            super().leave()

    def on_cell_grid_pressed(self, message: CellGrid.Pressed) -> None:
        """A click puts the cursor on a cell; a second one does what comes next."""
        if self.prompt is None and message.column < len(self.cells.columns):
            self.cells = self.cells.to(self.cells.rows[message.row], self.cells.columns[message.column])
            self.said = ("", "plain")
            self.paint()
            if message.twice:
                super().press("enter")

    # Marking, and going about

    def _mark(self) -> None:
        self.cells = self.cells.turned([(self.cells.row, self.cells.column)]).moved(1)

    def _print(self) -> None:
        """Ask what is to be printed of the day: the slips, or the desk list of the period under the cursor."""
        period = "" if self.weekly else str(self.cells.column or "")
        there = self.chosen.room_id if self.chosen else None
        here = next((one for one in self.today.board.rooms if there in (None, one.id)), None)
        marked = [(one.work.student_id, one.work.period) for one in self.targets()] if self.cells.marked else []
        ask_work_print(self, self.day, self.room, period=period, here=here, marked=marked)

    def _mark_all(self, *, row: bool) -> None:
        """Mark the whole row, or the whole period: those for which the same comes next as under the cursor."""
        if (one := self.chosen) is None:
            return
        line = [
            (self.cells.row, column) if row else (other, self.cells.column)
            for column, other in (
                [(column, None) for column in self.cells.columns] if row else [(None, each) for each in self.cells.rows]
            )
        ]
        step = step_of(one.work)
        there = [(place, self._row(*place)) for place in line]
        self.cells = self.cells.turned(
            place for place, each in there if each and step_of(each.work) is step and not each.absent
        )

    def _turn(self) -> None:
        """Turn from the day to the week, or back to the day of the column."""
        student, column = self.cells.row, self.cells.column
        if self.weekly and isinstance(column, date):
            self.day = column
        self.weekly = not self.weekly
        self._anew()
        self.cells = self.cells.to(student, self.day if self.weekly else None)

    def _step_day(self, by: int) -> None:
        """Go to the day before or after, past week-ends; in the week, to another week."""
        if self.weekly:
            self.day += timedelta(days=7 * by)
        else:
            self.day += timedelta(days=by)
            while self.day.weekday() > 4:
                self.day += timedelta(days=by)
        self.unmark()

    def _step_room(self, by: int) -> None:
        rooms = self.today.board.rooms
        if rooms:
            place = next((n for n, one in enumerate(rooms) if self.room and one.id == self.room.id), -1)
            self._show_room(rooms[(place + by) % len(rooms)])

    def _show_room(self, room: Room | None) -> None:
        self.room = room
        self.unmark()

    def _find(self) -> None:
        def find(text: str) -> None:
            wanted = fold(text)
            found = next((one for one in self.people if matches(wanted, fold(f"{one.name} {one.form}"))), None)
            if found is None or not wanted:
                self.refuse(f"Nobody here fits “{text}”.")
            else:
                self.cells = self.cells.to(found.student_id)

        self.ask(Entry("Find", "part of a name, or a form", find, longest=60))

    # What opens from here

    def _open_chase(self) -> None:
        from psc.tui.screens.chase import ChasePage

        self.app.push_screen(ChasePage(self.today, self))

    def _open_feedback(self) -> None:
        from psc.tui.screens.chase import FeedbackPage

        self.app.push_screen(FeedbackPage(self.today, self))

    def _open_packs(self) -> None:
        from psc.tui.screens.packs import PacksPage

        self.app.push_screen(PacksPage(self.today))

    def _write(self) -> None:
        """Write to the teacher of the cell about all they owe."""
        from psc.tui.screens.chase import write_to

        if (one := self.chosen) is not None:
            write_to(self, one.work.key)
