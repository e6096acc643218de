"""The grids of the week page as plain values: a week with lessons down, a term with weeks down; and who is booked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from psc.overview.cells import Tone, cut
from psc.overview.week_cells import NONE, day_cell, slot_cell
from psc.tui.widgets.grid import GridCell, GridRow
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from psc.overview.week import Booked, DayAhead, Days
    from psc.roster.slots import Slot
    from psc.school.rooms import Room

SIDE_FROM = 110
"""The width from which who is booked stands beside the grid, not under it."""
_WIDEST, _BESIDE = 12, 10
"""How wide a day is at the most: over the names, and beside them."""
_LESSON, _MONDAY = 4, 8
"""The widths of what stands before a row: a lesson, a week."""
_WEEK = 7


class Shown(NamedTuple):
    """What a grid is drawn of: the days, one room or all, where the cursor is, what is picked, what is over."""

    plan: Days
    room: Room | None
    at: Slot
    picked: frozenset[Slot]
    over: Callable[[Slot], bool]
    today: date


class Drawn(NamedTuple):
    """A grid: its columns with their widths, its rows, and the cursor's row and column."""

    columns: tuple[tuple[str, int], ...]
    rows: tuple[GridRow, ...]
    cursor: tuple[int, int]

    @property
    def width(self) -> int:
        """The cells it needs, with its margins and a scroll bar."""
        return sum(width + 1 for _, width in self.columns) + 3


def week_grid(shown: Shown, width: int) -> Drawn:
    """Return the grid of a week, lessons down; on a closed day its first row says why."""
    plan, at = shown.plan, shown.at
    heads = [f" {'Today' if one.on == shown.today else f'{one.on:%a}'} {one.on.day}" for one in plan.days]
    rows = []
    for number, lesson in enumerate(plan.lessons):
        cells = [GridCell(lesson, Tone.PLAIN)]
        for one in plan.days:
            slot = (one.on, lesson)
            made = slot_cell(plan, slot, shown.room, over=shown.over(slot))
            words = one.closed_words if not number and not one.lessons else made.text
            cells.append(_cell(words or NONE, made.tone, picked=slot in shown.picked))
        rows.append(GridRow(tuple(cells)))
    column = next((place for place, one in enumerate(plan.days, 1) if one.on == at[0]), 1)
    row = plan.lessons.index(at[1]) if at[1] in plan.lessons else 0
    return Drawn(_columns(_LESSON, heads, width), tuple(rows), (row, column))


def term_grid(shown: Shown, width: int) -> Drawn:
    """Return the grid of a term, weeks down: in each cell how many seats a day uses, from lesson to lesson."""
    plan, on = shown.plan, shown.at[0]
    weekdays = sorted({one.on.weekday() for one in plan.days})
    rows, row = [], 0
    for number, (monday, those) in enumerate(plan.weeks()):
        by_weekday = {one.on.weekday(): one for one in those}
        letter = next((one.day.week for one in those if one.day.week), "")
        cells = [GridCell(f"{letter[:1]:<1}{monday.day:>3} {monday:%b}", Tone.PLAIN)]
        before = ""
        for weekday in weekdays:
            day = by_weekday.get(weekday)
            if day is None:
                cells.append(GridCell(""))
                continue
            made = day_cell(plan, day, shown.room, over=day.on < shown.today)
            again = bool(day.closed_words) and day.closed_words == before
            before = day.closed_words
            cells.append(_cell(NONE if again else made.text, made.tone, picked=whole_day(day) <= shown.picked))
        rows.append(GridRow(tuple(cells)))
        row = number if monday <= on < monday + timedelta(days=_WEEK) else row
    heads = [f" {date(2024, 1, 1 + weekday):%a}" for weekday in weekdays]  # 2024 began on a Monday
    column = weekdays.index(on.weekday()) + 1 if on.weekday() in weekdays else 1
    return Drawn(_columns(_MONDAY, heads, width), tuple(rows), (row, column))


def whole_day(day: DayAhead) -> frozenset[Slot]:
    """Return all lessons of a day; of one that has none, a slot that nobody can pick."""
    return frozenset((day.on, one) for one in day.lessons or ("",))


def _columns(label: int, heads: Sequence[str], width: int) -> tuple[tuple[str, int], ...]:
    room = width - 4 - label
    most = _WIDEST if width < SIDE_FROM else _BESIDE
    return (("", label), *((head, max(6, min(most, room // max(1, len(heads)) - 1))) for head in heads))


def _cell(words: str, tone: Tone, *, picked: bool) -> GridCell:
    return GridCell(f"[{words}]" if picked else f" {words}", tone, bold=picked, picked=picked)


def booked_line(one: Booked, width: int, room: str) -> Line:
    """Return the line of somebody booked: name, form, room where it is not said above, type, day n of m."""
    if one.hidden:
        return line(f"  {one.name}", Tone.QUIET)
    number, of = one.days
    days = f"day {number} of {of}"
    fixed = 2 + 6 + (len(room) + 1 if room else 0) + len(days)
    type = max(12, min(24, (width - fixed) // 2))
    name = max(12, min(30, width - fixed - type - 1))
    pieces = [(f"  {cut(one.name, name)} ", Tone.PLAIN), (cut(one.form, 5), Tone.QUIET)]
    pieces += [(f" {room}", Tone.QUIET)] if room else []
    pieces += [(f" {cut(one.type.words, type - 1)}", Tone.PLAIN), (f" {days}", Tone.QUIET)]
    return Line(tuple(pieces), (one.placement_id, one.room_id))
