"""Exposure: how much of a school year a student has spent in rooms, read for one student.

It asks the file a handful of times, never once a day, whatever the years behind: see `exposure_rules` for what counts.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from psc.clock import at_clock, school_day
from psc.desk.facts import live
from psc.desk.settings import settings_on
from psc.overview.exposure_rules import LINES as LINES
from psc.overview.exposure_rules import (
    Crossed,
    DayExposure,
    PlacedSlot,
    Run,
    day_exposure,
    longest_run,
)
from psc.overview.exposure_rules import Exposure as Exposure
from psc.overview.exposure_rules import Lost as Lost
from psc.overview.exposure_rules import Side as Side
from psc.overview.within import may_see
from psc.roster.movements import movements_since
from psc.roster.placed import STANDING
from psc.roster.placement_types import Line, PlacementType
from psc.school.bells import lesson_number
from psc.school.calendar import academic_year_start, term_of
from psc.school.shapes import Period
from psc.school.students import student_by_id
from psc.text import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.desk.settings import Settings
    from psc.roster.movements import Movement

_SHORTEST_TERM = 20
"""School days that the calendar must have of a term before a share of it says anything."""


def exposure_of(
    file: File,
    student_id: int,
    staff: Staff,
    now: datetime,
    *,
    first: date | None = None,
    last: date | None = None,
    outside: bool = False,
) -> Exposure | None:
    """Return a student's exposure in the school year so far, or between two days; None where it is not for `staff`.

    `outside`: the student was opened from outside the reader's own reach, with a reason (see `open_profile`).
    """
    today = school_day(now, file.zone)

    if not may_see(file, "see_exposure", student_id, staff, today, outside=outside):
        return None
    made = read_exposure(file, student_id, now, first=first, last=last)
    external = may_see(file, "see_suspensions", student_id, staff, today, outside=outside)
    return made if external else made._replace(suspended=None, together=None, run_together=None)


def read_exposure(
    file: File, student_id: int, now: datetime, *, first: date | None = None, last: date | None = None
) -> Exposure:
    """Return a student's exposure, whoever asks: from the start of the school year, unless days are given."""
    today = school_day(now, file.zone)
    end = min(last or today, today)
    begin = first or academic_year_start(end)
    term = term_of(file, end)
    since = min(begin, term[0])
    settings = settings_on(file, end)
    bells = _Bells(file, student_by_id(file, student_id, end).year, since, max(end, term[1]))
    slots = _slots(file, student_id, bells, since, end, now)
    moves: dict[date, list[Movement]] = {}
    for move in movements_since(file, student_id, since):
        moves.setdefault(school_day(move.happened, file.zone), []).append(move)
    days = {
        day: day_exposure(slots.get(day, ()), moves.get(day, ()), _until(bells, day, moves.get(day, ()), now, today))
        for day in sorted({*slots, *moves})
        if day <= end
    }
    suspended = _suspended(file, student_id, since, end)
    return _summed(file, student_id, begin, end, days, slots, bells, suspended, settings, now)


