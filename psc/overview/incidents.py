"""Incidents as one reader may see them: a list, and one opened with all that was said of it since."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from psc.clock import moment, school_day
from psc.desk.facts import live
from psc.desk.people import short_name
from psc.desk.permissions import may, reached, scope_of
from psc.desk.settings import settings_on
from psc.errors import NotAllowed
from psc.incidents.actions import AgreedAction, actions_for, actions_where
from psc.incidents.addenda import Addendum, addenda_of
from psc.incidents.incidents import Account, Incident, incidents_by_id
from psc.incidents.reach import incidents_for
from psc.incidents.told import Told, parents_owed, told_of
from psc.overview.statements import EvidenceLine, StatementLine, evidence_lines_for, statement_lines_for
from psc.roster.home import whom_in_the_open
from psc.school.calendar import days_on
from psc.school.students import students_by_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from psc.database.file import File
    from psc.desk.acts import Desk
    from psc.desk.people import Staff
    from psc.overview.investigations import InvestigationLine

T = TypeVar("T")

NOT_SHOWN = "a student not shown to you"
RESTRICTED = "force or seclusion recorded: restricted"
"""What stands in the place of a restrictive record for whoever may not see it."""


class Named(NamedTuple):
    """A student of an incident as the reader may know them: without an id where they are not shown."""

    student_id: int | None
    name: str
    role: str


class IncidentLine(NamedTuple):
    """An incident in a list."""

    id: int
    happened: datetime
    place: str
    period: str
    category: str
    severity: int
    students: tuple[Named, ...]
    recorded_by: str
    open: bool
    late: bool
    """Whether it was entered late."""
    force: bool
    restrictive: str
    """`owed`, `recorded`, `marker` for who may not see it, "" where none is needed."""
    actions_open: int


class VersionWords(NamedTuple):
    """One version of an incident: who wrote it and when, why, and what it changed, in words."""

    id: int
    account: Account
    happened: datetime
    recorded: datetime
    by: str
    why: str
    changed: tuple[str, ...]


class TakenOut(NamedTuple):
    """Somebody who was named once and taken out by an amendment."""

    name: str
    role: str
    why: str
    by: str
    at: datetime


class OwedParent(NamedTuple):
    """A student of an incident whose parents are still to be told of it, and by which day."""

    student_id: int | None
    name: str
    due: date


class OpenIncident(NamedTuple):
    """An incident opened, with all that hangs on it. A part that the reader may not see is None."""

    incident: Incident
    students: tuple[Named, ...]
    adults: tuple[str, ...]
    """Who of the adults was there, with what they were in it: `K. Bose, witness`."""
    taken_out: tuple[TakenOut, ...]
    versions: tuple[VersionWords, ...]
    """All of them, the first first."""
    late: bool
    locked: bool
    mine: bool
    """Whether the reader recorded it."""
    addenda: tuple[Addendum, ...]
    told: tuple[Told, ...]
    owed: tuple[OwedParent, ...]
    actions: tuple[AgreedAction, ...]
    restrictive: str
    """As in `IncidentLine`."""
    restrictive_lines: tuple[object, ...] | None
    statement_lines: tuple[StatementLine, ...] | None
    evidence_lines: tuple[EvidenceLine, ...] | None
    investigation_lines: tuple[InvestigationLine, ...] | None


def list_incidents(
    file: File,
    staff: Staff,
    today: date,
    *,
    first: date | None = None,
    last: date | None = None,
    student_id: int | None = None,
    only_open: bool = False,
    limit: int = 200,
) -> tuple[IncidentLine, ...]:
    """Return the incidents that `staff` may see, newest first, `limit` at most.

    Of some days, of one student, or those still open, where that is asked. Raises `NotAllowed` for who may not see
    incidents.
    """
    scope_of("see_incidents", staff)
    condition, params = incidents_for("see_incidents", staff, today.isoformat())
    wanted = [
        f"{live('incident', 'incident')}",
        f"v.id = (SELECT max(x.id) FROM incident_version x WHERE x.incident_id = incident.id AND {_STANDS})",
        condition,
    ]
    if first is not None:
        wanted.append("v.day >= :first_day")
        params["first_day"] = first.isoformat()
    if last is not None:
        wanted.append("v.day <= :last_day")
        params["last_day"] = last.isoformat()
    if student_id is not None:
        wanted.append(
            "incident.id IN (SELECT s.incident_id FROM incident_student s WHERE s.student_id = :of_student"
            f" AND {live('incident_student', 's')})"
        )
        params["of_student"] = student_id
    if only_open:
        wanted.append(
            "coalesce((SELECT e.state FROM incident_end e WHERE e.incident_id = incident.id"
            f" AND {live('incident_end', 'e')} ORDER BY e.id DESC LIMIT 1), '') <> 'closed'"
        )
    found = file.rows(
        "SELECT incident.id FROM incident JOIN incident_version v ON v.incident_id = incident.id"
        f" WHERE {' AND '.join(wanted)} ORDER BY v.happened DESC, incident.id DESC LIMIT :most",
        {**params, "most": limit},
    )
    return _lines(file, staff, today, incidents_by_id(file, [identity for (identity,) in found]))


_STANDS = live("incident_version", "x")


def _lines(file: File, staff: Staff, today: date, found: Sequence[Incident]) -> tuple[IncidentLine, ...]:
    names = _names(file, staff, today, found)
    restrictive = _restrictive(file, staff, today, found)
    open_actions = _open_actions(file, staff, today, [one.id for one in found])
    settings = {day: settings_on(file, day) for day in {school_day(one.happened, file.zone) for one in found}}
    return tuple(
        IncidentLine(
            one.id,
            one.happened,
            one.now.place,
            one.now.period,
            one.now.category,
            one.now.severity,
            names[one.id],
            one.first.by,
            one.open,
            one.entered_late(settings[school_day(one.happened, file.zone)]),
            one.now.force and restrictive[one.id] != "marker",
            restrictive[one.id],
            open_actions.get(one.id, 0),
        )
        for one in found
    )


def _names(file: File, staff: Staff, today: date, found: Sequence[Incident]) -> dict[int, tuple[Named, ...]]:
    """Return the students of some incidents by the incident's id, as the reader may know them."""
    every = {part.student_id for one in found for part in one.students}
    shown = reached(file, "find_student", staff, today.isoformat(), every)
    known = students_by_id(file, shown, today)
    return {
        one.id: tuple(
            Named(part.student_id, known[part.student_id].name, part.role)
            if part.student_id in known
            else Named(None, NOT_SHOWN, part.role)
            for part in one.students
        )
        for one in found
    }


