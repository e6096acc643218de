"""The rota: who is planned where and when, day by day. A plan, not a fact of duty: that is confirmed in the room.

One person's day is planned whole, so that everything which stands on it comes from one act. Times are the school's
wall clock, as text (`08:40`), which sorts as time.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day, stamp, wall
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.desk.people import Named, short_name
from psc.errors import NotUnderstood, Overtaken, Refused
from psc.school.calendar import calendar_day
from psc.school.rooms import room_by_id
from psc.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from psc.database.file import File
    from psc.desk.acts import Call
    from psc.school.rooms import Room

SOON = timedelta(minutes=30)
"""How long before a duty begins it counts as the one to confirm."""
DAYS = 5
"""Days of a rota's week: Monday to Friday."""


class RotaKind(StrEnum):
    """What somebody is planned for."""

    DUTY = "duty"
    BREAK = "break"
    MEETING = "meeting"
    OTHER = "other"


class Planned(NamedTuple):
    """One stretch of somebody's day. Only a duty has a room."""

    starts: str
    ends: str
    kind: RotaKind
    room_id: int | None = None
    note: str = ""


class RotaEntry(NamedTuple):
    """A stretch of somebody's day, as it stands in the file."""

    id: int
    who: Named
    day: date
    planned: Planned


def entries_between(file: File, first: date, last: date) -> tuple[RotaEntry, ...]:
    """Return what is planned from a day to a day, by day, person and time."""
    found = file.rows(
        "SELECT e.id, e.staff_id, s.forename, s.surname, e.on_day, e.starts, e.ends, e.kind, e.room_id, e.note"
        " FROM rota_entry e JOIN staff s ON s.id = e.staff_id"
        f" WHERE e.on_day BETWEEN ? AND ? AND {live('rota_entry', 'e')} ORDER BY e.on_day, s.code, e.starts",
        (first.isoformat(), last.isoformat()),
    )
    return tuple(
        RotaEntry(
            identity,
            Named(staff_id, short_name(forename, surname)),
            date.fromisoformat(day),
            Planned(starts, ends, RotaKind(kind), room_id, note),
        )
        for identity, staff_id, forename, surname, day, starts, ends, kind, room_id, note in found
    )


def planned_at(entries: Sequence[RotaEntry], room_id: int, at: datetime, zone: ZoneInfo) -> tuple[Named, ...]:
    """Return who is planned for duty in a room at a moment."""
    day, clock = school_day(at, zone), wall(at, zone)
    return tuple(
        one.who
        for one in entries
        if one.day == day and one.planned.room_id == room_id and one.planned.starts <= clock < one.planned.ends
    )


# Typing a day in one line

_PART = re.compile(
    r"(?P<first>\d{1,2}[:.]?\d{2}|[A-Za-z]+\d*)(?:\s*[-–]\s*(?P<last>\d{1,2}[:.]?\d{2}|[A-Za-z]+\d*))?\s+(?P<what>\S.*)"
)
_CLOCK = re.compile(r"(\d{1,2})[:.]?(\d{2})")
_LUNCH = "lunch"  # a break, called by its name
EXAMPLE = "0840-1050 IER, 1050-1110 break, 1300-1330 meeting Y9"
"""A day as it is typed."""


def read_day(text: str, rooms: Sequence[Room], periods: Mapping[str, tuple[str, str]]) -> tuple[Planned, ...]:
    """Read somebody's day as it is typed: `0840-1050 IER, P3 IER, 1300-1330 meeting Y9`; nothing typed clears it.

    `periods` gives each period's first and last minute on that day. Raises `NotUnderstood` with the piece that makes no
    sense, and `Refused` when two pieces overlap or one ends before it starts.
    """
    made = []
    for part in re.split(r"[,;]", text):
        piece = clean(part)
        if not piece:
            continue
        found = _PART.fullmatch(piece)
        if found is None:
            raise NotUnderstood(f"“{piece}” is not understood.", f"Type times and what: {EXAMPLE}.")
        first, last, what = found["first"], found["last"], found["what"]
        starts, ends = _times(piece, first, last, periods)
        made.append(_planned(piece, starts, ends, what, rooms))
    return check_day(made)


