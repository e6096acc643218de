"""Agreed actions: what somebody said they would do about an incident or a student, by when, and that it is done.

Source: the domain notes, Incidents (actions: what, who, due, done).
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from psc.clock import moment, wall
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.desk.people import short_name
from psc.desk.permissions import Scope, may, scope_of, students_within
from psc.desk.settings import settings_on
from psc.errors import NotAllowed, NotUnderstood, Refused
from psc.incidents.reach import incidents_for, reach_incident, students_of
from psc.school.calendar import days_on
from psc.text import check_length

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psc.database.file import File
    from psc.desk.people import Staff

OUTCOMES = ("done", "dropped")


class ActionEnd(NamedTuple):
    """That an action is done or dropped: when, who said so, and what they wrote."""

    outcome: str
    note: str
    at: datetime
    by: str


class AgreedAction(NamedTuple):
    """What somebody is to do, by when. `owner` is how they are shown; `owner_id` where they are on the staff list."""

    id: int
    what: str
    owner_id: int | None
    owner: str
    due: date
    incident_id: int | None
    student_id: int | None
    agreed: datetime
    by: str
    code: str
    """The staff code of whoever wrote it down."""
    end: ActionEnd | None = None

    @property
    def open(self) -> bool:
        """Whether it is still owed."""
        return self.end is None

    def overdue(self, today: date) -> bool:
        """Say whether it was due before today and is still owed."""
        return self.end is None and self.due < today


@act("agree_action", resting=("end_action",))
def agree_action(
    tx: Tx,
    what: str,
    *,
    owner_id: int | None = None,
    owner: str = "",
    due: date | None = None,
    incident_id: int | None = None,
    student_id: int | None = None,
) -> int:
    """Agree that somebody is to do something, about an incident, a student, or both; returns the action's id.

    `owner_id` is one of the staff list, else `owner` the name that was typed. `due` is `action_days` school days on
    unless given. Raises `NotUnderstood` for nothing to do, nobody to do it and a due day that has passed, `NotAllowed`
    beyond the actor's reach.
    """
    if incident_id is not None:
        students = reach_incident(tx, incident_id)
        if student_id is not None and student_id not in students:
            raise NotUnderstood("That student is not in this incident.", "Name one of its students.")
    elif student_id is not None:
        tx.reach(student_id)
    elif tx.scope is not Scope.ALL:
        raise NotAllowed("An action needs an incident or a student.", f"You reach {tx.scope.value}.")
    said = check_length(what, "action")
    if not said:
        raise NotUnderstood("Say what is to be done.", "A few words are enough.")
    name = "" if owner_id is not None else check_length(owner, "name", 100)
    if owner_id is None and not name:
        raise NotUnderstood("Say who is to do it.", "Choose somebody of the staff, or type a name.")
    if owner_id is not None and not tx.file.value("SELECT active FROM staff WHERE id = ?", (owner_id,)):
        raise NotUnderstood("Nobody of the staff list is that.", "Choose somebody else, or type a name.")
    by = due or days_on(tx.file, tx.today, settings_on(tx.file, tx.today).action_days)
    if by < tx.today:
        raise NotUnderstood("That day has passed.", "Give today, or a day to come.")
    return tx.add(
        "agreed_action",
        incident_id=incident_id,
        student_id=student_id,
        what=said,
        owner_id=owner_id,
        owner=name,
        due_day=by.isoformat(),
    )


@act("end_action", resting=())
def end_action(tx: Tx, action_id: int, outcome: Literal["done", "dropped"], note: str = "") -> int:
    """Say that an action is done, or dropped with a reason; returns the ending's id.

    Whoever owes it, or wrote it down, may say so whatever they reach. Raises `Refused` when somebody has said so
    already: who and when. `NotUnderstood` when it is dropped without a note.
    """
    if outcome not in OUTCOMES:
        raise NotUnderstood(f"“{outcome}” is no end of an action.", f"It can be: {', '.join(OUTCOMES)}.")
    found = actions_by_id(tx.file, (action_id,)).get(action_id)
    if found is None:
        raise NotUnderstood("There is no such action.", "Look at the list again: it may have been undone.")
    _reach(tx, found)
    if found.end is not None:
        raise Refused(
            f"{found.end.by} has said at {wall(found.end.at, tx.file.zone)} that it is {found.end.outcome}.",
            "Look at the list again.",
        )
    said = check_length(note, "note")
    if outcome == "dropped" and not said:
        raise NotUnderstood("An action that is dropped needs a reason.", "Say why it is not to be done any more.")
    return tx.add("agreed_action_end", agreed_action_id=action_id, outcome=outcome, note=said)


def _reach(tx: Tx, one: AgreedAction) -> None:
    """Name the students of an action. A bar stands before all else, owning it included."""
    students = _students(tx.file, one)
    if not tx.actor.barred & students and (one.owner_id == tx.actor.id or one.code == tx.actor.code):
        for student in students:
            tx.touch(student)
    elif one.incident_id is not None:
        reach_incident(tx, one.incident_id)
    elif one.student_id is not None:
        tx.reach(one.student_id)
    elif tx.scope is not Scope.ALL:
        raise NotAllowed("This action is somebody else's.", f"You reach {tx.scope.value}.")


def _students(file: File, one: AgreedAction) -> frozenset[int]:
    found = () if one.incident_id is None else students_of(file, one.incident_id)
    return frozenset(found) | ({one.student_id} if one.student_id is not None else set())


# Reads: what is so of everybody, and the condition for who sees which


def actions_for(staff: Staff, day: str) -> tuple[str, dict[str, object]]:
    """Return a condition on `agreed_action.id`, aliased `a`, for the actions that `staff` may see.

    Those they owe or wrote down, whatever their role; with `see_actions` those of the incidents and students in reach.
    None of a student from whom they are barred. `day` is the school day, as the file writes it.
    """
    params: dict[str, object] = {"owed_by": staff.id, "written_by": staff.code}
    seen = [
        "a.owner_id = :owed_by",
        "EXISTS (SELECT 1 FROM ledger w WHERE w.seq = a.seq AND w.actor = :written_by)",
    ]
    if may("see_actions", staff):
        about, more = incidents_for("see_actions", staff, day)
        scope = scope_of("see_actions", staff)
        theirs, rest = students_within(scope, staff, day)
        params |= {**more, **rest}
        seen.append(f"EXISTS (SELECT 1 FROM incident WHERE incident.id = a.incident_id AND {about})")
        seen.append(f"EXISTS (SELECT 1 FROM student WHERE student.id = a.student_id AND {theirs})")
        if scope is Scope.ALL:
            seen.append("a.incident_id IS NULL AND a.student_id IS NULL")
    condition = f"({' OR '.join(f'({one})' for one in seen)})"
    if staff.barred:
        barred = ", ".join(str(one) for one in sorted(staff.barred))
        condition += (
            f" AND coalesce(a.student_id, 0) NOT IN ({barred}) AND NOT EXISTS (SELECT 1 FROM incident_student bars"
            f" WHERE bars.incident_id = a.incident_id AND bars.student_id IN ({barred})"
            f" AND {live('incident_student', 'bars')})"
        )
    return condition, params


OPEN = (
    "NOT EXISTS (SELECT 1 FROM agreed_action_end e WHERE e.agreed_action_id = a.id"
    f" AND {live('agreed_action_end', 'e')})"
)
"""SQL: an action, aliased `a`, that is still owed."""


def actions_by_id(file: File, ids: Iterable[int]) -> dict[int, AgreedAction]:
    """Return some actions by id; one that was taken back is left out."""
    found = actions_where(file, "a.id IN (SELECT value FROM json_each(:ids))", {"ids": json.dumps(sorted(set(ids)))})
    return {one.id: one for one in found}


def actions_of_incidents(file: File, incidents: Iterable[int]) -> dict[int, tuple[AgreedAction, ...]]:
    """Return the actions of some incidents by the incident's id, what is due first first."""
    made: dict[int, tuple[AgreedAction, ...]] = {}
    for one in actions_where(
        file, "a.incident_id IN (SELECT value FROM json_each(:ids))", {"ids": json.dumps(sorted(set(incidents)))}
    ):
        made[one.incident_id or 0] = (*made.get(one.incident_id or 0, ()), one)
    return made


