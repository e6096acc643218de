"""Restrictive records as one reader may see them: a line under the incident, and one opened.

Who may not see a record is told that there is one, and nothing of it. Opening one is a look: its line in the ledger is
written before anything is read.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day, wall
from psc.desk.permissions import Scope, may, reached, scope_of
from psc.desk.settings import settings_on
from psc.errors import NotAllowed, PscError
from psc.incidents.addenda import addenda_of
from psc.incidents.incidents import incidents_by_id, the_incident
from psc.incidents.reach import is_own, reached_incidents
from psc.incidents.restrictive import restrictive_of, the_restrictive
from psc.incidents.restrictive_clocks import RECORD, TELL, clocks_of_incidents
from psc.incidents.restrictive_steps import check_apart, open_restrictive
from psc.overview.incident_parts import NOT_SHOWN
from psc.roster.home import whom_in_the_open
from psc.school.students import students_by_id
from psc.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from psc.database.file import File
    from psc.desk.acts import Desk
    from psc.desk.people import Staff
    from psc.incidents.addenda import Addendum
    from psc.incidents.incidents import Incident
    from psc.incidents.restriction import Restriction
    from psc.incidents.restrictive import Restrictive
    from psc.incidents.restrictive_clocks import RestrictiveClock

MARKER = "force or seclusion recorded: restricted"
"""What stands in the place of a record for whoever may not see it."""
KEPT_AS = {
    "seclusion": "somebody was kept for safety, which is seclusion",
    "sanction": "somebody was kept as a sanction, not secluded",
    "neither": "somebody was prevented from leaving, neither secluded nor as a sanction",
}


class RestrictiveLine(NamedTuple):
    """What an incident says of its records: `owed`, `recorded`, or `marker` for one that the reader may not see."""

    incident_id: int
    restrictive_id: int | None
    student_id: int | None
    state: str
    words: str


class OpenRestrictive(NamedTuple):
    """A record opened, as one reader may see it."""

    record: Restrictive
    incident: Incident
    student: str
    """The student by name, where the reader may know it."""
    answered: str
    """What the incident says: whether force was used, and what it was when somebody was prevented from leaving."""
    contradicts: str
    """Where record and incident say different things, "" where they do not."""
    clocks: tuple[RestrictiveClock, ...]
    addenda: tuple[Addendum, ...]
    not_amend: str
    """Why the reader does not correct it, "" where they may; the others likewise."""
    not_tell: str
    not_withhold: str
    not_review: str
    not_sign_off: str


# A line under an incident


def restrictive_lines_for(
    file: File, incidents: Iterable[int], staff: Staff, day: date
) -> dict[int, tuple[RestrictiveLine, ...]]:
    """Return the lines of some incidents by the incident's id; that the reader may see these has been asked.

    Of a record beyond the reader's reach only that there is one.
    """
    every = {one.id: one for one in incidents_by_id(file, incidents)}
    records = restrictive_of(file, every)
    seen = visible(file, staff, day, records)
    shown = reached(file, "find_student", staff, day.isoformat(), (one.student_id for one in records))
    names = {student: one.name for student, one in students_by_id(file, shown, day).items()}
    made: dict[int, tuple[RestrictiveLine, ...]] = {}
    clocks = clocks_of_incidents(file, every.values())
    for one in records:
        if one.id in seen:
            mine = [each for each in clocks if each.restrictive_id == one.id]
            words = line_words(one, names.get(one.student_id, NOT_SHOWN), mine, file, day)
            line = RestrictiveLine(one.incident_id, one.id, one.student_id, "recorded", words)
        elif any(each.state == "marker" for each in made.get(one.incident_id, ())):
            continue
        else:
            line = RestrictiveLine(one.incident_id, None, None, "marker", MARKER)
        made[one.incident_id] = (*made.get(one.incident_id, ()), line)
    near = _near(file, "see_restrictive", staff, day, every)
    for clock in clocks:
        identity = clock.incident_id
        if clock.restrictive_id is not None or (clock.setting != RECORD and identity in made):
            continue
        if identity not in near:
            made[identity] = (RestrictiveLine(identity, None, None, "marker", MARKER),)
        elif clock.setting == RECORD:
            late = ", overdue" if clock.due < day else ""
            words = f"{clock.what} to be written by {_day(clock.due, day)}{late}"
            line = RestrictiveLine(identity, None, clock.student_id, "owed", words)
            made[identity] = (*made.get(identity, ()), line)
    return made


def visible(file: File, staff: Staff, day: date, records: Iterable[Restrictive]) -> frozenset[int]:
    """Return which of some records `staff` may see: of students within reach, and of incidents they were there at.

    Whoever is barred from one student of an incident sees none of its records.
    """
    found = tuple(records)
    if not found or not may("see_restrictive", staff):
        return frozenset()
    near = _near(file, "see_restrictive", staff, day, {one.incident_id for one in found})
    students = reached(file, "see_restrictive", staff, day.isoformat(), (one.student_id for one in found))
    beyond = {one.incident_id for one in found if one.student_id not in students}
    own = {one for one in near & beyond if is_own(file, one, staff)}
    return frozenset(
        one.id for one in found if one.incident_id in near and (one.student_id in students or one.incident_id in own)
    )


def _near(file: File, name: str, staff: Staff, day: date, incidents: Iterable[int]) -> frozenset[int]:
    """Return which of some incidents a read reaches, or somebody was at."""
    every, on = frozenset(incidents), day.isoformat()
    if not may(name, staff):
        return frozenset()
    there = reached_incidents(file, "write_restrictive", staff, on, every)
    return there | reached_incidents(file, name, staff, on, every)


def line_words(one: Restrictive, student: str, clocks: Iterable[RestrictiveClock], file: File, day: date) -> str:
    """Return a record as a line under its incident: `restraint, Reid, Callum, 10:42–10:51 (9 min) · told 1 of 2`."""
    said, zone = one.now, file.zone
    times = f"{wall(said.starts, zone)}–{wall(said.ends, zone)} ({said.minutes} min)"
    tell = [each for each in clocks if each.setting == TELL]
    told = sum(each.done for each in tell)
    stands = "signed off" if one.sign_off else "reviewed, not signed off" if one.review else "not reviewed"
    late = ", overdue" if any(not each.done and each.due < day for each in tell) else ""
    return f"{said.type}, {student}, {times} · parents told {told} of {len(tell)}{late} · {stands}"


def _day(day: date, today: date) -> str:
    return "today" if day == today else f"{day:%a} {day.day} {day:%b}"


# One opened


def open_the_restrictive(desk: Desk, restrictive_id: int) -> OpenRestrictive:
    """Note the look in the ledger, then read the record. Raises what the look and `read_restrictive` do."""
    desk.do_patiently(open_restrictive(restrictive_id), seconds=2)
    return read_restrictive(desk.file, restrictive_id, desk.staff(), desk.clock.now())


def read_restrictive(file: File, restrictive_id: int, staff: Staff, now: datetime) -> OpenRestrictive:
    """Read a record that is open already, as it stands now.

    Raises `NotUnderstood` when it is gone, `NotAllowed` once it is beyond reach.
    """
    scope_of("see_restrictive", staff)
    day = school_day(now, file.zone)
    record = the_restrictive(file, restrictive_id)
    if not visible(file, staff, day, (record,)):
        raise NotAllowed("This record is outside what your role may see.", "Ask the behaviour lead.")
    incident = the_incident(file, record.incident_id)
    shown = reached(file, "find_student", staff, day.isoformat(), (record.student_id,))
    named = students_by_id(file, shown, day).get(record.student_id)
    clocks = tuple(one for one in clocks_of_incidents(file, (incident,)) if one.restrictive_id == record.id)
    if not reached(file, "see_contacts", staff, day.isoformat(), (record.student_id,)):
        clocks = tuple(one._replace(contact="") for one in clocks)
        record = _without_contacts(record)
    student = NOT_SHOWN if named is None else named.name if named.apart else f"{named.name} {named.form}".rstrip()
    not_review, not_sign_off = _not_judge(file, record, staff)
    not_tell = "" if may("tell_of_restrictive", staff) else f"it is not for the role of {staff.role.words}"
    own = not not_tell and scope_of("tell_of_restrictive", staff) is Scope.OWN
    return OpenRestrictive(
        record,
        incident,
        student,
        answered(incident),
        contradiction(incident, record.now.type),
        clocks,
        addenda_of(file, "restrictive", (record.id,)).get(record.id, ()),
        _not_amend(file, record, staff, now),
        not_tell,
        "ask the behaviour lead or the safeguarding lead" if own else not_tell,
        not_review,
        not_sign_off,
    )


def _without_contacts(record: Restrictive) -> Restrictive:
    """Return a record as those read it who may not see the contacts: that a parent is not to be told, and no more."""
    told = tuple(
        one._replace(
            contact=whom_in_the_open(one.contact),
            note="",
            withheld="ask the behaviour lead before anybody rings" if one.withheld else "",
            authority="",
        )
        for one in record.told
    )
    return record._replace(told=told)


def answered(incident: Incident) -> str:
    """Return what the incident says of force, and of being kept: asked there, and inferred nowhere."""
    account = incident.now
    force = "force was used" if account.force else "no force was used"
    if account.prevented and not account.kept_as:
        kept = "somebody was prevented from leaving, and whether as seclusion or a sanction is not answered yet"
    else:
        kept = KEPT_AS.get(account.kept_as, "nobody was prevented from leaving")
    return f"The incident says: {force}; {kept}."


def contradiction(incident: Incident, type: str) -> str:
    """Return where a record of a type and its incident say different things, "" where they do not."""
    account = incident.now
    if type == "seclusion" and account.kept_as != "seclusion":
        return "This record says seclusion; the incident does not. Put right which of them is wrong."
    if type in ("restraint", "mechanical") and not account.force:
        return "This record says force; the incident does not. Put right which of them is wrong."
    return ""


def not_written_by(file: File, incident_id: int, staff: Staff, day: date) -> str:
    """Return why somebody does not write the record of an incident, "" where they may."""
    if not may("write_restrictive", staff):
        return f"it is not for the role of {staff.role.words}"
    if reached_incidents(file, "write_restrictive", staff, day.isoformat(), (incident_id,)):
        return ""
    return "whoever recorded the incident, or was there, writes it"


def _not_amend(file: File, record: Restrictive, staff: Staff, now: datetime) -> str:
    if record.first.code.casefold() != staff.code.casefold():
        return "only who wrote it may; + adds to it"
    if record.sign_off is not None:
        return "it is signed off; + adds to it"
    locked = record.locked(now, settings_on(file, school_day(now, file.zone)))
    return "it is locked; + adds to it" if locked else ""


def _not_judge(file: File, record: Restrictive, staff: Staff) -> tuple[str, str]:
    """Return why the reader does not review it, and why they do not sign it off."""
    reasons = []
    for name in ("review_restrictive", "sign_off_restrictive"):
        why = "" if may(name, staff) else f"it is not for the role of {staff.role.words}"
        try:
            check_apart(file, record, staff)
        except PscError:
            why = why or "you wrote it, or had a hand in it"
        reasons.append(why or ("it is signed off" if record.sign_off else ""))
    not_sign_off = reasons[1] or ("" if record.review else "it is not reviewed yet")
    return reasons[0], not_sign_off


def span_words(said: Restriction, zone: ZoneInfo) -> str:
    """Return when it was, with the minutes: `Mon 23 Nov 10:42–10:51, 9 minutes`."""
    first, last = said.starts.astimezone(zone), said.ends.astimezone(zone)
    until = "" if first.date() == last.date() else f"{last:%a} {last.day} {last:%b} "
    times = f"{wall(said.starts, zone)}–{until}{wall(said.ends, zone)}"
    return f"{first:%a} {first.day} {first:%b} {times}, {counted(said.minutes, 'minute')}"
