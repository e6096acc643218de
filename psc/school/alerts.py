"""Alerts: what whoever is with a student must know at once. The safeguarding role adds and ends them; imports add some.

An alert that ends is taken back, with a reason: the student's story still says that it stood, and until when.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.desk.permissions import reached
from psc.errors import NeedsReason, NotUnderstood, Refused
from psc.text import check_length

if TYPE_CHECKING:
    from datetime import date, datetime

    from psc.database.file import File
    from psc.desk.people import Staff

KINDS = ("medical", "strategy", "safety", "communication", "other")
"""What an alert is about. SEN alerts follow from the student's status and are added by nobody."""
IMPORTED = "NOT EXISTS (SELECT 1 FROM ledger l WHERE l.seq = a.seq AND l.act = 'add_alert')"
"""SQL: that nobody added an alert `a` by hand. An import takes back its own only."""


class StandingAlert(NamedTuple):
    """An alert that stands. `by_hand`: somebody added it, no import did."""

    id: int
    kind: str
    text: str
    emergency: bool
    since: datetime
    by: str
    by_hand: bool


@act("add_alert", resting=("end_alert",))
def add_alert(tx: Tx, student_id: int, kind: str, text: str, *, emergency: bool = False) -> int:
    """Put an alert on a student's record; returns its id.

    An `emergency` one is shown to everybody who has the student in their room, at once. Raises `NotUnderstood` for a
    kind that is not of the list, and for words that are missing or too long.
    """
    tx.reach(student_id)
    if kind not in KINDS:
        raise NotUnderstood(f"“{kind}” is not a kind of alert.", f"It can be: {', '.join(KINDS)}.")
    words = check_length(text, "alert")
    if not words:
        raise NotUnderstood("An alert needs words.", "Say what to know, and what to do.")
    return tx.add("alert", student_id=student_id, kind=kind, text=words, emergency=int(emergency))


@act("end_alert", resting=())
def end_alert(tx: Tx, alert_id: int, why: str) -> None:
    """Take an alert off a student's record. Raises `NeedsReason` without a why, `Refused` when it has ended already."""
    found = tx.file.row(
        f"SELECT a.student_id, {live('alert', 'a')}, coalesce(l.actor, '') FROM alert a"
        " LEFT JOIN retraction r ON r.fact = 'alert' AND r.fact_id = a.id LEFT JOIN ledger l ON l.seq = r.seq"
        " WHERE a.id = ?",
        (alert_id,),
    )
    if found is None:
        raise NotUnderstood("There is no such alert.", "Look at the student again.")
    student_id, stands, ender = found
    tx.reach(student_id)
    if not stands:
        raise Refused(f"That alert has ended already: {ender} ended it.", "Nothing was changed.")
    reason = check_length(why, "reason")
    if not reason:
        raise NeedsReason("Ending an alert needs a reason.", "Type why it holds no longer.")
    tx.retract("alert", alert_id, reason)


def standing_alerts(file: File, student_id: int, staff: Staff, day: date) -> tuple[StandingAlert, ...]:
    """Return the alerts of a student that `staff` may end, emergency ones first; none for who may not."""
    if not reached(file, "end_alert", staff, day.isoformat(), (student_id,)):
        return ()
    found = file.rows(
        "SELECT a.id, a.kind, a.text, a.emergency, a.happened, l.actor, l.act = 'add_alert' FROM alert a"
        f" JOIN ledger l ON l.seq = a.seq WHERE a.student_id = ? AND {live('alert', 'a')}"
        " ORDER BY a.emergency DESC, a.id",
        (student_id,),
    )
    return tuple(
        StandingAlert(identity, kind, text, bool(emergency), moment(happened), by, bool(by_hand))
        for identity, kind, text, emergency, happened, by, by_hand in found
    )
