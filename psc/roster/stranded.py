"""Periods that students are placed for and that their day no longer has: for a decision, never lost.

A day that closes early, or takes another shape, leaves them behind. Each is carried, waived, or cancelled with its
placement; nothing else takes it from the list.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from psc.desk.facts import live
from psc.roster.placements import PlacementType
from psc.school.namesakes import Bearer, told_apart
from psc.school.shapes import shape_of
from psc.school.students import shown_name

if TYPE_CHECKING:
    from psc.database.file import File
    from psc.school.shapes import DayShape


class Stranded(NamedTuple):
    """A placed period whose day has no such period for the student's year. `came`: they were in a room that day."""

    placed_id: int
    placement_id: int
    student_id: int
    name: str
    form: str
    room: str
    type: PlacementType
    day: date
    period: str
    came: bool


# Years that the day's shape does not name are looked at once more below: they live by its longest day.
_STRANDED = f"""
SELECT pp.id, p.id, p.student_id, student.surname, student.forename, now.form, room.code, p.type, pp.on_day, pp.period,
    EXISTS (SELECT 1 FROM visit v JOIN movement m ON m.visit_id = v.id
        WHERE v.student_id = p.student_id AND v.day = pp.on_day AND {live("movement", "m")}), now.year
FROM placement_period pp
JOIN placement p ON p.id = pp.placement_id
JOIN student ON student.id = p.student_id
JOIN room ON room.id = p.room_id
LEFT JOIN enrolment now ON now.id = (SELECT e.id FROM enrolment e WHERE e.student_id = p.student_id
    AND e.from_day <= pp.on_day ORDER BY e.from_day DESC, e.id DESC LIMIT 1)
WHERE pp.on_day >= :day AND {live("placement_period", "pp")} AND {live("placement", "p")}
    AND NOT EXISTS (SELECT 1 FROM waiver w WHERE w.placement_period_id = pp.id AND {live("waiver", "w")})
    AND NOT EXISTS (SELECT 1 FROM placement_period c WHERE c.carried_from = pp.id AND {live("placement_period", "c")})
    AND NOT EXISTS (SELECT 1 FROM attendance_mark a WHERE a.placement_id = p.id AND a.day = pp.on_day
        AND a.kind = 'cancelled' AND {live("attendance_mark", "a")})
    AND NOT EXISTS (SELECT 1 FROM calendar_day c JOIN bell b ON b.shape_id = c.shape_id
        WHERE c.day = pp.on_day AND b.period = pp.period AND b.year = now.year)
ORDER BY pp.on_day, student.surname, student.forename, pp.id
"""


def stranded(file: File, from_day: date) -> tuple[Stranded, ...]:
    """Return the periods from a day on that wait for a decision, oldest first."""
    shapes: dict[str, DayShape] = {}
    made = []
    bearers = []
    for placed, placement, student, last, first, form, room, type, on, period, came, year in file.rows(
        _STRANDED, {"day": from_day.isoformat()}
    ):
        day = date.fromisoformat(on)
        if on not in shapes:
            shapes[on] = shape_of(file, day)
        if period in {one.name for one in shapes[on].periods(year)}:
            continue
        bearers.append(Bearer(student, last, first, form or "", year))
        made.append(
            Stranded(
                placed, placement, student, shown_name(last, first), form or "", room, PlacementType(type), day, period,
                bool(came),
            )
        )  # fmt: skip
    apart = told_apart(file, bearers)
    return tuple(one._replace(name=f"{one.name} {apart.get(one.student_id, '')}".rstrip()) for one in made)
