"""Reading the board of a day: a handful of queries, and the rows they make."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from psc.clock import moment, school_day
from psc.desk.facts import live
from psc.desk.permissions import Scope, may, scope_of, students_within
from psc.desk.settings import settings_on
from psc.errors import NotAllowed
from psc.overview.care import DayCare, read_care
from psc.roster.absences import Absence, AbsenceMark, marks_on
from psc.roster.checks import adjustments_missed, checks_on
from psc.roster.confirmations import Confirmation, Outcome, confirmations_on, waits
from psc.roster.evacuation import Evacuation, evacuation_on
from psc.roster.events import Event, events_on
from psc.roster.movements import (
    Kind,
    Movement,
    in_order,
    is_open,
    movements_on,
    on_the_way,
)
from psc.roster.placements import (
    Line as Side,
)
from psc.roster.placements import (
    PlacementType,
    day_n_of_m,
)
from psc.roster.sightings import Sighting, sightings_on
from psc.roster.status import DayFacts, blocks, going_along
from psc.school.calendar import calendar_day, next_school_day
from psc.school.namesakes import Bearer, told_apart
from psc.school.rooms import room_by_code, rooms
from psc.school.shapes import DayShape, Period, shape_of
from psc.school.students import LATEST_ENROLMENT, marked_name, shown_number
from psc.school.timetable import Lesson, lessons_on
from psc.work.day import DayWork, work_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.school.rooms import Room
from psc.overview.board import Alert, Board, Placed, Row
from psc.overview.private import alerts_for, hidden

_ROWS = f"""
SELECT pp.id, pp.placement_id, pp.period, p.student_id, p.room_id, p.type, p.reason, p.planned, p.happened,
    coalesce(sender.code, ''), student.surname, student.forename, coalesce(student.admission_no, ''),
    now.year, coalesce(now.form, ''),
    EXISTS (SELECT 1 FROM waiver w WHERE w.placement_period_id = pp.id AND {live("waiver", "w")}),
    EXISTS (SELECT 1 FROM placement_period c WHERE c.carried_from = pp.id AND {live("placement_period", "c")}),
    substr(p.recorded, 1, 10) = pp.on_day
FROM placement_period pp
JOIN placement p ON p.id = pp.placement_id
JOIN student ON student.id = p.student_id
LEFT JOIN staff sender ON sender.id = p.sent_by
LEFT JOIN enrolment now ON now.id = {LATEST_ENROLMENT}
WHERE pp.on_day = :day AND {live("placement_period", "pp")} AND {live("placement", "p")}
"""

_EXTENT = f"""
SELECT pp.placement_id, pp.on_day, pp.period,
    EXISTS (SELECT 1 FROM waiver w WHERE w.placement_period_id = pp.id AND {live("waiver", "w")})
FROM placement_period pp
WHERE pp.placement_id IN (SELECT placement_id FROM placement_period WHERE on_day = :day)
    AND {live("placement_period", "pp")}
ORDER BY pp.on_day, pp.id
"""

_SEATS = f"""
SELECT v.student_id, v.room_id, v.id,
    (SELECT s.seat FROM seating s WHERE s.visit_id = v.id AND {live("seating", "s")}
        ORDER BY s.happened DESC, s.id DESC LIMIT 1)
