"""Not here: a placement's day marked absent, no-show or cancelled. Only such a mark ends a wait; time never does."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.errors import NotUnderstood, Refused
from psc.roster.movements import is_open, movements_of
from psc.text import clean

if TYPE_CHECKING:
    from psc.database.file import File


class Absence(StrEnum):
    """Why an expected student does not come."""

    ABSENT = "absent"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class AbsenceMark(NamedTuple):
    """A mark on one placement for one day."""

    placement_id: int
    kind: Absence
    code: str
    happened: datetime


@act("mark_absence", resting=())
def mark_absence(tx: Tx, placement_id: int, kind: Absence, *, at: datetime | None = None, code: str = "") -> int:
    """Mark a placement of today: absent from school (with the attendance code if known), no-show, or cancelled.

    It was known at `at` (now unless given). Returns the mark's id. Raises `Refused` while the student is in the room.
    """
    found = tx.file.row(
        "SELECT p.student_id, p.room_id FROM placement p JOIN placement_period pp ON pp.placement_id = p.id"
        f" WHERE p.id = ? AND pp.on_day = ? AND {live('placement', 'p')} AND {live('placement_period', 'pp')}",
        (placement_id, tx.today.isoformat()),
    )
    if found is None:
        raise NotUnderstood("That placement is not of today.", "Look at the board again.")
    student_id, room_id = found
    tx.reach(student_id)
    moves = movements_of(tx.file, student_id, tx.today)
    in_school = is_open(moves)
    if in_school and (kind is Absence.ABSENT or moves[-1].room_id == room_id):
        raise Refused("This student is signed in.", "Sign them out, or undo the signing in, first.")
    return tx.add("attendance_mark", placement_id=placement_id, kind=Absence(kind).value, code=clean(code), happened=at)


def marks_on(file: File, day: date) -> dict[int, AbsenceMark]:
    """Return the mark that counts for each placement of a day, by placement id."""
    found = file.rows(
        "SELECT placement_id, kind, code, happened FROM attendance_mark a"
        f" WHERE day = ? AND {live('attendance_mark', 'a')} ORDER BY happened, id",
        (day.isoformat(),),
    )
    return {placement: AbsenceMark(placement, Absence(kind), code, moment(at)) for placement, kind, code, at in found}
