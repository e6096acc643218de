"""Notes: what somebody wrote of one student, of which kind, and who may see it.

A note has versions as an incident has: its author may correct it until it is locked, each version after the first says
why, and all stay. Whoever sees the latest version sees those before it. Source: the domain notes, Incidents.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from psc.clock import moment, wall
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.desk.people import Role, short_name
from psc.desk.permissions import Scope, may, scope_of, students_for
from psc.desk.settings import settings_on
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, Refused
from psc.incidents.incidents import LONGEST, locked_by_now, when_happened
from psc.text import check_length

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.desk.settings import Settings

KINDS = ("pastoral", "contact with home", "listening support", "home visit", "medication given", "reward")
VISIBILITIES = ("room", "year team", "restricted")
"""Who may see a note, besides its author: whoever sees the student's notes; the same but for assistants and cover; the
safeguarding lead and the behaviour lead alone."""
RESTRICTED = "restricted"
_DOOR = (Role.ASSISTANT, Role.COVER)


class NoteVersion(NamedTuple):
    """What a note said at one time: `why` is empty for the first."""

    id: int
    kind: str
    visibility: str
    text: str
    happened: datetime
    recorded: datetime
    by: str
    code: str
    why: str


class Note(NamedTuple):
    """A note as it stands, with all its versions, the first first."""

    id: int
    student_id: int
    versions: tuple[NoteVersion, ...]

    @property
    def now(self) -> NoteVersion:
        """What it says as it stands."""
        return self.versions[-1]

    @property
    def first(self) -> NoteVersion:
        """What it said at first: its author is the note's."""
        return self.versions[0]

    def locked(self, now: datetime, settings: Settings) -> bool:
        """Say whether its author may not correct it any more: notes are locked as incidents are."""
        return locked_by_now(self.first.recorded, now, settings)


@act("write_note", resting=("amend_note", "add_addendum"))
def write_note(
    tx: Tx, student_id: int, text: str, kind: str = "pastoral", visibility: str = "room", *, at: datetime | None = None
) -> int:
    """Write a note of a student; returns its id. `at` is when what it tells of happened, now unless given.

    Raises `NotUnderstood` for no text, too long a one, and a kind or visibility not of the list; `Refused` for the
    future; `NotAllowed` for a student beyond the actor's reach, and for a restricted note: that is an act of its own.
    """
    if visibility == RESTRICTED:
        raise NotAllowed("A restricted note is the safeguarding lead's.", "Choose who else may see it.")
    return _write(tx, student_id, text, kind, visibility, at)


@act("write_restricted_note", resting=("amend_note", "add_addendum"))
def write_restricted_note(
    tx: Tx, student_id: int, text: str, kind: str = "pastoral", *, at: datetime | None = None
) -> int:
    """Write a note that the safeguarding lead and the behaviour lead alone see; returns its id. See `write_note`."""
    return _write(tx, student_id, text, kind, RESTRICTED, at)


@act("amend_note", resting=("amend_note", "add_addendum"))
def amend_note(
    tx: Tx,
    note_id: int,
    text: str,
    why: str,
    *,
    seen: int,
    kind: str | None = None,
    visibility: str | None = None,
    at: datetime | None = None,
) -> int:
    """Say a note otherwise, as its author, until it is locked; returns the new version's id.

    `seen` is the version that was looked at. Raises `NotAllowed` for anybody but the author, `NeedsReason` without
    `why`, `Refused` once it is locked, when somebody amended it meanwhile, and for opening a restricted note to others.
    """
    found = the_note(tx.file, note_id)
    if found.student_id in tx.actor.barred or found.first.code.casefold() != tx.actor.code.casefold():
        raise NotAllowed("Only who wrote it may correct it.", "Add an addendum: it stands beside the note.")
    tx.touch(found.student_id)
    latest = found.now
    becomes = visibility or latest.visibility
    if latest.visibility == RESTRICTED != becomes:
        raise Refused("A restricted note stays restricted.", "Write another note for those who may know.")
    if becomes == RESTRICTED and not tx.may_also("write_restricted_note"):
        raise NotAllowed("A restricted note is the safeguarding lead's.", "Choose who else may see it.")
    if found.locked(tx.now, settings_on(tx.file, tx.today)):
        raise Refused("This note is locked: it was written too long ago.", "Add an addendum instead.")
    if latest.id != seen:
        raise Refused(
            f"{latest.by} has amended it at {wall(latest.recorded, tx.file.zone)}.",
            "Look at it again; what you typed is kept.",
        )
    if not (reason := check_length(why, "reason")):
        raise NeedsReason("An amendment needs a reason.", "Say why: the first version stays in sight.")
    return _add_version(tx, note_id, text, kind or latest.kind, becomes, reason, at or latest.happened)


