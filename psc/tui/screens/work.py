"""Work: students down, the periods of a day across, one key for what comes next; and the week, a day a column."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from psc.overview.cells import Cell, Tone
from psc.overview.glyphs import FALLBACK
from psc.overview.work_table import Person, WorkTable, read_table
from psc.overview.work_words import SIGNS, work_cell
from psc.roster.rota import monday_of
from psc.school.calendar import day_words
from psc.text import counted, fold, matches
from psc.tui.cells import Cells, Place
from psc.tui.printing import ask_work_print
from psc.tui.prompts import Entry
from psc.tui.screens.page import PageKey
from psc.tui.screens.work_acts import WorkActs, step_of
from psc.tui.widgets.bar import Item
from psc.tui.widgets.cells import CellGrid, Head, width_of
from psc.work.sets import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.widget import Widget

    from psc.overview.work import WorkRow
    from psc.overview.work_table import Key
    from psc.school.rooms import Room
    from psc.tui.screens.today import Today

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
_WORDS = {
    State.NEEDED: "needed",
    State.REQUESTED: "asked",
    State.RECEIVED: "came",
    State.ISSUED: "out",
    State.RETURNED: "back",
}
_WIDEST = 18
"""The greatest useful width of a period's column."""


class WorkPage(WorkActs):
    """The work of a day, or of a week. The cursor is on one cell; a row and a column may be marked as a whole."""

    AUTO_FOCUS = "CellGrid"
    title_words = "Work"
    tab = "3"

    def __init__(self, today: Today, at: Key | None = None) -> None:
        super().__init__(today)
        self.day = at[1] if at else self.day_now
        self.room: Room | None = None if at else today.room
        self._at = at
        self.weekly = False
        self.cells = Cells()
        self.table = WorkTable((), {}, {}, self.desk.file.zone)
        self.people: tuple[Person, ...] = ()
        self.counts: dict[str, int] = {}
        self._read_of: tuple[object, ...] = ()
        self._drawn_of: tuple[object, ...] = ()
        self._drawn: tuple[tuple[Head, ...], tuple[tuple[Cell, ...], ...]] = ((), ())

    # Reading

    @property
    def days(self) -> tuple[date, ...]:
        """The days that are read: one, or the school days of its week."""
        if not self.weekly:
            return (self.day,)
        monday = monday_of(self.day)
        return tuple(monday + timedelta(days=number) for number in range(5))

    def look(self) -> None:
        """Read the work again when something was written, or something else is to be shown."""
        wanted = (self.desk.file.written(), self.days, self.today.staff, self.day_now, self.room)
        if wanted == self._read_of:
            return
        self._read_of = wanted
        whole = read_table(self.desk.file, self.days, self.today.staff, self.day_now)
        self.table = whole.of_room(self.room.id if self.room else None)
        self.people = self.table.people(self.days)
        self.counts = self.table.counts()
        self.know_teachers(self.table.rows.values())
        columns = self.days if self.weekly else self.table.periods(self.days)
        first = self.cells.column is None
        self.cells = self.cells.with_keys([one.student_id for one in self.people], columns)
        if first and self.cells.rows:
            self._begin()

    def _begin(self) -> None:
        """Begin where it was opened for, else at the first gap of the period under way, or in its column."""
        if self._at is not None:
            self.cells = self.cells.to(self._at[0], self._at[2])
            self._at = None
            return
        now = self.table.under_way(self.today.now)
        if now is None:
            return
        gap = next(
            (one.student_id for one in self.people if (row := self._row(one.student_id, now[1])) and _is_gap(row)), None
        )
        self.cells = self.cells.to(gap if gap is not None else self.cells.row, now[1])

    def _anew(self) -> None:
        """Show what is to be shown now, with other rows or columns than before."""
        self.cells, self._read_of = Cells(), ()
        self.paint()

    def _row(self, student: object, period: Any) -> WorkRow | None:
        return self.table.rows.get((student, self.day, period)) if isinstance(student, int) else None

    @property
    def chosen(self) -> WorkRow | None:
        """The period under the cursor; none in the week."""
        return None if self.weekly else self._row(self.cells.row, self.cells.column)

    def targets(self) -> tuple[WorkRow, ...]:
        """Return the periods marked, else the one under the cursor."""
        marked = [row for row in (self._row(*one) for one in sorted(self.cells.marked, key=self._order)) if row]
        return tuple(marked) or super().targets()

    def _order(self, place: Place) -> tuple[int, int]:
        return self.cells.rows.index(place[0]), self.cells.columns.index(place[1])

    def unmark(self) -> None:
        """Mark nothing any more."""
        self.cells = self.cells.unmarked()

    @property
    def current(self) -> object:
        """The student under the cursor."""
        return self.cells.row

    # What stands there

    def body(self) -> Widget:
        """The grid."""
        return CellGrid(id="cells")

    def title_items(self) -> Sequence[Item]:
        """Return the day or the week, the room, and how many periods stand in each state."""
        when = day_words(self.day, self.day_now)
        if self.weekly:
            when = f"week of {self.days[0]:%a} {self.days[0].day} {self.days[0]:%b}"
        room = "all rooms" if self.room is None else self.room.name if self.app.size.width >= 120 else self.room.code
        items = [Item(when, bold=True), Item(room, bold=True)]
        counts = self.counts
        made = [
            Item(f"{SIGNS[state]} {counts[state]} {words}", "due" if state is State.NEEDED else "quiet")
            for state, words in _WORDS.items()
            if counts.get(state)
        ]
        packs = counts.get("fallback", 0)
        return [*items, *made, *([Item(f"{FALLBACK} {counted(packs, 'pack')}", "quiet")] if packs else [])]

    def show_body(self) -> None:
        """Draw the grid. Its cells are worked out once a minute and a reading: a cursor that moves changes none."""
        view = self.query_one(CellGrid)
        width = view.size.width or self.app.size.width - 3
        drawn_of = (self._read_of, self.today.now.replace(second=0), width)
        if drawn_of != self._drawn_of:
            self._drawn_of, self._drawn = drawn_of, self._draw(width)
        numbers = {key: number for number, key in enumerate(self.cells.rows)}
        across = {key: number for number, key in enumerate(self.cells.columns)}
        marked = frozenset((numbers[row], across[column]) for row, column in self.cells.marked)
        view.show(*self._drawn, self.cells.place, marked)

    def _draw(self, width: int) -> tuple[tuple[Head, ...], tuple[tuple[Cell, ...], ...]]:
        """Work out the headings and the cells, for lines of a width."""
        under_way = self.table.under_way(self.today.now)
        self._tallies = self.table.tallies(self.today.now) if self.weekly else {}
        name = width_of([one.name for one in self.people], 14, 20 if self.app.size.width < 100 else 28)
        form = width_of([one.form for one in self.people], 4, 6)
        names = [Head("Student", name, names=True), Head("Form", form, names=True)]
        if self.room is None:
            names.append(Head("Room", 4, names=True))
        left = width - sum(one.width + 1 for one in names)
        wide = max(3, min(_WIDEST, left // max(1, len(self.cells.columns)) - 1))
        rows = ((*self._name_cells(one)[: len(names)], *self._cells_of(one, under_way)) for one in self.people)
        return (*names, *self._heads(wide, under_way)), tuple(rows)

    def _heads(self, wide: int, under_way: tuple[date, str] | None) -> list[Head]:
        if not self.weekly:
            return [Head(str(one), wide, here=under_way == (self.day, one)) for one in self.cells.columns]
        return [
            Head(f"{one.day:%a} {one.day.day}{'' if one.is_open else ' closed'}", wide, here=one.day == self.day_now)
            for one in self.table.days
        ]

    def _name_cells(self, one: Person) -> tuple[Cell, ...]:
        tone = Tone.QUIET if one.absent and not self.weekly else Tone.PLAIN
        return Cell(one.name, tone, one.apart), Cell(one.form, Tone.QUIET), Cell(one.room, Tone.QUIET)

    def _cells_of(self, one: Person, under_way: tuple[date, str] | None) -> list[Cell]:
        now, made = self.today.now, []
        for column in self.cells.columns:
            if isinstance(column, date):
                made.append(self._week_cell(one, column))
                continue
            row = self._row(one.student_id, column)
            over = row is not None and self.table.is_over(row, now)
            made.append(work_cell(row, now, under_way=under_way == (self.day, column), over=over))
        return made

    def _week_cell(self, one: Person, day: date) -> Cell:
        tally = self._tallies.get((one.student_id, day))
        if tally is None:
            return Cell("", Tone.QUIET)
        late = f" !{tally.late}" if tally.late else ""
        tone = Tone.DUE if tally.late else Tone.IN if tally.has == tally.of else Tone.PLAIN
        return Cell(f"{tally.has}/{tally.of}{late}", tone)

    def says_items(self) -> Sequence[Item]:
        """Say what is marked, besides what every page of work says; why nobody is there; what a week's cell is."""
        if self.said[0]:
            return super().says_items()
        if not self.people:
            return [Item(self._nobody(), "quiet")]
        if self.weekly:
            return [Item("Periods with work, of all there are; ! those that should have it by now", "quiet")]
        marked = [Item(f"{len(self.cells.marked)} marked", "alert")] if self.cells.marked else []
        if self.chosen is None:
            return [*marked, Item("not placed for this period", "quiet")]
        return [*marked, *super().says_items()]

    def _nobody(self) -> str:
        closed = [one for one in self.table.days if not one.is_open]
        if len(closed) == len(self.table.days):
            note = f" ({closed[0].note})" if closed and closed[0].note else ""
            return f"No school {day_words(self.day, self.day_now)}{note}. < and > go to other days."
        return "Nobody is placed here then. [ ] and 0 show other rooms, < > other days."

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


def _is_gap(one: WorkRow) -> bool:
    return not one.work.state.has_work and not one.absent
