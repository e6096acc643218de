"""The school of the benchmarks: rooms, bells, calendar, timetable, students over the years. Nobody in it is real."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING

from psc.clock import stamp
from psc.school.calendar import academic_year_start
from psc.school.students import folded_name
from tests.school import BELLS, IER, PSC, STAFF

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from psc.database.file import File

SEATS = 40
SCHOOL_DAYS = 190
"""The days a school is open in a year."""
LESSONS = tuple(name for name, _, _ in BELLS if name[1:].isdigit())
_YEARS = range(7, 12)
_SETS = "BCEF"
_SUBJECTS = ("English", "Maths", "Science", "History", "Art")
_HOLIDAYS = ((10, 24, 11, 1), (12, 19, 12, 31), (1, 1, 1, 3), (2, 13, 2, 21), (4, 1, 4, 15), (5, 27, 6, 3))
"""From month and day to month and day, roughly as an English school has them."""
_HEADS = ("Ald", "Bram", "Cor", "Dun", "Elm", "Fen", "Gars", "Hol", "Ing", "Jor", "Kel", "Lang", "Mar", "Nor", "Oak")
_TAILS = ("bury", "combe", "den", "field", "gate", "ham", "ley", "mere", "stow", "thorpe", "wick", "worth", "né", "ław")
_GIVEN = ("Ada", "Bela", "Cato", "Dora", "Edda", "Finn", "Gita", "Hugo", "Ines", "Joss", "Kaya", "Levi", "Mina")


@dataclass(frozen=True, slots=True)
class Pupil:
    """A student, and the academic year (by its September) in which they were in year 7."""

    id: int
    began: int

    @property
    def name(self) -> tuple[str, str]:
        """Surname and forename, made of parts: the same for the same number."""
        number = self.id * 2_654_435_761 % 2**32 >> 7  # scattered, and the same every time
        middle = _GIVEN[number // 210 % len(_GIVEN)][:2].lower() if number % 3 == 0 else ""
        surname = _HEADS[number % len(_HEADS)] + middle + _TAILS[number // len(_HEADS) % len(_TAILS)]
        return surname, _GIVEN[number // 11 % len(_GIVEN)] + ("" if number % 4 else "-May")

    def year(self, september: int) -> int:
        """Return their year group in the academic year that begins then."""
        return 7 + september - self.began

    @property
    def set(self) -> str:
        """The letter of their form and of their classes."""
        return _SETS[self.id % len(_SETS)]


def pupils(september: int, back: int, *, leavers: int, on_roll: int) -> list[Pupil]:
    """Return all who were here in the `back` academic years before `september` and in that one, oldest first."""
    numbers = count(1)
    cohorts = range(september - back - 4, september + 1)
    gone = len(cohorts) - len(_YEARS)
    sizes = [leavers // gone] * gone + [on_roll // len(_YEARS)] * len(_YEARS) if gone else [on_roll // 5] * 5
    return [Pupil(next(numbers), began) for began, size in zip(cohorts, sizes, strict=True) for _ in range(size)]


def september_of(day: date) -> int:
    """Return the year in which the day's academic year began."""
    return academic_year_start(day).year


def school_days(september: int) -> list[date]:
    """Return the 190 school days of an academic year."""
    days: list[date] = []
    day = date(september, 9, 1)
    while len(days) < SCHOOL_DAYS:
        away = any((m1, d1) <= (day.month, day.day) <= (m2, d2) for m1, d1, m2, d2 in _HOLIDAYS)
        if day.weekday() < 5 and not away:
            days.append(day)
        day += timedelta(days=1)
    return days


