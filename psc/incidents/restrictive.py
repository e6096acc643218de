"""Restrictive records: force or seclusion, on whom, by whom, how long, what led up to it and how it ended.

The law asks for one the same day (from 1 April 2026). It hangs on an incident, which says whether somebody was secluded
or kept as a sanction: that is asked there and inferred nowhere. One record is one use of force or one seclusion. Its
author may correct it until it is locked or signed off; after that there are only addenda. Source: the domain notes,
section Incidents.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from psc.clock import moment, stamp, wall
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.desk.people import short_name
from psc.desk.settings import settings_on
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, Refused
from psc.incidents.incidents import locked_by_now, when_happened
from psc.incidents.reach import check_incident, is_own, students_of
from psc.incidents.restriction import Hand, Restriction, checked
from psc.text import check_length

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psc.database.file import File
    from psc.desk.settings import Settings


class Said(NamedTuple):
    """What was said of it at one time: `why` is empty for the first."""

    id: int
    restriction: Restriction
    recorded: datetime
    by: str
    code: str
    why: str


class ParentTold(NamedTuple):
    """A parent told, or tried to be told; or not told, because it would likely do significant harm: then whom instead.

    `authority` is who of the local authority was told. `outcome` is "" for a parent from whom it was withheld.
    """

    contact: str
    how: str
    outcome: str
    note: str
    withheld: str
    authority: str
    happened: datetime
    by: str

    @property
    def ends(self) -> bool:
        """Whether it ends the clock: told, or withheld and the local authority told."""
        return self.outcome == "told" or bool(self.withheld)


class Review(NamedTuple):
    """A record looked at by somebody who had no hand in it: `reviewed` or `signed off`."""

    kind: str
    text: str
    recorded: datetime
    by: str


class Restrictive(NamedTuple):
    """A record as it stands, with all its versions, the first first, and what was done about it since."""

    id: int
    incident_id: int
    student_id: int
    versions: tuple[Said, ...]
    told: tuple[ParentTold, ...] = ()
    reviews: tuple[Review, ...] = ()

    @property
    def now(self) -> Restriction:
        """What it says as it stands."""
        return self.versions[-1].restriction

    @property
    def first(self) -> Said:
        """What was said at first: its author is the record's."""
        return self.versions[0]

    @property
    def review(self) -> Review | None:
        """The review of what it says now: a correction since needs a new one."""
        latest = self.versions[-1].recorded
        return next((one for one in reversed(self.reviews) if one.kind == "reviewed" and one.recorded >= latest), None)

    @property
    def sign_off(self) -> Review | None:
        """Who signed it off, once somebody has."""
        return next((one for one in self.reviews if one.kind == "signed off"), None)

    def locked(self, now: datetime, settings: Settings) -> bool:
        """Say whether its author may not correct it any more."""
        late = locked_by_now(self.first.recorded, now, settings)
        return late or self.sign_off is not None


@act(
    "write_restrictive",
    resting=("amend_restrictive", "tell_of_restrictive", "review_restrictive", "sign_off_restrictive", "add_addendum"),
)
def write_restrictive(tx: Tx, incident_id: int, student_id: int, said: Restriction, *, override: str = "") -> int:
    """Write the record of one use of force, or one seclusion, of a student of an incident; returns its id.

    It is for who recorded the incident or was there. Raises `NeedsReason` where the student has a record of this
    incident that says the same time: a second is for a second use. Raises `NotUnderstood` for a student who is not in
    the incident and for what is missing, `Refused` for the future and for an end before its start.
    """
    whole = checked(said)
    if student_id not in check_incident(tx, incident_id):
        raise NotUnderstood("That student is not in this incident.", "Name one of its students.")
    tx.touch(student_id)
    when_happened(tx, whole.ends)
    why = check_length(override, "reason")
    for one in restrictive_of(tx.file, (incident_id,)):
        meets = one.now.starts <= whole.ends and whole.starts <= one.now.ends
        if one.student_id == student_id and meets and not why:
            raise NeedsReason(
                f"{one.first.by} has written a record of this time at {wall(one.first.recorded, tx.file.zone)}.",
                "Two of one use would count twice: say why there are two.",
            )
    if why:
        tx.said.update(override=why)
    record = tx.add("restrictive", incident_id=incident_id, student_id=student_id, happened=whole.starts)
    _add_version(tx, record, whole, "")
    return record


