"""A student's story as the school's own system has it: behaviour records, and the register where it is not plain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.overview.story import StoryEntry, StoryKind, Where
from psc.overview.story_reads import at, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psc.overview.story_reads import Asked

_PRESENT = ("/", "\\")
"""The codes of a student who was simply there."""


def school_story(asked: Asked) -> Iterator[StoryEntry]:
    """Yield what was imported of a student, as far as the reader may see it."""
    if asked.sees("see_behaviour"):
        yield from _behaviour(asked)
    if asked.sees("see_attendance"):
        yield from _attendance(asked)


def _behaviour(asked: Asked) -> Iterator[StoryEntry]:
    for (
        identity,
        day,
        clock,
        came,
        type_,
        behaviour,
        activity,
        place,
        period,
        subject,
        staff,
        recorded_by,
        *rest,
    ) in asked.rows(
        "SELECT b.id, b.on_day, b.at, l.at, b.type, b.behaviour, b.activity, b.location, b.period, b.subject,"
        " b.staff, b.recorded_by, b.comments, b.points, b.action, b.outcome, b.status FROM behaviour_record b"
        " JOIN ledger l ON l.seq = b.import_seq WHERE b.student_id = :student"
        " AND b.on_day BETWEEN :first AND :last"
    ):
        comments, points, action, outcome, status = rest
        words = joined(
            joined(type_, behaviour, by=": "),
            points is not None and f"{points} points",
            joined(period, subject, by=" "),
        )
        more = joined(
            comments, activity and f"Activity: {activity}", place and f"Where: {place}",
            action and f"Action: {action}", outcome and f"Outcome: {outcome}", status and f"Status: {status}",
            staff and f"Staff: {staff}", recorded_by and f"Recorded by {recorded_by}", by="\n",
        )  # fmt: skip
        key = ("behaviour_record", identity)
        yield StoryEntry(
            asked.when(day, clock), at(came), StoryKind.BEHAVIOUR, words or "Behaviour record", more, staff,
            Where(*key), key, timed=bool(clock),
        )  # fmt: skip


def _attendance(asked: Asked) -> Iterator[StoryEntry]:
    """Yield an entry a day on which a session is not plain presence, both sessions on one line."""
    days: dict[str, list[tuple[str, str, int | None, str]]] = {}
    for day, half, code, late, came in asked.rows(
        "SELECT s.on_day, s.half, s.code, s.minutes_late, l.at FROM attendance_session s"
        " JOIN ledger l ON l.seq = s.import_seq WHERE s.student_id = :student AND s.on_day BETWEEN :first AND :last"
        f" AND s.code NOT IN ({', '.join(repr(code) for code in _PRESENT)}) ORDER BY s.on_day, s.half"
    ):
        days.setdefault(day, []).append((half, code, late, came))
    for day, sessions in days.items():
        codes = {(code, late) for _, code, late, _ in sessions}
        if len(sessions) == 2 and len(codes) == 1:
            said = _session("All day", sessions[0][1], sessions[0][2])
        else:
            said = ", ".join(_session(half, code, late) for half, code, late, _ in sessions)
        number = int(day.replace("-", ""))
        yield StoryEntry(
            asked.when(day, ""), at(sessions[0][3]), StoryKind.ATTENDANCE, f"Register: {said}", "", "", None,
            ("attendance_session", number), timed=False,
        )  # fmt: skip


def _session(half: str, code: str, late: int | None) -> str:
    return f"{half} {code}" + (f", {late} min late" if late else "")
