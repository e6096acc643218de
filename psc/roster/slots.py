"""Slots, the (day, period) pairs that a placement is made of, in words."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from psc.errors import NotUnderstood, Refused
from psc.school.calendar import check_open

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psc.database.file import File
    from psc.school.shapes import Bells

Slot = tuple[date, str]
"""A period of a day."""

_LONGEST_BREAK = 60
"""Days without school after which two days are not one after the other any more: more than any holiday."""


def check_slots(file: File, bells: Bells, slots: Sequence[Slot]) -> None:
    """Raise where slots cannot be booked at all: none, one named twice, a closed day, a period the day has not.

    That is `NotUnderstood` for no slot and for an unknown period, `Refused` for the rest.
    """
    if not slots:
        raise NotUnderstood("A placement needs at least one period.", "Give the periods, P1-P6 for instance.")
    if len(set(slots)) < len(slots):
        raise Refused("A period is named twice.", "Give each period once.")
    for day in dict.fromkeys(day for day, _ in slots):
        known = [one.name for one in bells.periods(day)]
        if not known:
            check_open(file, day)
        for on, period in slots:
            if on == day and period not in known:
                raise NotUnderstood(f"That day has no {period[:20]}.", f"It has {', '.join(known)}.")


def slot_words(bells: Bells, slots: Iterable[Slot], *, today: date | None = None) -> str:
    """Return slots as people say them: `Tue 24–Thu 26 Nov, all lessons`, `Tue 24 Nov P2–P4; Wed 25 Nov P1`.

    Slots that are all of `today` are said so: `P2–P4 today`, `all lessons today`.
    """
    by_day = {
        day: [period for _, period in those] for day, those in groupby(bells.in_order(slots), key=lambda one: one[0])
    }
    if list(by_day) == [today]:
        return f"{_periods(bells, *by_day.popitem()) or 'all lessons'} today"
    runs: list[tuple[date, date, str]] = []
    for day, names in by_day.items():
        words = _periods(bells, day, names)
        if runs and runs[-1][2] == words and _follows(bells, runs[-1][1], day):
            runs[-1] = (runs[-1][0], day, words)
        else:
            runs.append((day, day, words))
    return "; ".join(f"{_days(first, last)}{f' {words}' if words else ', all lessons'}" for first, last, words in runs)


def _periods(bells: Bells, day: date, names: Sequence[str]) -> str:
    """Return periods of a day, those in a row as `P1–P3`; "" for all its lessons."""
    lessons = bells.lessons(day)
    if tuple(names) == lessons:
        return ""
    runs: list[list[str]] = []
    for name in names:
        if runs and name in lessons and lessons.index(name) and lessons[lessons.index(name) - 1] == runs[-1][-1]:
            runs[-1].append(name)
        else:
            runs.append([name])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _days(first: date, last: date) -> str:
    """Return a run of days: `Tue 24 Nov`, `Tue 24–Thu 26 Nov`, `Mon 30 Nov–Wed 2 Dec`."""
    end = f"{last:%a} {last.day} {last:%b}"
    if first == last:
        return end
    month = "" if (first.year, first.month) == (last.year, last.month) else f" {first:%b}"
    return f"{first:%a} {first.day}{month}–{end}"


def _follows(bells: Bells, before: date, after: date) -> bool:
    """Say whether there is no school between two days."""
    between = (after - before).days - 1
    return between < _LONGEST_BREAK and not any(
        bells.periods(before + timedelta(days=number)) for number in range(1, between + 1)
    )
