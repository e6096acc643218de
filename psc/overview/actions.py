"""What everybody owes, as one reader may see it: agreed actions, parents to tell, clocks that run; and what was done.

One list, mine first, what is overdue first. What is whose: an action is its owner's; a parent is told by whoever wrote
the incident; a record of force by whoever wrote it, too; review and sign-off by who may; home, for a day in the room,
by who is at the door; a removal is confirmed by who may.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day, wall
from psc.desk.facts import live
from psc.desk.permissions import may, reached, scope_of
from psc.desk.settings import settings_on
from psc.errors import NotAllowed
from psc.incidents.actions import OPEN, ActionEnd, AgreedAction, actions_for, actions_where
from psc.incidents.evidence import evidence_with_a_day
from psc.incidents.incidents import incidents_by_id
from psc.incidents.reach import reached_incidents
from psc.incidents.restrictive_clocks import LOOK_BACK, restrictive_clocks
from psc.incidents.told import TOLD_ROLES, parents_owed, told_of
from psc.overview.care import homes_to_tell
from psc.overview.incident_parts import NOT_SHOWN
from psc.overview.read_board import read_board
from psc.overview.referrals import removals_to_confirm
from psc.roster.home import HomeContact
from psc.school.calendar import day_words, days_on
from psc.school.students import students_by_id
from psc.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.incidents.incidents import Incident
    from psc.incidents.told import Told

_NAMED = 2
"""How many students a line names before it counts the rest."""
LATELY = timedelta(days=30)
"""How far back the list looks for what was done."""


class Where(NamedTuple):
    """Where something is done: what it hangs on, None for what it does not."""

    action_id: int | None = None
    incident_id: int | None = None
    restrictive_id: int | None = None
    student_id: int | None = None
    placement_id: int | None = None
    evidence_id: int | None = None


class Owed(NamedTuple):
    """One thing that is owed: what, about whom, by whom, by which day."""

    kind: str
    """`action`, `parent`, `home`, `record`, `review`, `confirm` or `evidence`."""
    what: str
    student: str
    """The students it is about in words, "" for nobody."""
    owner: str
    mine: bool
    due: date
    overdue: bool
    since: datetime
    where: Where
    end: ActionEnd | None = None
    """What became of it: only in the list of what was done."""
    tried: tuple[HomeContact, ...] = ()
    """When a parent was tried, of those who are to be told of an incident."""


def owed_by_all(file: File, staff: Staff, now: datetime) -> tuple[Owed, ...]:
    """Return what is owed, as far as `staff` may see it: mine first, then what is overdue, then what is due first.

    Raises `NotAllowed` for a role that nothing of it is for.
    """
    scope_of("end_action", staff)
    today = school_day(now, file.zone)
    reader = _Reader(file, staff, today)
    made = [
        *_actions(reader, OPEN),
        *_parents(reader),
        *_restrictive(reader),
        *_homes(reader, now),
        *_removals(reader, now),
        *_evidence(reader),
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
    made = _actions(_Reader(file, staff, today), f"NOT {OPEN} AND e.day >= :since", {"since": since})
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


class _Reader:
    """Whoever reads, and whom they may see by name; what is asked for twice is read once."""

    def __init__(self, file: File, staff: Staff, today: date) -> None:
        self.file = file
        self.staff = staff
        self.today = today
        self.day = today.isoformat()

    def names(self, students: Iterable[int]) -> Mapping[int, str]:
        """Return the names of some students, as the reader may know them."""
        wanted = set(students)
        shown = reached(self.file, "find_student", self.staff, self.day, wanted)
        known = students_by_id(self.file, shown, self.today)
        return {one: known[one].name if one in known else NOT_SHOWN for one in wanted}

    def reached(self, name: str, incidents: Iterable[int]) -> dict[int, Incident]:
        """Return those of some incidents that a read reaches, by id."""
        found = reached_incidents(self.file, name, self.staff, self.day, incidents)
        return {one.id: one for one in incidents_by_id(self.file, found)}

    def owed(self, kind: str, what: str, student: str, owner: str, due: date, since: datetime, where: Where, *,
             mine: bool) -> Owed:  # fmt: skip
        """Return a line."""
        return Owed(kind, what, student, owner, mine, due, due < self.today, since, where)


def _whom(names: Mapping[int, str], students: Sequence[int]) -> str:
    """Return students as a line names them: two, and how many more."""
    more = f" and {len(students) - _NAMED} more" if len(students) > _NAMED else ""
    return "; ".join(names[one] for one in students[:_NAMED]) + more


def _actions(reader: _Reader, wanted: str, more: Mapping[str, object] | None = None) -> list[Owed]:
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
            _whom(names, about[one.id]),
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
    return () if incident is None else _about_incident(incident)


def _about_incident(incident: Incident) -> tuple[int, ...]:
    """Return the students that a line about an incident names: whoever only saw it, where there is nobody else."""
    named = [part.student_id for part in incident.students if part.role in TOLD_ROLES]
    return tuple(named or [part.student_id for part in incident.students])


def is_mine(one: AgreedAction, staff: Staff) -> bool:
    """Say whether an action is somebody's: by the staff list, or by the role that was typed, *the coordinators*."""
    if one.owner_id is not None:
        return one.owner_id == staff.id
    owner, role = fold(one.owner).removeprefix("the "), fold(staff.role.words)
    return owner in (role, f"{role}s", role.replace("head ", "heads "), fold(staff.code), fold(staff.short))


