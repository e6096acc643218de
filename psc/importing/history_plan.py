"""A term of room history, or bookings still to come, from a file: placements with what happened on their days."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from psc.clock import at_clock, school_day
from psc.desk.facts import live
from psc.errors import Refused
from psc.importing.plan import newest_import, students_by_number
from psc.roster.movements import Kind, Movement, check_sequence, movements_of
from psc.roster.placements import Line, PlacementType
from psc.school.calendar import school_days
from psc.school.rooms import rooms
from psc.school.shapes import shape_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from psc.database.file import File
    from psc.desk.acts import Tx
    from psc.importing.history import HistoryRecord
    from psc.importing.report import Report
    from psc.school.shapes import DayShape

_UNPLANNED = frozenset({PlacementType.REMOVAL, PlacementType.TIME_OUT, PlacementType.REGULATION})
_SUPPORT_GAP = timedelta(days=14)
"""A weekly pattern may skip a week and still be one placement."""


@dataclass(slots=True)
class _Placement:
    """Rows that are days of one placement."""

    student_id: int
    room_id: int
    type: PlacementType
    reason: str
    days: list[HistoryRecord] = field(default_factory=list)


@dataclass
class HistoryPlan:
    """Placements to add."""

    report: Report
    seen: int
    placements: list[_Placement] = field(default_factory=list)

    def __str__(self) -> str:
        return "history"

    def apply(self, tx: Tx) -> None:
        """Add the placements, their periods, visits, movements and checks as facts recorded now."""
        shapes: dict[date, DayShape] = {}
        for one in self.placements:
            first = one.days[0]
            decided = at_clock(first.day, first.came, tx.file.zone) if first.came else _morning(tx, first.day)
            placement_id = tx.add(
                "placement",
                student_id=one.student_id,
                room_id=one.room_id,
                type=one.type.value,
                reason=one.reason,
                planned=int(one.type not in _UNPLANNED),
                happened=min(decided, tx.now) if one.type in _UNPLANNED else min(_morning(tx, first.day), tx.now),
                day=first.day,
            )
            for day in one.days:
                if day.day not in shapes:
                    shapes[day.day] = shape_of(tx.file, day.day)
                self._day(tx, one, placement_id, day, shapes[day.day])

    def _day(self, tx: Tx, one: _Placement, placement_id: int, record: HistoryRecord, shape: DayShape) -> None:
        ends = {period.name: period.end for periods in shape.by_year.values() for period in periods}
        for number, period in enumerate(record.periods):
            placed = tx.add("placement_period", placement_id=placement_id, on_day=record.day.isoformat(), period=period)
            mark = record.checks[number] if number < len(record.checks) else None
            if mark is not None:
                tx.add("period_check", placement_period_id=placed, mark=mark, happened=ends[period], day=record.day)
        if record.came is None:
            return
        came = at_clock(record.day, record.came, tx.file.zone)
        visit = tx.file.value(
            "SELECT id FROM visit WHERE student_id = ? AND day = ? AND room_id = ?",
            (one.student_id, record.day.isoformat(), one.room_id),
        ) or tx.add("visit", student_id=one.student_id, room_id=one.room_id, happened=came, day=record.day)
        note = f"recorded by {record.staff}" if record.staff else ""
        tx.add("movement", visit_id=visit, kind="in", happened=came, day=record.day, note=note)
        if record.left is not None:
            left = at_clock(record.day, record.left, tx.file.zone)
            last = max(ends.values())
            reason = "end of day" if left >= last else "lesson"
            tx.add("movement", visit_id=visit, kind="left", reason=reason, happened=left, day=record.day, note=note)


def _morning(tx: Tx, day: date) -> datetime:
    """Return the start of a day: planned placements owe their periods whole."""
    return at_clock(day, time(0, 0), tx.file.zone)


def plan_history(file: File, records: Sequence[HistoryRecord], report: Report, now: datetime) -> HistoryPlan:
    """Compare placements with those known, by student, room, day and period. Times may not lie in the future."""
    plan = HistoryPlan(report, newest_import(file))
    students = students_by_number(file)
    room_ids = {room.code.lower(): room.id for room in rooms(file)}
    known = set(
        file.rows(
            "SELECT p.student_id, p.room_id, pp.on_day, pp.period FROM placement_period pp JOIN placement p"
            f" ON p.id = pp.placement_id WHERE {live('placement_period', 'pp')} AND {live('placement', 'p')}"
        )
    )
    names: dict[date, set[str]] = {}
    newest: dict[tuple[int, int, str, str], _Placement] = {}
    told = sorted(record.day for record in records)
    following = dict(pairwise(school_days(file, told[0], told[-1]))) if told else {}
    moves: dict[tuple[int, date], list[Movement]] = {}
    for record in sorted(records, key=lambda one: (one.day, one.came or time.min, one.line)):
        if record.day not in names:
            names[record.day] = {p.name for ps in shape_of(file, record.day).by_year.values() for p in ps}
        student, room = students.get(record.student), room_ids.get(record.room.lower())
        if reason := _refusal(file, record, student, room, names[record.day], now):
            report.reject(record.line, reason)
            continue
        if student is None or room is None:
            continue
        had = [(student, room, record.day.isoformat(), period) in known for period in record.periods]
        if any(had):
            if all(had):
                report.unchanged += 1
            else:
                report.reject(record.line, "some of these periods are known already and others are not")
            continue
        if _crosses(file, record, student, room, moves):
            report.reject(record.line, "its times cross others of that student's day")
            continue
        report.imported += 1
        type_ = PlacementType(record.type)
        key = (student, room, type_.value, record.reason)
        mine = newest.get(key)
        if mine is None or not _goes_on(mine, record.day, following):
            mine = newest[key] = _Placement(student, room, type_, record.reason)
            plan.placements.append(mine)
        mine.days.append(record)
    report.finish()
    return plan


def _crosses(
    file: File, record: HistoryRecord, student: int, room: int, moves: dict[tuple[int, date], list[Movement]]
) -> bool:
    """Say whether a row's times cross what is known or told already of that student's day; add them if not."""
    if record.came is None:
        return False
    before = moves.setdefault((student, record.day), [])
    if not before:
        before += movements_of(file, student, record.day)
    visit = next((one.visit_id for one in before if one.room_id == room), -room)
    mine: list[Movement] = []
    for kind, clock in ((Kind.IN, record.came), (Kind.LEFT, record.left)):
        if clock is not None:
            when, place = at_clock(record.day, clock, file.zone), (1 << 60) + len(before) + len(mine)
            mine.append(Movement(0, visit, room, kind, "", when, when, "", place))
    try:
        check_sequence([*before, *mine], file.zone)
    except Refused:
        return True
    before += mine
    return False


def _goes_on(mine: _Placement, day: date, following: dict[date, date]) -> bool:
    """Say whether a day belongs to the placement of the days before: the next school day, or a pattern's next."""
    last = mine.days[-1].day
    if mine.type.line is Line.SUPPORT and mine.type not in _UNPLANNED:
        return day - last <= _SUPPORT_GAP
    return mine.type not in _UNPLANNED and following.get(last) == day


def _refusal(
    file: File, record: HistoryRecord, student: int | None, room: int | None, names: set[str], now: datetime
) -> str:
    """Say why a row cannot go in, "" when it can."""
    if student is None:
        return "no student has that number"
    if room is None:
        return f"there is no room “{record.room}”"
    if not names:
        return f"{record.day.isoformat()} is not a school day"
    if missing := [period for period in record.periods if period not in names]:
        return f"that day has no {missing[0]}"
    if record.day > school_day(now, file.zone) and any(mark is not None for mark in record.checks):
        return "its times have not come yet"
    ends = record.left or record.came
    if ends is not None and at_clock(record.day, ends, file.zone) > now:
        return "its times have not come yet"
    return ""