def _restrictive(file: File, staff: Staff, today: date, found: Sequence[Incident]) -> dict[int, str]:
    """Return how it stands with the restrictive records of some incidents, by the incident's id."""
    needed = {one.id for one in found if one.now.needs_restrictive}
    ids = json.dumps([one.id for one in found])
    recorded = {
        incident
        for (incident,) in file.rows(
            "SELECT DISTINCT t.incident_id FROM restrictive t WHERE t.incident_id IN (SELECT value FROM json_each(?))"
            f" AND {live('restrictive', 't')}",
            (ids,),
        )
    }
    seen = _within(file, "see_restrictive", staff, today, needed | recorded)
    made = {}
    for one in found:
        if one.id not in needed | recorded:
            made[one.id] = ""
        elif one.id not in seen:
            made[one.id] = "marker"
        else:
            made[one.id] = "recorded" if one.id in recorded else "owed"
    return made


def _within(file: File, name: str, staff: Staff, today: date, incidents: Iterable[int]) -> frozenset[int]:
    """Return which of some incidents a read reaches; none for whom it is no read."""
    if not may(name, staff):
        return frozenset()
    condition, params = incidents_for(name, staff, today.isoformat())
    found = file.rows(
        f"SELECT incident.id FROM incident WHERE incident.id IN (SELECT value FROM json_each(:wanted)) AND {condition}",
        {**params, "wanted": json.dumps(sorted(set(incidents)))},
    )
    return frozenset(incident for (incident,) in found)


