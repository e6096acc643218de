"""What a new referral of a student begins with: the lesson that was last under way, and what the record says."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day
from psc.desk.permissions import reached, scope_of
from psc.errors import NotAllowed
from psc.overview.tried import tried
from psc.roster.adjustments import sen_words
from psc.school.calendar import calendar_day
from psc.school.shapes import shape_of
from psc.school.students import student_by_id
from psc.school.timetable import lessons_on

if TYPE_CHECKING:
    from datetime import datetime

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.school.timetable import Lesson


class Prefill(NamedTuple):
    """What a new referral of a student begins with: the lesson that was last under way, and what the record says."""

    period: str
    place: str
    subject: str
    teacher: str
    sen: str
    tried: tuple[str, ...]


def prefill(file: File, student_id: int, staff: Staff, now: datetime) -> Prefill:
    """Return what a new referral of a student begins with. Raises `NotAllowed` for one whom `staff` may not refer.

    The lesson is the one under way, or the last that began today; the place is its room while it is under way.
    """
    today = school_day(now, file.zone)
    scope_of("raise_referral", staff)
    if not reached(file, "raise_referral", staff, today.isoformat(), (student_id,)):
        raise NotAllowed("You may not refer this student.", "Ask a coordinator.")
    year = student_by_id(file, student_id, today).year
    begun = [one for one in shape_of(file, today).lessons(year) if one.start <= now]
    period = begun[-1] if begun else None
    lesson = lesson_then(file, student_id, period.name, staff, now) if period else None
    return Prefill(
        period.name if period else "",
        lesson.room if lesson and period and now < period.end else "",
        lesson.subject if lesson else "",
        lesson.teacher if lesson else "",
        sen_words(file, student_id),
        tried(file, student_id, today),
    )


def lesson_then(file: File, student_id: int, period: str, staff: Staff, now: datetime) -> Lesson | None:
    """Return a student's lesson of a period of today, for whom `staff` may refer; None where there is none."""
    today = school_day(now, file.zone)
    if not reached(file, "raise_referral", staff, today.isoformat(), (student_id,)):
        return None
    lessons = lessons_on(file, today, calendar_day(file, today).week, [student_id])
    return next((one for (_, name), one in lessons.items() if name.casefold() == period.casefold()), None)
