"""Write the sample data of psc: Riverside Academy, a school that does not exist, in the year 2026-27.

Run ``python sample_data/make.py``. Every file is written again beside this one, byte for byte the same each time.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from behaviour import ATTENDANCE_HEADER, BEHAVIOUR_HEADER, attendance_rows, behaviour_rows
from ctf import write_ctf
from incidents import HEADER as INCIDENTS_HEADER
from incidents import incident_rows
from morning import day_rows, pack_rows, referral_rows, rota_rows
from names import STAFF
from programmes import programme_rows
from rooms import ROOMS, Term
from school import BELLS, calendar_rows, make_students, student_cells, timetable_rows

HERE = Path(__file__).resolve().parent


def write_csv(name: str, header: str, rows: Iterable[Sequence[object]], *, bom: bool = False) -> None:
    """Write one table beside this script."""
    with (HERE / name).open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def email_of(forename: str, surname: str) -> str:
    """Return a staff address in plain letters."""
    plain = unicodedata.normalize("NFD", f"{forename[0]}.{surname}".lower())
    return "".join(letter for letter in plain if letter.isascii()) + "@riverside.example"


def main() -> None:
    """Make everything and write it."""
    students = make_students()
    write_csv(
        "students.csv",
        "Admission No,UPN,Former UPN,Preferred Surname,Preferred Forename,Legal Surname,Legal Forename,Middle Names,"
        "Year,Reg Group,House,DOB,Sex,SEN Status,Pupil Premium,FSM Eligible,In Care,EAL,Ethnicity,Key Worker,Medical",
        map(student_cells, students),
        bom=True,
    )
    people = ((*person[:4], email_of(person[2], person[3]), *person[4:]) for person in STAFF)
    write_csv("staff.csv", "Code,Title,Forename,Surname,Email,Role,Years", people)
    write_csv("rooms.csv", "Code,Name,Kind,Seats", ROOMS)
    bells = ((shape, years, *row.split()) for (shape, years), day in BELLS.items() for row in day.split(","))
    write_csv("bells.csv", "Shape,Years,Period,Start,End", bells)
    write_csv("calendar.csv", "Date,Shape,Week,Note", calendar_rows())
    timetable = timetable_rows()
    write_csv("timetable.csv", "Week,Day,Period,Class,Subject,Teacher,Room", timetable)
    classes = sorted({row[3] for row in timetable}, key=lambda code: (int(code.split("/")[0][:-1]), code))
    members = ((code, s.adno) for code in classes for s in students if code.startswith(f"{s.year}{s.band}/"))
    write_csv("classes.csv", "Class,Student", members)
    header = "Student,Room,Type,Reason,Date,Period,In,Out,Checks,Staff"
    history = [tuple(map(str, row.cells())) for row in Term(students).finished()]
    write_csv("history.csv", header, history)
    came = {(row[0], row[4]) for row in history if row[6]}
    sender = next(row[5] for row in timetable if row[:3] == ("A", "Mon", "P2") and row[3].startswith("8x/"))
    write_csv("day.csv", "Time,Staff,Act,Student,Room,Detail", day_rows(students, sender))
    write_csv("packs.csv", "Subject,Year,Unit,Code,Kept", pack_rows())
    header = "Day,Time,Staff,Act,Student,Type,Reason,When,Period,Subject,Teacher,Place,Facts,Tried,Others,Adjustment"
    write_csv("referrals.csv", header, referral_rows(students))
    write_csv("rota.csv", "Day,Staff,Plan", rota_rows())
    header = "Student,Room,Type,Pattern,From,Until,Review,Purpose,Success"
    write_csv("programmes.csv", header, programme_rows(students))
    write_csv("behaviour.csv", BEHAVIOUR_HEADER, behaviour_rows(students, timetable), bom=True)
    write_csv("attendance.csv", ATTENDANCE_HEADER, attendance_rows(students, came))
    write_csv("incidents.csv", INCIDENTS_HEADER, incident_rows(students))
    write_ctf(HERE / "8234321_CTF_8239999_001.xml", students)


if __name__ == "__main__":
    main()
