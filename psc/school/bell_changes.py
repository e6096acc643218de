"""Other bell times from a day on: the days before it keep the times they had, and the past its minutes.

A shape whose times change on a day leaves its old ones behind as `Normal until 2026-12-01`, for the days before that.
Screens and imports write such a change through here, and choose by `version_on` what a shape rings on a day.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from psc.school.bells import Bell

Statements = list[tuple[str, list[tuple[Any, ...]]]]
"""SQL, each with the rows it is run for, in order."""

_UNTIL = re.compile(r"(.+) until (\d{4}-\d\d-\d\d)")


def own_name(shape: str) -> str:
    """Return a shape's name without the day until which its earlier times held."""
    found = _UNTIL.fullmatch(shape)
    return found[1] if found else shape


def earlier_times(names: Iterable[str], shape: str) -> list[tuple[str, str]]:
    """Return (first day they no longer hold, name) of the earlier times of a shape, the earliest first."""
    found = ((_UNTIL.fullmatch(name), name) for name in names)
    return sorted((one[2], name) for one, name in found if one and one[1].casefold() == shape.casefold())


def version_on(names: Collection[str], shape: str, day: date) -> str:
    """Return the name under which a shape's times of a day are kept, "" for a shape there is not."""
    wanted = own_name(shape.strip())
    for until, name in earlier_times(names, wanted):
        if day.isoformat() < until:
            return name
    every = {name.casefold(): name for name in names}
    return every.get(shape.strip().casefold()) or every.get(wanted.casefold(), "")


def times_from(names: Collection[str], shape: str, bells: Iterable[Bell], from_day: date) -> Statements:
    """Return what gives a shape, new or known, these times on every day from `from_day` on.

    A later change of the same shape that somebody had set already is written over: these times hold from now on.
    `names` are all shapes of the file.
    """
    first = from_day.isoformat()
    kept = f"{shape} until {first}"
    later = [name for until, name in earlier_times(names, shape) if until >= first]
    statements: Statements = []
    if later:  # no day before `from_day` has the shape's newest times
        statements.append(("DELETE FROM bell WHERE shape_id = (SELECT id FROM shape WHERE name = ?)", [(shape,)]))
        if later[0].casefold() != kept.casefold():
            statements.append(("UPDATE shape SET name = ? WHERE name = ?", [(kept, later[0])]))
    else:
        if shape.casefold() in {name.casefold() for name in names}:
            statements.append(("UPDATE shape SET name = ? WHERE name = ?", [(kept, shape)]))
        statements.append(("INSERT INTO shape (name) VALUES (?)", [(shape,)]))
    rows = sorted((one.year, one.period, f"{one.starts:%H:%M}", f"{one.ends:%H:%M}", shape) for one in set(bells))
    statements += [
        (
            "INSERT INTO bell (shape_id, year, period, starts, ends) SELECT id, ?, ?, ?, ? FROM shape WHERE name = ?",
            rows,
        ),
        (
            "UPDATE calendar_day SET shape_id = (SELECT id FROM shape WHERE name = ?)"
            " WHERE shape_id = (SELECT id FROM shape WHERE name = ?) AND day >= ?",
            [(shape, kept, first), *((shape, name, "") for name in later[1:])],
        ),
    ]
    for name in later[1:]:
        statements += [
            ("DELETE FROM bell WHERE shape_id = (SELECT id FROM shape WHERE name = ?)", [(name,)]),
            ("DELETE FROM shape WHERE name = ?", [(name,)]),
        ]
    return statements