def _parents(reader: _Reader) -> list[Owed]:
    """Return the parents who are to be told of incidents of this year and the last."""
    file = reader.file
    stands = live("incident_version", "x")
    roles = ", ".join(f"'{role}'" for role in TOLD_ROLES)
    found = file.rows(
        "SELECT DISTINCT v.incident_id, v.day, v.severity FROM incident_version v"
        " JOIN incident_student s ON s.incident_id = v.incident_id"
        f" WHERE v.day >= :first AND s.role IN ({roles}) AND {live('incident_student', 's')}"
        f" AND v.id = (SELECT max(x.id) FROM incident_version x WHERE x.incident_id = v.incident_id AND {stands})"
        " AND NOT EXISTS (SELECT 1 FROM incident_told t JOIN home_contact h ON h.id = t.home_contact_id"
        " WHERE t.incident_id = s.incident_id AND t.student_id = s.student_id AND h.outcome = 'told'"
        f" AND {live('incident_told', 't')})",
        {"first": (reader.today - LOOK_BACK).isoformat()},
    )
    settings = {day: settings_on(file, date.fromisoformat(day)) for day in {day for _, day, _ in found}}
    serious = [one for one, day, severity in found if severity >= settings[day].incident_tell_severity]
    incidents = reader.reached("tell_of_incident", serious)
    told = told_of(file, incidents)
    names = reader.names(part.student_id for one in incidents.values() for part in one.students)
    made = []
    for one in incidents.values():
        day = school_day(one.happened, file.zone)
        due = days_on(file, day, settings[day.isoformat()].incident_tell_days)
        for student in parents_owed(one, told.get(one.id, ()), settings[day.isoformat()]):
            what = f"tell a parent: {one.now.category}, {day_words(day, reader.today)}"
            mine = one.first.code == reader.staff.code
            where = Where(incident_id=one.id, student_id=student)
            made.append(reader.owed("parent", what, names[student], one.first.by, due, one.happened, where, mine=mine))
    return made


def _tried(told: Iterable[Told], student_id: int) -> tuple[HomeContact, ...]:
    """Return the words to one student's home as the form that tells home shows them."""
    return tuple(
        HomeContact(one.happened, one.name, one.how, one.outcome, one.note, one.by)
        for one in told
        if one.who == "parent" and one.student_id == student_id
    )


def _restrictive(reader: _Reader) -> list[Owed]:
    """Return the clocks of force and seclusion that run, of the records that the reader may see."""
    clocks = [one for one in restrictive_clocks(reader.file, reader.today) if not one.done]
    incidents = reader.reached("see_restrictive", (one.incident_id for one in clocks))
    names = reader.names(one.student_id for one in clocks if one.incident_id in incidents)
    made = []
    for one in clocks:
        incident = incidents.get(one.incident_id)
        if incident is None:
            continue
        signs = one.what.startswith("sign off")
        if one.setting == "restrictive_review_days":
            kind, act = "review", "sign_off_restrictive" if signs else "review_restrictive"
            owner, mine = "behaviour lead" if signs else "coordinator", may(act, reader.staff)
        else:
            kind, owner = "record", incident.first.by
            mine = incident.first.code == reader.staff.code
        where = Where(incident_id=one.incident_id, restrictive_id=one.restrictive_id, student_id=one.student_id)
        made.append(
            reader.owed(kind, one.what, names[one.student_id], owner, one.due, incident.happened, where, mine=mine)
        )
    return made


def _homes(reader: _Reader, now: datetime) -> list[Owed]:
    """Return the homes that are owed a word for today in the rooms, of the students whose home the reader may tell."""
    if not (may("see_roster", reader.staff) and may("tell_home", reader.staff)):
        return []
    board = read_board(reader.file, reader.today, reader.staff, staffed=False, today=reader.today)
    rows = homes_to_tell(board, now)
    seen = reached(reader.file, "tell_home", reader.staff, reader.day, (one.row.student_id for one in rows))
    codes = {room.id: room.code for room in board.rooms}
    return [
        reader.owed(
            "home",
            f"tell home: {one.home_owed[0].about}",
            one.row.name,
            codes.get(one.row.room_id, ""),
            reader.today,
            one.home_owed[0].since,
            Where(student_id=one.row.student_id),
            mine=may("sign_in", reader.staff),
        )
        for one in rows
        if one.row.student_id in seen
    ]


def _removals(reader: _Reader, now: datetime) -> list[Owed]:
    """Return the removals that nobody has confirmed yet."""
    if not may("see_referrals", reader.staff):
        return []
    found = removals_to_confirm(reader.file, reader.staff, now)
    mine = reached(reader.file, "settle_removal", reader.staff, reader.day, (one.student.id for one in found))
    return [
        reader.owed(
            "confirm",
            f"confirm: {one.type.words}, {one.reason}",
            one.student.name,
            "coordinator",
            school_day(one.at, reader.file.zone),
            one.at,
            Where(student_id=one.student.id, placement_id=one.placement_id),
            mine=one.student.id in mine,
        )
        for one in found
    ]


def _evidence(reader: _Reader) -> list[Owed]:
    """Return the evidence that is soon kept no longer, or has not been since some day."""
    warn = settings_on(reader.file, reader.today).evidence_warn_days
    found = [one for one in evidence_with_a_day(reader.file) if one.runs_out(reader.file, reader.today, warn)]
    incidents = reader.reached("see_incidents", (one.incident_id for one in found))
    names = reader.names(part.student_id for one in incidents.values() for part in one.students)
    made = []
    for one in found:
        incident = incidents.get(one.incident_id)
        if incident is None or one.keep_until is None:
            continue
        about = _about_incident(incident)
        what = f"{one.kind} is kept until {day_words(one.keep_until, reader.today)}: {one.what}"
        where = Where(incident_id=one.incident_id, evidence_id=one.id)
        mine = incident.first.code == reader.staff.code or may("end_evidence", reader.staff)
        made.append(
            reader.owed("evidence", what, _whom(names, about), one.by, one.keep_until, one.recorded, where, mine=mine)
        )
    return made
