"""Bell times by the school's clock: what a shape rings for each year group, and what makes a day of them.

A day that is not normal is made here, of the shape it had: closed from a time on, typed anew, or changed from now on.
Everything takes values and returns values; `flows/change_day.py` writes what comes of it.
"""

from __future__ import annotations

import re
from datetime import time
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import at_clock
from psc.errors import NotUnderstood, Refused
from psc.school.shapes import DayShape, Period
from psc.text import clean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from psc.database.file import File


class Bell(NamedTuple):
    """One period of one year group, by the school's clock."""

    year: int
    period: str
    starts: time
    ends: time

    @property
    def words(self) -> str:
        """As a list of times has it: `11:10–12:10`."""
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"


_MADE = re.compile(r".* until \d{4}-\d\d-\d\d|On \d{4}-\d\d-\d\d( \(\d+\))?")
_LONGEST_PERIOD = 16
_LESSON = re.compile(r"P(\d+)", re.IGNORECASE)


def shape_for(day: date, taken: Collection[str]) -> str:
    """Return the name of a new shape that is made for one day: `On 2026-11-23`, with a number from the second on."""
    name = f"On {day.isoformat()}"
    number = 2
    while name in taken:
        name, number = f"On {day.isoformat()} ({number})", number + 1
    return name


def shape_names(file: File, *, every: bool = False) -> tuple[str, ...]:
    """Return the shapes a school chooses from; with `every`, also those made for one day and those of earlier times."""
    names = [name for (name,) in file.rows("SELECT name FROM shape ORDER BY id")]
    return tuple(name for name in names if every or not is_made(name))


def is_made(name: str) -> bool:
    """Say whether a shape's name is one that psc makes: for one day, or for times that held until a day."""
    return _MADE.fullmatch(name) is not None


def bells_of(file: File, shape: str) -> tuple[Bell, ...]:
    """Return what a shape rings, by year and time; nothing for "", the shape of a closed day."""
    found = file.rows(
        "SELECT b.year, b.period, b.starts, b.ends FROM bell b JOIN shape s ON s.id = b.shape_id WHERE s.name = ?"
        " ORDER BY b.year, b.starts",
        (shape,),
    )
    return tuple(Bell(year, name, time.fromisoformat(one), time.fromisoformat(two)) for year, name, one, two in found)


def day_shape(bells: Iterable[Bell], day: date, where: ZoneInfo) -> DayShape:
    """Return the shape that bells make of a date."""
    by_year: dict[int, list[Period]] = {}
    for bell in sorted(bells, key=lambda one: (one.year, one.starts)):
        period = Period(bell.period, at_clock(day, bell.starts, where), at_clock(day, bell.ends, where))
        by_year.setdefault(bell.year, []).append(period)
    return DayShape({year: tuple(periods) for year, periods in by_year.items()})


