"""A booking before it is saved, and one that stands: what it comes to, and what there is to know of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import wall
from psc.desk.facts import live
from psc.desk.permissions import reached, scope_of
from psc.overview.bookings import bookings_between
from psc.overview.week import read_days
from psc.overview.week_cells import date_words
from psc.roster.concerns import concern_lines, concerns
from psc.roster.slots import slot_words
from psc.school.shapes import Bells
from psc.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.overview.bookings import Booking
    from psc.roster.concerns import Concern
    from psc.roster.placement_types import PlacementType
    from psc.roster.slots import Slot
    from psc.school.rooms import Room
    from psc.school.students import Student


class Preview(NamedTuple):
    """What a booking comes to: its slots and the free seats in words, and what needs a reason, a line each."""

    words: str
    seats: str
    concerns: tuple[str, ...]
    full: bool
    """Whether the room has no seat for some of it."""


def preview(
    file: File,
    student: Student | None,
    room: Room,
    type: PlacementType | None,
    slots: Sequence[Slot],
    staff: Staff,
    today: date,
    *,
    besides: int | None = None,
) -> Preview:
    """Return what booking a student would come to; while nobody and no type is chosen, the seats alone.

    The placement `besides` does not count: it is being moved. Raises `NotAllowed` for who may not see the week.
    """
    scope_of("see_week", staff)
    bells = Bells(file, student.year if student else None)
    days = read_days(file, min(slots)[0], max(slots)[0], staff)
    found: tuple[Concern, ...] = ()
    if student is not None and type is not None:
        found = concerns(file, student.id, room.id, type, slots, today=today, barred=staff.barred, besides=besides)
    free = [days.seats(slot, room).free for slot in slots]
    return Preview(
        f"{slot_words(bells, slots)}: {counted(len(slots), 'lesson')}",
        f"{room.code} {_free_words(free)}",
        concern_lines(bells, found, today=today),
        not min(free),
    )


def _free_words(free: Sequence[int]) -> str:
    least, most = min(free), max(free)
    if not most:
        return "has no seat free"
    return f"has {least if least == most else f'{least} to {most}'} {'seat' if most == 1 else 'seats'} free"


def the_booking(file: File, placement_id: int, first: date, last: date, staff: Staff, today: date) -> Booking | None:
    """Return a booking that has a period between two days, None where `staff` does not see it or it has none there.

    Raises `NotAllowed` for who may not see the week.
    """
    scope_of("see_week", staff)
    found = bookings_between(file, first, last, staff, today)
    return next((one for one in found if one.placement_id == placement_id), None)


_CARRIED = f"""
SELECT f.on_day, f.period, pp.on_day, pp.period FROM placement_period pp
JOIN placement_period f ON f.id = pp.carried_from
WHERE pp.placement_id = ? AND {live("placement_period", "pp")} ORDER BY pp.on_day, pp.id
"""
_WAIVED = f"""
SELECT pp.on_day, pp.period, w.reason FROM waiver w JOIN placement_period pp ON pp.id = w.placement_period_id
WHERE pp.placement_id = ? AND {live("waiver", "w")} AND {live("placement_period", "pp")} ORDER BY pp.on_day, pp.id
"""


def booking_lines(file: File, booking: Booking, staff: Staff, today: date) -> tuple[str, ...]:
    """Return what there is to know of a booking, a line each: when, why, by whom, what is carried and what waived.

    Nothing of a student whose roster `staff` may not see.
    """
    if not reached(file, "see_roster", staff, today.isoformat(), (booking.student.id,)):
        return ()
    bells = Bells(file, booking.student.year)
    at = booking.at.astimezone(file.zone)
    made = [
        f"{booking.type.words} in {booking.room}" + ("" if booking.planned else ", placed at the door"),
        booking.reason,
        slot_words(bells, booking.slots),
        f"booked by {booking.by}, {date_words(at.date())} {wall(booking.at, file.zone)}",
    ]
    if booking.referral_id is not None:
        made.append("from a referral")
    if booking.override:
        made.append(f"over a rule, because: {booking.override}")
    for was, period, to, then in file.rows(_CARRIED, (booking.placement_id,)):
        made.append(f"{_when(was)} {period} carried to {_when(to)} {then}")
    for on, period, why in file.rows(_WAIVED, (booking.placement_id,)):
        made.append(f"{_when(on)} {period} waived: {why}")
    return tuple(one for one in made if one)


def _when(day: str) -> str:
    return date_words(date.fromisoformat(day))
