"""Staff, rooms, bells, calendar and timetable from files: compared with what stands, and written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from typing import TYPE_CHECKING

from psc.clock import school_day
from psc.desk.people import SYSTEM
from psc.errors import FileRefused, Refused
from psc.flows.change_day import changed_days
from psc.importing.plan import newest_import, students_by_number
from psc.school.bell_changes import times_from, version_on
from psc.school.bells import Bell, fault_in, shape_names
from psc.work.past import keep_lessons

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from psc.database.file import File
    from psc.desk.acts import Tx
    from psc.importing.lessons import MemberRecord, SlotRecord
    from psc.importing.report import Report
    from psc.importing.school import BellRecord, CalendarRecord, RoomRecord, StaffRecord


@dataclass
class TablePlan:
    """Statements with their rows, in order."""

    report: Report
    seen: int
    statements: list[tuple[str, list[tuple[object, ...]]]] = field(default_factory=list)
    keeps_lessons: bool = False
    """Whether it changes who has which lesson: then what the periods were that have begun is written down first."""

    def __str__(self) -> str:
        return self.report.kind

    def apply(self, tx: Tx) -> None:
        """Run the statements."""
        if self.keeps_lessons:
            keep_lessons(tx)
        for sql, rows in self.statements:
            tx.file.conn.executemany(sql, rows)

    def count(self, before: object, after: object) -> bool:
        """Count one row as new, changed or unchanged; returns whether it is to be written. `before` is None for new."""
        if before is None:
            self.report.imported += 1
        elif before == after:
            self.report.unchanged += 1
            return False
        else:
            self.report.updated += 1
        return True


def plan_staff(file: File, records: Sequence[StaffRecord], report: Report) -> TablePlan:
    """Compare a staff list with the staff known, by code. Who is not in the list stays."""
    plan = TablePlan(report, newest_import(file))
    known = {
        code.lower(): tuple(rest)
        for code, *rest in file.rows("SELECT code, title, forename, surname, email, role FROM staff")
    }
    years: dict[str, set[int]] = {}
    for code, year in file.rows("SELECT lower(code), year FROM staff_year JOIN staff ON staff.id = staff_id"):
        years.setdefault(code, set()).add(year)
    people: list[tuple[object, ...]] = []
    for one in records:
        if one.code.lower() == SYSTEM.code:
            report.reject(one.line, f"the code “{one.code}” is psc's own")
            continue
        was = known.get(one.code.lower())
        title, forename, email, role = (was and (was[0], was[1], was[3], was[4])) or ("", "", "", "teacher")
        now = (
            title if one.title is None else one.title,
            forename if one.forename is None else one.forename,
            one.surname,
            email if one.email is None else one.email,
            role if one.role is None else one.role,
        )
        had = tuple(sorted(years.get(one.code.lower(), ())))
        has = had if one.years is None else tuple(sorted(one.years))
        if plan.count(None if was is None else (was, had), (now, has)):
            people.append((one.code, *now))
            if has != had:
                plan.statements += [
                    ("DELETE FROM staff_year WHERE staff_id = (SELECT id FROM staff WHERE code = ?)", [(one.code,)]),
                    (
                        "INSERT INTO staff_year SELECT id, ? FROM staff WHERE code = ?",
                        [(year, one.code) for year in has],
                    ),
                ]
    # A leaver in the role is nobody who could do its work.
    active = {code for (code,) in file.rows("SELECT lower(code) FROM staff WHERE active")}
    active |= {one.code.lower() for one in records} - set(known)
    roles: dict[str, object] = {code: was[4] for code, was in known.items()}
    roles.update({str(code).lower(): role for code, *_, role in people})
    for needed, words in (("admin", "an administrator"), ("behaviour_lead", "a behaviour lead")):
        if needed in {known[code][4] for code in active & set(known)} and needed not in {
            roles.get(code) for code in active
        }:
            raise Refused(f"This list would leave the school without {words}.", "Keep one person in that role.")
    report.finish()
    plan.statements.insert(
        0,
        (
            "INSERT INTO staff (code, title, forename, surname, email, role) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (code) DO UPDATE SET title = excluded.title, forename = excluded.forename,"
            " surname = excluded.surname, email = excluded.email, role = excluded.role",
            people,
        ),
    )
    return plan


def plan_rooms(file: File, records: Sequence[RoomRecord], report: Report) -> TablePlan:
    """Compare rooms by code. A new Internal Exclusion Room hides reasons on its board until told otherwise."""
    plan = TablePlan(report, newest_import(file))
    known = {code.lower(): tuple(rest) for code, *rest in file.rows("SELECT code, name, kind, seats FROM room")}
    rows: list[tuple[object, ...]] = [
        (one.code, one.name, one.kind, one.seats, int(one.kind == "IER"))
        for one in records
        if plan.count(known.get(one.code.lower()), (one.name, one.kind, one.seats))
    ]
    plan.statements.append(
        (
            "INSERT INTO room (code, name, kind, seats, hide_why) VALUES (?, ?, ?, ?, ?) ON CONFLICT (code)"
            " DO UPDATE SET name = excluded.name, kind = excluded.kind, seats = excluded.seats",
            rows,
        )
    )
    return plan


def plan_bells(file: File, records: Sequence[BellRecord], report: Report, now: datetime) -> TablePlan:
    """Compare day shapes. A shape whose times change keeps its old times for the days before today."""
    plan = TablePlan(report, newest_import(file))
    today = school_day(now, file.zone)
    names = shape_names(file, every=True)
    known: dict[str, set[tuple[object, ...]]] = {}
    for name, *bell in file.rows("SELECT s.name, year, period, starts, ends FROM bell JOIN shape s ON s.id = shape_id"):
        known.setdefault(name.lower(), set()).add(tuple(bell))
    told: dict[str, set[tuple[object, ...]]] = {}
    for one in records:
        bells: set[tuple[object, ...]] = {
            (year, one.period, f"{one.starts:%H:%M}", f"{one.ends:%H:%M}") for year in one.years
        }
        told.setdefault(one.shape, set()).update(bells)
        had = {bell for bell in known.get(one.shape.lower(), ()) if bell[1] == one.period and bell[0] in one.years}
        plan.count(had or None, bells)
    for shape, bells in told.items():
        was = known.get(shape.lower())
        kept = {bell for bell in was or () if (bell[0], bell[1]) not in {(new[0], new[1]) for new in bells}}
        if was == bells | kept:
            continue
        whole = [
            Bell(int(str(year)), str(period), time.fromisoformat(str(starts)), time.fromisoformat(str(ends)))
            for year, period, starts, ends in bells | kept
        ]
        if fault := fault_in(whole):
            raise FileRefused(
                f"The shape “{shape}” would make no day: {fault}",
                "Its periods that the file does not name stay as they are: give all of them.",
            )
        plan.statements += times_from(names, shape, whole, today)
    return plan


def plan_calendar(file: File, records: Sequence[CalendarRecord], report: Report) -> TablePlan:
    """Compare dates. A row whose shape psc does not know is rejected: import the bell times first.

    A day before a shape's times changed gets those it had then: see `version_on`. A day that somebody changed in psc
    stays as they left it: the calendar a school exports knows nothing of snow.
    """
    changed = changed_days(file)
    plan = TablePlan(report, newest_import(file))
    shapes = {name: shape_id for shape_id, name in file.rows("SELECT id, name FROM shape")}
    known = {day: tuple(rest) for day, *rest in file.rows("SELECT day, shape_id, week, note FROM calendar_day")}
    rows: list[tuple[object, ...]] = []
    for one in records:
        rings = version_on(shapes, one.shape, one.day)
        if one.shape and not rings:
            report.reject(one.line, f"there is no day shape “{one.shape}”; import the bell times first")
            continue
        was = known.get(one.day.isoformat())
        if one.day.isoformat() in changed:
            report.unchanged += 1
            report.warn(one.line, "that day was changed in psc, and stays so; T there changes it")
            continue
        shape = shapes[rings] if one.shape else None
        if plan.count(was, (shape, one.week, one.note)):
            rows.append((one.day.isoformat(), shape, one.week, one.note))
    report.finish()
    plan.statements.append(
        (
            "INSERT INTO calendar_day (day, shape_id, week, note) VALUES (?, ?, ?, ?) ON CONFLICT (day)"
            " DO UPDATE SET shape_id = excluded.shape_id, week = excluded.week, note = excluded.note",
            rows,
        )
    )
    return plan


def plan_timetable(file: File, records: Sequence[SlotRecord], report: Report) -> TablePlan:
    """Compare lessons. The classes that the file names get exactly its lessons; other classes stay as they are."""
    plan = TablePlan(report, newest_import(file), keeps_lessons=True)
    known = {
        (code.lower(), week, weekday, period): tuple(rest)
        for code, week, weekday, period, *rest in file.rows(
            "SELECT c.code, week, weekday, period, subject, teacher, room FROM lesson JOIN class c ON c.id = class_id"
        )
    }
    students = students_by_number(file)
    members: list[tuple[int, str]] = []
    lessons: dict[tuple[str, str, int, str], tuple[object, ...]] = {}
    weeks = sorted({week for (week,) in file.rows("SELECT DISTINCT week FROM calendar_day WHERE week <> ''")}) or ["A"]
    for one in records:
        if one.student is not None:
            if one.student not in students:
                report.reject(one.line, "no student has that number")
                continue
            members.append((students[one.student], one.class_code))
        for week in [one.week] if one.week else weeks:
            key = (one.class_code.lower(), week, one.weekday, one.period)
            if key not in lessons:
                now = (one.subject, one.teacher, one.room)
                plan.count(known.get(key), now)
                lessons[key] = (one.class_code, week, one.weekday, one.period, *now)
    report.finish()
    classes = sorted({str(lesson[0]) for lesson in lessons.values()})
    gone = [key for key in known if key[0] in {code.lower() for code in classes} and key not in lessons]
    told = {(student, code.lower()) for student, code in members}
    in_named = {code for _, code in told}
    out = [pair for pair in _members(file) if pair[1] in in_named and pair not in told]
    report.removed = len(gone) + len(out)
    plan.statements = [
        ("INSERT INTO class (code) VALUES (?) ON CONFLICT (code) DO NOTHING", [(code,) for code in classes]),
        (
            "DELETE FROM lesson WHERE class_id = (SELECT id FROM class WHERE code = ?)"
            " AND week = ? AND weekday = ? AND period = ?",
            list(gone),
        ),
        (
            "INSERT INTO lesson (class_id, week, weekday, period, subject, teacher, room)"
            " SELECT id, ?2, ?3, ?4, ?5, ?6, ?7 FROM class WHERE code = ?1"
            " ON CONFLICT (class_id, week, weekday, period) DO UPDATE SET subject = excluded.subject,"
            " teacher = excluded.teacher, room = excluded.room",
            list(lessons.values()),
        ),
        (_LEAVE, list(out)),
        (
            "INSERT INTO class_member (student_id, class_id) SELECT ?1, id FROM class WHERE code = ?2"
            " ON CONFLICT (student_id, class_id) DO NOTHING",
            list(members),
        ),
    ]
    return plan


def plan_classes(file: File, records: Sequence[MemberRecord], report: Report) -> TablePlan:
    """Compare class lists. The classes that the file names get exactly its students; other classes stay as they are."""
    plan = TablePlan(report, newest_import(file), keeps_lessons=True)
    students = students_by_number(file)
    known = _members(file)
    told: set[tuple[int, str]] = set()
    for one in records:
        if one.student not in students:
            report.reject(one.line, "no student has that number")
            continue
        pair = (students[one.student], one.class_code.lower())
        told.add(pair)
        plan.count(pair if pair in known else None, pair)
    report.finish()
    named = {code for _, code in told}
    out = [pair for pair in known if pair[1] in named and pair not in told]
    report.removed = len(out)
    codes = {(one.class_code,) for one in records}
    plan.statements = [
        ("INSERT INTO class (code) VALUES (?) ON CONFLICT (code) DO NOTHING", sorted(codes)),
        (_LEAVE, list(out)),
        (
            "INSERT INTO class_member (student_id, class_id) SELECT ?1, id FROM class WHERE code = ?2"
            " ON CONFLICT (student_id, class_id) DO NOTHING",
            sorted(told - known),
        ),
    ]
    return plan


_LEAVE = "DELETE FROM class_member WHERE student_id = ? AND class_id = (SELECT id FROM class WHERE code = ?)"


def _members(file: File) -> set[tuple[int, str]]:
    """Return who is in which class, by psc's id and the class's code in small letters."""
    found = file.rows("SELECT student_id, c.code FROM class_member JOIN class c ON c.id = class_id")
    return {(student, code.lower()) for student, code in found}
