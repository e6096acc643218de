"""Records that are possibly of one student: a list to look through, never a reason to merge by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psc.desk.permissions import scope_of
from psc.school.students import Student, shown_name, student_by_id
from psc.text import fold

if TYPE_CHECKING:
    from datetime import date

    from psc.database.file import File
    from psc.desk.people import Staff


class Pair(NamedTuple):
    """A record that may go into another; `into` is None for a student who is new here and nobody's namesake yet."""

    old: Student
    into: Student | None
    why: str


class _Record(NamedTuple):
    id: int
    new_here: bool
    dob: str
    names: frozenset[str]


def possibly_same(file: File, staff: Staff, day: date) -> tuple[Pair, ...]:
    """Return the students who are new here, each with the records on roll of the same name, then other records of the
    same name and date of birth. Raises `NotAllowed` for who may not merge.
    """
    scope_of("merge_students", staff)
    records = [one for one in _records(file) if one.id not in staff.barred]
    by_name: dict[str, list[_Record]] = {}
    for one in records:
        for name in one.names:
            by_name.setdefault(name, []).append(one)
    made: list[Pair] = []
    for one in records:
        others = {other.id: other for name in one.names for other in by_name[name] if other.id != one.id}
        fitting = [why for other in others.values() if (why := _why(one, other))]
        for other in others.values():
            if why := _why(one, other):
                made.append(Pair(student_by_id(file, one.id, day), student_by_id(file, other.id, day), why))
        if one.new_here and not fitting:
            made.append(Pair(student_by_id(file, one.id, day), None, ""))
    return tuple(sorted(made, key=lambda pair: (not pair.old.new_here, pair.into is None, pair.old.name, pair.old.id)))


def _why(one: _Record, other: _Record) -> str:
    """Say why `one` may go into `other`, "" when it may not: the school's own record stays, of two alike the older."""
    goes = one.new_here if one.new_here != other.new_here else one.id > other.id
    if not goes or (one.dob and other.dob and one.dob != other.dob):
        return ""
    if one.dob and other.dob:
        return "same name and date of birth"
    return "same name" if one.new_here else ""


def _records(file: File) -> list[_Record]:
    return [
        _Record(
            student,
            bool(new_here),
            dob,
            frozenset(
                {
                    fold(shown_name(surname, forename)),
                    fold(shown_name(legal_surname or surname, legal_forename or forename)),
                }
            ),
        )
        for student, new_here, dob, surname, forename, legal_surname, legal_forename in file.rows(
            "SELECT id, provisional, coalesce(dob, ''), surname, forename, legal_surname, legal_forename"
            " FROM student WHERE left_on IS NULL ORDER BY id"
        )
    ]
