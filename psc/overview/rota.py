"""A week of the rota as it is read: who is planned when, and where a room has nobody."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import wall
from psc.desk.people import Named, Role, everyone
from psc.desk.permissions import scope_of
from psc.roster.rota import DAYS, Planned, RotaEntry, entries_between, what_words
from psc.school.calendar import SchoolDay, calendar_day
from psc.school.rooms import Room, rooms
from psc.school.shapes import shape_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psc.database.file import File
    from psc.desk.people import Staff

_ALWAYS = (Role.ASSISTANT, Role.COVER)
"""Whose lines stand on the rota before anything is planned for them."""


class Slot(NamedTuple):
    """A period of a day by the wall clock."""

    name: str
    starts: str
    ends: str
    is_lesson: bool


class RotaDay(NamedTuple):
    """A day of the week: the calendar's, with its periods; none when the school is closed."""

    day: SchoolDay
    slots: tuple[Slot, ...]

    @property
    def words(self) -> str:
        """The day as a heading: `Mon 23 Nov`."""
        return f"{self.day.day:%a} {self.day.day.day} {self.day.day:%b}"

    @property
    def times(self) -> dict[str, tuple[str, str]]:
        """Each period's first and last minute, by its name."""
        return {one.name: (one.starts, one.ends) for one in self.slots}


class RotaWeek(NamedTuple):
    """A week's rota."""

    school: str
    days: tuple[RotaDay, ...]
    people: tuple[Named, ...]
    entries: Mapping[tuple[int | None, date], tuple[RotaEntry, ...]]
    rooms: tuple[Room, ...]

    @property
    def monday(self) -> date:
        """The week's first day."""
        return self.days[0].day.day

    @property
    def title(self) -> str:
        """What stands over it: the week, and its letter where the calendar gives one."""
        letters = sorted({one.day.week for one in self.days if one.day.week})
        week = f" · Week {'/'.join(letters)}" if letters else ""
        return f"Rota, week of {self.days[0].words} {self.monday.year}{week}"

    def of(self, who: Named, day: date) -> tuple[Planned, ...]:
        """Return what somebody is planned for on a day, in order."""
        return tuple(one.planned for one in self.entries.get((who.staff_id, day), ()))

    def uncovered(self, room: Room, day: RotaDay) -> str:
        """Return the periods of a day for which nobody is planned in a room: `P1–P3, P5`, `all day`, "" for none."""
        duties = [
            one.planned
            for (_, on), those in self.entries.items()
            for one in those
            if on == day.day.day and one.planned.room_id == room.id
        ]
        slots = [one for one in day.slots if one.is_lesson or room.meals_in_room]
        return runs([not covered(one, duties) for one in slots], [one.name for one in slots])


def covered(slot: Slot, duties: Sequence[Planned]) -> bool:
    """Say whether duties, together, leave no minute of a period out."""
    reached = slot.starts
    for one in sorted(duties, key=lambda one: one.starts):
        if one.starts <= reached < one.ends:
            reached = one.ends
    return reached >= slot.ends


def runs(chosen: Sequence[bool], names: Sequence[str]) -> str:
    """Return the chosen names, those in a row as `first–last`; `all day` when every one is chosen."""
    if chosen and all(chosen):
        return "all day"
    made: list[list[str]] = []
    before = False
    for one, name in zip(chosen, names, strict=True):
        if one and before:
            made[-1].append(name)
        elif one:
            made.append([name])
        before = one
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in made)


def read_week(file: File, monday: date, staff: Staff, also: Sequence[int] = ()) -> RotaWeek:
    """Return the week's rota. `also` are staff whose line stands there although nothing is planned for them yet.

    Raises `NotAllowed` when `staff` may not see it.
    """
    scope_of("see_rota", staff)
    last = monday + timedelta(days=DAYS - 1)
    made: dict[tuple[int | None, date], tuple[RotaEntry, ...]] = {}
    for one in entries_between(file, monday, last):
        key = (one.who.staff_id, one.day)
        made[key] = (*made.get(key, ()), one)
    planned = {staff_id for staff_id, _ in made} | set(also)
    known = everyone(file)
    people = [one for one in known if one.role in _ALWAYS]
    people += [one for one in known if one.role not in _ALWAYS and one.id in planned]
    gone = {one.who for those in made.values() for one in those} - {Named(one.id, one.short) for one in known}
    return RotaWeek(
        file.school,
        tuple(_day(file, monday + timedelta(days=number)) for number in range(DAYS)),
        (*(Named(one.id, one.short) for one in people), *sorted(gone, key=lambda one: one.name)),
        made,
        rooms(file),
    )


def _day(file: File, day: date) -> RotaDay:
    zone = file.zone
    slots = tuple(
        Slot(one.name, wall(one.start, zone), wall(one.end, zone), one.is_lesson)
        for one in shape_of(file, day).periods(None)
    )
    return RotaDay(calendar_day(file, day), slots)


def entry_words(one: Planned, known: Sequence[Room]) -> str:
    """Return a stretch as it is read: `08:40–10:50 IER`."""
    return f"{one.starts}–{one.ends} {what_words(one, known)}"


def closed_words(day: RotaDay) -> str:
    """Return why nobody is planned on a closed day, "" for a school day."""
    return "" if day.day.is_open else day.day.note or "closed"


def not_covered(week: RotaWeek) -> list[tuple[str, list[str]]]:
    """Return each room with what nobody is planned for, a day each: `("IER", ["Mon P3–P5", "Tue all day"])`."""
    made = []
    for room in week.rooms:
        days = [
            f"{one.day.day:%a} {missing}"
            for one in week.days
            if one.day.is_open and (missing := week.uncovered(room, one))
        ]
        if days:
            made.append((room.code, days))
    return made


def wrapped(parts: Sequence[str], width: int) -> list[str]:
    """Return parts joined by a dot, on as many lines of `width` as they need; a part is never broken."""
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + len(part) + 3 <= width:
            lines[-1] += f" · {part}"
        else:
            lines.append(part)
    return lines


def week_text(week: RotaWeek, width: int) -> list[str]:
    """Return the rota as plain text, day by day, at most `width` wide."""
    lines = [week.title]
    for day in week.days:
        note = closed_words(day)
        lines += ["", f"{day.words}{f' · {note}' if note else ''}"]
        for who in week.people:
            planned = [entry_words(one, week.rooms) for one in week.of(who, day.day.day)]
            for number, part in enumerate(wrapped(planned, width - 16)):
                lines.append(f"  {'' if number else who.name[:13]:<13} {part}"[:width])
        if day.day.is_open and not any(week.of(who, day.day.day) for who in week.people):
            lines.append("  nobody is planned")
    missing = not_covered(week)
    if missing:
        lines += ["", "Nobody is planned for:"]
    for code, days in missing:
        for number, part in enumerate(wrapped(days, width - 16)):
            lines.append(f"  {'' if number else code:<13} {part}"[:width])
    return lines
