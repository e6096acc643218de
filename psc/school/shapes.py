"""Day shapes: the periods of a day and their times, for each year group (split lunch and early close are data)."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import at_clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from psc.database.file import File

_LESSON = re.compile(r"P\d+", re.IGNORECASE)


class Period(NamedTuple):
    """One slot of a day, with its moments in UTC."""

    name: str
    start: datetime
    end: datetime

    @property
    def is_lesson(self) -> bool:
        """Whether it is a lesson (P1, P2 …); Reg, Break and Lunch are not."""
        return _LESSON.fullmatch(self.name) is not None


class DayShape(NamedTuple):
    """The periods of one date for each year group; empty when the school is closed."""

    by_year: Mapping[int, tuple[Period, ...]]

    def periods(self, year: int | None) -> tuple[Period, ...]:
        """Return the day of a year group, in order; the longest there is for a year that the shape does not name."""
        if year is not None and year in self.by_year:
            return self.by_year[year]
        return max(self.by_year.values(), key=len, default=())

    def lessons(self, year: int | None) -> tuple[Period, ...]:
        """Return the lessons of a year group's day, in order."""
        return tuple(period for period in self.periods(year) if period.is_lesson)

    def now(self, at: datetime) -> Period | None:
        """Return the period the top line names: a lesson of any year if one is on, else any period, else None."""
        on = {p for periods in self.by_year.values() for p in periods if p.start <= at < p.end}
        return max(on, key=lambda p: (p.is_lesson, p.end), default=None)


class Bells:
    """The days of one year group, each read once: its periods, and whether there is school."""

    def __init__(self, file: File, year: int | None) -> None:
        self._file = file
        self._year = year
        self._known: dict[date, tuple[Period, ...]] = {}

    def periods(self, day: date) -> tuple[Period, ...]:
        """Return the periods of a day in order, none when the school is closed."""
        if day not in self._known:
            self._known[day] = shape_of(self._file, day).periods(self._year)
        return self._known[day]

    def lessons(self, day: date) -> tuple[str, ...]:
        """Return the names of a day's lessons in order."""
        return tuple(one.name for one in self.periods(day) if one.is_lesson)

    def period(self, day: date, name: str) -> Period | None:
        """Return a period of a day by its name, None where the day has none of that name."""
        return next((one for one in self.periods(day) if one.name == name), None)

    def in_order(self, slots: Iterable[tuple[date, str]]) -> tuple[tuple[date, str], ...]:
        """Return slots by day and time; what a day does not have stands last on it."""

        def place(slot: tuple[date, str]) -> tuple[date, int, str]:
            names = [one.name for one in self.periods(slot[0])]
            return (slot[0], names.index(slot[1]) if slot[1] in names else len(names), slot[1])

        return tuple(sorted(set(slots), key=place))


def lessons_between(file: File, first: date, last: date, year: int | None) -> int:
    """Return how many lessons a year group has from one day to another; of a year no shape names, the most there are.

    Both days are included.
    """
    found = file.rows(
        "SELECT b.year, count(*) FROM calendar_day c JOIN bell b ON b.shape_id = c.shape_id"
        " WHERE c.day BETWEEN ? AND ? AND b.period GLOB 'P[0-9]*' GROUP BY b.year",
        (first.isoformat(), last.isoformat()),
    )
    counts: dict[int, int] = dict(found)
    return counts.get(year if year is not None else -1, max(counts.values(), default=0))


def shape_of(file: File, day: date) -> DayShape:
    """Return the day shape of a date, for every year group."""
    found = file.rows(
        "SELECT b.year, b.period, b.starts, b.ends FROM calendar_day c JOIN bell b ON b.shape_id = c.shape_id"
        " WHERE c.day = ? ORDER BY b.year, b.starts",
        (day.isoformat(),),
    )
    made: dict[tuple[str, str, str], Period] = {}
    by_year: dict[int, list[Period]] = {}
    for year, name, starts, ends in found:
        key = (name, starts, ends)
        if key not in made:
            made[key] = Period(
                name,
                at_clock(day, time.fromisoformat(starts), file.zone),
                at_clock(day, time.fromisoformat(ends), file.zone),
            )
        by_year.setdefault(year, []).append(made[key])
    return DayShape({year: tuple(periods) for year, periods in by_year.items()})
