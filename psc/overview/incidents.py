"""Incidents as one reader may see them: a list, and one opened with all that was said of it since."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from psc.clock import school_day
from psc.desk.facts import live
from psc.desk.permissions import may, reached, scope_of
from psc.desk.settings import settings_on
from psc.errors import NotAllowed
from psc.incidents.actions import AgreedAction, actions_for, actions_where
from psc.incidents.addenda import Addendum, addenda_of
from psc.incidents.incidents import Incident, incidents_by_id
from psc.incidents.reach import incidents_for, reached_incidents
from psc.incidents.told import Told, parents_owed, told_of
from psc.overview.incident_parts import (
    NOT_SHOWN,
    TakenOut,
    VersionWords,
    adult_words,
    taken_out,
    told_to,
    version_words,
)
from psc.overview.restrictive import RestrictiveLine, restrictive_lines_for
from psc.overview.statements import EvidenceLine, StatementLine, evidence_lines_for, statement_lines_for
from psc.school.calendar import days_on
from psc.school.students import students_by_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psc.database.file import File
    from psc.desk.acts import Desk
    from psc.desk.people import Staff
    from psc.overview.investigations import InvestigationLine

T = TypeVar("T")


class Named(NamedTuple):
    """A student of an incident as the reader may know them: without an id where they are not shown."""

    student_id: int | None
    name: str
    role: str
    number: str = ""
    """What names them on the command line."""


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
    code: str = ""
    """The staff code of whoever recorded it."""


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
    restrictive_lines: tuple[RestrictiveLine, ...] | None
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
            one.first.code,
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
            Named(part.student_id, known[part.student_id].name, part.role, known[part.student_id].number)
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
    seen = reached_incidents(file, "see_restrictive", staff, today.isoformat(), needed | recorded)
    made = {}
    for one in found:
        if one.id not in needed | recorded:
            made[one.id] = ""
        elif one.id not in seen:
            made[one.id] = "marker"
        else:
            made[one.id] = "recorded" if one.id in recorded else "owed"
    return made


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
    found = incidents_by_id(file, reached_incidents(file, "see_incidents", staff, today.isoformat(), (incident_id,)))
    if not found:
        raise NotAllowed("This incident is outside what your role may see.", "Ask a coordinator.")
    from psc.overview.investigations import investigation_lines_for

    restrictive = _restrictive(file, staff, today, found)[incident_id]
    one = found[0]
    # What an earlier version said of force is no less than what this one says.
    if any(each.account.needs_restrictive for each in one.versions) or restrictive == "marker":
        one = one if reached_incidents(file, "see_restrictive", staff, today.isoformat(), (one.id,)) else _veiled(one)
    settings = settings_on(file, school_day(one.happened, file.zone))
    told = told_of(file, (incident_id,)).get(incident_id, ())
    names = _names(file, staff, today, found)[incident_id]
    known = {part.student_id: named for part, named in zip(one.students, names, strict=True)}
    due = days_on(file, school_day(one.happened, file.zone), settings.incident_tell_days)
    return OpenIncident(
        one,
        names,
        adult_words(file, one),
        taken_out(file, staff, today, incident_id),
        tuple(version_words(one, number) for number in range(len(one.versions))),
        one.entered_late(settings),
        one.locked(now, settings_on(file, today)),
        one.first.code.casefold() == staff.code.casefold(),
        addenda_of(file, "incident", (incident_id,)).get(incident_id, ()),
        told_to(file, staff, today, told),
        tuple(OwedParent(known[each].student_id, known[each].name, due) for each in parents_owed(one, told, settings)),
        _actions(file, staff, today, (incident_id,)),
        restrictive,
        _restrictive_lines(file, staff, today, incident_id) if restrictive != "marker" else None,
        _of(statement_lines_for(file, (incident_id,), staff, now), incident_id)
        if may("see_statements", staff)
        else None,
        _of(evidence_lines_for(file, (incident_id,), staff, today), incident_id),
        investigation_lines_for(file, incident_id, staff, today) if may("see_investigations", staff) else None,
    )


def _of(lines: Mapping[int, tuple[T, ...]], incident_id: int) -> tuple[T, ...]:
    return lines.get(incident_id, ())


def _restrictive_lines(file: File, staff: Staff, today: date, incident_id: int) -> tuple[RestrictiveLine, ...]:
    return restrictive_lines_for(file, (incident_id,), staff, today).get(incident_id, ())


def _veiled(one: Incident) -> Incident:
    """Return an incident without what only the restrictive record may say: force, and who was kept."""
    return one._replace(
        versions=tuple(
            each._replace(account=each.account._replace(force=False, prevented=False, kept_as=""))
            for each in one.versions
        )
    )