FROM visit v WHERE v.day = :day
"""


def read_board(
    file: File,
    day: date,
    staff: Staff,
    *,
    open_before: int = 0,
    stranded: int = 0,
    read: str = "see_roster",
    blank: bool = False,
    staffed: bool = True,
    today: date | None = None,
) -> Board:
    """Read the board of a day, within what `staff` may see.

    `open_before` and `stranded` are carried through for the top line. `read` is the read of the permission table that
    it is asked for: the evacuation roll has its own, wider one. With `blank`, who may not see the roster at all gets a
    board without a student instead of a refusal. Alerts are those the reader may see; the roll needs none. Whoever the
    reader is barred from keeps the row, without a name: see `hidden`. `today` is given for the board of another day:
    whoever reaches only the students placed today sees no others there. Without `staffed` it does not say who is on
    duty: a text command shows none, and starts sooner.
    """
    scope: str = "0"
    params: dict[str, object] = {}
    reach: Scope | None = None
    if not blank or may(read, staff):
        reach = scope_of(read, staff)
        by_day = (today or day) if reach is Scope.TODAY else day
        scope, params = students_within(reach, staff._replace(barred=frozenset()), by_day.isoformat())
    when = calendar_day(file, day)
    shape = shape_of(file, day)
    known = {"day": day.isoformat(), **params}
    found = file.rows(f"{_ROWS} AND {scope} ORDER BY p.id, pp.id", known)
    by_key: dict[tuple[int, int], list[tuple[Any, ...]]] = {}
    for row in found:
        by_key.setdefault((row[3], row[4]), []).append(row)
    students = sorted({key[0] for key in by_key})
    bearers = [
        Bearer(student, those[0][10], those[0][11], those[0][14], those[0][13])
        for (student, _), those in by_key.items()
    ]
    moves = _by_visit(movements_on(file, day))
    evacuation = evacuation_on(file, day)
    visits = {
        (student, room): (visit, seat) for student, room, visit, seat in file.rows(_SEATS, {"day": day.isoformat()})
    }
    work = work_on(file, day)
    lessons = {**lessons_on(file, day, when.week, students), **work.lessons}
    reader = _Reader(
        day=day,
        shape=shape,
        moves=moves,
        days=_days(moves, visits),
        sightings=sightings_on(file, day),
        visits=visits,
        evacuation=evacuation,
        settled=confirmations_on(file, day),
        marks=marks_on(file, day),
        checks=checks_on(file, day),
        extents=_extents(file, day),
        alerts={} if reach is Scope.ROLL else alerts_for(file, students, staff, day, today or day),
        lessons=_by_student(lessons),
        work=work,
        sees_work=may("see_work", staff),
        missed=adjustments_missed(file, day),
        events=events_on(file, day),
        apart=told_apart(file, bearers),
        new_here=_new_here(file, students),
        care=read_care(file, day, students, moves.values(), _removed(found, day, file.zone)),
    )
    every = by_key | reader.sent_over(by_key)
    # A cover pass is for its rooms, whoever of them is placed elsewhere too.
    centre = rooms(file)
    seen = {one.id for one in centre if not staff.rooms or one.id in staff.rooms or reach is Scope.ROLL}
    rows = tuple(reader.row(key, placed) for key, placed in every.items() if key[1] in seen)
    if staff.barred and reach is not Scope.ROLL:
        rows = tuple(hidden(row) if row.student_id in staff.barred else row for row in rows)
    # Seats are counted over everybody, also where `staff` may see only some of them.
    used = Counter(room for (_, room), (visit, _) in reader.visits.items() if is_open(reader.moves.get(visit, ())))
    board = Board(
        file.school,
        file.zone,
        when,
        next_school_day(file, day),
        shape,
        settings_on(file, day),
        tuple(room for room in centre if room.id in seen),
        rows,
        used,
        open_before,
        evacuation,
        stranded,
        other_rooms=tuple(room for room in centre if room.id not in seen),
        whole=reach in (Scope.ALL, Scope.ROLL) and not any(row.hidden for row in rows),
    )
    return _staffed(file, board) if staffed else board


def rooms_asked(file: File, board: Board, code: str) -> tuple[Room, ...]:
    """Return the room of a board that a code names, or every room of it for "".

    Raises `NotUnderstood` for a code that no room has, `NotAllowed` for a room that is not on the reader's cover pass.
    """
    if not code:
        return board.rooms
    room = room_by_code(file, code)
    if room not in board.rooms:
        raise NotAllowed(f"{room.code} is not on your cover pass.", "Ask whoever gave it to you.")
    return (room,)


def _staffed(file: File, board: Board) -> Board:
    """Return the board with who was on duty, and who is planned."""
    from psc.roster.duty import duty_marks
    from psc.roster.rota import entries_between

    day = board.day.day
    return board._replace(duty=duty_marks(file, day), rota=entries_between(file, day, day))


def _new_here(file: File, students: Sequence[int]) -> frozenset[int]:
    """Return which of several students are provisional."""
    marks = ", ".join("?" * len(students))
    found = file.rows(f"SELECT id FROM student WHERE provisional AND id IN ({marks})", list(students))
    return frozenset(student for (student,) in found)


def _by_visit(moves: Sequence[Movement]) -> dict[int, tuple[Movement, ...]]:
    made: dict[int, list[Movement]] = {}
    for one in moves:
        made.setdefault(one.visit_id, []).append(one)
    return {visit: in_order(those) for visit, those in made.items()}


def _days(
    moves: Mapping[int, tuple[Movement, ...]], visits: Mapping[tuple[int, int], tuple[int, int | None]]
) -> dict[int, tuple[Movement, ...]]:
    """Return each student's movements of the day over all rooms, in order."""
    made: dict[int, tuple[Movement, ...]] = {}
    for (student, _), (visit, _) in visits.items():
        there = moves.get(visit, ())
        made[student] = in_order((*made[student], *there)) if student in made else there
    return made


