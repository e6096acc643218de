"""The staff list: who is on it, in which role, for which years; joining, changing, leaving.

Leavers are deactivated and never deleted: what they did stands in the ledger under their code, and no code is given
twice.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment
from psc.desk.acts import Tx, act
from psc.desk.changes import check_differs, check_fresh, fields, keep_change
from psc.desk.people import LONGEST_NAME, SYSTEM, Role, short_name
from psc.errors import NotUnderstood, Refused
from psc.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from psc.database.file import File

STAFF_ACTS = (
    *("add_staff", "change_staff", "deactivate_staff", "reactivate_staff"),
    *("lend_years", "return_years", "bar_student", "unbar_student"),
)
"""The acts that change what the staff list says of somebody."""
ROLES = tuple(role for role in Role if role is not Role.SYSTEM)
"""The roles that people have."""
NEEDED = (Role.ADMIN, Role.BEHAVIOUR_LEAD)
"""The roles in which somebody must be left. Source: the domain notes, section People and what they may do."""

_CODE = re.compile(r"[^\W_][\w.-]{0,11}")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Person(NamedTuple):
    """A line of the staff list. `years` are the person's own, without those lent to them for some days."""

    id: int
    code: str
    title: str
    forename: str
    surname: str
    email: str
    role: Role
    years: tuple[int, ...] = ()
    active: bool = True

    @property
    def name(self) -> str:
        """The whole name: `Ms Maya Adebayo`."""
        return " ".join(part for part in (self.title, self.forename, self.surname) if part)

    @property
    def short(self) -> str:
        """How the board names them: `M. Adebayo`."""
        return short_name(self.forename, self.surname)

    @property
    def about(self) -> str:
        """The name under which the ledger keeps changes of this line."""
        return f"staff:{self.id}"


def people(file: File) -> tuple[Person, ...]:
    """Return the staff list by code, leavers too. Cover passes are not on it: they have a list of their own."""
    years: dict[int, list[int]] = {}
    for staff_id, year in file.rows("SELECT staff_id, year FROM staff_year ORDER BY year"):
        years.setdefault(staff_id, []).append(year)
    found = file.rows(
        "SELECT id, code, title, forename, surname, email, role, active FROM staff"
        " WHERE id NOT IN (SELECT staff_id FROM cover_pass) ORDER BY active DESC, code"
    )
    return tuple(
        Person(one, code, title, first, last, email, Role(role), tuple(years.get(one, ())), bool(active))
        for one, code, title, first, last, email, role, active in found
    )


def the_person(file: File, code: str) -> Person:
    """Return the person with that code, case ignored, a leaver too. Raises `NotUnderstood`."""
    wanted = code.strip().casefold()
    for one in people(file):
        if one.code.casefold() == wanted:
            return one
    raise NotUnderstood(f"Nobody has the code “{code.strip()}”.", "See the list: psc staff list.")


def passphrases(file: File, now: datetime) -> Mapping[int, str]:
    """Return by staff id what passphrase somebody has: `own`, `temporary`, or `expired`, a temporary one that ran out.

    Who is not in it has none and cannot sign in. Nothing of a secret itself is read.
    """
    found = file.rows("SELECT staff_id, temporary_until FROM secret")
    return {
        staff_id: "own" if until is None else "temporary" if now < moment(until) else "expired"
        for staff_id, until in found
    }


def typed_person(text: str) -> tuple[str, str, str]:
    """Read `AS3=Jo Smith` as code, forename, surname. Raises `NotUnderstood`."""
    code, found, name = text.partition("=")
    code, words = clean(code), clean(name).split()
    if not (found and code and words):
        raise NotUnderstood(f"“{text}” does not name a person.", "Write CODE=NAME, as in AD1=Sam Hill.")
    if code.casefold() == SYSTEM.code:
        raise NotUnderstood(f"The code “{code}” is psc's own.", "Choose another.")
    return code, " ".join(words[:-1]), words[-1]


