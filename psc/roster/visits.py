"""Visits: a student's day in one room, found by who and where, and who was in a room at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.roster.movements import Movement, in_order, is_open, movements_on

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from psc.database.file import File


def visit_for(file: File, student_id: int, room_id: int, day: date) -> int | None:
    """Return the id of a student's visit in a room on a day, None when there is none."""
    found = file.value(
        "SELECT id FROM visit WHERE student_id = ? AND day = ? AND room_id = ?", (student_id, day.isoformat(), room_id)
    )
    return None if found is None else int(found)


def visit_of_movement(file: File, movement_id: int) -> int:
    """Return the id of the visit that a movement belongs to, corrected since or not."""
    return int(file.value("SELECT visit_id FROM movement WHERE id = ?", (movement_id,)))


def movements_in(file: File, room_id: int, day: date) -> dict[int, tuple[Movement, ...]]:
    """Return everybody's movements in a room on a day, in order, by student."""
    found = file.rows("SELECT id, student_id FROM visit WHERE day = ? AND room_id = ?", (day.isoformat(), room_id))
    students: dict[int, int] = dict(found)
    made: dict[int, tuple[Movement, ...]] = {}
    for one in in_order(movements_on(file, day)):
        if one.visit_id in students:
            student = students[one.visit_id]
            made[student] = (*made.get(student, ()), one)
    return made


def inside_at(there: Mapping[int, tuple[Movement, ...]], at: datetime) -> set[int]:
    """Return the students whose visit was open at a moment, given everybody's movements in the room."""
    return {student for student, moves in there.items() if is_open([one for one in moves if one.happened <= at])}
