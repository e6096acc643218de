"""Events of students from a file: exam entries, trips, music lessons. A row a student and event."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psc.clock import school_day
from psc.desk.facts import live
from psc.importing.plan import newest_import, students_by_number
from psc.importing.report import BadRow, Report
from psc.importing.rows import Line, Once, read_rows
from psc.importing.values import parse_clock, parse_date, quoted
from psc.roster.events import EventKind
from psc.text import clean, fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime, time
    from pathlib import Path

    from psc.database.file import File
    from psc.desk.acts import Tx

_WORDS = {
    EventKind.EXAM: "exam, examination, test, mock, mock exam, gcse, assessment, controlled assessment",
    EventKind.TRIP: "trip, visit, educational visit, school trip, fixture, sports fixture",
    EventKind.MEDICAL: "medical, doctor, hospital, dentist, orthodontist, camhs, medical appointment",
    EventKind.MUSIC: "music, music lesson, instrument, instrumental lesson, peripatetic, drama lesson",
    EventKind.APPOINTMENT: "appointment, meeting, interview, counselling, mentoring",
    EventKind.OTHER: "other, event",
}
_KINDS = {word: kind for kind, words in _WORDS.items() for word in words.split(", ")}


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One event of one student, who is named by a number."""

    line: int
    student: str
    day: date
    starts: time
    ends: time
    kind: EventKind
    note: str


def read_events(path: Path, profile: Mapping[str, str] | None = None) -> tuple[list[EventRecord], Report]:
    """Read the events. A kind psc does not know, and times that run backwards, turn the row down."""
    once = Once()

    def make(line: Line) -> EventRecord:
        record = EventRecord(
            line=line.line,
            student=line.need("student"),
            day=line.needed("day", parse_date),
            starts=line.needed("starts", parse_clock),
            ends=line.needed("ends", parse_clock),
            kind=line.needed("kind", _kind),
            note=clean(line.text("note")),
        )
        if record.ends <= record.starts:
            raise BadRow(f"it ends at {record.ends:%H:%M} and begins at {record.starts:%H:%M}")
        once.claim(line.line, "student, date, start and kind", record.student, record.day, record.starts, record.kind)
        return record

    return read_rows("events", path, profile, make)


def _kind(text: str) -> EventKind:
    """Return the kind of event that schools call so."""
    kind = _KINDS.get(fold(text))
    if kind is None:
        raise BadRow(f"{quoted(text)} is not a kind of event; the kinds are {', '.join(EventKind)}")
    return kind


@dataclass
class EventPlan:
    """Events to add, and those that a newer line takes the place of."""

    report: Report
    seen: int
    gone: list[int] = field(default_factory=list)
    added: list[tuple[int, EventRecord]] = field(default_factory=list)

    def __str__(self) -> str:
        return self.report.kind

    def apply(self, tx: Tx) -> None:
        """Take back what changed, and add."""
        for event_id in self.gone:
            tx.retract("student_event", event_id, "imported anew")
        for student_id, one in self.added:
            tx.touch(student_id)
            tx.add(
                "student_event",
                student_id=student_id,
                on_day=one.day.isoformat(),
                starts=f"{one.starts:%H:%M}",
                ends=f"{one.ends:%H:%M}",
                kind=one.kind.value,
                note=one.note,
            )


def plan_events(file: File, records: Sequence[EventRecord], report: Report, now: datetime) -> EventPlan:
    """Compare events by student, date, start and kind. Events that the file does not name stay.

    A row of a number that no student has is rejected; one of a day that is over is left out with a warning, since an
    exam season's file is taken in again and again.
    """
    plan = EventPlan(report, newest_import(file))
    today = school_day(now, file.zone)
    students = students_by_number(file)
    known = {
        tuple(key): (event_id, (ends, note))
        for event_id, ends, note, *key in file.rows(
            "SELECT id, ends, note, student_id, on_day, starts, kind FROM student_event v"
            f" WHERE on_day >= ? AND {live('student_event', 'v')}",
            (today.isoformat(),),
        )
    }
    claimed: set[tuple[int, date, time, EventKind]] = set()
    for one in records:
        student_id = students.get(one.student)
        if student_id is None:
            report.reject(one.line, "no student has that number")
            continue
        if (key := (student_id, one.day, one.starts, one.kind)) in claimed:  # a student has several numbers
            report.reject(one.line, "another row of this file is already the same event of that student")
            continue
        claimed.add(key)
        if one.day < today:
            report.unchanged += 1
            report.warn(one.line, "that day is over: left out")
            continue
        was = known.get((student_id, one.day.isoformat(), f"{one.starts:%H:%M}", one.kind.value))
        if was is None:
            report.imported += 1
        elif was[1] == (f"{one.ends:%H:%M}", one.note):
            report.unchanged += 1
            continue
        else:
            report.updated += 1
            plan.gone.append(was[0])
        plan.added.append((student_id, one))
    report.finish()
    return plan
