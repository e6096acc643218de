"""Work sets: the work of one student for one period, from the timetable and from what was recorded of it.

A set is never stored. It stands for every placed period by itself: its lesson comes from the timetable, its state from
the facts about that student, day and period. So a booking that is moved or a timetable that is imported makes the sets
anew, and nothing that came is lost.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import at_clock, moment
from psc.desk.facts import live
from psc.desk.settings import settings_on
from psc.school.calendar import calendar_day, school_day_before, school_days
from psc.school.shapes import shape_of
from psc.school.timetable import Lesson, lessons_on
from psc.work.slots import LAPSED, Slot, due_at, slots_between
from psc.work.states import Kind as Kind
from psc.work.states import State as State
from psc.work.states import asked_for, state_of, why_no_work

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from psc.database.file import File


class Arrival(NamedTuple):
    """Work that came, for the lesson named on it. `minutes` is how long it should take."""

    id: int
    subject: str
    class_code: str
    teacher: str
    kind: Kind
    place: str
    """The link, the file's name, the tray, or where the pack is kept."""
    task: str
    pages: str
    minutes: int | None
    adaptation: str
    equipment: str
    return_to: str
    pack_id: int | None
    pack: str
    """The pack's code, "" for a teacher's own work."""
    at: datetime


class Return(NamedTuple):
    """What was handed in: how much of it was done (0-100), effort (1-4, None unless said), one line to the teacher."""

    id: int
    share: int
    effort: int | None
    line: str
    at: datetime


class WorkSet(NamedTuple):
    """The work of one student for one period. `lesson` is None where the timetable has none then."""

    student_id: int
    day: date
    period: str
    starts: datetime
    lesson: Lesson | None
    due: datetime
    asked: tuple[datetime, ...] = ()
    """When the teacher who has the lesson now was asked."""
    arrival: Arrival | None = None
    issued: datetime | None = None
    returned: Return | None = None
    sent_back: datetime | None = None

    @property
    def key(self) -> tuple[int, date, str]:
        """Whose, and for when."""
        return (self.student_id, self.day, self.period)

    @property
    def state(self) -> State:
        """How far it has come."""
        return state_of(
            asked=bool(self.asked),
            came=self.arrival is not None,
            issued=self.issued is not None,
            returned=self.returned is not None,
            told=self.sent_back is not None,
        )

    @property
    def fallback(self) -> bool:
        """Whether a pack stands in for the lesson's own work."""
        return self.arrival is not None and self.arrival.kind is Kind.PACK

    @property
    def chased(self) -> int:
        """How many times the teacher was asked again."""
        return max(0, len(self.asked) - 1)

    @property
    def subject(self) -> str:
        """What the work is for: the lesson's subject, or that of the work that came."""
        if self.arrival is not None and self.arrival.subject:
            return self.arrival.subject
        return self.lesson.subject if self.lesson else ""

    @property
    def teacher(self) -> str:
        """Whom the work goes back to: whoever sent it, else whoever has the lesson."""
        if self.arrival is not None and self.arrival.teacher:
            return self.arrival.teacher
        return self.lesson.teacher if self.lesson else ""

    @property
    def no_lesson(self) -> str:
        """Why no teacher is asked: `no lesson`, `study` or `PE`; "" for a lesson that has work of its own."""
        return why_no_work(self.lesson)

    @property
    def other_lesson(self) -> str:
        """The subject (else the class) the work came for, where the timetable has another class now."""
        if self.arrival is None or self.fallback or not self.arrival.class_code:
            return ""
        now = self.lesson.class_code if self.lesson else ""
        same = self.arrival.class_code.casefold() == now.casefold()
        return "" if same else self.arrival.subject or self.arrival.class_code

    def overdue(self, now: datetime) -> bool:
        """Say whether the work should have come by now and has not."""
        return not self.state.has_work and now >= self.due


def sets_between(file: File, first: date, last: date, students: Iterable[int] | None = None) -> tuple[WorkSet, ...]:
    """Return the work sets of every placed lesson from `first` to `last`, of some students where they are given."""
    wanted = None if students is None else frozenset(students)
    slots = [one for one in slots_between(file, first, last) if wanted is None or one.student_id in wanted]
    return sets_of(file, slots)


def sets_of(file: File, slots: Sequence[Slot]) -> tuple[WorkSet, ...]:
    """Return the work sets of some slots, in the order of day, period and slot.

    A slot that the day does not have any more has none, and one that lapsed only where its work had been given out:
    that is to come back all the same.
    """
    if not slots:
        return ()
    days = sorted({one.day for one in slots})
    facts = _facts(file, days, {one.student_id for one in slots})
    made = [one for day in days for one in _of_day(file, day, [slot for slot in slots if slot.day == day], facts)]
    return tuple(sorted(made, key=lambda one: (one.day, one.starts)))


