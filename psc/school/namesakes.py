"""Namesakes: students on roll who share a name, or a surname and the initial, and how they are told apart.

Wherever a name stands, theirs goes on with `≈`, the form and the middle initial: `Ali, Mohammed ≈7B K`; with the year,
`≈Y7`, while they have no form. Nobody should be signed in, told home or let off in another's place.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from psc.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psc.database.file import File

MARK = "≈"
"""What stands by a name that another student may be mistaken for."""

_LAST = "\U0010ffff"
"""Sorts behind whatever a name goes on with."""


class Bearer(NamedTuple):
    """A student whose name is about to be shown, with the form it is shown with, and the year where there is none."""

    id: int
    surname: str
    forename: str
    form: str
    year: int | None = None


@lru_cache(maxsize=4096)
def alike(surname: str, forename: str) -> tuple[str, str]:
    """Return what two names must share to be mistaken for each other: the surname and the forename's initial, folded.

    A name of signs alone folds to nothing and stands as it is.
    """
    return fold(surname) or surname, fold(forename)[:1]


def told_apart(file: File, bearers: Iterable[Bearer]) -> dict[int, str]:
    """Return the mark of each of these students who has a namesake on roll: `≈7B K`. Others have none.

    One query by index, however many students the file has known.
    """
    mine = {one.id: one for one in bearers}
    wanted = {" ".join(part for part in alike(one.surname, one.forename) if part) for one in mine.values()}
    if not wanted:
        return {}
    # A student's folded text begins with the name that is shown, so a range of it holds all who could be mistaken.
    found = file.rows(
        f"WITH wanted (low, high) AS (VALUES {', '.join(['(?, ?)'] * len(wanted))})"
        " SELECT DISTINCT s.id, s.surname, s.forename, s.middle_names FROM wanted CROSS JOIN student s"
        " ON s.folded >= low AND s.folded < high WHERE s.left_on IS NULL",
        [bound for low in wanted for bound in (low, low + _LAST)],
    )
    groups: dict[tuple[str, str], set[int]] = {}
    middles: dict[int, str] = {}
    for student, surname, forename, middle in found:
        groups.setdefault(alike(surname, forename), set()).add(student)
        middles[student] = middle
    made = {}
    for one in mine.values():
        if one.id in middles and len(groups[alike(one.surname, one.forename)]) > 1:
            where = one.form or ("" if one.year is None else f"Y{one.year}")
            made[one.id] = f"{MARK}{where} {middles[one.id][:1].upper()}".strip()
    return made


def unmarked(name: str) -> str:
    """Return a shown name without a namesake's mark, as machines are given it."""
    return name.partition(" ≈")[0]
