"""Work slips: a quarter of an A4 page for each student and period, to cut out and lay on the desk.

A slip says what to do, where it is, and has boxes for what became of it. No alert, no reason and no other student's
name stands on it: it lies where students sit. A period without work has no slip; the desk list says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day, wall
from psc.overview.read_board import read_board
from psc.overview.work import work_for
from psc.prints.keep import part_of, room_part
from psc.work.sets import Kind
from psc.work.teachers import teachers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from psc.desk.acts import Desk
    from psc.overview.board import Board, Placed, Row
    from psc.school.rooms import Room
    from psc.work.sets import WorkSet
    from psc.work.teachers import Teacher


class Slip(NamedTuple):
    """What stands on one slip, in words."""

    student_id: int
    name: str
    place: str
    """Form, room and seat: `8A · Internal Exclusion Room · seat 3`."""
    when: str
    """`Mon 23 Nov 2026 · P3 · 11:10–12:10`."""
    lesson: str
    """Subject and teacher: `Science · Mr Lee`."""
    fields: tuple[tuple[str, str], ...]
    """What to do, where it is …: a heading and its words; those that are not known are left out."""
    teacher: str
    """To whom the line goes."""


Place = tuple[int, str]
"""A student and a period of theirs; "" for all of them."""


def read_slips(
    desk: Desk, day: date, *, room_id: int | None = None, period: str = "", marked: Iterable[Place] | None = None
) -> tuple[Slip, ...]:
    """Return the slips of a day as the person at the desk may print them; see `make_slips` for what is left out.

    Raises `NotAllowed` for who may not see work.
    """
    board, sets, known = read_work(desk, day)
    return make_slips(board, sets, room_id=room_id, period=period, marked=marked, known=known)


def read_work(desk: Desk, day: date) -> tuple[Board, tuple[WorkSet, ...], Mapping[str, Teacher]]:
    """Return a day's board, its work and the teachers of it, as the person at the desk may see them."""
    staff, today = desk.staff(), school_day(desk.clock.now(), desk.file.zone)
    board = read_board(desk.file, day, staff, today=today)
    sets = tuple(one.work for one in work_for(desk.file, day, day, staff, today))
    named = {one.teacher for one in sets} | {one.lesson.teacher for one in sets if one.lesson}
    return board, sets, teachers(desk.file, named)


def slips_part(board: Board, room: Room | None = None, period: str = "", *, marked: bool = False) -> str:
    """Return what the files of some slips are called besides: which room and period they are for."""
    parts = (room_part(room) if room else "", period, "marked" if marked else "")
    return part_of("-".join(part for part in parts if part) or "all", board)


def make_slips(
    board: Board,
    sets: Iterable[WorkSet],
    *,
    room_id: int | None = None,
    period: str = "",
    marked: Iterable[Place] | None = None,
    known: Mapping[str, Teacher] | None = None,
) -> tuple[Slip, ...]:
    """Return the slips of a board's day, in the order of periods, rooms and seats.

    `room_id`, `period` and `marked` each leave out the others. `known` are the teachers of the timetable, by what it
    has; one who is not among them stands as it has them. What was handed in already has none, and whoever is known
    not to come that day, unless they are marked.
    """
    by_key = {one.key: one for one in sets}
    wanted = None if marked is None else frozenset(marked)
    found: dict[tuple[int, date, str], tuple[tuple[object, ...], Slip]] = {}
    for row in board.rows:
        away = row.facts.mark is not None and wanted is None
        if row.hidden or away or room_id not in (None, row.room_id):
            continue
        for placed in row.placed:
            name = placed.period.name
            if wanted is not None and not {(row.student_id, name), (row.student_id, "")} & wanted:
                continue
            one = by_key.get((row.student_id, board.day.day, name))
            if one is not None and one.state.is_back and wanted is None:
                continue
            if one is not None and one.arrival is not None and period in ("", one.period) and one.key not in found:
                place = (placed.period.start, row.room_id, row.seat or 999, row.filed or row.name.casefold())
                found[one.key] = (place, _slip(board, row, placed, one, known or {}))
    return tuple(slip for _, slip in sorted(found.values(), key=lambda each: each[0]))


def _slip(board: Board, row: Row, placed: Placed, one: WorkSet, known: Mapping[str, Teacher]) -> Slip:
    room = next((each.name for each in board.rooms if each.id == row.room_id), "")
    times = f"{wall(placed.period.start, board.zone)}–{wall(placed.period.end, board.zone)}"
    teacher = known[one.teacher].name if one.teacher in known else one.teacher
    return Slip(
        row.student_id,
        row.plain_name,
        _apart(row.form, room, f"seat {row.seat}" if row.seat else ""),
        _apart(f"{one.day:%a} {one.day.day} {one.day:%b %Y}", one.period, times),
        _apart(one.subject or "Work", teacher),
        _fields(one, teacher),
        teacher,
    )


def _apart(*words: str) -> str:
    return " · ".join(word for word in words if word)


def _fields(one: WorkSet, teacher: str) -> tuple[tuple[str, str], ...]:
    came = one.arrival
    if came is None:
        return ()
    return tuple(
        (heading, words)
        for heading, words in (
            ("What to do", came.task),
            ("Where it is", where_words(one)),
            ("Pages", came.pages),
            ("Time", f"about {came.minutes} minutes" if came.minutes else ""),
            ("For you", came.adaptation),
            ("You need", came.equipment),
            ("Hand in to", came.return_to or "the adult in the room"),
        )
        if words
    )


def where_words(one: WorkSet) -> str:
    """Say where a period's work is: the link, the file's name, the tray, the pack's code and where it is kept."""
    if one.arrival is None:
        return ""
    place = one.arrival.place
    match one.arrival.kind:
        case Kind.PACK:
            return f"Pack {one.arrival.pack}" + (f", kept: {place}" if place else "")
        case Kind.PAPER:
            return f"On paper: {place}" if place else "On paper"
        case Kind.FILE:
            return f"File: {place}"
    return place
