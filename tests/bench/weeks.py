"""The Week screen of a full week: sixty students in two rooms, each lesson of five days."""

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
from tests.bench.paper import Drawn, on_paper
from tests.bench.place import opened
from tests.bench.screens import told_drawn
from tests.bench.ten_years import NOW, WHO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.bench.measure import Result
    from tests.bench.place import Place

_LEAST = 1_000
"""Lessons of sixty students that a week must have to count as full."""


def weeks(place: Place) -> Iterator[Result]:
    """Measure the screen of a full week against a DataTable of the sixty rows of its Monday, mounted and filled."""
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
    """Open the screen in turn with the table."""
    times: list[Drawn] = []
    tables: list[Drawn] = []
    app = PscApp(path, None, SetClock(NOW))
    async with on_paper(app) as desk:
        await desk.cause(lambda: app.sit_down("CO1"), "Seat")
        await app.workers.wait_for_complete()
        for _ in range(runs + 1):
            times.append(await desk.press("2", "Thu 26"))
            await desk.press("escape")
            async with on_paper(Table(heads, cells)) as table:
                tables.append(await table.press("f", name))
    drawn, floor = Drawn.middle(times[1:]), Drawn.middle(tables[1:])
    return [told_drawn("week screen of a full week", runs, drawn, floor, at_most=1.5)]
