"""Bookings as who plans the week sees them."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment
from psc.desk.people import short_name
from psc.desk.permissions import reached, scope_of
from psc.roster.placed import placements_between, slots_of
from psc.roster.placement_types import PlacementType
from psc.school.students import Student, students_by_id

if TYPE_CHECKING:
    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.roster.slots import Slot


class Booking(NamedTuple):
    """A placement as who plans the week sees it: all its slots in order, and who booked it when."""

    placement_id: int
    student: Student
    room_id: int
    room: str
    """The room's code."""
    type: PlacementType
    reason: str
    override: str
    planned: bool
    slots: tuple[Slot, ...]
    by: str
    """`M. Adebayo`: whoever wrote it as it stands."""
    at: datetime
    referral_id: int | None


def bookings_between(file: File, first: date, last: date, staff: Staff, today: date) -> tuple[Booking, ...]:
    """Return the placements that have a period between two days, of the students whose roster `staff` may see today.

    They stand in the order in which they were made. Raises `NotAllowed` for who may not see the week.
    """
    scope_of("see_week", staff)
    found = file.rows(
        "SELECT p.student_id, p.id, p.room_id, room.code, p.type, p.reason, p.override, p.planned, p.referral_id,"
        " l.at, l.actor, s.forename, s.surname FROM placement p JOIN room ON room.id = p.room_id"
        " JOIN ledger l ON l.seq = p.seq LEFT JOIN staff s ON s.code = l.actor WHERE p.id IN"
        " (SELECT value FROM json_each(?)) ORDER BY p.id",
        (json.dumps(placements_between(file, first, last)),),
    )
    seen = reached(file, "see_roster", staff, today.isoformat(), (row[0] for row in found))
    students = students_by_id(file, seen, first)
    slots = slots_of(file, [row[1] for row in found if row[0] in students])
    made = []
    for student_id, placement, room_id, room, type, reason, override, planned, referral, at, *by in found:
        if student_id in students:
            student, typed, order = students[student_id], PlacementType(type), slots.get(placement, ())
            made.append(
                Booking(
                    placement, student, room_id, room, typed, reason, override, bool(planned), order, _short(*by),
                    moment(at), referral,
                )
            )  # fmt: skip
    return tuple(made)


def _short(code: str, forename: str | None, surname: str | None) -> str:
    """Return how somebody who wrote a ledger line is named: `M. Adebayo`, else their code."""
    return code if surname is None else short_name(forename or "", surname)
