"""Programmes that run with nothing written down of them: they were imported, or booked as any placement is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from psc.desk.facts import live
from psc.roster.patterns import Pattern
from psc.roster.placement_types import PlacementType
from psc.roster.placements import placed_periods
from psc.roster.programmes import PROGRAMME_TYPES
from psc.school.calendar import calendar_day, school_days

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from psc.database.file import File
    from psc.roster.slots import Slot


class Unwritten(NamedTuple):
    """A placement that is a programme by its type, with what its periods say of it."""

    placement_id: int
    student_id: int
    room_id: int
    type: PlacementType
    reason: str
    first: date
    until: date
    pattern: Pattern


def unwritten_programmes(file: File, today: date) -> tuple[Unwritten, ...]:
    """Return the placements of programme types with periods from today on, of which no purpose is written down."""
    found = file.rows(
        "SELECT p.id, p.student_id, p.room_id, p.type, p.reason FROM placement p"
        f" WHERE p.type IN ({', '.join('?' * len(PROGRAMME_TYPES))}) AND {live('placement', 'p')}"
        " AND EXISTS (SELECT 1 FROM placement_period pp WHERE pp.placement_id = p.id AND pp.on_day >= ?"
        f" AND {live('placement_period', 'pp')})"
        f" AND NOT EXISTS (SELECT 1 FROM programme g WHERE g.placement_id = p.id AND {live('programme', 'g')})"
        " ORDER BY p.id",
        (*PROGRAMME_TYPES, today.isoformat()),
    )
    made = []
    for placement_id, student_id, room_id, type_, reason in found:
        placed = placed_periods(file, placement_id)
        coming = [(one.day, one.period) for one in placed if one.day >= today]
        first, until = min(one.day for one in placed), max(one.day for one in placed)
        weeks = {day: calendar_day(file, day).week for day in school_days(file, coming[0][0], until)}
        pattern = pattern_of(coming, weeks)
        made.append(Unwritten(placement_id, student_id, room_id, PlacementType(type_), reason, first, until, pattern))
    return tuple(made)


def pattern_of(slots: Iterable[Slot], weeks: Mapping[date, str]) -> Pattern:
    """Return the weekly pattern that periods make; `weeks` are the school days among which they lie, with their week.

    A period that comes in every week of the timetable stands there once, without its letter.
    """
    seen: dict[tuple[int, str], set[str]] = {}
    for day, period in slots:
        seen.setdefault((day.weekday(), period), set()).add(weeks.get(day, ""))
    cells = []
    for (weekday, period), letters in seen.items():
        every = {week for day, week in weeks.items() if day.weekday() == weekday}
        cells += [(letter, weekday, period) for letter in ([""] if letters >= every else sorted(letters))]
    return Pattern(tuple(sorted(cells)))
