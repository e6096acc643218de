"""A day in initials: what may stand on a screen that nobody is sitting at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psc.overview.cells import Tone, now_cell
from psc.roster.status import Status

if TYPE_CHECKING:
    from datetime import datetime

    from psc.overview.board import Board, RowNow


def initials(name: str) -> str:
    """Return the initials of a name as the board has it: `Khan, Bilal` is `BK`."""
    surname, _, forename = name.partition(",")
    letters = [next((one for one in part if one.isalpha()), "") for part in (forename, surname)]
    return "".join(letters).upper() or "–"


def in_initials(board: Board) -> Board:
    """Return a board whose rows have initials for names."""
    return board._replace(rows=tuple(row._replace(name=initials(row.name), apart="") for row in board.rows))


class QuietRow(NamedTuple):
    """One student on the quiet board: seat, initials, where they stand with the minutes, and how that is said."""

    seat: str
    letters: str
    words: str
    tone: Tone


def quiet_rows(board: Board, now: datetime) -> tuple[tuple[str, tuple[QuietRow, ...]], ...]:
    """Return each room's name with its rows. Who has left or is not coming is left out: the room is what counts."""
    made = []
    for room in board.rooms:
        there = [one for one in board.at(now, room.id) if one.status not in _GONE]
        made.append((room.name, tuple(_row(board, one, now) for one in there)))
    return tuple(made)


_GONE = frozenset({Status.LEFT, Status.ABSENT, Status.NO_SHOW, Status.CANCELLED})


def _row(board: Board, one: RowNow, now: datetime) -> QuietRow:
    cell = now_cell(board, one, now)
    return QuietRow(str(one.row.seat or "–"), initials(one.row.name), cell.text, cell.tone)


def ended_words(board: Board, now: datetime) -> str:
    """Say that a period has just ended, for ten minutes, with the checks still to do; "" where none has."""
    ended = [
        period
        for periods in board.shape.by_year.values()
        for period in periods
        if period.is_lesson and 0 <= (now - period.end).total_seconds() < 600
    ]
    if not ended:
        return ""
    name = max(ended, key=lambda period: period.end).name
    owed = sum(
        1
        for one in board.at(now)
        if one.inside and any(placed.period.name == name and placed.mark is None for placed in one.row.placed)
    )
    return f"{name} ended" + (f", {owed} to check" if owed else "")
