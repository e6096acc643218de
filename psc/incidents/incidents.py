"""Incidents: what happened, when and where, who was there, and what was said of it since.

An incident has versions: its author may correct it until it is locked, each version after the first says why, and all
stay. After that there are only addenda. Source: the domain notes, section Incidents.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from psc.clock import moment, school_day, wall
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.desk.people import short_name
from psc.desk.settings import settings_on
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, Refused
from psc.incidents.reach import join_incident, reach_any, reach_incident
from psc.text import check_length, clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from psc.database.file import File
    from psc.desk.settings import Settings

STUDENT_ROLES = ("involved", "target", "witness")
ADULT_ROLES = ("involved", "hurt", "witness")
KEPT_AS = ("seclusion", "sanction", "neither")
"""What it was when a student was prevented from leaving: asked, never inferred. Source: the domain notes, Incidents."""
LONGEST = 20_000
"""Characters of an account, a note, a page of a statement: a longer one is refused whole, never cut."""
RESTING = ("amend_incident", "add_addendum", "add_to_incident", "tell_of_incident", "end_incident", "agree_action",
           "write_restrictive", "take_statement", "keep_evidence", "gather_incident", "open_investigation")  # fmt: skip
"""What stands on an incident: once any of it was done, recording the incident is not undone."""


class Part(NamedTuple):
    """A student of an incident, and what they were in it."""

    student_id: int
    role: str


class Adult(NamedTuple):
    """An adult of an incident: a member of staff, or the name that was typed, and what they were in it."""

    staff_id: int | None
    name: str
    role: str


class Account(NamedTuple):
    """What one version of an incident says, but for when it happened and who was there."""

    category: str
    behaviour: str
    place: str = ""
    period: str = ""
    room_id: int | None = None
    severity: int = 1
    antecedent: str = ""
    consequence: str = ""
    deescalation: str = ""
    force: bool = False
    """Physical contact or force was used."""
    prevented: bool = False
    """A student was prevented from leaving."""
    kept_as: str = ""
    """Whether that was seclusion, a sanction, or neither; "" where nobody was kept, or it was not answered yet."""
    injury: bool = False
    damage: bool = False
    searched: bool = False
    police: bool = False

    @property
    def needs_restrictive(self) -> bool:
        """Whether a restrictive-intervention record is owed: force was used, or somebody was secluded."""
        return self.force or self.kept_as == "seclusion"


class Version(NamedTuple):
    """What was said of an incident at one time: `why` is empty for the first."""

    id: int
    account: Account
    happened: datetime
    recorded: datetime
    by: str
    code: str
    why: str


class Incident(NamedTuple):
    """An incident as it stands, with all its versions, the first first."""

    id: int
    versions: tuple[Version, ...]
    students: tuple[Part, ...]
    adults: tuple[Adult, ...]
    outcome: str
    """What came of it, once it was closed."""
    open: bool

    @property
    def now(self) -> Account:
        """What it says as it stands."""
        return self.versions[-1].account

    @property
    def happened(self) -> datetime:
        """When it happened, as it stands."""
        return self.versions[-1].happened

    @property
    def first(self) -> Version:
        """What was said of it at first: its author is the incident's."""
        return self.versions[0]

    def locked(self, now: datetime, settings: Settings) -> bool:
        """Say whether its author may not correct it any more. Source: the domain notes, Incidents (24 hours)."""
        return locked_by_now(self.first.recorded, now, settings)

    def entered_late(self, settings: Settings) -> bool:
        """Say whether it was recorded over a day after it happened. Source: the domain notes, Incidents."""
        return self.first.recorded - self.happened > timedelta(hours=settings.incident_late_hours)


def locked_by_now(recorded: datetime, now: datetime, settings: Settings) -> bool:
    """Say whether what was first recorded then may not be corrected any more, only added to.

    Source: the domain notes, Incidents (24 hours).
    """
    return now >= recorded + timedelta(hours=settings.incident_lock_hours)


