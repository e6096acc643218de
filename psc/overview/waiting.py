"""The waiting list as it is read: who waits, oldest first, and when there is a seat for each."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from psc.desk.permissions import scope_of
from psc.errors import PscError
from psc.overview.week import Days, read_days
from psc.roster.slots import slot_words
from psc.roster.typed_booking import read_wanted
from psc.roster.waiting import Waiting, waiting_list
from psc.school.shapes import Bells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.roster.slots import Slot

AHEAD = timedelta(days=60)
"""How far ahead a free seat is looked for."""


class Waits(NamedTuple):
    """Somebody who waits. `free`: when there is a seat, in words, "" for none in sight; `now`: all of it is free."""

    waiting: Waiting
    free: str
    now: bool


def read_waiting(file: File, staff: Staff, today: date, now: datetime) -> tuple[Waits, ...]:
    """Return who waits for a seat, the oldest first, of the students whose roster `staff` may see.

    Raises `NotAllowed` for who may not see the week.
    """
    scope_of("see_week", staff)
    found = waiting_list(file, staff, today)
    days = read_days(file, today, today + AHEAD, staff) if found else None
    return tuple(_of(file, one, days, today, now) for one in found) if days else ()


def _of(file: File, one: Waiting, days: Days, today: date, now: datetime) -> Waits:
    bells = Bells(file, one.student.year)
    try:
        asked: Sequence[Slot] = read_wanted(file, one.asked, year=one.student.year, today=today, now=now).slots
    except PscError:  # it is over by now, or was typed as nobody can read it
        asked = ()
    free = [slot for slot in _free(days, one.room_id) if (period := bells.period(*slot)) and period.start > now]
    if asked and set(asked) <= set(free):
        return Waits(one, slot_words(bells, asked), now=True)
    first = [slot for slot in free if slot[0] == free[0][0]]
    return Waits(one, slot_words(bells, first) if first else "", now=False)


def _free(days: Days, room_id: int) -> list[Slot]:
    """Return the lessons for which a room has a seat, in order."""
    room = next((one for one in days.rooms if one.id == room_id), None)
    slots = [(day.on, lesson) for day in days.days for lesson in day.lessons]
    return [slot for slot in slots if days.seats(slot, room).free] if room else []
