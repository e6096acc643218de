"""A student's story between two days as it may be laid before a panel: nobody else by name, restricted things as marks.

Whoever may see restricted records may choose to have them in it: then each restricted note is opened, which the ledger
keeps, and stands there in full.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day
from psc.desk.permissions import may, reached, scope_of
from psc.errors import NotAllowed, Refused
from psc.overview.chronology import chronology
from psc.overview.exposure import exposure_of
from psc.overview.notes import ASK, open_the_note
from psc.overview.other_names import INSTEAD, OtherNames, other_names
from psc.overview.restrictive import MARKER
from psc.overview.story import StoryEntry, StoryKind
from psc.school.students import student_by_id, students_by_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from psc.desk.acts import Desk
    from psc.overview.exposure import Exposure
    from psc.school.students import Student

LONGEST_SPAN = timedelta(days=366 * 7)
"""How far back a report goes at the most: a whole time at school."""


class Meeting(NamedTuple):
    """What a report holds: entries the oldest first, as a panel reads them."""

    student: Student
    first: date
    last: date
    exposure: Exposure | None
    entries: tuple[StoryEntry, ...]
    marks: int
    """How many of them only say that there is something."""
    restricted: bool
    """Whether restricted things stand in it in full."""


def read_meeting(desk: Desk, student_id: int, first: date, last: date, *, restricted: bool = False) -> Meeting:
    """Return a student's story between two days.

    Raises `NotAllowed` for who may not print it, or not what is restricted; `Refused` for a last day before the first.
    """
    file, staff, now = desk.file, desk.staff(), desk.clock.now()
    scope_of("print_meeting_report", staff)
    today = school_day(now, file.zone)
    if not reached(file, "print_meeting_report", staff, today.isoformat(), (student_id,)):
        raise NotAllowed("This student is outside what your role may print.", "Ask a head of year.")
    if restricted:
        scope_of("see_restricted_notes", staff)
    if last < first or last - first > LONGEST_SPAN:
        raise Refused("These days are no span of time.", "Give the first day, then the last.")
    found = chronology(file, student_id, staff, now, first=first, last=last)
    students = students_by_id(file, {one for entry in found for one in entry.others}, today)
    names = other_names(file, student_id)
    entries = []
    for entry in reversed(found):
        plain = _opened(desk, entry) if restricted else _marked(entry)
        entries.append(_without_others(plain, students, names))
    return Meeting(
        student_by_id(file, student_id, today),
        first,
        last,
        exposure_of(file, student_id, staff, now, first=first, last=last),
        tuple(entries),
        sum(one.hidden for one in entries),
        restricted,
    )


def _marked(entry: StoryEntry) -> StoryEntry:
    """Return an entry, a restricted one as a mark."""
    if entry.kind is StoryKind.RESTRICTIVE:
        return entry._replace(words=MARKER, more="", by="", hidden=True)
    return entry._replace(words=ASK, more="", by="") if entry.hidden and entry.kind is StoryKind.NOTE else entry


def _opened(desk: Desk, entry: StoryEntry) -> StoryEntry:
    """Return an entry in full where its reader may open it, which the ledger keeps."""
    if not entry.hidden or entry.kind is not StoryKind.NOTE or not may("open_restricted_note", desk.staff()):
        return entry
    note = open_the_note(desk, entry.key[1]).note
    return entry._replace(words="Restricted note", more=note.now.text, by=note.first.by, hidden=False)


def _without_others(entry: StoryEntry, students: Mapping[int, Student], names: OtherNames) -> StoryEntry:
    shown: Sequence[str] = [
        words
        for one in entry.others
        if (each := students.get(one)) is not None
        for words in (f"{each.name} {each.form}".rstrip(), each.name, each.plain_name)
    ]
    words, more = (
        names.hidden(text.replace("a student not shown to you", INSTEAD), shown) for text in (entry.words, entry.more)
    )
    return entry._replace(words=words, more=more, others=())
