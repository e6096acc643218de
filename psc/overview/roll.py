"""The evacuation roll: who must be accounted for, with the last known place; those nobody sees come first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psc.clock import minutes_between, wall
from psc.overview.cells import shown_out
from psc.roster.movements import OutReason, on_the_way
from psc.roster.status import Status

if TYPE_CHECKING:
    from datetime import datetime

    from psc.overview.board import Board, RowNow


class RollLine(NamedTuple):
    """One student on the roll. `missing` are those who were out or to be found when the alarm rang."""

    student_id: int
    admission_no: str
    name: str
    form: str
    room: str
    seat: int | None
    place: str
    missing: bool
    ticked: datetime | None


def roll(board: Board, now: datetime) -> tuple[RollLine, ...]:
    """Return the roll at a moment: out and *find* first with their last known place, then in by room and seat.

    Expected students who are not late are in their lessons, on their teachers' rolls.
    """
    made: dict[int, tuple[tuple[object, ...], RollLine]] = {}
    order = {room.id: number for number, room in enumerate(board.rooms)}
    evacuation = board.evacuation
    running = evacuation is not None and evacuation.ended is None
    for one in board.at(now):
        row, standing = one.row, one.standing
        way = standing.reason == "on the way" and not one.inside
        lost = one.status in (Status.FIND, Status.LATE)  # told of, or said to be elsewhere, is not seen
        if not (one.inside or lost or way):
            continue
        went = one.status is Status.EVACUATED
        missing = lost or way or (one.out and not went)
        room = board.rooms[order[row.room_id]].code
        ticked = evacuation.ticked.get(row.student_id) if evacuation and running else None
        line = RollLine(
            row.student_id, row.admission_no, row.name, row.form, room, row.seat, _place(board, one, room, now),
            missing, ticked,
        )  # fmt: skip
        key = (ticked is not None, not missing, order[row.room_id], row.seat or 999, row.name.casefold())
        if row.student_id not in made or key < made[row.student_id][0]:
            made[row.student_id] = (key, line)
    return tuple(line for _, line in sorted(made.values(), key=lambda one: one[0]))


def _place(board: Board, one: RowNow, room: str, now: datetime) -> str:
    """Say where a student was last known to be."""
    standing, row = one.standing, one.row
    since = f" since {wall(standing.since, board.zone)}" if standing.since else ""
    if standing.known:
        return standing.known
    if one.inside:
        last = row.facts.moves[-1]
        if one.out and last.reason != OutReason.EVACUATION:
            return f"{shown_out(last.reason)}{since}"
        if one.status is Status.FIND:
            return f"not seen; was in {room}"
        return f"{room} seat {row.seat}" if row.seat else room
    left = row.facts.coming or on_the_way(row.facts.moves)
    if left is not None:
        code = next(one.code for one in board.rooms if one.id == left.room_id)
        return f"left {code} {minutes_between(left.happened, now)} min ago"
    lesson = one.next_lesson(now)
    return f"not come; timetabled {lesson.words}" if lesson else "not come"


def roll_heading(board: Board, lines: tuple[RollLine, ...], now: datetime) -> str:
    """Return the line over the roll: since when, how many are ticked of how many."""
    evacuation = board.evacuation
    if evacuation is None or evacuation.ended is not None:
        return f"Roll at {wall(now, board.zone)}: {len(lines)} to account for"
    seen = sum(1 for one in lines if one.ticked)
    kind = "drill" if evacuation.kind == "drill" else "real"
    return f"Evacuation ({kind}) since {wall(evacuation.started, board.zone)}: {seen} of {len(lines)} seen"


def roll_lines(board: Board, now: datetime, width: int) -> list[str]:
    """Return the roll as plain text, at most `width` wide."""
    lines = roll(board, now)
    made = [roll_heading(board, lines, now), ""]
    for one in lines:
        tick = f"seen {wall(one.ticked, board.zone)}" if one.ticked else ("[ ] !" if one.missing else "[ ]")
        made.append(f"{tick:<11}{one.name:<26.26} {one.form:<5} {one.place}"[:width].rstrip())
    return made if lines else [made[0], "Nobody is in a room or missing from one."]
