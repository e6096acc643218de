"""Investigations: what gathers the incidents that belong together, with a timeline, until it is closed.

What an investigation shows of an incident is the incident's own: its statements and its evidence are asked for there.
Of its own it has events, each with when it happened and how that is known, and what came of it. It may be reopened.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment, wall
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.desk.people import short_name
from psc.desk.permissions import Scope, scope_of
from psc.errors import NotAllowed, NotUnderstood, Refused
from psc.incidents.incidents import LONGEST, when_happened
from psc.incidents.reach import barred_from_none, incidents_within, reach_incident, students_of
from psc.text import check_length

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psc.database.file import File
    from psc.desk.people import Staff

STATES = ("closed", "reopened")
_RESTING = ("gather_incident", "add_investigation_event", "end_investigation")


class InvestigationEvent(NamedTuple):
    """Something of the timeline that is no incident, no statement and no evidence, and how it is known."""

    id: int
    happened: datetime
    what: str
    source: str
    by: str


class InvestigationEnd(NamedTuple):
    """That it was closed or reopened, with what came of it, or why."""

    state: str
    outcome: str
    happened: datetime
    by: str


class Investigation(NamedTuple):
    """An investigation as it stands."""

    id: int
    title: str
    purpose: str
    opened: datetime
    by: str
    code: str
    incidents: tuple[int, ...]
    """The incidents it gathers, in the order in which they were gathered."""
    events: tuple[InvestigationEvent, ...]
    """Its own, the earliest first."""
    ends: tuple[InvestigationEnd, ...]
    """When it was closed and reopened, the first first."""

    @property
    def open(self) -> bool:
        """Whether it is open."""
        return not self.ends or self.ends[-1].state == "reopened"


@act("open_investigation", resting=_RESTING)
def open_investigation(tx: Tx, title: str, incidents: Sequence[int], purpose: str = "") -> int:
    """Open an investigation into one incident or several; returns its id.

    Raises `NotUnderstood` without a title or an incident, `NotAllowed` for an incident beyond the actor's reach.
    """
    words = check_length(title, "title", 200)
    if not words:
        raise NotUnderstood("An investigation needs a title.", "A few words by which you find it again.")
    if not incidents:
        raise NotUnderstood("An investigation needs an incident.", "Begin with one; others can be gathered later.")
    for incident in incidents:
        reach_incident(tx, incident)
    why = check_length(purpose, "purpose", LONGEST, lines=True)
    identity = tx.add("investigation", title=words, purpose=why)
    for incident in dict.fromkeys(incidents):
        tx.add("investigation_incident", investigation_id=identity, incident_id=incident)
    return identity


@act("gather_incident", resting=_RESTING)
def gather_incident(tx: Tx, investigation_id: int, incident_id: int) -> int:
    """Gather one more incident into an investigation; returns the record's id.

    Raises `Refused` while it is closed, and for an incident that is in it already; `NotAllowed` beyond reach.
    """
    found = _reach_open(tx, investigation_id)
    reach_incident(tx, incident_id)
    if incident_id in found.incidents:
        raise Refused("That incident is in it already.", "Nothing was changed.")
    return tx.add("investigation_incident", investigation_id=investigation_id, incident_id=incident_id)


@act("add_investigation_event", resting=())
def add_investigation_event(
    tx: Tx, investigation_id: int, what: str, *, source: str = "", at: datetime | None = None
) -> int:
    """Put something on an investigation's timeline; returns its id. `source` says how it is known.

    Raises `NotUnderstood` without words, `Refused` for the future and while it is closed.
    """
    _reach_open(tx, investigation_id)
    words = check_length(what, "event", LONGEST, lines=True)
    if not words:
        raise NotUnderstood("Say what happened.", "A sentence is enough.")
    known = check_length(source, "source")
    return tx.add(
        "investigation_event",
        investigation_id=investigation_id,
        what=words,
        source=known,
        happened=when_happened(tx, at),
    )


@act("end_investigation", resting=("end_investigation",))
def end_investigation(tx: Tx, investigation_id: int, state: str, outcome: str) -> int:
    """Close an investigation with its outcome, or reopen it with the reason; returns the record's id.

    Raises `NotUnderstood` without words, `Refused` when it stands so already: by whom and when.
    """
    found = _reach(tx, investigation_id)
    if state not in STATES:
        raise NotUnderstood(f"“{state}” is not how it can stand.", f"It can be: {', '.join(STATES)}.")
    words = check_length(outcome, "outcome", LONGEST, lines=True)
    if not words:
        ask = "Say what came of it." if state == "closed" else "Say why it is opened again."
        raise NotUnderstood(ask, "It stays on record.")
    if found.open is (state == "reopened"):
        raise Refused(*_stands(tx, found))
    return tx.add("investigation_end", investigation_id=investigation_id, state=state, outcome=words)


@act("open_investigation_file")
def open_investigation_file(tx: Tx, investigation_id: int) -> None:
    """Open an investigation with all it gathers: a look, kept with every student of it before anything is shown."""
    _reach(tx, investigation_id)
    tx.said.update(view=f"investigation {investigation_id}")


def _reach(tx: Tx, investigation_id: int) -> Investigation:
    """Name the students of an investigation, and return it. Raises `NotUnderstood`, `NotAllowed`."""
    found = the_investigation(tx.file, investigation_id)
    condition, params = _within(tx.scope, tx.actor, tx.today.isoformat())
    wanted = {**params, "wanted": investigation_id}
    if not tx.file.value(f"SELECT 1 FROM investigation WHERE id = :wanted AND {condition}", wanted):
        raise NotAllowed("This investigation is outside what your role may see.", f"You reach {tx.scope.value}.")
    for incident in found.incidents:
        for student in students_of(tx.file, incident):
            tx.touch(student)
    return found


def _reach_open(tx: Tx, investigation_id: int) -> Investigation:
    found = _reach(tx, investigation_id)
    if not found.open:
        raise Refused(*_stands(tx, found))
    return found


def _stands(tx: Tx, found: Investigation) -> tuple[str, str]:
    """Say that it is closed, or open, by whom and since when."""
    if not found.ends:
        return "It is open.", "Nothing was changed."
    last = found.ends[-1]
    at = last.happened.astimezone(tx.file.zone)
    return (
        f"It was {last.state} by {last.by} on {at.day} {at:%b} at {wall(last.happened, tx.file.zone)}.",
        "Reopen it first." if last.state == "closed" else "Nothing was changed.",
    )


# Who may see one


def investigations_for(name: str, staff: Staff, day: str) -> tuple[str, dict[str, object]]:
    """Return a condition on `investigation.id` that holds for those that the act or read `name` reaches.

    One of its incidents within the scope is enough; whoever is barred from a student of any of them never reaches it.
    Raises `NotAllowed` for who may not use it at all.
    """
    return _within(scope_of(name, staff), staff, day)


def _within(scope: Scope, staff: Staff, day: str) -> tuple[str, dict[str, object]]:
    condition, params = incidents_within(scope, staff, day)
    gathered = (
        "SELECT 1 FROM investigation_incident held JOIN incident ON incident.id = held.incident_id"
        " WHERE held.investigation_id = investigation.id"
        f" AND {live('investigation_incident', 'held')} AND {live('incident', 'incident')}"
    )
    barred = barred_from_none(staff)
    return f"(EXISTS ({gathered} AND {condition}) AND NOT EXISTS ({gathered} AND NOT ({barred})))", params


# Reads: what is so of everybody; `overview/investigations.py` asks first


def the_investigation(file: File, investigation_id: int) -> Investigation:
    """Return an investigation. Raises `NotUnderstood` when there is none, or it was taken back."""
    found = investigations_by_id(file, (investigation_id,))
    if not found:
        raise NotUnderstood("There is no such investigation.", "Look at the list again: it may have been undone.")
    return found[0]


def investigations_of(file: File, incident_id: int) -> tuple[int, ...]:
    """Return the investigations that gather an incident, in the order in which they were opened."""
    found = file.rows(
        "SELECT DISTINCT i.id FROM investigation_incident g JOIN investigation i ON i.id = g.investigation_id"
        f" WHERE g.incident_id = ? AND {live('investigation_incident', 'g')} AND {live('investigation', 'i')}"
        " ORDER BY i.id",
        (incident_id,),
    )
    return tuple(identity for (identity,) in found)


_BY = "coalesce(w.forename, ''), coalesce(w.surname, l.actor)"
_WHO = "JOIN ledger l ON l.seq = t.seq LEFT JOIN staff w ON w.code = l.actor"


def investigations_by_id(file: File, wanted: Iterable[int]) -> tuple[Investigation, ...]:
    """Return some investigations, the newest first; one that was taken back is left out."""
    ids = (json.dumps(sorted(set(wanted))),)

    def hanging(table: str, columns: str, order: str) -> dict[int, list[tuple[str, ...]]]:
        made: dict[int, list[tuple[str, ...]]] = {}
        for identity, *values in file.rows(
            f"SELECT t.investigation_id, {columns}, {_BY} FROM {table} t {_WHO} WHERE t.investigation_id IN"
            f" (SELECT value FROM json_each(?)) AND {live(table, 't')} ORDER BY {order}",
            ids,
        ):
            made.setdefault(identity, []).append(tuple(values))
        return made

    gathered: dict[int, list[int]] = {}
    for identity, incident in file.rows(
        "SELECT t.investigation_id, t.incident_id FROM investigation_incident t JOIN incident i ON i.id = t.incident_id"
        " WHERE t.investigation_id IN (SELECT value FROM json_each(?))"
        f" AND {live('investigation_incident', 't')} AND {live('incident', 'i')} ORDER BY t.id",
        ids,
    ):
        gathered.setdefault(identity, []).append(incident)
    events = hanging("investigation_event", "t.id, t.happened, t.what, t.source", "t.happened, t.id")
    ends = hanging("investigation_end", "t.state, t.outcome, t.happened", "t.id")
    return tuple(
        Investigation(
            identity, title, purpose, moment(happened), short_name(forename, surname), code,
            tuple(dict.fromkeys(gathered.get(identity, ()))),
            tuple(
                InvestigationEvent(int(one), moment(at), what, source, short_name(*who))
                for one, at, what, source, *who in events.get(identity, ())
            ),
            tuple(
                InvestigationEnd(state, outcome, moment(at), short_name(*who))
                for state, outcome, at, *who in ends.get(identity, ())
            ),
        )
        for identity, title, purpose, happened, code, forename, surname in file.rows(
            f"SELECT t.id, t.title, t.purpose, t.happened, l.actor, {_BY} FROM investigation t {_WHO}"
            f" WHERE t.id IN (SELECT value FROM json_each(?)) AND {live('investigation', 't')}"
            " ORDER BY t.happened DESC, t.id DESC",
            ids,
        )
    )  # fmt: skip
