"""Attendance and punctuality of a student, as the school's own register has them: beside what was spent in rooms."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day
from psc.overview.within import may_see
from psc.school.calendar import academic_year_start

if TYPE_CHECKING:
    from psc.database.file import File
    from psc.desk.people import Staff

ATTENDING = frozenset("/\\LKVPWB")
"""Codes of a session that was attended. Source: the attendance codes of the 2024 regulations."""
NOT_POSSIBLE = frozenset({"D", "X", "Q", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7", "Z", "#"})
"""Codes of what is no possible attendance, and of what says nothing of the student."""


class Presence(NamedTuple):
    """Sessions (half days) from `first` to `last`. `late` is None where only totals without it came."""

    first: date
    last: date
    possible: int
    attended: int
    late: int | None

    @property
    def percent(self) -> float:
        """Per cent of the possible sessions that were attended."""
        return self.attended * 100 / self.possible if self.possible else 0.0

    @property
    def punctual(self) -> float | None:
        """Per cent of the sessions attended to which the student came on time; None where it is not known."""
        return None if self.late is None or not self.attended else (self.attended - self.late) * 100 / self.attended


def presence_of(file: File, student_id: int, staff: Staff, now: datetime, *, outside: bool = False) -> Presence | None:
    """Return a student's attendance in the school year so far; None where it is not for `staff`, or none came.

    Sessions count where they came; else the totals that reach into the year.
    """
    today = school_day(now, file.zone)
    if not may_see(file, "see_attendance", student_id, staff, today, outside=outside):
        return None
    start = academic_year_start(today).isoformat()
    sessions = file.rows(
        "SELECT s.code, count(*), min(s.on_day), max(s.on_day) FROM attendance_session s"
        " WHERE s.student_id = ? AND s.on_day BETWEEN ? AND ? GROUP BY s.code",
        (student_id, start, today.isoformat()),
    )
    if sessions:
        attended = sum(number for code, number, _, _ in sessions if code in ATTENDING)
        possible = sum(number for code, number, _, _ in sessions if code not in NOT_POSSIBLE)
        late = sum(number for code, number, _, _ in sessions if code == "L")
        days = [date.fromisoformat(day) for row in sessions for day in row[2:]]
        return Presence(min(days), max(days), possible, attended, late)
    totals = file.rows(
        "SELECT t.from_day, t.until_day, t.possible, t.attended, t.late FROM attendance_total t"
        " WHERE t.student_id = ? AND t.from_day >= ? ORDER BY t.from_day",
        (student_id, start),
    )
    if not totals:
        return None
    late_ = None if any(row[4] is None for row in totals) else sum(row[4] for row in totals)
    return Presence(
        date.fromisoformat(totals[0][0]),
        max(date.fromisoformat(row[1]) for row in totals),
        sum(row[2] for row in totals),
        sum(row[3] for row in totals),
        late_,
    )
