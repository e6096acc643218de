"""What the use of force or seclusion starts, and by when: the record, each parent told, the review, the sign-off.

Days are counted from the school day on which it happened; settings are those in force on that day. A day of no school
is no school day, but what is due *the same day* is due on it all the same. Source: the domain notes, Incidents and the
table of clocks.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day
from psc.desk.facts import live
from psc.desk.settings import settings_on
from psc.incidents.incidents import incidents_by_id
from psc.incidents.restrictive import restrictive_of
from psc.roster.home import whom_in_the_open
from psc.school.calendar import days_on
from psc.school.contacts import contacts_of
from psc.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from psc.database.file import File
    from psc.desk.settings import Settings
    from psc.incidents.incidents import Incident
    from psc.incidents.restrictive import ParentTold, Restrictive

RECORD, TELL, REVIEW = "restrictive_record_days", "restrictive_tell_days", "restrictive_review_days"
"""The settings behind the clocks."""
LOOK_BACK = timedelta(days=400)
"""How far back what is owed is looked for: the year that runs, and the one before."""


class RestrictiveClock(NamedTuple):
    """One thing that is due. `restrictive_id` is None while nobody has written the record.

    `what` names nobody but by relationship; `contact` is the parent it is about, "" for what is about no one.
    """

    restrictive_id: int | None
    incident_id: int
    student_id: int
    what: str
    due: date
    setting: str
    done: bool
    on: date | None = None
    """The school day on which it was done."""
    contact: str = ""

    @property
    def in_time(self) -> bool:
        """Whether it was done by the day it was due."""
        return self.on is not None and self.on <= self.due


class Dues(NamedTuple):
    """By when each thing is due."""

    record: date
    tell: date
    review: date


def dues_of(day: date, settings: Settings, after: Callable[[date, int], date]) -> Dues:
    """Return what is due when for something that happened on a day; `after` counts school days."""
    return Dues(
        after(day, settings.restrictive_record_days),
        after(day, settings.restrictive_tell_days),
        after(day, settings.restrictive_review_days),
    )


def whose(incident: Incident) -> int:
    """Return whom a record that is owed is named after until it is written: one who was involved, before any other."""
    order = {"involved": 0, "target": 1, "witness": 2}
    return min(incident.students, key=lambda one: order[one.role]).student_id


def owed_clocks(incident: Incident, records: Sequence[Restrictive], dues: Dues) -> tuple[RestrictiveClock, ...]:
    """Return the clocks of what an incident says was done and nobody has written a record of.

    Force and seclusion are two things: each needs a record of its own. Of which of several students it is, nobody has
    said: one is owed until there is one. Until the first, so is telling the parents, whoever they are.
    """
    types = {one.now.type for one in records}
    owed = [
        what
        for what, was, met in (
            ("force", incident.now.force, types - {"seclusion"}),
            ("seclusion", incident.now.kept_as == "seclusion", types & {"seclusion", "non-contact"}),
        )
        if was and not met
    ]
    student = whose(incident)
    made = [
        RestrictiveClock(None, incident.id, student, f"record of {what}", dues.record, RECORD, done=False)
        for what in owed
    ]
    if owed and not records:
        what = " and ".join(owed)
        made.append(
            RestrictiveClock(None, incident.id, student, f"tell each parent of {what}", dues.tell, TELL, done=False)
        )
    return tuple(made)


def clocks_of(
    record: Restrictive, parents: Sequence[str], dues: Dues, day_of: Callable[[datetime], date]
) -> tuple[RestrictiveClock, ...]:
    """Return the clocks of a record. `parents` are those with responsibility who may be told, as the record names them.

    Where none is on record, one parent told ends the clock. `day_of` gives the school day of a moment.
    """
    what = "seclusion" if record.now.type == "seclusion" else "force"

    def clock(words: str, due: date, setting: str, at: datetime | None, contact: str = "") -> RestrictiveClock:
        on = None if at is None else day_of(at)
        return RestrictiveClock(
            record.id, record.incident_id, record.student_id, words, due, setting, at is not None, on, contact
        )

    made = [clock(f"record of {what}", dues.record, RECORD, record.first.recorded)]
    for parent in parents:
        at = _ended(one for one in record.told if _same(one.contact, parent))
        made.append(clock(f"tell {whom_in_the_open(parent)} of {what}", dues.tell, TELL, at, parent))
    if not parents:
        made.append(clock(f"tell a parent of {what}", dues.tell, TELL, _ended(record.told)))
    review, sign_off = record.review, record.sign_off
    seen = review or sign_off
    made.append(clock(f"review the record of {what}", dues.review, REVIEW, seen.recorded if seen else None))
    made.append(clock(f"sign off the record of {what}", dues.review, REVIEW, sign_off.recorded if sign_off else None))
    return tuple(made)


def _ended(told: Iterable[ParentTold]) -> datetime | None:
    return next((one.happened for one in told if one.ends), None)


def _same(said: str, parent: str) -> bool:
    """Say whether two ways of naming a contact mean one: the office may have corrected the relationship since."""
    return fold(said) == fold(parent) or fold(said.rpartition(", ")[2]) == fold(parent.rpartition(", ")[2])


# Reads: what is so of everybody


def restrictive_clocks(file: File, today: date) -> tuple[RestrictiveClock, ...]:
    """Return every clock of force or seclusion of this year and the last, done or not, the first due first."""
    calling = file.rows(
        "SELECT DISTINCT v.incident_id FROM incident_version v WHERE v.day BETWEEN ? AND ?"
        " AND (v.force OR v.kept_as = 'seclusion' OR EXISTS"
        f" (SELECT 1 FROM restrictive t WHERE t.incident_id = v.incident_id AND {live('restrictive', 't')}))"
        f" AND {live('incident_version', 'v')}",
        ((today - LOOK_BACK).isoformat(), today.isoformat()),
    )
    found = clocks_of_incidents(file, incidents_by_id(file, [incident for (incident,) in calling]))
    return tuple(sorted(found, key=lambda one: (one.due, one.incident_id)))


def clocks_of_incidents(file: File, incidents: Iterable[Incident]) -> tuple[RestrictiveClock, ...]:
    """Return the clocks of some incidents; none for those without force, seclusion or a record."""
    every = {one.id: one for one in incidents}
    records: dict[int, list[Restrictive]] = {}
    for record in restrictive_of(file, every):
        records.setdefault(record.incident_id, []).append(record)
    made: list[RestrictiveClock] = []
    known: dict[date, Dues] = {}

    def dues(day: date) -> Dues:
        if day not in known:
            known[day] = dues_of(day, settings_on(file, day), lambda one, count: days_on(file, one, count))
        return known[day]

    for identity, incident in every.items():
        if incident.now.needs_restrictive:
            happened = school_day(incident.happened, file.zone)
            made += owed_clocks(incident, records.get(identity, ()), dues(happened))
        for record in records.get(identity, ()):
            day = school_day(record.now.starts, file.zone)
            made += clocks_of(
                record, parents_of(file, record.student_id), dues(day), lambda at: school_day(at, file.zone)
            )
    return tuple(made)


def parents_of(file: File, student_id: int) -> tuple[str, ...]:
    """Return the contacts of a student with parental responsibility who may be told, as a record names them."""
    return tuple(one.words for one in contacts_of(file, student_id)[0] if one.responsibility)
