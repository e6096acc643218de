"""What the school's own system has of a student, for who may see it: behaviour, attendance and punctuality."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import school_day
from psc.overview.within import may_see
from psc.school.attendance import attendance_of
from psc.school.behaviour import behaviour_of
from psc.school.calendar import academic_year_start

if TYPE_CHECKING:
    from datetime import date, datetime

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.school.attendance import Attendance
    from psc.school.behaviour import BehaviourRecord


def attendance_for(
    file: File,
    student_id: int,
    staff: Staff,
    now: datetime,
    *,
    first: date | None = None,
    last: date | None = None,
    outside: bool = False,
) -> Attendance | None:
    """Return a student's attendance in the school year so far, or between two days.

    None where nothing was imported, and where it is not for `staff`. `outside` as in `exposure_of`.
    """
    today = school_day(now, file.zone)
    if not may_see(file, "see_attendance", student_id, staff, today, outside=outside):
        return None
    end = last or today
    return attendance_of(file, student_id, first or academic_year_start(end), end)


def attendance_words(known: Attendance | None) -> str:
    """Return attendance and punctuality on one line, "" for nothing: "94.2% attended (113 of 120) · 97.3% on time"."""
    if known is None or known.percent is None:
        return ""
    words = f"{known.percent:.1f}% attended ({known.attended} of {known.possible} sessions)"
    return words if known.punctual is None else f"{words} · {known.punctual:.1f}% of them on time"


def behaviour_for(
    file: File, student_id: int, staff: Staff, now: datetime, *, first: date | None = None, last: date | None = None
) -> tuple[BehaviourRecord, ...] | None:
    """Return the school system's behaviour records of the school year so far, or between two days, newest first.

    None where they are not for `staff`.
    """
    today = school_day(now, file.zone)
    if not may_see(file, "see_behaviour", student_id, staff, today, outside=False):
        return None
    end = last or today
    return behaviour_of(file, student_id, first or academic_year_start(end), end)
