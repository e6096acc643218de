"""The Work page of sixty students whose whole week is placed, in this process, against a DataTable of sixty rows."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from psc.clock import SetClock, school_day
from psc.desk.acts import Desk
from psc.overview.work import work_for
from psc.overview.work_table import read_table
from psc.overview.work_words import work_cell
from psc.roster.placements import PlacementType, book
from psc.roster.rota import monday_of
from psc.tui.app import PscApp
from psc.work.sets import Kind
from psc.work.steps import Work, ask_for_work, issue_work, receive_work
from tests.bench.floors import Table
from tests.bench.made import LESSONS
from tests.bench.paper import Drawn, on_paper
from tests.bench.place import opened
from tests.bench.screens import told_drawn
from tests.bench.ten_years import NOW, WHO
from tests.school import IER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from psc.database.file import File
    from tests.bench.measure import Result
    from tests.bench.place import Place

_MOST = 1.5
"""How many times the floor a page of work may take. Source: the notes on promises."""


def work(place: Place) -> Iterator[Result]:
    """Measure the day of all rooms and the whole week, from the key to the page drawn."""
    path = place.in_use(place.one_day)
    with opened(path) as (file,):
        cells = _week(file)
    yield from asyncio.run(_measured(path, cells, place.runs(15)))


def _week(file: File) -> list[list[str]]:
    """Place all for the whole week, with work in every state; returns what the page says of the day, row by row."""
    today = school_day(NOW, file.zone)
    monday = monday_of(today)
    days = [monday + timedelta(days=number) for number in range(5)]
    office = Desk(file, SetClock(NOW), "CO1")
    staff = office.staff()
    students = sorted({one.work.student_id for one in work_for(file, today, today, staff, today)})
    placed = {one.work.key for one in work_for(file, monday, days[-1], staff, today)}
    for student in students:
        slots = [(day, period) for day in days if day > today for period in LESSONS]
        free = [slot for slot in slots if (student, *slot) not in placed]
        office.do(book(student, IER, PlacementType.INTERNAL_EXCLUSION, "Defiance", free, override="bench"))
    for number, one in enumerate(work_for(file, monday, days[-1], staff, today)):
        if one.work.no_lesson or one.work.day < today or not number % 4:
            continue
        office.do(ask_for_work(*one.work.key))
        if number % 4 > 1:
            came = office.do(receive_work(*one.work.key, Work(Kind.PAPER))).value
            if number % 4 > 2:
                office.do(issue_work(came))
    return _cells(file, today)


def _cells(file: File, today: date) -> list[list[str]]:
    table = read_table(file, [today], Desk(file, SetClock(NOW), WHO).staff(), today)
    periods = table.periods([today])
    return [
        [
            one.name,
            one.form,
            one.room,
            *(work_cell(table.rows.get((one.student_id, today, period)), NOW).text for period in periods),
        ]
        for one in table.people([today])
    ]


async def _measured(path: Path, cells: list[list[str]], runs: int) -> list[Result]:
    heads = ["Student", "Form", "Room", *LESSONS][: len(cells[0])]
    days: list[Drawn] = []
    weeks: list[Drawn] = []
    moves: list[Drawn] = []
    tables: list[Drawn] = []
    app = PscApp(path, None, SetClock(NOW))
    async with on_paper(app) as desk:
        await desk.cause(partial(app.sit_down, WHO), cells[0][0][:12])
        await app.workers.wait_for_complete()
        await desk.press("0")
        for _ in range(runs + 1):
            days.append(await desk.press("3", "▸P"))
            moves.append(await desk.press("down"))
            weeks.append(await desk.press("m", "week of"))
            await desk.press("escape")
            async with on_paper(Table(heads, cells)) as table:
                tables.append(await table.press("f", cells[20][0][:12]))
    floor = Drawn.middle(tables[1:])
    return [
        told_drawn("3 → the work of sixty, a day", runs, Drawn.middle(days[1:]), floor, at_most=_MOST),
        told_drawn("m → the work of sixty, a full week", runs, Drawn.middle(weeks[1:]), floor, at_most=_MOST),
        told_drawn("cursor move on the page of work", runs, Drawn.middle(moves[1:]), within=0.020),
    ]
