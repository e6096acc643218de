"""Commands that print sheets: the evacuation roll."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from psc.cli.show import local
from psc.clock import school_day
from psc.overview.board import read_board
from psc.overview.roll import roll, roll_lines

if TYPE_CHECKING:
    from psc.cli.context import Context


def evacuation_roll(context: Context) -> int:
    """Print the evacuation roll: out and to be found first with the last known place, then in by room."""
    with context.desk() as desk:
        now = desk.clock.now()
        board = read_board(desk.file, school_day(now, desk.file.zone), desk.staff(), read="see_roll")
    evacuation = board.evacuation
    value = {
        "at": local(now, board.zone),
        "evacuation": {"kind": evacuation.kind.value, "since": local(evacuation.started, board.zone)}
        if evacuation and evacuation.ended is None
        else None,
        "students": [
            {
                "student": one.admission_no,
                "name": one.name,
                "form": one.form,
                "room": one.room,
                "seat": one.seat,
                "place": one.place,
                "missing": one.missing,
                "seen": local(one.ticked, board.zone) if one.ticked else None,
            }
            for one in roll(board, now)
        ],
    }
    width = max(60, shutil.get_terminal_size((80, 24)).columns)
    context.print(value, roll_lines(board, now, width))
    return 0
