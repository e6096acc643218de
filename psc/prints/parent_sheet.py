"""The sheet for a student's parents, as HTML and PDF: plain words, one student, nothing restricted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.overview.parent_sheet import GOOD
from psc.prints.document import Document, Kind, Part
from psc.text import check_length, counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from psc.overview.parent_sheet import ParentSheet

SHEET = "parent sheet"
"""What the sheet is called: its line of the permission table is `print_parent_sheet`."""
LONGEST = 400
"""Characters of the line that says what the school will do."""
_SIDES = {"sanction": "Internal exclusion and removal", "support": "In support", "neutral": "Otherwise"}


def parent_document(made: ParentSheet, school_will: str, *, school: str, by: str, today: date) -> Document:
    """Return the document. `school_will` is what the school will do, as it was typed; "" leaves it out.

    Raises `NotUnderstood` when that is too long.
    """
    will = check_length(school_will, "line", LONGEST)
    parts = [
        Part(Kind.FIELD, made.name, "Student"),
        *([Part(Kind.FIELD, made.form, "Form")] if made.form else []),
        Part(Kind.FIELD, f"{_day(made.since)} to {_day(today)}", "Time"),
        *_time(made),
        *_targets(made),
        *_good(made),
        Part(Kind.HEADING, "What comes next"),
        *(Part(Kind.TEXT, one) for one in made.plan or ("Nothing is planned.",)),
    ]
    if will:
        parts += [Part(Kind.HEADING, "What the school will do"), Part(Kind.TEXT, will)]
    parts.append(Part(Kind.HEADING, "What you would like to tell us"))
    parts += [Part(Kind.TEXT, "_" * 84)] * 3
    return Document(f"{school}: how {made.forename} is getting on", tuple(parts), f"Printed by {by}, {_day(today)}.")


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _time(made: ParentSheet) -> Iterator[Part]:
    found = made.exposure
    if found is None:
        return
    yield Part(Kind.HEADING, "Time in the room this school year")
    sides = [one for one in found.sides if one.minutes or one.attended]
    for one in sides:
        hours, minutes = divmod(one.minutes, 60)
        took = " ".join(part for part in (hours and f"{hours} h", minutes and f"{minutes} min") if part) or "0 min"
        words = f"{took} on {counted(one.days, 'day')}: {counted(one.attended, 'lesson')}"
        yield Part(Kind.FIELD, words, _SIDES[one.line.value])
    if sides:
        yield Part(Kind.TEXT, f"There were {counted(found.lessons, 'lesson')} in that time.")
        lost = [
            f"{one.subject or 'other lessons'} {one.sanction + one.support + one.neutral}"
            for one in found.lost
            if one.sanction + one.support + one.neutral
        ]
        if lost:
            yield Part(Kind.FIELD, ", ".join(lost), "Lessons by subject")
    else:
        yield Part(Kind.TEXT, "None.")


def _targets(made: ParentSheet) -> Iterator[Part]:
    if not made.targets:
        return
    yield Part(Kind.HEADING, "Targets")
    for purpose, success in made.targets:
        yield Part(Kind.FIELD, purpose, "What it is for")
        if success:
            yield Part(Kind.FIELD, success, "We will know by")


def _good(made: ParentSheet) -> Iterator[Part]:
    yield Part(Kind.HEADING, "What went well")
    for day, words in made.rewards:
        yield Part(Kind.FIELD, words, _day(day))
    for one in made.good:
        yield Part(Kind.FIELD, f"{one.period}: {one.words} of the work done", _day(one.day))
    if not made.good and not made.rewards:
        yield Part(Kind.TEXT, "Nothing is recorded yet." if not made.checked else f"No check of {GOOD} or 4 yet.")