def _of_day(file: File, day: date, slots: Sequence[Slot], facts: _Facts) -> list[WorkSet]:
    shape = shape_of(file, day)
    before = school_day_before(file, day)
    hour = settings_on(file, day).work_due_hour
    day_before = at_clock(before, time(hour), file.zone) if before else None
    midnight = at_clock(day, time(0), file.zone)
    students = sorted({one.student_id for one in slots})
    lessons = lessons_on(file, day, calendar_day(file, day).week, students)
    bells = {year: {one.name: one.start for one in shape.lessons(year)} for year in {one.year for one in slots}}
    made = []
    for slot in slots:
        starts_of = bells[slot.year]
        key = (slot.student_id, day, slot.period)
        arrival = facts.arrivals.get(key)
        issued = facts.issues.get(arrival.id) if arrival else None
        if slot.period not in starts_of or (slot.lapsed and issued is None):
            continue
        starts = starts_of[slot.period]
        after = None
        if slot.unplanned:
            after = min((start for start in starts_of.values() if start > slot.decided), default=None)
        # An import of bookings says no more than the day: they count as made in time.
        in_time = not slot.unplanned and slot.decided == midnight
        decided = day_before or starts if in_time else slot.decided
        lesson = facts.lessons[key] if key in facts.lessons else lessons.get((slot.student_id, slot.period))
        made.append(
            WorkSet(
                slot.student_id,
                day,
                slot.period,
                starts,
                lesson,
                due_at(starts, decided, day_before, came=slot.unplanned, next_start=after),
                tuple(one.at for one in facts.asks.get(key, ()) if lesson and one.is_for(lesson)),
                arrival,
                issued,
                facts.returns.get(arrival.id) if arrival else None,
                facts.feedback.get(arrival.id) if arrival else None,
            )
        )
    return made


class _Ask(NamedTuple):
    """That a teacher was asked for the work of a lesson."""

    at: datetime
    subject: str
    class_code: str
    teacher: str

    def is_for(self, lesson: Lesson) -> bool:
        """Say whether it asked whoever has the lesson now, and for this class or subject."""
        has = (lesson.subject, lesson.class_code, lesson.teacher)
        return asked_for((self.subject, self.class_code, self.teacher), has)


class _Facts(NamedTuple):
    """What was recorded of the work of some days, by student, day and period, or by the work that came."""

    lessons: Mapping[tuple[int, date, str], Lesson | None]
    """What a period was before a new timetable came; None where there was no lesson then."""
    asks: Mapping[tuple[int, date, str], list[_Ask]]
    arrivals: Mapping[tuple[int, date, str], Arrival]
    issues: Mapping[int, datetime]
    returns: Mapping[int, Return]
    feedback: Mapping[int, datetime]


_ARRIVAL = (
    "a.id, a.subject, a.class_code, a.teacher, a.kind, a.place, a.task, a.pages, a.minutes, a.adaptation,"
    " a.equipment, a.return_to, a.pack_id, coalesce(pack.code, ''), a.happened"
)


def _facts(file: File, days: Sequence[date], students: Iterable[int]) -> _Facts:
    among: dict[str, object] = {
        "days": json.dumps([one.isoformat() for one in days]),
        "students": json.dumps(sorted(students)),
    }

    def of(table: str, columns: str, joined: str = "") -> list[tuple[object, ...]]:
        return file.rows(
            f"SELECT t.student_id, t.on_day, t.period, {columns} FROM {table} t {joined}"
            " WHERE t.on_day IN (SELECT value FROM json_each(:days))"
            f" AND t.student_id IN (SELECT value FROM json_each(:students)) AND {live(table, 't')} ORDER BY t.id",
            among,
        )

    lessons: dict[tuple[int, date, str], Lesson | None] = {}
    for student, day, period, *lesson in of("work_lesson", "t.class_code, t.subject, t.teacher, t.room"):
        key = (int(str(student)), date.fromisoformat(str(day)), str(period))
        lessons[key] = Lesson(str(period), *map(str, lesson)) if lesson[0] or lesson[1] else None
    asks: dict[tuple[int, date, str], list[_Ask]] = {}
    for student, day, period, at, *lesson in of("work_ask", "t.happened, t.subject, t.class_code, t.teacher"):
        key = (int(str(student)), date.fromisoformat(str(day)), str(period))
        asks.setdefault(key, []).append(_Ask(moment(str(at)), *map(str, lesson)))
    arrivals = {
        (int(str(student)), date.fromisoformat(str(day)), str(period)): _arrival(rest)
        for student, day, period, *rest in of(
            "work_arrival", _ARRIVAL.replace("a.", "t."), "LEFT JOIN pack ON pack.id = t.pack_id"
        )
    }
    came = json.dumps([one.id for one in arrivals.values()])

    def about(table: str, columns: str) -> list[tuple[int, ...]]:
        return file.rows(
            f"SELECT t.arrival_id, {columns} FROM {table} t"
            f" WHERE t.arrival_id IN (SELECT value FROM json_each(?)) AND {live(table, 't')} ORDER BY t.id",
            (came,),
        )

    return _Facts(
        lessons,
        asks,
        arrivals,
        {arrival: moment(str(at)) for arrival, at in about("work_issue", "t.happened")},
        {
            arrival: Return(identity, share, effort, str(line), moment(str(at)))
            for arrival, identity, share, effort, line, at in about(
                "work_return", "t.id, t.share, t.effort, t.line, t.happened"
            )
        },
        {arrival: moment(str(at)) for arrival, at in about("work_feedback", "t.happened")},
    )


