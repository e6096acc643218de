"""Who reaches an incident: a record of several students, written by somebody, at which others of the staff were.

Whoever may use an act or a read reaches the incident when one of its students is within their scope, or, where the
scope says *own*, when they wrote it or were there. Whoever is barred from one of its students never does: what is
written of one of them says something of the other.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from psc.desk.facts import live
from psc.desk.permissions import Scope, may, scope_of, students_within
from psc.errors import NotAllowed, NotUnderstood, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psc.database.file import File
    from psc.desk.acts import Tx
    from psc.desk.people import Staff

_OWN = (Scope.OWN, Scope.OWN_AND_TODAY)


def incidents_for(name: str, staff: Staff, day: str) -> tuple[str, dict[str, object]]:
    """Return a condition on `incident.id` that holds for the incidents that the act or read `name` reaches.

    `day` is the school day, as the file writes it. Raises `NotAllowed` for who may not use it at all.
    """
    return incidents_within(scope_of(name, staff), staff, day)


def reached_incidents(file: File, name: str, staff: Staff, day: str, incidents: Iterable[int]) -> frozenset[int]:
    """Return which of some incidents the act or read `name` reaches; none for who may not use it at all.

    One that was taken back is never among them.
    """
    wanted = sorted(set(incidents))
    if not wanted or not may(name, staff):
        return frozenset()
    condition, params = incidents_within(scope_of(name, staff), staff, day)
    found = file.rows(
        "SELECT incident.id FROM incident WHERE incident.id IN (SELECT value FROM json_each(:wanted))"
        f" AND {live('incident', 'incident')} AND {condition}",
        {**params, "wanted": json.dumps(wanted)},
    )
    return frozenset(incident for (incident,) in found)


def reach_incident(tx: Tx, incident_id: int) -> tuple[int, ...]:
    """Name the students of an incident that the act touches, in the order in which they were named; returns them.

    Raises what `check_incident` does.
    """
    found = check_incident(tx, incident_id)
    for student in found:
        tx.touch(student)
    return found


def check_incident(tx: Tx, incident_id: int) -> tuple[int, ...]:
    """Return the students of an incident that the actor reaches, for an act that is about some of them only.

    Raises `NotUnderstood` when there is no such incident, `NotAllowed` when the actor does not reach it.
    """
    if tx.file.value(f"SELECT 1 FROM incident WHERE id = ? AND {live('incident', 'incident')}", (incident_id,)) is None:
        raise NotUnderstood("There is no such incident.", "Look at the list again: it may have been undone.")
    condition, params = incidents_within(tx.scope, tx.actor, tx.today.isoformat())
    if tx.file.value(f"SELECT 1 FROM incident WHERE id = :wanted AND {condition}", {**params, "wanted": incident_id}):
        return students_of(tx.file, incident_id)
    raise NotAllowed("This incident is outside what your role may change.", f"You reach {tx.scope.value}.")


def reach_any(tx: Tx, students: Sequence[int]) -> None:
    """Name the students of a record that is being made: it is enough that one of them is within the actor's scope.

    Raises `NotAllowed` when none is, or when the actor is barred from one; `Refused` for a record merged into another.
    """
    condition, params = students_within(tx.scope, tx.actor, tx.today.isoformat())
    found = {
        student
        for (student,) in tx.file.rows(
            "SELECT student.id FROM student WHERE student.id IN (SELECT value FROM json_each(:wanted))"
            f" AND merged_into IS NULL AND {condition}",
            {**params, "wanted": json.dumps(list(students))},
        )
    }
    for student in students:
        if student in tx.actor.barred or not found:
            tx.reach(student)  # which says why not
        elif student not in found and tx.file.value(
            "SELECT merged_into IS NOT NULL FROM student WHERE id = ?", (student,)
        ) in (None, 1):
            raise _merged()
        tx.touch(student)


def join_incident(tx: Tx, students: Sequence[int]) -> None:
    """Name students who are put into an incident that the act has reached: any, but for whom the actor is barred from.

    Raises `NotAllowed` for one of these, `Refused` for a record merged into another, `NotUnderstood` for nobody.
    """
    for student in students:
        if student in tx.actor.barred:
            tx.reach(student)  # which says why not
        merged = tx.file.value("SELECT merged_into IS NOT NULL FROM student WHERE id = ?", (student,))
        if merged is None:
            raise NotUnderstood("There is no such student.", "Look them up by name.")
        if merged:
            raise _merged()
        tx.touch(student)


def students_of(file: File, incident_id: int) -> tuple[int, ...]:
    """Return the students of an incident, whatever their role, in the order in which they were named."""
    found = file.rows(
        "SELECT student_id FROM incident_student s WHERE incident_id = ?"
        f" AND {live('incident_student', 's')} ORDER BY id",
        (incident_id,),
    )
    return tuple(dict.fromkeys(student for (student,) in found))


def _merged() -> Refused:
    return Refused("This record was merged into another one.", "Find the student again; nothing was changed.")


def is_own(file: File, incident_id: int, staff: Staff) -> bool:
    """Say whether somebody wrote an incident, or was there."""
    condition, params = _own(staff)
    found = file.value(f"SELECT 1 FROM incident WHERE id = :wanted AND {condition}", {**params, "wanted": incident_id})
    return found is not None


_THEIRS = (
    "SELECT 1 FROM incident_student mine JOIN student ON student.id = mine.student_id"
    f" WHERE mine.incident_id = incident.id AND {live('incident_student', 'mine')}"
)


def barred_from_none(staff: Staff) -> str:
    """Return a condition on `incident.id` that holds where somebody is barred from none of its students."""
    if not staff.barred:
        return "1"
    return f"NOT EXISTS ({_THEIRS} AND mine.student_id IN ({', '.join(str(one) for one in sorted(staff.barred))}))"


def incidents_within(scope: Scope, staff: Staff, day: str) -> tuple[str, dict[str, object]]:
    """Return the condition on `incident.id` for a scope. The bar stands before all else."""
    params: dict[str, object] = {}
    parts = []
    if scope not in (Scope.ALL, Scope.ROLL):
        within, params = students_within(scope, staff._replace(barred=frozenset()), day)
        reached = f"EXISTS ({_THEIRS} AND {within})"
        if scope in _OWN:
            own, more = _own(staff)
            reached, params = f"({own} OR {reached})", {**params, **more}
        parts.append(reached)
    if staff.barred:
        parts.append(barred_from_none(staff))
    return " AND ".join(parts) or "1", params


def _own(staff: Staff) -> tuple[str, dict[str, object]]:
    return (
        "(EXISTS (SELECT 1 FROM ledger wrote WHERE wrote.seq = incident.seq AND wrote.actor = :own_code)"
        " OR EXISTS (SELECT 1 FROM incident_adult was WHERE was.incident_id = incident.id AND was.staff_id = :own_id"
        f" AND {live('incident_adult', 'was')}))",
        {"own_code": staff.code, "own_id": staff.id},
    )
