"""Events of students: an exam, a trip, a music lesson. Who is at one is neither late nor lost."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import at_clock
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.errors import NeedsReason, NotUnderstood, Refused
from psc.roster.movements import Destination, Kind, stays
from psc.school.calendar import calendar_day
from psc.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.database.file import File
    from psc.roster.movements import Movement

SOON = timedelta(minutes=10)
"""How long before its start the board shows the event of a student who is in the room."""


class EventKind(StrEnum):
    """What a student is away for."""

    EXAM = "exam"
    TRIP = "trip"
    MEDICAL = "medical"
    MUSIC = "music"
    APPOINTMENT = "appointment"
    OTHER = "other"

    @property
    def counts_as_present(self) -> bool:
        """Whether its time counts towards a served period: what the school or a doctor calls the student out for.

        Source: the domain notes, Period check (exam, nurse and meeting count as present).
        """
        return self not in (EventKind.TRIP, EventKind.OTHER)

    @property
    def shown(self) -> str:
        """The word that may stand in the open: what a doctor is seen for is nobody's business at the desk."""
        return {EventKind.MEDICAL: "appointment", EventKind.OTHER: "event"}.get(self, self.value)


class Event(NamedTuple):
    """One event of one student, with its moments in UTC."""

    id: int
    student_id: int
    starts: datetime
    ends: datetime
    kind: EventKind
    note: str

    def on_at(self, at: datetime) -> bool:
        """Say whether it is on at a moment."""
        return self.starts <= at < self.ends


# Rules


def event_at(events: Sequence[Event], at: datetime) -> Event | None:
    """Return the event that is on at a moment; of several, the one that ends last."""
    return max((one for one in events if one.on_at(at)), key=lambda one: one.ends, default=None)


def event_soon(events: Sequence[Event], at: datetime) -> Event | None:
    """Return the event that begins within ten minutes of a moment."""
    return min((one for one in events if at < one.starts <= at + SOON), key=lambda one: one.starts, default=None)


def expected_from(starts: datetime, events: Sequence[Event], at: datetime) -> datetime:
    """Return from when a student is expected: the start of their lessons, or the end of an event since."""
    return max((one.ends for one in events if starts < one.ends <= at), default=starts)


_NOT_AT_SCHOOL = frozenset(one for one in Destination if one.value.startswith("home") or one is Destination.END_OF_DAY)


def event_seconds(
    moves: Sequence[Movement], events: Sequence[Event], now: datetime, start: datetime, end: datetime
) -> float:
    """Return the seconds of a period that count because the student was at an event, up to `now`.

    `moves` are the student's movements of the day over all rooms, in order. Time counts when the event's kind does and
    no room has the student: before the first coming in, and after a leaving that was not home. Time in the room counts
    already; time out of it counts or not by the reason given at the door, so a student who walked out does not serve a
    period because an exam was on somewhere. Two events at once count once.
    """
    left = start
    total = 0.0
    for one in sorted((one for one in events if one.kind.counts_as_present), key=lambda one: one.starts):
        first, last = max(one.starts, left), min(one.ends, end, now)
        if first < last:
            total += sum((b - a).total_seconds() for a, b in _away(moves, first, last))
            left = last
    return total


def _away(moves: Sequence[Movement], first: datetime, last: datetime) -> list[tuple[datetime, datetime]]:
    """Return the stretches between two moments in which the student was in no room and had not gone home."""
    edges = sorted({first, last, *(one.happened for one in moves if first < one.happened < last)})
    held = stays(moves)
    made = []
    for a, b in pairwise(edges):
        if any(stay.start <= a and (stay.end is None or stay.end >= b) for stay in held):
            continue
        before = next((one for one in reversed(moves) if one.happened <= a), None)
        if before is not None and before.kind is Kind.LEFT and before.reason in _NOT_AT_SCHOOL:
            continue
        made.append((a, b))
    return made


# Reads


def _moments(file: File, row: tuple[int, int, str, str, str, str, str]) -> Event:
    identity, student, day, starts, ends, kind, note = row
    on = date.fromisoformat(day)
    return Event(
        identity,
        student,
        at_clock(on, time.fromisoformat(starts), file.zone),
        at_clock(on, time.fromisoformat(ends), file.zone),
        EventKind(kind),
        note,
    )


_SELECT = f"""
SELECT v.id, v.student_id, v.on_day, v.starts, v.ends, v.kind, v.note
FROM student_event v WHERE {live("student_event", "v")}
"""


def events_on(file: File, day: date) -> dict[int, tuple[Event, ...]]:
    """Return the events of a day by student, in order."""
    made: dict[int, tuple[Event, ...]] = {}
    for row in file.rows(f"{_SELECT} AND v.on_day = ? ORDER BY v.starts, v.id", (day.isoformat(),)):
        one = _moments(file, row)
        made[one.student_id] = (*made.get(one.student_id, ()), one)
    return made


def events_of(file: File, student_id: int, from_day: date) -> tuple[Event, ...]:
    """Return a student's events from a day on, in order."""
    found = file.rows(
        f"{_SELECT} AND v.student_id = ? AND v.on_day >= ? ORDER BY v.on_day, v.starts, v.id",
        (student_id, from_day.isoformat()),
    )
    return tuple(_moments(file, row) for row in found)


# Acts


@act("plan_event", resting=())
def plan_event(tx: Tx, student_id: int, day: date, starts: time, ends: time, kind: EventKind, note: str = "") -> int:
    """Note that a student is away for something on a day, today or to come; returns the event's id.

    Raises `NotUnderstood` for times that run backwards, `Refused` for a day that is over or closed, and for an event
    that is noted already.
    """
    tx.reach(student_id)
    if ends <= starts:
        raise NotUnderstood(f"It ends at {ends:%H:%M} and begins at {starts:%H:%M}.", "Type 1110-1210.")
    if day < tx.today:
        raise Refused("That day is over.", "Choose today or a day to come.")
    if not calendar_day(tx.file, day).is_open:
        raise Refused(f"{day:%a} {day.day} {day:%B} is not a school day.", "Choose another day.")
    begins = f"{starts:%H:%M}"
    if tx.file.value(
        f"SELECT 1 FROM student_event v WHERE student_id = ? AND on_day = ? AND starts = ? AND kind = ?"
        f" AND {live('student_event', 'v')}",
        (student_id, day.isoformat(), begins, EventKind(kind).value),
    ):
        raise Refused("That event is noted already.", "Cancel it first, to change it.")
    return tx.add(
        "student_event",
        student_id=student_id,
        on_day=day.isoformat(),
        starts=begins,
        ends=f"{ends:%H:%M}",
        kind=EventKind(kind).value,
        note=clean(note),
    )


@act("cancel_event", resting=())
def cancel_event(tx: Tx, event_id: int, why: str) -> None:
    """Take an event back, with a reason. Raises `NeedsReason` without one, `Refused` when it is no longer noted."""
    student_id = tx.file.value(
        f"SELECT student_id FROM student_event v WHERE id = ? AND {live('student_event', 'v')}", (event_id,)
    )
    if student_id is None:
        raise Refused("That event has been cancelled already.", "Nothing was changed.")
    tx.reach(student_id)
    if not clean(why):
        raise NeedsReason("Cancelling an event needs a reason.", "Type why.")
    tx.retract("student_event", event_id, clean(why))


# As people type it
