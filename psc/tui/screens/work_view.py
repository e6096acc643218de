"""What stands on the Work page: which days and rooms are read, where the cursor is, and how it is drawn."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from psc.overview.glyphs import FALLBACK
from psc.overview.work_table import Person, WorkTable, read_table
from psc.overview.work_words import SIGNS
from psc.roster.rota import monday_of
from psc.school.calendar import day_words
from psc.text import counted
from psc.tui.cells import Cells, Place
from psc.tui.screens.work_acts import WorkActs
from psc.tui.widgets.bar import Item
from psc.tui.widgets.cells import CellGrid
from psc.tui.work_grid import Drawn, Shown, work_grid
from psc.work.sets import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.widget import Widget

    from psc.overview.work import WorkRow
    from psc.overview.work_table import Key
    from psc.school.rooms import Room
    from psc.tui.screens.today import Today

_WORDS = {
    State.NEEDED: "needed",
    State.REQUESTED: "asked",
    State.RECEIVED: "came",
    State.ISSUED: "out",
    State.RETURNED: "back",
}


class WorkView(WorkActs):
    """The work of a day, or of a week, of one room or of all, with the cursor on one cell and some marked."""

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
        self._drawn: Drawn = ((), ())

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
        width = self.app.size.width - 3  # the same before it is laid out and after, with a scrollbar or without
        drawn_of = (self._read_of, self.today.now.replace(second=0), width)
        if drawn_of != self._drawn_of:
            shown = Shown(
                self.table,
                self.people,
                self.cells.columns,
                self.day,
                self.day_now,
                self.today.now,
                rooms=self.room is None,
            )
            self._drawn_of, self._drawn = drawn_of, work_grid(shown, width)
        numbers = {key: number for number, key in enumerate(self.cells.rows)}
        across = {key: number for number, key in enumerate(self.cells.columns)}
        marked = frozenset((numbers[row], across[column]) for row, column in self.cells.marked)
        view.show(*self._drawn, self.cells.place, marked)

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


def _is_gap(one: WorkRow) -> bool:
    return not one.work.state.has_work and not one.absent