def _open_actions(file: File, staff: Staff, today: date, incidents: Sequence[int]) -> dict[int, int]:
    made: dict[int, int] = {}
    for one in _actions(file, staff, today, incidents):
        if one.open:
            made[one.incident_id or 0] = made.get(one.incident_id or 0, 0) + 1
    return made


def _actions(file: File, staff: Staff, today: date, incidents: Sequence[int]) -> tuple[AgreedAction, ...]:
    condition, params = actions_for(staff, today.isoformat())
    return actions_where(
        file,
        f"a.incident_id IN (SELECT value FROM json_each(:wanted)) AND {condition}",
        {**params, "wanted": json.dumps(list(incidents))},
    )


# One opened


def open_the_incident(desk: Desk, incident_id: int) -> OpenIncident:
    """Open an incident: the look is written first, and only then anything is read.

    Raises `NotUnderstood` when there is no such incident, `NotAllowed` when the reader does not reach it.
    """
    from psc.incidents.looks import open_incident

    desk.do_patiently(open_incident(incident_id))
    return read_incident(desk.file, incident_id, desk.staff(), desk.clock.now())


def read_incident(file: File, incident_id: int, staff: Staff, now: datetime) -> OpenIncident:
    """Return an incident that somebody has opened, as it stands now: after `open_the_incident`, to look at it again.

    Raises `NotAllowed` when `staff` does not reach it, or it was taken back.
    """
    scope_of("see_incidents", staff)
    today = school_day(now, file.zone)
    found = incidents_by_id(file, _within(file, "see_incidents", staff, today, (incident_id,)))
    if not found:
        raise NotAllowed("This incident is outside what your role may see.", "Ask a coordinator.")
    from psc.overview.investigations import investigation_lines_for

    restrictive = _restrictive(file, staff, today, found)[incident_id]
    one = _veiled(found[0]) if restrictive == "marker" else found[0]
    settings = settings_on(file, school_day(one.happened, file.zone))
    told = told_of(file, (incident_id,)).get(incident_id, ())
    names = _names(file, staff, today, found)[incident_id]
    known = {part.student_id: named for part, named in zip(one.students, names, strict=True)}
    due = days_on(file, school_day(one.happened, file.zone), settings.incident_tell_days)
    return OpenIncident(
        one,
        names,
        _adult_words(file, one),
        _taken_out(file, staff, today, incident_id),
        tuple(_version_words(one, number) for number in range(len(one.versions))),
        one.entered_late(settings),
        one.locked(now, settings_on(file, today)),
        one.first.code.casefold() == staff.code.casefold(),
        addenda_of(file, "incident", (incident_id,)).get(incident_id, ()),
        _told_to(file, staff, today, told),
        tuple(OwedParent(known[each].student_id, known[each].name, due) for each in parents_owed(one, told, settings)),
        _actions(file, staff, today, (incident_id,)),
        restrictive,
        None if restrictive == "marker" else (),
        _of(statement_lines_for(file, (incident_id,), staff, now), incident_id)
        if may("see_statements", staff)
        else None,
        _of(evidence_lines_for(file, (incident_id,), staff, today), incident_id),
        investigation_lines_for(file, incident_id, staff, today) if may("see_investigations", staff) else None,
    )


def _of(lines: Mapping[int, tuple[T, ...]], incident_id: int) -> tuple[T, ...]:
    return lines.get(incident_id, ())


def _veiled(one: Incident) -> Incident:
    """Return an incident without what only the restrictive record may say: force, and who was kept."""
    return one._replace(
        versions=tuple(
            each._replace(account=each.account._replace(force=False, prevented=False, kept_as=""))
            for each in one.versions
        )
    )


def _told_to(file: File, staff: Staff, today: date, told: Sequence[Told]) -> tuple[Told, ...]:
    """Return who was told as the reader may know it: a contact by name only for who may see that student's contacts."""
    students = {one.student_id for one in told if one.student_id is not None}
    shown = reached(file, "find_student", staff, today.isoformat(), students)
    whole = reached(file, "see_contacts", staff, today.isoformat(), shown)
    return tuple(
        one._replace(student_id=one.student_id if one.student_id in shown else None)
        if one.who != "parent" or one.student_id in whole
        else one._replace(
            student_id=one.student_id if one.student_id in shown else None, name=whom_in_the_open(one.name), note=""
        )
        for one in told
    )


