"""Attendance and punctuality of a student, as the school's own register has them: beside what was spent in rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import school_day
from psc.overview.within import may_see
from psc.school.attendance import attendance_of
from psc.school.calendar import academic_year_start

if TYPE_CHECKING:
    from datetime import datetime

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.school.attendance import Attendance


def presence_of(
    file: File, student_id: int, staff: Staff, now: datetime, *, outside: bool = False
) -> Attendance | None:
    """Return a student's attendance in the school year so far; None where it is not for `staff`, or none came.

    `outside`: see `open_profile`.
    """
    today = school_day(now, file.zone)
    if not may_see(file, "see_attendance", student_id, staff, today, outside=outside):
        return None
    return attendance_of(file, student_id, academic_year_start(today), today)
