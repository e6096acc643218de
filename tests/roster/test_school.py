"""The school that the roster stands on: students found and named, school days, day shapes, lessons, rooms."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from psc.desk.people import staff_by_code
from psc.errors import NotAllowed, NotUnderstood
from psc.school.calendar import academic_year_start, calendar_day, next_school_day, school_days
from psc.school.rooms import room_by_code, room_by_id, rooms
from psc.school.shapes import shape_of
from psc.school.students import find_students, student_by_id, the_student
from psc.school.timetable import lessons_on
from tests.school import FRIDAY_BEFORE, IER, MONDAY, PSC, TUESDAY, School, at

FRIDAY = MONDAY + timedelta(days=4)
SATURDAY = MONDAY + timedelta(days=5)


def found(school: School, text: str, code: str = "AS1") -> list[int]:
    staff = staff_by_code(school.file, code)
    return [one.id for one in find_students(school.file, text, staff, MONDAY)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("reid", [1]),
        ("REID cal", [1]),
        ("cal rei", [1]),
        ("obrien", [3]),
        ("o'brien", [3]),
        ("lukasz", [3]),
        ("Łukasz O’Brien", [3]),
        ("ali", [6, 7]),
        ("ali 7b", [6]),
        ("8a", [4, 3]),
        ("1005", [5]),
        ("priya", [8]),
        ("bold", [9]),
        ("eid", []),
        ("", []),
        ("!", []),
    ],
)
def test_a_student_is_found_by_any_part_of_who_they_are(school: School, text: str, ids: list[int]) -> None:
    assert found(school, text) == ids


def test_who_has_left_is_not_found(school: School) -> None:
    school.file.execute("UPDATE student SET left_on = '2026-10-01' WHERE id = 6")
    assert found(school, "ali") == [7]


def test_cover_finds_the_students_placed_today_only(school: School) -> None:
    school.book(6)
    assert found(school, "ali", "CV1") == [6]
    assert found(school, "ali", "HY8") == [6, 7]
    with pytest.raises(NotAllowed):
        found(school, "ali", "AD1")


def test_the_one_student_that_a_text_names(school: School) -> None:
    staff = staff_by_code(school.file, "AS1")
    for text, student in (("1007", 7), ("reid", 1), ("Ellie Marsh", 5), ("Marsh, Ellie", 5), (" priyanka ", 8)):
        assert the_student(school.file, text, staff, MONDAY).id == student
    with pytest.raises(NotUnderstood, match=r"several.*7B \(1006\).*7E \(1007\)"):
        the_student(school.file, "Ali", staff, MONDAY)
    with pytest.raises(NotUnderstood, match="No student fits"):
        the_student(school.file, "Nobody", staff, MONDAY)


def test_year_and_form_are_those_of_the_day(school: School) -> None:
    school.file.execute(
        "INSERT INTO enrolment (student_id, from_day, year, form, seq) VALUES (1, ?, 11, '11F', 1)",
        (TUESDAY.isoformat(),),
    )
    seen = [student_by_id(school.file, 1, day) for day in (date(2026, 8, 31), MONDAY, TUESDAY)]
    assert [(one.year, one.form) for one in seen] == [(None, ""), (10, "10F"), (11, "11F")]
    assert (student_by_id(school.file, 8, MONDAY).name, seen[0].name) == ("Priyanka", "Reid, Callum")
    with pytest.raises(NotUnderstood):
        student_by_id(school.file, 99, MONDAY)


def test_school_days_are_those_the_calendar_names(school: School) -> None:
    assert [calendar_day(school.file, day).is_open for day in (MONDAY, SATURDAY, date(2027, 7, 1))] == [
        True,
        False,
        False,
    ]
    assert next_school_day(school.file, FRIDAY_BEFORE) == MONDAY
    assert next_school_day(school.file, MONDAY) == TUESDAY
    assert next_school_day(school.file, date(2027, 7, 1)) is None
    assert school_days(school.file, FRIDAY_BEFORE, TUESDAY) == (FRIDAY_BEFORE, MONDAY, TUESDAY)
    assert len(school_days(school.file, MONDAY, SATURDAY)) == 5


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (date(2026, 9, 1), date(2026, 9, 1)),
        (date(2026, 8, 31), date(2025, 9, 1)),
        (date(2027, 1, 1), date(2026, 9, 1)),
        (date(2026, 12, 31), date(2026, 9, 1)),
    ],
)
def test_the_academic_year_begins_on_1_september(day: date, start: date) -> None:
    assert academic_year_start(day) == start


def test_a_day_shape_is_read_for_each_year_group(school: School) -> None:
    school.file.execute("UPDATE bell SET starts = '12:10', ends = '12:50' WHERE year = 7 AND period = 'Lunch'")
    school.file.execute("UPDATE bell SET starts = '12:50', ends = '13:50' WHERE year = 7 AND period = 'P4'")
    shape = shape_of(school.file, MONDAY)
    names = {year: [one.name for one in shape.periods(year)] for year in (7, 8)}
    assert names[7][-3:] == ["Lunch", "P4", "P5"]
    assert names[8][-3:] == ["P4", "Lunch", "P5"]
    assert [one.name for one in shape.lessons(8)] == ["P1", "P2", "P3", "P4", "P5"]
    assert shape.periods(None)
    now = shape.now(at("12:30"))
    assert (now.name if now else "", now.start if now else None) == ("P4", at("12:10"))
    assert shape.now(at("15:00")) is None
    assert shape_of(school.file, SATURDAY).periods(8) == ()


def test_a_period_holds_from_its_bell_to_just_before_the_next(school: School) -> None:
    shape = shape_of(school.file, MONDAY)
    seen = [shape.now(at(clock)) for clock in ("08:39", "08:50", "09:49", "09:50", "10:55", "14:50")]
    assert [one.name if one else "" for one in seen] == ["", "P1", "P1", "P2", "Break", ""]


@pytest.mark.parametrize(("day", "hour"), [(date(2027, 3, 26), 8), (date(2027, 3, 29), 7), (date(2026, 10, 23), 7)])
def test_bells_ring_by_the_schools_clock_in_summer_and_winter(school: School, day: date, hour: int) -> None:
    school.file.execute("INSERT OR IGNORE INTO calendar_day VALUES (?, 1, 'A', '')", (day.isoformat(),))
    first = shape_of(school.file, day).lessons(8)[0]
    assert (first.start.hour, first.start.minute) == (hour, 50)
    assert first.end - first.start == timedelta(hours=1)


def test_the_lesson_a_student_would_be_in(school: School) -> None:
    lessons = lessons_on(school.file, MONDAY, "A", (1, 2, 10))
    assert set(lessons) == {(2, "P3"), (10, "P3")}
    assert lessons[2, "P3"].words == "Science S3 KB"
    assert lessons_on(school.file, TUESDAY, "A", (2,)) == {}
    assert lessons_on(school.file, MONDAY, "A", ()) == {}
    school.book(2)
    school.clock.moment = at("10:55")
    lesson = school.row(2).next_lesson(at("10:55"))
    assert lesson is not None
    assert lesson.class_code == "9y/Sc1"
    assert school.row(2).next_lesson(at("12:10")) is None


def test_rooms_are_known_by_their_codes(school: School) -> None:
    assert [(one.id, one.code, one.seats, one.hide_why) for one in rooms(school.file)] == [
        (IER, "IER", 4, True),
        (PSC, "PSC", 3, False),
    ]
    assert room_by_code(school.file, " psc ").id == PSC
    assert room_by_id(school.file, IER).name == "Internal Exclusion Room"
    with pytest.raises(NotUnderstood, match="IER, PSC"):
        room_by_code(school.file, "ISO")
