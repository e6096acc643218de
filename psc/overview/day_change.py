"""Who is touched when a day changes, and what of the day has been lived already."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psc.desk.facts import live
from psc.roster.events import Event, events_on
from psc.roster.movements import in_order, movements_on, seconds_in
from psc.school.bells import day_shape
from psc.school.namesakes import Bearer, told_apart
from psc.school.students import LATEST_ENROLMENT, marked_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from psc.database.file import File
    from psc.school.bells import Bell


class Affected(NamedTuple):
    """A student placed on the day whose periods fall away or take other times, and their events of the day."""

    student_id: int
    name: str
    form: str
    room: str
    falls_away: tuple[str, ...]
    changes: tuple[str, ...]
    events: tuple[Event, ...]


_PLACED = f"""
SELECT p.student_id, student.surname, student.forename, coalesce(now.form, ''), now.year, room.code, pp.period
FROM placement_period pp
JOIN placement p ON p.id = pp.placement_id
JOIN student ON student.id = p.student_id
JOIN room ON room.id = p.room_id
LEFT JOIN enrolment now ON now.id = {LATEST_ENROLMENT}
WHERE pp.on_day = :day AND {live("placement_period", "pp")} AND {live("placement", "p")}
    AND NOT EXISTS (SELECT 1 FROM waiver w WHERE w.placement_period_id = pp.id AND {live("waiver", "w")})
    AND NOT EXISTS (SELECT 1 FROM placement_period c WHERE c.carried_from = pp.id AND {live("placement_period", "c")})
    AND NOT EXISTS (SELECT 1 FROM attendance_mark a WHERE a.placement_id = p.id AND a.day = pp.on_day
        AND a.kind = 'cancelled' AND {live("attendance_mark", "a")})
ORDER BY student.surname, student.forename, p.student_id, room.code, pp.id
"""


def affected_by(file: File, day: date, was: Sequence[Bell], becomes: Sequence[Bell]) -> tuple[Affected, ...]:
    """Return the students placed on a day for whom something changes, by name."""
    before, after = day_shape(was, day, file.zone), day_shape(becomes, day, file.zone)
    events = events_on(file, day)
    made: dict[tuple[int, str], Affected] = {}
    found = file.rows(_PLACED, {"day": day.isoformat()})
    apart = told_apart(
        file, [Bearer(student, last, first, form, year) for student, last, first, form, year, *_ in found]
    )
    for student, last, first, form, year, room, period in found:
        old = next((one for one in before.periods(year) if one.name == period), None)
        new = next((one for one in after.periods(year) if one.name == period), None)
        if old == new:
            continue
        one = made.get((student, room)) or Affected(
            student, marked_name(last, first, apart.get(student, "")), form, room, (), (), events.get(student, ())
        )
        if new is None:
            one = one._replace(falls_away=(*one.falls_away, period))
        else:
            one = one._replace(changes=(*one.changes, period))
        made[student, room] = one
    return tuple(made.values())


def lived_periods(file: File, day: date, was: Sequence[Bell], now: datetime) -> tuple[str, ...]:
    """Return the periods of a day that are over and in which somebody was in a room, or that have a check."""
    shape = day_shape(was, day, file.zone)
    names = {
        name
        for (name,) in file.rows(
            "SELECT DISTINCT pp.period FROM placement_period pp JOIN period_check c ON c.placement_period_id = pp.id"
            f" WHERE pp.on_day = ? AND {live('period_check', 'c')}",
            (day.isoformat(),),
        )
    }
    years = dict(
        file.rows(
            "SELECT v.student_id, now.year FROM visit v JOIN student ON student.id = v.student_id"
            f" LEFT JOIN enrolment now ON now.id = {LATEST_ENROLMENT} WHERE v.day = :day",
            {"day": day.isoformat()},
        )
    )
    visits: dict[int, int] = dict(file.rows("SELECT id, student_id FROM visit WHERE day = ?", (day.isoformat(),)))
    moves = movements_on(file, day)
    for visit, student in visits.items():
        own = in_order([one for one in moves if one.visit_id == visit])
        for period in shape.periods(years.get(student)):
            if period.is_lesson and period.end <= now and seconds_in(own, now, period.start, period.end) > 0:
                names.add(period.name)
    ordered = sorted(was, key=lambda one: one.starts)
    return tuple(dict.fromkeys(one.period for one in ordered if one.period in names))
