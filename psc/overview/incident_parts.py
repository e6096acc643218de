"""The parts of an opened incident in words: who was told, who was taken out, what each version changed."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment
from psc.desk.people import short_name
from psc.desk.permissions import reached
from psc.roster.home import whom_in_the_open
from psc.school.students import students_by_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.incidents.incidents import Account, Incident
    from psc.incidents.told import Told

NOT_SHOWN = "a student not shown to you"


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


def told_to(file: File, staff: Staff, today: date, told: Sequence[Told]) -> tuple[Told, ...]:
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


def adult_words(file: File, one: Incident) -> tuple[str, ...]:
    """Return who of the adults was there, with what they were in it: `K. Bose, witness`."""
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


def taken_out(file: File, staff: Staff, today: date, incident_id: int) -> tuple[TakenOut, ...]:
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


def version_words(one: Incident, number: int) -> VersionWords:
    """Return a version of an incident, with what it changed of the one before."""
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
