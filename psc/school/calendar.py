"""The term calendar: which dates are school days, their week letter, and counting in school days."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import typed_day
from psc.errors import Refused

if TYPE_CHECKING:
    from psc.database.file import File


class SchoolDay(NamedTuple):
    """A date as the calendar has it. `shape` is "" when the school is closed to students."""

    day: date
    shape: str
    week: str
    note: str

    @property
    def is_open(self) -> bool:
        """Whether it is a school day."""
        return bool(self.shape)


def calendar_day(file: File, day: date) -> SchoolDay:
    """Return the date as the calendar has it; a date the calendar does not name is closed."""
    found = file.row(
        "SELECT coalesce(s.name, ''), c.week, c.note FROM calendar_day c"
        " LEFT JOIN shape s ON s.id = c.shape_id WHERE c.day = ?",
        (day.isoformat(),),
    )
    shape, week, note = found or ("", "", "")
    return SchoolDay(day, shape, week, note)


def next_school_day(file: File, after: date) -> date | None:
    """Return the first school day after a date, or None past the end of the calendar."""
    found = file.value(
        "SELECT day FROM calendar_day WHERE day > ? AND shape_id IS NOT NULL ORDER BY day LIMIT 1", (after.isoformat(),)
    )
    return date.fromisoformat(found) if found else None


def school_day_before(file: File, before: date) -> date | None:
    """Return the last school day before a date, or None where the calendar begins."""
    found = file.value(
        "SELECT day FROM calendar_day WHERE day < ? AND shape_id IS NOT NULL ORDER BY day DESC LIMIT 1",
        (before.isoformat(),),
    )
    return date.fromisoformat(found) if found else None


def school_days(file: File, first: date, last: date) -> tuple[date, ...]:
    """Return the school days from `first` to `last`, both included."""
    found = file.rows(
        "SELECT day FROM calendar_day WHERE day BETWEEN ? AND ? AND shape_id IS NOT NULL ORDER BY day",
        (first.isoformat(), last.isoformat()),
    )
    return tuple(date.fromisoformat(day) for (day,) in found)


def days_on(file: File, day: date, number: int) -> date:
    """Return the day that is a number of school days after another; 0 is that day itself, whatever it is.

    Past the end of the calendar every weekday counts.
    """
    found = file.rows(
        "SELECT day FROM calendar_day WHERE day > ? AND shape_id IS NOT NULL ORDER BY day LIMIT ?",
        (day.isoformat(), number),
    )
    last = date.fromisoformat(found[-1][0]) if found else day
    for _ in range(number - len(found)):
        last += timedelta(days=1 if last.weekday() < 4 else 7 - last.weekday())
    return last


def check_open(file: File, day: date) -> None:
    """Raise `Refused` for a day on which the school is closed: it says which, and the next school day."""
    known = calendar_day(file, day)
    if known.is_open:
        return
    following = next_school_day(file, day)
    note = f" ({known.note})" if known.note else ""
    raise Refused(
        f"{long_day(day)} is not a school day{note}.",
        f"The next is {long_day(following)}." if following else "The calendar has none after it.",
    )


def long_day(day: date) -> str:
    """Return a day as a sentence says it: `Thu 26 November`."""
    return f"{day:%a} {day.day} {day:%B}"


def term_of(file: File, day: date) -> tuple[date, date]:
    """Return the first and the last school day of the term that a day lies in; the day itself where there is none.

    A school year has three terms: to the turn of the year, to the Easter holiday, and the rest. The Easter holiday is
    the longest time without school that touches March and April; the calendar does not name it.
    """
    start = academic_year_start(day)
    year = start.year + 1
    days = school_days(file, start, date(year, 8, 31))
    gaps = [
        (after - before, after)
        for before, after in pairwise(days)
        if before >= date(year, 3, 1) and after <= date(year, 5, 15) and after - before > _LONG_WEEKEND
    ]
    bounds = [date(year, 1, 1), *([max(gaps)[1]] if gaps else []), date(year, 9, 1)]
    began = max((one for one in bounds if one <= day), default=start)
    ended = next(one for one in bounds if one > day)
    mine = [one for one in days if began <= one < ended]
    return (mine[0], mine[-1]) if mine else (day, day)


def academic_year_start(day: date) -> date:
    """Return the 1 September on or before `day`: the academic year's first day in English law."""
    return date(day.year if day.month >= 9 else day.year - 1, 9, 1)


_LONG_WEEKEND = timedelta(days=5)
"""From the last day of school to the first: Easter as a weekend of four days is no end of term."""
_LONG_PAST = timedelta(days=180)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def coming_day(text: str, today: date) -> date:
    """Read a day as staff type it, a weekday (`Thu`) being the next one. Raises `NotUnderstood`.

    A date without a year that is long past is next year's: in December `8 Jan` is the one to come.
    """
    typed = text.strip().lower()
    found = [number for number, name in enumerate(_WEEKDAYS) if len(typed) >= 3 and name.startswith(typed)]
    if len(found) == 1:
        return today + timedelta(days=(found[0] - today.weekday() - 1) % 7 + 1)
    read = typed_day(text, today)
    if read < today - _LONG_PAST and str(read.year) not in typed:
        return typed_day(f"{typed} {today.year + 1}", today)
    return read


def past_day(text: str, today: date) -> date:
    """Read a day that is over, or today, as staff type it; a weekday (`Fri`) is the last one. Raises `NotUnderstood`.

    A date without a year that would be to come is last year's.
    """
    typed = text.strip().lower()
    found = [number for number, name in enumerate(_WEEKDAYS) if len(typed) >= 3 and name.startswith(typed)]
    if len(found) == 1:
        return today - timedelta(days=(today.weekday() - found[0] - 1) % 7 + 1)
    _, _, named = typed.partition(" ")  # Fri 20 Nov: the date is what counts
    if any(len(typed.split(" ")[0]) >= 3 and name.startswith(typed.split(" ")[0]) for name in _WEEKDAYS):
        typed = named
    read = typed_day(typed, today)
    if read > today and str(read.year) not in typed and typed != "tomorrow":
        return typed_day(f"{typed} {today.year - 1}", today)
    return read


def day_words(day: date, today: date) -> str:
    """Return a day as a line says it: `today`, `tomorrow`, `Thu 26 Nov`."""
    named = {today: "today", today + timedelta(days=1): "tomorrow"}
    return named.get(day, f"{day:%a} {day.day} {day:%b}")
