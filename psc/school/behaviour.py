"""Behaviour as the school's own system has it, as it was imported: never mixed with psc's own incidents."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment

if TYPE_CHECKING:
    from psc.database.file import File


class BehaviourRecord(NamedTuple):
    """One event of the school's system. Words are the system's own; "" where it says nothing."""

    id: int
    day: date
    at: str
    """The time of day as `HH:MM`, "" where the system has none."""
    type: str
    behaviour: str
    activity: str
    location: str
    period: str
    subject: str
    class_code: str
    staff: str
    recorded_by: str
    comments: str
    points: int | None
    action: str
    outcome: str
    status: str
    imported: datetime

    @property
    def what(self) -> str:
        """Return what it was: "Behaviour: Defiance"."""
        return ": ".join(filter(None, (self.type, self.behaviour)))


def behaviour_of(file: File, student_id: int, first: date, last: date) -> tuple[BehaviourRecord, ...]:
    """Return what the school's system has of a student between two days, newest first, whoever asks."""
    found = file.rows(
        "SELECT b.id, b.on_day, b.at, b.type, b.behaviour, b.activity, b.location, b.period, b.subject, b.class_code,"
        " b.staff, b.recorded_by, b.comments, b.points, b.action, b.outcome, b.status, l.at FROM behaviour_record b"
        " JOIN ledger l ON l.seq = b.import_seq WHERE b.student_id = ? AND b.on_day BETWEEN ? AND ?"
        " ORDER BY b.on_day DESC, b.at DESC, b.id DESC",
        (student_id, first.isoformat(), last.isoformat()),
    )
    return tuple(
        BehaviourRecord._make((identity, date.fromisoformat(day), *rest, moment(at)))
        for identity, day, *rest, at in found
    )
