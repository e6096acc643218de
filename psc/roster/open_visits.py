"""Visits that an earlier day left open: listed, and closed only by somebody's decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from psc.clock import school_day
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.errors import NeedsReason, Refused
from psc.roster.movements import MOVES, Destination, Kind, Movement, check_fits, movements_of, visit_of
from psc.school.students import student_by_id

if TYPE_CHECKING:
    from psc.database.file import File


@act("close_visit", resting=MOVES)
def close_visit(tx: Tx, visit_id: int, at: datetime, to: Destination, why: str) -> int:
    """Close a visit that an earlier day left open, with the time and a reason; returns the movement's id."""
    student_id, room_id, day = visit_of(tx, visit_id)
    if school_day(at, tx.file.zone) != day or at > tx.now:
        raise Refused(f"The visit was on {day:%A} {day.day} {day:%B}.", "Give a time of that day.")
    if not why.strip():
        raise NeedsReason("Closing an earlier day's visit needs a reason.", "Type why.")
    before = movements_of(tx.file, student_id, day)
    check_fits(tx, before, Movement(0, visit_id, room_id, Kind.LEFT, to, at, tx.now, tx.actor.code, 1 << 62))
    return tx.add(
        "movement", visit_id=visit_id, kind=Kind.LEFT.value, reason=Destination(to).value, note=why, happened=at
    )


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """A visit of an earlier day that nobody ended."""

    visit_id: int
    student_id: int
    name: str
    room: str
    day: date
    last: str
    since: datetime


def open_visits_before(file: File, day: date) -> tuple[OpenVisit, ...]:
    """Return the visits before `day` that were never ended, oldest first: a list for someone's decision."""
    found = file.rows(
        f"""
        SELECT v.id, v.student_id, room.name, v.day, sum(m.kind = 'in') - sum(m.kind = 'left') AS still
        FROM visit v JOIN movement m ON m.visit_id = v.id JOIN room ON room.id = v.room_id
        WHERE v.day < ? AND {live("movement", "m")}
        GROUP BY v.id HAVING still > 0 ORDER BY v.day, v.id
        """,
        (day.isoformat(),),
    )
    made = []
    for visit_id, student_id, room, on, _ in found:
        last = next(
            one for one in reversed(movements_of(file, student_id, date.fromisoformat(on))) if one.visit_id == visit_id
        )
        name = student_by_id(file, student_id, day).name
        made.append(
            OpenVisit(visit_id, student_id, name, room, date.fromisoformat(on), last.reason or last.kind, last.happened)
        )
    return tuple(made)