def checked(account: Account) -> Account:
    """Return an account with its words cleaned.

    Raises `NotUnderstood` for what is missing, too long, or not of a list.
    """

    def long(name: str) -> str:
        return check_length(getattr(account, name), name.replace("dees", "de-es"), LONGEST, lines=True)

    whole = account._replace(
        category=check_length(account.category, "category", 100),
        place=check_length(account.place, "place"),
        period=clean(account.period),
        behaviour=long("behaviour"),
        antecedent=long("antecedent"),
        consequence=long("consequence"),
        deescalation=long("deescalation"),
    )
    if not whole.category:
        raise NotUnderstood("An incident needs a category.", "Choose one: nothing was saved, what you typed stands.")
    if not whole.behaviour:
        raise NotUnderstood("Say what happened.", "A sentence is enough: who did what.")
    if not 1 <= whole.severity <= 5:
        raise NotUnderstood(f"{whole.severity} is not a severity.", "From 1, least, to 5.")
    if whole.kept_as and whole.kept_as not in KEPT_AS:
        raise NotUnderstood(f"“{whole.kept_as}” is no answer.", f"It can be: {', '.join(KEPT_AS)}.")
    return whole if whole.prevented else whole._replace(kept_as="")


def when_happened(tx: Tx, at: datetime | None, earliest: datetime | None = None) -> datetime:
    """Return when something happened: now unless given. Raises `Refused` for the future, and before `earliest`."""
    when = at or tx.now
    if when > tx.now:
        raise Refused("That time is still to come.", "Give the time when it happened.")
    if earliest is not None and when < earliest:
        raise Refused("It ends before it begins.", "Look at both times; nothing was saved.")
    return when


@act("record_incident", resting=RESTING)
def record_incident(
    tx: Tx,
    account: Account,
    students: Sequence[Part],
    adults: Sequence[Adult] = (),
    *,
    at: datetime | None = None,
) -> int:
    """Record what happened, with everybody who was there; returns the incident's id.

    `at` is when it happened, now unless given: an earlier day is no correction, it is marked *entered late*. Raises
    `NotUnderstood` for what is missing or not of a list, `Refused` for the future, `NotAllowed` for a student beyond
    the actor's reach.
    """
    said = checked(account)
    when = when_happened(tx, at)
    parts = check_parts(students)
    reach_any(tx, [one.student_id for one in parts])
    incident = tx.add("incident", happened=when)
    _add_version(tx, incident, said, when, "")
    for part in parts:
        tx.add("incident_student", incident_id=incident, happened=when, **part._asdict())
    for adult in check_adults(adults):
        tx.add("incident_adult", incident_id=incident, happened=when, **adult._asdict())
    return incident


@act(
    "amend_incident",
    resting=("amend_incident", "write_restrictive", "take_statement", "tell_of_incident", "agree_action"),
)
def amend_incident(
    tx: Tx,
    incident_id: int,
    account: Account,
    why: str,
    *,
    seen: int,
    at: datetime | None = None,
    students: Sequence[Part] | None = None,
    adults: Sequence[Adult] | None = None,
) -> int:
    """Say otherwise what happened, as its author, until it is locked; returns the new version's id.

    `seen` is the version that was looked at. `students` and `adults` are everybody who was there, where that changes.
    Raises `NotAllowed` for anybody but the author, `NeedsReason` without `why`, `Refused` once it is locked, and when
    somebody amended it meanwhile: who and when.
    """
    reach_incident(tx, incident_id)
    found = the_incident(tx.file, incident_id)
    if found.first.code.casefold() != tx.actor.code.casefold():
        raise NotAllowed("Only who recorded it may correct it.", "Add an addendum: it stands beside the record.")
    if found.locked(tx.now, settings_on(tx.file, tx.today)):
        raise Refused("This incident is locked: it was recorded too long ago.", "Add an addendum instead.")
    latest = found.versions[-1]
    if latest.id != seen:
        raise Refused(
            f"{latest.by} has amended it at {wall(latest.recorded, tx.file.zone)}.",
            "Look at it again; what you typed is kept.",
        )
    if not (reason := check_length(why, "reason")):
        raise NeedsReason("An amendment needs a reason.", "Say why: the first version stays in sight.")
    when = when_happened(tx, at or latest.happened)
    version = _add_version(tx, incident_id, checked(account), when, reason)
    if students is not None:
        _change(tx, "incident_student", incident_id, check_parts(students), found.students, reason, when)
    if adults is not None:
        _change(tx, "incident_adult", incident_id, check_adults(adults), found.adults, reason, when)
    return version


