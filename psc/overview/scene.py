"""The scene of an incident: when it was, as people type it, which period that is, and who was in the room then."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from psc.clock import at_clock, school_day, typed_moment, wall
from psc.errors import NotUnderstood, Refused
from psc.roster.movements import stays
from psc.school.calendar import past_day
from psc.school.shapes import shape_of
from psc.text import fold

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from psc.database.file import File
    from psc.overview.board import Board, Row

_NOON = time(12)
"""A time of the day that is named, which says no more than which day that is."""


def read_when(file: File, text: str, now: datetime) -> datetime:
    """Read when something happened: `now`, `1132`, `-8`, `P3`, or a day before it: `yesterday 1430`, `20 Nov P3`.

    Raises `NotUnderstood` for what is no time, `Refused` for one that is still to come.
    """
    day_text, _, time_text = text.strip().rpartition(" ")
    today = school_day(now, file.zone)
    day = past_day(day_text, today) if day_text.strip() else today
    starts: dict[str, datetime] = {}
    for periods in shape_of(file, day).by_year.values():
        for one in periods:
            starts[one.name] = min(one.start, starts.get(one.name, one.start))
    if day == today:
        read = typed_moment(time_text, now, file.zone, starts)
    elif time_text.strip().startswith("-") or time_text.strip().lower() == "now":
        raise NotUnderstood(f"“{text.strip()}” is not a time psc can read.", "Type the day, then 1430 or P3.")
    else:
        read = typed_moment(time_text, at_clock(day, _NOON, file.zone), file.zone, starts)
    if read > now:
        raise Refused("That time is still to come.", f"An earlier day: yesterday {time_text.strip()}.")
    return read


def when_typed(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return a moment as it could have been typed: the time alone for today, else the day before it."""
    day, today = school_day(at, zone), school_day(now, zone)
    if day == today:
        return wall(at, zone)
    year = f" {day.year}" if past_day(f"{day.day} {day:%b}", today) != day else ""
    return f"{day.day} {day:%b}{year} {wall(at, zone)}"


def period_at(file: File, at: datetime, year: int | None = None) -> str:
    """Return the name of the period of a moment: a year group's, or any year's; "" outside the bells."""
    shape = shape_of(file, school_day(at, file.zone))
    if year is not None:
        return next((one.name for one in shape.periods(year) if one.start <= at < one.end), "")
    found = shape.now(at)
    return found.name if found else ""


def there_then(board: Board, room_id: int, at: datetime) -> tuple[Row, ...]:
    """Return who was in a room of a day's board at a moment, and not out of it, by name.

    Whoever was signed in within that minute was there.
    """
    until = at.replace(second=0) + timedelta(minutes=1)
    return tuple(
        sorted(
            (
                row
                for row in board.rows
                if row.room_id == room_id
                and not row.hidden
                and any(
                    stay.start < until and (stay.end is None or at < stay.end) and not stay.out_for
                    for stay in stays(row.facts.moves)
                )
            ),
            key=lambda row: fold(row.name),
        )
    )
