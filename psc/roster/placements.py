"""Placements: an allotment of a student to a room for named periods on named days, and what becomes of each period."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.errors import NeedsReason, Refused
from psc.roster.concerns import clashes, concern_lines, concerns, in_one_sentence, planned_clashes
from psc.roster.keep_apart import unnamed_to
from psc.roster.placed import STANDING, taken_by
from psc.roster.placement_types import Line as Line
from psc.roster.placement_types import PlacementType as PlacementType
from psc.roster.slots import Slot, check_slots
from psc.roster.waiting import take_from_list
from psc.school.calendar import long_day
from psc.school.rooms import room_by_id
from psc.school.shapes import Bells, Period, shape_of
from psc.school.students import student_by_id
from psc.text import check_length, clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from psc.database.file import File
    from psc.desk.settings import Settings
    from psc.roster.concerns import Concern
    from psc.school.rooms import Room
    from psc.school.students import Student


class PeriodState(StrEnum):
    """What has become of one period of a placement."""

    AHEAD = "ahead"
    PENDING = "pending"
    SERVED = "served"
    NOT_COMPLETED = "not completed"
    WAIVED = "waived"
    CARRIED = "carried"


def period_state(
    *,
    starts: datetime,
    ends: datetime,
    decided: datetime,
    present_seconds: float,
    mark: int | None,
    now: datetime,
    settings: Settings,
    waived: bool = False,
    carried: bool = False,
    excused: bool = False,
) -> PeriodState:
    """What has become of a period of a sanction: derived, never stored.

    Served needs the set share of the minutes from the later of the period's start and the decision (a student removed
    at half past cannot owe the first half hour) to its end, and a check at the set mark or above. Without a check it is
    pending. A period that is `excused` (no work came for it, or an adjustment was not given) cannot fail on its check:
    whoever was there has served it, whatever the mark. Source: the domain notes, Period check.
    """
    if waived:
        return PeriodState.WAIVED
    if carried:
        return PeriodState.CARRIED
    if now < ends:
        return PeriodState.AHEAD
    if mark is None:
        return PeriodState.PENDING
    owed = (ends - owed_from(starts, ends, decided)).total_seconds()
    enough = present_seconds * 100 >= owed * settings.served_share
    passed = excused or mark >= settings.served_mark
    return PeriodState.SERVED if enough and passed else PeriodState.NOT_COMPLETED


def owed_from(starts: datetime, ends: datetime, decided: datetime) -> datetime:
    """Return from when a period is owed: all of it when it was decided before it began, or typed when it was over."""
    return starts if decided >= ends else max(starts, decided)


def day_n_of_m(owed_days: Iterable[date], day: date) -> tuple[int, int]:
    """Return which day of the placement `day` is, and of how many. Days count that owe a period; carrying raises m."""
    days = sorted(set(owed_days))
    return max(1, sum(1 for one in days if one <= day)), max(1, len(days))


class PlacedPeriod(NamedTuple):
    """One period of one day of a placement."""

    id: int
    placement_id: int
    day: date
    period: str


def placed_periods(file: File, placement_id: int) -> tuple[PlacedPeriod, ...]:
    """Return the periods of a placement that stand, by day."""
    found = file.rows(
        f"SELECT id, placement_id, on_day, period FROM placement_period pp WHERE placement_id = ? AND"
        f" {live('placement_period', 'pp')} ORDER BY on_day, id",
        (placement_id,),
    )
    return tuple(PlacedPeriod(a, b, date.fromisoformat(c), d) for a, b, c, d in found)


def periods_on(file: File, student_id: int, day: date) -> dict[str, str]:
    """Return the periods a student is already placed for on a day: period to room code."""
    return dict(
        file.rows(
            "SELECT pp.period, room.code FROM placement p JOIN placement_period pp ON pp.placement_id = p.id"
            f" JOIN room ON room.id = p.room_id WHERE p.student_id = ? AND pp.on_day = ?"
            f" AND {STANDING}",
            (student_id, day.isoformat()),
        )
    )


def placed_ids(file: File, student_id: int, room_id: int, day: date) -> dict[str, int]:
    """Return a student's placed periods of a day by name: those of the room first, of another where it has none."""
    return dict(
        file.rows(
            "SELECT pp.period, pp.id FROM placement p JOIN placement_period pp ON pp.placement_id = p.id"
            " WHERE p.student_id = ? AND pp.on_day = ?"
            f" AND {STANDING} ORDER BY p.room_id = ?, pp.id",
            (student_id, day.isoformat(), room_id),
        )
    )