def _arrival(row: Sequence[object]) -> Arrival:
    """Make the value of a row with the columns of `_ARRIVAL`."""
    identity, subject, code, teacher, kind, place, task, pages, minutes, *rest = row
    adaptation, equipment, return_to, pack_id, pack, at = rest
    return Arrival(
        int(str(identity)),
        str(subject),
        str(code),
        str(teacher),
        Kind(str(kind)),
        str(place),
        str(task),
        str(pages),
        None if minutes is None else int(str(minutes)),
        str(adaptation),
        str(equipment),
        str(return_to),
        None if pack_id is None else int(str(pack_id)),
        str(pack),
        moment(str(at)),
    )


def arrival_by_id(file: File, arrival_id: int) -> tuple[Arrival, int, date, str] | None:
    """Return work that came and stands, with whose it is, its day and its period; None when it was taken back."""
    row = file.row(
        f"SELECT {_ARRIVAL}, a.student_id, a.on_day, a.period FROM work_arrival a"
        f" LEFT JOIN pack ON pack.id = a.pack_id WHERE a.id = ? AND {live('work_arrival', 'a')}",
        (arrival_id,),
    )
    if row is None:
        return None
    *arrival, student, day, period = row
    return _arrival(arrival), int(student), date.fromisoformat(day), str(period)


class Spare(NamedTuple):
    """Work that came for a period that is no longer to be done, and that was never given out."""

    arrival: Arrival
    day: date
    period: str


def spare_work(file: File, student_id: int) -> tuple[Spare, ...]:
    """Return a student's spare work, the newest first: it is offered before a pack is.

    It came for a period for which they are not placed any more, or that was cancelled, let off or carried on.
    """
    placed = (
        "SELECT 1 FROM placement_period pp JOIN placement p ON p.id = pp.placement_id"
        " WHERE p.student_id = a.student_id AND pp.on_day = a.on_day AND pp.period = a.period"
        f" AND {live('placement_period', 'pp')} AND {live('placement', 'p')} AND NOT {LAPSED}"
    )
    found = file.rows(
        f"SELECT {_ARRIVAL}, a.on_day, a.period FROM work_arrival a LEFT JOIN pack ON pack.id = a.pack_id"
        f" WHERE a.student_id = ? AND {live('work_arrival', 'a')} AND NOT EXISTS ({placed}) AND NOT EXISTS"
        f" (SELECT 1 FROM work_issue i WHERE i.arrival_id = a.id AND {live('work_issue', 'i')})"
        f" AND NOT EXISTS (SELECT 1 FROM work_return r WHERE r.arrival_id = a.id AND {live('work_return', 'r')})"
        " ORDER BY a.id DESC",
        (student_id,),
    )
    return tuple(Spare(_arrival(row), date.fromisoformat(day), str(period)) for *row, day, period in found)


def outstanding(sets: Iterable[WorkSet]) -> dict[str, tuple[WorkSet, ...]]:
    """Return what is still to come, by teacher (code, "" where the timetable names none), the earliest due first."""
    made: dict[str, list[WorkSet]] = {}
    for one in sorted(sets, key=lambda each: (each.due, each.starts)):
        if not one.state.has_work and not one.no_lesson:
            made.setdefault(one.teacher, []).append(one)
    return {teacher: tuple(those) for teacher, those in made.items()}


def coming_days(file: File, day: date, days: int) -> tuple[date, date]:
    """Return the first and the last of `days` school days from a date on; the date itself past the calendar's end."""
    from datetime import timedelta

    found = school_days(file, day, day + timedelta(days=days * 2 + 30))[:days]
    return (found[0], found[-1]) if found else (day, day)
