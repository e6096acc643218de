"""What a student's parents are given on paper: time in the room, targets, good marks, the plan. No other student.

Nothing restricted and nothing for the year team stands in it; of the student's notes only rewards that everybody with
the student may see. Source: the domain notes, Notes; the issue's parent sheet.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day
from psc.desk.facts import live
from psc.desk.permissions import may, reached, scope_of
from psc.errors import NotAllowed
from psc.overview.bookings import bookings_between
from psc.overview.exposure import exposure_of
from psc.overview.notes import notes_for
from psc.overview.other_names import other_names
from psc.overview.programmes import programmes_of_student, week_words
from psc.roster.checks import WORDS
from psc.roster.slots import slot_words
from psc.school.calendar import academic_year_start, term_of
from psc.school.shapes import Bells
from psc.school.students import student_by_id

if TYPE_CHECKING:
    from datetime import datetime

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.overview.exposure import Exposure
    from psc.overview.programmes import ProgrammeNow

GOOD = 3
"""The least check of a period that is good: most of the work done."""
_NEWEST = 12
"""How many good marks stand there one by one."""


class GoodMark(NamedTuple):
    """A lesson in which most or all of the work was done."""

    day: date
    period: str
    words: str


class ParentSheet(NamedTuple):
    """The sheet as values; what is not for whoever prints it, or is not there, is None or empty."""

    student_id: int
    name: str
    forename: str
    form: str
    since: date
    exposure: Exposure | None
    targets: tuple[tuple[str, str], ...]
    """Of each programme: what it is for, and by what its success is known."""
    good: tuple[GoodMark, ...]
    """The newest first."""
    checked: int
    """Lessons that were checked, good or not."""
    rewards: tuple[tuple[date, str], ...]
    plan: tuple[str, ...]


def read_parent_sheet(file: File, student_id: int, staff: Staff, now: datetime) -> ParentSheet:
    """Return what stands on a student's sheet. Raises `NotAllowed` for who may not print it."""
    scope_of("print_parent_sheet", staff)
    today = school_day(now, file.zone)
    if not reached(file, "print_parent_sheet", staff, today.isoformat(), (student_id,)):
        raise NotAllowed("This student is outside what your role may print.", "Ask a coordinator.")
    one = student_by_id(file, student_id, today)
    since = academic_year_start(today)
    names = other_names(file, student_id)
    programmes = programmes_of_student(file, student_id, staff, now)
    checks = _checks(file, student_id, since)
    plan = [_planned(each) for each in programmes]
    plan += _booked(file, student_id, staff, today, one.year)
    notes = notes_for(file, (student_id,), staff, today) if may("see_notes", staff) else ()
    return ParentSheet(
        student_id,
        one.plain_name,
        one.forename or one.plain_name,
        one.form,
        since,
        exposure_of(file, student_id, staff, now),
        tuple(
            (names.hidden(each.programme.now.purpose), names.hidden(each.programme.now.success)) for each in programmes
        ),
        tuple(mark for _, mark in checks if mark)[:_NEWEST],
        len(checks),
        tuple(
            (school_day(each.happened, file.zone), names.hidden(each.text))
            for each in notes
            if each.kind == "reward" and each.visibility == "room" and not each.shut
        ),
        tuple(plan),
    )


def _planned(one: ProgrammeNow) -> str:
    now = one.programme.now
    until = f"until {now.until.day} {now.until:%B}, looked at together on {now.review.day} {now.review:%B}"
    return f"{one.programme.type.words}: {week_words(now.pattern)}, {until}"


def _checks(file: File, student_id: int, since: date) -> list[tuple[int, GoodMark | None]]:
    """Return the checks since a day, the newest first, with what is said of the good ones."""
    found = file.rows(
        "SELECT pp.on_day, pp.period, c.mark, max(c.id) FROM placement p"
        " JOIN placement_period pp ON pp.placement_id = p.id JOIN period_check c ON c.placement_period_id = pp.id"
        " WHERE p.student_id = ? AND pp.on_day >= ?"
        f" AND {live('placement', 'p')} AND {live('placement_period', 'pp')} AND {live('period_check', 'c')}"
        " GROUP BY pp.id ORDER BY pp.on_day DESC, pp.period DESC",
        (student_id, since.isoformat()),
    )
    return [
        (mark, GoodMark(date.fromisoformat(day), period, WORDS[mark]) if mark >= GOOD else None)
        for day, period, mark, _ in found
    ]


def _booked(file: File, student_id: int, staff: Staff, today: date, year: int | None) -> list[str]:
    """Say what is booked from today on, this term."""
    if not may("see_week", staff):
        return []
    bells = Bells(file, year)
    found = bookings_between(file, today, term_of(file, today)[1], staff, today)
    made = []
    for one in found:
        ahead = [slot for slot in one.slots if slot[0] >= today]
        if one.student.id == student_id and ahead:
            made.append(f"{one.type.words}: {slot_words(bells, ahead)}")
    return made