@act(
    "book",
    resting=(
        *("book", "sign_in", "walk_in", "mark_absence", "carry_period", "waive_period", "mark_check"),
        *("move_booking", "shorten_booking", "extend_booking", "cancel_booking", "carry_periods"),
        *("change_programme", "step_programme"),
    ),
)
def book(
    tx: Tx,
    student_id: int,
    room_id: int,
    type: PlacementType,
    reason: str,
    slots: Sequence[tuple[date, str]],
    *,
    planned: bool = True,
    sent_by: int | None = None,
    override: str = "",
    decided: datetime | None = None,
    referral_id: int | None = None,
) -> int:
    """Place a student in a room for the (day, period) slots, decided now unless given; returns the placement's id.

    It is judged by `concerns`: a planned booking by all of them, one at the door by another room's placement and by
    full seats only. Raises `NeedsReason` with all of them in words while `override` is empty; `Refused` on a closed
    day, and for a period that is placed in this room already; `NotUnderstood` for one that the day does not have.
    Whoever waits for a seat waits no more.
    """
    tx.reach(student_id)
    check_length(override, "reason")
    student = student_by_id(tx.file, student_id, tx.today)
    bells = Bells(tx.file, student.year)
    check_slots(tx.file, bells, slots)
    room = room_by_id(tx.file, room_id)
    check_not_there(tx.file, student, room, slots, tx.today)
    if not clean(override):
        if planned:
            unnamed = unnamed_to(tx.file, tx.actor, student_id, tx.today)
            found = concerns(tx.file, student_id, room_id, type, slots, today=tx.today, barred=unnamed)
        else:
            found = clashes(tx.file, student_id, room, slots, bells, today=tx.today)
        check_concerns(bells, found, tx.today)
    placement_id = tx.add(
        "placement",
        student_id=student_id,
        room_id=room_id,
        type=PlacementType(type).value,
        reason=check_length(reason, "reason"),
        planned=int(planned),
        sent_by=sent_by,
        override=clean(override),
        referral_id=referral_id,
        happened=decided,
    )
    for day, period in slots:
        tx.add("placement_period", placement_id=placement_id, on_day=day.isoformat(), period=period)
    if planned:
        take_from_list(tx, student_id, placement_id)
    return placement_id


def check_not_there(
    file: File, student: Student, room: Room, slots: Sequence[Slot], today: date, *, besides: int | None = None
) -> None:
    """Raise `Refused` where a student is placed in the room for one of the slots already."""
    placed = taken_by(file, student.id, min(slots)[0], max(slots)[0], besides=besides)
    for day, period in slots:
        if (day, period) in placed and placed[day, period].room_id == room.id:
            on = "" if day == today else f" on {long_day(day)}"
            remedy = "Sign them in from the board." if day == today else "Leave it out, or move that booking."
            raise Refused(f"{student.name} is already placed in {room.code} for {period}{on}.", remedy)


def check_concerns(bells: Bells, found: Sequence[Concern], today: date) -> None:
    """Raise `NeedsReason` with concerns in words, the first three and how many more there are; nothing for none."""
    if found:
        raise NeedsReason(in_one_sentence(concern_lines(bells, found, today=today)), "Give a reason to go on.")


def _placed(tx: Tx, placed_id: int) -> tuple[int, int, str, str]:
    """Return (placement, student, day, period) of a placed period that stands, and reach its student."""
    found = tx.file.row(
        "SELECT pp.placement_id, p.student_id, pp.on_day, pp.period FROM placement_period pp"
        f" JOIN placement p ON p.id = pp.placement_id WHERE pp.id = ? AND {live('placement_period', 'pp')}",
        (placed_id,),
    )
    if found is None:
        raise Refused("That period is no longer part of a placement.", "Look at the board again.")
    placement_id, student_id, day, period = found
    tx.reach(student_id)
    return placement_id, student_id, day, period


