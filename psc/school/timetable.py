"""The two-week timetable: which lesson a student would be in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from psc.database.file import File


class Lesson(NamedTuple):
    """A lesson of a student's timetable. `teacher` is a staff code where the school gave one."""

    period: str
    class_code: str
    subject: str
    teacher: str
    room: str

    @property
    def words(self) -> str:
        """As the board says where a student goes next: `Science S3 LE`."""
        return " ".join(part for part in (self.subject, self.room, self.teacher) if part)


def lessons_on(file: File, day: date, week: str, student_ids: Sequence[int]) -> Mapping[tuple[int, str], Lesson]:
    """Return the lessons of several students on a day of that week letter, by (student id, period).

    Of a student whom the class lists have in two places at once, the class last in the alphabet counts.
    """
    if not student_ids:
        return {}
    found = file.rows(
        "SELECT m.student_id, l.period, c.code, l.subject, l.teacher, l.room FROM class_member m"
        " JOIN lesson l ON l.class_id = m.class_id JOIN class c ON c.id = m.class_id"
        f" WHERE m.student_id IN ({', '.join('?' * len(student_ids))}) AND l.week = ? AND l.weekday = ?"
        " ORDER BY c.code",
        (*student_ids, week, day.weekday()),
    )
    return {(student, period): Lesson(period, *rest) for student, period, *rest in found}
