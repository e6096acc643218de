"""Students as a school's system lists them: one record a student, from a CSV here or a transfer file in `ctf`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psc.importing.report import BadRow, Report
from psc.importing.rows import Line, Once, read_rows
from psc.importing.values import (
    doubt_about_upn,
    parse_date,
    parse_flag,
    parse_sen,
    parse_sex,
    parse_year,
    quoted,
    tidy_upn,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

# What an empty cell may clear, if its user says so. Ids and shown names are never cleared.
_CLEARABLE = (
    "legal_surname",
    "legal_forename",
    "middle_names",
    "dob",
    "sex",
    "year",
    "form",
    "house",
    "sen",
    "pupil_premium",
    "fsm",
    "looked_after",
    "eal",
    "ethnicity",
    "key_worker",
    "medical",
    "dietary",
)


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """One adult of a student, in the order the school calls them."""

    order: int
    surname: str
    forename: str
    relationship: str
    responsibility: bool
    phones: tuple[str, ...]
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class StudentRecord:
    """What a file says of one student.

    None means that the file does not speak of it, and what is known stays. `emptied` names the fields whose column is
    there but whose cell is empty: they clear what is known only if the user asks for that.

    `surname` and `forename` are the names to show. A one-word name stands as the surname. When the file holds only the
    legal ones, `shown_from_legal` says so: a preferred name that is already known must then stay.
    """

    line: int
    admission_no: str | None
    upn: str | None
    surname: str
    forename: str
    former_upn: str | None = None
    legal_surname: str | None = None
    legal_forename: str | None = None
    shown_from_legal: bool = False
    middle_names: str | None = None
    dob: date | None = None
    sex: str | None = None
    year: int | None = None
    form: str | None = None
    house: str | None = None
    sen: str | None = None
    pupil_premium: bool | None = None
    fsm: bool | None = None
    looked_after: bool | None = None
    eal: bool | None = None
    ethnicity: str | None = None
    key_worker: str | None = None
    medical: str | None = None
    dietary: str | None = None
    contacts: tuple[ContactRecord, ...] | None = None
    emptied: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Name:
    """Half a student's name, forename or surname: the one to show, the legal one if the file tells, and its source."""

    shown: str
    legal: str | None
    from_legal: bool


def name_of(preferred: str | None, plain: str | None, legal: str | None) -> Name:
    """Tell the name to show from the legal one; None stands for a column the file has not.

    Beside a preferred name the plain one is the legal one, unless that has a column of its own. An empty preferred
    name is none: the student goes by the other.
    """
    if legal is None and preferred is not None:
        legal = plain
    return Name(preferred or plain or legal or "", legal, preferred is None and plain is None)


def read_students_csv(path: Path, profile: Mapping[str, str] | None = None) -> tuple[list[StudentRecord], Report]:
    """Read a list of students; see `StudentRecord` for what an absent column and an empty cell come to."""
    once = Once()
    return read_rows("students", path, profile, lambda line: _student(line, once))


def _student(line: Line, once: Once) -> StudentRecord:
    """Make one row a record, or raise `BadRow`."""
    surname, forename = _names(line)
    upn = line.get("upn")
    record = StudentRecord(
        line=line.line,
        admission_no=line.get("admission_no"),
        upn=None if upn is None else tidy_upn(upn),
        surname=surname.shown or forename.shown,
        forename=forename.shown if surname.shown else "",
        former_upn=tidy_upn(line.text("former_upn")) or None,
        legal_surname=surname.legal,
        legal_forename=forename.legal,
        shown_from_legal=surname.from_legal or forename.from_legal,
        middle_names=line.get("middle_names"),
        dob=line.value("dob", parse_date),
        sex=line.lenient("sex", parse_sex),
        year=year_of(line.text("year"), line.warn),
        form=line.get("form"),
        house=line.get("house"),
        sen=line.lenient("sen", parse_sen),
        pupil_premium=line.lenient("pupil_premium", parse_flag),
        fsm=line.lenient("fsm", parse_flag),
        looked_after=line.lenient("looked_after", parse_flag),
        eal=line.lenient("eal", parse_flag),
        ethnicity=line.get("ethnicity"),
        key_worker=line.get("key_worker"),
        medical=line.get("medical"),
        dietary=line.get("dietary"),
        emptied=frozenset(field for field in _CLEARABLE if line.get(field) == ""),
    )
    known_apart(record, once)
    if record.upn and (doubt := doubt_about_upn(record.upn)):
        line.warn(doubt)
    return record


def known_apart(record: StudentRecord, once: Once) -> None:
    """Raise `BadRow` for a record without a name or an id, or with an id that stood on a line before."""
    if not record.surname:
        raise BadRow("no name")
    if not record.admission_no and not record.upn:
        raise BadRow("neither an admission number nor a UPN")
    if record.admission_no:
        once.claim(record.line, "admission number", record.admission_no)
    if record.upn:
        once.claim(record.line, "UPN", record.upn)


def _names(line: Line) -> tuple[Name, Name]:
    """Return surname and forename; a single "Name" column serves where the two have no cell of their own."""
    plain_surname, plain_forename = line.get("surname"), line.get("forename")
    whole = line.text("name")
    if whole and not plain_surname and not plain_forename:
        plain_surname, plain_forename = _parted(whole)
    return (
        name_of(line.get("preferred_surname"), plain_surname, line.get("legal_surname")),
        name_of(line.get("preferred_forename"), plain_forename, line.get("legal_forename")),
    )


def _parted(whole: str) -> tuple[str, str]:
    """Return the two halves of "Surname, Forename"; one word is a surname. Without a comma two words are a riddle."""
    surname, comma, forename = (part.strip() for part in whole.partition(","))
    if not comma and " " in whole:
        raise BadRow("the name has no comma between surname and forename")
    return surname, forename


def year_of(text: str, warn: Callable[[str], None]) -> int | None:
    """Return the year group, None when the file does not tell; one that is no year of a school's is a warning."""
    year = parse_year(text) if text else None
    if text and year is None:
        warn(f"year {quoted(text)} is not a year group of this school")
    return year