def _times(piece: str, first: str, last: str | None, periods: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """Return the first and last minute that `0840-1050`, `P1-P3` or `P2` stand for."""
    by_name = {name.casefold(): times for name, times in periods.items()}
    ends = last or first
    found = []
    for typed, place in ((first, 0), (ends, 1)):
        if clock := _CLOCK.fullmatch(typed):
            hour, minute = int(clock[1]), int(clock[2])
            if hour > 23 or minute > 59:
                raise NotUnderstood(f"“{typed}” is not a time of the day.", f"It stands in “{piece}”.")
            found.append(f"{hour:02}:{minute:02}")
        elif typed.casefold() in by_name:
            found.append(by_name[typed.casefold()][place])
        else:
            raise NotUnderstood(f"“{typed}” is neither a time nor a period of that day.", f"It stands in “{piece}”.")
    if last is None and _CLOCK.fullmatch(first):
        raise NotUnderstood(f"“{piece}” does not say until when.", f"Type both times: {EXAMPLE}.")
    return found[0], found[1]


def _planned(piece: str, starts: str, ends: str, what: str, rooms: Sequence[Room]) -> Planned:
    """Return the stretch; `what` is a room's code, or break, meeting, other, and a note."""
    word, _, note = what.partition(" ")
    if word.casefold() == RotaKind.DUTY and note:
        word, _, note = note.partition(" ")
    room = next((one for one in rooms if one.code.casefold() == word.casefold()), None)
    if room:
        return Planned(starts, ends, RotaKind.DUTY, room.id, note)
    if word.casefold() == _LUNCH:
        return Planned(starts, ends, RotaKind.BREAK, None, f"{_LUNCH} {note}".strip())
    if word.casefold() in (RotaKind.BREAK, RotaKind.MEETING, RotaKind.OTHER):
        return Planned(starts, ends, RotaKind(word.casefold()), None, note)
    codes = ", ".join(one.code for one in rooms)
    raise NotUnderstood(f"“{word}” in “{piece}” is not understood.", f"It can be {codes}, break, meeting or other.")


def check_day(entries: Sequence[Planned]) -> tuple[Planned, ...]:
    """Return one person's day in order. Raises `Refused` when a stretch ends before it starts, or two overlap."""
    made = tuple(sorted(entries, key=lambda one: (one.starts, one.ends)))
    for one in made:
        if one.ends <= one.starts:
            raise Refused(f"{one.starts} to {one.ends} ends before it begins.", "Check the times.")
    for before, after in pairwise(made):
        if after.starts < before.ends:
            raise Refused(
                f"{before.starts}–{before.ends} and {after.starts}–{after.ends} overlap.",
                "Nobody can be in two places: check the times.",
            )
    return made


def what_words(one: Planned, rooms: Sequence[Room]) -> str:
    """Return what somebody is planned for: `IER`, `break`, `meeting Y9`."""
    code = next((room.code for room in rooms if room.id == one.room_id), "")
    if one.kind is RotaKind.BREAK and one.note.split(" ")[0] == _LUNCH:
        return one.note
    return f"{code or one.kind.value} {one.note}".strip()


def typed_day_words(entries: Sequence[Planned], rooms: Sequence[Room]) -> str:
    """Return a day as it would be typed: what `read_day` reads back."""
    return ", ".join(
        f"{one.starts.replace(':', '')}-{one.ends.replace(':', '')} {what_words(one, rooms)}" for one in entries
    )


# Acts


def _not_overtaken(tx: Tx) -> None:
    """Raise `Refused` when a day that an undo would put back has been planned again since, by anybody."""
    touched = tx.file.value(
        "SELECT 1 FROM rota_entry e JOIN retraction r ON r.fact = 'rota_entry' AND r.fact_id = e.id"
        " WHERE e.seq = :undone AND r.seq <> :mine AND NOT EXISTS (SELECT 1 FROM ledger u WHERE u.undoes = r.seq)",
        {"undone": tx.undoes, "mine": tx.seq},
    )
    mixed = tx.file.value(
        "SELECT 1 FROM rota_entry put JOIN rota_entry other ON other.staff_id = put.staff_id"
        " AND other.on_day = put.on_day AND other.seq <> put.seq"
        f" WHERE put.recorded = :now AND {live('rota_entry', 'put')} AND {live('rota_entry', 'other')}",
        {"now": stamp(tx.now)},
    )
    if touched or mixed:
        raise Refused("That day of the rota has been planned again since.", "Plan it once more instead.")


@act("plan_rota", resting=(), afterwards=_not_overtaken)
def plan_rota(
    tx: Tx, staff_id: int, day: date, entries: Sequence[Planned], *, seen: Sequence[int] | None = None
) -> int:
    """Plan somebody's day anew: what was planned goes, `entries` stand; returns how many do.

    `seen` are the ids of what stood there when it was looked at. Raises `Overtaken` when that has changed since,
    `Refused` for times that are impossible or overlap, for a day that is over, and for duty on a closed day.
    """
    if tx.file.value("SELECT 1 FROM staff WHERE id = ? AND active = 1", (staff_id,)) is None:
        raise NotUnderstood("That member of staff is not on the staff list.", "See the staff list.")
    if day < tx.today:
        raise Refused("That day is over: the rota is a plan.", "Who was on duty is kept with the room.")
    wanted = check_day(entries)
    for one in wanted:
        if one.room_id is not None:
            room_by_id(tx.file, one.room_id)
    if any(one.kind is RotaKind.DUTY for one in wanted) and not calendar_day(tx.file, day).is_open:
        raise Refused(f"The school is closed to students on {day:%a} {day.day} {day:%b}.", "Nobody is on duty then.")
    standing = [one.id for one in entries_between(tx.file, day, day) if one.who.staff_id == staff_id]
    if seen is not None and sorted(seen) != sorted(standing):
        raise Overtaken("Somebody else has just planned that day.", "Look at it again; what you typed was not saved.")
    for entry_id in standing:
        tx.retract("rota_entry", entry_id, "planned anew")
    for one in wanted:
        tx.add(
            "rota_entry",
            staff_id=staff_id,
            on_day=day.isoformat(),
            starts=one.starts,
            ends=one.ends,
            kind=RotaKind(one.kind).value,
            room_id=one.room_id,
            note=clean(one.note),
        )
    return len(wanted)


def week_copied(file: File, source: date, target: date, today: date) -> list[Call[int]]:
    """Return the acts that plan the week from Monday `target` as the one from `source`; days already planned stay.

    Closed days and days that are over are left out.
    """
    there = {(one.who.staff_id, one.day) for one in entries_between(file, target, target + timedelta(days=DAYS - 1))}
    made: dict[tuple[int, date], list[Planned]] = {}
    for one in entries_between(file, source, source + timedelta(days=DAYS - 1)):
        day = target + (one.day - source)
        if day < today or (one.who.staff_id, day) in there or not calendar_day(file, day).is_open:
            continue
        made.setdefault((one.who.staff_id or 0, day), []).append(one.planned)
    return [plan_rota(staff_id, day, planned, seen=()) for (staff_id, day), planned in made.items()]


def monday_of(day: date) -> date:
    """Return the Monday of a day's week; of a Saturday or Sunday, the Monday that follows."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= DAYS else day - timedelta(days=day.weekday())
