"""What each part of a student's story is read with: who asks, of which days, and which records are within reach."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

from psc.clock import at_clock, moment, school_day
from psc.desk.people import short_name
from psc.desk.permissions import reached
from psc.overview.within import may_see

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from psc.database.file import File
    from psc.desk.people import Staff


class Asked(NamedTuple):
    """One question for a student's story. `first` and `last` are days as the file writes them."""

    file: File
    student_id: int
    staff: Staff
    now: datetime
    first: str
    last: str
    outside: bool
    """Whether the student was opened from outside the reader's own reach, with a reason."""
    names: Mapping[str, str]
    """How the board names staff, by code."""

    @property
    def today(self) -> date:
        """The school's day."""
        return school_day(self.now, self.file.zone)

    def sees(self, name: str) -> bool:
        """Say whether the reader may use the read `name` on the student."""
        return may_see(self.file, name, self.student_id, self.staff, self.today, outside=self.outside)

    def rows(self, query: str, **more: object) -> list[tuple[Any, ...]]:
        """Return what a query finds; `:student`, `:first` and `:last` are given."""
        return self.file.rows(query, {"student": self.student_id, "first": self.first, "last": self.last, **more})

    def who(self, code: object) -> str:
        """Return how the board names whoever wrote a line of the ledger, "" for psc itself."""
        return self.names.get(str(code), "" if code == "system" else str(code))

    def named(self, students: Iterable[int]) -> Mapping[int, str]:
        """Return the names of other students whom the reader may find."""
        from psc.school.students import students_by_id

        wanted = set(students)
        if not wanted:
            return {}
        seen = reached(self.file, "find_student", self.staff, self.today.isoformat(), wanted)
        found = students_by_id(self.file, seen, self.today)
        return {one.id: one.name if one.apart else f"{one.name} {one.form}".rstrip() for one in found.values()}

    def when(self, day: object, clock: object) -> datetime:
        """Return the moment of a day and a time of it as the school's clock shows it; the day's start for ""."""
        wall = time.fromisoformat(str(clock) or "00:00")
        return at_clock(date.fromisoformat(str(day)), wall, self.file.zone)


def asked_of(
    file: File, student_id: int, staff: Staff, now: datetime, *, first: date | None, last: date | None, outside: bool
) -> Asked:
    """Return the question, whatever the answer will be."""
    found = file.rows("SELECT code, forename, surname FROM staff")
    names = {code: short_name(forename, surname) for code, forename, surname in found}
    begin, end = (first or date.min).isoformat(), (last or date.max).isoformat()
    return Asked(file, student_id, staff, now, begin, end, outside, names)


def day_words(text: object) -> str:
    """Return a day of the file as a line says it: `26 Nov`."""
    day = date.fromisoformat(str(text))
    return f"{day.day} {day:%b}"


def span_words(first: object, last: object) -> str:
    """Return the days from one to another as a line says them: `26 Nov`, `25–27 Nov`."""
    if first == last:
        return day_words(first)
    begins, ends = date.fromisoformat(str(first)), date.fromisoformat(str(last))
    same = (begins.year, begins.month) == (ends.year, ends.month)
    return f"{begins.day}–{day_words(last)}" if same else f"{day_words(first)}–{day_words(last)}"


def joined(*parts: object, by: str = " · ") -> str:
    """Return the parts that say something, one after the other."""
    return by.join([str(part) for part in parts if part])


def among(ids: Iterable[int]) -> str:
    """Return ids as a query takes them: `IN (SELECT value FROM json_each(:name))`."""
    return json.dumps(sorted(set(ids)))


def at(text: object) -> datetime:
    """Return the moment that the file has."""
    return moment(str(text))
