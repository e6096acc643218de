"""The screen at work, in this process: signing in to a board of sixty, a key that acts, and moving about."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from psc.clock import SetClock, school_day
from psc.desk.people import staff_by_code
from psc.overview.cells import cell, columns_for
from psc.overview.read_board import read_board
from psc.roster.status import Status
from psc.tui.app import PscApp
from tests.bench.floors import Table
from tests.bench.measure import Result, shown
from tests.bench.paper import SIZE, Drawn, on_paper
from tests.bench.place import opened
from tests.bench.ten_years import NOW, WHO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.bench.paper import Reader
    from tests.bench.place import Place

_IN_SIGHT = 20
"""A row that the board and the table both show without being scrolled."""
_NAME = 12
"""How much of a name every board has room for."""
_MOVES = (
    ("cursor move", "down", "up", "", 0.020),
    ("page", "pagedown", "pageup", "", 0.100),
    ("palette opens", "ctrl+p", "escape", "Add a student (a)", 0.200),
)
"""What is measured, its key, the key that goes back, what it shows, and the most seconds."""


def screens(place: Place) -> Iterator[Result]:
    """Measure the board of the sixty-student day on screen against a DataTable of the same sixty rows."""
    runs = place.runs(15)
    for name, path in (("one day", place.one_day), ("ten years", place.ten_years)):
        bench = _Bench(place.in_use(path))
        board, table = asyncio.run(bench.signing_in(runs))
        yield told_drawn(f"verdict on the secret → 60 drawn, {name}", runs, board, table, at_most=0.6)
    yield from asyncio.run(bench.at_work(place.runs(60)))


def told_drawn(
    what: str,
    runs: int,
    drawn: Drawn,
    floor: Drawn | None = None,
    *,
    at_most: float | None = None,
    within: float | None = None,
) -> Result:
    """Make a line of what was seen when, with a note of when the last of it was drawn."""
    note = f"the last of it drawn after {shown(drawn.whole)}"
    if floor:
        note += f", of the table after {shown(floor.whole)}"
    return Result(what, drawn.seen, runs, floor.seen if floor else None, at_most, within, note)


class _Bench:
    """A file in use, and what its board says, for the table to say as well."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with opened(path) as (file,):
            board = read_board(file, school_day(NOW, file.zone), staff_by_code(file, WHO))
        self._columns = columns_for(board, None, SIZE[0])
        self._rows = board.at(NOW)
        self._cells = [[cell(column, board, one, NOW).text for column, _ in self._columns] for one in self._rows]
        self._first = board.at(NOW, board.rooms[0].id)[_IN_SIGHT].row.name[:_NAME]

    def _table(self) -> Table:
        return Table([column.value for column, _ in self._columns], self._cells)

    async def signing_in(self, runs: int) -> tuple[Drawn, Drawn]:
        """Time the verdict on a secret to the board, and the mounting and filling of the table."""
        boards: list[Drawn] = []
        tables: list[Drawn] = []
        for _ in range(runs + 1):
            app = PscApp(self._path, None, SetClock(NOW))
            async with on_paper(app) as desk:
                boards.append(await desk.cause(partial(app.sit_down, WHO), self._first))
                await app.workers.wait_for_complete()
            async with on_paper(self._table()) as table:
                tables.append(await table.press("f", self._rows[_IN_SIGHT].row.name[:_NAME]))
        return Drawn.middle(boards[1:]), Drawn.middle(tables[1:])

    async def at_work(self, runs: int) -> list[Result]:
        """Measure the keys of a day on the board of all rooms."""
        app = PscApp(self._path, None, SetClock(NOW))
        async with on_paper(app) as desk, on_paper(self._table()) as table:
            await desk.cause(partial(app.sit_down, WHO), self._first)
            await app.workers.wait_for_complete()
            await desk.press("0")
            await table.press("f")
            moved = [
                told_drawn(what, runs, await _there_and_back(desk, key, back, shows, runs), within=within)
                for what, key, back, shows, within in _MOVES
            ]
            acts, floors = await self._acting(desk, table, runs)
        return [
            told_drawn("key → act committed → board redrawn", runs, acts, floors, at_most=0.5, within=0.060),
            *moved,
        ]

    async def _acting(self, desk: Reader, table: Reader, runs: int) -> tuple[Drawn, Drawn]:
        """Send students out and fetch them back, one after the other, beside one cell of the table."""
        before = sum(one.status in (Status.FIND, Status.OUT) for one in self._rows)
        inside = [one.row.name for one in self._rows if one.status in (Status.IN, Status.DUE_OUT)]
        for _ in range(before):
            await desk.press("down")
        acts: list[Drawn] = []
        floors: list[Drawn] = []
        for name in inside[: runs // 2 + 1]:
            await desk.press("o")
            for key, says in (("m", "◐ meeting 0"), ("b", name[:_NAME])):
                acts.append(await desk.press(key, says))
                floors.append(await table.press("u"))
            await desk.press("down")
        self._count(2 * (runs // 2 + 1))
        return Drawn.middle(acts[2:]), Drawn.middle(floors[2:])

    def _count(self, acts: int) -> None:
        """Raise `RuntimeError` unless so many movements are in the file: a refusal is drawn quickly too."""
        with opened(self._path) as (file,):
            done = file.value("SELECT count(*) FROM ledger WHERE at = (SELECT max(at) FROM ledger)")
        if done < acts:
            raise RuntimeError(f"{acts} acts were measured but {done} done")


async def _there_and_back(desk: Reader, key: str, back: str, says: str, runs: int) -> Drawn:
    """Time a key that another takes back."""
    times: list[Drawn] = []
    for _ in range(runs + 1):
        times.append(await desk.press(key, says))
        await desk.press(back)
    return Drawn.middle(times[1:])
