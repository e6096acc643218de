"""The lessons for which students are placed, and when the work of each is due."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment, school_day
from psc.desk.facts import live
from psc.school.bells import lesson_number

if TYPE_CHECKING:
    from psc.database.file import File


class Slot(NamedTuple):
    """A period of a day for which a student is placed."""

    student_id: int
    year: int | None
    room_id: int
    placement_id: int
    day: date
    period: str
    decided: datetime
    """When the student was placed for this very period; for whom nobody had planned, when they came."""
    unplanned: bool = False
    """Whether they came without a plan: a removal at the door, and whatever else begins there."""
    lapsed: bool = False
    """Whether nothing is to be done for it any more: cancelled, let off, or carried to another day."""


def due_at(
    starts: datetime, decided: datetime, day_before: datetime | None, *, came: bool, next_start: datetime | None
) -> datetime:
    """Return when the work of a period that begins at `starts` is due.

    Whoever was placed in time: `day_before`, the set hour (15:00) of the school day before. Whoever was placed later
    than that: at once, when they were placed (`decided`), for nobody has time left to wait.

    Whoever `came` without a plan (a removal) brings no work along. What is ahead of them is due at the start of the
    next period after they came, `next_start`, also what is for a later one: its teacher is still to be reached then.
    The period they were removed from cannot wait for the next one: it is a gap from when they came, to be filled with
    what the teacher sends along, or a pack.

    Where the calendar begins (`day_before` None) the period's own start stands for the day before. All moments are UTC,
    so that a change of the clocks moves nothing. Source: the domain notes, Work sets.
    """
    if came:
        return decided if starts <= decided else min(starts, next_start or starts)
    return max(decided, starts if day_before is None else day_before)


LAPSED = f"""(
    EXISTS (SELECT 1 FROM attendance_mark gone WHERE gone.placement_id = p.id AND gone.day = pp.on_day
        AND gone.kind = 'cancelled' AND {live("attendance_mark", "gone")})
    OR EXISTS (SELECT 1 FROM waiver w WHERE w.placement_period_id = pp.id AND {live("waiver", "w")})
    OR EXISTS (SELECT 1 FROM placement_period c WHERE c.carried_from = pp.id AND {live("placement_period", "c")})
)"""
"""SQL: whether nothing is to be done for a placed period (`pp` of `p`) any more."""

_SLOTS = f"""
SELECT p.student_id, (SELECT e.year FROM enrolment e WHERE e.student_id = p.student_id AND e.from_day <= pp.on_day
        ORDER BY e.from_day DESC, e.id DESC LIMIT 1),
    p.room_id, p.id, pp.on_day, pp.period, iif(pp.seq = p.seq, p.happened, pp.happened), not p.planned, {LAPSED}
FROM placement_period pp JOIN placement p ON p.id = pp.placement_id
WHERE pp.on_day BETWEEN :first AND :last AND {live("placement_period", "pp")} AND {live("placement", "p")}
ORDER BY pp.on_day, p.id, pp.id
"""


def slots_between(file: File, first: date, last: date) -> tuple[Slot, ...]:
    """Return every placed lesson from `first` to `last`, once a student, day and period.

    Of several placements it is the newest that still holds.
    """
    found = file.rows(_SLOTS, {"first": first.isoformat(), "last": last.isoformat()})
    made: dict[tuple[int, str, str], Slot] = {}
    for student, year, room, placement, day, period, decided, unplanned, lapsed in found:
        key = (student, day, period)
        if not lesson_number(period) or (lapsed and key in made):
            continue
        when, on = moment(decided), date.fromisoformat(day)
        came = bool(unplanned) and school_day(when, file.zone) == on
        made[key] = Slot(student, year, room, placement, on, period, when, came, bool(lapsed))
    return tuple(made.values())
