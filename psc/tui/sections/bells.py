"""The day shapes: what rings when, for which year groups, and other times from a day on."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from psc.desk.changes import last_changes
from psc.errors import NotUnderstood
from psc.flows.change_bells import change_bells, coming_times, periods_typed, plan_times, times_on
from psc.overview.cells import Tone, cut
from psc.school.bells import Bell, shape_names, year_groups, year_words
from psc.school.calendar import coming_day, day_words
from psc.text import clean, counted
from psc.tui.dialogs.fields import Field, FieldForm, Typed
from psc.tui.sections.base import Section
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from psc.desk.changes import Changed
    from psc.flows.change_bells import BellPlan

_ALL = tuple(range(7, 12))
"""The years of a school of which nothing else is known yet."""


class Bells(Section):
    """A shape's times hold from a day on; the days before it keep what they had."""

    title, act, adds = "Bells", "change_bells", "change_bells"

    def read(self) -> None:
        """Read the shapes as they ring today."""
        self._shapes = {name: times_on(self.file, name, self.day) for name in shape_names(self.file)}
        self._coming = {
            name: [(day, times_on(self.file, name, day)) for day in coming_times(self.file, name, self.day)]
            for name in self._shapes
        }
        self._changes: Mapping[str, Changed] = last_changes(self.file, ("change_bells",))

    def lines(self, width: int) -> Sequence[Line]:
        """Return each shape with its year groups, and what rings for them."""
        made: list[Line] = []
        for name, bells in self._shapes.items():
            by = self.by(self._changes.get(f"shape:{name.casefold()}"))
            made += [*([line("")] if made else []), Line(((cut(name, 26), Tone.PLAIN), (f" {by}", Tone.QUIET)))]
            for years, those in year_groups(bells):
                span = f"{those[0].starts:%H:%M}–{those[-1].ends:%H:%M}"
                made.append(line(f"  {cut(year_words(years), 16)} {span}", key=(name, years)))
                rings = "   ".join(f"{one.period} {one.words}".replace(" ", "\0") for one in those)
                wrapped = textwrap.wrap(rings, max(30, width - 8))
                made += [line("      " + part.replace("\0", " "), Tone.QUIET) for part in wrapped]
            if not bells:
                made.append(line("  no times yet", Tone.QUIET, key=(name, ())))
            for day, _ in self._coming[name]:
                made.append(line(f"  other times from {day_words(day, self.day)} on", Tone.DUE, key=(name, day)))
        return made or [line("No bell times yet. Press a for the first day shape, or import them.", Tone.QUIET)]

    def open(self, key: object) -> None:
        """Open the times of one shape for a set of year groups, as they stand or as they are to be."""
        if why := self.why_not():
            self.page.refuse(f"Bell times: {why}.")
            return
        if not isinstance(key, tuple):
            return
        name, what = key
        if isinstance(what, tuple):
            self._form(name, self._shapes[name], what or self._years(), "tomorrow")
        else:
            bells = dict(self._coming[name])[what]
            groups = year_groups(bells)
            self._form(name, bells, groups[0][0] if groups else self._years(), what.isoformat())

    def add(self) -> None:
        """Open the form for a shape that is new."""
        self._form("", (), self._years(), "today")

    def _years(self) -> tuple[int, ...]:
        return tuple(sorted({one.year for bells in self._shapes.values() for one in bells})) or _ALL

    def _form(self, name: str, seen: Sequence[Bell], years: Sequence[int], day: str) -> None:
        """Open the form of one set of year groups; the others of the shape keep their times."""
        those = [one for one in seen if one.year == years[0]]
        text = "\n".join(f"{one.period} {one.starts:%H%M}-{one.ends:%H%M}" for one in those)
        every = sorted({*self._years(), *years})
        known = [(self.day, self._shapes.get(name, ())), *self._coming.get(name, ())]

        def seen_on(day: date) -> tuple[Bell, ...]:
            """What the shape was to ring on a day when the form was opened."""
            return next((bells for since, bells in reversed(known) if since <= day), ())

        def read(typed: Typed) -> tuple[str, tuple[Bell, ...], date]:
            chosen, from_day = typed.values["years"], typed.values["from_day"]
            others = [one for one in seen_on(from_day) if one.year not in chosen]
            return name or typed.values["name"], periods_typed(typed.values["times"], others, chosen), from_day

        def preview(typed: Typed) -> Sequence[str]:
            shape, becomes, from_day = read(typed)
            return _words(plan_times(self.file, shape, becomes, from_day, self.desk.clock.now()))

        def save(typed: Typed) -> str:
            shape, becomes, from_day = read(typed)
            call = change_bells(shape, becomes, from_day, seen_on(from_day))
            falls = self.desk.do_patiently(call, id=typed.act_id, seconds=2).value
            waits = f" {counted(falls, 'placed period')} fall away: T on the board lists them." if falls else ""
            return f"{shape} rings so from {day_words(from_day, self.day)} on.{waits}"

        named = [] if name else [Field("name", "Shape *", "", "a word or two: Exams, Early close")]
        fields = [
            *named,
            Field(
                "years",
                "Years *",
                year_words(years).partition(" ")[2],
                "7-11, or 7,8",
                lambda typed: _typed(typed, every),
            ),
            Field("from_day", "From *", day, "today, tomorrow, Mon, 1 Dec: earlier days keep their times", self._a_day),
            Field("times", "Times *", text, "a period a line: P1 0850-0940", _several_lines, lines=10),
        ]
        title = f"{name}: {year_words(years).lower()}" if name else "A new day shape"
        self.show(FieldForm(title, fields, save, self.page.done, preview=preview))

    def _a_day(self, text: str) -> date:
        return coming_day(text, self.day)


def _several_lines(text: str) -> str:
    return clean(text, lines=True)


def _typed(text: str, every: Sequence[int]) -> tuple[int, ...]:
    from psc.desk.staff_acts import typed_year_list

    years = typed_year_list(text)
    if not years:
        raise NotUnderstood("Say for which years.", f"Type {year_words(every).partition(' ')[2]}.")
    return years


def _words(plan: BellPlan) -> list[str]:
    """Say what other times come to."""
    changes = [one.words for one in plan.changes]
    what = "; ".join(changes[:4]) + (f"; and {len(changes) - 4} more" if len(changes) > 4 else "")
    made = [clean(what) if plan.was else f"{plan.shape} is new: {counted(len(changes), 'period')}"]
    days = f"{counted(plan.days, 'day')} of the calendar" if plan.days else "no day of the calendar yet"
    falls = f"; {counted(plan.falling_away, 'placed period')} fall away" if plan.falling_away else ""
    return [*made, f"That is for {days}{falls}."]
