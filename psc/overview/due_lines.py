"""The lines of what is owed that nobody agreed on: words to parents, clocks of force, removals, evidence.

What is whose: a parent is told by whoever wrote the incident; a record of force by whoever wrote it, too; review and
sign-off by who may; home, for a day in the room, by who is at the door; a removal is confirmed by who may.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day
from psc.desk.facts import live
from psc.desk.permissions import may, reached
from psc.desk.settings import settings_on
from psc.incidents.evidence import evidence_with_a_day
from psc.incidents.incidents import incidents_by_id
from psc.incidents.reach import reached_incidents
from psc.incidents.restrictive import restrictive_of
from psc.incidents.restrictive_clocks import LOOK_BACK, restrictive_clocks
from psc.incidents.told import TOLD_ROLES, parents_owed, told_of
from psc.overview.care import homes_to_tell
from psc.overview.incident_parts import NOT_SHOWN, told_to
from psc.overview.read_board import read_board
from psc.overview.referrals import removals_to_confirm
from psc.overview.restrictive import visible
from psc.roster.home import HomeContact
from psc.school.calendar import day_words, days_on
from psc.school.students import students_by_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.incidents.actions import ActionEnd
    from psc.incidents.incidents import Incident
    from psc.incidents.told import Told

_NAMED = 2
"""How many students a line names before it counts the rest."""


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


class Reader:
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


def whom(names: Mapping[int, str], students: Sequence[int]) -> str:
    """Return students as a line names them: two, and how many more."""
    more = f" and {len(students) - _NAMED} more" if len(students) > _NAMED else ""
    return "; ".join(names[one] for one in students[:_NAMED]) + more


def about_incident(incident: Incident) -> tuple[int, ...]:
    """Return the students that a line about an incident names: whoever only saw it, where there is nobody else."""
    named = [part.student_id for part in incident.students if part.role in TOLD_ROLES]
    return tuple(named or [part.student_id for part in incident.students])


def parents_to_tell(reader: Reader) -> list[Owed]:
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
    dues = {day: days_on(file, date.fromisoformat(day), one.incident_tell_days) for day, one in settings.items()}
    serious = [one for one, day, severity in found if severity >= settings[day].incident_tell_severity]
    incidents = reader.reached("tell_of_incident", serious)
    told = told_of(file, incidents)
    names = reader.names(part.student_id for one in incidents.values() for part in one.students)
    made = []
    for one in incidents.values():
        words = told_to(file, reader.staff, reader.today, told[one.id]) if one.id in told else ()
        day = school_day(one.happened, file.zone)
        rules = settings[day.isoformat()]
        what = f"Tell a parent: {one.now.category}, {day_words(day, reader.today)}"
        mine, due, owner = one.first.code == reader.staff.code, dues[day.isoformat()], one.first.by
        for student in parents_owed(one, told.get(one.id, ()), rules):
            where = Where(incident_id=one.id, student_id=student)
            line = reader.owed("parent", what, names[student], owner, due, one.happened, where, mine=mine)
            made.append(line._replace(tried=_tried(words, student)))
    return made


def _tried(told: Iterable[Told], student_id: int) -> tuple[HomeContact, ...]:
    """Return the words to one student's home as the form that tells home shows them."""
    return tuple(
        HomeContact(one.happened, one.name, one.how, one.outcome, one.note, one.by)
        for one in told
        if one.who == "parent" and one.student_id == student_id
    )


def restrictive_to_do(reader: Reader) -> list[Owed]:
    """Return the clocks of force and seclusion that run, of the records that the reader may see."""
    clocks = [one for one in restrictive_clocks(reader.file, reader.today) if not one.done]
    incidents = reader.reached("see_restrictive", (one.incident_id for one in clocks))
    seen = visible(reader.file, reader.staff, reader.today, restrictive_of(reader.file, incidents))
    clocks = [one for one in clocks if one.restrictive_id is None or one.restrictive_id in seen]
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
        what, about = one.what[:1].upper() + one.what[1:], names[one.student_id]
        made.append(reader.owed(kind, what, about, owner, one.due, incident.happened, where, mine=mine))
    return made


def homes_to_ring(reader: Reader, now: datetime) -> list[Owed]:
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
            f"Tell home: {one.home_owed[0].about}",
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


def removals_to_settle(reader: Reader, now: datetime) -> list[Owed]:
    """Return the removals that nobody has confirmed yet."""
    if not may("see_referrals", reader.staff):
        return []
    found = removals_to_confirm(reader.file, reader.staff, now)
    mine = reached(reader.file, "settle_removal", reader.staff, reader.day, (one.student.id for one in found))
    return [
        reader.owed(
            "confirm",
            f"Confirm the {one.type.words.lower()}: {one.reason}",
            one.student.name,
            "coordinator",
            school_day(one.at, reader.file.zone),
            one.at,
            Where(student_id=one.student.id, placement_id=one.placement_id),
            mine=one.student.id in mine,
        )
        for one in found
    ]


def evidence_to_save(reader: Reader) -> list[Owed]:
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
        about = about_incident(incident)
        what = f"{one.kind} is kept until {day_words(one.keep_until, reader.today)}: {one.what}"
        where = Where(incident_id=one.incident_id, evidence_id=one.id)
        mine = incident.first.code == reader.staff.code or may("end_evidence", reader.staff)
        made.append(
            reader.owed("evidence", what, whom(names, about), one.by, one.keep_until, one.recorded, where, mine=mine)
        )
    return made
