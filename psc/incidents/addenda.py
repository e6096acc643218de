"""Addenda: what is said of a record after it was written, beside it and never in its place.

Whoever may see a record may add to it, in their own name, after it is locked too. Source: the domain notes, Incidents.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from psc.clock import moment
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.desk.people import short_name
from psc.desk.permissions import Scope, reached, scope_of
from psc.errors import NotAllowed, NotUnderstood
from psc.incidents.incidents import LONGEST
from psc.incidents.reach import incidents_for, students_of
from psc.incidents.statements import statements_for
from psc.text import check_length

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psc.database.file import File

Noun = Literal["incident", "statement", "restrictive", "note"]
NOUNS = ("incident", "statement", "restrictive", "note")
"""What addenda are added to."""

_SEEN_BY = {"incident": "see_incidents", "statement": "see_statements", "restrictive": "see_restrictive"}
_WORDS = {"restrictive": "record"}


class Addendum(NamedTuple):
    """Something added to a record, by whom and when it was written."""

    id: int
    text: str
    recorded: datetime
    by: str


@act("add_addendum", resting=())
def add_addendum(tx: Tx, kind: Noun, id: int, text: str) -> int:
    """Add a text to an incident, a statement, a restrictive record or a note; returns the addendum's id.

    Raises `NotAllowed` for a record that the actor may not see, `NotUnderstood` for no text, one that is too long, and
    a record that is not there.
    """
    if kind not in NOUNS:
        raise NotUnderstood(f"Nothing is added to a “{kind}”.", f"It can be: {', '.join(NOUNS)}.")
    said = check_length(text, "addendum", LONGEST, lines=True)
    if not said:
        raise NotUnderstood("An addendum needs a text.", "Say what is to be added.")
    if tx.file.value(f"SELECT 1 FROM {kind} t WHERE id = ? AND {live(kind, 't')}", (id,)) is None:
        raise NotUnderstood(
            f"There is no such {_WORDS.get(kind, kind)}.", "Look at the list again: it may have been undone."
        )
    if kind == "note":
        _reach_note(tx, id)
    else:
        _reach_record(tx, kind, id)
    values: dict[str, Any] = {f"{kind}_id": id, "text": said}
    return tx.add(f"{kind}_addendum", **values)


def _reach_record(tx: Tx, kind: Noun, identity: int) -> None:
    """Name the students of an incident, or of what hangs on one. Whoever took a statement reaches that one."""
    incident = (
        identity if kind == "incident" else tx.file.value(f"SELECT incident_id FROM {kind} WHERE id = ?", (identity,))
    )
    students = students_of(tx.file, incident)
    # What others said of an incident is not theirs to add to who only recorded it.
    table, reach = ("statement", statements_for) if kind == "statement" else ("incident", incidents_for)
    condition, params = reach(_SEEN_BY[kind], tx.actor, tx.today.isoformat())
    wanted = {**params, "wanted": identity if kind == "statement" else incident}
    seen = tx.file.value(f"SELECT 1 FROM {table} WHERE id = :wanted AND {condition}", wanted)
    if seen is None and (tx.actor.barred & {*students} or kind == "incident" or not _wrote(tx, kind, identity)):
        raise NotAllowed("This record is outside what your role may see.", f"You reach {tx.scope.value}.")
    for student in students:
        tx.touch(student)


def _reach_note(tx: Tx, note_id: int) -> None:
    """Name the student of a note, where the actor may see that note.

    To a restricted note only who may write one adds.
    """
    student = tx.file.value("SELECT student_id FROM note WHERE id = ?", (note_id,))
    visibility = tx.file.value(
        f"SELECT visibility FROM note_version v WHERE note_id = ? AND {live('note_version', 'v')} ORDER BY id DESC",
        (note_id,),
    )
    mine = student not in tx.actor.barred and _wrote(tx, "note", note_id)
    today = tx.today.isoformat()
    if visibility == "restricted":
        seen = bool(reached(tx.file, "write_restricted_note", tx.actor, today, (student,)))
    else:
        small = scope_of("see_notes", tx.actor) in (Scope.OWN, Scope.OWN_AND_TODAY)
        shown = bool(reached(tx.file, "see_notes", tx.actor, today, (student,)))
        seen = mine or (shown and not (visibility == "year team" and small))
    if not seen:
        raise NotAllowed("This note is outside what your role may see.", "Write a note of your own.")
    tx.touch(student)


def _wrote(tx: Tx, table: str, identity: int) -> bool:
    found = tx.file.value(
        f"SELECT 1 FROM {table} t JOIN ledger l ON l.seq = t.seq WHERE t.id = ? AND l.actor = ?",
        (identity, tx.actor.code),
    )
    return found is not None


def addenda_of(file: File, kind: Noun, ids: Iterable[int]) -> dict[int, tuple[Addendum, ...]]:
    """Return what was added to some records of a kind, by the record's id, the first first."""
    made: dict[int, tuple[Addendum, ...]] = {}
    for identity, addendum, text, recorded, forename, surname in file.rows(
        f"SELECT t.{kind}_id, t.id, t.text, t.recorded, coalesce(w.forename, ''), coalesce(w.surname, l.actor)"
        f" FROM {kind}_addendum t JOIN ledger l ON l.seq = t.seq LEFT JOIN staff w ON w.code = l.actor"
        f" WHERE t.{kind}_id IN (SELECT value FROM json_each(?)) AND {live(f'{kind}_addendum', 't')} ORDER BY t.id",
        (json.dumps(sorted(set(ids))),),
    ):
        made[identity] = (
            *made.get(identity, ()),
            Addendum(addendum, text, moment(recorded), short_name(forename, surname)),
        )
    return made
