"""The rooms of the centre and their seats."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psc.errors import NotUnderstood

if TYPE_CHECKING:
    from psc.database.file import File


KINDS = ("IER", "PSC")
"""The kinds of room: Internal Exclusion Room, Pastoral Support Centre."""
MOST_SEATS = 500


class Room(NamedTuple):
    """A room. `hide_why` keeps reasons off its board; in some rooms break and lunch are taken.

    `welfare_minutes` is the room's own figure for welfare checks, None where the school's setting holds.
    """

    id: int
    code: str
    name: str
    kind: str
    seats: int
    hide_why: bool
    meals_in_room: bool
    welfare_minutes: int | None = None

    @property
    def about(self) -> str:
        """The name under which the ledger keeps changes of it."""
        return f"room:{self.id}"


def rooms(file: File) -> tuple[Room, ...]:
    """Return every room, in the order they were set up."""
    found = file.rows(
        "SELECT id, code, name, kind, seats, hide_why, meals_in_room, welfare_minutes FROM room ORDER BY id"
    )
    return tuple(Room(a, b, c, d, e, bool(f), bool(g), h) for a, b, c, d, e, f, g, h in found)


def room_by_code(file: File, code: str) -> Room:
    """Return the room with that code, case ignored. Raises `NotUnderstood` naming the rooms there are."""
    known = rooms(file)
    for room in known:
        if room.code.lower() == code.strip().lower():
            return room
    names = ", ".join(room.code for room in known) or "none yet"
    raise NotUnderstood(f"There is no room “{code.strip()}”.", f"The rooms are: {names}.")


def room_by_id(file: File, room_id: int) -> Room:
    """Return a room by its id. Raises `NotUnderstood`."""
    for room in rooms(file):
        if room.id == room_id:
            return room
    raise NotUnderstood("There is no such room.", "Look at the list of rooms.")
