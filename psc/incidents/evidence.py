"""Evidence of an incident: what there is, where it is kept, and until when. psc keeps the reference, never the thing.

CCTV is written over after some days: a reference with a date stands among what is owed before that day comes.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.desk.people import short_name
from psc.errors import NotUnderstood, Refused
from psc.incidents.incidents import when_happened
from psc.incidents.reach import reach_incident
from psc.school.calendar import school_days
from psc.text import check_length

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from psc.database.file import File

EVIDENCE_KINDS = ("CCTV", "photograph", "message", "object", "document", "other")
EVIDENCE_ENDS = ("saved", "returned", "passed on", "destroyed", "lost")
"""How a reference ends: *saved* is a recording that is now kept for good."""


class EvidenceEnd(NamedTuple):
    """What became of it."""

    how: str
    note: str
    happened: datetime
    by: str


class Evidence(NamedTuple):
    """One reference: what it is, where it is kept, and the last day on which it is, where that is known."""

    id: int
    incident_id: int
    kind: str
    what: str
    kept_where: str
    keep_until: date | None
    happened: datetime
    recorded: datetime
    by: str
    end: EvidenceEnd | None

    def runs_out(self, file: File, today: date, warn_days: int) -> bool:
        """Say whether it is soon no longer kept: within so many school days, or since. Ended, it never does."""
        if self.end is not None or self.keep_until is None:
            return False
        return len(school_days(file, today + timedelta(days=1), self.keep_until)) <= warn_days


@act("keep_evidence", resting=("end_evidence",))
def keep_evidence(
    tx: Tx,
    incident_id: int,
    kind: str,
    what: str,
    kept_where: str = "",
    keep_until: date | None = None,
    *,
    at: datetime | None = None,
) -> int:
    """Keep a reference to evidence of an incident; returns its id.

    `keep_until` is the last day on which it is kept. Raises `NotUnderstood` for a kind that is not of the list and
    without words, `Refused` for the future and for a day that is over.
    """
    reach_incident(tx, incident_id)
    if kind not in EVIDENCE_KINDS:
        raise NotUnderstood(f"“{kind}” is not a kind of evidence.", f"It can be: {', '.join(EVIDENCE_KINDS)}.")
    words = check_length(what, "evidence")
    if not words:
        raise NotUnderstood("Say what it is.", "Which camera and from when to when, whose phone, what was found.")
    where = check_length(kept_where, "place")
    when = when_happened(tx, at)
    if keep_until is not None and keep_until < tx.today:
        raise Refused("That day is over: it is no longer kept.", "Give the last day on which it is kept, or none.")
    until = keep_until.isoformat() if keep_until else None
    return tx.add(
        "evidence", incident_id=incident_id, kind=kind, what=words, kept_where=where, keep_until=until, happened=when
    )


@act("end_evidence", resting=())
def end_evidence(tx: Tx, evidence_id: int, how: str, note: str = "", *, at: datetime | None = None) -> int:
    """Say what became of evidence; returns the record's id.

    Raises `NotUnderstood` for a way that is not of the list, `Refused` when it has ended already, for the future, and
    for a time before it was kept.
    """
    found = next(iter(_read(tx.file, "e.id", (evidence_id,))), None)
    if found is None:
        raise NotUnderstood("There is no such evidence.", "Look at the incident again: it may have been undone.")
    reach_incident(tx, found.incident_id)
    if how not in EVIDENCE_ENDS:
        raise NotUnderstood(f"“{how}” is not how evidence ends.", f"It can be: {', '.join(EVIDENCE_ENDS)}.")
    if found.end is not None:
        raise Refused(f"It was {found.end.how} already: {found.end.by}.", "Nothing was changed.")
    when = when_happened(tx, at, found.happened)
    return tx.add("evidence_end", evidence_id=evidence_id, how=how, note=check_length(note, "note"), happened=when)


# Reads: what is so of everybody; `overview/investigations.py` asks first


def evidence_of(file: File, incidents: Iterable[int]) -> Mapping[int, tuple[Evidence, ...]]:
    """Return the evidence of some incidents, by incident, in the order in which it was kept."""
    made: dict[int, tuple[Evidence, ...]] = {}
    for one in _read(file, "e.incident_id", incidents):
        made[one.incident_id] = (*made.get(one.incident_id, ()), one)
    return made


def evidence_with_a_day(file: File) -> tuple[Evidence, ...]:
    """Return all evidence that is kept until a day and has not ended, the earliest day first."""
    found = file.rows(
        f"SELECT id FROM evidence e WHERE keep_until IS NOT NULL AND {live('evidence', 'e')} AND NOT EXISTS"
        f" (SELECT 1 FROM evidence_end n WHERE n.evidence_id = e.id AND {live('evidence_end', 'n')})"
    )
    made = _read(file, "e.id", [identity for (identity,) in found])
    return tuple(sorted(made, key=lambda one: (one.keep_until or date.max, one.id)))


def _read(file: File, column: str, wanted: Iterable[int]) -> tuple[Evidence, ...]:
    made: dict[int, Evidence] = {}
    for identity, incident, kind, what, where, until, happened, recorded, *ended in file.rows(
        "SELECT e.id, e.incident_id, e.kind, e.what, e.kept_where, e.keep_until, e.happened, e.recorded,"
        " coalesce(w.forename, ''), coalesce(w.surname, l.actor),"
        " n.how, n.note, n.happened, coalesce(v.forename, ''), coalesce(v.surname, m.actor)"
        " FROM evidence e JOIN ledger l ON l.seq = e.seq LEFT JOIN staff w ON w.code = l.actor"
        f" LEFT JOIN evidence_end n ON n.evidence_id = e.id AND {live('evidence_end', 'n')}"
        " LEFT JOIN ledger m ON m.seq = n.seq LEFT JOIN staff v ON v.code = m.actor"
        f" WHERE {column} IN (SELECT value FROM json_each(?)) AND {live('evidence', 'e')} ORDER BY e.happened, e.id",
        (json.dumps(sorted(set(wanted))),),
    ):
        forename, surname, how, note, at, *who = ended
        end = EvidenceEnd(how, note, moment(at), short_name(*who)) if how else None
        made[identity] = Evidence(
            identity, incident, kind, what, where, date.fromisoformat(until) if until else None,
            moment(happened), moment(recorded), short_name(forename, surname), end,
        )  # fmt: skip
    return tuple(made.values())
