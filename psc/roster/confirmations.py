"""To confirm: a removal made at the door is confirmed, changed or ended by a coordinator the same day."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.errors import NeedsReason, Refused
from psc.roster.adjustments import considered
from psc.roster.placements import Line, PlacementType
from psc.school.shapes import shape_of
from psc.school.students import student_by_id
from psc.text import check_length

if TYPE_CHECKING:
    from psc.database.file import File

AT_THE_DOOR = (PlacementType.REMOVAL, PlacementType.TIME_OUT)
"""The types that an assistant places at the door and a coordinator confirms. Source: the domain notes, Referral."""


class Outcome(StrEnum):
    """What a coordinator decided."""

    CONFIRMED = "confirmed"
    CHANGED = "changed"
    ENDED = "ended"


class Confirmation(NamedTuple):
    """A decision on a placement. `reason` is the new one, or why it was ended."""

    outcome: Outcome
    reason: str
    by: str
    adjustment: str = ""
    """Which adjustment was considered: asked of a student with SEND."""


@act("settle_removal", resting=())
def settle_removal(tx: Tx, placement_id: int, outcome: Outcome, reason: str = "", *, adjustment: str = "") -> int:
    """Confirm a removal, give it another reason, or end it: the periods that have not begun fall away.

    Returns the decision's id. Raises `Refused` when it was settled already or was not made at the door, `NeedsReason`
    for a change or an end without a reason, and where a removal stands without the adjustment considered, of a student
    with SEND. Source: the domain notes, Referral.
    """
    found = tx.file.row(
        f"SELECT p.student_id, p.type, p.planned FROM placement p WHERE p.id = ? AND {live('placement', 'p')}",
        (placement_id,),
    )
    if found is None:
        raise Refused("That placement has been undone.", "Look at the board again.")
    student_id, type, planned = found
    tx.reach(student_id)
    if planned or PlacementType(type) not in AT_THE_DOOR:
        raise Refused("That placement was not made at the door.", "Only removals and time out wait to be confirmed.")
    before = tx.file.row(
        "SELECT c.outcome, l.actor FROM confirmation c JOIN ledger l ON l.seq = c.seq"
        f" WHERE c.placement_id = ? AND {live('confirmation', 'c')}",
        (placement_id,),
    )
    if before is not None:
        raise Refused(f"{before[1]} has settled it already: {before[0]}.", "Nothing was changed.")
    words, answer = check_length(reason, "reason"), check_length(adjustment, "adjustment")
    if outcome is not Outcome.CONFIRMED and not words:
        raise NeedsReason("That needs a reason.", "Type it in a word or two.")
    if outcome is Outcome.ENDED:
        _drop_ahead(tx, placement_id, student_id)
    elif PlacementType(type).line is Line.SANCTION:  # a time out is an adjustment itself
        answer = considered(tx.file, student_id, answer)
    return tx.add(
        "confirmation", placement_id=placement_id, outcome=Outcome(outcome).value, reason=words, adjustment=answer
    )


def _drop_ahead(tx: Tx, placement_id: int, student_id: int) -> None:
    """Take back the periods of a placement that have not begun.

    Where none has (a removal at break), the first is waived instead, so that the student stays on the board.
    """
    today = tx.today.isoformat()
    year = student_by_id(tx.file, student_id, tx.today).year
    begun = {one.name for one in shape_of(tx.file, tx.today).periods(year) if one.start <= tx.now}
    periods = tx.file.rows(
        "SELECT id, on_day, period FROM placement_period pp"
        f" WHERE placement_id = ? AND {live('placement_period', 'pp')} ORDER BY on_day, id",
        (placement_id,),
    )
    ahead = [identity for identity, on, period in periods if on > today or (on == today and period not in begun)]
    if periods and len(ahead) == len(periods):
        tx.add("waiver", placement_period_id=ahead.pop(0), reason="removal ended")
    for identity in ahead:
        tx.retract("placement_period", identity, "removal ended")


def confirmations_on(file: File, day: date) -> dict[int, Confirmation]:
    """Return what was decided of each placement that has a period on a day, by placement id."""
    found = file.rows(
        "SELECT c.placement_id, c.outcome, c.reason, l.actor, c.adjustment FROM confirmation c"
        " JOIN ledger l ON l.seq = c.seq"
        " WHERE c.placement_id IN (SELECT placement_id FROM placement_period WHERE on_day = ?)"
        f" AND {live('confirmation', 'c')} ORDER BY c.id",
        (day.isoformat(),),
    )
    return {placement: Confirmation(Outcome(outcome), *told) for placement, outcome, *told in found}


def waits(type: PlacementType, planned: bool, settled: Confirmation | None) -> bool:
    """Say whether a placement waits to be confirmed."""
    return not planned and type in AT_THE_DOOR and settled is None