@act("amend_restrictive", resting=("amend_restrictive", "review_restrictive", "sign_off_restrictive"))
def amend_restrictive(tx: Tx, restrictive_id: int, said: Restriction, why: str, *, seen: int) -> int:
    """Say a record of force otherwise, as its author, until it is locked or signed off; returns the new version's id.

    `seen` is the version that was looked at. Raises `NotAllowed` for anybody but the author, `NeedsReason` without
    `why`, `Refused` once it is locked, and when somebody amended it meanwhile: who and when.
    """
    found = reach_restrictive(tx, restrictive_id)
    if found.first.code.casefold() != tx.actor.code.casefold():
        raise NotAllowed("Only who wrote it may correct it.", "Add an addendum: it stands beside the record.")
    if found.sign_off is not None:
        raise Refused(f"It is signed off by {found.sign_off.by}.", "Add an addendum instead.")
    if found.locked(tx.now, settings_on(tx.file, tx.today)):
        raise Refused("This record is locked: it was written too long ago.", "Add an addendum instead.")
    check_seen(tx, found, seen)
    if not (reason := check_length(why, "reason")):
        raise NeedsReason("An amendment needs a reason.", "Say why: the first version stays in sight.")
    whole = checked(said)
    when_happened(tx, whole.ends)
    return _add_version(tx, restrictive_id, whole, reason)


def check_seen(tx: Tx, found: Restrictive, seen: int) -> None:
    """Raise `Refused` when a record says something else by now than when it was looked at."""
    latest = found.versions[-1]
    if latest.id != seen:
        raise Refused(
            f"{latest.by} has amended it at {wall(latest.recorded, tx.file.zone)}.",
            "Look at it again; what you typed is kept.",
        )


def reach_restrictive(tx: Tx, restrictive_id: int) -> Restrictive:
    """Return a record that the act is about, with its student named. Of an incident only this student is touched.

    Raises `NotUnderstood` when there is none, `NotAllowed` when the actor reaches neither the student nor, as one who
    was there, the incident.
    """
    found = the_restrictive(tx.file, restrictive_id)
    barred = tx.actor.barred & {*students_of(tx.file, found.incident_id)}
    if is_own(tx.file, found.incident_id, tx.actor) and not barred:
        tx.touch(found.student_id)
    else:
        check_incident(tx, found.incident_id)
        tx.reach(found.student_id)
    return found


def _add_version(tx: Tx, record: int, said: Restriction, why: str) -> int:
    stored: dict[str, Any] = {
        **said._asdict(),
        "starts": stamp(said.starts),
        "ends": stamp(said.ends),
        "staff": json.dumps([one._asdict() for one in said.staff], ensure_ascii=False),
    }
    return tx.add("restrictive_version", restrictive_id=record, happened=said.starts, why=why, **stored)


# Reads: what is so of everybody; `overview/restrictive.py` asks first


def the_restrictive(file: File, restrictive_id: int) -> Restrictive:
    """Return a record. Raises `NotUnderstood` when there is none, or it was taken back."""
    found = _records(file, "t.id = :id", {"id": restrictive_id})
    if not found:
        raise NotUnderstood("There is no such record.", "Look at the incident again: it may have been undone.")
    return found[0]


def restrictive_of(file: File, incidents: Iterable[int]) -> tuple[Restrictive, ...]:
    """Return the records of some incidents, in order of happening."""
    return _records(
        file, "t.incident_id IN (SELECT value FROM json_each(:ids))", {"ids": json.dumps(sorted(set(incidents)))}
    )


