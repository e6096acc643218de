"""Matching: which student of the school a row of a file is of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psc.desk.facts import live
from psc.school.alerts import IMPORTED
from psc.school.students import shown_name
from psc.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from psc.database.file import File
    from psc.importing.students import StudentRecord

COLUMNS = (
    "admission_no", "upn", "former_upn", "surname", "forename", "legal_surname", "legal_forename", "middle_names",
    "dob", "sex", "house", "sen", "pupil_premium", "fsm", "looked_after", "eal", "ethnicity", "dietary",
    "key_worker_id",
)  # fmt: skip
"""The columns of `student` that a file can speak of."""


@dataclass(slots=True)
class Known:
    """A student as the file has them before the import."""

    id: int
    fields: dict[str, Any]
    year: int | None
    form: str
    medical: str
    left_on: str | None
    contacts: list[tuple[Any, ...]]
    new_here: bool = False
    enrolled_from: str = ""
    """The first day of the newest year and form; a day still to come where a new year was prepared."""
    coming: bool = False
    """Whether the first of their days here is still to come."""


class Question(Exception):
    """A row that only a person can match."""

    def __init__(self, words: str, *students: int) -> None:
        super().__init__(words)
        self.students = students


class Index:
    """The students known, by everything a row can be matched on.

    `old_numbers` are those of records that were merged into another, with the id of that other: they lead to it, and
    stay where they are.
    """

    def __init__(self, known: Sequence[Known], old_numbers: Mapping[str, int] | None = None) -> None:
        by_id = {one.id: one for one in known}
        self.old_numbers = {number: by_id[into] for number, into in (old_numbers or {}).items() if into in by_id}
        self._by_upn = {one.fields["upn"]: one for one in known if one.fields["upn"]}
        self._by_former = {one.fields["former_upn"]: one for one in known if one.fields["former_upn"]}
        self._by_number = {one.fields["admission_no"]: one for one in known if one.fields["admission_no"]}
        self._by_name: dict[tuple[str, str], list[Known]] = {}
        for one in known:
            for name in _names(one.fields):
                self._by_name.setdefault((name, one.fields["dob"] or ""), []).append(one)

    def match(self, record: StudentRecord) -> Known | None:
        """Return the known student a row is of, None for a new one. Order: UPN, former UPN, admission number, name."""
        found: dict[int, Known] = {}
        for upn in (record.upn, record.former_upn):
            for index in (self._by_upn, self._by_former):
                if upn and upn in index:
                    found.setdefault(index[upn].id, index[upn])
        if record.admission_no and record.admission_no in self._by_number:
            one = self._by_number[record.admission_no]
            found.setdefault(one.id, one)
        if not found:
            for number in (record.upn, record.former_upn, record.admission_no):
                if number and number in self.old_numbers:
                    found.setdefault(self.old_numbers[number].id, self.old_numbers[number])
        if len(found) > 1:
            raise Question("its UPN and its admission number belong to different students", *found)
        if found:
            return next(iter(found.values()))
        dob = record.dob.isoformat() if record.dob else ""
        alike = {one.id: one for name in names_of(record) for one in self._by_name.get((name, dob), ()) if dob}
        # Somebody new here is no row's yet: the row goes in, and a person says whether the two are one.
        alike = {key: one for key, one in alike.items() if not one.new_here}
        # Two different admission numbers in one school are two students, whatever they share.
        alike = {key: one for key, one in alike.items() if not (record.admission_no and one.fields["admission_no"])}
        if alike:
            raise Question(
                "possibly the same as a student already here, by name and date of birth; give the UPN or the number",
                *alike,
            )
        return None

    def new_here(self, record: StudentRecord) -> list[Known]:
        """Return those new here who are possibly the same as a row that brings somebody new: by name, and by date of
        birth where both have one.
        """
        dob = record.dob.isoformat() if record.dob else ""
        found = {
            one.id: one
            for name in names_of(record)
            for born in (dob, "")
            for one in self._by_name.get((name, born), ())
            if one.new_here and one.left_on is None
        }
        return list(found.values())


def names_of(record: StudentRecord) -> set[str]:
    """Return the folded names a row gives its student."""
    return _names(
        {name: getattr(record, name) or "" for name in ("surname", "forename", "legal_surname", "legal_forename")}
    )


def _names(fields: dict[str, Any]) -> set[str]:
    """Return the folded names a student is known by."""
    shown = fold(shown_name(fields["surname"], fields["forename"]))
    legal = fold(
        shown_name(fields["legal_surname"] or fields["surname"], fields["legal_forename"] or fields["forename"])
    )
    return {shown, legal}


def old_numbers(file: File) -> dict[str, int]:
    """Return the numbers of records that were merged into another, each with the id of that other."""
    found = file.rows("SELECT merged_into, admission_no, upn, former_upn FROM student WHERE merged_into IS NOT NULL")
    return {number: into for into, *numbers in found for number in numbers if number}


def known_students(file: File, today: date) -> list[Known]:
    """Return every student there has been, with what a file can speak of, as it stands.

    A year and form that hold from a day to come are the newest: a new year was prepared. Records that were merged into
    another are not students of their own.
    """
    enrolled: dict[int, tuple[int | None, str, str, str]] = {}
    for student, year, form, since in file.rows(
        "SELECT student_id, year, form, from_day FROM enrolment ORDER BY from_day, id"
    ):
        first = enrolled[student][3] if student in enrolled else since
        enrolled[student] = (year, form, since, first)
    medical = dict(
        file.rows(
            f"SELECT student_id, text FROM alert a WHERE kind = 'medical' AND {IMPORTED} AND {live('alert', 'a')}"
            " ORDER BY id"
        )
    )
    contacts: dict[int, list[tuple[Any, ...]]] = {}
    for student, *one in file.rows(
        "SELECT student_id, place, surname, forename, relationship, responsibility, phones, email, language,"
        " do_not_contact FROM contact ORDER BY student_id, place"
    ):
        contacts.setdefault(student, []).append(tuple(one))
    made = []
    for student, left_on, new_here, *values in file.rows(
        f"SELECT id, left_on, provisional, {', '.join(COLUMNS)} FROM student WHERE merged_into IS NULL"
    ):
        year, form, since, first = enrolled.get(student, (None, "", "", ""))
        made.append(
            Known(
                student,
                dict(zip(COLUMNS, values, strict=True)),
                year,
                form,
                medical.get(student, ""),
                left_on,
                contacts.get(student, []),
                bool(new_here),
                since,
                first > today.isoformat(),
            )
        )
    return made
