"""Statements: what somebody said of an incident, in their own words, page by page.

Whoever took a statement may correct how it was written down until it is locked, each version after the first says why,
and all stay; after that there are only addenda. Where two statements do not agree, an investigator notes it: neither is
changed for it. Source: the domain notes, section Incidents.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from psc.clock import moment, stamp, wall
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.desk.people import short_name, who_is
from psc.desk.permissions import Scope, scope_of
from psc.desk.settings import settings_on
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, Refused
from psc.incidents.incidents import LONGEST, locked_by_now, the_incident
from psc.incidents.reach import barred_from_none, incidents_within, join_incident, reach_incident, students_of
from psc.text import check_length, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.desk.settings import Settings
    from psc.incidents.incidents import Incident

STUDENT_SAYS = ("involved", "target", "witness")
"""What a student whose statement it is can have been."""
ADULT_SAYS = ("involved", "hurt", "witness")
"""The same of an adult."""
MOST_PAGES = 40
"""Pages of one statement; each holds as much as any account (`incidents.LONGEST`)."""


class Whose(NamedTuple):
    """Whose words they are: a student's, a member of staff's, or those of somebody whose name was typed."""

    student_id: int | None = None
    staff_id: int | None = None
    name: str = ""
    role: str = "witness"


class Taken(NamedTuple):
    """What one version of a statement holds: the words, and how they were taken."""

    pages: tuple[str, ...]
    starts: datetime
    ends: datetime
    taken_by: str = ""
    """Who took it, by name: whoever types it, unless said otherwise."""
    place: str = ""
    scribed: bool = False
    """Somebody else wrote it down."""
    read_back: bool = False
    """It was read back to whoever made it."""
    support: str = ""
    """Who was there for their support; "" for nobody."""


class StatementVersion(NamedTuple):
    """What was written of a statement at one time: `why` is empty for the first."""

    id: int
    taken: Taken
    recorded: datetime
    by: str
    code: str
    why: str


class Statement(NamedTuple):
    """A statement with all its versions, the first first."""

    id: int
    incident_id: int
    whose: Whose
    versions: tuple[StatementVersion, ...]

    @property
    def now(self) -> Taken:
        """What it holds as it stands."""
        return self.versions[-1].taken

    @property
    def first(self) -> StatementVersion:
        """What was written at first: its author is the statement's."""
        return self.versions[0]

    def locked(self, now: datetime, settings: Settings) -> bool:
        """Say whether its author may not correct it any more. Source: the domain notes, Incidents (24 hours)."""
        return locked_by_now(self.first.recorded, now, settings)


class Conflict(NamedTuple):
    """Where a statement does not agree with another, or with something else (`other_id` is None then)."""

    id: int
    statement_id: int
    other_id: int | None
    what: str
    recorded: datetime
    by: str


def checked_taken(taken: Taken, now: datetime) -> Taken:
    """Return a statement with its words cleaned and its empty pages left out.

    Raises `NotUnderstood` for one without words and for what is too long, `Refused` for the future and for an end
    before the beginning.
    """
    pages = tuple(
        words
        for number, page in enumerate(taken.pages, 1)
        if (words := check_length(page, f"page {number}", LONGEST, lines=True))
    )
    if not pages:
        raise NotUnderstood("A statement needs words.", "Write down what was said, in their own words.")
    if len(pages) > MOST_PAGES:
        raise NotUnderstood(f"A statement has at most {MOST_PAGES} pages.", "Put two pages on one.")
    if taken.starts > now or taken.ends > now:
        raise Refused("That time is still to come.", "Give the times when it was taken.")
    if taken.ends < taken.starts:
        raise Refused("It ends before it begins.", "Look at both times; nothing was saved.")
    return taken._replace(
        pages=pages,
        place=check_length(taken.place, "place"),
        support=check_length(taken.support, "name of who was there for support"),
        taken_by=check_length(taken.taken_by, "name of who took it", 100),
    )


@act(
    "take_statement",
    resting=(
        "amend_statement",
        "add_addendum",
        "note_conflict",
        "amend_incident",
        "write_restrictive",
        "tell_of_incident",
        "agree_action",
    ),
)
def take_statement(tx: Tx, incident_id: int, whose: Whose, taken: Taken) -> int:
    """Keep what somebody said of an incident; returns the statement's id.

    Whoever said it and was not named in the incident is named there from now on, in the role of the statement. Raises
    what `checked_taken` does, `NotUnderstood` for a role that is not of the list, `NotAllowed` beyond reach.
    """
    reach_incident(tx, incident_id)
    said = _by_somebody(tx, checked_taken(taken, tx.now))
    who = _whose(tx, the_incident(tx.file, incident_id), whose)
    identity = tx.add("statement", incident_id=incident_id, happened=said.starts, **who._asdict())
    _add_version(tx, identity, said, "")
    return identity


