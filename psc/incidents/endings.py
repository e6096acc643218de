"""What becomes of an incident: closed with an outcome, reopened, and people who turn out to have been there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from psc.clock import moment, wall
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.desk.people import short_name
from psc.errors import NeedsReason, NotUnderstood, Refused
from psc.incidents.incidents import LONGEST, check_adults, check_parts, the_incident
from psc.incidents.reach import join_incident, reach_incident
from psc.text import check_length

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.incidents.incidents import Adult, Part

STATES = ("closed", "reopened")


@act("end_incident", resting=("end_incident",))
def end_incident(tx: Tx, incident_id: int, state: Literal["closed", "reopened"], outcome: str) -> int:
    """Close an incident with what came of it, or reopen one and say why; returns the ending's id.

    Raises `Refused` when it is so already: who did it and when. `NotUnderstood` without an outcome.
    """
    if state not in STATES:
        raise NotUnderstood(f"“{state}” is no state of an incident.", f"It can be: {', '.join(STATES)}.")
    reach_incident(tx, incident_id)
    said = check_length(outcome, "outcome", LONGEST, lines=True)
    found = the_incident(tx.file, incident_id)
    if found.open != (state == "closed"):
        raise Refused(
            f"It is {'open' if found.open else 'closed'} already{_since(tx, incident_id)}.", "Look at it again."
        )
    if not said:
        ask = "Say what came of it." if state == "closed" else "Say why it is opened again."
        raise NotUnderstood(ask, "A sentence is enough.")
    return tx.add("incident_end", incident_id=incident_id, state=state, outcome=said)


def _since(tx: Tx, incident_id: int) -> str:
    found = tx.file.row(
        "SELECT coalesce(w.forename, ''), coalesce(w.surname, l.actor), e.recorded FROM incident_end e"
        " JOIN ledger l ON l.seq = e.seq LEFT JOIN staff w ON w.code = l.actor"
        f" WHERE e.incident_id = ? AND {live('incident_end', 'e')} ORDER BY e.id DESC LIMIT 1",
        (incident_id,),
    )
    if found is None:
        return ""
    return f": {short_name(found[0], found[1])}, {wall(moment(found[2]), tx.file.zone)}"


@act(
    "add_to_incident",
    resting=("write_restrictive", "take_statement", "tell_of_incident", "amend_incident", "agree_action"),
)
def add_to_incident(tx: Tx, incident_id: int, students: Sequence[Part], adults: Sequence[Adult], why: str) -> int:
    """Name people who were there as well, once it is locked too; returns how many were added.

    Nobody is taken out, nobody's part is changed: for that its author amends it. Why stands beside it as an addendum.
    Raises `NotUnderstood` for nobody new, and for somebody who is in it already in another part; `NeedsReason` without
    `why`; `NotAllowed` for a student from whom the actor is barred.
    """
    reach_incident(tx, incident_id)
    found = the_incident(tx.file, incident_id)
    parts = check_parts(students) if students else ()
    named = check_adults(adults)
    there = {one.student_id: one for one in found.students}
    known = {one.staff_id or one.name.casefold(): one for one in found.adults}
    new = [one for one in parts if one.student_id not in there]
    more = [one for one in named if (one.staff_id or one.name.casefold()) not in known]
    if any(there.get(one.student_id, one) != one for one in parts) or any(
        known.get(one.staff_id or one.name.casefold(), one).role != one.role for one in named
    ):
        raise NotUnderstood(
            "Somebody you name is in it already, in another part.",
            "Only its author may change that, until it is locked.",
        )
    if not new and not more:
        raise NotUnderstood("Nobody is named who is not in it already.", "Name who else was there.")
    reason = check_length(why, "reason", LONGEST, lines=True)
    if not reason:
        raise NeedsReason("Naming somebody later needs a reason.", "Say how it is known: it stands beside the record.")
    join_incident(tx, [one.student_id for one in new])
    for part in new:
        tx.add("incident_student", incident_id=incident_id, happened=found.happened, **part._asdict())
    for adult in more:
        tx.add("incident_adult", incident_id=incident_id, happened=found.happened, **adult._asdict())
    tx.add("incident_addendum", incident_id=incident_id, text=reason)
    return len(new) + len(more)
