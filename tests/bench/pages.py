"""The Week and Work screens of a full week: sixty students in two rooms, each lesson of five days."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from psc.clock import SetClock, school_day
from psc.desk.acts import Desk
from psc.desk.people import staff_by_code
from psc.errors import PscError
from psc.overview.cells import cell, columns_for
from psc.overview.read_board import read_board
from psc.roster.placements import PlacementType, book
from psc.tui.app import PscApp
from psc.work.sets import sets_between
from tests.bench.floors import Table
from tests.bench.made import LESSONS
from tests.bench.measure import Result, shown
from tests.bench.paper import Drawn, on_paper
from tests.bench.place import opened
from tests.bench.ten_years import NOW, WHO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.bench.place import Place

_LEAST = 1_000
"""Lessons of sixty students that a week must have to count as full."""
_SCREENS = (
    ("week screen of a full week", ("2",), "Thu 26"),
    ("work screen of a full week", ("3", "m"), "week of"),
)
"""What is measured, the keys that lead there, of which the last is timed, and what it shows."""


def pages(place: Place) -> Iterator[Result]:
    """Measure the screens of a full week against a DataTable of the sixty rows of its Monday, mounted and filled."""
    path = place.in_use(place.one_day)
    _fill_week(path)
    with opened(path) as (file,):
        board = read_board(file, school_day(NOW, file.zone), staff_by_code(file, WHO))
    columns = columns_for(board, None, 120)
    rows = board.at(NOW)
    cells = [[cell(column, board, one, NOW).text for column, _ in columns] for one in rows]
    heads = [column.value for column, _ in columns]
    yield from asyncio.run(_measured(path, heads, cells, rows[20].row.name[:12], place.runs(15)))


def _fill_week(path: Path) -> None:
    """Book each of the sixty for the rest of the week. Raises `RuntimeError` where that was not to be had."""
    with opened(path) as (file,):
        desk = Desk(file, SetClock(NOW), "CO1", "bench")
        today = school_day(NOW, file.zone)
        board = read_board(file, today, desk.staff())
        days = [today + timedelta(days=number) for number in range(1, 5)]
        for row in board.rows:
            for day in days:
                slots = [(day, lesson) for lesson in LESSONS]
                with suppress(PscError):  # half of them are booked for some of the days already
                    desk.do(
                        book(
                            row.student_id,
                            row.room_id,
                            PlacementType.INTERNAL_EXCLUSION,
                            "Defiance",
                            slots,
                            override="A full week",
                        )
                    )
        if len(sets_between(file, today, days[-1])) < _LEAST:
            raise RuntimeError("the week is not full")


async def _measured(path: Path, heads: list[str], cells: list[list[str]], name: str, runs: int) -> list[Result]:
    """Open each screen in turn with the table."""
    times: dict[str, list[Drawn]] = {what: [] for what, _, _ in _SCREENS}
    tables: list[Drawn] = []
    app = PscApp(path, None, SetClock(NOW))
    async with on_paper(app) as desk:
        await desk.cause(lambda: app.sit_down("CO1"), "Seat")
        await app.workers.wait_for_complete()
        for _ in range(runs + 1):
            for what, keys, shows in _SCREENS:
                for key in keys[:-1]:
                    await desk.press(key)
                times[what].append(await desk.press(keys[-1], shows))
                await desk.press("escape")
            async with on_paper(Table(heads, cells)) as table:
                tables.append(await table.press("f", name))
    floor = Drawn.middle(tables[1:])
    return [
        Result(
            what,
            (middle := Drawn.middle(times[what][1:])).seen,
            runs,
            floor.seen,
            1.5,
            None,
            f"the last of it drawn after {shown(middle.whole)}, of the table after {shown(floor.whole)}",
        )
        for what, _, _ in _SCREENS
    ]
