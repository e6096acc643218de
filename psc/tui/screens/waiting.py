"""The waiting list: oldest first, with the first seats that are free; Enter books from it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from psc.overview.cells import Tone, cut
from psc.overview.waiting import Waits, read_waiting
from psc.overview.week_cells import date_words
from psc.roster.waiting import stop_waiting
from psc.text import counted
from psc.tui import planning
from psc.tui.prompts import Entry
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from psc.tui.screens.today import Today

_NAME = 24


class WaitingPage(Page):
    """Who waits for a seat."""

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self._all: tuple[Waits, ...] = ()
        self._written: tuple[int, int] | None = None

    def look(self) -> None:
        """Read the list, whenever anything was written since."""
        written = self.desk.file.written()
        if written != self._written:
            today = self.today
            self._all = read_waiting(self.desk.file, today.staff, today.board.day.day, today.now)
            self._written = written

    def title_items(self) -> Sequence[Item]:
        """Return how many wait."""
        return [Item("Waiting for a seat", bold=True), Item(counted(len(self._all), "student"), "quiet")]

    def lines(self) -> Sequence[Line]:
        """Return who waits, and under each when there is a seat."""
        if not self._all:
            return [line("Nobody waits. A form for a full room offers to put its student here.", Tone.QUIET)]
        made = []
        for number, one in enumerate(self._all, 1):
            made += self._lines_of(number, one)
        return made

    def _lines_of(self, number: int, one: Waits) -> list[Line]:
        wait = one.waiting
        pieces = (
            (f"{number:>2}  {cut(wait.student.name, _NAME)} ", Tone.PLAIN),
            (cut(wait.student.form, 5), Tone.QUIET),
            (f" {cut(wait.room, 5)} {wait.asked}", Tone.PLAIN),
        )
        since = f"{wait.type.words}, since {date_words(wait.since.astimezone(self.desk.file.zone).date())}, {wait.by}"
        if one.now:
            free = ("seats are free for it now", Tone.IN)
        else:
            free = (f"first free: {one.free}" if one.free else "no seat in the next two months", Tone.DUE)
        first = Line(pieces, wait.id)
        return [first, Line((("    ", Tone.QUIET), free, (f" · {since}", Tone.QUIET)))]

    @property
    def chosen(self) -> Waits | None:
        """Who stands under the cursor."""
        return next((one for one in self._all if one.waiting.id == self.current), None)

    def keys(self) -> Sequence[PageKey]:
        """Return the keys: booking and taking off, for whoever plans."""
        nobody = "" if self._all else "nobody waits"
        return [
            PageKey("enter", "Enter", "book", self.enter, planning.why_not(self, "book") or nobody),
            PageKey("x", "x", "take off", self._stop, planning.why_not(self, "stop_waiting") or nobody),
            PageKey("u", "u", "undo", self.undo_here, planning.why_not(self, "undo")),
        ]

    def enter(self) -> None:
        """Open the booking form for who stands under the cursor."""
        if (why := planning.why_not(self, "book")) or self.chosen is None:
            self.refuse(f"book: {why}." if why else "Nobody waits.")
        else:
            planning.open_form(self, self.did, waiting=self.chosen.waiting)

    def _stop(self) -> None:
        """Ask why somebody is to be taken off the list."""
        if (one := self.chosen) is None:
            return
        student = one.waiting.student.name
        act_id = secrets.token_hex(12)

        def stop(why: str) -> None:
            self.desk.do_patiently(stop_waiting(one.waiting.id, why), id=act_id, seconds=2)
            self.did(f"{student} taken off the waiting list")

        planning.ask_until_done(self, Entry(f"Take {student} off the list, because", "reason", stop))