class _Bells:
    """The periods of one year group from one day to another, and which days are school days: two queries."""

    def __init__(self, file: File, year: int | None, first: date, last: date) -> None:
        self._zone: ZoneInfo = file.zone
        shapes: dict[int, dict[int, list[tuple[str, time, time]]]] = {}
        for shape, of_year, period, starts, ends in file.rows(
            "SELECT shape_id, year, period, starts, ends FROM bell ORDER BY shape_id, year, starts"
        ):
            at = (period, time.fromisoformat(starts), time.fromisoformat(ends))
            shapes.setdefault(shape, {}).setdefault(of_year, []).append(at)
        own = {
            shape: years[year] if year is not None and year in years else max(years.values(), key=len)
            for shape, years in shapes.items()
        }
        self.days: dict[date, str] = {}
        """School days in order, each with its week letter."""
        self._rings: dict[date, list[tuple[str, time, time]]] = {}
        for text, shape, week in file.rows(
            "SELECT day, shape_id, week FROM calendar_day WHERE day BETWEEN ? AND ? AND shape_id IS NOT NULL"
            " ORDER BY day",
            (first.isoformat(), last.isoformat()),
        ):
            day = date.fromisoformat(text)
            self.days[day] = week
            self._rings[day] = own.get(shape, [])

    def periods(self, day: date) -> list[Period]:
        """Return the periods of a day with their moments, none for a day without school."""
        return [
            Period(name, at_clock(day, starts, self._zone), at_clock(day, ends, self._zone))
            for name, starts, ends in self._rings.get(day, ())
        ]

    def lessons(self, first: date, last: date, now: datetime | None = None) -> int:
        """Return how many lessons there are from one day to another, of today those that have begun by `now`."""
        today = school_day(now, self._zone) if now else None
        count = 0
        for day, rings in self._rings.items():
            if not first <= day <= last or (today and day > today):
                continue
            begun = now is None or day != today
            count += sum(
                1
                for name, starts, _ in rings
                if lesson_number(name) and (begun or (now is not None and at_clock(day, starts, self._zone) <= now))
            )
        return count


def _slots(
    file: File, student_id: int, bells: _Bells, first: date, last: date, now: datetime
) -> dict[date, tuple[PlacedSlot, ...]]:
    """Return the placed periods that have begun, by day; one that its day no longer has is left out."""
    found = file.rows(
        "SELECT pp.on_day, pp.period, p.id, p.room_id, p.type FROM placement p JOIN placement_period pp"
        f" ON pp.placement_id = p.id WHERE p.student_id = ? AND pp.on_day BETWEEN ? AND ? AND {STANDING}"
        " ORDER BY pp.id",
        (student_id, first.isoformat(), last.isoformat()),
    )
    by_day: dict[str, list[tuple[str, int, int, str]]] = {}
    for on, *slot in found:
        by_day.setdefault(on, []).append((slot[0], slot[1], slot[2], slot[3]))
    made: dict[date, tuple[PlacedSlot, ...]] = {}
    for on, those in by_day.items():
        day = date.fromisoformat(on)
        named = {one.name: one for one in bells.periods(day) if one.start <= now}
        slots = [
            PlacedSlot(p, room, PlacementType(kind), named[name]) for name, p, room, kind in those if name in named
        ]
        if slots:
            made[day] = tuple(slots)
    return made


def _until(bells: _Bells, day: date, moves: Sequence[Movement], now: datetime, today: date) -> datetime:
    """Return up to when a day is counted: now, or for a day past its last bell, or what was recorded after it."""
    if day >= today or not moves:
        return now
    periods = bells.periods(day)
    return max(periods[-1].end, moves[-1].happened) if periods else moves[-1].happened


def _suspended(file: File, student_id: int, first: date, last: date) -> tuple[date, ...]:
    found = file.rows(
        f"SELECT DISTINCT day FROM suspension s WHERE student_id = ? AND day BETWEEN ? AND ?"
        f" AND {live('suspension', 's')} ORDER BY day",
        (student_id, first.isoformat(), last.isoformat()),
    )
    return tuple(date.fromisoformat(day) for (day,) in found)


def _summed(
    file: File,
    student_id: int,
    first: date,
    last: date,
    days: Mapping[date, DayExposure],
    slots: Mapping[date, Sequence[PlacedSlot]],
    bells: _Bells,
    suspended: Sequence[date],
    settings: Settings,
    now: datetime,
) -> Exposure:
    """Add the days up. The thresholds look at the term and the last school days, whatever `first` is."""
    mine = {day: one for day, one in days.items() if first <= day <= last}
    internal = {day for day, one in mine.items() if one.internal}
    away = tuple(day for day in suspended if first <= day <= last)
    calendar = [day for day in bells.days if first <= day <= last]
    removals = {
        (one.placement_id, day) for day, those in slots.items() for one in those if one.type is PlacementType.REMOVAL
    }
    run = longest_run(internal, calendar)
    return Exposure(
        student_id,
        first,
        last,
        len(calendar),
        bells.lessons(first, last, now),
        tuple(_side(line, mine) for line in LINES),
        _lost(file, student_id, mine, bells),
        len(internal),
        run,
        away,
        len(internal | set(away)),
        longest_run(internal | set(away), calendar),
        len({placement for placement, day in removals if first <= day <= last}),
        _crossed(file, days, removals, bells, run, last, settings),
    )


