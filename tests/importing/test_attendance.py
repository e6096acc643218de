"""Attendance of the school's register taken in, in both shapes, and what it comes to."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from psc.errors import FileRefused
from psc.importing.intake import import_file
from psc.overview.presence import presence_of
from psc.school.attendance import Attendance, attendance_of
from psc.school.attendance_codes import CODES, Counts
from tests.school import MONDAY

from .files import write

if TYPE_CHECKING:
    from psc.importing.report import Report
    from tests.school import School

HEAD = "Adno,Date,Session,Code,Minutes Late\n"
SUMS = "Adno,Possible,Attended,Lates\n"


def take(school: School, text: str, **options: Any) -> Report:
    """Take in a file of attendance, without a backup."""
    return import_file(school.desk("AD1"), "attendance", write(school.path.parent, text), backup=False, **options)


def of(school: School, student: int = 1) -> Attendance | None:
    """Return a student's attendance of the year so far."""
    return attendance_of(school.file, student, date(2026, 8, 1), MONDAY)


def marks(codes: str, student: str = "1001") -> str:
    """Return rows of a student's codes, a session each, from Monday 2 November on."""
    rows = [
        f"{student},{2 + number // 2:02}/11/2026,{('AM', 'PM')[number % 2]},{code},\n"
        for number, code in enumerate(codes.split())
    ]
    return "".join(rows)


def test_every_code_of_the_regulations_has_its_side() -> None:
    sides = {side: " ".join(code for code, one in CODES.items() if one.counts is side) for side in Counts}
    assert sides == {
        Counts.ATTENDED: "/ \\ L K V P W B",
        Counts.AUTHORISED: "C C1 C2 M J1 S T R I E",
        Counts.UNAUTHORISED: "G N O U",
        Counts.NOT_POSSIBLE: "D X Q Y1 Y2 Y3 Y4 Y5 Y6 Y7",
        Counts.ADMINISTRATIVE: "Z #",
    }
    assert all(one.meaning for one in CODES.values())


def test_sessions_come_to_per_cents(school: School) -> None:
    take(school, HEAD + marks("/ \\ L \\ I U N Y4 # B"))
    known = of(school)
    assert known is not None
    assert (known.possible, known.attended, known.late) == (8, 5, 1)
    assert (known.percent, known.punctual) == (62.5, 80.0)
    assert known.by_code["I"] == 1


def test_a_day_with_both_marks_is_two_sessions(school: School) -> None:
    take(school, "Adno,Date,AM,PM\n1001,02/11/2026,/,/\n1001,03/11/2026,l,-\n")
    found = school.file.rows("SELECT on_day, half, code FROM attendance_session ORDER BY 1, 2")
    assert found == [("2026-11-02", "AM", "/"), ("2026-11-02", "PM", "\\"), ("2026-11-03", "AM", "L")]


def test_a_register_nobody_took_is_left_out_with_a_warning(school: School) -> None:
    report = take(school, HEAD + marks("/ - \\ \\"))
    assert (report.imported, [odd.line for odd in report.warnings]) == (3, [3])


def test_again_changes_only_what_changed(school: School) -> None:
    take(school, HEAD + marks("/ N L"))
    again = take(school, HEAD + marks("/ I L"))
    assert (again.imported, again.updated, again.unchanged) == (0, 1, 2)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("1001,20/11/2026,AM,QQ,", "not an attendance code"),
        ("1001,20/11/2026,Noon,/,", "neither AM nor PM"),
        ("1001,20/11/2026,,/,", "Session is empty"),
        ("1001,11/20/2026,AM,/,", "month before day"),
        ("1001,24/11/2026,AM,/,", "not come yet"),
        ("4321,20/11/2026,AM,/,", "no student"),
        ("1001,02/11/2026,AM,/,", "same session as line 2"),
    ],
)
def test_a_bad_row_is_left_out_with_its_line_and_why(school: School, row: str, why: str) -> None:
    report = take(school, HEAD + marks(" ".join("/\\" * 10)) + row + "\n")
    assert report.imported == 20
    ((line, reason),) = [(bad.line, bad.reason) for bad in report.rejected]
    assert (line, why in reason) == (22, True)


def test_minutes_late_are_kept_and_nonsense_is_a_warning(school: School) -> None:
    report = take(school, HEAD + "1001,02/11/2026,AM,L,12\n1001,03/11/2026,AM,L,soon\n1001,04/11/2026,AM,L,9999\n")
    assert school.file.rows("SELECT minutes_late FROM attendance_session ORDER BY on_day") == [(12,), (None,), (None,)]
    assert [odd.line for odd in report.warnings] == [3, 4]


def test_totals_are_of_the_year_so_far_unless_their_days_are_given(school: School) -> None:
    take(school, SUMS + "1001,120,113,3\n1002,100,100,\n")
    known = of(school)
    assert known is not None
    assert (known.first, known.last, known.possible, known.attended) == (date(2026, 9, 1), MONDAY, 120, 113)
    other = of(school, 2)
    assert other is not None
    assert (other.percent, other.punctual) == (100.0, None)


def test_the_next_totals_take_the_place_of_the_last(school: School) -> None:
    take(school, SUMS + "1001,120,113,3\n")
    school.clock.moment = school.clock.moment.replace(day=27)
    assert take(school, SUMS + "1001,128,121,3\n").updated == 1
    known = attendance_of(school.file, 1, date(2026, 8, 1), date(2026, 11, 27))
    assert known is not None
    assert known.possible == 128


def test_totals_that_overlap_are_not_added_up(school: School) -> None:
    head = "Adno,Possible,Attended,From,To\n"
    take(school, head + "1001,100,90,01/09/2026,30/10/2026\n")
    take(school, head + "1001,40,40,01/10/2026,30/10/2026\n")
    take(school, head + "1001,30,15,02/11/2026,20/11/2026\n")
    known = of(school)
    assert known is not None
    assert (known.possible, known.attended) == (130, 105)


@pytest.mark.parametrize("row", ["1001,100,101,0", "1001,100,90,91", "1001,many,90,1", "1001,-5,0,0"])
def test_totals_that_cannot_be_are_turned_down(school: School, row: str) -> None:
    with pytest.raises(FileRefused):
        take(school, SUMS + "1002,100,90,1\n" + row + "\n")
    assert not school.file.rows("SELECT * FROM attendance_total")


@pytest.mark.parametrize(
    "head", ["Adno,Possible\n1001,9\n", "Adno,Date,Code\n1001,2026-11-20,/\n", "Adno,Session,Code\n1001,AM,/\n"]
)
def test_a_file_of_neither_shape_says_what_it_lacks(school: School, head: str) -> None:
    with pytest.raises(FileRefused, match="needs a column for"):
        take(school, head)


def test_who_may_not_see_attendance_gets_none(school: School) -> None:
    take(school, SUMS + "1001,120,113,3\n")
    now = school.clock.now()
    assert presence_of(school.file, 1, school.desk("CV1").staff(), now) is None
    known = presence_of(school.file, 1, school.desk("CO1").staff(), now)
    assert known is not None
    assert known.attended == 113
