"""A student's story as the school's own system has it: behaviour records, and the register where it is not plain."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from psc.overview.story import StoryEntry, StoryKind, Where
from psc.overview.story_reads import joined
from psc.school.attendance import sessions_of
from psc.school.attendance_codes import SUSPENDED, code_words
from psc.school.behaviour import behaviour_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psc.overview.story_reads import Asked
    from psc.school.attendance import Session

_PRESENT = ("/", "\\")
"""The codes of a student who was simply there."""


def school_story(asked: Asked) -> Iterator[StoryEntry]:
    """Yield what was imported of a student, as far as the reader may see it."""
    if asked.sees("see_behaviour"):
        yield from _behaviour(asked)
    if asked.sees("see_attendance"):
        yield from _attendance(asked)


def _behaviour(asked: Asked) -> Iterator[StoryEntry]:
    for one in behaviour_of(asked.file, asked.student_id, *_days(asked)):
        words = joined(
            one.what, one.points is not None and f"{one.points} points", joined(one.period, one.subject, by=" ")
        )
        more = joined(
            one.comments, one.activity and f"Activity: {one.activity}", one.location and f"Where: {one.location}",
            one.action and f"Action: {one.action}", one.outcome and f"Outcome: {one.outcome}",
            one.status and f"Status: {one.status}", one.staff and f"Staff: {one.staff}",
            one.recorded_by and f"Recorded by {one.recorded_by}", by="\n",
        )  # fmt: skip
        key = ("behaviour_record", one.id)
        yield StoryEntry(
            asked.when(one.day, one.at), one.imported, StoryKind.BEHAVIOUR, words or "Behaviour record", more,
            one.staff, Where(*key), key, timed=bool(one.at),
        )  # fmt: skip


def _attendance(asked: Asked) -> Iterator[StoryEntry]:
    """Yield an entry a day on which a session is not plain presence, both sessions on one line."""
    all_codes = asked.sees("see_suspensions")
    days: dict[date, list[Session]] = {}
    for one in sessions_of(asked.file, asked.student_id, *_days(asked)):
        if one.code not in _PRESENT:
            days.setdefault(one.day, []).append(one)
    for day, sessions in days.items():
        codes = {(one.code, one.minutes_late) for one in sessions}
        if len(sessions) == 2 and len(codes) == 1:
            said = _said("All day", sessions[0], all_codes=all_codes)
        else:
            said = ", ".join(_said(one.half, one, all_codes=all_codes) for one in sessions)
        number = int(day.isoformat().replace("-", ""))
        yield StoryEntry(
            asked.when(day, ""), sessions[0].imported, StoryKind.ATTENDANCE, f"Register: {said}", "", "", None,
            ("attendance_session", number), timed=False,
        )  # fmt: skip


def _days(asked: Asked) -> tuple[date, date]:
    return date.fromisoformat(asked.first), date.fromisoformat(asked.last)


def _said(when: str, session: Session, *, all_codes: bool) -> str:
    """Return a session in words; that it was a suspension is told to who sees suspensions, to others the absence."""
    if session.code == SUSPENDED and not all_codes:
        return f"{when} absent"
    late = f", {session.minutes_late} min late" if session.minutes_late else ""
    return f"{when} {code_words(session.code)}{late}"
