"""Looks at what stands above the desk: acts that add nothing but their line, before anything is read."""

from __future__ import annotations

from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.errors import NotUnderstood
from psc.incidents.reach import reach_incident


@act("open_incident")
def open_incident(tx: Tx, incident_id: int) -> None:
    """Open an incident: all that was said of it, and what hangs on it."""
    reach_incident(tx, incident_id)


@act("open_restricted_note")
def open_restricted_note(tx: Tx, note_id: int) -> None:
    """Open a restricted note. Raises `NotUnderstood` when it is not there, `NotAllowed` beyond the reader's reach."""
    student = tx.file.value(f"SELECT student_id FROM note WHERE id = ? AND {live('note', 'note')}", (note_id,))
    if student is None:
        raise NotUnderstood("There is no such note.", "Look at the list again: it may have been undone.")
    tx.reach(student)
