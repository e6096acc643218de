"""A student at the door whom nobody planned for: placed and signed in by one act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.acts import Tx, act
from psc.desk.people import Role
from psc.errors import NotAllowed, NotUnderstood, Refused
from psc.roster.movements import MOVES, enter, happened
from psc.roster.placements import PlacementType, book, periods_on, slots_from
from psc.school.calendar import calendar_day
from psc.school.rooms import room_by_id
from psc.school.shapes import shape_of
from psc.school.students import student_by_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@act(
    "walk_in",
    resting=(
        *(*MOVES, "change_seat", "mark_check", "check_welfare"),
        *("mark_absence", "carry_period", "waive_period"),
    ),
)
def walk_in(
    tx: Tx,
    student_id: int,
    room_id: int,
    type: PlacementType,
    reason: str,
    *,
    at: datetime | None = None,
    until: str = "",
    sent_by: int | None = None,
    seat: int | None = None,
    override: str = "",
) -> int:
    """Place a student from now (or `at`) until the end of this lesson (or of period `until`), and sign them in.

    Returns the visit's id. Raises `Refused` on a closed day or after the last lesson, `AlreadyIn`, and `NeedsReason`
    when the room is full, a kept-apart student is in it, or the student is placed elsewhere, and `override` is empty.
    Raises `NotAllowed` for cover who would move a student from another room.
    """
    tx.reach(student_id)
    tx.reach_room(room_id)
    when = happened(tx, at)
    if not calendar_day(tx.file, tx.today).is_open:
        raise Refused("Today is not a school day.", "If it should be, an administrator can change the calendar.")
    year = student_by_id(tx.file, student_id, tx.today).year
    periods = slots_from(shape_of(tx.file, tx.today).periods(year), when, until)
    if not periods:
        raise Refused("Today's lessons are over.", "Nobody can be placed until the next school day.")
    if until and periods[-1] != until:
        raise NotUnderstood(f"{until} is not a lesson still to come today.", "Leave it empty for the rest of this one.")
    slots = [(tx.today, period) for period in periods]
    if tx.actor.role is Role.COVER:
        _not_elsewhere(tx, student_id, room_id, periods)
    book.run(
        tx, student_id, room_id, type, reason, slots, planned=False, sent_by=sent_by, override=override, decided=when
    )
    return enter(tx, student_id, room_id, at=at, seat=seat, override=override)


def _not_elsewhere(tx: Tx, student_id: int, room_id: int, periods: Sequence[str]) -> None:
    """Raise `NotAllowed` where a student is placed in another room for any of the periods."""
    placed, here = periods_on(tx.file, student_id, tx.today), room_by_id(tx.file, room_id).code
    elsewhere = next((placed[one] for one in periods if placed.get(one, here) != here), "")
    if elsewhere:
        name = student_by_id(tx.file, student_id, tx.today).name
        raise NotAllowed(f"{name} is placed in {elsewhere} now.", "Send them there, or ask a coordinator.")
