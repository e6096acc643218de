"""Placements of the time before psc, a row a student and day, so that no count begins at nought."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psc.importing.report import BadRow, Report
from psc.importing.rows import Line, read_rows
from psc.importing.values import parse_clock, parse_date, parse_periods, quoted
from psc.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, time
    from pathlib import Path

PLACEMENT_TYPES = (
    "removal",
    "internal_exclusion",
    "internal_suspension",
    "readmission",
    "psc_programme",
    "phased_return",
    "alternative_timetable",
    "time_out",
    "regulation",
    "investigation_hold",
    "safeguarding_separation",
    "missed_detention",
    "guest",
)
_CHECK_SIGNS = "01234-"
_BETWEEN_CHECKS = re.compile(r"[\s,;/|]+")


@dataclass(frozen=True, slots=True)
class HistoryRecord:
    """One student's day in a room. `checks` go with the periods in order, None where nobody checked."""

    line: int
    student: str
    room: str
    type: str
    reason: str
    day: date
    periods: tuple[str, ...]
    came: time | None
    left: time | None
    checks: tuple[int | None, ...]
    staff: str


def read_history(path: Path, profile: Mapping[str, str] | None = None) -> tuple[list[HistoryRecord], Report]:
    """Read placements that are over, with the times in and out and the period checks as far as they were kept."""
    return read_rows("history", path, profile, _placement)


def _placement(line: Line) -> HistoryRecord:
    """Make one row a record, or raise `BadRow` where its facts do not fit together."""
    record = HistoryRecord(
        line=line.line,
        student=line.need("student"),
        room=line.need("room"),
        type=line.needed("type", _type),
        reason=line.text("reason"),
        day=line.needed("day", parse_date),
        periods=line.needed("periods", parse_periods),
        came=line.value("came", parse_clock),
        left=line.value("left", parse_clock),
        checks=line.value("checks", _checks) or (),
        staff=line.text("staff"),
    )
    if record.left and not record.came:
        raise BadRow("a time out without a time in")
    if record.left and record.came and record.left < record.came:
        raise BadRow(f"out at {record.left:%H:%M}, before in at {record.came:%H:%M}")
    if len(record.checks) > len(record.periods):
        raise BadRow(f"{len(record.checks)} checks for {len(record.periods)} of a placement's periods")
    return record


def _type(text: str) -> str:
    """Return the placement type, written as a name or in words: "Internal exclusion"."""
    name = fold(text).replace(" ", "_")
    if name not in PLACEMENT_TYPES:
        raise BadRow(f"{quoted(text)} is not a placement type; the types are {', '.join(PLACEMENT_TYPES)}")
    return name


def _checks(text: str) -> tuple[int | None, ...]:
    """Read period checks, "3 3 - 4" or "33-4": 0 to 4, or - where there was none."""
    marked = _BETWEEN_CHECKS.split(text)
    signs = marked if len(marked) > 1 else list(text)
    if any(len(sign) != 1 or sign not in _CHECK_SIGNS for sign in signs):
        raise BadRow(f"{quoted(text)} does not read as checks of 0 to 4, or - for none")
    return tuple(None if sign == "-" else int(sign) for sign in signs)