def year_words(years: Collection[int]) -> str:
    """Return year groups as people say them: `Years 7–9`, `Years 8, 11`, `Year 9`."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    words = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
    return f"{'Year' if len(set(years)) == 1 else 'Years'} {words}"


def year_groups(bells: Iterable[Bell]) -> tuple[tuple[tuple[int, ...], tuple[Bell, ...]], ...]:
    """Return the year groups that share a day, each set with the bells of its first year."""
    by_year = _by_year(bells)
    sets: dict[tuple[tuple[str, time, time], ...], list[int]] = {}
    for year, those in sorted(by_year.items()):
        sets.setdefault(tuple((one.period, one.starts, one.ends) for one in those), []).append(year)
    return tuple((tuple(years), by_year[years[0]]) for years in sets.values())


def _by_year(bells: Iterable[Bell]) -> dict[int, tuple[Bell, ...]]:
    made: dict[int, list[Bell]] = {}
    for bell in sorted(bells, key=lambda one: (one.year, one.starts, one.ends)):
        made.setdefault(bell.year, []).append(bell)
    return {year: tuple(those) for year, those in made.items()}


# The guard


def fault_in(bells: Iterable[Bell]) -> str:
    """Return what keeps bells from making a day, "" for nothing.

    No period may run backwards, stand twice, or overlap another of the same year group; lessons come in the order of
    their numbers.
    """
    by_year = _by_year(bells)
    faults = {year: _fault(those) for year, those in by_year.items()}
    first = next(((year, fault) for year, fault in faults.items() if fault), None)
    if first is None:
        return ""
    year, fault = first
    return fault if len(set(faults.values())) == 1 else f"Year {year}: {fault}"


def _fault(bells: Sequence[Bell]) -> str:
    seen: dict[str, Bell] = {}
    before: Bell | None = None
    lesson: Bell | None = None
    for one in bells:
        if one.ends <= one.starts:
            return f"{one.period} ends at {one.ends:%H:%M}, and begins at {one.starts:%H:%M}."
        if one.period.casefold() in seen:
            return f"{one.period} is named twice."
        if before is not None and one.starts < before.ends:
            return f"{one.period} begins at {one.starts:%H:%M}, before {before.period} ends at {before.ends:%H:%M}."
        if lesson is not None and (number := lesson_number(one.period)) and number < lesson_number(lesson.period):
            return f"{one.period} comes after {lesson.period}."
        seen[one.period.casefold()] = before = one
        lesson = one if lesson_number(one.period) else lesson
    return ""


def lesson_number(period: str) -> int:
    """Return the number of a lesson, 0 for what is no lesson."""
    found = _LESSON.fullmatch(period)
    return int(found[1]) if found else 0


# Days that are not normal


def closed_from(bells: Iterable[Bell], at: time) -> tuple[Bell, ...]:
    """Return a day that closes at `at`: what begins later falls away, what is under way ends then."""
    return tuple(one._replace(ends=min(one.ends, at)) for one in bells if one.starts < at)


def from_now_on(before: Iterable[Bell], after: Iterable[Bell], now: time) -> tuple[Bell, ...]:
    """Return a day that goes on differently from `now`: what is over stays, what is under way keeps its start.

    A period under way that the new times no longer have ends now. Raises `Refused` when the new times have a period
    again that is over.
    """
    was, becomes = _by_year(before), _by_year(after)
    made: list[Bell] = []
    for year in sorted(was.keys() | becomes.keys()):
        over = [one for one in was.get(year, ()) if one.ends <= now]
        under_way = next((one for one in was.get(year, ()) if one.starts < now < one.ends), None)
        made += over
        ahead = [one for one in becomes.get(year, ()) if one.ends > now]
        for one in ahead:
            if again := next((old for old in over if old.period == one.period), None):
                raise Refused(
                    f"{one.period} was over at {again.ends:%H:%M}, and the new times have it until {one.ends:%H:%M}.",
                    "Type the times of the rest of the day, or say that the whole day was so.",
                )
        if under_way is not None:
            same = next((one for one in ahead if one.period == under_way.period), None)
            made.append(under_way._replace(ends=same.ends if same else now))
            ahead = [one for one in ahead if one is not same]
        made += [one._replace(starts=max(one.starts, now)) for one in ahead]
    return tuple(made)


_YEARS = re.compile(r"\s*(?:years?\s*)?(\d{1,2}(?:\s*[,–-]\s*\d{1,2})*)\s*:\s*", re.IGNORECASE)
_TIMES = re.compile(r"(.+?)\s+(\d{1,2}[:.]?\d\d)\s*(?:-|–|to)\s*(\d{1,2}[:.]?\d\d)", re.IGNORECASE)
_HOW = "Type P1 0850-0940, P2 0940-1030, … or, for some years, 8,9: P1 0850-0940, …"


def typed_clock(text: str) -> time:
    """Read a time of day as staff type it: `1130`, `11.30`, `9:05`. Raises `NotUnderstood`."""
    digits = re.fullmatch(r"(\d{1,2})[:.]?(\d\d)", text.strip())
    if digits is None or int(digits[1]) > 23 or int(digits[2]) > 59:
        raise NotUnderstood(f"“{text.strip()}” is not a time psc can read.", "Type 1130 or 11.30.")
    return time(int(digits[1]), int(digits[2]))


def read_times(
    text: str, before: Iterable[Bell], known: Collection[str] | None, years: Collection[int]
) -> tuple[Bell, ...]:
    """Read a day's times as staff type them: `P1 0850-0940, P2 0940-1030`, for all years or for some (`8,9: P1 …`).

    Groups of years stand one after another with `;` between; years not named keep what they have `before`. `known`
    are the period names of the school, `years` its year groups; with None any name will do, and `2` is P2. Raises
    `NotUnderstood` for what cannot be read and for a period the school does not know.
    """
    by_name = {name.casefold(): name for name in known or ()}
    made: dict[int, list[Bell]] = {}
    for group in filter(str.strip, text.split(";")):
        head = _YEARS.match(group)
        named = _typed_years(head[1], years) if head else tuple(sorted(years))
        for item in filter(str.strip, (group[head.end() :] if head else group).split(",")):
            found = _TIMES.fullmatch(item.strip())
            if found is None:
                raise NotUnderstood(f"“{item.strip()}” is not a period with its times.", _HOW)
            name = by_name.get(found[1].casefold()) or by_name.get(f"p{found[1]}".casefold())
            if known is None:
                name = f"P{int(found[1])}" if found[1].isdecimal() else _lesson_name(found[1])
            if name is None:
                raise NotUnderstood(
                    f"No day of this school has a period “{found[1]}”.", f"It has {', '.join(by_name.values())}."
                )
            starts, ends = typed_clock(found[2]), typed_clock(found[3])
            for year in named:
                made.setdefault(year, []).append(Bell(year, name, starts, ends))
    if not made:
        raise NotUnderstood("There are no times.", _HOW)
    kept = [one for one in before if one.year not in made]
    typed = [one for those in made.values() for one in those]
    return tuple(sorted([*kept, *typed], key=lambda one: (one.year, one.starts)))


def _lesson_name(text: str) -> str:
    """Return a period's name as psc keeps it: lessons as P1, P2, the rest as typed. Raises `NotUnderstood`."""
    name = clean(text)
    if len(name) > _LONGEST_PERIOD or re.search(r"\d{3}", name):
        raise NotUnderstood(f"“{name}” cannot be a period’s name.", "P1, Reg, Break, Lunch: one period a line.")
    return f"P{lesson_number(name)}" if lesson_number(name) else name


