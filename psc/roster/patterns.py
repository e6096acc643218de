"""Weekly patterns: which periods of the week a programme has, in one week of the timetable or in both."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from psc.errors import NotUnderstood
from psc.roster.typed_slots import LONGEST_TYPED, Day, read_groups
from psc.school.bells import lesson_number
from psc.school.calendar import calendar_day, school_days
from psc.school.shapes import Bells
from psc.text import check_length

if TYPE_CHECKING:
    from datetime import date

    from psc.database.file import File
    from psc.roster.slots import Slot

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
_MOST_PERIODS = 20


class Pattern(NamedTuple):
    """The cells of a week: (week letter, weekday from 0 for Monday, period).

    The week letter is "" for every week; the period is "" for all lessons of the day.
    """

    cells: tuple[tuple[str, int, str], ...]

    @property
    def words(self) -> str:
        """As people type it: `Tue P1–P3, Thu P2`, `A: Mon P1; B: Tue P2`."""
        made = []
        for week in dict.fromkeys(week for week, _, _ in self.cells):
            days = dict.fromkeys(day for letter, day, _ in self.cells if letter == week)
            said = [
                f"{WEEKDAYS[day]} {_runs([one for letter, on, one in self.cells if (letter, on) == (week, day)])}"
                for day in days
            ]
            made.append((f"{week}: " if week else "") + ", ".join(said))
        return "; ".join(made)

    def json(self) -> str:
        """Return it as the file keeps it: a list of [week, weekday, period]."""
        return json.dumps(self.cells)

    @classmethod
    def from_json(cls, text: str) -> Pattern:
        """Return the pattern that `json` wrote."""
        return cls(tuple((str(week), int(day), str(period)) for week, day, period in json.loads(text)))


_HOW = "Type Tue P1-P3, Thu P2 or, by week, A: Mon P1; B: Tue P2."
_WEEK = re.compile(r"\s*(?:week\s+)?([a-z0-9]{1,2})\s*:", re.IGNORECASE | re.ASCII)


def read_pattern(text: str) -> Pattern:
    """Read a weekly pattern as staff type it: `Tue P1-P3, Thu P2`, `Mon-Wed P2`, `A: Mon P1; B: Tue P2`, `daily P5`.

    Days share the periods that follow them (`Mon, Wed P2`); `all day`, or nothing, stands for all lessons. Raises
    `NotUnderstood` for what cannot be read, for nothing, and for a period of a day that is named twice.
    """
    typed = check_length(text, "weekly pattern", LONGEST_TYPED)
    cells: list[tuple[str, int, str]] = []
    week = ""
    for part in filter(str.strip, typed.split(";")):
        if head := _WEEK.match(part):
            week = head[1].upper()
        said = part[head.end() :] if head else part
        bare: list[int] = []
        before: list[int] = []
        for one in read_groups(said, (), _HOW):
            if one.many or one.until is not None or any(day[1:] != (0, 0, 0, None) for run in one.days for day in run):
                raise NotUnderstood(f"“{said.strip()[:40]}” is no weekly pattern.", _HOW)
            bare += [day for first, last in one.days for day in _weekdays(first, last)]
            whose = bare or before
            if (one.periods or one.whole) and not whose:
                raise NotUnderstood(f"“{said.strip()[:40]}” names no weekday.", _HOW)
            if one.periods or one.whole or one.closed:
                names = [name for run in one.periods for name in _lessons(*run)]
                cells += [(week, day, name) for day in (whose if names else bare) for name in names or [""]]
                bare, before = [], whose
    if not cells:
        raise NotUnderstood("There is no weekly pattern.", _HOW)
    if len(set(cells)) < len(cells) or any((week, day, "") in cells and name for week, day, name in cells):
        raise NotUnderstood("A period of a day is named twice.", "Give each once.")
    return Pattern(tuple(sorted(cells, key=lambda one: (one[0], one[1], lesson_number(one[2])))))


def _weekdays(first: Day, last: Day) -> list[int]:
    """Return the school's weekdays of a run. Raises `NotUnderstood` for the others, and for a run backwards."""
    begins, ends = first.weekday or 0, last.weekday or 0
    if not begins <= ends < len(WEEKDAYS):
        raise NotUnderstood("A week runs from Monday to Friday.", _HOW)
    return list(range(begins, ends + 1))


def _lessons(first: str, last: str) -> list[str]:
    """Return the lessons of a run. Raises `NotUnderstood` for one that runs backwards."""
    begins, ends = lesson_number(first), lesson_number(last)
    if not 1 <= begins <= ends <= _MOST_PERIODS:
        raise NotUnderstood(f"{first}-{last} is not a run of periods.", _HOW)
    return [f"P{number}" for number in range(begins, ends + 1)]


def pattern_slots(file: File, pattern: Pattern, first: date, until: date, year: int | None) -> tuple[Slot, ...]:
    """Return the slots of a pattern from a day to another, both included, in order.

    Days without school have none, and a short day has those of its lessons that the pattern names.
    """
    bells = Bells(file, year)
    made = []
    for day in school_days(file, first, until):
        week = calendar_day(file, day).week
        wanted = {one for letter, on, one in pattern.cells if on == day.weekday() and letter in ("", week)}
        made += [(day, name) for name in bells.lessons(day) if name in wanted or "" in wanted]
    return tuple(made)


def _runs(periods: list[str]) -> str:
    """Return periods, those in a row as `P1–P3`; `all day` for all lessons."""
    if periods == [""]:
        return "all day"
    numbers = [lesson_number(one) for one in periods]
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"P{run[0]}" if len(run) == 1 else f"P{run[0]}–P{run[-1]}" for run in runs)
