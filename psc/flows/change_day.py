"""A day that is not normal: another shape, closed from a time on, times typed, or no school at all.

The calendar is no fact: it is edited in place, and the ledger's detail keeps what stood there before. So nothing is
undone with `u`; the day is put back by the same act the other way round.
"""

from __future__ import annotations

import json
from datetime import time
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment, school_day, wall
from psc.desk.acts import Tx, act
from psc.errors import NotUnderstood, Refused
from psc.overview.day_change import Affected, affected_by, lived_periods
from psc.roster.movements import in_order, is_open, movements_on
from psc.school.bell_changes import version_on
from psc.school.bells import (
    Bell,
    Change,
    bells_of,
    closed_from,
    fault_in,
    from_now_on,
    read_times,
    shape_for,
    shape_names,
    told_apart,
)
from psc.school.calendar import SchoolDay, calendar_day
from psc.text import clean, counted

if TYPE_CHECKING:
    from datetime import date, datetime

    from psc.database.file import File
    from psc.roster.movements import Movement


class Wanted(NamedTuple):
    """What a day is to become: one of the school's shapes, times typed, closed from a time on, or closed.

    `whole_day` says that the day was so from its first bell; else a day under way goes on so from `since`, now unless
    given.
    """

    shape: str = ""
    times: str = ""
    closes: time | None = None
    closed: bool = False
    note: str = ""
    whole_day: bool = False
    since: time | None = None


