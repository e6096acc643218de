"""Staff: who is at the desk, in which role, for which year groups."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from psc.errors import NotUnderstood
from psc.text import clean, fold

if TYPE_CHECKING:
    from psc.database.file import File


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

    @property
    def short(self) -> str:
        """How the board names them: `J. Smith`."""
        return short_name(self.forename, self.surname)


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


def staff_by_code(file: File, code: str) -> Staff:
    """Return the active member of staff with that code, case ignored. Raises `NotUnderstood`."""
    found = file.row(f"SELECT {_COLUMNS} FROM staff WHERE code = ? AND active = 1", (code.strip(),))
    if found is None:
        raise NotUnderstood(
            f"Nobody has the code “{code.strip()}”.", "Check the staff list, or ask whoever set psc up."
        )
    years = frozenset(year for (year,) in file.rows("SELECT year FROM staff_year WHERE staff_id = ?", (found[0],)))
    identity, code, title, forename, surname, role = found
    return Staff(identity, code, title, forename, surname, Role(role), years)


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
