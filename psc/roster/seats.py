"""Seats: who sits where in a room today."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.errors import NotUnderstood, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psc.database.file import File


def seats_taken(file: File, room_id: int, day: date) -> dict[int, int | None]:
    """Return the students whose visit in a room is open that day, each with their seat, None for no seat.

    A student who is out keeps the seat; one who has left does not.
    """
    found = file.rows(
        f"""
        SELECT v.student_id,
            (SELECT s.seat FROM seating s WHERE s.visit_id = v.id AND {live("seating", "s")}
                ORDER BY s.happened DESC, s.id DESC LIMIT 1)
        FROM visit v WHERE v.day = ? AND v.room_id = ? AND (
            SELECT sum(m.kind = 'in') - sum(m.kind = 'left') FROM movement m
            WHERE m.visit_id = v.id AND {live("movement", "m")}) > 0
        """,
        (day.isoformat(), room_id),
    )
    return dict(found)


def seat_for(file: File, visit_id: int, seats: int, taken: Mapping[int, int | None], asked: int | None) -> int | None:
    """Return the seat a student gets: the one asked for, else the one they had, else the first free, else none.

    Raises `Refused` when the seat asked for is taken, `NotUnderstood` when the room has no such seat.
    """
    used = {seat for seat in taken.values() if seat}
    if asked is not None:
        if not 1 <= asked <= seats:
            raise NotUnderstood(f"There is no seat {asked}.", f"The seats are 1 to {seats}.")
        if asked in used:
            raise Refused(f"Seat {asked} is taken.", "Choose another.")
        return asked
    had = file.value(
        f"SELECT seat FROM seating s WHERE visit_id = ? AND {live('seating', 's')}"
        " ORDER BY happened DESC, id DESC LIMIT 1",
        (visit_id,),
    )
    if had and had not in used:
        return int(had)
    return next((seat for seat in range(1, seats + 1) if seat not in used), None)


def give_up_seats(tx: Tx, visit_id: int) -> None:
    """Take back the seat a visit had earlier in the day, when it has gone to another and none is free."""
    for (seating,) in tx.file.rows(
        f"SELECT id FROM seating s WHERE visit_id = ? AND {live('seating', 's')}", (visit_id,)
    ):
        tx.retract("seating", seating, "taken by another")


def no_seat_twice(tx: Tx) -> None:
    """Raise `Refused` when an undo would put a student back on a seat that another has been given since."""
    for (room_id,) in tx.file.rows("SELECT id FROM room"):
        used = [seat for seat in seats_taken(tx.file, room_id, tx.today).values() if seat]
        for seat in used:
            if used.count(seat) > 1:
                raise Refused(f"Seat {seat} has been given to another since.", "Sign the student in, or move one.")


@act("change_seat", resting=(), afterwards=no_seat_twice)
def change_seat(tx: Tx, visit_id: int, seat: int) -> int:
    """Move a student who is in the room to another seat; returns the seating's id."""
    found = tx.file.row(
        "SELECT v.student_id, v.room_id, v.day, room.seats FROM visit v"
        " JOIN room ON room.id = v.room_id WHERE v.id = ?",
        (visit_id,),
    )
    if found is None or found[2] != tx.today.isoformat():
        raise Refused("That visit is not of today.", "Look at the board again.")
    student_id, room_id, _, seats = found
    tx.reach(student_id)
    tx.reach_room(room_id)
    taken = seats_taken(tx.file, room_id, tx.today)
    if student_id not in taken:
        raise Refused("This student is not in the room.", "Sign them in first.")
    others = {student: where for student, where in taken.items() if student != student_id}
    chosen = seat_for(tx.file, visit_id, seats, others, seat)
    return tx.add("seating", visit_id=visit_id, seat=chosen)
