"""Year groups and academic years: who is in which, where the school begins and ends, and when a new year starts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from psc.school.calendar import academic_year_start
from psc.school.students import LATEST_ENROLMENT

if TYPE_CHECKING:
    from psc.database.file import File


YEARS = range(15)
"""Every year group: Reception, as 0, to year 14."""


def years_on_roll(file: File, day: date) -> dict[int, int]:
    """Return how many students on roll stand in each year group on a day, youngest first.

    Those without a year are left out. So are students who are new here: what was typed at the door says nothing of the
    school.
    """
    found = file.rows(
        f"SELECT now.year, count(*) FROM student JOIN enrolment now ON now.id = {LATEST_ENROLMENT}"
        " WHERE student.left_on IS NULL AND NOT student.provisional AND now.year IS NOT NULL"
        " GROUP BY now.year ORDER BY now.year",
        {"day": day.isoformat()},
    )
    return dict(found)


def first_year(file: File, day: date) -> int | None:
    """Return the school's first year group, None while nobody is known.

    It counts those on roll and those who were when the last academic year ended: from the day everybody goes up until
    the new ones are imported, nobody is in it.
    """
    before = academic_year_start(day) - timedelta(days=1)
    then = file.value(
        f"SELECT min(now.year) FROM student JOIN enrolment now ON now.id = {LATEST_ENROLMENT}"
        " WHERE coalesce(student.left_on, :day) >= :day AND NOT student.provisional AND student.merged_into IS NULL",
        {"day": before.isoformat()},
    )
    return min([*years_on_roll(file, day), *([] if then is None else [int(then)])], default=None)


def intake_start(day: date) -> date:
    """Return from when pupils whom a primary school sends count here: the next 1 September, in autumn the last."""
    start = academic_year_start(day)
    return start if day.month >= 9 else date(start.year + 1, 9, 1)


def year_words(year: int | None) -> str:
    """Return a year group as people say it."""
    return "no year" if year is None else "Reception" if year == 0 else f"year {year}"
