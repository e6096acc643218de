"""Exposure: how much of a school year a student has spent in rooms, sanction and support counted apart.

The rules are pure functions over plain values: `day_exposure` for one day, `longest_run` for days on end. The read asks
the file a handful of times for a student, never once a day. Source: the domain notes, What the leaders want counted.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import at_clock, school_day
from psc.desk.facts import live
from psc.desk.settings import settings_on
from psc.overview.within import may_see
from psc.roster.movements import movements_since, stays
from psc.roster.placed import STANDING
from psc.roster.placement_types import INTERNAL, Line, PlacementType
from psc.school.bells import lesson_number
from psc.school.calendar import academic_year_start, term_of
from psc.school.shapes import Period
from psc.school.students import student_by_id
from psc.text import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.desk.settings import Settings
    from psc.roster.movements import Movement

LINES = (Line.SANCTION, Line.SUPPORT, Line.NEUTRAL)
"""The sides, in the order in which they are always said; they are never added up."""
_SHORTEST_TERM = 20
"""School days that the calendar must have of a term before a share of it says anything."""


class Side(NamedTuple):
    """What one side, sanction or support, comes to."""

    line: Line
    minutes: int = 0
    """Whole minutes in rooms, time out left out: seconds are summed, then floored once."""
    placed: int = 0
    """Lessons placed for that have begun."""
    attended: int = 0
    """Those of them in which the student was there at all: lessons lost."""
    placed_days: int = 0
    days: int = 0
    """Days on which the student was in a room."""


class Lost(NamedTuple):
    """Lessons of one subject spent in rooms, by side. `subject` is "" where the timetable has no lesson."""

    subject: str
    sanction: int
    support: int
    neutral: int


class Run(NamedTuple):
    """School days on end; `first` and `last` are None for none."""

    days: int
    first: date | None = None
    last: date | None = None


class Crossed(NamedTuple):
    """A threshold that is reached: what it comes to, in words, the setting's name as people say it, and its figure."""

    words: str
    setting: str
    figure: int

    @property
    def said(self) -> str:
        """Return the words with the setting that produced them."""
        return f"{self.words} ({self.setting}: {self.figure})"


class Exposure(NamedTuple):
    """A student's exposure from `first` to `last`."""

    student_id: int
    first: date
    last: date
    school_days: int
    """School days from `first` to `last`."""
    lessons: int
    """Lessons of the student's year group that have begun in that time."""
    sides: tuple[Side, ...]
    """Sanction, support, neutral: always all three, in that order."""
    lost: tuple[Lost, ...]
    """Lessons lost by subject, the most first."""
    internal: int
    """Days of internal exclusion."""
    run: Run
    """The longest run of school days of internal exclusion."""
    suspended: tuple[date, ...] | None
    """The days on which a suspension began; None where the reader may not see suspensions."""
    together: int | None
    """Days of internal and external exclusion together; of a suspension only its first day is on record."""
    run_together: Run | None
    removals: int
    crossed: tuple[Crossed, ...]

    def side(self, line: Line) -> Side:
        """Return one side."""
        return self.sides[LINES.index(line)]

    def share(self, line: Line) -> float:
        """Return the per cent of the lessons so far that were lost on one side; 0 where there were none."""
        return self.side(line).attended * 100 / self.lessons if self.lessons else 0.0


# Rules


class PlacedSlot(NamedTuple):
    """A period of a day for which the student is placed, of a placement that takes a seat."""

    placement_id: int
    room_id: int
    type: PlacementType
    period: Period


class DayExposure(NamedTuple):
    """What one day comes to: seconds by side, the lessons placed and attended by side, whether internal exclusion."""

    seconds: Mapping[Line, float]
    placed: tuple[tuple[str, Line], ...]
    attended: tuple[tuple[str, Line], ...]
    internal: bool


def day_exposure(slots: Sequence[PlacedSlot], moves: Sequence[Movement], until: datetime) -> DayExposure:
    """Return what a student's day comes to, up to a moment.

    `slots` are the placed periods of the day that have begun, `moves` the movements of the day over all rooms. Time in
    a room belongs to the placement of the period it falls in, the newest of several, in whatever room it is served;
    time beside the periods (early, break, lunch) to the newest placement of that room, else of the day, else to no
    side. A lesson is attended by whoever was in a room in it at all, as programmes count it; two placements of one
    lesson are one lesson, the newer's.
    """
    by_period = {one.period.name: one for one in sorted(slots, key=lambda one: one.placement_id)}
    seconds = dict.fromkeys(LINES, 0.0)
    attended: set[str] = set()
    internal = False
    for visit in dict.fromkeys(one.visit_id for one in moves):
        own = [one for one in moves if one.visit_id == visit]
        here = [one for one in slots if one.room_id == own[0].room_id]
        leads = max(here or slots, key=lambda one: one.placement_id, default=None)
        line = leads.type.line if leads else Line.NEUTRAL
        for stay in stays(own):
            if stay.out_for:
                continue
            begins, ends = stay.start, min(stay.end or until, until)
            rest = max(0.0, (ends - begins).total_seconds())
            for name, one in by_period.items():
                there = (min(ends, one.period.end) - max(begins, one.period.start)).total_seconds()
                if there > 0:
                    seconds[one.type.line] += there
                    rest -= there
                    attended.add(name)
                    internal = internal or one.type in INTERNAL
            seconds[line] += rest
    lessons = [(name, one.type.line) for name, one in by_period.items() if lesson_number(name)]
    return DayExposure(
        seconds, tuple(lessons), tuple((name, line) for name, line in lessons if name in attended), internal
    )


def longest_run(days: Collection[date], calendar: Iterable[date]) -> Run:
    """Return the longest run of school days on end that are all among `days`, the latest of several as long."""
    longest = run = Run(0)
    for day in calendar:
        run = Run(run.days + 1, run.first or day, day) if day in days else Run(0)
        longest = max(longest, run, key=lambda one: (one.days, one.last or date.min))
    return longest


# Reading


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
