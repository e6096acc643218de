"""The timetable, and who is in which class: together they say what lesson a student misses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psc.importing.rows import Line, Once, read_rows
from psc.importing.values import parse_period, parse_week, parse_weekday

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from psc.importing.report import Report


@dataclass(frozen=True, slots=True)
class SlotRecord:
    """One lesson of the timetable. `weekday` is 0 for Monday; `week` is "" where all weeks are alike.

    `student` is the id of the student whose lesson it is, or None when the file goes with a class list.
    """

    line: int
    week: str
    weekday: int
    period: str
    class_code: str
    subject: str
    teacher: str
    room: str
    student: str | None


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """One student in one class."""

    line: int
    class_code: str
    student: str


def read_timetable(path: Path, profile: Mapping[str, str] | None = None) -> tuple[list[SlotRecord], Report]:
    """Read the timetable, a row a lesson, or a row a lesson and student."""
    once = Once()

    def make(line: Line) -> SlotRecord | None:
        record = SlotRecord(
            line=line.line,
            week=line.value("week", parse_week) or "",
            weekday=line.needed("weekday", parse_weekday),
            period=line.needed("period", parse_period),
            class_code=line.need("class_code"),
            subject=line.text("subject"),
            teacher=line.text("teacher"),
            room=line.text("room"),
            student=None if line.get("student") is None else line.need("student"),
        )
        lesson = (
            record.week,
            record.weekday,
            record.period,
            record.class_code,
            record.teacher,
            record.room,
            record.student,
        )
        return None if _said_before(once, line, *lesson) else record

    return read_rows("timetable", path, profile, make)


def read_classes(path: Path, profile: Mapping[str, str] | None = None) -> tuple[list[MemberRecord], Report]:
    """Read the class lists, a row a class and student."""
    once = Once()

    def make(line: Line) -> MemberRecord | None:
        record = MemberRecord(line.line, line.need("class_code"), line.need("student"))
        return None if _said_before(once, line, record.class_code, record.student) else record

    return read_rows("classes", path, profile, make)


def _said_before(once: Once, line: Line, *key: str | int | None) -> bool:
    """Say whether an earlier line said the very same. Systems write such rows twice: harmless, so only a warning."""
    earlier = once.first_line(line.line, *key)
    if earlier is not None:
        line.warn(f"says the same as line {earlier}")
    return earlier is not None
