"""Periods that were not served: all of a student's are booked again in one act."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from psc.errors import NeedsReason
from psc.flows.bookings import carry_periods
from psc.overview.cells import Tone, cut
from psc.overview.owed import DAYS, Owes, owed_periods
from psc.overview.rota import wrapped
from psc.overview.week_cells import date_words
from psc.roster.slots import slot_words
from psc.roster.typed_booking import read_wanted
from psc.school.shapes import Bells
from psc.text import counted
from psc.tui import planning
from psc.tui.prompts import Entry
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from psc.tui.screens.today import Today

_NAME = 22


class OwedPage(Page):
    """Who has periods that wait to be carried."""

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self._all: tuple[Owes, ...] = ()
        self._read: tuple[object, ...] | None = None

    def look(self) -> None:
        """Read the days behind, whenever anything was written since, and once a minute."""
        today = self.today
        wanted = (self.desk.file.written(), today.now.replace(second=0, microsecond=0))
        if wanted != self._read:
            self._all = owed_periods(self.desk.file, today.staff, today.board.day.day, today.now)
            self._read = wanted

    def title_items(self) -> Sequence[Item]:
        """Return how many there are, and how far back it looks."""
        periods = sum(len(one.periods) for one in self._all)
        return [
            Item("Not served", bold=True),
            Item(f"{counted(periods, 'lesson')} of {counted(len(self._all), 'student')}"),
            Item(f"the last {DAYS} school days", "quiet"),
        ]

    def lines(self) -> Sequence[Line]:
        """Return each student with their periods."""
        if not self._all:
            return [line("Every period was served, waived or carried.", Tone.QUIET)]
        made = []
        width = max(20, self.app.size.width - _NAME - 18)
        for one in self._all:
            for number, part in enumerate(wrapped(one.words.split("; "), width)):
                who = f"{cut(one.name, _NAME)} {cut(one.form, 5)} {cut(one.room, 5)} "
                pieces = ((" " * len(who) if number else who, Tone.PLAIN), (part, Tone.PLAIN))
                made.append(Line(pieces, None if number else (one.student_id, one.room)))
        return made

    @property
    def chosen(self) -> Owes | None:
        """Who stands under the cursor."""
        return next((one for one in self._all if (one.student_id, one.room) == self.current), None)

    def keys(self) -> Sequence[PageKey]:
        """Return the keys."""
        nothing = "" if self._all else "nothing waits"
        return [
            PageKey("enter", "Enter", "carry all of the student’s", self.enter, nothing),
            PageKey("u", "u", "undo", self.undo_here, planning.why_not(self, "undo")),
        ]

    def enter(self) -> None:
        """Ask to when the student's periods go."""
        if (one := self.chosen) is not None:
            many, act_id = counted(len(one.periods), "lesson"), secrets.token_hex(12)
            text = f"{many} from {date_words(one.after)}" if one.after else ""
            carry = partial(self._carry, one, act_id, why="")
            prompt = Entry(f"Carry {many} of {one.name} to", planning.WHEN, carry, text, longest=400)
            planning.ask_until_done(self, prompt)

    def _carry(self, one: Owes, act_id: str, typed: str, *, why: str) -> None:
        """Carry them, in one act; what needs a reason is asked about."""
        today, file = self.today, self.desk.file
        wanted = read_wanted(file, typed, year=one.year, today=today.board.day.day, now=today.now)
        call = carry_periods([each.placed_id for each in one.periods], wanted.slots, override=why)
        try:
            self.desk.do_patiently(call, id=act_id, seconds=2)
        except NeedsReason as need:
            again = partial(self._carry_over, one, act_id, typed)
            planning.ask_until_done(self, Entry(need.title, need.remedy, again))
        else:
            to = sorted(wanted.slots)[: len(one.periods)]  # more may have been typed than are owed
            words = slot_words(Bells(file, one.year), to)
            self.did(f"{one.name}: {counted(len(one.periods), 'lesson')} carried to {words}")

    def _carry_over(self, one: Owes, act_id: str, typed: str, why: str) -> None:
        """Carry them over what needs a reason."""
        self._carry(one, act_id, typed, why=why)
