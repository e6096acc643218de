"""Which periods are placed over a stretch of days, a query for all of them: a student's, and the seats of the rooms."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from psc.desk.facts import live

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from psc.database.file import File

STANDING = (
    f"{live('placement_period', 'pp')} AND {live('placement', 'p')} AND NOT EXISTS (SELECT 1 FROM attendance_mark a"
    " WHERE a.placement_id = p.id AND a.day = pp.on_day AND a.kind = 'cancelled'"
    f" AND {live('attendance_mark', 'a')})"
)
"""SQL: the condition that a placed period `pp` of a placement `p` takes a seat: neither was taken back or cancelled."""


class Taken(NamedTuple):
    """Where a student is placed for a period."""

    placement_id: int
    room_id: int
    room: str
    """The room's code."""


def taken_by(
    file: File, student_id: int, first: date, last: date, *, besides: int | None = None
) -> Mapping[tuple[date, str], Taken]:
    """Return where a student is placed from one day to another, by day and period; the placement `besides` left out."""
    found = file.rows(
        "SELECT pp.on_day, pp.period, p.id, p.room_id, room.code FROM placement p JOIN placement_period pp"
        " ON pp.placement_id = p.id JOIN room ON room.id = p.room_id WHERE p.student_id = ?"
        f" AND pp.on_day BETWEEN ? AND ? AND p.id IS NOT ? AND {STANDING} ORDER BY pp.id",
        (student_id, first.isoformat(), last.isoformat(), besides),
    )
    return {(date.fromisoformat(day), period): Taken(*rest) for day, period, *rest in found}


def placements_between(file: File, first: date, last: date) -> tuple[int, ...]:
    """Return the placements that take a seat on any day from one to another, in the order in which they were made."""
    found = file.rows(
        "SELECT DISTINCT p.id FROM placement_period pp JOIN placement p ON p.id = pp.placement_id"
        f" WHERE pp.on_day BETWEEN ? AND ? AND {STANDING} ORDER BY p.id",
        (first.isoformat(), last.isoformat()),
    )
    return tuple(placement for (placement,) in found)


def slots_of(file: File, placements: Iterable[int]) -> Mapping[int, tuple[tuple[date, str], ...]]:
    """Return the slots that stand of some placements, by placement, each in order of time."""
    starts = {
        (shape, period): at
        for shape, period, at in file.rows("SELECT shape_id, period, min(starts) FROM bell GROUP BY shape_id, period")
    }
    found = file.rows(
        "SELECT pp.placement_id, pp.on_day, pp.period, c.shape_id FROM placement_period pp LEFT JOIN calendar_day c"
        " ON c.day = pp.on_day WHERE pp.placement_id IN (SELECT value FROM json_each(?))"
        f" AND {live('placement_period', 'pp')}",
        (json.dumps(sorted(placements)),),
    )
    found.sort(key=lambda row: (row[1], starts.get((row[3], row[2]), "~"), row[2]))
    made: dict[int, list[tuple[date, str]]] = {}
    for placement, day, period, _ in found:
        made.setdefault(placement, []).append((date.fromisoformat(day), period))
    return {placement: tuple(those) for placement, those in made.items()}


class Seats(NamedTuple):
    """How many students are placed in a room for a period, and the ledger line that placed the last of them."""

    used: int
    last_seq: int


def seats_used(
    file: File, first: date, last: date, *, room_id: int | None = None, besides: int | None = None
) -> Mapping[tuple[int, date, str], Seats]:
    """Return the seats used from one day to another, by room, day and period; what is not there has none used.

    Of one room where it is given; the student `besides` is not counted.
    """
    found = file.rows(
        "SELECT p.room_id, pp.on_day, pp.period, count(DISTINCT p.student_id), max(pp.seq) FROM placement_period pp"
        " JOIN placement p ON p.id = pp.placement_id WHERE pp.on_day BETWEEN :first AND :last"
        " AND (:room IS NULL OR p.room_id = :room) AND p.student_id IS NOT :besides"
        f" AND {STANDING} GROUP BY p.room_id, pp.on_day, pp.period",
        {"first": first.isoformat(), "last": last.isoformat(), "room": room_id, "besides": besides},
    )
    return {(room, date.fromisoformat(day), period): Seats(used, seq) for room, day, period, used, seq in found}


def placed_there(
    file: File, room_id: int, students: Collection[int], first: date, last: date
) -> Mapping[tuple[date, str], tuple[int, ...]]:
    """Return which of some students are placed in a room from one day to another, by day and period."""
    if not students:
        return {}
    found = file.rows(
        "SELECT DISTINCT pp.on_day, pp.period, p.student_id FROM placement p JOIN placement_period pp"
        f" ON pp.placement_id = p.id WHERE p.student_id IN ({', '.join('?' * len(students))}) AND p.room_id = ?"
        f" AND pp.on_day BETWEEN ? AND ? AND {STANDING} ORDER BY p.student_id",
        (*students, room_id, first.isoformat(), last.isoformat()),
    )
    made: dict[tuple[date, str], tuple[int, ...]] = {}
    for day, period, student in found:
        key = (date.fromisoformat(day), period)
        made[key] = (*made.get(key, ()), student)
    return made
