"""The term calendar changed for several days at once: another shape, closed with a note, other week letters.

A single day, today above all, is `change_day`; its rules of what was lived hold here for today too.
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day
from psc.desk.acts import Tx, act
from psc.desk.changes import Changed, check_fresh, last_changes
from psc.errors import NotUnderstood, Refused
from psc.flows.change_day import Wanted, change_day
from psc.overview.day_change import affected_by
from psc.school.bell_changes import own_name, version_on
from psc.school.bells import bells_of, shape_names
from psc.school.calendar import SchoolDay, calendar_day
from psc.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from psc.database.file import File

CALENDAR = "calendar"
LONGEST_RANGE = 400
"""The most days one change takes: a school year."""


class Days(NamedTuple):
    """What days are to become: of a shape, or closed, with a note; `weeks` are week letters, in turn week by week.

    Without a shape and not closed, the days keep what they are; without `weeks` their letters.
    """

    first: date
    last: date
    shape: str = ""
    closed: bool = False
    note: str = ""
    weeks: tuple[str, ...] = ()


class CalendarPlan(NamedTuple):
    """What a change comes to: the days that differ, as they are and as they become, and who is touched."""

    before: tuple[SchoolDay, ...]
    after: tuple[SchoolDay, ...]
    students: tuple[int, ...]
    falling_away: int


def calendar_between(file: File, first: date, last: date) -> tuple[SchoolDay, ...]:
    """Return the days of the calendar from `first` to `last`, both included; days it does not name are left out."""
    found = file.rows(
        "SELECT c.day, coalesce(s.name, ''), c.week, c.note FROM calendar_day c"
        " LEFT JOIN shape s ON s.id = c.shape_id WHERE c.day BETWEEN ? AND ? ORDER BY c.day",
        (first.isoformat(), last.isoformat()),
    )
    return tuple(SchoolDay(date.fromisoformat(day), *rest) for day, *rest in found)


def calendar_mark(days: Sequence[SchoolDay]) -> str:
    """Return a few letters that stand for how days are, for `change_calendar` to compare."""
    told = "\n".join(f"{one.day} {one.shape}|{one.week}|{one.note}" for one in days)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def last_calendar_change(file: File) -> Changed | None:
    """Return who changed a day of the calendar last, and when; None where nobody did."""
    return last_changes(file, ("change_day", "change_calendar")).get(CALENDAR)


def plan_calendar_change(file: File, wanted: Days, now: datetime) -> CalendarPlan:
    """Work out what a change of days comes to. Nothing is written.

    Of several days only Monday to Friday count. Raises `NotUnderstood` for days, a shape or letters that cannot be, and
    `Refused` for days that are over and when nothing would change.
    """
    today = school_day(now, file.zone)
    if wanted.last < wanted.first:
        raise NotUnderstood("The last day is before the first.", "Type both again.")
    if (wanted.last - wanted.first).days >= LONGEST_RANGE:
        raise NotUnderstood("That is more than a school year.", "Change the calendar a term at a time.")
    if wanted.first < today:
        raise Refused("Days that are over stay as they were.", "Begin with today or a day to come.")
    if wanted.closed and not clean(wanted.note):
        raise NotUnderstood("Say why the school is closed.", "INSET, half-term, election: it stands on the board.")
    if any(len(one) > 2 or not one.isalnum() for one in wanted.weeks):
        raise NotUnderstood("A week has a letter.", "Type A, or A,B for weeks in turn.")
    names = shape_names(file, every=True)
    if wanted.shape and not version_on(names, wanted.shape, wanted.first):
        raise NotUnderstood(
            f"There is no day shape “{wanted.shape.strip()}”.", f"There are: {', '.join(shape_names(file))}."
        )
    before, after = [], []
    monday = wanted.first - timedelta(days=wanted.first.weekday())
    for number in range((wanted.last - wanted.first).days + 1):
        day = wanted.first + timedelta(days=number)
        if day.weekday() > 4 and wanted.last > wanted.first:
            continue
        was = calendar_day(file, day)
        week = wanted.weeks[(day - monday).days // 7 % len(wanted.weeks)].upper() if wanted.weeks else was.week
        becomes = was._replace(week=week)
        if wanted.closed:
            becomes = becomes._replace(shape="", note=clean(wanted.note))
        elif wanted.shape:
            # What the board says of a school day stays; why it was closed does not.
            note = clean(wanted.note) or (was.note if was.is_open else "")
            becomes = becomes._replace(shape=version_on(names, wanted.shape, day), note=note)
        elif wanted.note:
            becomes = becomes._replace(note=clean(wanted.note))
        if becomes != was:
            before.append(was)
            after.append(becomes)
    if not after:
        raise Refused("Those days are so already.", "Nothing was changed.")
    touched = [
        one
        for was, becomes in zip(before, after, strict=True)
        if was.shape and was.shape != becomes.shape
        for one in affected_by(file, was.day, bells_of(file, was.shape), bells_of(file, becomes.shape))
    ]
    falling = sum(len(one.falls_away) for one in touched)
    return CalendarPlan(tuple(before), tuple(after), tuple(sorted({one.student_id for one in touched})), falling)


@act("change_calendar")
def change_calendar(tx: Tx, wanted: Days, seen: str = "") -> int:
    """Change days of the calendar, today's too; returns how many placed periods fall away.

    `seen` is the mark of the days as they were when the change was typed; raises `Refused` when somebody changed one
    of them since, and what `plan_calendar_change` and, for today, `change_day` raise. What falls away waits for a
    decision.
    """
    stands = calendar_between(tx.file, wanted.first, wanted.last)
    if seen:
        check_fresh(tx, CALENDAR, seen, calendar_mark(stands))
    plan = plan_calendar_change(tx.file, wanted, tx.now)
    for student in plan.students:
        tx.reach(student)
    for was, becomes in zip(plan.before, plan.after, strict=True):
        if was.day == tx.today and was.shape != becomes.shape:
            # Under way: what was lived today keeps its periods.
            whole = Wanted(shape=own_name(becomes.shape), closed=not becomes.shape, note=becomes.note)
            change_day.run(tx, was.day, whole)
            tx.file.execute("UPDATE calendar_day SET week = ? WHERE day = ?", (becomes.week, was.day.isoformat()))
        else:
            tx.file.execute(
                "INSERT INTO calendar_day (day, shape_id, week, note)"
                " VALUES (?, (SELECT id FROM shape WHERE name = ?), ?, ?) ON CONFLICT (day)"
                " DO UPDATE SET shape_id = excluded.shape_id, week = excluded.week, note = excluded.note",
                (was.day.isoformat(), becomes.shape, becomes.week, becomes.note),
            )
    for name in ("day", "before", "after"):  # of the one day that `change_day` did
        tx.said.pop(name, None)
    tx.said.update(
        about=CALENDAR,
        days={
            was.day.isoformat(): {"before": _kept(was), "after": _kept(becomes)}
            for was, becomes in zip(plan.before, plan.after, strict=True)
        },
    )
    return plan.falling_away


def _kept(day: SchoolDay) -> dict[str, str]:
    return {"shape": day.shape, "week": day.week, "note": day.note}
