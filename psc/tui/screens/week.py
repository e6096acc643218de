"""The week: the seats of each room by day and lesson, and who uses them; lessons are picked and booked here.

`v` shows the term, Tab goes to the names, where a booking is moved, cut short, made longer or cancelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from psc.desk.permissions import may
from psc.overview.week_cells import picked_words, slot_line
from psc.roster.slots import slot_words
from psc.school.shapes import Bells
from psc.tui import planning
from psc.tui.hiding import HIDDEN
from psc.tui.screens.page import PageKey
from psc.tui.screens.week_view import WeekView
from psc.tui.week_grid import whole_day
from psc.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from psc.tui.widgets.cells import CellGrid


class WeekPage(WeekView):
    """Picks lessons and books them; changes a booking on its name."""

    # Keys

    def keys(self) -> Sequence[PageKey]:
        """Return the keys of the cells, or of the names."""
        return planning.name_keys(self) if self.naming else self._cell_keys()

    def _cell_keys(self) -> Sequence[PageKey]:
        no = planning.why_not(self, "book")
        hidden = HIDDEN if self.today.names_hidden else ""
        rooms = [
            PageKey("left_square_bracket", "[", "", partial(self.other_room, -1)),
            PageKey("right_square_bracket", "]", "room", partial(self.other_room, 1)),
            PageKey("0", "0", "all", self.all_rooms),
        ]
        return [
            PageKey("space", "Space", "pick", self.pick, no),
            PageKey("b", "b", "book", self.book, no or hidden),
            PageKey("enter", "Enter", "week", self.enter)
            if self.in_term
            else PageKey("tab", "Tab", "names", self._to_names, hidden),
            *(rooms if len(self.plan.rooms) > 1 else ()),
            PageKey("pageup", "PgUp", "", partial(self.turn, -1)),
            PageKey("pagedown", "PgDn", "term" if self.in_term else "week", partial(self.turn, 1)),
            PageKey("t", "t", "today", self.to_today),
            PageKey("v", "v", "week" if self.in_term else "term", self.turn_view),
            *planning.planner_keys(self),
            PageKey("u", "u", "undo", self.undo_here, planning.why_not(self, "undo")),
        ]

    def leave(self) -> None:
        """Esc goes from the names to the cells, then drops what is picked, then goes back to the board."""
        if self.naming:
            self._to_cells()
        elif self.picked:
            self.picked = frozenset()
            self.say("")
        else:
            super().leave()

    def go_to_tab(self, key: str) -> None:
        """What is picked is not dropped unseen."""
        if self.picked and key != self.tab:
            self.refuse(f"{picked_words(sorted(self.picked))}: b books them, Esc drops them.")
            return
        self.naming = False
        super().go_to_tab(key)

    def enter(self) -> None:
        """Open the booking of a name; book what is picked, or the cell; in the term, open the week."""
        if self.naming:
            planning.open_details(self)
        elif self.in_term and not self.picked:
            self.turn_view()
            self.paint()
        elif may("book", self.today.staff):
            self.book(here=True)
        else:
            self._to_names()

    # From cells to names, and back

    def _to_names(self) -> None:
        self.naming = self.query_one(Lines).current is not None
        if not self.naming:
            self.say("Nobody is named here.")
        self.paint()

    def _to_cells(self) -> None:
        self.naming = False
        self.paint()

    # Picking and booking

    def pick(self) -> None:
        """Pick the lesson under the cursor, or drop it, and go on to the next; in the term, the whole day."""
        day = self.plan.day(self.on)
        wanted = whole_day(day) if day and self.in_term else frozenset([self.slot])
        slots = frozenset(one for one in wanted if self.plan.has(one) and not self.over(one))
        if not slots:
            there = any(self.plan.has(one) for one in wanted)
            self.refuse("That is over." if there else f"{slot_line(self.plan, self.slot, self.room).text}.")
            return
        self.picked = self.picked - slots if slots <= self.picked else self.picked | slots
        lessons = self.week.plan.lessons
        if not self.in_term and self.lesson in lessons[:-1]:
            self.move(0, 1)
        else:
            self.lesson = self.lesson if self.in_term else lessons[0]
            self.step(1)

    def book(self, *, here: bool = False) -> None:
        """Open the form for what is picked; with nothing picked, empty, or for the cell under the cursor."""
        slots = sorted(self.picked)
        if not slots and here and self.plan.has(self.slot) and not self.over(self.slot):
            slots = [self.slot]
        words = slot_words(Bells(self.desk.file, None), slots) if slots else ""
        planning.open_form(self, self.booked, words, room=self.room)

    def booked(self, words: str) -> None:
        """Say what was booked, and drop what was picked for it."""
        self.picked = frozenset()
        self.did(words)

    # The mouse

    def on_cell_grid_pressed(self, message: CellGrid.Pressed) -> None:
        """A click puts the cursor on a cell; a second one books it, or goes to the names where it is full."""
        if self.prompt is not None:
            return
        self.naming, self.said = False, ("", "plain")
        if self.in_term:
            monday, _ = self.plan.weeks()[message.row]
            weekdays = sorted({one.on.weekday() for one in self.plan.days})
            self.go(monday + timedelta(days=weekdays[message.column]))
        else:
            self.on, self.lesson = self.plan.days[message.column].on, self.plan.lessons[message.row]
        self.paint()
        if message.twice:
            full = not self.in_term and not self.plan.seats(self.slot, self.room).free
            self._to_names() if full else self.enter()

    def on_lines_pressed(self, message: Lines.Pressed) -> None:
        """A click on a name goes to it; a second one opens the booking."""
        message.prevent_default()
        self.naming = True
        super().on_lines_pressed(message)
