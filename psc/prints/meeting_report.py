"""The report for a panel or a professionals' meeting, as HTML and PDF: a student's story, the oldest first."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from psc.clock import wall
from psc.prints.document import Document, Kind, Part
from psc.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from psc.overview.meeting import Meeting
    from psc.overview.story import StoryEntry

SHEET = "meeting report"
"""What the sheet is called: its line of the permission table is `print_meeting_report`."""


def meeting_document(made: Meeting, where: ZoneInfo, *, school: str, by: str, now: datetime) -> Document:
    """Return the document; `by` is whoever prints it, at `now`."""
    one = made.student
    year = "" if one.year is None else f"year {one.year}"
    parts = [
        Part(Kind.FIELD, "  ".join(part for part in (one.plain_name, one.form, year, one.number) if part), "Student"),
        Part(Kind.FIELD, f"{_day(made.first)} to {_day(made.last)}", "Time"),
        Part(Kind.FIELD, counted(len(made.entries), "entry", "entries"), "Holds"),
    ]
    if made.marks:
        parts.append(
            Part(Kind.FIELD, f"{counted(made.marks, 'entry', 'entries')} only marked as restricted", "Left out")
        )
    if made.restricted:
        parts.append(Part(Kind.FIELD, "It holds restricted records in full.", "Restricted"))
    parts += _exposure(made)
    parts.append(Part(Kind.HEADING, "What is on record"))
    for day, entries in groupby(made.entries, key=lambda each: each.day(where)):
        parts.append(Part(Kind.SUBHEADING, _day(day)))
        for entry in entries:
            parts += _entry(entry, where)
    if not made.entries:
        parts.append(Part(Kind.TEXT, "Nothing is on record between these days."))
    foot = f"Printed by {by} on {now.astimezone(where):%d/%m/%Y %H:%M}. Keep it locked away, and shred it after use."
    return Document(f"{school}: {one.plain_name}, for a meeting", tuple(parts), foot)


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _exposure(made: Meeting) -> Iterator[Part]:
    found = made.exposure
    if found is None:
        return
    yield Part(Kind.HEADING, "Time out of lessons")
    for one in found.sides:
        if one.minutes or one.placed:
            words = (
                f"{one.minutes} minutes on {counted(one.days, 'day')};"
                f" {one.attended} of {counted(one.placed, 'lesson')} placed for;"
                f" {found.share(one.line):.1f}% of {counted(found.lessons, 'lesson')}"
            )
            yield Part(Kind.FIELD, words, one.line.value.capitalize())
    if found.run.days:
        yield Part(Kind.FIELD, f"{counted(found.run.days, 'school day')} of internal exclusion on end", "Longest run")
    if found.suspended:
        yield Part(Kind.FIELD, ", ".join(f"{day:%d/%m/%Y}" for day in found.suspended), "Suspensions began")
    for crossed in found.crossed:
        yield Part(Kind.TEXT, crossed.said)


def _entry(entry: StoryEntry, where: ZoneInfo) -> Iterator[Part]:
    at = wall(entry.happened, where) if entry.timed else ""
    late = ", entered late" if entry.late else ""
    by = f" ({entry.by}{late})" if entry.by else ""
    yield Part(Kind.FIELD, f"{entry.words}{by}", f"{at} {entry.kind.value}".strip())
    if entry.more:
        yield Part(Kind.QUOTE, entry.more)