def _settled(tx: Tx, placed_id: int) -> None:
    """Raise `Refused` when a period has been waived or carried already."""
    if tx.file.value(f"SELECT 1 FROM waiver w WHERE placement_period_id = ? AND {live('waiver', 'w')}", (placed_id,)):
        raise Refused("That period has been waived already.", "Undo the waiver first.")
    if tx.file.value(
        f"SELECT 1 FROM placement_period c WHERE carried_from = ? AND {live('placement_period', 'c')}", (placed_id,)
    ):
        raise Refused("That period has been carried already.", "Undo that first.")


@act(
    "carry_period",
    resting=(
        *("carry_period", "carry_periods", "waive_period", "mark_check", "sign_in", "walk_in", "mark_absence"),
        *("shorten_booking", "cancel_booking"),
    ),
)
def carry_period(tx: Tx, placed_id: int, day: date, period: str, *, override: str = "") -> int:
    """Carry an unserved period to another slot of the same placement; returns the new placed period's id.

    Raises `NeedsReason` when the room is full then, or when the placement would become more than a day longer, and
    `override` is empty. Source: the domain notes, Period check.
    """
    placement_id, student_id, was, name = _placed(tx, placed_id)
    _settled(tx, placed_id)
    student = student_by_id(tx.file, student_id, tx.today)
    was_day = date.fromisoformat(was)
    ended = {one.name: one.end for one in shape_of(tx.file, was_day).periods(student.year)}.get(name)
    if ended is not None and tx.now < ended:
        raise Refused(f"{name} is not over yet.", "Carry it when it was not served.")
    if day.isoformat() <= was:
        raise Refused("A period is carried forward, to a later day.", "Choose a day after it.")
    bells = Bells(tx.file, student.year)
    check_slots(tx.file, bells, [(day, period)])
    if period in periods_on(tx.file, student_id, day):
        raise Refused(f"{student.name} is already placed for {period} that day.", "Choose another period.")
    if not clean(override):
        room_id = int(tx.file.value("SELECT room_id FROM placement WHERE id = ?", (placement_id,)))
        slot, barred = [(day, period)], tx.actor.barred
        check_concerns(
            bells,
            (
                *clashes(tx.file, student_id, room_by_id(tx.file, room_id), slot, bells, today=tx.today),
                *planned_clashes(tx.file, student_id, room_id, slot, bells, today=tx.today, barred=barred),
            ),
            tx.today,
        )
        if _days_added(tx.file, placement_id, day) > 1:
            raise NeedsReason("That makes the placement more than a day longer.", "Give the head of year's reason.")
    return tx.add(
        "placement_period", placement_id=placement_id, on_day=day.isoformat(), period=period, carried_from=placed_id
    )


def _days_added(file: File, placement_id: int, day: date) -> int:
    """Return how many days a placement has beyond those first agreed, with one more on `day`."""
    found = file.rows(
        "SELECT on_day, carried_from IS NULL FROM placement_period pp WHERE placement_id = ?"
        f" AND {live('placement_period', 'pp')}",
        (placement_id,),
    )
    agreed = {on for on, first in found if first}
    return len({on for on, _ in found} | {day.isoformat()}) - len(agreed)


@act("waive_period", resting=("carry_period", "carry_periods", "shorten_booking", "cancel_booking"))
def waive_period(tx: Tx, placed_id: int, why: str) -> int:
    """Let a student off an unserved period. Raises `NeedsReason` without a why."""
    _placed(tx, placed_id)
    _settled(tx, placed_id)
    words = clean(why)
    if not words:
        raise NeedsReason("Waiving a period needs a reason.", "Type why.")
    return tx.add("waiver", placement_period_id=placed_id, reason=words)


def slots_from(periods: Sequence[Period], at: datetime, until: str) -> tuple[str, ...]:
    """Return the lessons a walk-in at `at` is placed for: from the one under way (or the next) to `until`.

    Without `until`, only the first of them: a removal is for the rest of the lesson. Empty when the day is over.
    """
    ahead = [period.name for period in periods if period.is_lesson and period.end > at]
    if until in ahead:
        return tuple(ahead[: ahead.index(until) + 1])
    return tuple(ahead[:1])
