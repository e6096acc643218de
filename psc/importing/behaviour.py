"""Behaviour as the school's own system has it: a row an event and student.

It mirrors that system and is no record of psc's own. A row is known by the system's id of the event where it has one;
else by what identifies it (date, time, type, behaviour, lesson and staff), so that changed comments, points, actions
and outcomes of the same event change what is there.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from operator import itemgetter
from typing import TYPE_CHECKING, TypeVar

from psc.clock import school_day
from psc.importing.progress import CHUNK, Step, unwatched
from psc.importing.pupils import Pupils
from psc.importing.report import BadRow
from psc.importing.rows import begin
from psc.importing.staging import BEHAVIOUR, stage
from psc.importing.values import parse_clock, parse_date, parse_period, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from psc.database.file import File
    from psc.importing.progress import Watch
    from psc.importing.report import Report
    from psc.importing.staging import MirrorPlan
    from psc.importing.tablefile import Row

T = TypeVar("T")

_TEXTS = ("type", "behaviour", "activity", "location", "period", "subject", "class_code", "staff", "recorded_by")
_ENDS = ("action", "outcome", "status")
_FIELDS = ("event", "upn", "student", "day", "at", "points", *_TEXTS, "comments", *_ENDS)
_LONGEST, _LONGEST_COMMENT = 400, 20_000
_POINTS = re.compile(r"([+\-\u2212]?)(\d{1,6})(?:\.0+)?")
_CLOCK_AFTER = re.compile(r"[T ]+(\d{1,2}:\d\d)")


class _Read(dict[str, T]):
    """Cells that were read already: a date and a time stand in thousands of rows."""

    def __init__(self, field: str, parse: Callable[[str], T]) -> None:
        super().__init__()
        self._field, self._parse = field, parse

    def __missing__(self, cell: str) -> T:
        try:
            read = self[cell] = self._parse(cell)
        except BadRow as bad:
            raise BadRow(f"{self._field}: {bad.reason}") from bad
        return read


def plan_behaviour(
    file: File, path: Path, profile: Mapping[str, str] | None, now: datetime, watch: Watch = unwatched
) -> MirrorPlan:
    """Read a file of behaviour, find whose each row is, and compare it with what is there.

    A row of nobody psc knows, of a day to come, or with a cell that cannot be read is rejected; one that says the very
    same as an earlier row is left out with a warning.
    """
    table, columns, report = begin("behaviour", path, profile, watch)
    pick = itemgetter(*(columns.places.get(field, len(table.header)) for field in _FIELDS))
    reader = _Reader(file, now, report, columns.headings)
    rows: list[tuple[object, ...]] = []
    for done, row in enumerate(table.rows):
        if not done % CHUNK:
            watch(Step("reading", done, len(table.rows)))
        try:
            made = reader.read(row, pick((*row.cells, "")))
        except BadRow as bad:
            report.reject(row.line, bad.reason)
            continue
        if made is not None:
            rows.append(made)
    report.finish()
    rows.sort(key=itemgetter(0, 2))  # a student's days lie together in the file
    return stage(file, BEHAVIOUR, rows, report, watch)


class _Reader:
    """Makes a row of the file a row of the table."""

    def __init__(self, file: File, now: datetime, report: Report, headings: Mapping[str, str]) -> None:
        self._pupils = Pupils(file)
        self._report = report
        self._headings = headings
        self._today = school_day(now, file.zone).isoformat()
        self._days = _Read(headings.get("day", "Date"), _day)
        self._times = _Read(headings.get("at", "Time"), _clock)
        self._points = _Read(headings.get("points", "Points"), _points)
        self._periods = _Read(headings.get("period", "Period"), parse_period)
        self._seen: dict[tuple[int, str], tuple[int, tuple[object, ...]]] = {}

    def read(self, row: Row, cells: tuple[str, ...]) -> tuple[object, ...] | None:
        """Return the student, the key and the values of a row; None where an earlier row said the same."""
        event, upn, number, day_text, clock_text, points_text, *texts = cells
        student = self._pupils.find(number, upn)
        if not day_text:
            raise BadRow(f"{self._headings.get('day', 'Date')} is empty")
        day, at = self._days[day_text]
        if day > self._today:
            raise BadRow("its day has not come yet")
        if clock_text:
            at = self._times[clock_text]
        if not texts[0] and not texts[1]:
            raise BadRow("it says neither a type nor a behaviour")
        if texts[4]:
            texts[4] = self._periods[texts[4]]
        if max(map(len, texts)) > _LONGEST:
            self._check_lengths(texts)
        points = None
        if points_text:
            try:
                points = self._points[points_text]
            except BadRow as bad:
                self._report.warn(row.line, bad.reason)
        comments, action, outcome, status = texts[9:]
        values = (day, at, *texts[:9], comments, points, action, outcome, status)
        key = f"id {event}" if event else _digest(day, at, texts)
        return self._once(row.line, student, key, values, by_id=bool(event))

    def _once(
        self, line: int, student: int, key: str, values: tuple[object, ...], *, by_id: bool
    ) -> tuple[object, ...] | None:
        """Return the row whole, unless an earlier one said the same; two events alike but for comments are two."""
        known = key
        nth = 1
        while (earlier := self._seen.get((student, known))) is not None:
            if earlier[1] == values:
                self._report.warn(line, f"says the same as line {earlier[0]}: left out")
                return None
            if by_id:
                raise BadRow(f"line {line} has the same id and student as line {earlier[0]}, and says otherwise")
            nth += 1
            known = f"{key} {nth}"
        self._seen[student, known] = (line, values)
        return (student, known, *values)

    def _check_lengths(self, texts: list[str]) -> None:
        for field, text in zip((*_TEXTS, "comments", *_ENDS), texts, strict=True):
            most = _LONGEST_COMMENT if field == "comments" else _LONGEST
            if len(text) > most:
                raise BadRow(f"{self._headings.get(field, field)} has {len(text):,} characters; {most:,} fit")


def _digest(day: str, at: str, texts: list[str]) -> str:
    """Return what a row without an id is known by: when, what, in which lesson, by whom."""
    type_, behaviour, _, _, period, _, class_code, staff, recorded_by = texts[:9]
    parts = "\x1f".join((day, at, type_, behaviour, period, class_code, staff, recorded_by)).casefold()
    return blake2b(parts.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def _day(text: str) -> tuple[str, str]:
    """Return the day of a cell, and the time that stands after it, "" for none (midnight is none)."""
    day = parse_date(text).isoformat()
    after = _CLOCK_AFTER.search(text)
    at = _clock(after[1]) if after else ""
    return day, "" if at == "00:00" else at


def _clock(text: str) -> str:
    return f"{parse_clock(text):%H:%M}"


def _points(text: str) -> int:
    """Read points, "2", "+2", "-1", "2.0"; others are a warning, and the row goes in without."""
    found = _POINTS.fullmatch(text)
    if found is None:
        raise BadRow(f"{quoted(text)} is not a number of points")
    return int(found[2]) * (1 if found[1] in ("", "+") else -1)
