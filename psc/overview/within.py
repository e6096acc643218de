"""What a screen or a command may ask of the roster's own reads: each asks for its scope first.

The reads of `roster/` say what is so of everybody, since acts and boards are worked out from that. Whoever shows it to
a person asks here: `tests/desk/test_reads.py` fails where one does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.permissions import may, reached, scope_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.overview.timeline import Entry
    from psc.roster.events import Event
    from psc.roster.held import HeldItem
    from psc.roster.open_visits import OpenVisit
    from psc.roster.stranded import Stranded


def open_visits_for(file: File, day: date, staff: Staff, *, since: date | None = None) -> tuple[OpenVisit, ...]:
    """Return the visits before a day that nobody ended, of the students whose roster `staff` may see.

    Raises `NotAllowed` for who may not see the roster.
    """
    from psc.roster.open_visits import open_visits_before

    scope_of("see_roster", staff)
    found = open_visits_before(file, day, since=since)
    seen = reached(file, "see_roster", staff, day.isoformat(), (one.student_id for one in found))
    return tuple(one for one in found if one.student_id in seen)


def timeline_for(file: File, student_id: int, day: date, staff: Staff, today: date) -> tuple[Entry, ...]:
    """Return a student's day fact by fact; nothing of a student whose roster `staff` may not see today.

    Of work only for who may see work. Raises `NotAllowed` for who may not see the roster.
    """
    from psc.overview.timeline import timeline, without_work

    scope_of("see_roster", staff)
    found = timeline(file, student_id, day) if _sees(file, student_id, staff, today) else ()
    return found if may("see_work", staff) else without_work(found)


def events_for(file: File, student_id: int, today: date, staff: Staff) -> tuple[Event, ...]:
    """Return a student's events from today on; none of a student whose roster `staff` may not see.

    Raises `NotAllowed` for who may not see the roster.
    """
    from psc.roster.events import events_of

    scope_of("see_roster", staff)
    return events_of(file, student_id, today) if _sees(file, student_id, staff, today) else ()


def held_for(file: File, day: date, staff: Staff) -> tuple[HeldItem, ...]:
    """Return what is still held as a day ends, of the students whose roster `staff` may see, by name.

    Raises `NotAllowed` for who may not see the roster.
    """
    from psc.roster.held import held_on

    scope_of("see_roster", staff)
    found = held_on(file, day)
    seen = reached(file, "see_roster", staff, day.isoformat(), (one.student_id for one in found))
    return tuple(one for one in found if one.student_id in seen)


def stranded_for(file: File, from_day: date, staff: Staff, today: date) -> tuple[Stranded, ...]:
    """Return the periods that wait for a decision of `staff`; none for whom they are no decision."""
    from psc.roster.stranded import stranded

    if not may("carry_period", staff):
        return ()
    found = stranded(file, from_day)
    seen = reached(file, "carry_period", staff, today.isoformat(), (one.student_id for one in found))
    return tuple(one for one in found if one.student_id in seen)


def named_for(file: File, staff: Staff, today: date, students: Sequence[int]) -> frozenset[int]:
    """Return which students of a board may be named to `staff` beside it: whoever may not see the roster has counts."""
    return reached(file, "see_roster", staff, today.isoformat(), students)


def _sees(file: File, student_id: int, staff: Staff, today: date) -> bool:
    return bool(reached(file, "see_roster", staff, today.isoformat(), (student_id,)))


def may_see(file: File, name: str, student_id: int, staff: Staff, day: date, *, outside: bool) -> bool:
    """Say whether `staff` may use the read `name` on a student.

    `outside`: they opened the student from outside their own reach with a reason; then what their role may see of the
    students it reaches is theirs too, as long as they may open such a student still.
    """
    if reached(file, name, staff, day.isoformat(), (student_id,)):
        return True
    return outside and may(name, staff) and bool(reached(file, "open_outside", staff, day.isoformat(), (student_id,)))
