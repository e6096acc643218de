"""The work of some days as a table: whose rows, which periods, and what stands in a cell."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day
from psc.desk.permissions import scope_of
from psc.overview.work import WorkRow, work_for
from psc.school.calendar import SchoolDay, calendar_day
from psc.school.shapes import DayShape, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime, time
    from zoneinfo import ZoneInfo

    from psc.database.file import File
    from psc.desk.people import Staff

Key = tuple[int, "date", str]
"""Whose work, of which day and period."""


class Person(NamedTuple):
    """A student of the table, with the room (the last, of several) that they are placed in."""

    student_id: int
    name: str
    form: str
    room_id: int
    room: str
    absent: bool
    apart: str
    """The namesake's mark, where they have one."""


class Tally(NamedTuple):
    """How many of a student's lessons of a day have work, and how many of those that have not should have it by now."""

    has: int
    of: int
    late: int


class WorkTable(NamedTuple):
    """The work of some days, by day, period and name, within what its reader may see."""

    days: tuple[SchoolDay, ...]
    shapes: Mapping[date, DayShape]
    rows: Mapping[Key, WorkRow]
    zone: ZoneInfo

    def of_room(self, room_id: int | None) -> WorkTable:
        """Return the part of one room; all of it for None."""
        if room_id is None:
            return self
        return self._replace(rows={key: one for key, one in self.rows.items() if one.room_id == room_id})

    def people(self, days: Iterable[date]) -> tuple[Person, ...]:
        """Return whose work there is on some days, by name."""
        among, made = frozenset(days), {}
        for (student, day, _), one in self.rows.items():
            if day in among:
                made[student] = Person(student, one.name, one.form, one.room_id, one.room, one.absent, one.apart)
        return tuple(sorted(made.values(), key=lambda one: (one.name.casefold(), one.student_id)))

    def periods(self, days: Iterable[date]) -> tuple[str, ...]:
        """Return the lessons of some days, in the order of the day; those of every year group."""
        starts: dict[str, time] = {}
        for day in days:
            for those in self.shapes[day].by_year.values():
                for one in those:
                    if one.is_lesson:
                        starts.setdefault(one.name, one.start.time())
        return tuple(sorted(starts, key=lambda name: (starts[name], name)))

    def under_way(self, now: datetime) -> tuple[date, str] | None:
        """Return the lesson that is on, between two the one that comes next; None once the last of the day is over."""
        for day, shape in self.shapes.items():
            lessons = {one for those in shape.by_year.values() for one in those if one.is_lesson and one.end > now}
            first = min(lessons, key=lambda one: (one.start, one.end), default=None)
            if first is not None and school_day(first.start, self.zone) == school_day(now, self.zone):
                return day, first.name
        return None

    def is_over(self, one: WorkRow, now: datetime) -> bool:
        """Say whether a period is over for its year group."""
        ends = (each.end for each in self.shapes[one.work.day].periods(one.year) if each.name == one.work.period)
        return next(ends, now) <= now

    def tallies(self, now: datetime) -> dict[tuple[int, date], Tally]:
        """Count each student's days, those on which they are placed."""
        mine: dict[tuple[int, date], list[WorkRow]] = {}
        for (student, day, _), one in self.rows.items():
            mine.setdefault((student, day), []).append(one)
        return {key: tally(those, now) for key, those in mine.items()}

    def counts(self) -> dict[str, int]:
        """Return how many periods stand in each state, and how many of them a pack fills (`fallback`)."""
        made = Counter[str]()
        for one in self.rows.values():
            if not one.work.no_lesson or one.work.arrival:
                made[one.work.state] += 1
                made["fallback"] += one.work.fallback
        return dict(made)


def tally(rows: Sequence[WorkRow], now: datetime) -> Tally:
    """Count some periods. Where there is no lesson nobody owes work: it is a gap all the same until a pack fills it."""
    has = sum(one.work.state.has_work for one in rows)
    return Tally(has, len(rows), sum(one.work.overdue(now) for one in rows))


def read_table(file: File, days: Sequence[date], staff: Staff, today: date) -> WorkTable:
    """Read the work of some days that follow each other, within what `staff` may see on `today`.

    Raises `NotAllowed` for who may not see work.
    """
    scope_of("see_work", staff)
    found = work_for(file, min(days), max(days), staff, today)
    return WorkTable(
        tuple(calendar_day(file, day) for day in days),
        {day: shape_of(file, day) for day in days},
        {one.work.key: one for one in found},
        file.zone,
    )
