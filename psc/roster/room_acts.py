"""A room added or changed: its name, its seats, what its board shows. Who sits there now is asked first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.acts import Tx, act
from psc.desk.changes import check_differs, check_fresh, fields, keep_change
from psc.errors import NeedsReason, NotUnderstood, Refused
from psc.roster.seats import seats_taken
from psc.school.rooms import KINDS, MOST_SEATS, Room, room_by_id
from psc.text import clean, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOM_ACTS = ("add_room", "change_room")
LONGEST_WELFARE = 240
"""The most minutes between welfare checks that a room may set."""


@act("add_room")
def add_room(tx: Tx, room: Room) -> int:
    """Add a room; returns its id. Raises `Refused` when there is one with that code."""
    made = _checked(room)
    if tx.file.value("SELECT 1 FROM room WHERE code = ?", (made.code,)):
        raise Refused(f"There is a room “{made.code}” already.", "Choose another code.")
    cursor = tx.file.execute(
        "INSERT INTO room (code, name, kind, seats, hide_why, meals_in_room, welfare_minutes)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (made.code, *_columns(made)),
    )
    made = made._replace(id=int(cursor.lastrowid or 0))
    keep_change(tx, made.about, {}, fields(made))
    return made.id


@act("change_room")
def change_room(tx: Tx, seen: Room, becomes: Room, why: str = "") -> None:
    """Change a room from how it was `seen`; its code stays. It counts at once.

    Raises `Refused` when somebody changed it meanwhile, `NeedsReason` for fewer seats than are taken now without `why`.
    """
    stands = room_by_id(tx.file, seen.id)
    check_fresh(tx, stands.about, seen, stands)
    made = _checked(becomes._replace(id=stands.id, code=stands.code))
    check_differs(stands, made)
    if made.seats < stands.seats and not clean(why):
        taken = seats_taken(tx.file, made.id, tx.today)
        beyond = sum(1 for seat in taken.values() if seat and seat > made.seats)
        if len(taken) > made.seats or beyond:
            raise NeedsReason(
                f"{counted(max(len(taken) - made.seats, beyond), 'student')} would lose the seat they sit on now.",
                "Why all the same?",
            )
    tx.file.execute(
        "UPDATE room SET name = ?, kind = ?, seats = ?, hide_why = ?, meals_in_room = ?, welfare_minutes = ?"
        " WHERE id = ?",
        (*_columns(made), made.id),
    )
    keep_change(tx, made.about, fields(stands), fields(made))
    if clean(why):
        tx.said["why"] = clean(why)


def _columns(room: Room) -> Sequence[object]:
    return (room.name, room.kind, room.seats, int(room.hide_why), int(room.meals_in_room), room.welfare_minutes)


def _checked(room: Room) -> Room:
    """Return a room as psc keeps it. Raises `NotUnderstood`."""
    made = room._replace(code=clean(room.code), name=clean(room.name), kind=clean(room.kind).upper())
    if not made.code or len(made.code) > 8 or " " in made.code:
        raise NotUnderstood(f"“{made.code}” cannot be a room’s code.", "Up to 8 letters and figures: IER, PSC2.")
    if not made.name or len(made.name) > 60:
        raise NotUnderstood("The room needs a name.", "60 characters are the most.")
    if made.kind not in KINDS:
        raise NotUnderstood(f"“{made.kind}” is not a kind of room.", f"It is {' or '.join(KINDS)}.")
    if not 1 <= made.seats <= MOST_SEATS:
        raise NotUnderstood("That is not a number of seats.", f"Type 1 to {MOST_SEATS}.")
    if made.welfare_minutes is not None and not 1 <= made.welfare_minutes <= LONGEST_WELFARE:
        raise NotUnderstood("Welfare checks are due every 1 to 240 minutes.", "Leave it empty for the school’s figure.")
    return made
