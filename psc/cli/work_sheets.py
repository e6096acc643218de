"""`psc work --desk` and `psc work --slips`: what lies on every desk, as text and as sheets to print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.cli.paper import WIDTH, folder_for_sheets
from psc.clock import school_day, typed_day
from psc.desk.permissions import scope_of
from psc.errors import NotUnderstood
from psc.overview.board import edge
from psc.overview.read_board import rooms_asked
from psc.prints.desk_list import desk_list_lines, desk_list_page, desk_list_part, desk_list_pdf, make_desk_list
from psc.prints.keep import print_sheet, write_sheet
from psc.prints.slips import make_slips, read_work, slips_part
from psc.text import counted

if TYPE_CHECKING:
    import argparse
    from datetime import datetime
    from pathlib import Path

    from psc.cli.context import Context
    from psc.overview.board import Board


def desk_lists(context: Context, args: argparse.Namespace) -> int:
    """Print the desk list of a period, room by room; with `--to`, write each as a page and as PDF into that folder."""
    to = folder_for_sheets(args.to)
    with context.desk() as desk:
        scope_of("print_slips", desk.staff())
        day = typed_day(args.date, school_day(desk.clock.now(), desk.file.zone))
        board, sets, known = read_work(desk, day)
        period = _period(board, args.period) or _due(board, desk.clock.now())
        rooms = rooms_asked(desk.file, board, args.room)
        made = [make_desk_list(board, room, period, sets, known=known) for room in rooms]
        desk.do_patiently(print_sheet("desk list", sorted({one for each in made for one in each.students})))
        files: list[Path] = []
        for one in made if to else ():
            called = f"psc-desk-list-{desk_list_part(one)}-{day.isoformat()}"
            files += _written(to, called, desk_list_page(one), desk_list_pdf(one)[0])
    value = {
        "date": day.isoformat(),
        "period": period,
        "rooms": [
            {
                "code": one.room.code,
                "students": [
                    {
                        "seat": int(row.seat) if row.seat.isdecimal() else None,
                        "name": row.name,
                        "subject": row.subject,
                        "work": row.work,
                        "state": row.state,
                        "gap": row.gap,
                    }
                    for row in one.rows
                ],
            }
            for one in made
        ],
        "files": [str(path) for path in files],
    }
    lines = [line for one in made for line in ("", *desk_list_lines(one, WIDTH))][1:]
    context.print(value, [*lines, *([""] if files else []), *(f"Written: {path}" for path in files)])
    return 0


def slips(context: Context, args: argparse.Namespace) -> int:
    """Write the slips of a day, a room or a period as one page file and one PDF into a folder."""
    to = folder_for_sheets(args.to)
    if to is None:
        raise NotUnderstood("Slips are pages.", "Say where they go: --to DIR.")
    from psc.prints.slip_sheet import slips_page, slips_pdf

    with context.desk() as desk:
        scope_of("print_slips", desk.staff())
        day = typed_day(args.date, school_day(desk.clock.now(), desk.file.zone))
        board, sets, known = read_work(desk, day)
        period = _period(board, args.period)
        rooms = rooms_asked(desk.file, board, args.room)
        room = rooms[0] if args.room else None
        made = make_slips(board, sets, room_id=room.id if room else None, period=period, known=known)
        files: list[Path] = []
        if made:
            desk.do_patiently(print_sheet("slips", sorted({one.student_id for one in made})))
            called = f"psc-slips-{slips_part(board, room, period)}-{day.isoformat()}"
            files = _written(to, called, slips_page(made), slips_pdf(made)[0])
    value = {"date": day.isoformat(), "slips": len(made), "files": [str(path) for path in files]}
    said = counted(len(made), "slip") if made else "No work has come yet: there are no slips."
    context.print(value, [said, *(f"Written: {path}" for path in files)])
    return 0


def _written(to: Path | None, called: str, page: str, pdf: bytes) -> list[Path]:
    return [write_sheet(to / f"{called}.html", page), write_sheet(to / f"{called}.pdf", pdf)] if to else []


def _period(board: Board, typed: str) -> str:
    """Return the lesson that was typed, "" for none. Raises `NotUnderstood` for one that the day has not."""
    if not typed.strip():
        return ""
    names = list(dict.fromkeys(one.name for every in board.shape.by_year.values() for one in every if one.is_lesson))
    for name in names:
        if name.casefold() == typed.strip().casefold():
            return name
    raise NotUnderstood(f"There is no lesson {typed.strip()} that day.", f"There are: {', '.join(names) or 'none'}.")


def _due(board: Board, now: datetime) -> str:
    """Return the lesson under way, else the next. Raises `NotUnderstood` when the last is over."""
    lessons = {one for every in board.shape.by_year.values() for one in every if one.is_lesson}
    name = next((one.name for one in sorted(lessons, key=lambda one: one.end) if one.end > edge(board, now)), "")
    if not name:
        raise NotUnderstood("The lessons of that day are over.", "Say which with --period P3.")
    return name
