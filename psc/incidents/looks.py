"""Looks at what stands above the desk: acts that add nothing but their line, before anything is read."""

from __future__ import annotations

from psc.desk.acts import Tx, act
from psc.incidents.reach import reach_incident


@act("open_incident")
def open_incident(tx: Tx, incident_id: int) -> None:
    """Open an incident: all that was said of it, and what hangs on it."""
    reach_incident(tx, incident_id)
