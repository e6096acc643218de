"""`psc roster --paper`: the rooms' logs as text, and as pages to print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from psc.clock import school_day, typed_day
from psc.errors import NotUnderstood
from psc.overview.log import make_log, read_told_home
from psc.overview.read_board import read_board, rooms_asked
from psc.prints.keep import PART, checked_folder, part_of, print_sheet, write_sheet
from psc.prints.log import log_json, log_lines, log_name, log_sheet

if TYPE_CHECKING:
    from psc.cli.context import Context

WIDTH = 80
"""The width of the text: what a plain printer holds."""


def folder_for_sheets(to: Path | None) -> Path | None:
    """Return the folder that sheets are to be written into, None for none.

    Raises `NotUnderstood` for one that is not there, `Refused` for one that is not on this machine's own disk.
    """
    return checked_folder(to) if to else None


def paper(context: Context, date_text: str, room_code: str, to: Path | None, *, asked: bool) -> int:
    """Print the logs of a day, a day to come as it is planned; with `to`, write each room's page into that folder."""
    if not asked:
        raise NotUnderstood("--to says where a paper log goes.", "Give it together with --paper.")
    to = folder_for_sheets(to)
    with context.desk() as desk:
        now = desk.clock.now()
        day = typed_day(date_text, school_day(now, desk.file.zone))
        board = read_board(desk.file, day, desk.staff(), today=school_day(now, desk.file.zone))
        rooms = rooms_asked(desk.file, board, room_code)
        told = read_told_home(desk.file, day)
        logs = [make_log(board, room, now, told) for room in rooms]
        desk.do_patiently(print_sheet("log", board.named(rooms)))
        files = [
            write_sheet(to / f"psc-{part_of(log_name(log.room), board)}-{day.isoformat()}.html", log_sheet(log))
            for log in logs
            if to is not None
        ]
    value = {
        "date": day.isoformat(),
        "school_day": board.day.is_open,
        "week": board.day.week,
        "rooms": [log_json(log) for log in logs],
        "files": [str(path) for path in files],
    }
    lines = [line for log in logs for line in ("", *log_lines(log, WIDTH))][1:]
    lines += [] if board.whole else ["", PART]
    context.print(value, [*lines, *([""] if files else []), *(f"Written: {path}" for path in files)])
    return 0
