"""A student opened: who they are, what the room must know, whom of home to ring, and today, as far as the reader may.

Opening is a look: its ledger line is written before anything is read. What is on the sheet beyond the student's own
record each asks for its own line of the permission table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day
from psc.desk.looks import open_student
from psc.desk.people import SYSTEM
from psc.desk.permissions import reached
from psc.errors import NotAllowed
from psc.overview.exposure import exposure_of
from psc.overview.presence import presence_of
from psc.overview.private import alerts_of
from psc.overview.programmes import programmes_of_student
from psc.overview.read_board import read_board
from psc.overview.story_records import actions_about
from psc.overview.timeline import timeline, without_work
from psc.overview.within import may_see
from psc.roster.keep_apart import kept_apart_from
from psc.school.contacts import Contact, contacts_of
from psc.school.students import student_by_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from psc.database.file import File
    from psc.desk.acts import Desk
    from psc.desk.people import Staff
    from psc.incidents.actions import AgreedAction
    from psc.overview.board import Alert, Board, RowNow
    from psc.overview.exposure import Exposure
    from psc.overview.programmes import ProgrammeNow
    from psc.overview.timeline import Entry
    from psc.school.attendance import Attendance
    from psc.school.students import Student


class Apart(NamedTuple):
    """Somebody from whom the student is kept apart, in words."""

    name: str
    reason: str
    until: date


class Profile(NamedTuple):
    """A student as one reader may see them. A part that is not for the reader is None, one with nothing in it empty."""

    student: Student
    house: str
    key_worker: str
    outside: bool
    """Whether the reader opened them from outside their own reach, with a reason."""
    board: Board
    rows: tuple[RowNow, ...]
    """The rooms in which they are expected, or have been, today."""
    entries: tuple[Entry, ...]
    alerts: tuple[Alert, ...] | None
    contacts: tuple[Contact, ...] | None
    not_contacted: int
    """How many of the people on record must not be contacted; who they are is not said."""
    apart: tuple[Apart, ...] | None
    programmes: tuple[ProgrammeNow, ...] = ()
    """Those that run, where the reader may see them."""
    exposure: Exposure | None = None
    """What of the school year they have spent in rooms."""
    presence: Attendance | None = None
    """Attendance and punctuality, where an import brought them."""
    actions: tuple[AgreedAction, ...] = ()
    """What was agreed and is still owed, as far as the reader may see it."""


def open_profile(desk: Desk, student_id: int, view: str, *, why: str = "") -> Profile:
    """Note the look in the ledger, then read the student.

    Raises `NeedsReason` for a head of year outside their years without `why`, `NotAllowed` for a student beyond the
    reader's reach, and whatever keeps the ledger from being written: then nothing is read.
    """
    done = desk.do_patiently(open_student(student_id, view, why=why), seconds=2)
    return read_profile(desk.file, student_id, desk.staff(), desk.clock.now(), outside=bool(done.value))


def read_profile(file: File, student_id: int, staff: Staff, now: datetime, *, outside: bool) -> Profile:
    """Read a student who is open already, as they stand now. Raises `NotAllowed` once they are beyond reach."""
    day = school_day(now, file.zone)

    def sees(name: str) -> bool:
        return may_see(file, name, student_id, staff, day, outside=outside)

    if not sees("open_student"):
        raise NotAllowed("This student is outside what your role may see.", "Ask a coordinator.")
    # The row of one student, wherever they are: that they may be seen has been asked.
    board = read_board(file, day, SYSTEM, read="see_roll", staffed=False)
    alerts = alerts_of(file, [student_id]).get(student_id, ())
    whole = sees("see_alerts")
    urgent = reached(file, "see_emergency", staff, day.isoformat(), (student_id,))
    entries = timeline(file, student_id, day)
    house, key_worker = _record(file, student_id)
    contacts, not_contacted = contacts_of(file, student_id) if sees("see_contacts") else (None, 0)
    return Profile(
        student=student_by_id(file, student_id, day),
        house=house,
        key_worker=key_worker,
        outside=outside,
        board=board,
        rows=tuple(one for one in board.at(now) if one.row.student_id == student_id),
        entries=entries if sees("see_work") else without_work(entries),
        alerts=alerts if whole else tuple(one for one in alerts if one.emergency) if urgent else None,
        contacts=contacts,
        not_contacted=not_contacted,
        apart=_apart(file, student_id, staff, day) if whole else None,
        programmes=programmes_of_student(file, student_id, staff, now),
        exposure=exposure_of(file, student_id, staff, now, outside=outside),
        presence=presence_of(file, student_id, staff, now, outside=outside),
        actions=tuple(one for one in actions_about(file, student_id, staff, day) if one.open),
    )


def _record(file: File, student_id: int) -> tuple[str, str]:
    """Return the house, and the key worker as the board names staff."""
    found = file.row(
        "SELECT s.house, coalesce(substr(w.forename, 1, 1) || '. ' || w.surname, '') FROM student s"
        " LEFT JOIN staff w ON w.id = s.key_worker_id WHERE s.id = ?",
        (student_id,),
    )
    return (found[0], found[1]) if found else ("", "")


def _apart(file: File, student_id: int, staff: Staff, day: date) -> tuple[Apart, ...]:
    pairs = kept_apart_from(file, student_id, day)
    names = _names(file, [one.other for one in pairs if one.other not in staff.barred], day)
    return tuple(Apart(names.get(one.other, "a student not shown to you"), one.reason, one.until) for one in pairs)


def _names(file: File, students: Sequence[int], day: date) -> dict[int, str]:
    found = {}
    for student in students:
        one = student_by_id(file, student, day)
        found[student] = one.name if one.apart else f"{one.name} {one.form}".rstrip()
    return found


def within_own_reach(file: File, staff: Staff, students: Sequence[Student], day: date) -> frozenset[int]:
    """Return which students found may be opened without a reason."""
    return reached(file, "open_student", staff, day.isoformat(), (one.id for one in students))


def kept_students(file: File, staff: Staff, day: date) -> tuple[Student, ...]:
    """Return the students on roll whose key worker `staff` is, by name."""
    seen = reached(file, "open_student", staff, day.isoformat(), staff.keeps)
    found = file.rows("SELECT id FROM student WHERE left_on IS NULL AND key_worker_id = ?", (staff.id,))
    there = [student_by_id(file, student, day) for (student,) in found if student in seen]
    return tuple(sorted(there, key=lambda one: one.name.casefold()))
