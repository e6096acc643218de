"""How the weeks ahead read: a lesson's cell, a day's cell, the lines under the grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.overview.cells import Cell, Tone
from psc.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from psc.overview.week import Booked, DayAhead, Days, Seats
    from psc.roster.slots import Slot
    from psc.school.rooms import Room

NONE = "–"
"""What stands where there is no lesson."""


def slot_cell(plan: Days, slot: Slot, room: Room | None, *, over: bool) -> Cell:
    """Return the cell of a lesson: `9/12`, `full`, `13/12!`; quiet once it is over."""
    if not plan.has(slot):
        return Cell(NONE, Tone.QUIET)
    seats = plan.seats(slot, room)
    return Cell(seats.words, Tone.QUIET if over else tone_of(seats))


def tone_of(seats: Seats) -> Tone:
    """Return what the colour of some seats says."""
    return Tone.ALARM if seats.over else Tone.IN if seats.free else Tone.DUE


def day_cell(plan: Days, day: DayAhead, room: Room | None, *, over: bool) -> Cell:
    """Return the cell of a day in a term: from the lesson with the fewest to the one with the most, `4–9/12`."""
    lessons = plan.day_seats(day, room)
    if not lessons:
        return Cell(day.closed_words or NONE, Tone.QUIET)
    least, most = min(lessons), max(lessons)
    both = f"{least.used}–{most.used}/{most.seats}{'!' if most.over else ''}"
    return Cell(most.words if least == most else both, Tone.QUIET if over else tone_of(most))


def date_words(day: date) -> str:
    """Return a date as the page says it: `Tue 24 Nov`."""
    return f"{day:%a} {day.day} {day:%b}"


def slot_line(plan: Days, slot: Slot, room: Room | None) -> Cell:
    """Return the line that says how a lesson stands: `Tue 24 Nov P3 · IER 9 of 12 booked, 3 free`."""
    day, lesson = slot
    there = plan.day(day)
    if there is None or not there.lessons:
        return Cell(f"{date_words(day)}: {(there and there.closed_words) or 'no lessons'}", Tone.QUIET)
    if lesson not in there.lessons:
        return Cell(f"{date_words(day)} has no {lesson}", Tone.QUIET)
    seats = plan.seats(slot, room)
    where = room.code if room else "all rooms"
    words = f"{date_words(day)} {lesson} · {where} {seats.used} of {seats.seats} booked, {seats.free_words}"
    return Cell(words, tone_of(seats))


def day_line(plan: Days, day: DayAhead, room: Room | None) -> tuple[Cell, ...]:
    """Return how a day stands lesson by lesson: `P1 9/12`, `P2 full`."""
    where = room.code if room else "all rooms"
    if not day.lessons:
        return (Cell(f"{date_words(day.on)}: {day.closed_words or 'no lessons'}", Tone.QUIET),)
    both = zip(day.lessons, plan.day_seats(day, room), strict=True)
    return (
        Cell(f"{date_words(day.on)} · {where}"),
        *(Cell(f"  {lesson} {seats.words}", tone_of(seats)) for lesson, seats in both),
    )


def day_n_words(one: Booked) -> str:
    """Return which day of the placement it is: `day 2 of 3`."""
    number, of = one.days
    return f"day {number} of {of}"


def unnamed_words(more: int, named: int) -> str:
    """Say how many are booked of whom nothing is said to the reader, "" for none."""
    if not more:
        return ""
    return (
        f"and {counted(more, 'student')} more whom you do not see"
        if named
        else f"{counted(more, 'student')}, not shown by name"
    )


def picked_words(picked: Sequence[Slot]) -> str:
    """Say how much is picked: `6 lessons picked on 2 days`."""
    days = len({day for day, _ in picked})
    return f"{counted(len(picked), 'lesson')} picked" + (f" on {days} days" if days > 1 else "")
