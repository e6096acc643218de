"""Students: who they are, how they are shown, and how they are found."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from psc.desk.permissions import students_for
from psc.errors import NotUnderstood
from psc.school.namesakes import Bearer, told_apart
from psc.text import fold, matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from psc.database.file import File
    from psc.desk.people import Staff


class Student(NamedTuple):
    """A student as they stand on one day: the preferred name, and the year and form of that day.

    `new_here` while they are provisional; `apart` is the mark of one who has a namesake on roll.
    """

    id: int
    admission_no: str
    upn: str
    surname: str
    forename: str
    year: int | None
    form: str
    new_here: bool = False
    apart: str = ""

    @property
    def name(self) -> str:
        """How lists name them: `Reid, Callum`, `Ali, Mohammed ≈7B K`; one-word names stand alone."""
        return marked_name(self.surname, self.forename, self.apart)

    @property
    def plain_name(self) -> str:
        """The name without the mark of a namesake, as machines are given it."""
        return shown_name(self.surname, self.forename)

    @property
    def number(self) -> str:
        """What names exactly this student when typed: see `shown_number`."""
        return shown_number(self.id, self.admission_no, new_here=self.new_here)

    @property
    def words(self) -> str:
        """How a list of candidates tells them from each other: name, form, number."""
        where = self.form or ("" if self.year is None else f"year {self.year}")
        return " ".join(part for part in (self.name, "" if self.apart else where, f"({self.number})") if part)


def shown_name(surname: str, forename: str) -> str:
    """Return `Surname, Forename`, or the one name there is."""
    return f"{surname}, {forename}" if surname and forename else surname or forename


def marked_name(surname: str, forename: str, apart: str) -> str:
    """Return the name as it is shown, with the mark of one who has a namesake behind it."""
    return f"{shown_name(surname, forename)} {apart}".rstrip()


def shown_number(student_id: int, admission_no: str, *, new_here: bool) -> str:
    """Return the admission number; for a student who is new here, and has none yet, `new57` after psc's own id."""
    return admission_no or (f"new{student_id}" if new_here else "")


def folded_name(surname: str, forename: str, legal_surname: str, legal_forename: str, *others: str) -> str:
    """Return what a student is found by: every name they have, folded; the name that is shown stands first."""
    return fold(" ".join(part for part in (surname, forename, legal_surname, legal_forename, *others) if part))


LATEST_ENROLMENT = (
    "(SELECT e.id FROM enrolment e WHERE e.student_id = student.id AND e.from_day <= :day"
    " ORDER BY e.from_day DESC, e.id DESC LIMIT 1)"
)
"""SQL: the enrolment of a `student` row that holds on `:day`."""

_SELECT = f"""
SELECT student.id, coalesce(student.admission_no, ''), coalesce(student.upn, ''), student.surname, student.forename,
    now.year, coalesce(now.form, ''), student.provisional, student.folded
FROM student LEFT JOIN enrolment now ON now.id = {LATEST_ENROLMENT}
"""


def _read(file: File, rows: Sequence[Sequence[Any]]) -> tuple[Student, ...]:
    """Make students of rows of the query, namesakes marked."""
    made = [Student(*row[:7])._replace(new_here=bool(row[7])) for row in rows]
    marks = told_apart(file, [Bearer(one.id, one.surname, one.forename, one.form, one.year) for one in made])
    return tuple(one._replace(apart=marks[one.id]) if one.id in marks else one for one in made)


def student_by_id(file: File, student_id: int, day: date) -> Student:
    """Return a student by psc's own id. Raises `NotUnderstood` when there is none."""
    found = file.row(f"{_SELECT} WHERE student.id = :id", {"id": student_id, "day": day.isoformat()})
    if found is None:
        raise NotUnderstood("There is no such student.", "Look them up by name.")
    return _read(file, [found])[0]


def students_by_id(file: File, ids: Iterable[int], day: date) -> Mapping[int, Student]:
    """Return students by psc's own ids; an id that nobody has is left out."""
    found = file.rows(
        f"{_SELECT} WHERE student.id IN (SELECT value FROM json_each(:ids))",
        {"ids": json.dumps(sorted(set(ids))), "day": day.isoformat()},
    )
    return {one.id: one for one in _read(file, found)}


