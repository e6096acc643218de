"""The work of some days, as its reader may see it: whose it is, for which period, and how far it has come."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from psc.desk.facts import live
from psc.desk.permissions import Scope, reached, scope_of
from psc.school.namesakes import Bearer, told_apart
from psc.school.rooms import rooms
from psc.school.students import LATEST_ENROLMENT, marked_name, shown_number
from psc.work.sets import sets_of
from psc.work.slots import slots_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.work.sets import WorkSet
    from psc.work.slots import Slot


class WorkRow(NamedTuple):
    """The work of one student for one period, with what names them as they stand on `today`."""

    number: str
    """What names exactly this student when typed."""
    name: str
    """With a namesake's mark."""
    year: int | None
    form: str
    room_id: int
    room: str
    """The code of the room they are placed in."""
    placement_id: int
    work: WorkSet
    absent: bool = False
    """Whether they are known not to come that day: absent, or no-show."""
    apart: str = ""
    """The namesake's mark, where they have one; it stands at the end of `name`."""

    @property
    def plain_name(self) -> str:
        """The name without a namesake's mark, as machines are given it."""
        return self.name.removesuffix(f" {self.apart}") if self.apart else self.name


def work_for(file: File, first: date, last: date, staff: Staff, today: date) -> tuple[WorkRow, ...]:
    """Return the work of every placed lesson from `first` to `last`, within what `staff` may see on `today`.

    By day, period and name. Whom the reader is barred from is left out. A cover pass shows its own rooms, and all that
    is left of the day of a student who was sent over to one. Raises `NotAllowed` for who may not see work at all.
    """
    scope = scope_of("see_work", staff)
    slots = slots_between(file, first, last)
    seen = reached(file, "see_work", staff, today.isoformat(), {one.student_id for one in slots})
    slots = tuple(one for one in slots if one.student_id in seen)
    if scope is Scope.TODAY and staff.rooms:
        sent = _sent_over(file, staff, today)
        slots = tuple(
            one for one in slots if one.room_id in staff.rooms or (one.day == today and one.student_id in sent)
        )
    if not slots:
        return ()
    sets = sets_of(file, slots)
    told = _told(file, sorted({one.student_id for one in slots}), today)
    places = {(one.student_id, one.day, one.period): one for one in slots}
    codes = {room.id: room.code for room in rooms(file)}
    gone = _not_coming(file, slots)

    def row(work: WorkSet) -> WorkRow:
        slot, (number, name, year, form, apart) = places[work.key], told[work.student_id]
        away = (slot.placement_id, slot.day) in gone
        return WorkRow(
            number, name, year, form, slot.room_id, codes[slot.room_id], slot.placement_id, work, away, apart
        )

    made = [row(work) for work in sets]
    return tuple(sorted(made, key=lambda one: (one.work.day, one.work.starts, one.name.casefold(), one.number)))


def _sent_over(file: File, staff: Staff, today: date) -> frozenset[int]:
    """Return whose placement has gone along with them into a room of a cover pass today."""
    found = file.rows(
        "SELECT v.student_id FROM visit v JOIN movement m ON m.visit_id = v.id WHERE v.day = :day AND (v.room_id IN"
        " (SELECT value FROM json_each(:rooms)) OR m.to_room_id IN (SELECT value FROM json_each(:rooms)))"
        f" AND {live('movement', 'm')}",
        {"day": today.isoformat(), "rooms": json.dumps(sorted(staff.rooms))},
    )
    return frozenset(student for (student,) in found)


def _told(file: File, students: Sequence[int], today: date) -> dict[int, tuple[str, str, int | None, str, str]]:
    """Return the number, marked name, year, form and namesake's mark of some students."""
    found: list[tuple[Any, ...]] = file.rows(
        "SELECT student.id, coalesce(student.admission_no, ''), student.surname, student.forename, student.provisional,"
        f" now.year, coalesce(now.form, '') FROM student LEFT JOIN enrolment now ON now.id = {LATEST_ENROLMENT}"
        " WHERE student.id IN (SELECT value FROM json_each(:students))",
        {"students": json.dumps(list(students)), "day": today.isoformat()},
    )
    marks = told_apart(file, [Bearer(row[0], row[2], row[3], row[6], row[5]) for row in found])
    return {
        student: (
            shown_number(student, number, new_here=bool(new)),
            marked_name(surname, forename, marks.get(student, "")),
            year,
            form,
            marks.get(student, ""),
        )
        for student, number, surname, forename, new, year, form in found
    }


def _not_coming(file: File, slots: Sequence[Slot]) -> frozenset[tuple[int, date]]:
    """Return for which placements, on which day, it is known that their student does not come, nor came after all."""
    came = (
        "SELECT 1 FROM visit v JOIN movement m ON m.visit_id = v.id WHERE v.student_id = p.student_id"
        f" AND v.day = a.day AND m.happened >= a.happened AND {live('movement', 'm')}"
    )
    found = file.rows(
        "SELECT a.placement_id, a.day FROM attendance_mark a JOIN placement p ON p.id = a.placement_id"
        " WHERE a.placement_id IN (SELECT value FROM json_each(?)) AND a.kind <> 'cancelled'"
        f" AND {live('attendance_mark', 'a')} AND NOT EXISTS ({came})",
        (json.dumps(sorted({one.placement_id for one in slots})),),
    )
    return frozenset((placement, date.fromisoformat(day)) for placement, day in found)