def _add_version(tx: Tx, incident_id: int, said: Account, when: datetime, why: str) -> int:
    return tx.add("incident_version", incident_id=incident_id, happened=when, why=why, **_stored(said))


def _stored(said: Account) -> dict[str, Any]:
    return {name: int(value) if isinstance(value, bool) else value for name, value in said._asdict().items()}


def _change(
    tx: Tx,
    table: str,
    incident_id: int,
    wanted: Sequence[Part] | Sequence[Adult],
    known: Sequence[Part] | Sequence[Adult],
    why: str,
    when: datetime,
) -> None:
    """Add who was not named before, and take back who was named and was not there."""
    if table == "incident_student":
        stay = [one.student_id for one in wanted if isinstance(one, Part)]
        join_incident(tx, stay)
        _check_left_out(tx, incident_id, {one.student_id for one in known if isinstance(one, Part)} - {*stay})
    for gone in (one for one in known if one not in wanted):
        # A student may stand in it twice, where two records of one became one.
        who = ("student_id",) if isinstance(gone, Part) else gone._fields
        condition = " AND ".join(f"{name} IS :{name}" for name in who)
        for (identity,) in tx.file.rows(
            f"SELECT id FROM {table} t WHERE incident_id = :incident AND {condition} AND {live(table, 't')}",
            {"incident": incident_id, **gone._asdict()},
        ):
            tx.retract(table, identity, why)
    for new in (one for one in wanted if one not in known):
        tx.add(table, incident_id=incident_id, happened=when, **new._asdict())


_HANGS = {
    "restrictive": "a record of force or seclusion",
    "statement": "a statement",
    "incident_told": "a word to home",
    "agreed_action": "an agreed action",
}
"""What of an incident is about one of its students, in words."""


def _check_left_out(tx: Tx, incident_id: int, students: Iterable[int]) -> None:
    """Raise `Refused` where somebody is left out of whom something of the incident speaks: it would stand alone."""
    for student in students:
        for table, words in _HANGS.items():
            if table == "restrictive" and not tx.may_also("see_restrictive"):
                words = "something that was recorded since"
            if tx.file.value(
                f"SELECT 1 FROM {table} t WHERE incident_id = ? AND student_id = ? AND {live(table, 't')}",
                (incident_id, student),
            ):
                raise Refused(f"There is {words} of a student whom you leave out.", "Name them as a witness instead.")


def check_parts(students: Sequence[Part]) -> tuple[Part, ...]:
    """Return the students, each once. Raises `NotUnderstood` for none, and for a role that is not of the list."""
    if not students:
        raise NotUnderstood("An incident needs a student.", "Name who was involved, or a target, or a witness.")
    for one in students:
        if one.role not in STUDENT_ROLES:
            raise NotUnderstood(
                f"“{one.role}” is not a part in an incident.", f"It can be: {', '.join(STUDENT_ROLES)}."
            )
    return tuple({one.student_id: one for one in reversed(students)}.values())[::-1]


def check_adults(adults: Sequence[Adult]) -> tuple[Adult, ...]:
    """Return the adults, each once. Raises `NotUnderstood` for one without a name, or a role not of the list."""
    made: dict[object, Adult] = {}
    for one in adults:
        name = "" if one.staff_id is not None else check_length(one.name, "name", 100)
        if one.staff_id is None and not name:
            raise NotUnderstood("An adult needs a name.", "Type a name, or choose somebody of the staff.")
        if one.role not in ADULT_ROLES:
            raise NotUnderstood(f"“{one.role}” is not a part in an incident.", f"It can be: {', '.join(ADULT_ROLES)}.")
        made[one.staff_id or name.casefold()] = Adult(one.staff_id, name, one.role)
    return tuple(made.values())


