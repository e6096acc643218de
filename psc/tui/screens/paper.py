"""The catch-up grid: a room's paper log typed back in, cell by cell, in the order of the sheet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psc.clock import school_day, typed_day
from psc.desk.permissions import may
from psc.errors import PscError
from psc.flows.paper import PaperRow, known_of, known_walk_in, lines_of, plan_sheet, read_keeper, read_why
from psc.flows.paper_cells import IN, LEFT, NAME, OUT, SEAT, Known, Plan, Sheet, Wrong
from psc.overview.cells import shown_out
from psc.overview.log import make_log
from psc.overview.read_board import read_board
from psc.roster.checks import WORDS
from psc.roster.letters import LEFT_LETTERS, OUT_LETTERS
from psc.roster.reasons import reason_names
from psc.school.students import Student, the_student
from psc.text import counted
from psc.tui.grid import Grid
from psc.tui.keys import handle_prompt
from psc.tui.prompts import Entry
from psc.tui.screens.page import PageKey
from psc.tui.screens.typed_page import TypedPage
from psc.tui.sheet_draft import SheetDraft, read_sheet
from psc.tui.widgets.bar import Item
from psc.tui.widgets.grid import GridRow, GridView

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from textual.widget import Widget

    from psc.flows.paper import PaperLine
    from psc.overview.log import LogRow
    from psc.roster.placements import PlacementType
    from psc.school.rooms import Room
    from psc.tui.screens.today import Today

_HINTS = {
    SEAT: ("the seat's number",),
    NAME: ("part of the name, or the admission number",),
    IN: ("0841",),
    OUT: (
        "t1137-1144, t1137- while out, -1144 back",
        *(f"{letter} {shown_out(reason.value)}" for letter, reason in OUT_LETTERS.items()),
    ),
    LEFT: ("1450 or l1450", *(f"{letter} {place.value}" for letter, place in LEFT_LETTERS.items())),
}
_CHECKS = (*(f"{mark} {word}" for mark, word in enumerate(WORDS)), "- none")


class PaperPage(TypedPage):
    """Types a room's sheet in. What is recorded stands in grey; what is typed stays until it is saved or left."""

    AUTO_FOCUS = "GridView"
    title_words = "Type a paper log in"
    form = "paper"

    def __init__(self, today: Today, room: Room) -> None:
        super().__init__(today, f"room {room.id}")
        self.room = room
        self.kept_by = ""
        self.why = ""
        self.board = today.board
        self.day = today.board.day.day
        self.grid = Grid((), (SEAT, NAME, IN, OUT, LEFT), lists=frozenset({OUT}), column=IN)
        self.said_of_it = ""
        self._log: dict[Hashable, LogRow] = {}
        self._gone: frozenset[Hashable] = frozenset()
        self._people: dict[Hashable, Student | str] = {}
        self._whys: dict[Hashable, tuple[PlacementType, str]] = {}
        self._version = today.desk.file.changed_elsewhere()
        self.read()

    # Reading

    def read(self) -> None:
        """Follow the board: rows come, and go unless something is typed in them."""
        version = self.desk.file.changed_elsewhere()
        if self.day == self.today.board.day.day:
            self.board = self.today.board
        elif version != self._version or self.board.day.day != self.day:
            self.board = read_board(self.desk.file, self.day, self.today.staff)
        self._version = version
        log = make_log(self.board, self.room, self.today.now, {})
        here: dict[Hashable, LogRow] = {row.student_id: row for row in log.rows if not row.row.hidden}
        kept = {key: row for key, row in self._log.items() if key not in here and self.grid.cells(key)}
        self._log, self._gone = here | kept, frozenset(kept)
        last = max((number + 1 for number in range(99) if self.grid.cells(("blank", number))), default=0)
        blanks = [("blank", number) for number in range(max(log.spare, last))]
        columns = (SEAT, NAME, IN, OUT, LEFT, *log.lessons)
        self.grid = self.grid.with_rows([*self._log, *blanks], columns, frozenset((key, NAME) for key in self._log))

    def paper_rows(self) -> list[PaperRow]:
        """Return the grid's rows with what is typed in each."""
        made = []
        for key in self.grid.rows:
            cells = self.grid.cells(key)
            if key in self._log:
                row = self._log[key].row
                name = f"{row.name} {row.form}".rstrip()
                made.append(PaperRow(key, row.student_id, name, cells, known_of(row), row.periods))
                continue
            who = self._people.get(key)
            kind, reason = self._whys.get(key, (None, ""))
            if isinstance(who, Student):
                known = known_walk_in(self.desk.file, who, self.room.id, self.day)
                periods = self.board.shape.periods(who.year)
                made.append(PaperRow(key, who.id, f"{who.name} {who.form}", cells, known, periods, kind, reason))
            else:
                periods = self.board.shape.periods(None)
                made.append(PaperRow(key, None, "", cells, Known(self.room.id), periods, trouble=who or ""))
        return made

    def plans(self, rows: Sequence[PaperRow]) -> dict[Hashable, Plan]:
        """Return what every row with something typed comes to, as things stand."""
        taken = {
            row.seat: row.student_id
            for row in self.board.rows
            if row.room_id == self.room.id and row.facts.inside and row.seat
        }
        sheet = Sheet(self.day, self.desk.file.zone, self.today.now)
        made = plan_sheet(rows, sheet, self.room, taken)
        gone = Wrong(NAME, "is no longer on the board: Del clears the row's cells")
        return {key: plan._replace(wrong=(gone,)) if key in self._gone else plan for key, plan in made.items()}

    def to_save(self) -> tuple[PaperLine, ...]:
        """Return what saving would add now."""
        rows = self.paper_rows()
        return lines_of(rows, self.plans(rows))

    # The draft

    def typed(self) -> Mapping[str, str]:
        """Every cell, with what is said of the whole sheet."""
        return SheetDraft(self.kept_by, self.why, self.day, self.grid.typed, self._whys).words()

    def retype(self, draft: Mapping[str, str]) -> None:
        """Go on with the sheet that was left, its keeper and its day with it."""
        sheet = read_sheet(draft, self.day)
        self.kept_by, self.why, self.day = sheet.kept_by, sheet.why, sheet.day
        self.grid = replace(self.grid, typed=sheet.cells)
        self.read()
        for key in self.grid.rows:
            self._needs_why(key)
        self._whys = dict(sheet.whys)
        if self.day < self.today.board.day.day and not self.why:
            self._ask_why()

    # Showing

    def body(self) -> Widget:
        """The grid."""
        return GridView(id="grid")

    def on_mount(self) -> None:
        """Ask who kept the paper, first of all."""
        self._ask_keeper()

    def tick(self) -> None:
        """Follow the clock and other terminals."""
        try:
            self.read()
        except PscError as error:
            self.say(str(error), "alarm")
        super().tick()

    def title_items(self) -> Sequence[Item]:
        """Say which sheet this is."""
        day = f"{self.day:%a} {self.day.day} {self.day:%b}"
        name = self.room.code if self.app.size.width < 100 else self.room.name
        items = [Item(self.title_words, bold=True), Item(f"{name} · {day}")]
        return [*items, Item(f"kept by {self.kept_by}")] if self.kept_by else items

    def says_items(self) -> Sequence[Item]:
        """Say what was said last, else what the cell under the cursor takes and has."""
        if self._leaving or self.said[0] or not self.kept_by:
            return super().says_items()
        column = self.grid.column
        items = [Item(f"{column}:", bold=True), *(Item(words, "quiet") for words in _HINTS.get(column, _CHECKS))]
        recorded = self._recorded(self.grid.row).get(column, "")
        return [*items, Item(f"recorded: {recorded}", "quiet")] if recorded and self.grid.text else items

    def keys(self) -> Sequence[PageKey]:
        """The keys that are not letters: those go into the cell."""
        return (
            *self.draft_keys(),
            PageKey("tab", "Tab", "next", lambda: self._go(self.grid.tabbed(1))),
            PageKey("enter", "Enter", "down", self.enter),
            PageKey("delete", "Del", "clear", lambda: self._go(self.grid.with_typed(""))),
            PageKey("f10", "F10", "look and save", self.preview),
        )

    def show_body(self) -> None:
        """Draw the grid."""
        rows = self.paper_rows()
        plans = self.plans(rows)
        columns = list(self.grid.columns)
        drawn = [self._drawn(row, plans.get(row.key), columns) for row in rows]
        place = self.grid.rows.index(self.grid.row) if self.grid.row in self.grid.rows else 0
        view = self.query_one(GridView)
        width = view.size.width or self.app.size.width - 2
        view.show(_widths(width, columns), drawn, (place, columns.index(self.grid.column)))

    def _drawn(self, row: PaperRow, plan: Plan | None, columns: Sequence[str]) -> GridRow:
        recorded = self._recorded(row.key)
        cells = []
        for column in columns:
            typed = row.cells.get(column, "")
            if column == NAME and not (self.grid.cell == (row.key, NAME) and self.grid.before is not None):
                cells.append((row.name or typed, bool(typed)))
            else:
                cells.append((typed or recorded.get(column, ""), bool(typed)))
        # What is wrong with a cell is said once it is left: half a time is no mistake.
        typing = self.grid.column if self.grid.row == row.key and self.grid.before is not None else ""
        notes = [(columns.index(one.column), one.words) for one in plan.wrong if one.column != typing] if plan else []
        return GridRow(tuple(cells), tuple(sorted(notes)))

    def _recorded(self, key: Hashable) -> Mapping[str, str]:
        """Return what is recorded of a row, as it would be typed."""
        row = self._log.get(key)
        if row is None:
            return {}
        times = {IN: row.came_words, OUT: row.out_words, LEFT: row.left_words}
        checks = {period: row.check_words(period) for period in self.grid.columns[5:]}
        return {SEAT: str(row.seat or ""), **{n: t.replace(":", "") for n, t in times.items()}, **checks}

    # Asking

    def _ask_keeper(self, hint: str = "your code, a colleague's, or a name", text: str = "") -> None:
        self.ask(Entry("Who kept the paper", hint, self._keep, text=text, longest=60))

    def _keep(self, text: str) -> None:
        try:
            keeper = read_keeper(self.desk.file, text)
        except PscError as error:
            self._ask_keeper(str(error), text)
            return
        self.kept_by = keeper
        if may("correct_before", self.today.staff):
            self._ask_day()

    def _ask_day(self, hint: str = "Enter for today; yesterday, 20 Nov") -> None:
        self.ask(Entry("Which day", hint, self._take_day, longest=20))

    def _take_day(self, text: str) -> None:
        today = school_day(self.today.now, self.desk.file.zone)
        try:
            day = typed_day(text, today)
        except PscError as error:
            self._ask_day(str(error))
            return
        if day > today:
            self._ask_day("that day is still to come")
            return
        self.day = day
        self.read()
        if day < today:
            self._ask_why()

    def _ask_why(self, hint: str = "a word or two: power cut") -> None:
        self.ask(Entry("Why is it typed only now", hint, self._take_why))

    def _take_why(self, text: str) -> None:
        if text:
            self.why = text
        else:
            self._ask_why("an earlier day needs a reason")

    def _ask_reason(
        self, key: Hashable, hint: str = "def for Defiance; another type first, as time out: upset"
    ) -> None:
        who = self._people.get(key)
        if isinstance(who, Student):
            self.ask(Entry(f"Why did {who.name} come", hint, lambda text: self._take_reason(key, text)))

    def _take_reason(self, key: Hashable, text: str) -> None:
        try:
            self._whys[key] = read_why(text, reason_names(self.desk.file))
        except PscError as error:
            self._ask_reason(key, str(error))

    # Keys and mouse

    def typing(self, key: str, character: str | None) -> None:
        """Do what a key means: letters and digits go into the cell."""
        if not self.still_here():
            return
        if self.prompt is not None:
            handle_prompt(self, key, character)
            if key == "escape" and not self.kept_by:
                self.dismiss(None)
            elif key == "escape" and self.day < self.today.board.day.day and not self.why:
                self._ask_why()
            return
        self.said = ("", "plain")
        moves = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10}
        if key in moves:
            self._go(self.grid.down(moves[key]))
        elif key in ("left", "right"):
            self._go(self.grid.across(1 if key == "right" else -1))
        elif key == "shift+tab":
            self._go(self.grid.tabbed(-1))
        elif key == "backspace":
            self._type(self.grid.rubbed_out())
        elif key == "delete":
            self._type(self.grid.with_typed(""))
        elif key == "ctrl+s":
            self.preview()
        elif key == "escape":
            self.leave()
        elif character and character.isprintable():
            self._type(self.grid.key(character))
        else:
            for one in self.keys():
                if one.key == key:
                    one.run()

    def enter(self) -> None:
        """Enter goes down; on the name of a walk-in it asks why they came, while nobody has said."""
        key = self.grid.row
        if self.grid.column == NAME and self._needs_why(key):
            self._ask_reason(key)
        self._go(self.grid.entered())

    def _type(self, grid: Grid) -> None:
        if grid.column == NAME and grid.text != self.grid.text:
            self._people.pop(grid.row, None)
            self._whys.pop(grid.row, None)
        self.grid = grid
        self.paint()

    def _go(self, grid: Grid) -> None:
        """Move; a name that is left is looked up, and asked about."""
        row, column = self.grid.cell
        self.grid = grid
        if column == NAME and grid.cell != (row, column) and self._needs_why(row):
            self._ask_reason(row)
        self.paint()

    def _needs_why(self, key: Hashable) -> bool:
        """Look up whose row it is by the name typed; says whether a why is still missing."""
        text = self.grid.cells(key).get(NAME, "").strip()
        if text and key not in self._people:
            try:
                self._people[key] = the_student(self.desk.file, text, self.today.staff, self.day)
            except PscError as error:
                self._people[key] = str(error)
        who = self._people.get(key)
        return isinstance(who, Student) and who.id not in self._log and key not in self._whys

    def on_grid_view_pressed(self, message: GridView.Pressed) -> None:
        """A click puts the cursor on a cell."""
        if self.prompt is None and message.row < len(self.grid.rows):
            self._go(self.grid.at(self.grid.rows[message.row], self.grid.columns[message.column]))

    def preview(self) -> None:
        """Show what saving would do."""
        self._go(self.grid.at(self.grid.row, self.grid.column))
        self._needs_why(self.grid.row)
        if not any(self.grid.cells(row) for row in self.grid.rows):
            self.refuse("Nothing is typed yet.")
            return
        from psc.tui.screens.paper_preview import PaperPreview

        self.app.push_screen(PaperPreview(self.today, self), self._previewed)

    def _previewed(self, _: None) -> None:
        if self.said_of_it:
            self.saved()
            self.today.reload()
            self.today.say(self.said_of_it)
            self.dismiss(None)

    def leave(self) -> None:
        """Esc puts back what a cell held; then it leaves, and asks first when something is typed."""
        if self.grid.before is not None and self.grid.before != self.grid.text:
            self._type(self.grid.put_back())
            return
        self.ask_to_leave()

    def unsaved(self) -> str:
        """Say how many cells are typed."""
        filled = sum(bool(text.strip()) for text in self.grid.typed.values())
        return f"{counted(filled, 'cell')} typed and not saved" if filled else ""


_LEAST = {SEAT: 4, NAME: 10, IN: 4, OUT: 11, LEFT: 5}
_MOST = {SEAT: 4, NAME: 28, IN: 9, OUT: 44, LEFT: 11}


def _widths(width: int, columns: Sequence[str]) -> list[tuple[str, int]]:
    """Return each column with its width: what a line has to spare goes to the names and the times out."""
    wide = {column: _LEAST.get(column, max(2, len(column))) for column in columns}
    spare = width - sum(wide.values()) - len(columns)
    for column, most in ((NAME, 20), (OUT, 22), (IN, 5), (LEFT, 6), *_MOST.items()):
        more = max(0, min(spare, most - wide[column]))
        wide[column] += more
        spare -= more
    return list(wide.items())