def actions_of_student(file: File, student_id: int) -> tuple[AgreedAction, ...]:
    """Return the actions about a student, and those of the incidents that they have a part in, what is due first."""
    return actions_where(
        file,
        "a.student_id = :student OR a.student_id IS NULL AND a.incident_id IN (SELECT s.incident_id"
        f" FROM incident_student s WHERE s.student_id = :student AND {live('incident_student', 's')})",
        {"student": student_id},
    )


def actions_where(file: File, condition: str, params: dict[str, object]) -> tuple[AgreedAction, ...]:
    """Return the actions for which a condition on `a` holds, what is due first."""
    made = []
    for (
        identity, what, owner_id, forename, surname, owner, due, incident, student, agreed, by_forename, by_surname,
        code, outcome, note, at, end_forename, end_surname,
    ) in file.rows(
        "SELECT a.id, a.what, a.owner_id, coalesce(o.forename, ''), coalesce(o.surname, ''), a.owner, a.due_day,"
        " a.incident_id, a.student_id, a.recorded, coalesce(w.forename, ''), coalesce(w.surname, l.actor), l.actor,"
        " e.outcome, e.note, e.recorded, coalesce(ew.forename, ''), coalesce(ew.surname, el.actor)"
        " FROM agreed_action a JOIN ledger l ON l.seq = a.seq LEFT JOIN staff w ON w.code = l.actor"
        " LEFT JOIN staff o ON o.id = a.owner_id"
        f" LEFT JOIN agreed_action_end e ON e.agreed_action_id = a.id AND {live('agreed_action_end', 'e')}"
        " LEFT JOIN ledger el ON el.seq = e.seq LEFT JOIN staff ew ON ew.code = el.actor"
        f" WHERE {live('agreed_action', 'a')} AND ({condition}) ORDER BY a.due_day, a.id",
        params,
    ):  # fmt: skip
        end = None if outcome is None else ActionEnd(outcome, note, moment(at), short_name(end_forename, end_surname))
        made.append(
            AgreedAction(
                identity,
                what,
                owner_id,
                owner if owner_id is None else short_name(forename, surname),
                date.fromisoformat(due),
                incident,
                student,
                moment(agreed),
                short_name(by_forename, by_surname),
                code,
                end,
            )
        )
    return tuple(made)
