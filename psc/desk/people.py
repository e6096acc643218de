"""Staff: who is at the desk, in which role, for which year groups."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from psc.errors import NotUnderstood

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
        return f"{self.forename[:1]}. {self.surname}" if self.forename else self.surname


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
