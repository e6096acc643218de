"""Notes as one reader may see them: the text of those that are theirs to read, and a mark where there is another.

Opening a restricted note is a look: it is in the ledger before a word of it is read.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal, NamedTuple

from psc.clock import moment, school_day
from psc.desk.facts import live
from psc.desk.permissions import may, reached, scope_of
from psc.desk.settings import settings_on
from psc.errors import NotAllowed
from psc.incidents.addenda import addenda_of
from psc.incidents.looks import open_restricted_note
from psc.incidents.notes import LATEST, RESTRICTED, notes_by_id, notes_open_to, notes_within, the_note
from psc.overview.board import NOT_SHOWN
from psc.school.students import students_by_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from psc.database.file import File
    from psc.desk.acts import Desk
    from psc.desk.people import Staff
    from psc.incidents.addenda import Addendum
    from psc.incidents.notes import Note

ASK = "restricted note: ask the safeguarding lead"
"""What stands for a note of which somebody may know only that there is one."""
OPENS = "restricted note: opening it is kept"
"""What stands for it in a list of somebody who may open it."""


class NoteLine(NamedTuple):
    """A note in a list. Of one that is shut there is the student and the day, and nothing else."""

    id: int
    student_id: int
    happened: datetime
    recorded: datetime
    kind: str
    visibility: str
    text: str
    by: str
    amended: bool
    added: int
    """How many addenda there are."""
    shut: Literal["", "ask", "opens"]
    """Whether its text is shown, not for the reader, or for them to open."""

    @property
    def words(self) -> str:
        """Its text, or what stands for it."""
        return {"": self.text, "ask": ASK, "opens": OPENS}[self.shut]


class OpenNote(NamedTuple):
    """A note opened: all its versions and what was added, and what the reader may do with it."""

    note: Note
    student: str
    """The student's name; words that say nothing where they are not shown to the reader."""
    addenda: tuple[Addendum, ...]
    amendable: str
    """Why the reader may not correct it; "" when they may."""


def notes_for(file: File, student_ids: Iterable[int], staff: Staff, day: date) -> tuple[NoteLine, ...]:
    """Return the notes of some students that a reader may know of, newest first.

    A restricted one is a mark. Raises `NotAllowed` for who may see no notes at all.
    """
    scope_of("see_notes", staff)
    within, params = notes_within(staff, day.isoformat())
    shown, more = notes_open_to(staff)
    known = {**params, **more, "note_students": json.dumps(sorted(set(student_ids)))}
    rows = file.rows(
        f"SELECT note.id, note.student_id, v.happened, v.recorded, v.visibility, {shown} FROM note"
        f" JOIN note_version v ON v.note_id = note.id AND {LATEST}"
        " WHERE note.student_id IN (SELECT value FROM json_each(:note_students))"
        f" AND {live('note', 'note')} AND {within} AND (v.visibility = 'restricted' OR {shown})",
        known,
    )
    opens = may("open_restricted_note", staff)
    readable = [note for note, _, _, _, visibility, ours in rows if ours and visibility != RESTRICTED]
    texts = {one.id: one for one in notes_by_id(file, readable)}
    added = addenda_of(file, "note", readable)
    made = []
    for note, student, happened, recorded, _, _ in rows:
        times = moment(happened), moment(recorded)
        if (one := texts.get(note)) is not None:
            now = one.now
            made.append(
                NoteLine(
                    *(note, student, *times, now.kind, now.visibility, now.text, one.first.by),
                    amended=len(one.versions) > 1,
                    added=len(added.get(note, ())),
                    shut="",
                )
            )
        else:
            shut: Literal["ask", "opens"] = "opens" if opens else "ask"
            made.append(NoteLine(note, student, *times, "", RESTRICTED, "", "", amended=False, added=0, shut=shut))
    return tuple(sorted(made, key=lambda one: (one.happened, one.id), reverse=True))


def open_the_note(desk: Desk, note_id: int) -> OpenNote:
    """Return a note with all its versions; a restricted one after the ledger has the look.

    Raises `NotAllowed` for a note that the reader may not see, `NotUnderstood` for one that is not there, and whatever
    keeps the ledger from being written: then nothing is read.
    """
    file, staff = desk.file, desk.staff()
    today = school_day(desk.clock.now(), file.zone)
    if _visibility(file, note_id, staff, today) == RESTRICTED:
        desk.do_patiently(open_restricted_note(note_id), seconds=2)
    return read_note(file, note_id, staff, desk.clock.now())


def read_note(file: File, note_id: int, staff: Staff, now: datetime) -> OpenNote:
    """Read a note that is open already, as it stands now. Raises `NotAllowed` once it is beyond the reader."""
    scope_of("see_notes", staff)
    today = school_day(now, file.zone)
    _visibility(file, note_id, staff, today)
    found = the_note(file, note_id)
    named = reached(file, "find_student", staff, today.isoformat(), (found.student_id,))
    student = students_by_id(file, named, today).get(found.student_id)
    if found.first.code.casefold() != staff.code.casefold():
        amendable = "only who wrote it may correct it"
    elif not may("amend_note", staff):
        amendable = f"it is not for the role of {staff.role.words}"
    elif found.locked(now, settings_on(file, today)):
        amendable = "it is locked: it was written too long ago"
    else:
        amendable = ""
    addenda = addenda_of(file, "note", (note_id,)).get(note_id, ())
    return OpenNote(found, student.name if student else f"a student {NOT_SHOWN}", addenda, amendable)


def _visibility(file: File, note_id: int, staff: Staff, day: date) -> str:
    """Return who may see a note, for somebody who may. Raises `NotAllowed`."""
    within, params = notes_within(staff, day.isoformat())
    shown, more = notes_open_to(staff)
    known = {**params, **more, "note_wanted": note_id}
    row = file.row(
        f"SELECT v.visibility, {shown} FROM note JOIN note_version v ON v.note_id = note.id AND {LATEST}"
        f" WHERE note.id = :note_wanted AND {live('note', 'note')} AND {within}",
        known,
    )
    if row is not None and row[1]:
        return str(row[0])
    if row is not None and row[0] == RESTRICTED:
        raise NotAllowed("This note is restricted.", "Ask the safeguarding lead.")
    raise NotAllowed("This note is outside what your role may see.", "It may have been undone; look at the list again.")
