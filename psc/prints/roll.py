"""The evacuation roll on one A4 page, to carry to the assembly point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import wall
from psc.overview.roll import roll, roll_heading
from psc.prints.page import heading, page, paragraph, table

if TYPE_CHECKING:
    from datetime import datetime

    from psc.overview.board import Board
    from psc.overview.roll import RollLine

_ROOMY = 28
"""Lines that an A4 page holds with room about them; more stand close, so that the roll stays one page to carry."""


def roll_page(board: Board, now: datetime) -> str:
    """Return the roll as an HTML page: out and to be found first, then by room."""
    lines = roll(board, now)
    day = board.day.day
    parts = [paragraph(roll_heading(board, lines, now))]
    missing = [one for one in lines if one.missing]
    if missing:
        parts.append(heading("Out, or to be found"))
        parts.append(_table(board, missing))
    for room in board.rooms:
        there = [one for one in lines if one.room == room.code and not one.missing]
        if there:
            parts.append(heading(f"{room.name}: {len(there)}"))
            parts.append(_table(board, there))
    title = f"{board.school}: evacuation roll, {day:%A} {day.day} {day:%B %Y}, {wall(now, board.zone)}"
    return page(title, parts, foot="Destroy after use. The record is in psc.", dense=len(lines) > _ROOMY)


def _table(board: Board, lines: list[RollLine]) -> str:
    rows = [
        ["☑ " + wall(one.ticked, board.zone) if one.ticked else "☐", one.name, one.form, one.place] for one in lines
    ]
    return table(["Seen", "Student", "Form", "Last known place"], rows, widths=(12, 38, 10, 40))
