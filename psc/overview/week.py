"""The weeks ahead as they are read: for each room, day and lesson, the seats that are used, and who uses them.

Seats are counted over everybody; names stand only where the reader's reach is.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from psc.desk.facts import live
from psc.desk.permissions import reached, scope_of
from psc.overview.board import NOT_SHOWN
from psc.roster.placed import STANDING, seats_used
from psc.roster.placement_types import PlacementType
from psc.roster.placements import day_n_of_m
from psc.school.bells import lesson_number
from psc.school.calendar import SchoolDay
from psc.school.namesakes import Bearer, told_apart
from psc.school.rooms import Room, rooms
from psc.school.students import LATEST_ENROLMENT, marked_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.roster.slots import Slot

_WEEK = 7
_SCHOOL_DAYS = 5


class DayAhead(NamedTuple):
    """A date of the calendar with its lessons, of whichever year group, in order; none on a closed day."""

    day: SchoolDay
    lessons: tuple[str, ...]

    @property
    def on(self) -> date:
        """The date."""
        return self.day.day

    @property
    def closed_words(self) -> str:
        """Why nobody can be booked on it, "" for a school day."""
        return "" if self.day.is_open else self.day.note or "closed"


class Seats(NamedTuple):
    """How many of so many seats are used."""

    used: int
    seats: int

    @property
    def free(self) -> int:
        """How many more there are; none below 0."""
        return max(0, self.seats - self.used)

    @property
    def over(self) -> int:
        """How many too many are booked."""
        return max(0, self.used - self.seats)

    @property
    def words(self) -> str:
        """As a cell says it: `9/12`, `full`, `13/12!`."""
        if self.over:
            return f"{self.used}/{self.seats}!"
        return "full" if self.used and not self.free else f"{self.used}/{self.seats}"

    @property
    def free_words(self) -> str:
        """As a line says it: `3 free`, `full`, `1 over`."""
        return f"{self.over} over" if self.over else f"{self.free} free" if self.free else "full"


class Booked(NamedTuple):
    """One student in one lesson. `days`: which day of the placement it is, and of how many."""

    placed_id: int
    placement_id: int
    student_id: int
    room_id: int
    name: str
    form: str
    type: PlacementType
    days: tuple[int, int]
    hidden: bool = False
    """Whether the reader is barred from this student: the seat counts, and nothing else is said of them."""


class Days(NamedTuple):
    """Some days on end in the rooms a person may see, and how many students are placed when."""

    rooms: tuple[Room, ...]
    days: tuple[DayAhead, ...]
    used: Mapping[tuple[int, Slot], int]

    @property
    def lessons(self) -> tuple[str, ...]:
        """The lessons that any of the days has, in order."""
        return tuple(
            sorted({one for day in self.days for one in day.lessons}, key=lambda name: (lesson_number(name), name))
        )

    def day(self, on: date) -> DayAhead | None:
        """Return a day by its date, None where it is none of these."""
        return next((one for one in self.days if one.on == on), None)

    def has(self, slot: Slot) -> bool:
        """Say whether there is such a lesson."""
        day = self.day(slot[0])
        return day is not None and slot[1] in day.lessons

    def seats(self, slot: Slot, room: Room | None = None) -> Seats:
        """Return the seats of a lesson in a room, of all rooms together unless one is given."""
        asked = self.rooms if room is None else (room,)
        return Seats(sum(self.used.get((one.id, slot), 0) for one in asked), sum(one.seats for one in asked))

    def day_seats(self, day: DayAhead, room: Room | None = None) -> tuple[Seats, ...]:
        """Return the seats of a day, lesson by lesson."""
        return tuple(self.seats((day.on, one), room) for one in day.lessons)

    def weeks(self) -> tuple[tuple[date, tuple[DayAhead, ...]], ...]:
        """Return the days by week, each with its Monday."""
        made: dict[date, list[DayAhead]] = {}
        for one in self.days:
            made.setdefault(monday_of(one.on), []).append(one)
        return tuple((monday, tuple(those)) for monday, those in made.items())


class Week(NamedTuple):
    """A week: its days with who is placed when, of those whom the reader may see."""

    plan: Days
    who: Mapping[tuple[int, Slot], tuple[Booked, ...]]

    @property
    def monday(self) -> date:
        """The week's first day."""
        return monday_of(self.plan.days[0].on)

    @property
    def title(self) -> str:
        """What stands over it: the dates, and its letter where the calendar gives one."""
        first, last = self.plan.days[0].on, self.plan.days[-1].on
        letters = "/".join(sorted({one.day.week for one in self.plan.days if one.day.week}))
        month = "" if first.month == last.month else f" {first:%b}"
        words = f"{first:%a} {first.day}{month} – {last:%a} {last.day} {last:%b} {last.year}"
        return f"{words} · Week {letters}" if letters else words

    def booked(self, slot: Slot, room: Room | None = None) -> tuple[Booked, ...]:
        """Return who is placed for a lesson, in a room or in all of them."""
        asked = self.plan.rooms if room is None else (room,)
        return tuple(one for where in asked for one in self.who.get((where.id, slot), ()))

    def unnamed(self, slot: Slot, room: Room | None = None) -> int:
        """Return how many more are placed for it, of whom nothing is said to the reader."""
        return self.plan.seats(slot, room).used - len({one.student_id for one in self.booked(slot, room)})


def monday_of(day: date) -> date:
    """Return the Monday on or before a day."""
    return day - timedelta(days=day.weekday())


# Reading

