"""Matching: which student of the school a row of a file is of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psc.desk.facts import live
from psc.school.students import shown_name
from psc.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence
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


class Question(Exception):
    """A row that only a person can match."""

    def __init__(self, words: str, *students: int) -> None:
        super().__init__(words)
        self.students = students


class Index:
    """The students known, by everything a row can be matched on."""

    def __init__(self, known: Sequence[Known]) -> None:
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
        if len(found) > 1:
            raise Question("its UPN and its admission number belong to different students", *found)
        if found:
            return next(iter(found.values()))
        dob = record.dob.isoformat() if record.dob else ""
        alike = {one.id: one for name in _names(_named(record)) for one in self._by_name.get((name, dob), ()) if dob}
        # Two different admission numbers in one school are two students, whatever they share.
        alike = {key: one for key, one in alike.items() if not (record.admission_no and one.fields["admission_no"])}
        if alike:
            raise Question(
                "possibly the same as a student already here, by name and date of birth; give the UPN or the number",
                *alike,
            )
        return None


def _named(record: StudentRecord) -> dict[str, Any]:
    return {name: getattr(record, name) or "" for name in ("surname", "forename", "legal_surname", "legal_forename")}


def _names(fields: dict[str, Any]) -> set[str]:
    """Return the folded names a student is known by."""
    shown = fold(shown_name(fields["surname"], fields["forename"]))
    legal = fold(
        shown_name(fields["legal_surname"] or fields["surname"], fields["legal_forename"] or fields["forename"])
    )
    return {shown, legal}


def known_students(file: File, today: date) -> list[Known]:
    """Return every student there has been, with what a file can speak of, as it stands today."""
    enrolled = {
        student: (year, form)
        for student, year, form in file.rows(
            "SELECT student_id, year, form FROM enrolment WHERE from_day <= ? ORDER BY from_day, id",
            (today.isoformat(),),
        )
    }
    medical = dict(
        file.rows(f"SELECT student_id, text FROM alert a WHERE kind = 'medical' AND {live('alert', 'a')} ORDER BY id")
    )
    contacts: dict[int, list[tuple[Any, ...]]] = {}
    for student, *one in file.rows(
        "SELECT student_id, place, surname, forename, relationship, responsibility, phones, email, language,"
        " do_not_contact FROM contact ORDER BY student_id, place"
    ):
        contacts.setdefault(student, []).append(tuple(one))
    made = []
    for student, left_on, *values in file.rows(f"SELECT id, left_on, {', '.join(COLUMNS)} FROM student"):
        year, form = enrolled.get(student, (None, ""))
        fields = dict(zip(COLUMNS, values, strict=True))
        made.append(Known(student, fields, year, form, medical.get(student, ""), left_on, contacts.get(student, [])))
    return made
