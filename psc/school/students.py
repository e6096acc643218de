"""Students: who they are, how they are shown, and how they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psc.desk.permissions import scope_of, students_within
from psc.errors import NotUnderstood
from psc.text import fold, matches

if TYPE_CHECKING:
    from datetime import date

    from psc.database.file import File
    from psc.desk.people import Staff


class Student(NamedTuple):
    """A student as they stand on one day: the preferred name, and the year and form of that day."""

    id: int
    admission_no: str
    upn: str
    surname: str
    forename: str
    year: int | None
    form: str

    @property
    def name(self) -> str:
        """How lists name them: `Reid, Callum`; one-word names stand alone."""
        return shown_name(self.surname, self.forename)


def shown_name(surname: str, forename: str) -> str:
    """Return `Surname, Forename`, or the one name there is."""
    return f"{surname}, {forename}" if surname and forename else surname or forename


def folded_name(surname: str, forename: str, legal_surname: str, legal_forename: str, *others: str) -> str:
    """Return what a student is found by: every name they have, folded."""
    return fold(" ".join(part for part in (surname, forename, legal_surname, legal_forename, *others) if part))


LATEST_ENROLMENT = (
    "(SELECT e.id FROM enrolment e WHERE e.student_id = student.id AND e.from_day <= :day"
    " ORDER BY e.from_day DESC, e.id DESC LIMIT 1)"
)
"""SQL: the enrolment of a `student` row that holds on `:day`."""

_SELECT = f"""
SELECT student.id, coalesce(student.admission_no, ''), coalesce(student.upn, ''), student.surname, student.forename,
    now.year, coalesce(now.form, ''), student.folded
FROM student LEFT JOIN enrolment now ON now.id = {LATEST_ENROLMENT}
"""


def student_by_id(file: File, student_id: int, day: date) -> Student:
    """Return a student by psc's own id. Raises `NotUnderstood` when there is none."""
    found = file.row(f"{_SELECT} WHERE student.id = :id", {"id": student_id, "day": day.isoformat()})
    if found is None:
        raise NotUnderstood("There is no such student.", "Look them up by name.")
    return Student(*found[:-1])


def find_students(file: File, text: str, staff: Staff, day: date, *, limit: int = 50) -> tuple[Student, ...]:
    """Return the students on roll whose name, form, admission number or UPN fits `text`, by name.

    Accents, case, apostrophes and the order of words are ignored; each word typed must begin a word of the student's.
    Only students within the person's scope are looked at.
    """
    needle = fold(text)
    if not needle:
        return ()
    condition, params = students_within(scope_of("find_student", staff), staff, day.isoformat())
    found = file.rows(
        f"{_SELECT} WHERE student.left_on IS NULL AND {condition}"
        " ORDER BY student.surname, student.forename, student.id",
        {"day": day.isoformat(), "scope_day": day.isoformat(), **params},
    )
    fitting = []
    for row in found:
        *told, folded = row
        if matches(needle, f"{folded} {told[1]} {told[2]} {told[6]}".lower()):
            fitting.append(Student(*told))
            if len(fitting) == limit:
                break
    return tuple(fitting)


def the_student(file: File, text: str, staff: Staff, day: date) -> Student:
    """Return the one student that `text` names: an admission number, a UPN, or a name that fits exactly one.

    Raises `NotUnderstood` when it fits nobody, or several, who are then listed.
    """
    condition, params = students_within(scope_of("find_student", staff), staff, day.isoformat())
    exact = file.row(
        f"{_SELECT} WHERE (:text IN (student.admission_no, student.upn, student.former_upn)) AND {condition}",
        {"text": text.strip(), "day": day.isoformat(), **params},
    )
    if exact is not None:
        return Student(*exact[:-1])
    fitting = find_students(file, text, staff, day, limit=8)
    whole = [student for student in fitting if fold(student.name) == fold(text) or _spoken(student) == fold(text)]
    if len(fitting) != 1 and len(whole) == 1:
        return whole[0]
    if not fitting:
        raise NotUnderstood(f"No student fits “{text.strip()}”.", "Try part of the surname, or the admission number.")
    if len(fitting) > 1:
        listed = "; ".join(f"{one.name} {one.form} ({one.admission_no})" for one in fitting)
        raise NotUnderstood(f"“{text.strip()}” fits several students: {listed}.", "Give the admission number.")
    return fitting[0]


def _spoken(student: Student) -> str:
    return fold(f"{student.forename} {student.surname}")
