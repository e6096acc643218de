"""The work of some days as a table: whose rows, which periods, and what stands in a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psc.overview.work import WorkRow, work_for
from psc.school.calendar import SchoolDay, calendar_day
from psc.school.shapes import DayShape, shape_of
from psc.work.sets import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime, time

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
                made[student] = Person(student, one.name, one.form, one.room_id, one.room, one.absent)
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
        """Return the lesson that is on, or in a break the one that comes next today; None before and after school."""
        for day, shape in self.shapes.items():
            lessons = sorted({one for those in shape.by_year.values() for one in those if one.is_lesson})
            begun = [one for one in lessons if one.start <= now < one.end]
            ahead = sorted((one.start, one.name) for one in lessons if one.start > now)
            if begun:
                return day, begun[-1].name
            if ahead and any(one.start <= now for one in lessons):
                return day, ahead[0][1]
        return None

    def tally(self, student_id: int, day: date, now: datetime) -> Tally | None:
        """Count a student's day, None where they are not placed."""
        mine = [one for (student, on, _), one in self.rows.items() if student == student_id and on == day]
        return tally(mine, now) if mine else None

    def counts(self, days: Iterable[date]) -> dict[State, int]:
        """Return how many periods of some days stand in each state."""
        among, made = frozenset(days), dict.fromkeys(State, 0)
        for (_, day, _), one in self.rows.items():
            if day in among and (not one.work.no_lesson or one.work.arrival):
                made[one.work.state] += 1
        return made


def tally(rows: Sequence[WorkRow], now: datetime) -> Tally:
    """Count some periods. Where there is no lesson nobody owes work: it is a gap all the same until a pack fills it."""
    has = sum(one.work.state.has_work for one in rows)
    return Tally(has, len(rows), sum(one.work.overdue(now) for one in rows))


def read_table(file: File, days: Sequence[date], staff: Staff, today: date) -> WorkTable:
    """Read the work of some days that follow each other, within what `staff` may see on `today`.

    Raises `NotAllowed` for who may not see work.
    """
    found = work_for(file, min(days), max(days), staff, today)
    return WorkTable(
        tuple(calendar_day(file, day) for day in days),
        {day: shape_of(file, day) for day in days},
        {one.work.key: one for one in found},
    )
