"""Who was told of an incident: parents, by the same record as every word to home, and the safeguarding lead.

Of the safeguarding lead only who it was and when is kept: what a student disclosed stands nowhere here. Source: the
domain notes, Incidents.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.desk.people import short_name
from psc.desk.permissions import reached
from psc.errors import NotUnderstood, Refused
from psc.incidents.incidents import LONGEST, the_incident, when_happened
from psc.incidents.reach import reach_incident
from psc.roster.home import add_home_contact
from psc.text import check_length

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psc.database.file import File
    from psc.desk.settings import Settings
    from psc.incidents.incidents import Incident

WHO = ("parent", "safeguarding lead")
TOLD_ROLES = ("involved", "target")
"""Whose parents are told: of those who only saw it nobody is."""


class Told(NamedTuple):
    """Somebody who was told of an incident, or tried to be. `name` is the contact, relationship first, or the lead."""

    who: str
    student_id: int | None
    name: str
    outcome: str
    """What became of it: `told`, `no answer`, `message left`."""
    happened: datetime
    by: str
    how: str = ""
    note: str = ""
    recorded: datetime | None = None


@act("tell_of_incident", resting=())
def tell_of_incident(
    tx: Tx,
    incident_id: int,
    who: str,
    *,
    student_id: int | None = None,
    contact: str = "",
    how: str = "",
    outcome: str = "",
    note: str = "",
    name: str = "",
    at: datetime | None = None,
) -> int:
    """Record that a parent was told of an incident, or tried to be; or that the safeguarding lead was; returns its id.

    Of a parent: `student_id`, `contact`, `how`, `outcome` and `note` are those of `tell_home`, whose record it makes
    too. Of the safeguarding lead: `name`, and when, nothing else. Raises `NotUnderstood` for what is missing or not of
    a list, `Refused` for the future and for before it happened, `NotAllowed` beyond the actor's reach.
    """
    if who not in WHO:
        raise NotUnderstood(f"“{who}” is not told of incidents here.", f"It can be: {', '.join(WHO)}.")
    students = reach_incident(tx, incident_id)
    when = when_happened(tx, at)
    if when < the_incident(tx.file, incident_id).happened:
        raise Refused("That is before it happened.", "Look at both times; nothing was saved.")
    if student_id is not None and student_id not in students:
        raise NotUnderstood("That student is not in this incident.", "Name one of its students.")
    if who != "parent":
        whom = check_length(name, "name", 100)
        if not whom:
            raise NotUnderstood("Say who was told.", "A name is enough: never what was disclosed.")
        if how or contact or outcome or note:
            raise NotUnderstood("Of the safeguarding lead only who and when is kept.", "Leave out the rest.")
        return tx.add(
            "incident_told", incident_id=incident_id, who=who, student_id=student_id, name=whom, happened=when
        )
    if student_id is None:
        raise NotUnderstood("Whose parent was told?", "Name the student.")
    words = check_length(note, "note", LONGEST)
    try:
        home = add_home_contact(tx, student_id, contact, how, outcome, words, when)
    except NotUnderstood as wrong:
        if reached(tx.file, "see_contacts", tx.actor, tx.today.isoformat(), (student_id,)) or "contact" not in str(
            wrong
        ):
            raise
        # The sentence names the contacts, which not everybody who was there may see.
        raise NotUnderstood(
            "That is not one contact of this student's who may be told.", "Ask a coordinator whom the school rings."
        ) from None
    return tx.add(
        "incident_told",
        incident_id=incident_id,
        who=who,
        student_id=student_id,
        home_contact_id=home,
        name=tx.file.value("SELECT contact FROM home_contact WHERE id = ?", (home,)),
        happened=when,
    )


def told_of(file: File, incidents: Iterable[int]) -> dict[int, tuple[Told, ...]]:
    """Return who was told of some incidents, by the incident's id, in order of happening."""
    made: dict[int, tuple[Told, ...]] = {}
    for incident, who, student, name, outcome, happened, forename, surname, how, note, recorded in file.rows(
        "SELECT t.incident_id, t.who, t.student_id, t.name, coalesce(h.outcome, 'told'),"
        # The word to home may have been given another time since.
        " coalesce(h.happened, t.happened),"
        " coalesce(w.forename, ''), coalesce(w.surname, l.actor), coalesce(h.how, ''), coalesce(h.note, ''), t.recorded"
        " FROM incident_told t JOIN ledger l ON l.seq = t.seq LEFT JOIN staff w ON w.code = l.actor"
        " LEFT JOIN home_contact h ON h.id = t.home_contact_id"
        f" WHERE t.incident_id IN (SELECT value FROM json_each(?)) AND {live('incident_told', 't')}"
        " ORDER BY coalesce(h.happened, t.happened), t.id",
        (json.dumps(sorted(set(incidents))),),
    ):
        one = Told(
            who, student, name, outcome, moment(happened), short_name(forename, surname), how, note, moment(recorded)
        )
        made[incident] = (*made.get(incident, ()), one)
    return made


def parents_owed(incident: Incident, told: Iterable[Told], settings: Settings) -> tuple[int, ...]:
    """Return the students of an incident whose parents are still to be told of it.

    From `incident_tell_severity` on, of those involved and its targets. Source: the domain notes, Incidents.
    """
    if incident.now.severity < settings.incident_tell_severity:
        return ()
    done = {one.student_id for one in told if one.who == "parent" and one.outcome == "told"}
    return tuple(one.student_id for one in incident.students if one.role in TOLD_ROLES and one.student_id not in done)