def restrictive_of_student(file: File, student_id: int) -> tuple[Restrictive, ...]:
    """Return the records about a student, in order of happening."""
    return _records(file, "t.student_id = :student", {"student": student_id})


def restrictive_between(file: File, first: str, last: str) -> tuple[Restrictive, ...]:
    """Return the records of what began between two days, as the file writes days, in order of happening."""
    found = _records(
        file,
        "EXISTS (SELECT 1 FROM restrictive_version v WHERE v.restrictive_id = t.id AND v.day BETWEEN :first AND :last)",
        {"first": first, "last": last},
    )
    zone = file.zone
    return tuple(one for one in found if first <= one.now.starts.astimezone(zone).date().isoformat() <= last)


def _records(file: File, condition: str, params: dict[str, object]) -> tuple[Restrictive, ...]:
    made = {
        identity: Restrictive(identity, incident, student, ())
        for identity, incident, student in file.rows(
            f"SELECT id, incident_id, student_id FROM restrictive t WHERE {condition} AND {live('restrictive', 't')}",
            params,
        )
    }
    if not made:
        return ()
    among = {"ids": json.dumps(sorted(made))}
    for record, *row in _hanging(file, "restrictive_version", ", ".join(f"t.{one}" for one in _STORED), among):
        made[record] = _with_version(made[record], row)
    for record, kind, text, recorded, _, forename, surname in _hanging(
        file, "restrictive_review", "t.kind, t.text", among
    ):
        review = Review(kind, text, moment(recorded), short_name(forename, surname))
        made[record] = made[record]._replace(reviews=(*made[record].reviews, review))
    told = (
        "t.contact, coalesce(h.how, ''), coalesce(h.outcome, ''), coalesce(h.note, ''), t.withheld, t.authority,"
        " coalesce(h.happened, t.happened)"  # the word to home may have been given another time since
    )
    contacts = "LEFT JOIN home_contact h ON h.id = t.home_contact_id"
    for record, *words, at, _, _, forename, surname in _hanging(
        file, "restrictive_told", told, among, contacts, "coalesce(h.happened, t.happened), t.id"
    ):
        parent = ParentTold._make((*words, moment(at), short_name(forename, surname)))
        made[record] = made[record]._replace(told=(*made[record].told, parent))
    return tuple(sorted(made.values(), key=lambda one: (one.now.starts, one.id)))


_STORED = ("id", *Restriction._fields, "why")


def _hanging(
    file: File, table: str, columns: str, among: dict[str, Any], join: str = "", order: str = "t.id"
) -> Iterable[tuple[Any, ...]]:
    """Return what hangs on some records: which, the columns, when it was recorded, and by whom (code, both names)."""
    return file.rows(
        f"SELECT t.restrictive_id, {columns}, t.recorded, l.actor, coalesce(w.forename, ''),"
        f" coalesce(w.surname, l.actor) FROM {table} t JOIN ledger l ON l.seq = t.seq"
        f" LEFT JOIN staff w ON w.code = l.actor {join}"
        f" WHERE t.restrictive_id IN (SELECT value FROM json_each(:ids)) AND {live(table, 't')} ORDER BY {order}",
        among,
    )


def _with_version(record: Restrictive, row: Sequence[Any]) -> Restrictive:
    identity, *said, why, recorded, code, forename, surname = row
    values = dict(zip(Restriction._fields, said, strict=True))
    values["starts"], values["ends"] = moment(values["starts"]), moment(values["ends"])
    values["staff"] = tuple(Hand(one["staff_id"], one["name"], one["role"]) for one in json.loads(values["staff"]))
    made = Said(identity, Restriction(**values), moment(recorded), short_name(forename, surname), code, why)
    return record._replace(versions=(*record.versions, made))
