"""What a school is made of before any student comes: its staff, its rooms, its bell times, its calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psc.importing.report import BadRow, Report
from psc.importing.rows import Line, Once, read_rows
from psc.importing.values import ALL_YEARS, parse_clock, parse_date, parse_period, parse_week, parse_years, quoted
from psc.school.bells import lesson_number
from psc.school.rooms import MOST_SEATS
from psc.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, time
    from pathlib import Path

_ROLE_WORDS = {
    "assistant": "assistant, room assistant, teaching assistant, ta, hlta, lsa, learning support",
    "cover": "cover, cover supervisor, cover teacher, supply, supply teacher",
    "coordinator": "coordinator, co ordinator, room coordinator, room manager, centre manager, psc manager",
    "head_of_year": "head of year, hoy, year leader, year lead, head of house, pastoral leader, pastoral manager",
    "behaviour_lead": "behaviour lead, behaviour, behaviour manager, senior leader, slt",
    "safeguarding": "safeguarding, safeguarding lead, designated safeguarding lead, dsl, ddsl, senco, sendco",
    "admin": "admin, administrator, office, data manager",
    "teacher": "teacher, class teacher, subject teacher, tutor, form tutor, head of department",
}
_ROLES = {word: role for role, words in _ROLE_WORDS.items() for word in words.split(", ")}
_KIND_WORDS = {
    "IER": "ier, internal exclusion room, internal exclusion, isolation, reset, reflection",
    "PSC": "psc, pastoral support centre, pastoral support, pastoral, inclusion, support",
}
_KINDS = {word: kind for kind, words in _KIND_WORDS.items() for word in words.split(", ")}
_CLOSED = {"", "closed", "holiday", "bank holiday", "inset", "inset day", "none"}


@dataclass(frozen=True, slots=True)
class StaffRecord:
    """One adult of the school; None where the file has no such column, and for a `role` or `years` left empty."""

    line: int
    code: str
    title: str | None
    forename: str | None
    surname: str
    email: str | None
    role: str | None
    years: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class RoomRecord:
    """One room: `kind` is IER or PSC."""

    line: int
    code: str
    name: str
    kind: str
    seats: int


@dataclass(frozen=True, slots=True)
class BellRecord:
    """One period of a day shape, as it rings for these year groups."""

    line: int
    shape: str
    years: tuple[int, ...]
    period: str
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class CalendarRecord:
    """One day: the shape it takes, "" when the school is closed to students, and the timetable week."""

    line: int
    day: date
    shape: str
    week: str
    note: str


def read_staff(path: Path, profile: Mapping[str, str] | None = None) -> tuple[list[StaffRecord], Report]:
    """Read the staff list. A role psc does not know turns the row down; none at all leaves the role open."""
    once = Once()

    def make(line: Line) -> StaffRecord:
        record = StaffRecord(
            line=line.line,
            code=line.need("code"),
            title=line.get("title"),
            forename=line.get("forename"),
            surname=line.need("surname"),
            email=line.get("email"),
            role=line.value("role", _role),
            years=line.value("years", parse_years),
        )
        once.claim(line.line, "staff code", record.code)
        return record

    return read_rows("staff", path, profile, make)


def _role(text: str) -> str:
    """Return the role a job is called by here."""
    role = _ROLES.get(fold(text))
    if role is None:
        raise BadRow(f"{quoted(text)} is not a role; the roles are {', '.join(_ROLE_WORDS)}")
    return role


def read_rooms(path: Path, profile: Mapping[str, str] | None = None) -> tuple[list[RoomRecord], Report]:
    """Read the rooms."""
    once = Once()

    def make(line: Line) -> RoomRecord:
        record = RoomRecord(
            line=line.line,
            code=line.need("code"),
            name=line.need("name"),
            kind=line.needed("kind", _kind),
            seats=line.needed("seats", _seats),
        )
        once.claim(line.line, "room code", record.code)
        return record

    return read_rows("rooms", path, profile, make)


def _kind(text: str) -> str:
    """Return IER or PSC."""
    kind = _KINDS.get(fold(text))
    if kind is None:
        raise BadRow(f"{quoted(text)} is not a kind of room; the kinds are {' and '.join(_KIND_WORDS)}")
    return kind


def _seats(text: str) -> int:
    """Return a number of seats."""
    if not (text.isascii() and text.isdecimal() and len(text) < 4 and 0 < int(text) <= MOST_SEATS):
        raise BadRow(f"{quoted(text)} is not a number of seats from 1 to {MOST_SEATS}")
    return int(text)


def read_bells(path: Path, profile: Mapping[str, str] | None = None) -> tuple[list[BellRecord], Report]:
    """Read the bell times. No year group may have two periods at once, nor one period twice, on a day of one shape."""
    before: dict[str, list[BellRecord]] = {}

    def make(line: Line) -> BellRecord:
        record = BellRecord(
            line=line.line,
            shape=line.need("shape"),
            years=line.value("years", parse_years) or ALL_YEARS,
            period=line.needed("period", parse_period),
            starts=line.needed("starts", parse_clock),
            ends=line.needed("ends", parse_clock),
        )
        if record.ends <= record.starts:
            raise BadRow(f"{record.period} ends at {record.ends:%H:%M}, before it has begun at {record.starts:%H:%M}")
        shape = before.setdefault(record.shape.casefold(), [])
        for other in shape:
            _refuse_clash(record, other)
        shape.append(record)
        return record

    return read_rows("bells", path, profile, make)


def _refuse_clash(record: BellRecord, other: BellRecord) -> None:
    """Raise `BadRow` when two rows of one shape cannot both hold for a year group they share."""
    if set(record.years).isdisjoint(other.years):
        return
    if record.period.casefold() == other.period.casefold():
        raise BadRow(f"{record.period} is on line {other.line} already, for a year group of the two")
    if record.starts < other.ends and other.starts < record.ends:
        raise BadRow(f"{record.period} overlaps {other.period} of line {other.line} for a year group of the two")
    numbers = lesson_number(record.period), lesson_number(other.period)
    if all(numbers) and (numbers[0] < numbers[1]) != (record.starts < other.starts):
        first, later = sorted((record, other), key=lambda one: one.starts)
        raise BadRow(f"{later.period} comes after {first.period}: see line {other.line}")


def read_calendar(path: Path, profile: Mapping[str, str] | None = None) -> tuple[list[CalendarRecord], Report]:
    """Read the calendar, a row a day."""
    once = Once()

    def make(line: Line) -> CalendarRecord:
        shape = line.text("shape")
        record = CalendarRecord(
            line=line.line,
            day=line.needed("day", parse_date),
            shape="" if fold(shape) in _CLOSED else shape,
            week=line.value("week", parse_week) or "",
            note=line.text("note"),
        )
        once.claim(line.line, "date", record.day)
        return record

    return read_rows("calendar", path, profile, make)