def find_students(
    file: File, text: str, staff: Staff, day: date, *, limit: int = 50, act: str = "find_student"
) -> tuple[Student, ...]:
    """Return the students on roll whose name, form, admission number or UPN fits `text`, by name.

    Accents, case, apostrophes and the order of words are ignored; each word typed must begin a word of the student's.
    Only students within the person's scope for `act` are looked at.
    """
    needle = fold(text)
    if not needle:
        return ()
    condition, params = students_for(act, staff, day.isoformat())
    found = file.rows(
        f"{_SELECT} WHERE student.left_on IS NULL AND {condition}"
        " ORDER BY student.surname, student.forename, student.id",
        {"day": day.isoformat(), "scope_day": day.isoformat(), **params},
    )
    fitting = []
    for row in found:
        *told, new_here, folded = row
        number = shown_number(told[0], told[1], new_here=new_here)
        if matches(needle, f"{folded} {number} {told[2]} {told[6]}".lower()):
            fitting.append(row)
            if len(fitting) == limit:
                break
    return _read(file, fitting)


def the_student(file: File, text: str, staff: Staff, day: date, *, act: str = "find_student") -> Student:
    """Return the one student that `text` names: an admission number, a UPN, or a name that fits exactly one.

    The numbers of a record that was merged into another lead to that other. Whoever has a namesake is not taken by
    part of the name: it must be typed whole, or the form with it. Raises `NotUnderstood` when it fits nobody, or
    several, who are then listed.
    """
    condition, params = students_for(act, staff, day.isoformat())
    exact = _by_number(file, text.strip())
    if exact is not None:
        found = file.row(
            f"{_SELECT} WHERE student.id = :id AND {condition}",
            {"id": exact, "day": day.isoformat(), "scope_day": day.isoformat(), **params},
        )
        if found is not None:
            return _read(file, [found])[0]
    fitting = find_students(file, text, staff, day, limit=8, act=act)
    whole = [one for one in fitting if fold(text) in (fold(one.plain_name), fold(f"{one.forename} {one.surname}"))]
    # A whole name that nobody else's begins with is as good as a number; "Sam Reid" beside Samuel Reid is not.
    told = len(fitting) == 1 and bool(whole)
    if len(fitting) != 1 and len(whole) == 1:
        fitting = (whole[0],)
    if not fitting:
        raise NotUnderstood(f"No student fits “{text.strip()}”.", "Try part of the surname, or the admission number.")
    if len(fitting) == 1 and fitting[0].apart and not told and not _names_form(fitting[0], text):
        fitting = _namesakes(file, fitting[0], staff, day, act)
        if len(fitting) == 1:  # the others are outside what this person may see
            return fitting[0]
    if len(fitting) > 1:
        listed = "; ".join(one.words for one in fitting)
        raise NotUnderstood(f"“{text.strip()}” fits several students: {listed}.", "Give the admission number.")
    return fitting[0]


def student_named_whole(file: File, text: str, staff: Staff, day: date, *, act: str) -> Student:
    """Return the student whom an admission number or a whole name names, and nobody by part of one.

    For whoever sees no student: they can name one, and cannot look through the roll. Raises `NotUnderstood` for nobody
    and for several, who are not listed.
    """
    typed = text.strip()
    exact = _by_number(file, typed)
    if exact is None:
        whole = [
            one
            for one in find_students(file, typed, staff, day, act=act)
            if fold(typed) in (fold(one.plain_name), fold(f"{one.forename} {one.surname}"))
        ]
        if len(whole) > 1:
            raise NotUnderstood("Several students have that name.", "Give the admission number.")
        exact = whole[0].id if whole else None
    if exact is None:
        raise NotUnderstood(
            f"Nobody is called “{typed}”.", "Type the whole name, as in Reid, Callum, or the admission number."
        )
    return student_by_id(file, exact, day)


def _by_number(file: File, text: str) -> int | None:
    """Return psc's id of the student whom a number names, following a merge."""
    found = file.value(
        "SELECT coalesce(merged_into, id) FROM student WHERE :text IN (admission_no, upn, former_upn)"
        " ORDER BY merged_into IS NOT NULL, id",
        {"text": text},
    )
    if found is None and text.lower().startswith("new") and text[3:].isdecimal():
        found = file.value("SELECT coalesce(merged_into, id) FROM student WHERE id = ? AND provisional", (text[3:],))
    return None if found is None else int(found)


def _names_form(student: Student, text: str) -> bool:
    return bool(student.form) and fold(student.form) in fold(text).split()


def _namesakes(file: File, student: Student, staff: Staff, day: date, act: str) -> tuple[Student, ...]:
    """Return a student and all who may be mistaken for them."""
    initial = fold(student.forename)[:1]
    shared = find_students(file, student.surname, staff, day, act=act)
    return tuple(
        one for one in shared if fold(one.surname) == fold(student.surname) and fold(one.forename)[:1] == initial
    )
