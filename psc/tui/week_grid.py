"""The grids of the week page as plain values: a week with lessons down, a term with weeks down; and who is booked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from psc.overview.cells import Cell, Tone, cut
from psc.overview.week_cells import NONE, day_cell, slot_cell
from psc.tui.widgets.cells import Head
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from psc.overview.week import Booked, DayAhead, Days
    from psc.roster.slots import Slot
    from psc.school.rooms import Room

SIDE_FROM = 110
"""The width from which who is booked stands beside the grid, not under it."""
_WIDEST, _BESIDE = 13, 10
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
    """A grid: its columns, its rows, the cursor's row and column, and the cells that are picked."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    cursor: tuple[int, int]
    picked: frozenset[tuple[int, int]]

    @property
    def width(self) -> int:
        """The cells it needs, with its margins and a scroll bar."""
        return sum(head.width + 1 for head in self.heads) + 3


def week_grid(shown: Shown, width: int) -> Drawn:
    """Return the grid of a week, lessons down; on a closed day its first row says why."""
    plan, at = shown.plan, shown.at
    rows, picked = [], set()
    for number, lesson in enumerate(plan.lessons):
        cells = [Cell(lesson)]
        for place, one in enumerate(plan.days):
            slot = (one.on, lesson)
            made = slot_cell(plan, slot, shown.room, over=shown.over(slot))
            closed = one.closed_words if not number and not one.lessons else ""
            cells.append(made._replace(text=closed or made.text))
            if slot in shown.picked:
                picked.add((number, place))
        rows.append(tuple(cells))
    heads = [(f"{one.on:%a} {one.on.day}", one.on == shown.today) for one in plan.days]
    column = next((place for place, one in enumerate(plan.days) if one.on == at[0]), 0)
    row = plan.lessons.index(at[1]) if at[1] in plan.lessons else 0
    return Drawn(_heads(_LESSON, heads, width), tuple(rows), (row, column), frozenset(picked))


def term_grid(shown: Shown, width: int) -> Drawn:
    """Return the grid of a term, weeks down: in each cell how many seats a day uses, from lesson to lesson."""
    plan, on = shown.plan, shown.at[0]
    weekdays = sorted({one.on.weekday() for one in plan.days})
    rows, row, picked = [], 0, set()
    for number, (monday, those) in enumerate(plan.weeks()):
        by_weekday = {one.on.weekday(): one for one in those}
        letter = next((one.day.week for one in those if one.day.week), "")
        cells = [Cell(f"{letter[:1]:<1}{monday.day:>3} {monday:%b}")]
        before = ""
        for place, weekday in enumerate(weekdays):
            day = by_weekday.get(weekday)
            if day is None:
                cells.append(Cell(""))
                continue
            made = day_cell(plan, day, shown.room, over=day.on < shown.today)
            again = bool(day.closed_words) and day.closed_words == before
            before = day.closed_words
            cells.append(made._replace(text=NONE) if again else made)
            if whole_day(day) <= shown.picked:
                picked.add((number, place))
        rows.append(tuple(cells))
        row = number if monday <= on < monday + timedelta(days=_WEEK) else row
    heads = [(f"{date(2024, 1, 1 + weekday):%a}", False) for weekday in weekdays]  # 2024 began on a Monday
    column = weekdays.index(on.weekday()) if on.weekday() in weekdays else 0
    return Drawn(_heads(_MONDAY, heads, width), tuple(rows), (row, column), frozenset(picked))


def whole_day(day: DayAhead) -> frozenset[Slot]:
    """Return all lessons of a day; of one that has none, a slot that nobody can pick."""
    return frozenset((day.on, one) for one in day.lessons or ("",))


def _heads(label: int, days: Sequence[tuple[str, bool]], width: int) -> tuple[Head, ...]:
    room = (width - 3 - label) // max(1, len(days)) - 1
    wide = max(6, min(_WIDEST if width < SIDE_FROM else _BESIDE, room))
    return (Head("", label, names=True), *(Head(words, wide, here=here) for words, here in days))


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
