"""A day minute by minute: what psc makes of its facts, and a table written by hand to hold it against.

The table has a line a student: `08:39 in, 09:20 out toilet, 09:26 in, 14:50 left`. Each entry holds until the next.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from psc.roster.movements import Kind, OutReason
from tests.school import at

if TYPE_CHECKING:
    from psc.overview.board import Board

MINUTE = timedelta(minutes=1)
FIRST, LAST = at("08:20"), at("15:30")


def by_hand(table: str) -> dict[str, dict[datetime, str]]:
    """Read the table: for each student, the word for every minute of the day."""
    made: dict[str, dict[datetime, str]] = {}
    for row in filter(None, (one.strip() for one in table.splitlines())):
        name, _, told = row.partition(":")
        changes = [entry.strip().split(" ", 1) for entry in told.split(",")]
        minutes = {}
        word, minute = "not here", FIRST
        while minute <= LAST:
            for clock, change in changes:
                if at(clock) == minute:
                    word = change
            minutes[minute] = word
            minute += MINUTE
        made[name] = minutes
    return made


def by_psc(board: Board, student: int) -> dict[datetime, str]:
    """Return the same from the facts that stand, over all rooms: the last movement up to each minute."""
    moves = sorted(
        (move for row in board.rows if row.student_id == student for move in row.facts.moves), key=lambda one: one.order
    )
    rooms = {room.id: room.code for room in board.rooms}
    made = {}
    minute = FIRST
    while minute <= LAST:
        word = "not here"
        for move in moves:
            if move.happened <= minute:
                if move.kind in (Kind.IN, Kind.BACK):
                    word = f"in {rooms[move.room_id]}"
                else:
                    word = f"out {move.reason}" if move.kind is Kind.OUT else "left"
        made[minute] = word
        minute += MINUTE
    return made


def counted(minutes: dict[datetime, str], room: str, start: str = "08:20", end: str = "15:30") -> tuple[int, int]:
    """Count the minutes in a room and those that count as present between two times, one minute at a time."""
    inside = present = 0
    for minute, word in minutes.items():
        if at(start) <= minute < at(end):
            if word == f"in {room}":
                inside += 1
                present += 1
            elif word.startswith("out ") and OutReason(word[4:]).counts_as_present:
                present += 1
    return inside, present
