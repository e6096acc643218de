"""What teachers are to be written to about: the work they owe, and what became of the work they sent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day
from psc.desk.school_acts import school_name
from psc.desk.templates import ASKING, FEEDBACK, the_template
from psc.overview.work import work_for
from psc.school.calendar import school_days
from psc.school.namesakes import MARK
from psc.school.rooms import rooms
from psc.school.shapes import shape_of
from psc.text import fold
from psc.work.messages import Message, Piece, Writer, asking, feedback
from psc.work.sets import State, coming_days
from psc.work.teachers import Teacher, teachers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.overview.work import WorkRow

DAYS_AHEAD = 6
"""School days whose work is asked for: today, and five to come."""
DAYS_BACK = 14
"""Days, of which feedback is still news to a teacher."""


class ToWrite(NamedTuple):
    """What one teacher is to be written to about, the earliest due first."""

    teacher: Teacher
    rows: tuple[WorkRow, ...]

    @property
    def due(self) -> datetime:
        """When the first of it is due, or was."""
        return min(one.work.due for one in self.rows)

    @property
    def asked(self) -> int:
        """How many times they were asked for the one they were asked for most."""
        return max(len(one.work.asked) for one in self.rows)

    @property
    def last(self) -> datetime | None:
        """When they were asked last."""
        return max((one.work.asked[-1] for one in self.rows if one.work.asked), default=None)


def outstanding_for(file: File, staff: Staff, now: datetime) -> tuple[ToWrite, ...]:
    """Return what teachers still owe for today and the school days to come, whoever owes the oldest first.

    Left out is what could not be used any more: a lesson that is over, and one that its student does not come to.
    Raises `NotAllowed` for who may not see work.
    """
    today = school_day(now, file.zone)
    first, last = coming_days(file, today, DAYS_AHEAD)
    shape = shape_of(file, today)

    def over(one: WorkRow) -> bool:
        ends = {period.name: period.end for period in shape.periods(one.year)}
        return one.work.day == today and one.work.period in ends and ends[one.work.period] <= now

    rows = [
        one
        for one in work_for(file, first, last, staff, today)
        if not one.work.state.has_work and not one.work.no_lesson and not one.absent and not over(one)
    ]
    return tuple(sorted(_by_teacher(file, rows), key=lambda one: (one.due, fold(one.teacher.name))))


def untold_for(file: File, staff: Staff, now: datetime) -> tuple[ToWrite, ...]:
    """Return what was handed in and its teacher has not been told of, by teacher.

    Raises `NotAllowed` for who may not see work.
    """
    today = school_day(now, file.zone)
    days = school_days(file, today - timedelta(days=DAYS_BACK), today) or (today,)
    rows = [
        one
        for one in work_for(file, days[0], today, staff, today)
        if one.work.state is State.RETURNED and one.work.teacher
    ]
    return tuple(sorted(_by_teacher(file, rows), key=lambda one: fold(one.teacher.name)))


def _by_teacher(file: File, rows: Sequence[WorkRow]) -> list[ToWrite]:
    """Return rows by their teacher: one entry for whoever stands in the timetable by code here and by name there."""
    known = teachers(file, {one.work.teacher for one in rows})
    made: dict[object, list[WorkRow]] = {}
    for one in sorted(rows, key=lambda each: (each.work.due, each.work.starts)):
        made.setdefault(known[one.work.teacher].people, []).append(one)
    return [ToWrite(known[those[0].work.teacher], tuple(those)) for those in made.values()]


def asking_message(file: File, to: ToWrite, staff: Staff, now: datetime) -> Message:
    """Return the message that asks a teacher for all they owe, in the school's words."""
    template = the_template(file, ASKING).text
    return asking(template, to.teacher, _pieces(to), _writer(file, to, staff), now, file.zone)


def feedback_message(file: File, to: ToWrite, staff: Staff) -> Message:
    """Return the message that tells a teacher what became of their work, in the school's words."""
    return feedback(the_template(file, FEEDBACK).text, to.teacher, _pieces(to), _writer(file, to, staff))


def _pieces(to: ToWrite) -> tuple[Piece, ...]:
    return tuple(Piece(_named(one), one.work) for one in to.rows)


def _named(one: WorkRow) -> str:
    """Return a student as a message names them: `Amara Okafor, 9B`; a namesake by what tells them apart."""
    surname, comma, forename = one.plain_name.partition(", ")
    name = f"{forename} {surname}" if comma else one.plain_name
    where = one.apart.removeprefix(MARK) or one.form
    return f"{name}, {where}" if where else name


def _writer(file: File, to: ToWrite, staff: Staff) -> Writer:
    """Return who writes; work is sent to their address, where the staff list has none to the rooms it is for."""
    adult = teachers(file, (staff.code,))[staff.code]
    among = {one.room_id for one in to.rows}
    named = " or ".join(f"the {room.name}" for room in rooms(file) if room.id in among)
    return Writer(adult.name, adult.email or named, school_name(file))