def _typed_years(text: str, years: Collection[int]) -> tuple[int, ...]:
    named: set[int] = set()
    for part in text.split(","):
        first, _, last = part.replace("–", "-").partition("-")
        named.update(range(int(first), int(last or first) + 1))
    if strange := sorted(named - set(years)):
        raise NotUnderstood(f"The school has no year {strange[0]}.", f"It has {year_words(years).lower()}.")
    return tuple(sorted(named))


class Change(NamedTuple):
    """A period that differs between two days, for some year groups (`years` is "" for all)."""

    years: str
    period: str
    was: Bell | None
    becomes: Bell | None

    @property
    def words(self) -> str:
        """As the preview says it: `P3 11:10–12:10 → 11:10–11:30`."""
        if self.was and self.becomes:
            told = f"{self.period} {self.was.words} → {self.becomes.words}"
        elif self.was:
            told = f"{self.period} {self.was.words} falls away"
        else:
            told = f"{self.period} {self.becomes.words if self.becomes else ''} is new"
        return f"{told} ({self.years.lower()})" if self.years else told


def told_apart(before: Iterable[Bell], after: Iterable[Bell]) -> tuple[Change, ...]:
    """Return what changes between two days, in order of time."""
    was = {(one.year, one.period): one for one in before}
    becomes = {(one.year, one.period): one for one in after}
    changes: dict[tuple[str, str, str], tuple[list[int], Bell | None, Bell | None]] = {}
    for key in sorted(was.keys() | becomes.keys(), key=lambda key: (was.get(key) or becomes[key]).starts):
        old, new = was.get(key), becomes.get(key)
        if (old and old.words) != (new and new.words):
            change = (key[1], old.words if old else "", new.words if new else "")
            changes.setdefault(change, ([], old, new))[0].append(key[0])
    whole = {year for year, _ in was.keys() | becomes.keys()}
    return tuple(
        Change("" if set(years) == whole else year_words(years), period, old, new)
        for (period, _, _), (years, old, new) in changes.items()
    )
