"""A student's whole story in one list: everything that is on record of them, newest first, as far as one may read it.

Each part of it is read once for the student, whatever the years behind, and asks for its own line of the permission
table. Source: the domain notes, People and what they may do; the screens, 6 Students.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.overview.story import StoryEntry as StoryEntry
from psc.overview.story import StoryKind as StoryKind
from psc.overview.story import newest_first
from psc.overview.story_reads import asked_of
from psc.overview.story_records import written_story
from psc.overview.story_room import room_story
from psc.overview.story_school import school_story

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from psc.database.file import File
    from psc.desk.people import Staff


def chronology(
    file: File,
    student_id: int,
    staff: Staff,
    now: datetime,
    *,
    first: date | None = None,
    last: date | None = None,
    kinds: Collection[StoryKind] | None = None,
    outside: bool = False,
) -> tuple[StoryEntry, ...]:
    """Return a student's story between two days (all of it unless given), newest first; of some kinds if given.

    What is not for `staff` is left out, or is a marker where they are to know that there is something; of a student
    whom they may not open there is nothing. `outside`: see `open_profile`.
    """
    asked = asked_of(file, student_id, staff, now, first=first, last=last, outside=outside)
    if not asked.sees("open_student"):
        return ()
    found = (one for part in (room_story, written_story, school_story) for one in part(asked))
    return newest_first(
        one
        for one in found
        if (kinds is None or one.kind in kinds)
        and (first is None or one.day(file.zone) >= first)
        and (last is None or one.day(file.zone) <= last)
    )
