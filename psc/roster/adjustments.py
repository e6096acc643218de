"""Adjustments: whether what was agreed for a student was given in a period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.errors import Refused
from psc.school.shapes import shape_of
from psc.school.students import student_by_id

if TYPE_CHECKING:
    from datetime import date

    from psc.database.file import File


@act("mark_adjustment", resting=())
def mark_adjustment(tx: Tx, placed_id: int, given: bool) -> int:
    """Record whether the adjustment agreed for a student was given in a period; the latest word counts.

    Raises `Refused` for a period that has not begun, or is no longer part of a placement.
    """
    found = tx.file.row(
        "SELECT p.student_id, pp.on_day, pp.period FROM placement_period pp JOIN placement p ON p.id = pp.placement_id"
        f" WHERE pp.id = ? AND {live('placement_period', 'pp')}",
        (placed_id,),
    )
    if found is None:
        raise Refused("That period is no longer part of a placement.", "Look at the board again.")
    student_id, day, name = found
    tx.reach(student_id)
    year = student_by_id(tx.file, student_id, tx.today).year
    period = next((one for one in shape_of(tx.file, tx.today).periods(year) if one.name == name), None)
    begun = period is None or tx.now >= period.start
    if day > tx.today.isoformat() or (day == tx.today.isoformat() and not begun):
        raise Refused(f"{name} has not begun.", "Say it when it has.")
    if day != tx.today.isoformat() and not tx.may_also("correct_before"):
        raise Refused("That period was not today.", "A coordinator can say it of an earlier day.")
    return tx.add("adjustment_mark", placement_period_id=placed_id, given=int(given))


def not_given_on(file: File, day: date) -> frozenset[int]:
    """Return the placed periods of a day in which an agreed adjustment was not given, by their ids."""
    found = file.rows(
        "SELECT a.placement_period_id, a.given FROM placement_period pp JOIN adjustment_mark a"
        f" ON a.placement_period_id = pp.id WHERE pp.on_day = ? AND {live('adjustment_mark', 'a')} ORDER BY a.id",
        (day.isoformat(),),
    )
    latest = dict(found)
    return frozenset(one for one, given in latest.items() if not given)
