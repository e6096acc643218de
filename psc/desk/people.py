"""Staff: who is at the desk, in which role, for which year groups."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from psc.desk.facts import live
from psc.errors import NotUnderstood
from psc.text import clean, fold

if TYPE_CHECKING:
    from datetime import date

    from psc.database.file import File


PASS_CODE = re.compile(r"C([1-9][0-9]*)", re.IGNORECASE)
"""What the code of a cover pass looks like, with its number."""


class Role(StrEnum):
    """What a person is to the centre."""

    ASSISTANT = "assistant"
    COVER = "cover"
    COORDINATOR = "coordinator"
    HEAD_OF_YEAR = "head_of_year"
    BEHAVIOUR_LEAD = "behaviour_lead"
    SAFEGUARDING = "safeguarding"
    ADMIN = "admin"
    TEACHER = "teacher"
    SYSTEM = "system"

    @property
    def words(self) -> str:
        """The role as people say it."""
        return self.value.replace("_", " ")


class Staff(NamedTuple):
    """A member of staff."""

    id: int
    code: str
    title: str
    forename: str
    surname: str
    role: Role
    years: frozenset[int]
    """The year groups they see to; those lent to them for some days are among them on these days."""
    rooms: frozenset[int] = frozenset()
    """The rooms of a cover pass; for everybody else none, which stands for every room."""
    barred: frozenset[int] = frozenset()
    """The students they may have nothing to do with: their own child, a relative."""
    keeps: frozenset[int] = frozenset()
    """The students whose key worker they are."""

    @property
    def short(self) -> str:
        """How the board names them: `J. Smith`."""
        return short_name(self.forename, self.surname)


def is_pass_code(code: str) -> bool:
    """Say whether a code looks like that of a cover pass: C1, C2. Whoever has one gives a PIN, and no passphrase."""
    return bool(PASS_CODE.fullmatch(code.strip()))


def short_name(forename: str, surname: str) -> str:
    """Return how the board names a member of staff: `J. Smith`."""
    return f"{forename[:1]}. {surname}" if forename else surname


class Named(NamedTuple):
    """Somebody whom the desk writes down: a member of staff by their id, or only the name that was typed."""

    staff_id: int | None
    name: str

    @property
    def key(self) -> int | str:
        """What makes two of them the same person: the id, else the name as it is searched."""
        return self.staff_id or fold(self.name)


SYSTEM = Staff(0, "system", "", "", "psc", Role.SYSTEM, frozenset())
"""psc itself: it lays out a new file before there is anyone to do so."""

_COLUMNS = "id, code, title, forename, surname, role"


_STANDING = f"""
    (SELECT group_concat(d.year) FROM delegation d
        WHERE d.staff_id = s.id AND :day BETWEEN d.from_day AND d.until_day AND {live("delegation", "d")}),
    (SELECT group_concat(b.student_id) FROM barred b WHERE b.staff_id = s.id AND {live("barred", "b")}),
    (SELECT group_concat(k.id) FROM student k WHERE k.key_worker_id = s.id AND k.merged_into IS NULL)
"""
"""How somebody stands on a day: years lent, students barred and kept. One statement, since every act asks."""


def staff_by_code(file: File, code: str, day: date | None = None) -> Staff:
    """Return the active member of staff with that code, case ignored, as they stand on `day`.

    Without a day they are only named. Raises `NotUnderstood` when there is nobody, or only a cover pass of another day.
    """
    found = file.row(
        f"SELECT {_COLUMNS}, (SELECT group_concat(y.year) FROM staff_year y WHERE y.staff_id = s.id),"
        f" {'NULL, NULL, NULL' if day is None else _STANDING} FROM staff s WHERE code = :code AND active = 1",
        {"code": code.strip(), "day": day and day.isoformat()},
    )
    if found is None:
        raise _nobody(code)
    identity, code, title, forename, surname, role, years, lent, barred, keeps = found
    rooms = _rooms_on(file, identity, code, day) if day and role == Role.COVER else frozenset()
    return Staff(
        *(identity, code, title, forename, surname, Role(role)),
        *(_numbers(years) | _numbers(lent), rooms, _numbers(barred), _numbers(keeps)),
    )


def _numbers(told: str | None) -> frozenset[int]:
    """Return the numbers that `group_concat` has run together; none of nothing."""
    return frozenset(map(int, told.split(","))) if told else frozenset()


def _rooms_on(file: File, staff_id: int, code: str, day: date) -> frozenset[int]:
    """Return the rooms of a cover pass on a day. Raises `NotUnderstood` when there are passes but none of that day."""
    passes = file.rows(
        f"SELECT day, rooms, {live('cover_pass', 'c')} FROM cover_pass c WHERE staff_id = ?", (staff_id,)
    )
    today = [kept for on_day, kept, stands in passes if on_day == day.isoformat() and stands]
    if passes and not today:
        raise _nobody(code)
    return frozenset(room for kept in today for room in json.loads(kept))


def _nobody(code: str) -> NotUnderstood:
    return NotUnderstood(f"Nobody has the code “{code.strip()}”.", "Check the staff list, or ask whoever set psc up.")


def everyone(file: File) -> tuple[Staff, ...]:
    """Return all active staff who use psc or are named in it, by code."""
    years: dict[int, set[int]] = {}
    for staff_id, year in file.rows("SELECT staff_id, year FROM staff_year"):
        years.setdefault(staff_id, set()).add(year)
    return tuple(
        Staff(identity, code, title, forename, surname, Role(role), frozenset(years.get(identity, ())))
        for identity, code, title, forename, surname, role in file.rows(
            f"SELECT {_COLUMNS} FROM staff WHERE active = 1 ORDER BY code"
        )
    )


LONGEST_NAME = 60
"""The longest name of an adult that the desk takes."""


def who_is(file: File, typed: str) -> Named:
    """Return whom a staff code, a member of staff's name, or any other name stands for.

    Raises `NotUnderstood` for nothing, for what looks like a code that nobody has, and for what is no name.
    """
    name = clean(typed)
    wanted = fold(name)
    for one in everyone(file):
        if name.casefold() == one.code.casefold() or wanted in (fold(one.short), fold(f"{one.forename} {one.surname}")):
            return Named(one.id, one.short)
    if not wanted or len(name) > LONGEST_NAME:
        raise NotUnderstood("Say who it is.", "Type a staff code, or a name.")
    if any(character.isdigit() for character in name):
        raise NotUnderstood(f"Nobody has the code “{name}”.", "Type a staff code, or a name without figures.")
    return Named(None, name)
