"""Periods of a sanction that are over and were not served: they wait to be carried, or waived."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day
from psc.desk.facts import live
from psc.desk.permissions import reached, scope_of
from psc.overview.read_board import read_board
from psc.roster.absences import Absence
from psc.roster.placed import STANDING
from psc.roster.placement_types import SANCTIONS
from psc.roster.placements import PeriodState
from psc.school.calendar import school_days

if TYPE_CHECKING:
    from datetime import datetime

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.roster.placement_types import PlacementType

LOOK_BACK = 10
"""School days over which unserved periods are looked for: what is older is nobody's plan any more."""


class ToCarry(NamedTuple):
    """A period that was not served. `state` is pending (nobody checked it) or not completed."""

    placed_id: int
    placement_id: int
    student_id: int
    name: str
    form: str
    room_id: int
    type: PlacementType
    day: date
    period: str
    state: PeriodState


def to_carry(
    file: File, staff: Staff, now: datetime, *, student_id: int | None = None, days: int = LOOK_BACK
) -> tuple[ToCarry, ...]:
    """Return what waits to be carried of the last school days, today's among them, the oldest first.

    Of one student where that is given, and only of students whose periods `staff` may carry. Raises `NotAllowed` for
    who may carry none.
    """
    scope_of("carry_period", staff)
    today = school_day(now, file.zone)
    made = []
    for day in _days(file, today, days, student_id):
        board = read_board(file, day, staff, staffed=False, today=today)
        found: dict[int, ToCarry] = {}
        for one in board.at(now):
            row = one.row
            if student_id not in (None, row.student_id) or (
                row.facts.mark and row.facts.mark.kind is Absence.CANCELLED
            ):
                continue
            states = one.states(now, board.settings)
            for placed in row.placed:
                state = states.get(placed.period.name)
                if state in (PeriodState.PENDING, PeriodState.NOT_COMPLETED):
                    found[placed.id] = ToCarry(
                        placed.id, placed.placement_id, row.student_id, row.name, row.form, row.room_id, row.type, day,
                        placed.period.name, state,
                    )  # fmt: skip
        made += sorted(found.values(), key=lambda each: (each.name, each.placed_id))
    seen = reached(file, "carry_period", staff, today.isoformat(), {one.student_id for one in made})
    return tuple(one for one in made if one.student_id in seen)


def _days(file: File, today: date, days: int, student_id: int | None) -> tuple[date, ...]:
    """Return those of the last school days on which a period of a sanction was neither waived nor carried yet."""
    lately = school_days(file, today - timedelta(days=days * 2 + 30), today)[-days:]
    if not lately:
        return ()
    found = file.rows(
        "SELECT DISTINCT pp.on_day FROM placement_period pp JOIN placement p ON p.id = pp.placement_id"
        f" WHERE pp.on_day BETWEEN ? AND ? AND p.type IN ({', '.join('?' * len(SANCTIONS))})"
        f" AND p.student_id = coalesce(?, p.student_id) AND {STANDING}"
        f" AND NOT EXISTS (SELECT 1 FROM waiver w WHERE w.placement_period_id = pp.id AND {live('waiver', 'w')})"
        " AND NOT EXISTS (SELECT 1 FROM placement_period c WHERE c.carried_from = pp.id"
        f" AND {live('placement_period', 'c')})",
        (lately[0].isoformat(), today.isoformat(), *SANCTIONS, student_id),
    )
    open_on = {day for (day,) in found}
    return tuple(day for day in lately if day.isoformat() in open_on)
