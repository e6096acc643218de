"""Period checks: what the adult in the room records for one student for one period, 0 (refused) to 4 (all)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.errors import NotUnderstood, Refused
from psc.school.shapes import shape_of
from psc.school.students import student_by_id

if TYPE_CHECKING:
    from datetime import date, datetime

    from psc.database.file import File

WORDS = ("refused", "started", "some", "most", "all")
"""What each mark says of the work, from 0 to 4."""
MARKS = tuple(str(mark) for mark in range(len(WORDS)))
"""The marks as they are typed."""


@act("mark_check", resting=())
def mark_check(tx: Tx, placed_id: int, mark: int, *, at: datetime | None = None) -> int:
    """Record the check of a placed period, at `at` (now unless given); the latest one counts. Returns its id.

    Raises `NotUnderstood` for a mark outside 0 to 4 and `Refused` for a period that has not begun.
    """
    if mark not in range(len(WORDS)):
        raise NotUnderstood(f"{mark} is not a check.", "The marks are 0 refused, 1 started, 2 some, 3 most, 4 all.")
    _begun(tx, placed_id)
    return tx.add("period_check", placement_period_id=placed_id, mark=mark, happened=at)


@act("mark_adjustment", resting=())
def mark_adjustment(tx: Tx, placed_id: int, given: bool) -> int:
    """Record whether a student was given, in a placed period, the adjustment that is agreed for them; returns its id.

    The latest counts. A period in which it was not given cannot fail on its check. Raises `Refused` for a period that
    has not begun.
    """
    _begun(tx, placed_id)
    return tx.add("adjustment_mark", placement_period_id=placed_id, given=int(given))


def _begun(tx: Tx, placed_id: int) -> None:
    """Reach the student of a placed period that stands and has begun.

    Raises `Refused` for one that has not, or that was on an earlier day, for whoever may not correct that.
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
    if day > tx.today.isoformat():
        raise Refused(f"{name} has not begun.", "Record its check when it has.")
    if day != tx.today.isoformat() and not tx.may_also("correct_before"):
        raise Refused("That period was not today.", "A coordinator can add a check to an earlier day.")
    year = student_by_id(tx.file, student_id, tx.today).year
    period = next((one for one in shape_of(tx.file, tx.today).periods(year) if one.name == name), None)
    if day == tx.today.isoformat() and period is not None and tx.now < period.start:
        raise Refused(f"{name} has not begun.", "Record its check when it has.")


def checks_on(file: File, day: date) -> dict[int, int]:
    """Return the check that counts for each placed period of a day, by the placed period's id."""
    return dict(
        file.rows(
            "SELECT c.placement_period_id, c.mark FROM placement_period pp JOIN period_check c"
            f" ON c.placement_period_id = pp.id WHERE pp.on_day = ? AND {live('period_check', 'c')}"
            # A correction, or a merge, adds an older check behind a newer one.
            " ORDER BY c.happened, c.recorded, c.id",
            (day.isoformat(),),
        )
    )


def adjustments_missed(file: File, day: date) -> frozenset[int]:
    """Return the placed periods of a day, by id, in which an agreed adjustment was not given."""
    found = file.rows(
        "SELECT m.placement_period_id, m.given FROM placement_period pp JOIN adjustment_mark m"
        f" ON m.placement_period_id = pp.id WHERE pp.on_day = ? AND {live('adjustment_mark', 'm')}"
        " ORDER BY m.happened, m.recorded, m.id",
        (day.isoformat(),),
    )
    return frozenset(placed for placed, given in dict(found).items() if not given)
