"""Staff, rooms, bells, calendar, timetable and classes applied: what changes, what stays, and days that are over."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from psc.errors import FileRefused
from psc.importing.intake import import_file
from psc.roster.checks import mark_check
from psc.roster.movements import Destination, sign_in, sign_out
from psc.school.calendar import calendar_day
from psc.school.shapes import shape_of
from psc.school.timetable import lessons_on
from tests.school import BELLS, FRIDAY_BEFORE, IER, MONDAY, TUESDAY, at

from .files import write

if TYPE_CHECKING:
    from psc.importing.report import Report
    from tests.school import School


def take(school: School, kind: str, text: str, **options: Any) -> Report:
    """Take in a file given as text, without a backup."""
    return import_file(school.desk("AD1"), kind, write(school.path.parent, text), backup=False, **options)


def counted(report: Report) -> tuple[int, int, int]:
    """Return how many rows were new, changed and the same."""
    return report.imported, report.updated, report.unchanged


# -- staff ---------------------------------------------------------------------------------------------------------

STAFF = "Code,Title,Forename,Surname,Email,Role,Years\n"


def staff(school: School, code: str) -> tuple[Any, ...] | None:
    """Return a member of staff as the file has them."""
    return school.file.row("SELECT title, forename, surname, email, role FROM staff WHERE code = ?", (code,))


def test_staff_are_added_and_changed_by_code_and_nobody_goes(school: School) -> None:
    before = school.file.value("SELECT count(*) FROM staff")
    text = f"{STAFF}HY9,Ms,Ada,Cole,a@x.example,head of year,9-10\nas1,Mrs,Jo,Smith-Ray,j@x.example,assistant,\n"
    assert counted(take(school, "staff", text)) == (1, 1, 0)
    assert counted(take(school, "staff", text)) == (0, 0, 2)
    assert staff(school, "AS1") == ("Mrs", "Jo", "Smith-Ray", "j@x.example", "assistant")
    assert school.desk("HY9").staff().years == {9, 10}
    assert school.file.value("SELECT count(*) FROM staff") == before + 1


def test_staff_columns_that_are_absent_and_roles_left_empty_stay(school: School) -> None:
    take(school, "staff", f"{STAFF}HY8,Mr,Sam,Hill,s@x.example,,\n")
    assert counted(take(school, "staff", "Code,Surname\nHY8,Hill\n")) == (0, 0, 1)
    assert staff(school, "HY8") == ("Mr", "Sam", "Hill", "s@x.example", "head_of_year")
    assert school.desk("HY8").staff().years == {8}


def test_a_new_member_of_staff_without_a_role_is_a_teacher(school: School) -> None:
    take(school, "staff", "Code,Surname\nZZ,Zane\n")
    assert staff(school, "ZZ") == ("", "", "Zane", "", "teacher")


def test_years_that_change_are_replaced(school: School) -> None:
    assert counted(take(school, "staff", f"{STAFF}HY8,,Sam,Hill,,head of year,7 9\n")) == (0, 1, 0)
    assert school.desk("HY8").staff().years == {7, 9}


def test_nobody_can_be_given_the_code_of_psc_itself(school: School) -> None:
    filler = "".join(f"T{number},Teacher\n" for number in range(20))
    report = take(school, "staff", f"Code,Surname\n{filler}system,Smith\n")
    assert [bad.line for bad in report.rejected] == [22]
    assert staff(school, "system") is None


# -- rooms ---------------------------------------------------------------------------------------------------------


def test_rooms_are_compared_by_code_and_keep_what_a_file_does_not_know(school: School) -> None:
    school.file.execute("UPDATE room SET hide_why = 0, meals_in_room = 0 WHERE code = 'IER'")
    text = "Code,Name,Kind,Seats\nier,Reset Room,IER,6\nPSC,Pastoral Support Centre,PSC,3\nIE2,Upper Room,isolation,5\n"
    assert counted(take(school, "rooms", text)) == (1, 1, 1)
    assert counted(take(school, "rooms", text)) == (0, 0, 3)
    rooms = {room.code: room for room in school.board().rooms}
    assert (rooms["IER"].name, rooms["IER"].seats, rooms["IER"].hide_why) == ("Reset Room", 6, False)
    assert not rooms["IER"].meals_in_room
    assert rooms["IE2"].hide_why, "a new exclusion room keeps reasons off its board"


# -- bells ---------------------------------------------------------------------------------------------------------


def bells(changed: dict[str, tuple[str, str]] | None = None, *, shape: str = "Normal", years: str = "7-11") -> str:
    """Return the bell times of Hillside, some of them changed."""
    times = {name: (starts, ends) for name, starts, ends in BELLS} | (changed or {})
    return "Shape,Years,Period,Start,End\n" + "".join(
        f"{shape},{years},{name},{starts},{ends}\n" for name, (starts, ends) in times.items()
    )


LATER = {"P1": ("08:50", "09:40"), "P2": ("09:40", "10:50")}
LATER_STILL = {"P1": ("08:50", "09:45"), "P2": ("09:45", "10:50")}


def times(school: School, day: date, period: str = "P1", year: int = 9) -> tuple[str, str]:
    """Return when a period is on a day."""
    found = next(one for one in shape_of(school.file, day).periods(year) if one.name == period)
    return f"{found.start:%H:%M}", f"{found.end:%H:%M}"


def test_the_same_bells_again_change_nothing(school: School) -> None:
    assert counted(take(school, "bells", bells())) == (0, 0, len(BELLS))
    assert school.file.value("SELECT count(*) FROM shape") == 1


def _last_friday(school: School) -> tuple[object, ...]:
    """Return what the board of last Friday says: times, minutes, and what became of the period."""
    board = school.board("CO1", FRIDAY_BEFORE)
    now = at("15:00", FRIDAY_BEFORE)
    (one,) = board.at(now, IER)
    return one.minutes, one.states(now, board.settings), one.row.periods, one.row.facts.blocks


def _a_friday_in_the_room(school: School) -> None:
    """Let a student serve P1 of last Friday, which they would not have by longer bells."""
    school.clock.moment = at("08:45", FRIDAY_BEFORE)
    school.book(1, "P1", days=(FRIDAY_BEFORE,))
    school.clock.moment = at("09:02", FRIDAY_BEFORE)
    visit = school.desk().do(sign_in(1, IER)).value
    school.clock.moment = at("09:50", FRIDAY_BEFORE)
    school.desk().do(sign_out(visit, Destination.LESSON))
    (placed,) = school.board("CO1", FRIDAY_BEFORE).rows[0].placed
    school.desk().do(mark_check(placed.id, 3))
    school.clock.moment = at("08:30")


def test_bells_that_change_keep_the_times_of_the_days_before(school: School) -> None:
    _a_friday_in_the_room(school)
    before = _last_friday(school)
    report = take(school, "bells", bells({"P1": ("08:50", "10:10"), "P2": ("10:10", "10:50")}))
    assert counted(report) == (0, 2, len(BELLS) - 2)
    assert _last_friday(school) == before
    assert times(school, FRIDAY_BEFORE) == ("08:50", "09:50")
    assert times(school, MONDAY) == times(school, TUESDAY) == ("08:50", "10:10")


def test_bells_can_be_put_right_again_on_the_same_day(school: School) -> None:
    take(school, "bells", bells(LATER))
    take(school, "bells", bells(LATER_STILL))
    assert (times(school, FRIDAY_BEFORE), times(school, MONDAY)) == (("08:50", "09:50"), ("08:50", "09:45"))


def test_bells_changed_on_two_days_keep_the_times_of_each(school: School) -> None:
    take(school, "bells", bells(LATER))
    school.clock.moment += timedelta(days=1)
    take(school, "bells", bells(LATER_STILL))
    assert [times(school, day)[1] for day in (FRIDAY_BEFORE, MONDAY, TUESDAY)] == ["09:50", "09:40", "09:45"]


def test_the_calendar_taken_in_again_after_the_bells_changed_leaves_the_days_before(school: School) -> None:
    _a_friday_in_the_room(school)
    text = "Date,Shape,Week,Note\n" + "".join(
        f"{day},Normal,{week},\n"
        for day, week in school.file.rows("SELECT day, week FROM calendar_day WHERE shape_id IS NOT NULL")
    )
    take(school, "calendar", text)
    before = _last_friday(school)
    take(school, "bells", bells(LATER))
    report = take(school, "calendar", text)
    assert _last_friday(school) == before
    assert times(school, MONDAY) == ("08:50", "09:40")
    assert report.updated == 0


def test_periods_and_years_that_a_file_of_bells_does_not_name_stay(school: School) -> None:
    take(school, "bells", "Shape,Years,Period,Start,End\nNormal,9,P1,08:50,09:40\n")
    assert [times(school, MONDAY, year=year)[1] for year in (8, 9, 10)] == ["09:50", "09:40", "09:50"]
    assert times(school, MONDAY, "P5") == ("13:50", "14:50")


def test_another_shape_leaves_the_first_alone(school: School) -> None:
    take(school, "bells", bells(shape="Early close"))
    assert times(school, MONDAY) == ("08:50", "09:50")
    assert school.file.rows("SELECT name FROM shape ORDER BY id") == [("Normal",), ("Early close",)]


# -- calendar ------------------------------------------------------------------------------------------------------


def test_dates_are_added_changed_and_closed(school: School) -> None:
    text = "Date,Shape,Week,Note\n2026-11-24,INSET,,Training\n2026-11-25,normal,B,\n2027-03-01,Normal,A,\n"
    assert counted(take(school, "calendar", text)) == (1, 2, 0)
    assert counted(take(school, "calendar", text)) == (0, 0, 3)
    days = [calendar_day(school.file, date(2026, 11, day)) for day in (24, 25, 26)]
    assert [(day.is_open, day.week, day.note) for day in days] == [
        (False, "", "Training"),
        (True, "B", ""),
        (True, "A", ""),
    ]


def test_a_date_with_a_shape_that_has_no_bells_is_rejected(school: School) -> None:
    days = [date(2027, 1, 4) + timedelta(days=number) for number in range(12)]
    text = "Date,Shape,Week\n" + "".join(f"{day},Normal,A\n" for day in days) + "2027-02-01,Exams,A\n"
    report = take(school, "calendar", text)
    assert [(bad.line, bad.reason) for bad in report.rejected] == [
        (14, "there is no day shape “Exams”; import the bell times first")
    ]
    assert report.imported == 12
    assert not calendar_day(school.file, date(2027, 2, 1)).is_open


def test_a_calendar_before_any_bells_is_refused_whole(school: School) -> None:
    text = "Date,Shape,Week\n2027-01-04,Exams,A\n2027-01-05,Exams,A\n2027-01-09,,\n"
    with pytest.raises(FileRefused):
        take(school, "calendar", text)
    assert school.file.value("SELECT count(*) FROM calendar_day WHERE day > '2027-01-01'") == 0


# -- timetable and classes -----------------------------------------------------------------------------------------

LESSONS = "Week,Day,Period,Class,Subject,Teacher,Room\n"


def lesson(school: School, student: int, period: str, day: date = MONDAY, week: str = "A") -> str:
    """Return the lesson a student has, in words."""
    found = lessons_on(school.file, day, week, [student]).get((student, period))
    return found.words if found else ""


def test_a_class_that_a_timetable_names_gets_exactly_its_lessons(school: School) -> None:
    take(school, "timetable", f"{LESSONS}A,Mon,P1,7x/Ma1,Maths,KB,M1\n")
    text = f"{LESSONS}A,Mon,P4,9y/sc1,Science,KB,S4\nB,Mon,P3,9y/Sc1,Physics,KB,S3\n"
    assert counted(take(school, "timetable", text)) == (1, 1, 0)
    assert counted(take(school, "timetable", text)) == (0, 0, 2)
    assert (lesson(school, 2, "P3"), lesson(school, 2, "P4")) == ("", "Science S4 KB")
    assert lesson(school, 2, "P3", week="B") == "Physics S3 KB"
    assert school.file.value("SELECT count(*) FROM lesson JOIN class ON id = class_id WHERE code = '7x/Ma1'") == 1


def test_a_timetable_without_weeks_holds_in_each_week_of_the_calendar(school: School) -> None:
    take(school, "timetable", "Day,Period,Class,Subject\nMon,P1,9y/Sc1,Science\n")
    assert [lesson(school, 2, "P1", week=week) for week in "AB"] == ["Science", "Science"]
    assert lesson(school, 2, "P3") == ""


WITH_STUDENTS = "Day,Period,Class,Subject,Student\n"


def test_a_timetable_may_carry_the_students(school: School) -> None:
    text = f"{WITH_STUDENTS}Mon,P1,9y/Ma1,Maths,1002\nMon,P1,9y/Ma1,Maths,1010\n"
    take(school, "timetable", text)
    assert [lesson(school, student, "P1") for student in (2, 10, 9)] == ["Maths", "Maths", ""]


def test_a_student_whom_a_timetable_puts_in_another_set_is_no_longer_in_the_first(school: School) -> None:
    both = f"{WITH_STUDENTS}Mon,P1,9y/Ma1,Maths top,{{}}\nMon,P1,9y/Ma2,Maths second,{{}}\n"
    take(school, "timetable", both.format("1002", "1010"))
    take(school, "timetable", both.format("1010", "1002"))
    assert [lesson(school, student, "P1") for student in (2, 10)] == ["Maths second", "Maths top"]
    assert (
        school.file.value("SELECT count(*) FROM class_member JOIN class ON id = class_id WHERE code LIKE '9y/Ma%'") == 2
    )


def test_an_unknown_student_in_a_timetable_is_rejected_and_costs_no_lesson(school: School) -> None:
    rows = "".join(f"Mon,P{number},9y/Ma1,Maths,1002\n" for number in range(1, 11))
    report = take(school, "timetable", f"{WITH_STUDENTS}{rows}Mon,P3,9y/Sc1,Science,9999\n")
    assert [(bad.line, bad.reason) for bad in report.rejected] == [(12, "no student has that number")]
    assert lesson(school, 10, "P3") == "Science S3 KB"


def test_classes_that_a_file_names_get_exactly_its_students(school: School) -> None:
    text = "Class,Student\n9y/Sc1,1002\n9y/sc1,1009\n7x/Ma1,1006\n"
    assert counted(take(school, "classes", text)) == (2, 0, 1)
    assert counted(take(school, "classes", text)) == (0, 0, 3)
    assert [lesson(school, student, "P3") for student in (2, 9, 10)] == ["Science S3 KB", "Science S3 KB", ""]


def test_classes_that_a_file_does_not_name_stay(school: School) -> None:
    take(school, "classes", "Class,Student\n7x/Ma1,1006\n")
    assert lesson(school, 10, "P3") == "Science S3 KB"


def test_a_student_in_a_class_list_is_known_by_upn_too(school: School) -> None:
    school.file.execute("UPDATE student SET upn = 'Z823432119001' WHERE id = 9")
    take(school, "classes", "Class,UPN\n9y/Sc1,Z823432119001\n")
    assert lesson(school, 9, "P3") == "Science S3 KB"


def test_a_class_list_with_an_unknown_student_rejects_that_row(school: School) -> None:
    rows = "".join(f"7x/S{number},1006\n" for number in range(10))
    report = take(school, "classes", f"Class,Student\n{rows}7x/S1,9999\n")
    assert [bad.line for bad in report.rejected] == [12]
    assert report.imported == 10