@act("amend_statement", resting=("amend_statement",))
def amend_statement(tx: Tx, statement_id: int, taken: Taken, why: str, *, seen: int) -> int:
    """Write a statement otherwise, as whoever took it, until it is locked; returns the new version's id.

    `seen` is the version that was looked at. Raises `NotAllowed` for anybody else, `NeedsReason` without `why`,
    `Refused` once it is locked, and when it was amended meanwhile; and what `checked_taken` does.
    """
    found = reach_statement(tx, statement_id)
    if found.first.code.casefold() != tx.actor.code.casefold():
        raise NotAllowed("Only who took it may correct it.", "Add an addendum: it stands beside the statement.")
    if found.locked(tx.now, settings_on(tx.file, tx.today)):
        raise Refused("This statement is locked: it was taken too long ago.", "Add an addendum instead.")
    latest = found.versions[-1]
    if latest.id != seen:
        raise Refused(
            f"{latest.by} has amended it at {wall(latest.recorded, tx.file.zone)}.",
            "Look at it again; what you typed is kept.",
        )
    said = _by_somebody(tx, checked_taken(taken, tx.now))
    if said == latest.taken:
        raise Refused("Nothing in it has changed.", "Change what is wrong, then save.")
    if not (reason := check_length(why, "reason")):
        raise NeedsReason("An amendment needs a reason.", "Say why: the first version stays in sight.")
    return _add_version(tx, statement_id, said, reason)


@act("note_conflict", resting=())
def note_conflict(tx: Tx, statement_id: int, what: str, *, other_id: int | None = None) -> int:
    """Note where a statement does not agree with another, or with what else is known; returns the note's id.

    Raises `NotUnderstood` without words and for a statement with itself, `NotAllowed` beyond the actor's reach.
    """
    reach_statement(tx, statement_id)
    if other_id is not None:
        reach_statement(tx, other_id)
    if other_id == statement_id:
        raise NotUnderstood("That is the same statement.", "Choose another one.")
    words = check_length(what, "conflict", LONGEST, lines=True)
    if not words:
        raise NotUnderstood("Say what does not agree.", "A sentence is enough.")
    return tx.add("statement_conflict", statement_id=statement_id, other_id=other_id, what=words)


def reach_statement(tx: Tx, statement_id: int) -> Statement:
    """Name the students of a statement's incident, and return the statement.

    Raises `NotUnderstood` when there is none, `NotAllowed` when the actor does not reach it.
    """
    found = the_statement(tx.file, statement_id)
    condition, params = _within(tx.scope, tx.actor, tx.today.isoformat())
    wanted = {**params, "wanted": statement_id}
    if not tx.file.value(f"SELECT 1 FROM statement WHERE id = :wanted AND {condition}", wanted):
        raise NotAllowed("This statement is outside what your role may change.", f"You reach {tx.scope.value}.")
    for student in students_of(tx.file, found.incident_id):
        tx.touch(student)
    return found


def _by_somebody(tx: Tx, said: Taken) -> Taken:
    """Name who took it: whoever is at the desk, unless somebody else is named; a staff code is their name."""
    by = said.taken_by
    return said._replace(taken_by=who_is(tx.file, by).name if by else tx.actor.short)


def _whose(tx: Tx, incident: Incident, whose: Whose) -> Whose:
    """Return whose words they are, named in the incident from now on. Raises `NotUnderstood`, `NotAllowed`."""
    name = "" if whose.student_id or whose.staff_id else check_length(whose.name, "name", 100)
    roles = STUDENT_SAYS if whose.student_id else ADULT_SAYS
    if whose.role not in roles:
        raise NotUnderstood(f"“{whose.role}” is not a part in an incident.", f"It can be: {', '.join(roles)}.")
    if whose.student_id:
        if whose.student_id not in {one.student_id for one in incident.students}:
            join_incident(tx, (whose.student_id,))
            tx.add("incident_student", incident_id=incident.id, student_id=whose.student_id, role=whose.role,
                   happened=incident.happened)  # fmt: skip
        return Whose(student_id=whose.student_id, role=whose.role)
    if not whose.staff_id and not name:
        raise NotUnderstood("Say whose statement it is.", "Choose somebody, or type a name.")
    if whose.staff_id and tx.file.value("SELECT 1 FROM staff WHERE id = ?", (whose.staff_id,)) is None:
        raise NotUnderstood("There is no such member of staff.", "Choose somebody of the list.")
    if not any(
        one.staff_id == whose.staff_id if whose.staff_id else one.staff_id is None and fold(one.name) == fold(name)
        for one in incident.adults
    ):
        tx.add("incident_adult", incident_id=incident.id, staff_id=whose.staff_id, name=name, role=whose.role,
               happened=incident.happened)  # fmt: skip
    return Whose(staff_id=whose.staff_id, name=name, role=whose.role)