_CALENDAR = """
SELECT c.day, coalesce(s.name, ''), c.week, c.note, c.shape_id FROM calendar_day c
LEFT JOIN shape s ON s.id = c.shape_id WHERE c.day BETWEEN ? AND ?
"""
_LESSONS = "SELECT shape_id, period, min(starts) FROM bell GROUP BY shape_id, period ORDER BY 3"
_PLACED = f"""
SELECT p.room_id, pp.on_day, pp.period, pp.id, p.id, p.student_id, p.type FROM placement_period pp
JOIN placement p ON p.id = pp.placement_id
WHERE pp.on_day BETWEEN ? AND ? AND {STANDING} ORDER BY pp.id
"""
_STUDENTS = f"""
SELECT student.id, student.surname, student.forename, coalesce(now.form, ''), now.year FROM student
LEFT JOIN enrolment now ON now.id = {LATEST_ENROLMENT} WHERE student.id IN (SELECT value FROM json_each(:students))
"""
_OWED = f"""
SELECT DISTINCT pp.placement_id, pp.on_day FROM placement_period pp
WHERE pp.placement_id IN (SELECT value FROM json_each(?)) AND {live("placement_period", "pp")}
    AND NOT EXISTS (SELECT 1 FROM waiver w WHERE w.placement_period_id = pp.id AND {live("waiver", "w")})
"""


def read_days(file: File, first: date, last: date, staff: Staff) -> Days:
    """Return the days from `first` to `last` with the seats that are used; a weekend's only where it is open.

    Whoever is on a cover pass has the rooms of it. Raises `NotAllowed` when `staff` may not see the week.
    """
    scope_of("see_week", staff)
    used = {(room, (on, period)): one.used for (room, on, period), one in seats_used(file, first, last).items()}
    return Days(_rooms_of(file, staff), _days(file, first, last), used)


def read_week(file: File, day: date, staff: Staff, today: date) -> Week:
    """Return the week of a day, with who is placed, by name as far as `staff` may see the roster `today`.

    Whoever `staff` is barred from keeps the seat, without a name. Raises `NotAllowed` for who may not see the week.
    """
    scope_of("see_week", staff)
    first = monday_of(day)
    last = first + timedelta(days=_WEEK - 1)
    found = file.rows(_PLACED, (first.isoformat(), last.isoformat()))
    there: dict[tuple[int, Slot], dict[int, tuple[int, int, str]]] = {}
    for room, on, period, placed, placement, student, type in found:
        there.setdefault((room, (date.fromisoformat(on), period)), {})[student] = (placed, placement, type)
    plan = Days(_rooms_of(file, staff), _days(file, first, last), {key: len(those) for key, those in there.items()})
    students = {row[5] for row in found}
    seen = reached(file, "see_roster", staff._replace(barred=frozenset()), today.isoformat(), students)
    names = _names(file, sorted(seen - staff.barred), today)
    owed = _owed_days(file, {row[4] for row in found})
    mine = {one.id for one in plan.rooms}
    who: dict[tuple[int, Slot], tuple[Booked, ...]] = {}
    for (room, slot), those in there.items():
        made = []
        for student in seen & those.keys():
            placed, placement, type = those[student]
            days = day_n_of_m(owed.get(placement, ()), slot[0])
            one = Booked(placed, placement, student, room, *names.get(student, ("", "")), PlacementType(type), days)
            made.append(one if student in names else _hidden(one))
        if room in mine and made:
            who[room, slot] = tuple(sorted(made, key=lambda one: (one.hidden, one.name.casefold(), one.student_id)))
    return Week(plan, who)


def _hidden(one: Booked) -> Booked:
    return one._replace(placed_id=0, placement_id=0, name=NOT_SHOWN, form="", days=(1, 1), hidden=True)


def _rooms_of(file: File, staff: Staff) -> tuple[Room, ...]:
    return tuple(one for one in rooms(file) if not staff.rooms or one.id in staff.rooms)


def _days(file: File, first: date, last: date) -> tuple[DayAhead, ...]:
    """Return the days between, in two queries however many they are."""
    lessons: dict[int, list[str]] = {}
    for shape, period, _ in file.rows(_LESSONS):
        if lesson_number(period):
            lessons.setdefault(shape, []).append(period)
    known = {
        on: (SchoolDay(date.fromisoformat(on), shape, week, note), tuple(lessons.get(shape_id, ())))
        for on, shape, week, note, shape_id in file.rows(_CALENDAR, (first.isoformat(), last.isoformat()))
    }
    made = []
    for number in range((last - first).days + 1):
        on = first + timedelta(days=number)
        day = DayAhead(*known.get(on.isoformat(), (SchoolDay(on, "", "", "not in the calendar"), ())))
        if day.day.is_open or on.weekday() < _SCHOOL_DAYS:
            made.append(day)
    return tuple(made)


def _names(file: File, students: Sequence[int], today: date) -> dict[int, tuple[str, str]]:
    """Return each student's name, with the mark of a namesake, and form."""
    found = file.rows(_STUDENTS, {"students": json.dumps(list(students)), "day": today.isoformat()})
    apart = told_apart(file, [Bearer(*one) for one in found])
    return {one: (marked_name(last, first, apart.get(one, "")), form) for one, last, first, form, _ in found}


def _owed_days(file: File, placements: Iterable[int]) -> dict[int, list[date]]:
    """Return the days of each placement that owe a period."""
    made: dict[int, list[date]] = {}
    for placement, on in file.rows(_OWED, (json.dumps(sorted(placements)),)):
        made.setdefault(placement, []).append(date.fromisoformat(on))
    return made
