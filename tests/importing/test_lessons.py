"""The timetable and the class lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.importing.lessons import MemberRecord, SlotRecord, read_classes, read_timetable

from .files import refusal, write

if TYPE_CHECKING:
    from pathlib import Path


def test_a_timetable_that_goes_with_class_lists(tmp_path: Path) -> None:
    header = "Week,Weekday,Lesson,Teaching Group,Subject Name,Teacher/Staff Code,Room Name\n"
    records, report = read_timetable(write(tmp_path, header + "Week B,Thursday,P3,9x/Ma1,Maths,KB,M4\n"))
    assert records == [SlotRecord(2, "B", 3, "P3", "9x/Ma1", "Maths", "KB", "M4", None)]
    assert report.ignored_columns == []


def test_a_timetable_with_a_student_a_row(tmp_path: Path) -> None:
    rows = "Adno,Student,Day,Period,Class\n1234,Aisha Khan,Mon,P1,9x/Ma1\n1235,Bo Ling,Mon,P1,9x/Ma1\n"
    records, report = read_timetable(write(tmp_path, rows))
    assert [(slot.student, slot.week, slot.teacher) for slot in records] == [("1234", "", ""), ("1235", "", "")]
    assert report.ignored_columns == ["Student"]


def test_a_lesson_said_twice_is_taken_once_with_a_warning(tmp_path: Path) -> None:
    rows = "Day,Period,Class,Teacher\nMon,P1,9x/Ma1,KB\nMon,P1,9x/Ma1,LD\nMonday,P1,9x/ma1,kb\n"
    records, report = read_timetable(write(tmp_path, rows))
    assert [slot.teacher for slot in records] == ["KB", "LD"]
    assert [(odd.line, odd.reason) for odd in report.warnings] == [(4, "says the same as line 2")]


@pytest.mark.parametrize("row", ["Sat,P1,9x,1", "Mon,,9x,1", "Mon,P1,,1", "Mon,P1,9x,"])
def test_a_lesson_that_lacks_something_stays_out(tmp_path: Path, row: str) -> None:
    filler = "".join(f"Mon,P1,9x,{n}\n" for n in range(10, 30))
    records, report = read_timetable(write(tmp_path, f"Day,Period,Class,Adno\n{filler}{row}\n"))
    assert (len(records), [bad.line for bad in report.rejected]) == (20, [22])


def test_class_lists(tmp_path: Path) -> None:
    records, report = read_classes(write(tmp_path, "Student,Class\n1,9x\n2,9x\n1,9x\n1,9y\n"))
    assert records == [MemberRecord(2, "9x", "1"), MemberRecord(3, "9x", "2"), MemberRecord(5, "9y", "1")]
    assert len(report.warnings) == 1


def test_a_timetable_without_days_is_refused(tmp_path: Path) -> None:
    assert "column for: Day" in refusal(read_timetable, write(tmp_path, "Period,Class\nP1,9x\n"))
