"""What the week's page shows: days across, lessons down, in each cell the seats used; under it, who uses them.

In the term, weeks down. Here it is read, drawn and gone about; `week.py` has what is done on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from textual.containers import Container

from psc.desk.permissions import scope_of
from psc.overview.cells import Tone
from psc.overview.referrals import to_decide
from psc.overview.week import Booked, Days, Week, monday_of, read_days, read_week
from psc.overview.week_cells import date_words, day_line, picked_words, slot_line, unnamed_words
from psc.roster.waiting import waiting_list
from psc.school.calendar import next_school_day, school_day_before, term_of
from psc.tui.hiding import HIDDEN
from psc.tui.screens.page import Page
from psc.tui.week_grid import SIDE_FROM, Drawn, Shown, booked_line, term_grid, week_grid
from psc.tui.widgets.bar import Bar, Item
from psc.tui.widgets.cells import CellGrid
from psc.tui.widgets.lines import Line, Lines, line

if TYPE_CHECKING:
    from textual.widget import Widget

    from psc.roster.slots import Slot
    from psc.school.rooms import Room
    from psc.tui.screens.today import Today

_AROUND = 7
"""The lines that stand around the grid and who is booked."""
_WEEK = timedelta(days=7)
_SATURDAY = 5
_ACROSS = {"left": -1, "right": 1}
_DOWN = {"up": -1, "down": 1}
_TURNS = {"pageup": -1, "pagedown": 1, "home": 0, "end": 0}


class _Read(NamedTuple):
    """What was read: the week the cursor is in, the term where it is shown, and how much waits."""

    of: tuple[object, ...]
    week: Week
    term: Days | None
    waiting: int
    referrals: int


class WeekView(Page):
    """The seats of one room, or of all together, a week or a term at a time."""

    AUTO_FOCUS = "CellGrid"
    tab = "2"
    shows_names = False  # its numbers stay while names are hidden

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self.room: Room | None = today.room or next(iter(today.board.rooms), None)
        self.on: date = self._first_day()
        self.in_term = False
        self.naming = False
        """Whether the keys are for the names, not for the cells."""
        self.picked: frozenset[Slot] = frozenset()
        self._read = self._read_anew()
        under_way, lessons = today.board.period(today.now), self.plan.lessons
        self.lesson: str = under_way.name if under_way and under_way.name in lessons else next(iter(lessons), "")

    def _first_day(self) -> date:
        day = self.today.board.day
        return day.day if day.is_open else next_school_day(self.desk.file, day.day) or day.day

    # Reading

    def look(self) -> None:
        """Read the week, and the term where it is shown, whenever anything was written since."""
        if self._read.of != self._wanted():
            self._read = self._read_anew()

    def _wanted(self) -> tuple[object, ...]:
        day = self.today.board.day.day
        return (self.desk.file.written(), self.today.staff, monday_of(self.on), self.in_term, day)

    def _read_anew(self) -> _Read:
        file, staff, today = self.desk.file, self.today.staff, self.today.board.day.day
        scope_of("see_week", staff)
        term = read_days(file, *term_of(file, self.on), staff) if self.in_term else None
        waiting, referrals = len(waiting_list(file, staff, today)), to_decide(file, staff, today)
        return _Read(self._wanted(), read_week(file, self.on, staff, today), term, waiting, referrals)

    @property
    def week(self) -> Week:
        """The week that the cursor is in."""
        return self._read.week

    @property
    def plan(self) -> Days:
        """The days shown: of the week, or of the term."""
        return self._read.term or self.week.plan

    @property
    def waiting(self) -> int:
        """How many wait for a seat, of those whom the reader may see."""
        return self._read.waiting

    @property
    def referrals(self) -> int:
        """How many referrals wait for the reader to decide them."""
        return self._read.referrals

    @property
    def slot(self) -> Slot:
        """The lesson under the cursor."""
        return (self.on, self.lesson)

    @property
    def booked_here(self) -> Booked | None:
        """Who stands under the cursor of the names."""
        here = self.query_one(Lines).current
        return next(
            (one for one in self.week.booked(self.slot, self.room) if (one.placement_id, one.room_id) == here), None
        )

    def over(self, slot: Slot) -> bool:
        """Say whether a lesson is over, by the last that has it of the day's year groups."""
        board = self.today.board
        if slot[0] != board.day.day:
            return slot[0] < board.day.day
        ends = [one.end for those in board.shape.by_year.values() for one in those if one.name == slot[1]]
        return bool(ends) and max(ends) <= self.today.now

    # What stands there

    def body(self) -> Widget:
        """Return the grid, with who is booked under it or beside it."""
        return Container(CellGrid(id="cells"), Lines(id="lines"), id="week")

    def names_turned(self) -> None:
        """Take the names away at once, or show them again; the numbers stay."""
        self.naming, self.prompt, self.said = False, None, ("", "plain")
        self.paint()

    def title_items(self) -> Sequence[Item]:
        """Return the dates, and the rooms to choose from."""
        title = self.week.title
        if self.in_term and (days := self.plan.days):
            title = f"Term {date_words(days[0].on)} – {date_words(days[-1].on)} {days[-1].on.year}"
        items = [Item(title, bold=True)]
        items += [self._choice(one.code, f"room:{one.id}", here=one == self.room) for one in self.plan.rooms]
        if len(self.plan.rooms) > 1:
            items.append(self._choice("all", "0", here=self.room is None))
        return items

    def _choice(self, name: str, press: str, *, here: bool) -> Item:
        return Item(f"[{name}]" if here else name, bold=here, press=press)

    def says_items(self) -> Sequence[Item]:
        """Say how much is picked, while nothing else is said."""
        if self.said[0] or not self.picked:
            return super().says_items()
        words = picked_words(sorted(self.picked))
        return [Item(words, "alert", bold=True), Item("b books them · Esc drops them", "quiet", press="b")]

    @property
    def _wide(self) -> bool:
        return self.app.size.width >= SIDE_FROM

    def _drawn(self) -> Drawn:
        day = self.today.board.day.day
        shown = Shown(self.plan, self.room, self.slot, self.picked, self.over, day)
        return (term_grid if self.in_term else week_grid)(shown, self.app.size.width)

    def show_body(self) -> None:
        """Draw the grid, and who is booked in the cell under the cursor."""
        drawn, wide = self._drawn(), self._wide
        box, grid = self.query_one("#week"), self.query_one(CellGrid)
        box.set_class(wide, "wide")
        grid.styles.width = drawn.width if wide else "1fr"
        grid.styles.height = "1fr" if wide else min(len(drawn.rows) + 1, max(3, self.app.size.height - _AROUND))
        grid.show(*drawn)
        names = self.query_one(Lines)
        names.light(lit=self.naming)
        names.show(self.lines())

    def lines(self) -> Sequence[Line]:
        """Return how the cell under the cursor stands, and who is booked in it."""
        if self.in_term:
            day = self.plan.day(self.on)
            pieces = [(one.text, one.tone) for one in day_line(self.plan, day, self.room)] if day else []
            return [Line((one,)) for one in pieces] if self._wide else [Line(tuple(pieces))]
        head = slot_line(self.plan, self.slot, self.room)
        return [line(head.text, head.tone), *self._who()]

    def _who(self) -> Iterator[Line]:
        booked = self.week.booked(self.slot, self.room)
        if booked and self.today.names_hidden:
            yield line(f"  {HIDDEN}", Tone.QUIET)
            return
        width = self.app.size.width - (self._drawn().width if self._wide else 0) - 3
        codes = {} if self.room else {one.id: one.code for one in self.plan.rooms}
        for one in booked:
            yield booked_line(one, width, codes.get(one.room_id, ""))
        if more := unnamed_words(self.week.unnamed(self.slot, self.room), len(booked)):
            yield line(f"  {more}", Tone.QUIET)

    # Going about

    def move(self, across: int, down: int) -> None:
        """Go so many days across and lessons down; in the term, weeks down."""
        lessons = self.week.plan.lessons
        if across or self.in_term:
            self.step(across or 7 * down)
        elif self.lesson in lessons:
            self.lesson = lessons[max(0, min(len(lessons) - 1, lessons.index(self.lesson) + down))]
        elif lessons:
            self.lesson = lessons[0]

    def step(self, by: int) -> None:
        """Go to another day; over a weekend that is closed, to the day beyond it."""
        to = self.on + timedelta(days=by)
        if abs(by) == 1 and to.weekday() >= _SATURDAY and self.plan.day(to) is None:
            to = monday_of(to) + (_WEEK if by > 0 else timedelta(days=_SATURDAY - 1))
        self.go(to)

    def go(self, to: date) -> None:
        """Go to a day; from a term into the next one that has school."""
        if self.in_term and self.plan.day(to) is None:
            file = self.desk.file
            found = next_school_day(file, to) if to > self.on else school_day_before(file, to)
            if found is None:
                self.say("The calendar goes no further.")
                return
            to = found
        self.on = to
        self.look()

    def turn(self, by: int) -> None:
        """Go to the next week or term, or the one before."""
        if self.in_term and by:
            days = self.plan.days or self.week.plan.days
            self.go((days[-1] if by > 0 else days[0]).on + timedelta(days=by))
        elif by:
            self.go(self.on + by * _WEEK)

    def to_today(self) -> None:
        """Go to today, or the next school day."""
        self.on = self._first_day()
        self.look()

    def turn_view(self) -> None:
        """Show the term, or the week again."""
        self.in_term = not self.in_term
        self.look()

    def other_room(self, by: int) -> None:
        """Show the next room, or the one before."""
        rooms = self.plan.rooms
        place = rooms.index(self.room) + by if self.room in rooms else 0
        self.room = rooms[place % len(rooms)]

    def all_rooms(self) -> None:
        """Show all rooms together, or one again."""
        self.room = None if self.room else next(iter(self.plan.rooms), None)

    # Keys and mouse

    def press(self, key: str, character: str | None = None) -> None:
        """Move the cell with the arrows; all else is as on any page."""
        if self.prompt is not None:
            super().press(key, character)
        elif key == "tab" and self.naming:
            self.leave()
        elif key in _ACROSS or (not self.naming and (key in _DOWN or key in _TURNS)):
            if self.still_here():
                self.said = ("", "plain")
                if key in _TURNS:
                    self.turn(_TURNS[key])
                else:
                    self.move(_ACROSS.get(key, 0), _DOWN.get(key, 0))
                self.paint()
        else:
            super().press(key, character)

    def on_bar_pressed(self, message: Bar.Pressed) -> None:
        """A click on a room chooses it."""
        message.prevent_default()  # else it would count once more, as on every page
        kind, _, number = message.press.partition(":")
        room = next((one for one in self.plan.rooms if kind == "room" and str(one.id) == number), None)
        if room is None:
            super().on_bar_pressed(message)
        elif self.prompt is None:
            self.room = room
            self.paint()
