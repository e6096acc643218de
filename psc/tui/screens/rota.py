"""The week's rota: people down, days across; on a narrow screen one day at a time. A cell is typed as one line."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from datetime import timedelta
from textwrap import wrap
from typing import TYPE_CHECKING

from psc.clock import school_day
from psc.desk.people import Named, staff_by_code
from psc.desk.permissions import may
from psc.errors import Overtaken, PscError
from psc.overview.cells import Tone, cut
from psc.overview.rota import RotaDay, RotaWeek, closed_words, entry_words, not_covered, read_week, wrapped
from psc.roster.rota import DAYS, EXAMPLE, monday_of, plan_rota, read_day, typed_day_words, week_copied
from psc.text import counted
from psc.tui.prompts import Entry
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Bar, Item
from psc.tui.widgets.lines import Line, Lines, line

if TYPE_CHECKING:
    from datetime import date

    from psc.tui.screens.today import Today

GRID_FROM = 120
"""The width from which all five days stand side by side."""
_NAME = 14


class RotaPage(Page):
    """The rota of one week."""

    nothing_done = "Nothing has been planned on this page."
    undone = "Undone: the rota is as it was before."

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self._today = school_day(today.now, today.desk.file.zone)
        self.monday: date = monday_of(self._today)
        self.at = max(0, min(DAYS - 1, (self._today - self.monday).days))
        self._also: list[int] = []
        self.week: RotaWeek = self._read()

    def _read(self) -> RotaWeek:
        return read_week(self.desk.file, self.monday, self.today.staff, self._also)

    @property
    def day(self) -> RotaDay:
        """The day chosen."""
        return self.week.days[self.at]

    @property
    def who(self) -> Named | None:
        """Whose line the cursor is on."""
        here = self.current
        return next((one for one in self.week.people if one.staff_id == here), next(iter(self.week.people), None))

    @property
    def _may_plan(self) -> bool:
        return may("plan_rota", self.today.staff)

    # What stands there

    def title_items(self) -> Sequence[Item]:
        """Return the week, and where one day stands alone, the days to choose from."""
        items = [Item(self.week.title, bold=True)]
        if self._grid:
            return items
        days = [f"{one.day.day:%a} {one.day.day.day}" for one in self.week.days]
        return [
            *(Item(f"[{name}]" if number == self.at else name, bold=number == self.at, press=f"day:{number}")
              for number, name in enumerate(days)),
            *items,
        ]  # fmt: skip

    @property
    def _grid(self) -> bool:
        return self.app.size.width >= GRID_FROM

    def lines(self) -> Sequence[Line]:
        """Return the rota, and below it the periods for which a room has nobody."""
        self.week = self._read()
        width = self.app.size.width - 3
        made = [*(self._grid_lines(width) if self._grid else self._day_lines(width))]
        if missing := not_covered(self.week):
            made += [line(""), line("Nobody is planned for", Tone.DUE)]
        for code, days in missing:
            for number, part in enumerate(wrapped(days, width - _NAME)):
                made.append(line(cut("" if number else code, _NAME) + part))
        return made

    def _day_lines(self, width: int) -> Iterator[Line]:
        """Yield one day: a person a line, more where a day has much in it."""
        note = closed_words(self.day)
        yield line(f"{self.day.words}{f' · {note}' if note else ''}", Tone.QUIET)
        for who in self.week.people:
            parts = [entry_words(one, self.week.rooms) for one in self.week.of(who, self.day.day.day)]
            for number, part in enumerate(wrapped(parts, width - _NAME) or ["–"]):
                tone = Tone.PLAIN if parts else Tone.QUIET
                pieces = ((cut("" if number else who.name, _NAME - 1) + " ", Tone.PLAIN), (part, tone))
                yield Line(pieces, None if number else who.staff_id)

    def _grid_lines(self, width: int) -> Iterator[Line]:
        """Yield the week: a person a row, a day a column; a bar stands beside the chosen cell."""
        wide = (width - _NAME) // DAYS
        heads = [f"{one.words}{f' {note}' if (note := closed_words(one)) else ''}" for one in self.week.days]
        yield Line(((" " * _NAME, Tone.QUIET), *(self._piece(head, wide, chosen=False) for head in heads)))
        for who in self.week.people:
            cells = [
                [
                    part
                    for one in self.week.of(who, day.day.day)
                    for part in wrap(entry_words(one, self.week.rooms), wide - 2, subsequent_indent="  ")
                ]
                or ["–"]
                for day in self.week.days
            ]
            for number in range(max(len(cell) for cell in cells)):
                pieces = [(cut("" if number else who.name, _NAME - 1) + " ", Tone.PLAIN)]
                for place, cell in enumerate(cells):
                    text = cell[number] if number < len(cell) else ""
                    chosen = who == self.who and place == self.at and number < len(cell)
                    pieces.append(self._piece(text, wide, chosen=chosen))
                yield Line(tuple(pieces), None if number else who.staff_id)
            yield line("")

    def _piece(self, text: str, wide: int, *, chosen: bool) -> tuple[str, Tone]:
        tone = Tone.EXPECTED if chosen else Tone.QUIET if text == "–" else Tone.PLAIN
        return (("▌" if chosen else " ") + cut(text, wide - 2) + " ", tone)

    def keys(self) -> Sequence[PageKey]:
        """Return the keys: looking and printing for all, planning for whoever plans."""
        looking = [
            PageKey("left", "←", "", lambda: self._step(-1)),
            PageKey("right", "→", "day", lambda: self._step(1)),
            PageKey("left_square_bracket", "[", "", lambda: self._go(-7)),
            PageKey("right_square_bracket", "]", "week", lambda: self._go(7)),
            PageKey("p", "p", "print", self._print),
        ]
        if not self._may_plan:
            return looking
        return [
            PageKey("enter", "Enter", "plan", self.enter),
            *looking,
            PageKey("a", "a", "add somebody", self._add),
            PageKey("equals_sign", "=", "as last week", self._copy),
            PageKey("u", "u", "undo", self.undo_here),
        ]

    # Going about

    def _step(self, by: int) -> None:
        """Go to the next day; past Friday, the next week."""
        if 0 <= self.at + by < DAYS:
            self.at += by
        else:
            self.monday += timedelta(days=7 * by)
            self.at = 0 if by > 0 else DAYS - 1

    def _go(self, days: int) -> None:
        self.monday += timedelta(days=days)

    def on_bar_pressed(self, message: Bar.Pressed) -> None:
        """A click on a day chooses it."""
        message.prevent_default()  # else it would count once more, as on every page
        kind, _, number = message.press.partition(":")
        if kind == "day":
            self.at = int(number)
            self.paint()
        else:
            super().on_bar_pressed(message)

    # Planning

    def enter(self) -> None:
        """Type the chosen person's day as one line."""
        who, day = self.who, self.day.day.day
        if who is None or who.staff_id is None:
            return
        if not self._may_plan:
            self.refuse("The rota is planned by a coordinator, the behaviour lead or an administrator.")
        elif day < self._today:
            self.refuse("That day is over: the rota is a plan.")
        else:
            self._ask_day(
                who, self.day, typed_day_words(self.week.of(who, day), self.week.rooms), EXAMPLE, self._ids(who)
            )

    def _ids(self, who: Named) -> tuple[int, ...]:
        return tuple(one.id for one in self.week.entries.get((who.staff_id, self.day.day.day), ()))

    def _ask_day(self, who: Named, day: RotaDay, text: str, hint: str, seen: Sequence[int]) -> None:
        def plan(typed: str) -> None:
            self._plan(who, day, typed, seen)

        self.ask(Entry(f"{who.name}, {day.words}", hint, plan, text, 400, f"rota {who.staff_id} {day.day}"))

    def _plan(self, who: Named, day: RotaDay, typed: str, seen: Sequence[int]) -> None:
        """Plan what was typed; what does not fit is said, and stays to be put right."""
        try:
            entries = read_day(typed, self.week.rooms, day.times)
            call = plan_rota(who.staff_id or 0, day.day.day, entries, seen=seen)
            self.desk.do_patiently(call, id=secrets.token_hex(12), seconds=2)
        except Overtaken as error:
            self.week = self._read()
            now = typed_day_words(self.week.of(who, day.day.day), self.week.rooms) or "nothing"
            self._ask_day(who, day, typed, f"! {error.title} It now says: {now} · Enter replaces it", self._ids(who))
        except PscError as error:
            self._ask_day(who, day, typed, f"! {error}", seen)
        else:
            self.answer_saved()
            self.did(f"{who.name}, {day.words}: {'planned' if entries else 'cleared'}")

    def _add(self) -> None:
        """Ask for somebody who is not on the rota yet."""

        def add(code: str) -> None:
            try:
                staff = staff_by_code(self.desk.file, code)
            except PscError as error:
                self.refuse(str(error))
                return
            self._also.append(staff.id)
            self.paint()
            self.query_one(Lines).go_to(staff.id)
            self.say(f"{staff.short}: Enter plans the day")

        self.ask(Entry("Who is to be on the rota?", "staff code", add, longest=20))

    def _copy(self) -> None:
        """Plan this week as the one before, where nothing is planned yet."""
        calls = week_copied(self.desk.file, self.monday - timedelta(days=7), self.monday, self._today)
        if not calls:
            self.refuse("Nothing to copy: last week is empty, or this week is planned, over or closed.")
            return
        said = f"{counted(len(calls), 'day')} planned as last week; what was planned stays · u undoes"
        self.do(lambda _: calls, said)
        self._to_undo += self.said[0] == said

    def _print(self) -> None:
        """Write the sheet, and say where it is."""
        from psc.prints.rota import rota_sheet
        from psc.tui.printing import print_out

        print_out(self, "rota", self._today, rota_sheet(self.week), part=f"{self.monday:%d%b}")