def _adult_words(file: File, one: Incident) -> tuple[str, ...]:
    staff = {
        identity: short_name(forename, surname)
        for identity, forename, surname in file.rows(
            "SELECT id, forename, surname FROM staff WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps([adult.staff_id for adult in one.adults if adult.staff_id is not None]),),
        )
    }
    return tuple(
        f"{adult.name if adult.staff_id is None else staff.get(adult.staff_id, '?')}, {adult.role}"
        for adult in one.adults
    )


def _taken_out(file: File, staff: Staff, today: date, incident_id: int) -> tuple[TakenOut, ...]:
    """Return who was named once and taken out by an amendment; whoever is not shown to the reader stays unnamed."""
    made = []
    people = "coalesce(w.forename, ''), coalesce(w.surname, l.actor)"
    amended = (
        " JOIN ledger l ON l.seq = r.seq AND l.act = 'amend_incident' LEFT JOIN staff w ON w.code = l.actor"
        " WHERE t.incident_id = ? AND NOT EXISTS (SELECT 1 FROM ledger u WHERE u.undoes = l.seq)"
    )
    gone = file.rows(
        f"SELECT r.id, t.student_id, t.role, r.reason, {people}, r.recorded FROM incident_student t"
        f" JOIN retraction r ON r.fact = 'incident_student' AND r.fact_id = t.id{amended}",
        (incident_id,),
    )
    shown = reached(file, "find_student", staff, today.isoformat(), (row[1] for row in gone))
    known = students_by_id(file, shown, today)
    for identity, student, role, why, forename, surname, at in gone:
        name = known[student].name if student in known else NOT_SHOWN
        made.append((identity, TakenOut(name, role, why, short_name(forename, surname), moment(at))))
    for identity, own_forename, own_surname, name, role, why, forename, surname, at in file.rows(
        f"SELECT r.id, coalesce(o.forename, ''), coalesce(o.surname, ''), t.name, t.role, r.reason, {people},"
        " r.recorded FROM incident_adult t LEFT JOIN staff o ON o.id = t.staff_id"
        f" JOIN retraction r ON r.fact = 'incident_adult' AND r.fact_id = t.id{amended}",
        (incident_id,),
    ):
        who = name or short_name(own_forename, own_surname)
        made.append((identity, TakenOut(who, role, why, short_name(forename, surname), moment(at))))
    return tuple(one for _, one in sorted(made))


_SHORT = {"category": "category", "place": "place", "period": "period", "severity": "severity"}
_LONG = {
    "behaviour": "what happened",
    "antecedent": "before it",
    "consequence": "consequence",
    "deescalation": "de-escalation",
}
_MARKS = {
    "force": "force",
    "prevented": "prevented from leaving",
    "injury": "injury",
    "damage": "damage",
    "searched": "search or confiscation",
    "police": "police",
}


def _version_words(one: Incident, number: int) -> VersionWords:
    version = one.versions[number]
    changed: list[str] = []
    if number:
        before = one.versions[number - 1]
        if before.happened != version.happened:
            changed.append("when it happened")
        was, now = before.account, version.account
        for name, words in _SHORT.items():
            if getattr(was, name) != getattr(now, name):
                changed.append(f"{words}, was {getattr(was, name) or 'empty'}")
        changed += [words for name, words in _LONG.items() if getattr(was, name) != getattr(now, name)]
        changed += [
            f"{words}: {'yes' if getattr(now, name) else 'no'}"
            for name, words in _MARKS.items()
            if getattr(was, name) != getattr(now, name)
        ]
        if was.kept_as != now.kept_as:
            changed.append(f"kept as {now.kept_as or 'not answered'}")
    return VersionWords(
        version.id, version.account, version.happened, version.recorded, version.by, version.why, tuple(changed)
    )
