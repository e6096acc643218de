"""A day in initials: what may stand on a screen that nobody is sitting at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from psc.overview.cells import Tone, now_cell
from psc.roster.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from psc.overview.board import Board, Row, RowNow


def initials(name: str) -> str:
    """Return the initials of a name as the board has it: `Khan, Bilal` is `BK`."""
    surname, _, forename = name.partition(",")
    letters = [next((one for one in part if one.isalpha()), "") for part in (forename, surname)]
    return "".join(letters).upper() or "–"


def in_initials(board: Board) -> Board:
    """Return a board whose rows have initials for names. They stay in the order of the names."""
    return board._replace(rows=tuple(row if row.hidden else _lettered(row) for row in board.rows))


def _lettered(row: Row) -> Row:
    return row._replace(name=initials(row.name), apart="", filed=row.name.casefold())


class Veil:
    """What hides the names of a board's students in words that were made with them."""

    def __init__(self, board: Board) -> None:
        self._letters = {row.plain_name: initials(row.name) for row in board.rows if not row.hidden}
        words = {word.casefold(): word[0].upper() for name in self._letters for word in _WORD.findall(name)}
        self._parts = {word: letter for word, letter in words.items() if len(word) > 1}

    def over(self, text: str) -> str:
        """Return what psc said, with initials for the students' names."""
        return _any_of(self._letters).sub(lambda found: self._letters[found[0]], text) if self._letters else text

    def over_typed(self, text: str) -> str:
        """Return what somebody typed, with a letter for every word that is part of a student's name."""
        return _WORD.sub(lambda found: self._parts.get(found[0].casefold(), found[0]), self.over(text))


_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))


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
    letters = "–" if one.row.hidden else initials(one.row.name)
    return QuietRow(str(one.row.seat or "–"), letters, cell.text, cell.tone)


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
