"""The grid of the Work page as plain values: headings and cells, a day's periods or a week's days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from psc.overview.cells import Cell, Tone
from psc.overview.work_words import work_cell
from psc.tui.widgets.cells import Head, width_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence
    from datetime import datetime

    from psc.overview.work_table import Person, Tally, WorkTable

_WIDEST = 18
"""The greatest useful width of a period's column."""
_NARROW = 100
"""The width of a line below which names have less room."""

Drawn = tuple[tuple[Head, ...], tuple[tuple[Cell, ...], ...]]
"""The headings, and the cells of each row."""


class Shown(NamedTuple):
    """What is to be drawn: whose rows, which columns (periods of `day`, or the days of a week), as of when."""

    table: WorkTable
    people: Sequence[Person]
    columns: Sequence[Hashable]
    day: date
    today: date
    now: datetime
    rooms: bool
    """Whether each row says its room."""


def work_grid(shown: Shown, width: int) -> Drawn:
    """Return the grid for lines of a width."""
    name = width_of([one.name for one in shown.people], 14, 20 if width < _NARROW else 28)
    form = width_of([one.form for one in shown.people], 4, 6)
    names = [Head("Student", name, names=True), Head("Form", form, names=True)]
    if shown.rooms:
        names.append(Head("Room", 4, names=True))
    left = width - sum(one.width + 1 for one in names)
    wide = max(3, min(_WIDEST, left // max(1, len(shown.columns)) - 1))
    under_way = shown.table.under_way(shown.now)
    tallies = shown.table.tallies(shown.now)
    rows = ((*_name_cells(one, shown)[: len(names)], *_cells(one, shown, under_way, tallies)) for one in shown.people)
    return (*names, *_heads(shown, wide, under_way)), tuple(rows)


def _heads(shown: Shown, wide: int, under_way: tuple[date, str] | None) -> Iterator[Head]:
    open_days = {one.day for one in shown.table.days if one.is_open}
    for one in shown.columns:
        if isinstance(one, date):
            closed = "" if one in open_days else " closed"
            yield Head(f"{one:%a} {one.day}{closed}", wide, here=one == shown.today)
        else:
            yield Head(str(one), wide, here=under_way == (shown.day, one))


def _name_cells(one: Person, shown: Shown) -> tuple[Cell, ...]:
    weekly = any(isinstance(column, date) for column in shown.columns)
    tone = Tone.QUIET if one.absent and not weekly else Tone.PLAIN
    return Cell(one.name, tone, one.apart), Cell(one.form, Tone.QUIET), Cell(one.room, Tone.QUIET)


def _cells(
    one: Person, shown: Shown, under_way: tuple[date, str] | None, tallies: dict[tuple[int, date], Tally]
) -> Iterator[Cell]:
    for column in shown.columns:
        if isinstance(column, date):
            yield _tally_cell(tallies.get((one.student_id, column)))
            continue
        row = shown.table.rows.get((one.student_id, shown.day, str(column)))
        over = row is not None and shown.table.is_over(row, shown.now)
        yield work_cell(row, shown.now, under_way=under_way == (shown.day, column), over=over)


def _tally_cell(tally: Tally | None) -> Cell:
    """Return a day's periods with work, of all there are, and how many of the rest should have it by now."""
    if tally is None:
        return Cell("", Tone.QUIET)
    late = f" !{tally.late}" if tally.late else ""
    tone = Tone.DUE if tally.late else Tone.IN if tally.has == tally.of else Tone.PLAIN
    return Cell(f"{tally.has}/{tally.of}{late}", tone)
