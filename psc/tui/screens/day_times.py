"""A day's times over the board: what rings for which years, changing the day, and the periods left to decide on."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from psc.clock import wall
from psc.desk.permissions import may
from psc.errors import PscError
from psc.flows.change_day import Wanted, last_change
from psc.overview.cells import Tone, cut
from psc.overview.within import stranded_for
from psc.roster.absences import Absence, mark_absence
from psc.roster.placements import carry_period, waive_period
from psc.school.bells import bells_of, lesson_number, shape_names, typed_clock, year_groups, year_words
from psc.school.calendar import academic_year_start, calendar_day, coming_day, day_words
from psc.tui.prompts import Choice, Entry, Option
from psc.tui.screens.day_preview import DayPreview
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from psc.desk.acts import Call
    from psc.flows.change_day import LastChange
    from psc.roster.stranded import Stranded
    from psc.school.bells import Bell
    from psc.school.calendar import SchoolDay
    from psc.tui.screens.today import Today

_LETTERS = "123456789"


class DayTimes(Page):
    """The times of a day, today first. Whoever may changes it from here; everybody may look."""

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self.day: date = today.board.day.day
        self._read_of: tuple[date, int, int] | None = None
        self._read()

    def _read(self) -> None:
        """Read the day again: only when the file or the day on the page is another."""
        file, now = self.desk.file, self.today.board.day.day
        read_of = (self.day, id(self.today.board), file.changed_elsewhere())
        if read_of == self._read_of:
            return
        self._read_of, self._board = read_of, self.today.board  # kept, so that no newer board has its id
        self._known: SchoolDay = calendar_day(file, self.day)
        self._bells: tuple[Bell, ...] = bells_of(file, self._known.shape)
        self._last: LastChange | None = last_change(file, self.day)
        waiting = stranded_for(file, academic_year_start(now), self.today.staff, now)
        groups: dict[tuple[int, date], tuple[Stranded, ...]] = {}
        for one in waiting:
            key = (one.placement_id, one.day)
            groups[key] = (*groups.get(key, ()), one)
        self._waiting = groups

    # What it shows

    def title_items(self) -> Sequence[Item]:
        """Name the day and what it is."""
        known = self._known
        kind = known.shape if known.is_open else f"closed{': ' + known.note if known.note else ''}"
        parts = [kind, f"Week {known.week}" if known.week and known.is_open else ""]
        when = day_words(self.day, self.today.board.day.day)
        made = [Item(f"Times of {self.day:%A} {self.day.day} {self.day:%B}", bold=True)]
        if when in ("today", "tomorrow"):
            made.append(Item(when, "quiet"))
        return [*made, Item(" · ".join(part for part in parts if part))]

    def lines(self) -> Sequence[Line]:
        """Return the times by year groups, who changed them, and what waits for a decision."""
        self._read()
        made = [line(""), *self._times()]
        if self._last:
            at = wall(self._last.at, self.today.board.zone)
            made += [line(""), line(f"Changed by {self._last.by} at {at}; it was {self._last.words}.", Tone.QUIET)]
        if self._known.note and self._known.is_open:
            made += [line(""), line(self._known.note, Tone.QUIET)]
        if self._waiting:
            head = "For a decision: placed, but the day no longer has the period"
            made += [line(""), line(head, Tone.DUE)]
            made += [self._waiting_line(those) for those in self._waiting.values()]
        return made

    def _times(self) -> list[Line]:
        groups = year_groups(self._bells)
        if not groups:
            return [line("No school on this day: no bell rings.", Tone.QUIET)]
        wide = 14
        heads = [year_words(years) for years, _ in groups]
        made = [line("  Period     " + " ".join(cut(head, max(wide, len(head))) for head in heads), Tone.QUIET)]
        order: dict[str, None] = {}
        for bell in sorted(self._bells, key=lambda one: one.starts):
            order.setdefault(bell.period)
        here = self.today.board.period(self.today.now)
        for name in order:
            cells = []
            for head, (_, bells) in zip(heads, groups, strict=True):
                rings = next((one.words for one in bells if one.period == name), "–")
                cells.append(cut(rings, max(wide, len(head))))
            now = here is not None and here.name == name and self.day == self.today.board.day.day
            made.append(line(f"{'▸' if now else ' '} {cut(name, 10)} {' '.join(cells)}"))
        return made

    def _waiting_line(self, those: tuple[Stranded, ...]) -> Line:
        one = those[0]
        came = " · was in that day" if one.came else ""
        when = f"{one.day:%a} {one.day.day} {one.day:%b}"
        words = f" {cut(one.form, 5)} {cut(one.room, 5)} {cut(when, 11)} {_names(those)}{came}"
        name = cut(one.name, min(30, max(16, self.app.size.width - 50)))
        return Line(((f"  {name}", Tone.PLAIN), (words, Tone.QUIET)), (one.placement_id, one.day))

    # Keys

    def keys(self) -> Sequence[PageKey]:
        """Return the keys: other days for everybody, the change and the decisions for whoever may."""
        change = "" if may("change_day", self.today.staff) else "a coordinator changes the day"
        if not change and self.day < self.today.board.day.day:
            change = "a day that is over keeps its times"
        keys = [
            PageKey("T", "T", "Change", self._change, change),
            PageKey("less_than_sign", "<", "day", partial(self._go, -1)),
            PageKey("greater_than_sign", ">", "day", partial(self._go, 1)),
            PageKey("at", "@", "Day", self._ask_day),
        ]
        if self._waiting:
            one = self._chosen()
            none = "" if one else "choose a line below"
            later = "waive them: only today's can be cancelled"
            cancel = none or ("" if one and one[0].day == self.today.board.day.day else later)
            cancel = cancel or ("they came that day: waive or carry" if one and one[0].came else "")
            keys += [
                PageKey("W", "W", "Waive", self._waive, none),
                PageKey("C", "C", "Carry", self._carry, none),
                PageKey("h", "h", "Cancel", self._cancel, cancel),
            ]
        return keys

    def _chosen(self) -> tuple[Stranded, ...]:
        """Return the periods of the line under the cursor: one placement's of one day are decided together."""
        return self._waiting.get(self.current, ()) if self.current else ()

    def _go(self, by: int) -> None:
        self.day += timedelta(days=by)
        while self.day.weekday() > 4 and not calendar_day(self.desk.file, self.day).is_open:
            self.day += timedelta(days=by)

    def _ask_day(self) -> None:
        def go(text: str) -> None:
            try:
                self.day = coming_day(text, self.today.board.day.day)
            except PscError as error:
                self.refuse(str(error))

        self.ask(Entry("Which day", "today, tomorrow, Thu, 27 Nov", go, longest=20))

    # Changing the day

    def _change(self) -> None:
        self._read()
        when = day_words(self.day, self.today.board.day.day)
        closes = [("c", "close at a time", "closes")] if self._known.is_open else []
        shut = [("x", "no school", "closed")] if self._known.is_open else []
        back = [("b", f"back to {self._last.words}", "back")] if self._last else []
        rows = [("s", "another shape", "shape"), *closes, ("t", "type the times", "times"), *shut, *back]
        options = tuple(Option(letter, words, value) for letter, words, value in rows)
        self.ask(Choice(f"{when[:1].upper()}{when[1:]} becomes", options, self._changed_how))

    def _changed_how(self, how: str) -> None:
        if how == "shape":
            offered = [name for name in shape_names(self.desk.file) if name != self._known.shape]
            if not offered:
                self.refuse("The school has no other day shape. Type the times, or import bells with one.")
                return
            options = tuple(Option(letter, name, name) for letter, name in zip(_LETTERS, offered, strict=False))
            self.ask(Choice("Which shape", options, lambda name: self._from_when(Wanted(shape=name))))
        elif how == "closes":
            self.ask(Entry("Close at", "1130", self._close_at, longest=8))
        elif how == "times":
            hint = "P1 0850-0940, P2 0940-1030, … or 8,9: P1 …"
            self.ask(
                Entry("Times", hint, lambda text: self._from_when(Wanted(times=text)), "", 1000, f"times {self.day}")
            )
        elif how == "closed":
            self.ask(
                Entry("No school, because", "INSET, snow", lambda note: self._show(Wanted(closed=True, note=note)))
            )
        elif self._last:
            self._show(self._last.back)

    def _close_at(self, text: str) -> None:
        try:
            self._show(Wanted(closes=typed_clock(text)))
        except PscError as error:
            self.refuse(str(error))

    def _from_when(self, wanted: Wanted) -> None:
        """Ask, of today, whether the whole day was so: only when some of it is over."""
        today = self.today
        begun = self.day == today.board.day.day and any(
            period.start < today.now for periods in today.board.shape.by_year.values() for period in periods
        )
        if not begun:
            self._show(wanted._replace(whole_day=True))
            return
        options = (Option("n", "from now on", "now"), Option("w", "the whole day has been so", "whole"))
        self.ask(Choice("Since when", options, lambda how: self._show(wanted._replace(whole_day=how == "whole"))))

    def _show(self, wanted: Wanted) -> None:
        try:
            preview = DayPreview(self.today, self.day, wanted, self._saved)
        except PscError as error:
            self.refuse(str(error))
            return
        self.app.push_screen(preview)

    def _saved(self, words: str) -> None:
        self.answer_saved()
        self.say(words)
        self.today.look_for_open_visits()

    # Deciding

    def _decide(self, calls: Callable[[str], list[Call[Any]]], said: str) -> None:
        self.do(calls, said)
        self.today.look_for_open_visits()

    def _waive(self) -> None:
        if those := self._chosen():
            whom, what = those[0].name, _names(those)

            def waive(why: str) -> None:
                self._decide(
                    lambda more: [waive_period(one.placed_id, why or more) for one in those], f"{whom}: let off {what}"
                )

            self.ask(Entry(f"Let {whom} off {what}, because", "the day closed early", waive))

    def _carry(self) -> None:
        if those := self._chosen():
            whom, what = those[0].name, _names(those)

            def carry(text: str) -> None:
                try:
                    day, periods = self._carried_to(text, those)
                except PscError as error:
                    self.refuse(str(error))
                    return
                to = day_words(day, self.today.board.day.day)
                self._decide(
                    lambda why: [
                        carry_period(one.placed_id, day, period, override=why)
                        for one, period in zip(those, periods, strict=True)
                    ],
                    f"{whom}: {what} carried to {to} {', '.join(periods)}",
                )

            hint = "tomorrow, or tomorrow P2" if len(those) == 1 else "tomorrow: the same periods"
            self.ask(Entry(f"Carry {what} of {whom} to", hint, carry))

    def _carried_to(self, text: str, those: tuple[Stranded, ...]) -> tuple[date, list[str]]:
        """Read a day, and for one period another period of it: `tomorrow`, `Thu P2`."""
        today = self.today.board.day.day
        day_text, _, last = text.strip().rpartition(" ")
        if len(those) == 1 and lesson_number(last):
            return coming_day(day_text, today), [last.upper()]
        return coming_day(text, today), [one.period for one in those]

    def _cancel(self) -> None:
        if those := self._chosen():
            placement = those[0].placement_id
            self._decide(
                lambda _: [mark_absence(placement, Absence.CANCELLED)], f"{those[0].name}: cancelled for today"
            )


def _names(those: Sequence[Stranded]) -> str:
    """Return the periods, a run of lessons as `P1–P6`."""
    numbers = [lesson_number(one.period) for one in those]
    if len(those) > 2 and numbers[0] and numbers == list(range(numbers[0], numbers[0] + len(those))):
        return f"{those[0].period}–{those[-1].period}"
    return ", ".join(one.period for one in those)
