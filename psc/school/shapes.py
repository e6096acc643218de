"""Day shapes: the periods of a day and their times, for each year group (split lunch and early close are data)."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import at_clock

if TYPE_CHECKING:
    from collections.abc import Mapping
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
