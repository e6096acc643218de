"""What holds for one person besides their role: years lent for some days, and students they are kept from."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.desk.people import Role
from psc.errors import NotUnderstood, Refused
from psc.text import clean

if TYPE_CHECKING:
    from collections.abc import Collection

    from psc.database.file import File


class Lent(NamedTuple):
    """Year groups lent to somebody, from a day to a day, both included. `ids` are its facts, one a year."""

    ids: tuple[int, ...]
    years: tuple[int, ...]
    from_day: date
    until_day: date
    by: str
    at: datetime


class Barred(NamedTuple):
    """A student whom somebody may have nothing to do with: their own child, a relative."""

    id: int
    student_id: int
    why: str
    by: str
    at: datetime


def lent_to(file: File, staff_id: int, day: date) -> tuple[Lent, ...]:
    """Return what is lent to somebody on a day or will be, the earliest first; what is over is left out."""
    made: dict[tuple[str, str, int], Lent] = {}
    found = file.rows(
        "SELECT d.id, d.year, d.from_day, d.until_day, d.seq, l.actor, l.at FROM delegation d"
        f" JOIN ledger l ON l.seq = d.seq WHERE d.staff_id = ? AND d.until_day >= ? AND {live('delegation', 'd')}"
        " ORDER BY d.from_day, d.id",
        (staff_id, day.isoformat()),
    )
    for identity, year, first, last, seq, by, at in found:
        one = made.get((first, last, seq)) or Lent(
            (), (), date.fromisoformat(first), date.fromisoformat(last), by, moment(at)
        )
        made[first, last, seq] = one._replace(ids=(*one.ids, identity), years=(*one.years, year))
    return tuple(made.values())


def barred_from(file: File, staff_id: int) -> tuple[Barred, ...]:
    """Return the students somebody is barred from."""
    found = file.rows(
        "SELECT b.id, b.student_id, b.why, l.actor, l.at FROM barred b JOIN ledger l ON l.seq = b.seq"
        f" WHERE b.staff_id = ? AND {live('barred', 'b')} ORDER BY b.id",
        (staff_id,),
    )
    return tuple(Barred(one, student, why, by, moment(at)) for one, student, why, by, at in found)


@act("lend_years")
def lend_years(tx: Tx, staff_id: int, years: Collection[int], from_day: date, until_day: date) -> None:
    """Lend year groups to a head of year from a day to a day, both included: they see to them as to their own.

    Raises `Refused` for anybody else, for days that are over, and for what they have already.
    """
    row = tx.file.row("SELECT code, role FROM staff WHERE id = ? AND active", (staff_id,))
    if row is None or row[1] != Role.HEAD_OF_YEAR.value:
        raise Refused("Years are lent to a head of year.", "Give them that role first.")
    if not years:
        raise NotUnderstood("Say which years.", "Type 9, or 9,10.")
    if until_day < from_day:
        raise NotUnderstood("The last day is before the first.", "Type both again.")
    if until_day < tx.today:
        raise Refused("Those days are over.", "Lend from today on.")
    own = {year for (year,) in tx.file.rows("SELECT year FROM staff_year WHERE staff_id = ?", (staff_id,))}
    lent = {
        year
        for one in lent_to(tx.file, staff_id, from_day)
        if one.from_day <= from_day and until_day <= one.until_day
        for year in one.years
    }
    new = sorted(set(years) - own - lent)
    if not new:
        raise Refused(f"{row[0]} has those years already.", "Nothing was changed.")
    for year in new:
        tx.add(
            "delegation", staff_id=staff_id, year=year, from_day=from_day.isoformat(), until_day=until_day.isoformat()
        )
    tx.said["about"] = f"staff:{staff_id}"


@act("return_years")
def return_years(tx: Tx, staff_id: int, ids: Collection[int]) -> None:
    """End what was lent to somebody, at once. Raises `Refused` when it was ended already."""
    standing = {one for lent in lent_to(tx.file, staff_id, tx.today) for one in lent.ids}
    if not ids or not set(ids) <= standing:
        raise Refused("That has ended already.", "Nothing was changed.")
    for one in sorted(ids):
        tx.retract("delegation", one, "returned")
    tx.said["about"] = f"staff:{staff_id}"


@act("bar_student")
def bar_student(tx: Tx, staff_id: int, student_id: int, why: str) -> int:
    """Keep somebody from a student, from their next act on; returns the record's id.

    In a fire the roll shows the student to everybody all the same. Raises `NotUnderstood` without a reason, `Refused`
    when they are barred already.
    """
    if not tx.file.value("SELECT 1 FROM staff WHERE id = ?", (staff_id,)):
        raise NotUnderstood("There is no such member of staff.", "Look at the staff list.")
    if not clean(why):
        raise NotUnderstood("Say why.", "Own child, relative, neighbour.")
    if any(one.student_id == student_id for one in barred_from(tx.file, staff_id)):
        raise Refused("They are barred from this student already.", "Nothing was changed.")
    tx.reach(student_id)
    tx.said["about"] = f"staff:{staff_id}"
    return tx.add("barred", staff_id=staff_id, student_id=student_id, why=clean(why))


@act("unbar_student")
def unbar_student(tx: Tx, staff_id: int, student_id: int) -> None:
    """Let somebody near a student again. Raises `Refused` when they are not barred."""
    barred = [one for one in barred_from(tx.file, staff_id) if one.student_id == student_id]
    if not barred:
        raise Refused("They are not barred from this student.", "Nothing was changed.")
    tx.reach(student_id)
    for one in barred:
        tx.retract("barred", one.id, "no longer barred")
    tx.said["about"] = f"staff:{staff_id}"