def typed_role(text: str) -> Role:
    """Read a role as staff type it: `head of year`, `head_of_year`, or as much as fits one. Raises `NotUnderstood`."""
    wanted = " ".join(text.replace("_", " ").replace("-", " ").lower().split())
    fitting = [role for role in ROLES if wanted and role.words.startswith(wanted)]
    exact = [role for role in fitting if role.words == wanted]
    if len(exact or fitting) != 1:
        raise NotUnderstood(f"“{text.strip()}” is not a role.", f"The roles: {', '.join(r.words for r in ROLES)}.")
    return (exact or fitting)[0]


def typed_year_list(text: str) -> tuple[int, ...]:
    """Read year groups as staff type them: `8`, `8,9`, `7-9`; nothing for none. Raises `NotUnderstood`."""
    made: set[int] = set()
    for part in filter(None, re.split(r"[\s,;]+", text.lower().replace("years", "").replace("year", "").strip())):
        first, dash, last = part.replace("–", "-").partition("-")
        if not (first.isdecimal() and (last or first).isdecimal() and bool(dash) == bool(last)):
            raise NotUnderstood(f"“{part}” is not a year group.", "Type 8, or 8,9, or 7-9.")
        made.update(range(int(first), int(last or first) + 1))
    if made and (max(made) > 14 or len(made) > 15):
        raise NotUnderstood(f"There is no year {max(made)}.", "Year groups are 0 to 14.")
    return tuple(sorted(made))


# Acts


@act("add_staff")
def add_staff(
    tx: Tx,
    code: str,
    forename: str,
    surname: str,
    role: Role,
    *,
    years: Iterable[int] = (),
    title: str = "",
    email: str = "",
) -> int:
    """Add a member of staff; returns their id.

    Raises `Refused` when somebody has the code, or had it: a code is never given twice.
    """
    known = tx.file.row("SELECT active FROM staff WHERE code = ?", (clean(code),))
    if known is not None:
        why = "is taken" if known[0] else "was somebody’s who has left, and stands for them in the records"
        raise Refused(f"The code “{clean(code)}” {why}.", "Choose another.")
    made = _checked(Person(0, clean(code), title, forename, surname, email, Role(role), tuple(years)))
    if not _CODE.fullmatch(made.code) or made.code.casefold() == SYSTEM.code:
        raise NotUnderstood(f"“{made.code}” cannot be a code.", "Letters and figures, 12 at most: AS3.")
    cursor = tx.file.execute(
        "INSERT INTO staff (code, title, forename, surname, email, role) VALUES (?, ?, ?, ?, ?, ?)",
        (made.code, made.title, made.forename, made.surname, made.email, made.role.value),
    )
    made = made._replace(id=int(cursor.lastrowid or 0))
    _write_years(tx, made)
    keep_change(tx, made.about, {}, fields(made))
    return made.id


@act("change_staff")
def change_staff(tx: Tx, seen: Person, becomes: Person) -> None:
    """Change somebody's name, e-mail, role or years, from how they were `seen`. It counts from their next act.

    Raises `Refused` when somebody changed them meanwhile, and for the last administrator or behaviour lead leaving
    that role.
    """
    stands = _standing(tx, seen)
    made = _checked(becomes)._replace(id=stands.id, code=stands.code, active=stands.active)
    check_differs(stands, made)
    if made.role is not stands.role:
        _keep_needed(tx, stands)
    tx.file.execute(
        "UPDATE staff SET title = ?, forename = ?, surname = ?, email = ?, role = ? WHERE id = ?",
        (made.title, made.forename, made.surname, made.email, made.role.value, made.id),
    )
    _write_years(tx, made)
    keep_change(tx, made.about, fields(stands), fields(made))


