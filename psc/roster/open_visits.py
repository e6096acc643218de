"""Visits that an earlier day left open: listed, and closed only by somebody's decision."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

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
    if Destination(to) in (Destination.OTHER_ROOM, Destination.HOME_SUSPENDED):
        raise Refused("An earlier day is not closed so.", "Choose where they went: a lesson, an adult, home.")
    before = movements_of(tx.file, student_id, day)
    check_fits(tx, before, Movement(0, visit_id, room_id, Kind.LEFT, to, at, tx.now, tx.actor.code, 1 << 62))
    return tx.add(
        "movement", visit_id=visit_id, kind=Kind.LEFT.value, reason=Destination(to).value, note=why, happened=at
    )


class OpenVisit(NamedTuple):
    """A visit of an earlier day that nobody ended."""

    visit_id: int
    student_id: int
    name: str
    room: str
    day: date
    last: str
    since: datetime


# Few visits can be open: those without an end, those whose end was taken back, those that went on after one. They are
# found by index, since ten years of movements take too long to walk.
_MAY_BE_OPEN = """v.id IN (
    SELECT v.id FROM visit v
    WHERE NOT EXISTS (SELECT 1 FROM movement m WHERE m.kind = 'left' AND m.visit_id = v.id)
    UNION SELECT m.visit_id FROM retraction r JOIN movement m ON m.id = r.fact_id
    WHERE r.fact = 'movement' AND m.kind = 'left'
    UNION SELECT m.visit_id FROM movement m WHERE m.kind = 'in' GROUP BY m.visit_id HAVING count(*) > 1)"""


def open_visits_before(file: File, day: date, *, since: date | None = None) -> tuple[OpenVisit, ...]:
    """Return the visits before `day` (from `since` on, if given) that nobody ended, oldest first, for a decision."""
    among = "v.day >= :since" if since else _MAY_BE_OPEN
    found = file.rows(
        f"""
        SELECT v.id, v.student_id, room.name, v.day FROM visit v JOIN room ON room.id = v.room_id
        WHERE v.day < :day AND {among} AND (
            SELECT sum(m.kind = 'in') - sum(m.kind = 'left') FROM movement m
            WHERE m.visit_id = v.id AND {live("movement", "m")}) > 0
        ORDER BY v.day, v.id
        """,
        {"day": day.isoformat(), "since": since.isoformat() if since else ""},
    )
    made = []
    for visit_id, student_id, room, on in found:
        then = date.fromisoformat(on)
        last = [one for one in movements_of(file, student_id, then) if one.visit_id == visit_id][-1]
        name = student_by_id(file, student_id, day).name
        made.append(OpenVisit(visit_id, student_id, name, room, then, last.reason or last.kind, last.happened))
    return tuple(made)
