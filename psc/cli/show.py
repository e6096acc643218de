"""Commands that show: the board of a day, and students found."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from psc.clock import school_day, typed_day
from psc.overview.board import edge
from psc.overview.cells import text_lines
from psc.overview.read_board import read_board, rooms_asked
from psc.overview.within import open_visits_for
from psc.school.students import find_students

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from psc.cli.context import Context
    from psc.overview.board import Board, RowNow
    from psc.school.rooms import Room
    from psc.school.students import Student


LOOK_BACK = timedelta(days=30)
"""How far back a text command looks for visits that nobody ended; the app looks at all there are."""


def roster(context: Context, date_text: str, room_code: str) -> int:
    """Print the board of a day. A past day is shown as it ended, a day to come as it is planned."""
    with context.desk() as desk:
        now = desk.clock.now()
        today = school_day(now, desk.file.zone)
        day = typed_day(date_text, today)
        lately = today - LOOK_BACK
        staff = desk.staff()
        open_before = len(open_visits_for(desk.file, today, staff, since=lately)) if day == today else 0
        board = read_board(desk.file, day, staff, open_before=open_before, staffed=False, today=today)
        rooms = rooms_asked(desk.file, board, room_code)
    shown_at = edge(board, now)
    width = shutil.get_terminal_size((100, 24)).columns
    context.print(
        roster_json(board, shown_at, rooms), text_lines(board, shown_at, max(width, 60), rooms, live=day == today)
    )
    return 0


def roster_json(board: Board, now: datetime, rooms: Sequence[Room]) -> dict[str, Any]:
    """Return the board as the command line's contract has it."""
    period = board.period(now)
    return {
        "date": board.day.day.isoformat(),
        "school_day": board.day.is_open,
        "week": board.day.week,
        "period": period.name if period else None,
        "rooms": [_room_json(board, room, now) for room in rooms],
    }


def _room_json(board: Board, room: Room, now: datetime) -> dict[str, Any]:
    rows = board.at(now, room.id)
    return {
        "code": room.code,
        "name": room.name,
        "seats": room.seats,
        "used": board.used.get(room.id, 0),
        "students": [_row_json(board, one) for one in rows],
    }


_HIDDEN: dict[str, Any] = {
    "student": "", "name": "", "year": None, "form": "", "type": "", "reason": "", "status": "", "since": None,
    "seat": None, "day": 0, "days": 0, "minutes": 0, "checks": {}, "work": {"returned": 0, "of": 0}, "alerts": [],
}  # fmt: skip
"""What is said of a student from whom the reader is barred, in the order of the contract."""


def _row_json(board: Board, one: RowNow) -> dict[str, Any]:
    row, since = one.row, one.standing.since
    if row.hidden:
        return {**_HIDDEN, "name": row.name, "status": one.status.value, "seat": row.seat}
    return {
        "student": row.admission_no,
        "name": row.plain_name,
        "year": row.year,
        "form": row.form,
        "type": row.type.value,
        "reason": row.reason,
        "status": one.status.value,
        "since": local(since, board.zone) if since else None,
        "seat": row.seat,
        "day": row.days[0],
        "days": row.days[1],
        "minutes": one.minutes,
        "checks": {placed.period.name: placed.mark for placed in row.placed if placed.mark is not None},
        "work": dict(zip(("returned", "of"), one.work_done, strict=True)),
        "alerts": [alert.kind for alert in row.alerts],
    }


def local(at: datetime, zone: Any) -> str:
    """Return a moment as the JSON has it: ISO 8601 with the school's offset."""
    return at.astimezone(zone).isoformat()


def find(context: Context, text: str) -> int:
    """Print the students that fit."""
    with context.desk() as desk:
        today = school_day(desk.clock.now(), desk.file.zone)
        found = find_students(desk.file, text, desk.staff(), today)
    value = [{"student": one.number, "name": one.plain_name, "year": one.year, "form": one.form} for one in found]
    context.print(value, [_found_line(one) for one in found] or ["No student fits."])
    return 0


def _found_line(one: Student) -> str:
    return f"{one.number:<8} {one.name:<32} {one.form:<5} {'new here' if one.new_here else ''}".rstrip()
