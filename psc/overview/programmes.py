"""Programmes as they are read: who is on one, what comes next and when, how much of it was attended."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day
from psc.desk.permissions import may, reached, scope_of
from psc.roster.movements import movements_since, seconds_present
from psc.roster.patterns import WEEKDAYS, Pattern
from psc.roster.placements import placed_periods
from psc.roster.programmes import StageNow, days_until, due_words, next_stage, programmes
from psc.roster.unwritten import unwritten_programmes
from psc.school.calendar import academic_year_start, school_days
from psc.school.rooms import room_by_id
from psc.school.shapes import shape_of
from psc.school.students import student_by_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.roster.movements import Movement
    from psc.roster.programmes import Programme
    from psc.roster.unwritten import Unwritten
    from psc.school.rooms import Room
    from psc.school.shapes import DayShape
    from psc.school.students import Student


class Progress(NamedTuple):
    """How many of the periods planned so far were attended."""

    attended: int
    planned: int

    @property
    def words(self) -> str:
        """As a line says it: `12 of 14`; a dash before the first."""
        return f"{self.attended} of {self.planned}" if self.planned else "–"


class ProgrammeNow(NamedTuple):
    """A programme as it stands. `next` is None once it has ended; `left` are school days until that is due."""

    programme: Programme
    student: Student
    room: Room
    next: StageNow | None
    left: int
    due: str
    """What comes next and when: `review in 3 days`, `transition 2 days over`; how it ended."""
    progress: Progress

    @property
    def overdue(self) -> bool:
        """Whether what comes next should have been done before today."""
        return self.next is not None and self.left < 0


class UnwrittenNow(NamedTuple):
    """A placement that is a programme, of which nothing is written down."""

    placed: Unwritten
    student: Student
    room: Room


class ProgrammeList(NamedTuple):
    """The programmes within somebody's reach: those that run, the most overdue first; those that ended this year."""

    running: tuple[ProgrammeNow, ...]
    ended: tuple[ProgrammeNow, ...]
    unwritten: tuple[UnwrittenNow, ...]


def week_words(pattern: Pattern) -> str:
    """Return a pattern as a line says it, days with the same periods together: `Mon–Fri P1–P4`, `Tue Fri P5`."""
    by_letter: dict[str, dict[str, list[int]]] = {}
    for week, day in dict.fromkeys((week, day) for week, day, _ in pattern.cells):
        own = Pattern(tuple(("", 0, one) for letter, on, one in pattern.cells if (letter, on) == (week, day)))
        by_letter.setdefault(week, {}).setdefault(own.words.removeprefix(WEEKDAYS[0]), []).append(day)
    return "; ".join(
        (f"{week}: " if week else "") + ", ".join(f"{_days(days)}{periods}" for periods, days in those.items())
        for week, those in by_letter.items()
    )


def _days(days: Sequence[int]) -> str:
    """Return weekdays: `Tue`, `Mon Wed`, `Mon–Fri` for three or more in a row."""
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{WEEKDAYS[days[0]]}–{WEEKDAYS[days[-1]]}"
    return " ".join(WEEKDAYS[day] for day in days)


def read_programmes(file: File, staff: Staff, now: datetime) -> ProgrammeList:
    """Return the programmes of the students whom `staff` may see. Raises `NotAllowed` for who may see none."""
    scope_of("see_programmes", staff)
    today = school_day(now, file.zone)
    year = academic_year_start(today)
    found = programmes(file, since=year)
    bare = unwritten_programmes(file, today)
    students = {one.student_id for one in found} | {one.student_id for one in bare}
    seen = reached(file, "see_programmes", staff, today.isoformat(), students)
    made = _as_they_stand(file, [one for one in found if one.student_id in seen], now)
    running = sorted((one for one in made if one.next), key=lambda one: (one.left, one.student.name.casefold()))
    ended = sorted((one for one in made if not one.next), key=lambda one: one.student.name.casefold())
    ended.sort(key=lambda one: one.programme.steps[-1].day, reverse=True)
    rest = [
        UnwrittenNow(one, student_by_id(file, one.student_id, today), room_by_id(file, one.room_id))
        for one in bare
        if one.student_id in seen
    ]
    rest.sort(key=lambda one: one.student.name.casefold())
    return ProgrammeList(tuple(running), tuple(ended), tuple(rest))


def programmes_of_student(file: File, student_id: int, staff: Staff, now: datetime) -> tuple[ProgrammeNow, ...]:
    """Return a student's running programmes; none where `staff` may not see them."""
    today = school_day(now, file.zone)
    if not reached(file, "see_programmes", staff, today.isoformat(), (student_id,)):
        return ()
    found = programmes(file, since=today, student_id=student_id)
    return tuple(one for one in _as_they_stand(file, found, now) if one.next)


def programmes_overdue(file: File, staff: Staff, today: date) -> int:
    """Return how many programmes wait for `staff` to record a stage that should have been done before today."""
    if not may("step_programme", staff):
        return 0
    due = {one.student_id: step.due for one in programmes(file, since=today) if (step := next_stage(one))}
    late = {student: day for student, day in due.items() if day < today}
    seen = reached(file, "step_programme", staff, today.isoformat(), late)
    return sum(1 for student in seen if days_until(late[student], today, school_days(file, late[student], today)) < 0)


def _as_they_stand(file: File, found: Sequence[Programme], now: datetime) -> list[ProgrammeNow]:
    """Return programmes as they stand; the days and their bells are read once for all of them."""
    today = school_day(now, file.zone)
    coming = {one.placement_id: next_stage(one) for one in found}
    edges = [today, *(step.due for step in coming.values() if step)]
    days = school_days(file, min(edges), max(edges))
    shapes: dict[date, DayShape] = {}
    made = []
    for one in found:
        student, step = student_by_id(file, one.student_id, today), coming[one.placement_id]
        left = days_until(step.due, today, days) if step else 0
        due = due_words(step.stage, step.due, today, days) if step else one.steps[-1].outcome
        progress = _progress(file, one, student.year, now, shapes)
        made.append(ProgrammeNow(one, student, room_by_id(file, one.room_id), step, left, due, progress))
    return made


def _progress(file: File, one: Programme, year: int | None, now: datetime, shapes: dict[date, DayShape]) -> Progress:
    """Count the periods that are over, and those of them in which the student was there at all."""
    today = school_day(now, file.zone)
    moves: dict[date, list[Movement]] = {}
    for move in movements_since(file, one.student_id, one.first):
        if move.room_id == one.room_id:
            moves.setdefault(school_day(move.happened, file.zone), []).append(move)
    attended = planned = 0
    for placed in placed_periods(file, one.placement_id):
        if placed.day > today:
            break
        if placed.day not in shapes:
            shapes[placed.day] = shape_of(file, placed.day)
        period = next((known for known in shapes[placed.day].periods(year) if known.name == placed.period), None)
        if period is None or period.end > now:
            continue
        planned += 1
        attended += seconds_present(moves.get(placed.day, ()), now, period.start, period.end) > 0
    return Progress(attended, planned)
