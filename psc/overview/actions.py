"""What everybody owes, as one reader may see it: agreed actions, parents to tell, clocks that run; and what was done.

One list, mine first, what is overdue first. An action is its owner's; what is whose of the rest, see `due_lines`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from psc.clock import school_day, wall
from psc.desk.permissions import scope_of
from psc.errors import NotAllowed
from psc.incidents.actions import OPEN, AgreedAction, actions_for, actions_where
from psc.incidents.incidents import incidents_by_id
from psc.overview.due_lines import (
    Owed,
    Reader,
    Where,
    about_incident,
    evidence_to_save,
    homes_to_ring,
    parents_to_tell,
    removals_to_settle,
    restrictive_to_do,
    whom,
)
from psc.school.calendar import day_words
from psc.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.incidents.incidents import Incident

LATELY = timedelta(days=30)
"""How far back the list looks for what was done."""


def owed_by_all(file: File, staff: Staff, now: datetime) -> tuple[Owed, ...]:
    """Return what is owed, as far as `staff` may see it: mine first, then what is overdue, then what is due first.

    Raises `NotAllowed` for a role that nothing of it is for.
    """
    scope_of("end_action", staff)
    today = school_day(now, file.zone)
    reader = Reader(file, staff, today)
    made = [
        *_actions(reader, OPEN),
        *parents_to_tell(reader),
        *restrictive_to_do(reader),
        *homes_to_ring(reader, now),
        *removals_to_settle(reader, now),
        *evidence_to_save(reader),
    ]
    return tuple(
        sorted(made, key=lambda one: (not one.mine, not one.overdue, one.due, one.since, one.what, one.student))
    )


def done_lately(file: File, staff: Staff, now: datetime) -> tuple[Owed, ...]:
    """Return the agreed actions that were done or dropped in the last 30 days, what was done last first.

    Raises `NotAllowed` as `owed_by_all` does.
    """
    scope_of("end_action", staff)
    today = school_day(now, file.zone)
    since = (today - LATELY).isoformat()
    made = _actions(Reader(file, staff, today), f"NOT {OPEN} AND e.day >= :since", {"since": since})
    return tuple(sorted(made, key=lambda one: one.end.at if one.end else now, reverse=True))


def actions_overdue(file: File, staff: Staff, today: date) -> int:
    """Return how many agreed actions of `staff` should have been done before today."""
    try:
        scope_of("end_action", staff)
    except NotAllowed:
        return 0
    condition, params = actions_for(staff, today.isoformat())
    late = f"{OPEN} AND a.due_day < :before AND {condition}"
    found = actions_where(file, late, {**params, "before": today.isoformat()})
    return sum(1 for one in found if is_mine(one, staff))


def ended_words(one: Owed, today: date, zone: ZoneInfo) -> str:
    """Say that something was done or dropped, by whom and when: `done today 11:40, J. Smith`; "" while it is owed."""
    if one.end is None:
        return ""
    day = day_words(school_day(one.end.at, zone), today)
    return f"{one.end.outcome} {day} {wall(one.end.at, zone)}, {one.end.by}"


def _actions(reader: Reader, wanted: str, more: Mapping[str, object] | None = None) -> list[Owed]:
    """Return the agreed actions for which a condition holds."""
    condition, params = actions_for(reader.staff, reader.day)
    found = actions_where(reader.file, f"({wanted}) AND {condition}", {**params, **(more or {})})
    incidents = {
        one.id: one
        for one in incidents_by_id(reader.file, [one.incident_id for one in found if one.incident_id is not None])
    }
    about = {one.id: _about(one, incidents) for one in found}
    names = reader.names(student for students in about.values() for student in students)
    return [
        reader.owed(
            "action",
            one.what,
            whom(names, about[one.id]),
            one.owner,
            one.due,
            one.agreed,
            Where(one.id, one.incident_id, student_id=one.student_id),
            mine=is_mine(one, reader.staff),
        )._replace(overdue=one.overdue(reader.today), end=one.end)
        for one in found
    ]


def _about(one: AgreedAction, incidents: Mapping[int, Incident]) -> tuple[int, ...]:
    if one.student_id is not None:
        return (one.student_id,)
    incident = incidents.get(one.incident_id or 0)
    return () if incident is None else about_incident(incident)


def is_mine(one: AgreedAction, staff: Staff) -> bool:
    """Say whether an action is somebody's: by the staff list, or by the role that was typed, *the coordinators*."""
    if one.owner_id is not None:
        return one.owner_id == staff.id
    owner, role = fold(one.owner).removeprefix("the "), fold(staff.role.words)
    return owner in (role, f"{role}s", role.replace("head ", "heads "), fold(staff.code), fold(staff.short))