def lay_out(file: File, everyone: Sequence[Pupil], septembers: range, begun: datetime, seq: int) -> None:
    """Put staff, rooms, bells, calendar, timetable and students in place. `seq` is the ledger line that did so."""
    many = file.conn.executemany
    many("INSERT INTO staff (id, code, title, forename, surname, email, role) VALUES (?, ?, '', ?, ?, '', ?)", STAFF)
    many("INSERT INTO staff_year (staff_id, year) VALUES (?, ?)", [(4, 8)])
    many(
        "INSERT INTO room (id, code, name, kind, seats, hide_why) VALUES (?, ?, ?, ?, ?, ?)",
        [(IER, "IER", "Internal Exclusion Room", "IER", SEATS, 1), (PSC, "PSC", "Support Centre", "PSC", SEATS, 0)],
    )
    file.execute("INSERT INTO shape (id, name) VALUES (1, 'Normal')")
    many("INSERT INTO bell VALUES (1, ?, ?, ?, ?)", [(year, *bell) for year in _YEARS for bell in BELLS])
    for september in septembers:
        _calendar(file, september)
    _timetable(file)
    _students(file, everyone, septembers, begun, seq)


def _calendar(file: File, september: int) -> None:
    is_open = set(school_days(september))
    first = date(september, 9, 1)
    days = [first + timedelta(days=n) for n in range((date(september + 1, 9, 1) - first).days)]
    file.conn.executemany(
        "INSERT INTO calendar_day VALUES (?, ?, ?, '')",
        [(day.isoformat(), 1 if day in is_open else None, "AB"[day.isocalendar().week % 2]) for day in days],
    )


def _class_id(year: int, letter: str, subject: int) -> int:
    return (year * len(_SETS) + _SETS.index(letter)) * len(_SUBJECTS) + subject


def _timetable(file: File) -> None:
    """Give every set of every year one subject a lesson, the same each day."""
    classes = [(year, letter, n) for year in _YEARS for letter in _SETS for n in range(len(_SUBJECTS))]
    file.conn.executemany(
        "INSERT INTO class (id, code) VALUES (?, ?)",
        [(_class_id(*one), f"{one[0]}{one[1]}/{_SUBJECTS[one[2]][:2]}1") for one in classes],
    )
    file.conn.executemany(
        "INSERT INTO lesson (week, weekday, period, class_id, subject, teacher, room)"
        " VALUES (?, ?, ?, ?, ?, 'KB', 'S3')",
        [
            (week, weekday, LESSONS[one[2]], _class_id(*one), _SUBJECTS[one[2]])
            for one in classes
            for week in "AB"
            for weekday in range(5)
        ],
    )


def _students(file: File, everyone: Sequence[Pupil], septembers: range, begun: datetime, seq: int) -> None:
    now = septembers[-1]
    here = [one for one in everyone if one.year(now) in _YEARS]
    many = file.conn.executemany
    many(
        "INSERT INTO student (id, admission_no, surname, forename, sen, left_on, folded) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                one.id,
                str(10_000 + one.id),
                *one.name,
                "K" if one.id % 7 == 0 else "",
                None if one.year(now) in _YEARS else f"{one.began + 5}-07-20",
                folded_name(*one.name, "", ""),
            )
            for one in everyone
        ],
    )
    many(
        "INSERT INTO enrolment (student_id, from_day, year, form, seq) VALUES (?, ?, ?, ?, ?)",
        [
            (one.id, f"{september}-09-01", one.year(september), f"{one.year(september)}{one.set}", seq)
            for september in septembers
            for one in everyone
            if one.year(september) in _YEARS
        ],
    )
    many(
        "INSERT INTO class_member (student_id, class_id) VALUES (?, ?)",
        [(one.id, _class_id(one.year(now), one.set, n)) for one in here for n in range(len(_SUBJECTS))],
    )
    many(
        "INSERT INTO alert (student_id, kind, text, emergency, happened, recorded, day, seq)"
        " VALUES (?, 'medical', 'Asthma: inhaler in the office.', 1, ?, ?, ?, ?)",
        [(one.id, stamp(begun), stamp(begun), begun.date().isoformat(), seq) for one in here if one.id % 6 == 0],
    )