def _write(tx: Tx, student_id: int, text: str, kind: str, visibility: str, at: datetime | None) -> int:
    tx.reach(student_id)
    when = when_happened(tx, at)
    note = tx.add("note", student_id=student_id, happened=when)
    _add_version(tx, note, text, kind, visibility, "", when)
    return note


def _add_version(tx: Tx, note_id: int, text: str, kind: str, visibility: str, why: str, at: datetime) -> int:
    said = check_length(text, "note", LONGEST, lines=True)
    if not said:
        raise NotUnderstood("A note needs a text.", "A sentence is enough.")
    for value, those, what in ((kind, KINDS, "kind of note"), (visibility, VISIBILITIES, "answer to who may see it")):
        if value not in those:
            raise NotUnderstood(f"“{value}” is no {what}.", f"It can be: {', '.join(those)}.")
    values: dict[str, Any] = {"kind": kind, "visibility": visibility, "text": said, "why": why}
    return tx.add("note_version", note_id=note_id, happened=when_happened(tx, at), **values)


# Who may see what. The conditions speak of `note`, and of its latest version as `v`.

LATEST = (
    "v.id = (SELECT max(latest.id) FROM note_version latest WHERE latest.note_id = note.id"
    f" AND {live('note_version', 'latest')})"
)
"""SQL: `v` is the version of `note` that stands."""


def notes_within(staff: Staff, day: str) -> tuple[str, dict[str, object]]:
    """Return the condition that somebody may know of a note: the student's, or their own, whoever else may see it.

    `day` is the school day, as the file writes it. Raises `NotAllowed` for who may see no notes at all.
    """
    condition, params = students_for("see_notes", staff, day)
    reached = f"note.student_id IN (SELECT student.id FROM student WHERE {condition})" if condition != "1" else "1"
    if scope_of("see_notes", staff) not in (Scope.OWN, Scope.OWN_AND_TODAY):
        return reached, params
    barred = json.dumps(sorted(staff.barred))
    mine = f"({_OWN} AND note.student_id NOT IN (SELECT value FROM json_each(:note_barred)))"
    return f"({reached} OR {mine})", {**params, **_own(staff), "note_barred": barred}


def notes_open_to(staff: Staff) -> tuple[str, dict[str, object]]:
    """Return the condition that the text of a note, of those they may know of, is for somebody to see."""
    parts = ["v.visibility = 'room'"]
    if staff.role in _DOOR:
        parts.append(f"(v.visibility = 'year team' AND {_OWN})")
    else:
        parts.append("v.visibility = 'year team'")
    if may("see_restricted_notes", staff):
        parts.append("v.visibility = 'restricted'")
    return f"({' OR '.join(parts)})", _own(staff) if staff.role in _DOOR else {}


_OWN = "EXISTS (SELECT 1 FROM ledger wrote WHERE wrote.seq = note.seq AND wrote.actor = :note_author)"


def _own(staff: Staff) -> dict[str, object]:
    return {"note_author": staff.code}


# Reads: what is so of everybody; `overview/notes.py` asks first


def the_note(file: File, note_id: int) -> Note:
    """Return a note. Raises `NotUnderstood` when there is none, or it was taken back."""
    found = notes_by_id(file, (note_id,))
    if not found:
        raise NotUnderstood("There is no such note.", "Look at the list again: it may have been undone.")
    return found[0]


def notes_by_id(file: File, notes: Iterable[int]) -> tuple[Note, ...]:
    """Return some notes, newest first; one that was taken back is left out."""
    versions: dict[tuple[int, int], list[NoteVersion]] = {}
    for note, student, identity, kind, visibility, text, happened, recorded, code, forename, surname, why in file.rows(
        "SELECT note.id, note.student_id, v.id, v.kind, v.visibility, v.text, v.happened, v.recorded, l.actor,"
        " coalesce(w.forename, ''), coalesce(w.surname, l.actor), v.why FROM note"
        " JOIN note_version v ON v.note_id = note.id JOIN ledger l ON l.seq = v.seq"
        " LEFT JOIN staff w ON w.code = l.actor WHERE note.id IN (SELECT value FROM json_each(?))"
        f" AND {live('note', 'note')} AND {live('note_version', 'v')} ORDER BY v.id",
        (json.dumps(sorted(set(notes))),),
    ):
        by = short_name(forename, surname)
        versions.setdefault((note, student), []).append(
            NoteVersion(identity, kind, visibility, text, moment(happened), moment(recorded), by, code, why)
        )
    made = [Note(note, student, tuple(those)) for (note, student), those in versions.items()]
    return tuple(sorted(made, key=lambda one: (one.now.happened, one.id), reverse=True))
