"""Staff, rooms, bell times and the calendar."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

import pytest

from psc.importing.school import (
    BellRecord,
    CalendarRecord,
    RoomRecord,
    StaffRecord,
    read_bells,
    read_calendar,
    read_rooms,
    read_staff,
)
from psc.importing.values import ALL_YEARS

from .files import refusal, write

if TYPE_CHECKING:
    from pathlib import Path

STAFF = "Staff Code\tTitle\tFirst Name\tLast Name\tWork Email\tRole\tYear Groups\n"
BELLS = "Day Shape,Years,Period,Start Time,End Time\n"
BELL_FILLER = "".join(f"Other,all,P{n},{n:02d}:00,{n:02d}:30\n" for n in range(20))


def test_staff_of_another_system(tmp_path: Path) -> None:
    rows = (
        "HY9\tMrs\tChloë\tO’Dowd\tc@example.invalid\tHead of Year\t9\n"
        "KB\tMr\tIan\tPrice\t\tClass teacher\t\n"
        "XX\tDr\tA\tB\t\t\t\n"
    )
    (first, second, third), report = read_staff(write(tmp_path, STAFF + rows, "utf-16"))
    assert first == StaffRecord(2, "HY9", "Mrs", "Chloë", "O’Dowd", "c@example.invalid", "head_of_year", (9,))
    assert (second.role, second.years, second.email) == ("teacher", None, "")
    assert third.role is None
    assert report.kind == "staff"


def test_staff_columns_that_are_absent_are_not_spoken_of(tmp_path: Path) -> None:
    ((record,), report) = read_staff(write(tmp_path, "Initials,Surname,Job Title\nKB,Price,Teacher of Art\n"))
    assert record == StaffRecord(2, "KB", None, None, "Price", None, None, None)
    assert report.ignored_columns == ["Job Title"]


@pytest.mark.parametrize(
    ("text", "role"),
    [("TA", "assistant"), ("Cover supervisor", "cover"), ("Co-ordinator", "coordinator"), ("HoY", "head_of_year"),
     ("behaviour_lead", "behaviour_lead"), ("SENCo", "safeguarding"), ("ADMIN", "admin"), ("tutor", "teacher")],
)  # fmt: skip
def test_roles_are_folded_to_the_eight(tmp_path: Path, text: str, role: str) -> None:
    ((record,), _) = read_staff(write(tmp_path, f"Code,Surname,Role\nKB,Price,{text}\n"))
    assert record.role == role


def test_an_unknown_role_and_a_code_used_twice_stay_out(tmp_path: Path) -> None:
    rows = "".join(f"T{n},Person,teacher\n" for n in range(30))
    _, report = read_staff(
        write(tmp_path, f"Code,Surname,Role\n{rows}KB,Price,astronaut\nt3,Price,teacher\n,Price,admin\n")
    )
    reasons = [bad.reason for bad in report.rejected]
    assert "“astronaut” is not a role; the roles are assistant, cover, coordinator, head_of_year" in reasons[0]
    assert reasons[1:] == ["line 33 has the same staff code as line 5", "Code is empty"]


def test_rooms(tmp_path: Path) -> None:
    rows = "Room Code;Description;Type;Capacity\nR1;Reset;isolation;12\nR2;The Hub;Pastoral Support Centre;8\n"
    records, _ = read_rooms(write(tmp_path, rows))
    assert records == [RoomRecord(2, "R1", "Reset", "IER", 12), RoomRecord(3, "R2", "The Hub", "PSC", 8)]


@pytest.mark.parametrize("row", ["X,Y,IER,0", "X,Y,IER,many", "X,Y,IER,²", "X,Y,Canteen,5", "X,,IER,5", "R3,Y,IER,5"])
def test_a_room_that_makes_no_sense_stays_out(tmp_path: Path, row: str) -> None:
    rows = "".join(f"R{n},Room,IER,9\n" for n in range(10))
    records, report = read_rooms(write(tmp_path, f"Code,Name,Kind,Seats\n{rows}{row}\n"))
    assert len(records) == 10
    assert [bad.line for bad in report.rejected] == [12]


def test_bells(tmp_path: Path) -> None:
    records, _ = read_bells(
        write(tmp_path, BELLS + "Normal,7-9,P4,12:00,12:45\nNormal,10 11,P4,11:30,12:15\nExams,,P1,9:00,11:00\n")
    )
    assert records == [
        BellRecord(2, "Normal", (7, 8, 9), "P4", time(12), time(12, 45)),
        BellRecord(3, "Normal", (10, 11), "P4", time(11, 30), time(12, 15)),
        BellRecord(4, "Exams", ALL_YEARS, "P1", time(9), time(11)),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Normal,9-11,P5,12:30,13:00", "P5 overlaps P4 of line 22"),
        ("normal,8,p4,14:00,15:00", "P4 is on line 22 already"),
        ("Normal,7,P6,15:00,14:00", "P6 ends at 14:00, before it has begun at 15:00"),
        ("Normal,7,P6,15:00,15:00", "before it has begun"),
        ("Normal,7,P6,15:00,", "End Time is empty"),
        ("Normal,7,P6,soon,15:00", "Start Time: “soon” is not a time"),
    ],
)
def test_a_bell_that_clashes_stays_out(tmp_path: Path, row: str, reason: str) -> None:
    text = f"{BELLS}{BELL_FILLER}Normal,7-9,P4,12:00,12:45\n{row}\n"
    _, report = read_bells(write(tmp_path, text))
    assert [bad.line for bad in report.rejected] == [23]
    assert reason in report.rejected[0].reason


def test_bells_may_touch_and_other_years_may_overlap(tmp_path: Path) -> None:
    text = BELLS + "N,7-9,P1,9:00,10:00\nN,7-9,P2,10:00,11:00\nN,10,P2,9:30,10:30\nM,7-9,P1,9:30,10:00\n"
    assert len(read_bells(write(tmp_path, text))[0]) == 4


def test_calendar(tmp_path: Path) -> None:
    rows = (
        "Date,Day,Day Shape,Timetable Week,Notes\n"
        "07/09/2026,Mon,Normal,Week A,\n"
        "2026-09-08,Tue,,,INSET\n"
        "9/9/2026,Wed,Closed,,snow\n"
    )
    records, report = read_calendar(write(tmp_path, rows))
    assert records == [
        CalendarRecord(2, date(2026, 9, 7), "Normal", "A", ""),
        CalendarRecord(3, date(2026, 9, 8), "", "", "INSET"),
        CalendarRecord(4, date(2026, 9, 9), "", "", "snow"),
    ]
    assert report.ignored_columns == ["Day"]


def test_a_day_that_stands_twice_is_taken_once(tmp_path: Path) -> None:
    days = "".join(f"{n:02d}/10/2026,Normal\n" for n in range(1, 21))
    _, report = read_calendar(write(tmp_path, f"Date,Shape\n{days}2026-10-05,Early close\n"))
    assert report.rejected[0].reason == "line 22 has the same date as line 6"


def test_a_calendar_in_american_order_is_refused_whole(tmp_path: Path) -> None:
    days = "".join(f"10/{n:02d}/2026,Normal\n" for n in range(1, 31))
    assert "18 of 30 rows" in refusal(read_calendar, write(tmp_path, f"Date,Shape\n{days}"))
