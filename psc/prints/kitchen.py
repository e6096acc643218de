"""The kitchen sheet: a copy for the kitchen, with what it must know, and one for the wall, which names nobody.

Free meals must not be read from a wall. Leaving out the names of those who have them would tell as much as naming
them, so the wall copy leaves out every name: it says seat and choice, the same for everybody, and is made without
looking at who pays. Typed choices stand on it as *other*: people type dietary needs, and worse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import wall
from psc.overview.meals import counts_of, late_words, plates
from psc.overview.read_board import read_board
from psc.prints.keep import PART, check_room, keep_sheet, part_of, print_sheet
from psc.prints.page import heading, page, paragraph, table
from psc.roster.lunch import CHOICES, KITCHEN_SHEET, Needs, last_printed, needs_of
from psc.text import counted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from pathlib import Path

    from psc.desk.acts import Desk
    from psc.overview.board import Board
    from psc.roster.lunch import Printed

_FREE = {True: "yes", False: "no", None: "not known"}


def print_kitchen(desk: Desk, day: date) -> Path:
    """Note in the ledger that the kitchen is told, write the kitchen's copy of today, and return where it is.

    The late list starts anew from here. Raises `NotAllowed`, `NoSpace` or `ReadOnly`.
    """
    printed = last_printed(desk.file, day)
    # Written nowhere, the kitchen is not told: the late list must not start anew for a sheet that nobody has.
    check_room(desk.file)
    before = read_board(desk.file, day, desk.staff())
    done = desk.do_patiently(print_sheet(KITCHEN_SHEET, before.named()), seconds=2)
    # Read after the ledger line: a choice typed meanwhile is then late as well as on the sheet, never neither.
    board = read_board(desk.file, day, desk.staff())
    needs = needs_of(desk.file, board.named())
    return keep_sheet(desk.file, part_of(KITCHEN_SHEET, board), day, kitchen_copy(board, done.at, needs, printed))


def print_wall(desk: Desk, day: date) -> Path:
    """Write the copy for the wall, noted in the ledger too, and return where it is. Raises as `print_kitchen` does."""
    done = desk.do_patiently(print_sheet("kitchen wall"), seconds=2)
    board = read_board(desk.file, day, desk.staff())
    return keep_sheet(desk.file, part_of("kitchen-wall", board), day, wall_copy(board, done.at))


def kitchen_copy(board: Board, now: datetime, needs: Mapping[int, Needs], printed: Printed | None) -> str:
    """Return the kitchen's copy. `printed` is the sheet before this one: what is new since then stands first."""
    shown = plates(board, now)
    unknown = Needs("not on this copy: ask for another", None)
    parts = [paragraph(_counts(board, now)), *([] if board.whole else [paragraph(PART)])]
    if printed and (late := late_words(board, now, printed)):
        parts.append(heading(f"New since the sheet of {wall(printed.at, board.zone)}"))
        parts += [paragraph(one) for one in late]
    rows = []
    for one in shown:
        if one.here:
            need = needs.get(one.student_id, unknown)
            choice = one.choice or "to be asked"
            rows.append(
                (one.room, str(one.seat or "–"), one.name, one.form, choice, need.dietary, _FREE[need.free], "")
            )
    parts.append(heading("Everybody in the rooms"))
    parts.append(table(("Room", "Seat", "Student", "Form", "Choice", "Dietary needs", "Free meal", "Given"), rows))
    return page(
        f"Lunch, {_day(board)}: kitchen copy",
        parts,
        foot=f"{board.school}. As at {wall(now, board.zone)}. Confidential: for the kitchen only, not for a wall."
        " Destroy it after lunch.",
    )


def wall_copy(board: Board, now: datetime) -> str:
    """Return the wall's copy: seats and choices, and no student."""
    parts = [paragraph(_counts(board, now))]
    shown = plates(board, now)
    for room in board.rooms:
        there = [(one.seat or 999, _on_wall(one.choice)) for one in shown if one.here and one.room_id == room.id]
        # By seat and choice: whoever has no seat yet must not be told by the order of the names.
        rows = [(str(seat) if seat < 999 else "–", choice) for seat, choice in sorted(there) if choice]
        if rows:
            parts.append(heading(room.name))
            parts.append(table(("Seat", "Choice"), rows))
    return page(f"Lunch, {_day(board)}", parts, foot=f"{board.school}. As at {wall(now, board.zone)}.")


def _on_wall(choice: str) -> str:
    return choice if not choice or choice in CHOICES else "other"


def _counts(board: Board, now: datetime) -> str:
    totals: dict[str, int] = {}
    for choice, number in counts_of(plates(board, now)):
        totals[_on_wall(choice)] = totals.get(_on_wall(choice), 0) + number
    words = ", ".join(f"{number} {choice}" for choice, number in totals.items())
    return f"{counted(sum(totals.values()), 'meal')} to make: {words}." if totals else "No meals to make yet."


def _day(board: Board) -> str:
    day = board.day.day
    return f"{day:%A} {day.day} {day:%B %Y}"
