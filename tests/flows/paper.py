"""Help for tests of paper: a sheet typed into the grid, without the grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.flows.paper import PaperRow, known_of, known_walk_in, lines_of, plan_sheet, read_why, save_paper
from psc.flows.paper_cells import IN, LEFT, OUT, Sheet
from psc.roster.reasons import reason_names
from psc.roster.seats import seats_taken
from psc.school.rooms import room_by_id
from psc.school.shapes import shape_of
from psc.school.students import student_by_id
from tests.school import IER, MONDAY

if TYPE_CHECKING:
    from collections.abc import Hashable
    from datetime import date

    from psc.desk.acts import Done
    from psc.flows.paper_cells import Plan
    from tests.school import School

_SHORT = {"in": IN, "out": OUT, "left": LEFT, "seat": "Seat"}


def sheet_of(school: School, day: date = MONDAY) -> Sheet:
    """Return the day a sheet is of, now."""
    return Sheet(day, school.file.zone, school.clock.now())


def typed_rows(
    school: School, rows: dict[int, dict[str, str]], *, why: str = "", room: int = IER, day: date = MONDAY
) -> list[PaperRow]:
    """Return rows of the grid: students of the log by id; who is not on the board is a walk-in, here for `why`."""
    board = school.board("CO1", day)
    known = {row.student_id: row for row in board.rows if row.room_id == room}
    made = []
    for student, cells in rows.items():
        columns = {_SHORT.get(name, name): text for name, text in cells.items()}
        if student in known:
            row = known[student]
            made.append(PaperRow(student, student, row.name, columns, known_of(row), row.periods))
        else:
            who = student_by_id(school.file, student, day)
            kind, reason = read_why(why, reason_names(school.file)) if why else (None, "")
            periods = shape_of(school.file, day).periods(who.year)
            there = known_walk_in(school.file, who, room, day)
            made.append(PaperRow(student, student, who.name, columns, there, periods, kind, reason))
    return made


def planned(
    school: School, rows: dict[int, dict[str, str]], *, why: str = "", room: int = IER, day: date = MONDAY
) -> dict[Hashable, Plan]:
    """Return what each row comes to."""
    taken = {seat: student for student, seat in seats_taken(school.file, room, day).items() if seat}
    made = typed_rows(school, rows, why=why, room=room, day=day)
    return plan_sheet(made, sheet_of(school, day), room_by_id(school.file, room), taken)


def wrong(school: School, student: int, **cells: str) -> list[str]:
    """Return what is wrong with one row: `Out/Back: 11:75 is not a time`."""
    columns = {name.removesuffix("_"): text for name, text in cells.items()}
    return [f"{one.column}: {one.words}" for one in planned(school, {student: columns})[student].wrong]


def enter(
    school: School,
    rows: dict[int, dict[str, str]],
    *,
    why: str = "",
    code: str = "AS1",
    kept_by: str = "AS2",
    day: date = MONDAY,
    because: str = "",
) -> Done[int]:
    """Type rows and save them; nothing may be wrong with them."""
    plans = planned(school, rows, why=why, day=day)
    assert not [slip for plan in plans.values() for slip in plan.wrong]
    lines = lines_of(typed_rows(school, rows, why=why, day=day), plans)
    return save_paper(school.desk(code), kept_by, day, IER, lines, why=because)