def _by_student(lessons: Mapping[tuple[int, str], Lesson | None]) -> dict[int, dict[str, Lesson]]:
    made: dict[int, dict[str, Lesson]] = {}
    for (student, period), lesson in lessons.items():
        if lesson is not None:
            made.setdefault(student, {})[period] = lesson
    return made


def _removed(found: Sequence[tuple[Any, ...]], day: date, zone: ZoneInfo) -> dict[int, tuple[datetime, ...]]:
    """Return, by student, when the sanctions were decided that nobody had planned and that began this day."""
    made: dict[int, dict[int, datetime]] = {}
    for _, placement, _, student, _, type, _, planned, decided, *_ in found:
        if not planned and PlacementType(type).line is Side.SANCTION and school_day(moment(decided), zone) == day:
            made.setdefault(student, {})[placement] = moment(decided)
    return {student: tuple(times.values()) for student, times in made.items()}


def _extents(file: File, day: date) -> dict[int, tuple[list[date], date, str]]:
    """Return, for each placement of the day: the days that owe a period, and its last day and period."""
    owed: dict[int, list[date]] = {}
    last: dict[int, tuple[date, str]] = {}
    for placement, on, period, waived in file.rows(_EXTENT, {"day": day.isoformat()}):
        when = date.fromisoformat(on)
        if not waived:
            owed.setdefault(placement, []).append(when)
        last[placement] = (when, period)
    return {placement: (owed.get(placement, []), *last[placement]) for placement in last}