@act("deactivate_staff")
def deactivate_staff(tx: Tx, seen: Person) -> None:
    """Let somebody go: they can no longer sign in, their passphrase is forgotten, and what they did stays theirs.

    Raises `Refused` for oneself, and for the last administrator or behaviour lead.
    """
    stands = _standing(tx, seen)
    if not stands.active:
        raise Refused(f"{stands.code} is not active already.", "Nothing was changed.")
    if stands.id == tx.actor.id:
        raise Refused("Nobody takes themselves off the staff list.", "Another administrator does it.")
    _keep_needed(tx, stands)
    tx.file.execute("UPDATE staff SET active = 0 WHERE id = ?", (stands.id,))
    # A leaver's passphrase must not open the file again on the day they come back in another role.
    tx.file.execute("DELETE FROM secret WHERE staff_id = ?", (stands.id,))
    keep_change(tx, stands.about, {"active": True}, {"active": False})


@act("reactivate_staff")
def reactivate_staff(tx: Tx, seen: Person) -> None:
    """Take somebody back who had left. They need a new passphrase."""
    stands = _standing(tx, seen)
    if stands.active:
        raise Refused(f"{stands.code} is active already.", "Nothing was changed.")
    tx.file.execute("UPDATE staff SET active = 1 WHERE id = ?", (stands.id,))
    keep_change(tx, stands.about, {"active": False}, {"active": True})


def _standing(tx: Tx, seen: Person) -> Person:
    """Return a line of the staff list as it stands. Raises `Refused` when it is not as it was seen."""
    stands = the_person(tx.file, seen.code)
    check_fresh(tx, stands.about, seen, stands)
    return stands


def _keep_needed(tx: Tx, leaving: Person) -> None:
    """Raise `Refused` when nobody would be left in a role that must be filled.

    An administrator who has not yet chosen a passphrase of their own does not count: should the temporary one run out,
    nobody could give them another.
    """
    if leaving.role not in NEEDED or not leaving.active:
        return
    others = [one for one in people(tx.file) if one.active and one.role is leaving.role and one.id != leaving.id]
    if not others:
        raise Refused(f"{leaving.code} is the only active {leaving.role.words}.", "Give somebody else that role first.")
    words = passphrases(tx.file, tx.now)
    if leaving.role is Role.ADMIN and words and not any(words.get(one.id) == "own" for one in others):
        raise Refused(
            f"{leaving.code} is the only administrator with a passphrase of their own.",
            f"{others[0].code} signs in once first, and chooses theirs.",
        )


def _checked(person: Person) -> Person:
    """Return a person as psc keeps them. Raises `NotUnderstood` for what is no name, e-mail address or year group."""
    made = person._replace(
        title=clean(person.title),
        forename=clean(person.forename),
        surname=clean(person.surname),
        email=clean(person.email),
        years=tuple(sorted(set(person.years))),
    )
    if not made.surname:
        raise NotUnderstood("The surname is missing.", "Type it.")
    if max(len(made.title), len(made.forename), len(made.surname)) > LONGEST_NAME:
        raise NotUnderstood("That name is too long.", f"{LONGEST_NAME} characters are the most.")
    if made.email and not _MAIL.fullmatch(made.email):
        raise NotUnderstood(f"“{made.email}” is not an e-mail address.", "Type it as name@school, or leave it empty.")
    if made.role is Role.SYSTEM:
        raise NotUnderstood("Nobody can be psc itself.", "Choose another role.")
    if any(not 0 <= year <= 14 for year in made.years):
        raise NotUnderstood("Year groups are 0 to 14.", "Type 8, or 8,9.")
    if made.role is Role.HEAD_OF_YEAR and not made.years:
        raise NotUnderstood("A head of year needs years.", "Type 8, or 8,9: without any they would see nobody.")
    return made


def _write_years(tx: Tx, person: Person) -> None:
    tx.file.execute("DELETE FROM staff_year WHERE staff_id = ?", (person.id,))
    for year in person.years:
        tx.file.execute("INSERT INTO staff_year (staff_id, year) VALUES (?, ?)", (person.id, year))
