"""The room's log of a day, as it stands on paper: who is expected or has come, and what is recorded of each so far.

The same rows make the sheet that is printed, and the grid that takes the sheet back. No reason, alert or type is in it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment, school_day, wall
from psc.desk.facts import live
from psc.overview.cells import until_words
from psc.roster.letters import EVACUATION_LETTER, HOME_LETTER, LEFT_LETTERS, OUT_LETTERS
from psc.roster.movements import Kind, Movement
from psc.roster.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from psc.database.file import File
    from psc.overview.board import Board, Placed, Row, RowNow
    from psc.school.rooms import Room
    from psc.school.shapes import Period

SPARE_ROWS = 2
"""Empty rows for walk-ins that a log has at the least, also when every seat is spoken for."""


class LogRow(NamedTuple):
    """One student of a room's log. Times are as the school's clock shows them: `08:41`."""

    row: Row
    seat: int | None
    until: str
    came: tuple[str, ...]
    outs: tuple[tuple[str, str, str], ...]
    """Letter, out, and back ("" while out) of each time the student went out."""
    left: tuple[tuple[str, str], ...]
    """Letter and time of each leaving."""
    checks: Mapping[str, int]
    home_told: str
    """When somebody at home was told today, "" for not yet."""

    @property
    def student_id(self) -> int:
        """Psc's own id of the student."""
        return self.row.student_id

    @property
    def came_words(self) -> str:
        """The In cell: `08:41`, several with a space between."""
        return " ".join(self.came)

    @property
    def out_words(self) -> str:
        """The Out–back cell: `t11:37-11:44 n12:05-`."""
        return " ".join(f"{letter}{out}-{back}" for letter, out, back in self.outs)

    @property
    def left_words(self) -> str:
        """The Left cell: `l14:50`."""
        return " ".join(f"{letter}{at}" for letter, at in self.left)

    def check_words(self, period: str) -> str:
        """The check of a period: its mark, "" for none."""
        return str(self.checks.get(period, ""))


class Log(NamedTuple):
    """A room's log of a day, as it was at a moment."""

    school: str
    room: Room
    day: date
    week: str
    at: str
    periods: tuple[tuple[str, str], ...]
    """The day's periods, each with its times in words; years that differ stand side by side."""
    lessons: tuple[str, ...]
    rows: tuple[LogRow, ...]
    spare: int
    """Empty rows for walk-ins."""
    whole: bool = True
    """Whether everybody of the room stands on it by name: see `Board.whole`."""


def make_log(board: Board, room: Room, now: datetime, told: Mapping[int, str]) -> Log:
    """Make a room's log from its board. `told` is when each student's home was told, by student id.

    Who was cancelled is left out; who is known not to come today stands last.
    """
    shown = [one for one in board.at(now, room.id) if one.status is not Status.CANCELLED]
    rows = tuple(_log_row(board, one, told.get(one.row.student_id, "")) for one in sorted(shown, key=_place))
    same_day = school_day(now, board.zone) == board.day.day
    spare = max(SPARE_ROWS, room.seats - len(rows))
    lessons = max((board.shape.lessons(year) for year in board.shape.by_year), key=len, default=())
    return Log(
        board.school,
        room,
        board.day.day,
        board.day.week,
        wall(now, board.zone) if same_day else f"{now.astimezone(board.zone):%a} {wall(now, board.zone)}",
        _periods(board),
        tuple(period.name for period in lessons),
        rows,
        spare,
        board.whole,
    )


def read_told_home(file: File, day: date) -> dict[int, str]:
    """Return when each student's home was first told on a day, as the school's clock showed it, by student id."""
    found = file.rows(
        "SELECT student_id, min(happened) FROM home_contact h WHERE day = ? AND outcome = 'told'"
        f" AND {live('home_contact', 'h')} GROUP BY student_id",
        (day.isoformat(),),
    )
    return {student: wall(moment(at), file.zone) for student, at in found}


def _place(one: RowNow) -> tuple[object, ...]:
    """In seat order, then the expected by when they are due, then those who are known not to come."""
    row = one.row
    if row.facts.moves:
        return (0, row.seat or 999, row.facts.moves[0].happened.timestamp(), row.name.casefold(), row.key)
    away = one.status in (Status.ABSENT, Status.NO_SHOW)
    due = row.placed[0].period.start.timestamp() if row.placed else 0.0
    return (2 if away else 1, 0, due, row.name.casefold(), row.key)


def _log_row(board: Board, one: RowNow, home_told: str) -> LogRow:
    row = one.row
    if row.hidden:
        return LogRow(row, row.seat if one.inside else None, "", (), (), (), {}, "")
    came, outs, left = cells_of(row.facts.moves, board.zone)
    away = one.status in (Status.ABSENT, Status.NO_SHOW)
    return LogRow(
        row,
        row.seat if row.facts.moves else None,
        one.status.value.replace("_", "-") if away else until_words(board, one),
        came,
        outs,
        left,
        marks(row.placed),
        home_told,
    )


def marks(placed: Sequence[Placed]) -> dict[str, int]:
    """Return the marks that count, by the period's name."""
    return {one.period.name: one.mark for one in placed if one.mark is not None}


def cells_of(
    moves: Sequence[Movement], where: ZoneInfo
) -> tuple[tuple[str, ...], tuple[tuple[str, str, str], ...], tuple[tuple[str, str], ...]]:
    """Return what the In, Out–back and Left cells hold of one visit's movements, in order."""
    came: list[str] = []
    outs: list[tuple[str, str, str]] = []
    left: list[tuple[str, str]] = []
    for move in moves:
        clock = wall(move.happened, where)
        match move.kind:
            case Kind.IN:
                came.append(clock)
            case Kind.OUT:
                outs.append((out_letter(move.reason), clock, ""))
            case Kind.BACK if outs:
                outs[-1] = (*outs[-1][:2], clock)
            case Kind.LEFT:
                left.append((left_letter(move.reason), clock))
    return tuple(came), tuple(outs), tuple(left)


def out_letter(reason: str) -> str:
    """Return the letter that stands on paper for a reason to be out."""
    return next((letter for letter, one in OUT_LETTERS.items() if one == reason), EVACUATION_LETTER)


def left_letter(destination: str) -> str:
    """Return the letter that stands on paper for a destination."""
    return next((letter for letter, one in LEFT_LETTERS.items() if one == destination), HOME_LETTER)


def _periods(board: Board) -> tuple[tuple[str, str], ...]:
    """Return each period with its times; where years differ (split lunch), every time it has."""
    times: dict[str, list[Period]] = {}
    for year in sorted(board.shape.by_year):
        for period in board.shape.periods(year):
            known = times.setdefault(period.name, [])
            if period not in known:
                known.append(period)
    ordered = sorted(times.items(), key=lambda item: min(one.start for one in item[1]))
    return tuple((name, " or ".join(_times(one, board) for one in those)) for name, those in ordered)


def _times(period: Period, board: Board) -> str:
    return f"{wall(period.start, board.zone)}–{wall(period.end, board.zone)}"
