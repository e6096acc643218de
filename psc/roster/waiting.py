"""The waiting list: who is to have a seat that was not free, in the order in which it was asked for."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.desk.permissions import reached, scope_of
from psc.errors import NeedsReason, NotUnderstood, Refused
from psc.roster.placement_types import PlacementType
from psc.school.rooms import room_by_id
from psc.school.students import student_by_id, students_by_id
from psc.text import check_length

if TYPE_CHECKING:
    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.school.students import Student


class Waiting(NamedTuple):
    """A student who waits for a seat. `asked` is for when, as it was typed."""

    id: int
    student: Student
    room_id: int
    room: str
    """The room's code."""
    type: PlacementType
    reason: str
    asked: str
    referral_id: int | None
    since: datetime
    by: str
    """The code of who put them on the list."""


_WAITS = f"{live('waiting', 'w')} AND NOT EXISTS (SELECT 1 FROM waiting_end e WHERE e.waiting_id = w.id AND" + (
    f" {live('waiting_end', 'e')})"
)


def waiting_list(file: File, staff: Staff, today: date) -> tuple[Waiting, ...]:
    """Return who waits for a seat, the oldest first, of the students whose roster `staff` may see.

    Raises `NotAllowed` for who may not see the week.
    """
    scope_of("see_week", staff)
    found = file.rows(
        "SELECT w.id, w.student_id, w.room_id, room.code, w.type, w.reason, w.asked, w.referral_id, w.happened,"
        " l.actor FROM waiting w JOIN room ON room.id = w.room_id JOIN ledger l ON l.seq = w.seq"
        f" WHERE {_WAITS} ORDER BY w.happened, w.id"
    )
    seen = students_by_id(file, reached(file, "see_roster", staff, today.isoformat(), (row[1] for row in found)), today)
    return tuple(
        Waiting(
            identity, seen[student], room_id, code, PlacementType(type), reason, asked,
            referral, moment(at), by,
        )
        for identity, student, room_id, code, type, reason, asked, referral, at, by in found
        if student in seen
    )  # fmt: skip


@act("wait_for_seat", resting=("stop_waiting", "book"))
def wait_for_seat(
    tx: Tx,
    student_id: int,
    room_id: int,
    type: PlacementType,
    reason: str,
    asked: str,
    *,
    referral_id: int | None = None,
) -> int:
    """Put a student on the waiting list of a room; `asked` is for when, in words. Returns the wait's id.

    The words are kept so that they mean the same days later: `tomorrow` is not another day each day.

    Raises `Refused` when they wait for that room already, `NotUnderstood` without words for when.
    """
    tx.reach(student_id)
    room = room_by_id(tx.file, room_id)
    words = check_length(asked, "time asked for")
    if not words:
        raise NotUnderstood("Say for when a seat is wanted.", "Type three days from Tuesday, for instance.")
    student = student_by_id(tx.file, student_id, tx.today)
    with suppress(NotUnderstood, Refused):  # what cannot be read as days is for people to read
        from psc.roster.typed_booking import lasting

        words = lasting(tx.file, words, student.year, tx.today, tx.now)
    if tx.file.value(
        f"SELECT 1 FROM waiting w WHERE student_id = ? AND room_id = ? AND {_WAITS}", (student_id, room_id)
    ):
        raise Refused(f"{student.name} waits for a seat in {room.code} already.", "Take them off the list first.")
    return tx.add(
        "waiting",
        student_id=student_id,
        room_id=room_id,
        type=PlacementType(type).value,
        reason=check_length(reason, "reason"),
        asked=words,
        referral_id=referral_id,
    )


@act("stop_waiting", resting=("wait_for_seat", "book"))
def stop_waiting(tx: Tx, waiting_id: int, why: str) -> int:
    """Take a student off the waiting list, with a reason; returns the end's id.

    Raises `NeedsReason` without one, `Refused` when they wait no more.
    """
    found = tx.file.value(f"SELECT student_id FROM waiting w WHERE id = ? AND {_WAITS}", (waiting_id,))
    if found is None:
        raise Refused("That student does not wait any more.", "Look at the list again.")
    tx.reach(int(found))
    words = check_length(why, "reason")
    if not words:
        raise NeedsReason("Taking a student off the list needs a reason.", "Type why.")
    return tx.add("waiting_end", waiting_id=waiting_id, why=words)


def take_from_list(tx: Tx, student_id: int, placement_id: int) -> None:
    """End the waits of a student that a booking answers: those for its room, for its type, or of its referral."""
    for (waiting_id,) in tx.file.rows(
        "SELECT w.id FROM waiting w JOIN placement p ON p.id = :placement WHERE w.student_id = :student AND (w.room_id"
        f" = p.room_id OR w.type = p.type OR w.referral_id = p.referral_id) AND {_WAITS} ORDER BY w.id",
        {"placement": placement_id, "student": student_id},
    ):
        tx.add("waiting_end", waiting_id=waiting_id, placement_id=placement_id, why="booked")