def _add_version(tx: Tx, statement_id: int, said: Taken, why: str) -> int:
    stored = {**said._asdict(), "pages": json.dumps(said.pages, ensure_ascii=False)}
    stored |= {"starts": stamp(said.starts), "ends": stamp(said.ends)}
    stored |= {"scribed": int(said.scribed), "read_back": int(said.read_back)}
    return tx.add("statement_version", statement_id=statement_id, happened=said.starts, why=why, **stored)


# Who may see one


def statements_for(name: str, staff: Staff, day: str) -> tuple[str, dict[str, object]]:
    """Return a condition on `statement.id` that holds for the statements that the act or read `name` reaches.

    Where the scope is *own*, these are what somebody took themselves and what they said themselves: being there at an
    incident shows nobody what others said of it. Raises `NotAllowed` for who may not use it at all.
    """
    return _within(scope_of(name, staff), staff, day)


def _within(scope: Scope, staff: Staff, day: str) -> tuple[str, dict[str, object]]:
    if scope is Scope.OWN:
        own = (
            "(statement.staff_id = :own_id OR EXISTS"
            " (SELECT 1 FROM ledger took WHERE took.seq = statement.seq AND took.actor = :own_code))"
        )
        condition, params = barred_from_none(staff), {"own_id": staff.id, "own_code": staff.code}
    else:
        own, (condition, params) = "1", incidents_within(scope, staff, day)
    return (
        f"({own} AND EXISTS (SELECT 1 FROM incident WHERE incident.id = statement.incident_id AND {condition}))",
        params,
    )


# Reads: what is so of everybody; `overview/investigations.py` asks first


def the_statement(file: File, statement_id: int) -> Statement:
    """Return a statement. Raises `NotUnderstood` when there is none, or it was taken back."""
    found = _read(file, "s.id", (statement_id,))
    if not found:
        raise NotUnderstood("There is no such statement.", "Look at the incident again: it may have been undone.")
    return found[0]


def statements_of(file: File, incidents: Iterable[int]) -> Mapping[int, tuple[Statement, ...]]:
    """Return the statements of some incidents, by incident, in the order in which they were begun."""
    made: dict[int, tuple[Statement, ...]] = {}
    for one in sorted(_read(file, "s.incident_id", incidents), key=lambda each: (each.now.starts, each.id)):
        made[one.incident_id] = (*made.get(one.incident_id, ()), one)
    return made


def conflicts_of(file: File, statements: Iterable[int]) -> tuple[Conflict, ...]:
    """Return what was noted of some statements that does not agree, as the one or as the other, oldest first."""
    wanted = json.dumps(sorted(set(statements)))
    return tuple(
        Conflict(identity, one, other, what, moment(recorded), short_name(forename, surname))
        for identity, one, other, what, recorded, forename, surname in file.rows(
            "SELECT c.id, c.statement_id, c.other_id, c.what, c.recorded, coalesce(w.forename, ''),"
            " coalesce(w.surname, l.actor) FROM statement_conflict c JOIN ledger l ON l.seq = c.seq"
            " LEFT JOIN staff w ON w.code = l.actor WHERE (c.statement_id IN (SELECT value FROM json_each(:ids))"
            f" OR c.other_id IN (SELECT value FROM json_each(:ids))) AND {live('statement_conflict', 'c')}"
            " ORDER BY c.recorded, c.id",
            {"ids": wanted},
        )
    )


_FIELDS = ("pages", "starts", "ends", "taken_by", "place", "scribed", "read_back", "support")


def _read(file: File, column: str, wanted: Iterable[int]) -> tuple[Statement, ...]:
    """Return the statements that stand whose `column` is among some ids, each with all its versions."""
    made: dict[int, Statement] = {}
    for row in file.rows(
        "SELECT s.id, s.incident_id, s.student_id, s.staff_id, s.name, s.role, v.id, v.recorded, l.actor,"
        f" coalesce(w.forename, ''), coalesce(w.surname, l.actor), v.why, {', '.join(f'v.{one}' for one in _FIELDS)}"
        " FROM statement s JOIN statement_version v ON v.statement_id = s.id JOIN ledger l ON l.seq = v.seq"
        f" LEFT JOIN staff w ON w.code = l.actor WHERE {column} IN (SELECT value FROM json_each(?))"
        f" AND {live('statement', 's')} AND {live('statement_version', 'v')} ORDER BY s.id, v.id",
        (json.dumps(sorted(set(wanted))),),
    ):
        identity, incident, *whose = row[:6]
        version, recorded, code, forename, surname, why = row[6:12]
        known = made.get(identity, Statement(identity, incident, Whose(*whose), ()))
        made[identity] = known._replace(
            versions=(
                *known.versions,
                StatementVersion(version, _taken(row[12:]), moment(recorded), short_name(forename, surname), code, why),
            )
        )
    return tuple(made.values())


def _taken(row: Sequence[Any]) -> Taken:
    pages, starts, ends, by, place, scribed, read_back, support = row
    return Taken(
        tuple(str(page) for page in json.loads(pages)), moment(starts), moment(ends), by, place,
        bool(scribed), bool(read_back), support,
    )  # fmt: skip