class DayPlan(NamedTuple):
    """What a change comes to, before anything is saved. `shape` is "" for a closed day."""

    day: date
    before: SchoolDay
    shape: str
    note: str
    was: tuple[Bell, ...]
    becomes: tuple[Bell, ...]
    affected: tuple[Affected, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """What changes, a period at a time."""
        return told_apart(self.was, self.becomes)

    @property
    def falling_away(self) -> int:
        """How many placed periods fall away."""
        return sum(len(one.falls_away) for one in self.affected)


def plan_change(file: File, day: date, wanted: Wanted, now: datetime) -> DayPlan:
    """Work out what a change comes to. Nothing is written.

    Raises `NotUnderstood` for an unknown shape or times that cannot be read, and `Refused` for a day that is over,
    times that make no day, and a change that would leave what students have done today without its period.
    """
    today = school_day(now, file.zone)
    if day < today:
        raise Refused("A day that is over keeps its times.", "Choose today or a day to come.")
    before = calendar_day(file, day)
    was = bells_of(file, before.shape)
    shape, becomes = _becoming(file, day, wanted, before, was)
    if day == today and not wanted.whole_day and not wanted.closed and wanted.closes is None:
        becomes = from_now_on(was, becomes, wanted.since or time.fromisoformat(wall(now, file.zone)))
    if fault := fault_in(becomes):
        raise Refused(f"Those times make no day: {fault}", "Check them; nothing was changed.")
    if shape and set(becomes) != set(bells_of(file, shape)):
        shape = shape_for(day, shape_names(file, every=True))
    note = clean(wanted.note) or (before.note if shape and before.is_open else "")
    if (bool(shape), note) == (before.is_open, before.note) and set(becomes) == set(was):
        raise Refused("The day is so already.", "Nothing was changed.")
    if day == today:
        _keep_what_was_lived(file, day, was, becomes, now, closed=not shape)
    return DayPlan(day, before, shape, note, was, becomes, affected_by(file, day, was, becomes))


def _becoming(
    file: File, day: date, wanted: Wanted, before: SchoolDay, was: tuple[Bell, ...]
) -> tuple[str, tuple[Bell, ...]]:
    """Return the shape that is wanted, and its bells. A shape that is not there yet has a name of its own."""
    if wanted.closed:
        if not clean(wanted.note):
            raise NotUnderstood("Say why the school is closed.", "INSET, snow, election: it stands on the board.")
        return "", ()
    every = shape_names(file, every=True)
    if wanted.shape:
        found = version_on(every, wanted.shape, day)
        if not found:
            raise NotUnderstood(
                f"There is no day shape “{wanted.shape.strip()}”.", f"It can be: {', '.join(shape_names(file))}."
            )
        return found, bells_of(file, found)
    made = shape_for(day, every)
    if wanted.closes is not None:
        if not before.is_open:
            raise Refused("The school is closed on that day already.", "Choose a shape, or type the times.")
        becomes = closed_from(was, wanted.closes)
        if not becomes:
            raise Refused(f"Nothing has begun at {wanted.closes:%H:%M}.", "Close the day wholly, and say why.")
        if becomes == was:
            raise Refused(f"Everything is over by {wanted.closes:%H:%M}.", "Nothing was changed.")
        return made, becomes
    known = dict.fromkeys(
        name for (name,) in file.rows("SELECT b.period FROM bell b JOIN shape s ON s.id = b.shape_id ORDER BY b.starts")
    )
    years = {year for (year,) in file.rows("SELECT DISTINCT year FROM bell")}
    used = {bell.year for bell in was} or years
    return made, read_times(wanted.times, was, list(known), used)


def _keep_what_was_lived(
    file: File, day: date, was: tuple[Bell, ...], becomes: tuple[Bell, ...], now: datetime, *, closed: bool
) -> None:
    """Raise `Refused` when the change would leave checks or time in the room without the period they belong to."""
    if closed:
        by_visit: dict[int, list[Movement]] = {}
        for move in movements_on(file, day):
            by_visit.setdefault(move.visit_id, []).append(move)
        if inside := sum(is_open(in_order(moves)) for moves in by_visit.values()):
            raise Refused(
                f"{counted(inside, 'student is', 'students are')} in a room.",
                "Close from a time instead: they are due out then.",
            )
    lost = [name for name in lived_periods(file, day, was, now) if name not in {bell.period for bell in becomes}]
    if lost:
        raise Refused(
            f"{' and '.join(lost)} {'was' if len(lost) == 1 else 'were'} lived today: students were in the room then.",
            "Times that leave it out cannot be meant: change the day from now on, or close it from a later time.",
        )


@act("change_day")
def change_day(tx: Tx, day: date, wanted: Wanted, seen: str = "") -> int:
    """Give a day, today or to come, other times; returns how many placed periods fall away.

    `seen` is the shape that the change was worked out from, "" for whichever there is; raises `Refused` when somebody
    changed the day since, and what `plan_change` raises. The periods that fall away stay, for a decision: see
    `roster/stranded.py`.
    """
    plan = plan_change(tx.file, day, wanted, tx.now)
    if seen and seen != base_of(plan.before):
        raise Refused("Somebody else changed this day just now.", "Look at it again; nothing was changed.")
    for one in plan.affected:
        tx.touch(one.student_id)
    if plan.shape and plan.shape not in shape_names(tx.file, every=True):
        cursor = tx.file.execute("INSERT INTO shape (name) VALUES (?)", (plan.shape,))
        tx.file.conn.executemany(
            "INSERT INTO bell (shape_id, year, period, starts, ends) VALUES (?, ?, ?, ?, ?)",
            [
                (cursor.lastrowid, one.year, one.period, f"{one.starts:%H:%M}", f"{one.ends:%H:%M}")
                for one in plan.becomes
            ],
        )
    tx.file.execute(
        "INSERT INTO calendar_day (day, shape_id, week, note) VALUES (?, (SELECT id FROM shape WHERE name = ?), ?, ?)"
        " ON CONFLICT (day) DO UPDATE SET shape_id = excluded.shape_id, note = excluded.note",
        (day.isoformat(), plan.shape, plan.before.week, plan.note),
    )
    tx.said.update(
        about="calendar",
        day=day.isoformat(),
        before={"shape": plan.before.shape, "note": plan.before.note},
        after={"shape": plan.shape, "note": plan.note},
    )
    return plan.falling_away


def base_of(day: SchoolDay) -> str:
    """Return what a plan was worked out from, for `change_day` to compare."""
    return f"{day.shape}|{day.note}|open" if day.is_open else f"|{day.note}|closed"


class LastChange(NamedTuple):
    """The last change of a day: when, by whom, and what it had been."""

    at: datetime
    by: str
    shape: str
    note: str

    @property
    def words(self) -> str:
        """What the day had been."""
        return self.shape or f"closed ({self.note})".replace(" ()", "")

    @property
    def back(self) -> Wanted:
        """What puts the day back. It was so from its first bell."""
        if not self.shape:
            return Wanted(closed=True, note=self.note or "closed")
        return Wanted(shape=self.shape, note=self.note, whole_day=True)


def last_change(file: File, day: date) -> LastChange | None:
    """Return the last change of a day, None when nobody changed it, or its detail has been disposed of."""
    found = file.row(
        "SELECT l.at, l.actor, d.json FROM ledger l JOIN ledger_detail d ON d.seq = l.seq WHERE (l.act = 'change_day'"
        " AND json_extract(d.json, '$.day') = :day) OR (l.act = 'change_calendar' AND EXISTS"
        " (SELECT 1 FROM json_each(d.json, '$.days') WHERE key = :day)) ORDER BY l.seq DESC LIMIT 1",
        {"day": day.isoformat()},
    )
    if found is None:
        return None
    at, by, detail = found
    kept = json.loads(detail)
    before = (kept["days"][day.isoformat()] if "days" in kept else kept)["before"]
    return LastChange(moment(at), by, before["shape"], before["note"])


def changed_days(file: File) -> frozenset[str]:
    """Return the days that somebody changed, as the file writes them."""
    found = file.rows(
        "SELECT json_extract(d.json, '$.day') FROM ledger l JOIN ledger_detail d ON d.seq = l.seq"
        " WHERE l.act = 'change_day' UNION SELECT each.key FROM ledger l JOIN ledger_detail d ON d.seq = l.seq,"
        " json_each(d.json, '$.days') each WHERE l.act = 'change_calendar'"
    )
    return frozenset(str(day) for (day,) in found)