def _side(line: Line, days: Mapping[date, DayExposure]) -> Side:
    return Side(
        line,
        int(sum(one.seconds[line] for one in days.values()) // 60),
        sum(1 for one in days.values() for _, side in one.placed if side is line),
        sum(1 for one in days.values() for _, side in one.attended if side is line),
        sum(1 for one in days.values() if any(side is line for _, side in one.placed)),
        sum(1 for one in days.values() if one.seconds[line] > 0),
    )


def _lost(file: File, student_id: int, days: Mapping[date, DayExposure], bells: _Bells) -> tuple[Lost, ...]:
    """Return the lessons lost by subject: what a period was then, else what the timetable says now."""
    if not any(one.attended for one in days.values()):
        return ()
    kept = {
        (on, period): subject
        for on, period, subject in file.rows(
            "SELECT on_day, period, subject FROM work_lesson w WHERE student_id = ? AND on_day BETWEEN ? AND ?"
            f" AND {live('work_lesson', 'w')} ORDER BY id",
            (student_id, min(days).isoformat(), max(days).isoformat()),
        )
    }
    table = {
        (week, weekday, period): subject
        for week, weekday, period, subject in file.rows(
            "SELECT l.week, l.weekday, l.period, l.subject FROM class_member m JOIN lesson l ON l.class_id = m.class_id"
            " JOIN class c ON c.id = m.class_id WHERE m.student_id = ? ORDER BY c.code",
            (student_id,),
        )
    }
    counts: dict[str, dict[Line, int]] = {}
    for day, one in days.items():
        for period, line in one.attended:
            slot = (bells.days.get(day, ""), day.weekday(), period)
            subject = kept.get((day.isoformat(), period), table.get(slot, ""))
            counts.setdefault(subject, dict.fromkeys(LINES, 0))[line] += 1
    made = [Lost(subject, *(those[line] for line in LINES)) for subject, those in counts.items()]
    return tuple(sorted(made, key=lambda one: (-sum(one[1:]), one.subject)))


def _crossed(
    file: File,
    days: Mapping[date, DayExposure],
    removals: Collection[tuple[int, date]],
    bells: _Bells,
    run: Run,
    last: date,
    settings: Settings,
) -> tuple[Crossed, ...]:
    """Return the thresholds that are reached; support has none. The figures are those in force on the last day."""
    made = []
    if run.days >= settings.run_warn_days:
        words = f"{counted(run.days, 'internal exclusion day')} on end"
        made.append(Crossed(words, "run warn days", settings.run_warn_days))
    began, ended = term_of(file, last)
    of_term = {day: one for day, one in days.items() if began <= day <= ended}
    term = f"in the term to {ended.day} {ended:%b}"
    internal = sum(1 for one in of_term.values() if one.internal)
    if internal >= settings.term_warn_days:
        words = f"{counted(internal, 'day')} of internal exclusion {term}"
        made.append(Crossed(words, "term warn days", settings.term_warn_days))
    whole = bells.lessons(began, ended)
    known = sum(1 for day in bells.days if began <= day <= ended) >= _SHORTEST_TERM
    lessons = _side(Line.SANCTION, of_term).attended
    if known and whole and lessons * 100 >= whole * settings.term_warn_share:
        words = f"{lessons * 100 // whole}% of the lessons {term} in a room"
        made.append(Crossed(words, "term warn share", settings.term_warn_share))
    lately = [day for day in bells.days if day <= last][-settings.removals_days :]
    count = len({placement for placement, day in removals if lately and lately[0] <= day <= last})
    if count >= settings.removals_warn:
        words = f"{counted(count, 'removal')} in {counted(settings.removals_days, 'school day')}"
        made.append(Crossed(words, "removals warn", settings.removals_warn))
    return tuple(made)
