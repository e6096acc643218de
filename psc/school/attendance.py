"""Attendance as the school's own register has it: sessions, or totals of them, as they were imported.

psc writes no register. What it shows of attendance is what the last import said.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment
from psc.school.attendance_codes import CODES, LATE, Counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from psc.database.file import File


class Session(NamedTuple):
    """Half a school day of the register. `minutes_late` is None where nobody said."""

    day: date
    half: str
    """AM or PM."""
    code: str
    minutes_late: int | None
    imported: datetime


class Attendance(NamedTuple):
    """What a student's sessions come to, from `first` to `last`: the days that the figures are of."""

    first: date
    last: date
    possible: int
    attended: int
    late: int | None
    """Sessions attended late, None where the system did not say."""
    by_code: Mapping[str, int]
    """Sessions by code, the most first; empty where only totals are known."""

    @property
    def percent(self) -> float | None:
        """Return sessions attended as per cent of those possible, None where none was."""
        return self.attended * 100 / self.possible if self.possible else None

    @property
    def punctual(self) -> float | None:
        """Return sessions attended on time as per cent of those attended, None where nothing is known."""
        if not self.attended or self.late is None:
            return None
        return (self.attended - min(self.late, self.attended)) * 100 / self.attended


class Total(NamedTuple):
    """Sessions possible and attended from one day to another, as the system had added them up."""

    first: date
    last: date
    possible: int
    attended: int
    late: int | None


# Rules


def of_sessions(sessions: Iterable[Session]) -> Attendance | None:
    """Return what sessions come to, None for none. A code psc does not know counts for nothing but itself."""
    every = sorted(sessions)
    if not every:
        return None
    codes = Counter(one.code for one in every)
    known = {code: (CODES[code], count) for code, count in codes.items() if code in CODES}
    possible = sum(count for code, count in known.values() if code.possible)
    attended = sum(count for code, count in known.values() if code.counts is Counts.ATTENDED)
    by_code = dict(sorted(codes.items(), key=lambda one: (-one[1], one[0])))
    return Attendance(every[0].day, every[-1].day, possible, attended, codes[LATE], by_code)


def of_totals(totals: Iterable[Total]) -> Attendance | None:
    """Return what totals come to, None for none. Of two that overlap the one of more sessions counts."""
    chosen: list[Total] = []
    for one in sorted(totals, key=lambda one: (-one.possible, one.first)):
        if all(one.last < other.first or one.first > other.last for other in chosen):
            chosen.append(one)
    if not chosen:
        return None
    late = None if any(one.late is None for one in chosen) else sum(one.late or 0 for one in chosen)
    return Attendance(
        min(one.first for one in chosen),
        max(one.last for one in chosen),
        sum(one.possible for one in chosen),
        sum(one.attended for one in chosen),
        late,
        {},
    )


# Reading


def sessions_of(file: File, student_id: int, first: date, last: date) -> tuple[Session, ...]:
    """Return a student's sessions between two days, in order, whoever asks."""
    found = file.rows(
        "SELECT s.on_day, s.half, s.code, s.minutes_late, l.at FROM attendance_session s"
        " JOIN ledger l ON l.seq = s.import_seq WHERE s.student_id = ? AND s.on_day BETWEEN ? AND ?"
        " ORDER BY s.on_day, s.half",
        (student_id, first.isoformat(), last.isoformat()),
    )
    return tuple(Session(date.fromisoformat(day), half, code, late, moment(at)) for day, half, code, late, at in found)


def totals_of(file: File, student_id: int, first: date, last: date) -> tuple[Total, ...]:
    """Return a student's totals that lie wholly between two days, whoever asks."""
    found = file.rows(
        "SELECT from_day, until_day, possible, attended, late FROM attendance_total"
        " WHERE student_id = ? AND from_day >= ? AND until_day <= ? ORDER BY from_day",
        (student_id, first.isoformat(), last.isoformat()),
    )
    return tuple(Total(date.fromisoformat(one), date.fromisoformat(other), *rest) for one, other, *rest in found)


def attendance_of(file: File, student_id: int, first: date, last: date) -> Attendance | None:
    """Return a student's attendance between two days, None where nothing was imported; whoever asks.

    Where sessions and totals are both known, those that speak of more sessions count.
    """
    known = (
        of_sessions(sessions_of(file, student_id, first, last)),
        of_totals(totals_of(file, student_id, first, last)),
    )
    return max((one for one in known if one), key=lambda one: one.possible, default=None)
