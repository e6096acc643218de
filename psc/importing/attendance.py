"""Attendance from the school's register: a row a student and session (or a day with both), or a row a student.

The second kind has sessions possible and attended, and the days they are of; without those, the school year so far.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from psc.clock import school_day
from psc.errors import FileRefused
from psc.importing.progress import CHUNK, Step, unwatched
from psc.importing.pupils import Pupils
from psc.importing.report import BadRow
from psc.importing.rows import Line, begin
from psc.importing.staging import SESSIONS, TOTALS, stage
from psc.importing.values import parse_date, quoted
from psc.school.attendance_codes import CODES
from psc.school.calendar import academic_year_start
from psc.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime
    from pathlib import Path

    from psc.database.file import File
    from psc.importing.progress import Watch
    from psc.importing.report import Report
    from psc.importing.staging import MirrorPlan

_HALVES = {
    **dict.fromkeys(("am", "a m", "a", "morning", "1", "am session", "session 1", "morning registration"), "AM"),
    **dict.fromkeys(("pm", "p m", "p", "afternoon", "2", "pm session", "session 2", "afternoon registration"), "PM"),
}
_NO_MARK = frozenset({"-", "–", "no mark", "!"})
"""What systems write for a session whose register nobody took."""
_PRESENT = {"AM": "/", "PM": "\\"}
_MOST_LATE = 600
_NEEDED = {"attended": "Attended", "day": "Date"}


def plan_attendance(
    file: File, path: Path, profile: Mapping[str, str] | None, now: datetime, watch: Watch = unwatched
) -> MirrorPlan:
    """Read a file of attendance in either shape, find whose each row is, and compare it with what is there."""
    table, columns, report = begin("attendance", path, profile, watch)
    totals = "possible" in columns.places and "code" not in columns.places and "am" not in columns.places
    needed = ("attended",) if totals else ("day",)
    if missing := [field for field in needed if field not in columns.places]:
        raise FileRefused(
            f"An attendance file of this shape needs a column for: {_NEEDED[missing[0]]}.",
            "A row a session needs Date, Session and Code; a row a student needs Possible and Attended.",
        )
    if not totals and "am" not in columns.places and "half" not in columns.places:
        raise FileRefused(
            "An attendance file with a code a row needs a column for: Session (AM or PM).",
            "Export it with the session, or with a column AM and a column PM.",
        )
    reader = _Reader(file, now, report)
    rows: list[tuple[object, ...]] = []
    for done, row in enumerate(table.rows):
        if not done % CHUNK:
            watch(Step("reading", done, len(table.rows)))
        line = Line(row.line, row.cells, columns)
        try:
            rows += [reader.total(line)] if totals else list(reader.sessions(line))
        except BadRow as bad:
            report.reject(row.line, bad.reason)
            continue
        for reason in line.warnings:
            report.warn(row.line, reason)
    report.finish()
    report.rows = len(rows) + len(report.rejected)  # a row of a day tells of two sessions, and sessions are counted
    rows.sort(key=itemgetter(0, 1, 2))
    return stage(file, TOTALS if totals else SESSIONS, rows, report, watch)


class _Reader:
    """Makes rows of the file rows of the tables."""

    def __init__(self, file: File, now: datetime, report: Report) -> None:
        self._pupils = Pupils(file)
        self._report = report
        self._today = school_day(now, file.zone)
        self._days: dict[str, str] = {}
        self._seen: dict[tuple[object, ...], int] = {}

    def sessions(self, line: Line) -> Iterator[tuple[object, ...]]:
        """Yield the sessions of a row: one, or the two of a day; none of a register that nobody took."""
        student = self._pupils.find(line.text("student"), line.text("upn"))
        day = self._day(line)
        late = line.lenient("late", _count)
        if late is not None and late > _MOST_LATE:
            line.warn(f"{late} minutes late is more than a day: left out")
            late = None
        if "am" in line.columns.places:
            marks = [("AM", line.text("am")), ("PM", line.text("pm"))]
            late = None  # of which half nobody says
        else:
            marks = [(line.needed("half", _half), line.text("code"))]
        found = []
        for half, mark in marks:
            if not mark or mark in _NO_MARK or mark.casefold() in _NO_MARK:
                if "am" not in line.columns.places:
                    line.warn("no mark was taken: left out")
                continue
            found.append((half, _code(mark, half)))
        for half, code in found:
            self._claim(line.line, "session", student, day, half)
            yield (student, day, half, code, late)

    def total(self, line: Line) -> tuple[object, ...]:
        """Return what a row says of a student's sessions all together."""
        student = self._pupils.find(line.text("student"), line.text("upn"))
        possible, attended = line.needed("possible", _count), line.needed("attended", _count)
        late = line.value("late", _count)
        last: date = line.value("last", parse_date) or self._today
        first: date = line.value("first", parse_date) or academic_year_start(last)
        if attended > possible:
            raise BadRow(f"{attended} sessions attended of {possible} possible")
        if late is not None and late > attended:
            raise BadRow(f"{late} sessions late of {attended} attended")
        if last < first:
            raise BadRow(f"it ends on {last:%d/%m/%Y} and begins on {first:%d/%m/%Y}")
        if last > self._today:
            raise BadRow("its last day has not come yet")
        self._claim(line.line, "student and first day", student, first)
        return (student, first.isoformat(), last.isoformat(), possible, attended, late)

    def _claim(self, line: int, what: str, *key: object) -> None:
        earlier = self._seen.setdefault(key, line)
        if earlier != line:
            raise BadRow(f"line {line} has the same {what} as line {earlier}")

    def _day(self, line: Line) -> str:
        cell = line.text("day")
        day = self._days.get(cell)
        if day is None:
            read = line.needed("day", parse_date)
            if read > self._today:
                raise BadRow("its day has not come yet")
            day = self._days[cell] = read.isoformat()
        return day


def _half(text: str) -> str:
    half = _HALVES.get(fold(text))
    if half is None:
        raise BadRow(f"{quoted(text)} is neither AM nor PM")
    return half


def _code(text: str, half: str) -> str:
    """Read a code of the 2024 regulations. Presence is `/` in the morning and `\\` in the afternoon, whichever stands.

    What only later sets of codes have, or a school's own letters, are no code: the row is turned down with the reason.
    """
    code = text.upper()
    if code in ("/", "\\"):
        return _PRESENT[half]
    if code not in CODES:
        raise BadRow(f"{quoted(text)} is not an attendance code of the 2024 regulations")
    return code


def _count(text: str) -> int:
    bare = text.removesuffix(".0").replace(",", "")
    if not (bare.isascii() and bare.isdigit() and len(bare) < 7):
        raise BadRow(f"{quoted(text)} is not a number")
    return int(bare)
