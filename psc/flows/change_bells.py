"""Other bell times from a day on, or a new day shape; and what that comes to for who is placed."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day, wall
from psc.desk.acts import Tx, act
from psc.desk.changes import check_fresh, keep_change
from psc.errors import NotUnderstood, Refused
from psc.overview.day_change import affected_by
from psc.school.bell_changes import earlier_times, times_from, version_on
from psc.school.bells import Bell, bells_of, fault_in, is_made, read_times, shape_names, told_apart
from psc.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from psc.database.file import File
    from psc.school.bells import Change

LONGEST_SHAPE = 40


class BellPlan(NamedTuple):
    """What other times come to, before anything is saved. `was` is what the shape would ring on that day, () if new."""

    shape: str
    from_day: date
    was: tuple[Bell, ...]
    becomes: tuple[Bell, ...]
    days: int
    students: tuple[int, ...]
    falling_away: int

    @property
    def changes(self) -> tuple[Change, ...]:
        """What changes, a period at a time."""
        return told_apart(self.was, self.becomes)


def times_on(file: File, shape: str, day: date) -> tuple[Bell, ...]:
    """Return what a shape rings on a day; nothing for a shape there is not."""
    return bells_of(file, version_on(shape_names(file, every=True), shape, day))


def coming_times(file: File, shape: str, day: date) -> tuple[date, ...]:
    """Return the days after `day` from which a shape is to have other times."""
    found = earlier_times(shape_names(file, every=True), shape)
    return tuple(date.fromisoformat(until) for until, _ in found if until > day.isoformat())


def periods_typed(text: str, before: Sequence[Bell], years: Sequence[int]) -> tuple[Bell, ...]:
    """Read a shape's times: a period a line, or as the day's times are typed; any name of a period will do.

    Raises `NotUnderstood`.
    """
    joined = ", ".join(part for part in (line.strip().rstrip(",") for line in text.splitlines()) if part)
    return read_times(joined, before, None, years)


def plan_times(file: File, shape: str, becomes: Sequence[Bell], from_day: date, now: datetime) -> BellPlan:
    """Work out what other times from a day on come to. Nothing is written.

    Raises `NotUnderstood` for a name that no shape can have, `Refused` for a day that is over or under way, for times
    that make no day, and when nothing would change.
    """
    today = school_day(now, file.zone)
    names = shape_names(file, every=True)
    name = clean(shape)
    own = next((one for one in shape_names(file) if one.casefold() == name.casefold()), "")
    if not own and (not name or len(name) > LONGEST_SHAPE or is_made(name)):
        raise NotUnderstood(f"“{name}” cannot be a day shape’s name.", "A word or two: Normal, Exams, Early close.")
    if from_day < today:
        raise Refused("A day that is over keeps its times.", "Change them from a later day on.")
    if fault := fault_in(becomes):
        raise Refused(f"Those times make no day: {fault}", "Check them; nothing was changed.")
    if not becomes:
        raise NotUnderstood("There are no times.", "Type a period a line: P1 0850-0940.")
    was = times_on(file, own, from_day) if own else ()
    later = [known for until, known in earlier_times(names, own or name) if until > from_day.isoformat()]
    if set(was) == set(becomes) and not later:
        raise Refused("The times are so already.", "Nothing was changed.")
    if from_day == today and _under_way(file, today, own, now):
        raise Refused(
            "Today has begun with the old times.", "Change these from tomorrow on; T on the board changes today."
        )
    days = _days(file, from_day, [own, *later]) if own else ()
    touched = [one for day in days if _placed(file, day) for one in affected_by(file, day, _rings(file, day), becomes)]
    return BellPlan(
        own or name,
        from_day,
        was,
        tuple(sorted(set(becomes), key=lambda one: (one.year, one.starts))),
        len(days),
        tuple(sorted({one.student_id for one in touched})),
        sum(len(one.falls_away) for one in touched),
    )


def _days(file: File, first: date, shapes: Sequence[str]) -> tuple[date, ...]:
    marks = ", ".join("?" * len(shapes))
    found = file.rows(
        "SELECT c.day FROM calendar_day c JOIN shape s ON s.id = c.shape_id"
        f" WHERE c.day >= ? AND s.name IN ({marks}) ORDER BY c.day",
        (first.isoformat(), *shapes),
    )
    return tuple(date.fromisoformat(day) for (day,) in found)


def _placed(file: File, day: date) -> bool:
    return bool(file.value("SELECT EXISTS (SELECT 1 FROM placement_period WHERE on_day = ?)", (day.isoformat(),)))


def _rings(file: File, day: date) -> tuple[Bell, ...]:
    return bells_of(
        file,
        file.value(
            "SELECT s.name FROM calendar_day c JOIN shape s ON s.id = c.shape_id WHERE c.day = ?", (day.isoformat(),)
        )
        or "",
    )


def _under_way(file: File, today: date, shape: str, now: datetime) -> bool:
    """Say whether today has this shape and its first bell has rung."""
    rings = _rings(file, today)
    clock = time.fromisoformat(wall(now, file.zone))
    return bool(rings) and set(rings) == set(times_on(file, shape, today)) and rings[0].starts <= clock


@act("change_bells")
def change_bells(
    tx: Tx, shape: str, becomes: Sequence[Bell], from_day: date, seen: Sequence[Bell] | None = None
) -> int:
    """Give a day shape other times from a day on, or make a new one; returns how many placed periods fall away.

    Earlier days keep their times; a change set for later is written over. `seen` are the times it was to have on that
    day when the change was typed: raises `Refused` when somebody changed them since, and what `plan_times` raises.
    """
    stands = times_on(tx.file, shape, from_day)
    about = f"shape:{clean(shape).casefold()}"
    if seen is not None:
        check_fresh(tx, about, set(seen), set(stands))
    plan = plan_times(tx.file, shape, becomes, from_day, tx.now)
    for student in plan.students:
        tx.reach(student)
    for sql, rows in times_from(shape_names(tx.file, every=True), plan.shape, plan.becomes, from_day):
        tx.file.conn.executemany(sql, rows)
    keep_change(
        tx,
        about,
        {"times": _kept(plan.was), "from": None},
        {"times": _kept(plan.becomes), "from": from_day.isoformat()},
    )
    return plan.falling_away


def _kept(bells: Sequence[Bell]) -> list[str]:
    return [f"{one.year} {one.period} {one.words}" for one in bells]