# Reads: what is so of everybody; `overview/incidents.py` asks first


def the_incident(file: File, incident_id: int) -> Incident:
    """Return an incident. Raises `NotUnderstood` when there is none, or it was taken back."""
    found = incidents_by_id(file, (incident_id,))
    if not found:
        raise NotUnderstood("There is no such incident.", "Look at the list again: it may have been undone.")
    return found[0]


def incidents_between(file: File, first: date, last: date) -> tuple[Incident, ...]:
    """Return the incidents that happened between two days, newest first."""
    found = file.rows(
        "SELECT DISTINCT incident_id FROM incident_version v WHERE day BETWEEN ? AND ?"
        f" AND {live('incident_version', 'v')}",
        (first.isoformat(), last.isoformat()),
    )
    return tuple(
        one
        for one in incidents_by_id(file, [identity for (identity,) in found])
        if first <= school_day(one.happened, file.zone) <= last
    )


def incidents_by_id(file: File, incidents: Iterable[int]) -> tuple[Incident, ...]:
    """Return some incidents, newest first; one that was taken back is left out."""
    wanted: dict[str, object] = {"ids": json.dumps(sorted(set(incidents)))}
    among = "IN (SELECT value FROM json_each(:ids))"
    names = ", ".join(f"v.{name}" for name in Account._fields)
    versions: dict[int, list[Version]] = {}
    for incident, identity, happened, recorded, code, forename, surname, why, *said in file.rows(
        "SELECT v.incident_id, v.id, v.happened, v.recorded, l.actor, coalesce(w.forename, ''),"
        f" coalesce(w.surname, l.actor), v.why, {names} FROM incident_version v"
        " JOIN incident i ON i.id = v.incident_id JOIN ledger l ON l.seq = v.seq LEFT JOIN staff w ON w.code = l.actor"
        f" WHERE v.incident_id {among} AND {live('incident', 'i')} AND {live('incident_version', 'v')} ORDER BY v.id",
        wanted,
    ):
        versions.setdefault(incident, []).append(
            Version(
                identity, _account(said), moment(happened), moment(recorded), short_name(forename, surname), code, why
            )
        )
    parts = _listed(file, "student_id, role", "incident_student", among, wanted)
    adults = _listed(file, "staff_id, name, role", "incident_adult", among, wanted)
    ends = _listed(file, "state, outcome", "incident_end", among, wanted)
    made = [
        Incident(
            identity,
            tuple(those),
            _each_once(Part(*one) for one in parts.get(identity, ())),
            tuple(Adult(*one) for one in adults.get(identity, ())),
            next((outcome for state, outcome in reversed(ends.get(identity, ())) if state == "closed"), ""),
            not ends.get(identity) or ends[identity][-1][0] != "closed",
        )
        for identity, those in versions.items()
    ]
    return tuple(sorted(made, key=lambda one: (one.happened, one.id), reverse=True))


def _each_once(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return each student once: where two records of one became one, by the part that asks for more."""
    made: dict[int, Part] = {}
    for one in parts:
        known = made.get(one.student_id, one)
        made[one.student_id] = min(known, one, key=lambda each: STUDENT_ROLES.index(each.role))
    return tuple(made.values())


_BOOLS = frozenset({"force", "prevented", "injury", "damage", "searched", "police"})


def _account(said: Sequence[Any]) -> Account:
    return Account._make(
        bool(value) if name in _BOOLS else value for name, value in zip(Account._fields, said, strict=True)
    )


def _listed(
    file: File, columns: str, table: str, among: str, wanted: dict[str, object]
) -> dict[int, list[tuple[Any, ...]]]:
    """Return what hangs on some incidents in a table, in the order it was written."""
    made: dict[int, list[tuple[Any, ...]]] = {}
    for incident, *values in file.rows(
        f"SELECT incident_id, {columns} FROM {table} t WHERE incident_id {among} AND {live(table, 't')} ORDER BY id",
        wanted,
    ):
        made.setdefault(incident, []).append(tuple(values))
    return made
