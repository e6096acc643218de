"""The term calendar, a week a line: which shape a day has, its week letter, closed days and why."""

from __future__ import annotations

import textwrap
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from psc.errors import NotUnderstood
from psc.flows.change_calendar import (
    Days,
    calendar_between,
    calendar_mark,
    change_calendar,
    last_calendar_change,
    plan_calendar_change,
)
from psc.overview.cells import Tone, cut
from psc.school.bell_changes import own_name
from psc.school.bells import shape_names
from psc.school.calendar import SchoolDay, coming_day, day_words
from psc.text import counted
from psc.tui.dialogs.fields import Field, FieldForm, Typed
from psc.tui.sections.base import Section
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.flows.change_calendar import CalendarPlan

_FAR = timedelta(days=500)
"""How far ahead the calendar is shown: to the end of the next school year."""
CLOSED = "closed"


class Calendar(Section):
    """From this week on; what is over stays as it was."""

    title, act, adds = "Calendar", "change_calendar", "change_calendar"

    def read(self) -> None:
        """Read the days from this Monday on."""
        self._monday = self.day - timedelta(days=self.day.weekday())
        self._days = calendar_between(self.file, self._monday, self.day + _FAR)
        self._changed = last_calendar_change(self.file)

    def lines(self, width: int) -> Sequence[Line]:
        """Return a week a line: its letter, and its days as they are."""
        made = []
        if self._changed:
            made.append(line(f"Changed last by {self.by(self._changed)}", Tone.QUIET))
        for monday, those in groupby(self._days, key=lambda one: one.day - timedelta(days=one.day.weekday())):
            days = [one for one in those if one.day.weekday() < 5 or one.is_open]
            if not days:
                continue
            letters = "/".join(dict.fromkeys(one.week for one in days if one.is_open and one.week))
            runs = [(kind, list(same)) for kind, same in groupby(days, key=_kind)]
            words = " · ".join(f"{_span(same)} {kind}" if len(runs) > 1 else kind for kind, same in runs)
            open_ = any(one.is_open for one in days)
            head = f"{monday.day:>2} {monday:%b %Y}  {cut(letters, 3)} "
            first, *more = textwrap.wrap(words, max(30, width - len(head)))
            made.append(Line(((head, Tone.PLAIN), (first, Tone.PLAIN if open_ else Tone.QUIET)), monday))
            made += [line(" " * len(head) + part, Tone.QUIET) for part in more]
        return made or [line("No calendar yet. Press a to lay a term out, or import one.", Tone.QUIET)]

    def open(self, key: object) -> None:
        """Open the form on a week."""
        if why := self.why_not():
            self.page.refuse(f"Calendar: {why}.")
            return
        if isinstance(key, date):
            first = max(key, self.day)
            days = [one for one in self._days if first <= one.day <= key + timedelta(days=4)]
            kinds = {own_name(one.shape) or CLOSED for one in days}
            notes = {one.note for one in days}
            self._form(
                first,
                key + timedelta(days=4),
                kinds.pop() if len(kinds) == 1 else "",
                notes.pop() if len(notes) == 1 else "",
            )

    def add(self) -> None:
        """Open the form on days to come."""
        last = self._days[-1].day if self._days else self.day
        self._form(last + timedelta(days=1), None, "", "")

    def _form(self, first: date, last: date | None, shape: str, note: str) -> None:
        """Open the form; an empty field leaves what the days have."""
        seen = {one.day: one for one in self._days}

        def wanted(typed: Typed) -> Days:
            kind = str(typed.values["shape"])
            closed = kind.casefold() == CLOSED
            return Days(
                typed.values["first"],
                typed.values["last"],
                "" if closed else kind,
                closed,
                typed.values["note"],
                typed.values["weeks"],
            )

        def preview(typed: Typed) -> Sequence[str]:
            return _words(plan_calendar_change(self.file, wanted(typed), self.desk.clock.now()), self.day)

        def save(typed: Typed) -> str:
            days = wanted(typed)
            before = [one for day, one in sorted(seen.items()) if days.first <= day <= days.last]
            beyond = bool(self._days) and days.last > self._days[-1].day
            mark = "" if beyond else calendar_mark(before)
            falls = self.desk.do_patiently(change_calendar(days, mark), id=typed.act_id, seconds=2).value
            waits = f" {counted(falls, 'placed period')} fall away: T on the board lists them." if falls else ""
            return f"Saved from {day_words(days.first, self.day)} to {day_words(days.last, self.day)}.{waits}"

        shapes = ", ".join([*shape_names(self.file), CLOSED])
        fields = [
            Field("first", "From *", _typed_date(first), "today, Mon, 14 Dec", self._a_day),
            Field(
                "last", "To *", _typed_date(last) if last else "", "the last day; Monday to Friday count", self._a_day
            ),
            Field("shape", "Becomes", shape, f"{shapes}; empty leaves it"),
            Field("note", "Note", note, "why it is closed, or what the board says of the day: INSET, mock exams"),
            Field("weeks", "Week", "", "A; or A,B for weeks in turn; empty leaves it", _letters),
        ]
        self.show(FieldForm("Days of the calendar", fields, save, self.page.done, preview=preview))

    def _a_day(self, text: str) -> date:
        if not text.strip():
            raise NotUnderstood("Say which day.", "Mon, 14 Dec, 2026-12-14.")
        return coming_day(text, self.day)


def _typed_date(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _letters(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace("/", ",").split(",") if part.strip())


def _kind(one: SchoolDay) -> str:
    """Return what a day is, as the line of its week says it."""
    if not one.is_open:
        return f"closed: {one.note}" if one.note else "closed"
    return f"{own_name(one.shape)}: {one.note}" if one.note else own_name(one.shape)


def _span(days: Sequence[SchoolDay]) -> str:
    first, last = days[0].day, days[-1].day
    return f"{first:%a}" if first == last else f"{first:%a}–{last:%a}"


def _words(plan: CalendarPlan, today: date) -> list[str]:
    """Say what a change of days comes to."""
    first, last = plan.after[0], plan.after[-1]
    closing = sum(
        1 for was, becomes in zip(plan.before, plan.after, strict=True) if was.is_open and not becomes.is_open
    )
    parts = [
        f"{counted(len(plan.after), 'day')} change, {day_words(first.day, today)} to {day_words(last.day, today)}",
        f"{counted(closing, 'school day')} closed" if closing else "",
        f"{counted(plan.falling_away, 'placed period')} fall away" if plan.falling_away else "",
    ]
    return ["; ".join(part for part in parts if part) + "."]