class _Reader(NamedTuple):
    """The day's facts by what they belong to, from which rows are made."""

    day: date
    shape: DayShape
    moves: Mapping[int, tuple[Movement, ...]]
    days: Mapping[int, tuple[Movement, ...]]
    sightings: Mapping[int, tuple[Sighting, ...]]
    visits: Mapping[tuple[int, int], tuple[int, int | None]]
    marks: Mapping[int, AbsenceMark]
    checks: Mapping[int, int]
    extents: Mapping[int, tuple[list[date], date, str]]
    alerts: Mapping[int, tuple[Alert, ...]]
    lessons: Mapping[int, Mapping[str, Lesson]]
    work: DayWork
    sees_work: bool
    missed: frozenset[int]
    evacuation: Evacuation | None
    settled: Mapping[int, Confirmation]
    events: Mapping[int, tuple[Event, ...]]
    apart: Mapping[int, str]
    new_here: frozenset[int]
    care: DayCare

    def _no_work(self, student_id: int, period: Period) -> bool:
        """Say whether no work came for a lesson by its end."""
        return period.is_lesson and self.work.none_came(student_id, period.name, period.end)

    def sent_over(self, by_key: Mapping[tuple[int, int], Sequence[tuple[Any, ...]]]) -> dict[tuple[int, int], Any]:
        """Return the placed periods that go with students to a room they are not placed in, by row.

        Such a room has a row for a student who is on the way to it, or has come into it.
        """
        made: dict[tuple[int, int], Any] = {}
        for student_id, moves in self.days.items():
            for left, then in zip(moves, (*moves[1:], None), strict=False):
                if left.kind is not Kind.LEFT:
                    continue
                to = then.room_id if then else left.to_room
                if not to or to == left.room_id or (student_id, to) in by_key:
                    continue
                here = (student_id, left.room_id)
                if found := by_key.get(here) or made.get(here):
                    made[student_id, to] = self._going_along(found, left)
        return made

    def _going_along(self, found: Sequence[tuple[Any, ...]], left: Movement) -> Sequence[tuple[Any, ...]]:
        """Return what is ahead of the run a student was sent over with; when all is over, the last period."""
        periods = self.shape.periods(found[-1][13])
        run = going_along(blocks(periods, {row[2] for row in found}), left.happened)
        ahead = {
            one.name
            for one in periods
            if run and run.first.start <= one.start and one.end <= run.last.end and one.end > left.happened
        }
        return [row for row in found if row[2] in ahead] or [found[-1]]

    def row(self, key: tuple[int, int], found: Sequence[tuple[Any, ...]]) -> Row:
        """Make the row of a student in a room. Of several placements there, the newest that is not cancelled leads."""
        room_id = key[1]
        cancelled = {one for one, mark in self.marks.items() if mark.kind is Absence.CANCELLED}
        standing = [one for one in found if one[1] not in cancelled] or found
        _, placement_id, _, student_id, _, type, reason, planned, _, sent_by, *who = standing[-1][:15]
        surname, forename, admission_no, year, form = who
        periods = self.shape.periods(year)
        by_name = {period.name: period for period in periods}
        mine = self.lessons.get(student_id, {})
        placed = tuple(
            Placed(
                pp,
                placement,
                by_name[name],
                moment(decided),
                self.checks.get(pp),
                bool(waived),
                bool(carried),
                self.work.of(student_id, name, mine.get(name)) if self.sees_work else None,
                pp in self.missed or self._no_work(student_id, by_name[name]),
            )
            for pp, placement, name, *_, decided, _, _, _, _, _, _, waived, carried, _ in standing
            if name in by_name
        )
        owed_days, last_day, last_period = self.extents[placement_id]
        visit_id, seat = self.visits.get(key, (None, None))
        kind = PlacementType(type)
        settled = self.settled.get(placement_id)
        if settled and settled.outcome is Outcome.CHANGED:
            reason = settled.reason
        moves = self.moves.get(visit_id, ()) if visit_id else ()
        whole = self.days.get(student_id, ())
        left = on_the_way(whole)
        facts = DayFacts(
            blocks(periods, {one.period.name for one in placed}),
            moves,
            self.marks.get(placement_id),
            kind.line is Side.SUPPORT,
            left if left and left.to_room == room_id else None,
            self.sightings.get(student_id, ()),
            tuple(one for one in whole if one.room_id != room_id),
            bool(moves and self.evacuation and self.evacuation.takes_out(moves[-1])),
            self.events.get(student_id, ()),
            not placed,
        )
        return Row(
            student_id=student_id,
            admission_no=shown_number(student_id, admission_no, new_here=student_id in self.new_here),
            name=marked_name(surname, forename, self.apart.get(student_id, "")),
            year=year,
            form=form,
            room_id=room_id,
            placement_id=placement_id,
            type=kind,
            reason=reason,
            planned=bool(planned),
            sent_by=sent_by,
            days=day_n_of_m(owed_days, self.day),
            last_day=last_day,
            last_period=last_period,
            visit_id=visit_id,
            seat=seat,
            periods=periods,
            placed=tuple(sorted(placed, key=lambda one: one.period.start)),
            facts=facts,
            alerts=self.alerts.get(student_id, ()),
            lessons=mine,
            # What was typed on another day came from the school's own files: somebody decided it there.
            to_confirm=bool(standing[-1][17]) and waits(kind, bool(planned), settled),
            apart=self.apart.get(student_id, ""),
            new_here=student_id in self.new_here,
            care=self.care.of(student_id, visit_id),
        )
