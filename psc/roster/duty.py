"""Duty: who looks after a room, minute by minute. It is confirmed at the start and at hand-over, apart from who types.

A mark puts a person on duty or takes them off. Several may be on at once. Nobody is on duty past the last bell because
of a mark made before it, and no mark holds on another day.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment, school_day, wall
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.desk.people import Named, short_name, who_is
from psc.errors import NotUnderstood, Refused
from psc.roster.movements import Movement, happened, movements_on, stays
from psc.school.rooms import room_by_id
from psc.school.shapes import DayShape, shape_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.database.file import File

LEAST_GAP = timedelta(minutes=1)
"""What counts as a gap of duty: the seconds between two people's keys are none."""


class Duty(StrEnum):
    """What a confirmation says: on duty, off duty, or on and everybody else off (a hand-over)."""

    ON = "on"
    OFF = "off"
    OVER = "over"


class DutyMark(NamedTuple):
    """Somebody put on duty in a room, or taken off. Marks stand in order of happening."""

    room_id: int
    on: bool
    who: Named
    happened: datetime


class Stretch(NamedTuple):
    """A time that somebody was on duty; `end` None while it lasts."""

    who: Named
    start: datetime
    end: datetime | None

    def covers(self, at: datetime) -> bool:
        """Say whether it holds at a moment: its first minute does, its last does not."""
        return self.start <= at and (self.end is None or at < self.end)


def stretches(marks: Sequence[DutyMark], last_bell: datetime | None = None) -> tuple[Stretch, ...]:
    """Return the times of duty that the marks of one room and day make, in order of their beginnings.

    What began before the last bell ends with it at the latest. Source: the domain notes, Duty.
    """
    made: list[Stretch] = []
    begun: dict[int | str, Stretch] = {}

    def end(one: Stretch, at: datetime) -> None:
        bell = last_bell if last_bell and one.start < last_bell else None
        stop = min(at, bell) if bell else at
        if stop > one.start:
            made.append(one._replace(end=stop))

    for mark in marks:
        key = mark.who.key
        if key in begun and (not mark.on or _rung(begun[key], mark.happened, last_bell)):
            end(begun.pop(key), mark.happened)
        if mark.on:
            begun.setdefault(key, Stretch(mark.who, mark.happened, None))
    for one in begun.values():
        if last_bell and one.start < last_bell:
            end(one, last_bell)
        else:
            made.append(one)
    return tuple(sorted(made, key=lambda one: one.start))


def _rung(one: Stretch, at: datetime, last_bell: datetime | None) -> bool:
    """Say whether the last bell ended a stretch before `at`."""
    return last_bell is not None and one.start < last_bell <= at


def on_duty_at(marks: Sequence[DutyMark], at: datetime, last_bell: datetime | None = None) -> tuple[Named, ...]:
    """Return who was on duty at a moment, by the marks of one room and that day, the longest there first."""
    return tuple(one.who for one in stretches(marks, last_bell) if one.covers(at))


def bells(shape: DayShape) -> tuple[datetime, datetime] | None:
    """Return a day's first and last bell over all year groups, None on a day without any."""
    every = [period for periods in shape.by_year.values() for period in periods]
    return (min(one.start for one in every), max(one.end for one in every)) if every else None


def duty_marks(file: File, day: date) -> dict[int, tuple[DutyMark, ...]]:
    """Return the marks of a day that stand, by room, in order of happening."""
    found = file.rows(
        "SELECT d.room_id, d.kind, d.staff_id, d.name, coalesce(s.forename, ''), coalesce(s.surname, ''), d.happened"
        " FROM duty_mark d LEFT JOIN staff s ON s.id = d.staff_id"
        f" WHERE d.day = ? AND {live('duty_mark', 'd')} ORDER BY d.happened, d.id",
        (day.isoformat(),),
    )
    made: dict[int, tuple[DutyMark, ...]] = {}
    for room_id, kind, staff_id, name, forename, surname, at in found:
        who = Named(staff_id, short_name(forename, surname) if staff_id else name)
        made[room_id] = (*made.get(room_id, ()), DutyMark(room_id, kind == "on", who, moment(at)))
    return made


def on_duty(file: File, room_id: int, at: datetime) -> tuple[Named, ...]:
    """Return who was on duty in a room at any minute of any day."""
    day = school_day(at, file.zone)
    ringing = bells(shape_of(file, day))
    return on_duty_at(duty_marks(file, day).get(room_id, ()), at, ringing[1] if ringing else None)


def gaps(
    duty: Sequence[Stretch], inside: Sequence[tuple[datetime, datetime]], until: datetime
) -> tuple[tuple[datetime, datetime], ...]:
    """Return the times up to `until` with somebody `inside` and nobody on duty; `inside` are stays, in any order."""
    edges = {until, *(edge for stay in inside for edge in stay)}
    edges |= {edge for one in duty for edge in (one.start, one.end or until)}
    made: list[tuple[datetime, datetime]] = []
    marks = sorted(edge for edge in edges if edge <= until)
    for start, end in pairwise(marks):
        if any(one.covers(start) for one in duty) or not any(a <= start < b for a, b in inside):
            continue
        if made and made[-1][1] == start:
            made[-1] = (made[-1][0], end)
        else:
            made.append((start, end))
    return tuple(gap for gap in made if gap[1] - gap[0] >= LEAST_GAP)


def duty_gaps(file: File, room_id: int, day: date, now: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """Return the times of a day, up to `now` and the last bell, when students were in a room and nobody was on duty."""
    ringing = bells(shape_of(file, day))
    until = min(now, ringing[1]) if ringing else now
    visits: dict[int, list[Movement]] = {}
    for move in movements_on(file, day):
        if move.room_id == room_id:
            visits.setdefault(move.visit_id, []).append(move)
    inside = [(stay.start, stay.end or until) for moves in visits.values() for stay in stays(moves) if not stay.out_for]
    marks = duty_marks(file, day).get(room_id, ())
    return gaps(stretches(marks, ringing[1] if ringing else None), inside, until)


def _not_handed_on(tx: Tx) -> None:
    """Raise `Refused` when an undo would put somebody on duty again in a room that has been handed on since."""
    handed_on = tx.file.value(
        "SELECT 1 FROM duty_mark mine JOIN duty_mark later ON later.room_id = mine.room_id AND later.day = mine.day"
        f" AND later.seq > mine.seq WHERE mine.seq = ? AND mine.kind = 'off' AND {live('duty_mark', 'later')}",
        (tx.undoes,),
    )
    if handed_on:
        raise Refused("Duty in that room has been confirmed again since.", "Say with d who is on duty now.")


@act("confirm_duty", resting=(), afterwards=_not_handed_on)
def confirm_duty(
    tx: Tx,
    room_id: int,
    kind: Duty = Duty.ON,
    *,
    staff_id: int | None = None,
    name: str = "",
    at: datetime | None = None,
) -> tuple[int, ...]:
    """Record that somebody is on duty in a room, or no longer; returns the marks' ids.

    It is the person at the desk unless `staff_id` or a typed `name` says otherwise. A hand-over (`Duty.OVER`) takes
    everybody else off in the same act. Raises `Refused` when it is so already, for the future and for an earlier day.
    """
    tx.reach_room(room_id)
    room = room_by_id(tx.file, room_id)
    who = _person(tx, staff_id, name)
    when = happened(tx, at)
    there = {one.key: one for one in on_duty(tx.file, room_id, when)}
    others = [one for key, one in there.items() if key != who.key]
    clock = wall(when, tx.file.zone)
    match Duty(kind):
        case Duty.OFF:
            if who.key not in there:
                raise Refused(f"{who.name} is not on duty in {room.name} at {clock}.", "Nothing was changed.")
            return (_mark(tx, room_id, Duty.OFF, who, when),)
        case Duty.OVER if others:
            off = [_mark(tx, room_id, Duty.OFF, one, when) for one in others]
            on = [] if who.key in there else [_mark(tx, room_id, Duty.ON, who, when)]
            return (*off, *on)
        case _:
            if who.key in there:
                raise Refused(f"{who.name} is on duty in {room.name} already at {clock}.", "Nothing was changed.")
            return (_mark(tx, room_id, Duty.ON, who, when),)


def _person(tx: Tx, staff_id: int | None, name: str) -> Named:
    """Return whom a confirmation is about. Raises `NotUnderstood`."""
    if staff_id is None:
        return who_is(tx.file, name) if name else Named(tx.actor.id, tx.actor.short)
    found = tx.file.row("SELECT forename, surname FROM staff WHERE id = ? AND active = 1", (staff_id,))
    if found is None:
        raise NotUnderstood("That member of staff is not on the staff list.", "Type the name instead.")
    return Named(staff_id, short_name(*found))


def _mark(tx: Tx, room_id: int, kind: Duty, who: Named, when: datetime) -> int:
    name = "" if who.staff_id else who.name
    return tx.add("duty_mark", room_id=room_id, kind=kind.value, staff_id=who.staff_id, name=name, happened=when)
