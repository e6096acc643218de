"""Setting up: a new file with its first two people, and the first passphrases of a file made before there were any.

There is no account that comes with psc: the two people are named, and choose passphrases, before the file exists.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from psc.database.file import link_new, make_file, opened
from psc.database.places import check_new_place
from psc.desk.acts import Desk
from psc.desk.people import LONGEST_NAME, SYSTEM, Role, everyone, staff_by_code
from psc.desk.secrets import check_passphrase, has_secrets, hash_passphrase, plain, reset_secret
from psc.desk.staff_acts import add_staff
from psc.errors import NotUnderstood, Refused
from psc.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psc.clock import Clock
    from psc.database.file import File
    from psc.desk.people import Staff

LONGEST_CODE = 20
FIRST = "first passphrases"
"""The act id under which they are given: what has been done under it can never be done again."""


class Newcomer(NamedTuple):
    """Somebody who is named before there is a list of staff."""

    code: str
    forename: str
    surname: str
    role: Role

    @property
    def words(self) -> str:
        """Their name and code, which must not make up their passphrase."""
        return f"{self.forename} {self.surname} {self.code}"


class First(NamedTuple):
    """One of the first two, with their passphrase; a *temporary* one was typed for them by somebody else."""

    person: Newcomer
    passphrase: str
    temporary: bool = False

    def __repr__(self) -> str:
        return f"First({self.person.code})"


def school_name(typed: str) -> str:
    """Return a school's name as it is kept. Raises `NotUnderstood` for nothing."""
    if not (name := clean(typed)):
        raise NotUnderstood("The school needs a name.", "Write it as it should stand on printed sheets.")
    return name


def typed_code(typed: str) -> str:
    """Return a staff code as it is kept. Raises `NotUnderstood` for what cannot be one."""
    code = clean(typed)
    if not code or " " in code or "=" in code or len(code) > LONGEST_CODE:
        raise NotUnderstood(
            "A code is one short word.", f"Letters and figures without a space, {LONGEST_CODE} at most: AD1."
        )
    if code.casefold() == SYSTEM.code:
        raise NotUnderstood(f"The code “{code}” is psc's own.", "Choose another.")
    return code


def newcomer(code: str, name: str, role: Role) -> Newcomer:
    """Read a code and a name, the surname last. Raises `NotUnderstood` for what is neither."""
    words = clean(name).split()
    if not words or len(clean(name)) > LONGEST_NAME:
        raise NotUnderstood("That is no name.", "Write the forename and the surname: Sam Hill.")
    return Newcomer(typed_code(code), " ".join(words[:-1]), words[-1], role)


def check_two(one: Newcomer, other: Newcomer) -> None:
    """Raise `NotUnderstood` when both have the same code."""
    if one.code.casefold() == other.code.casefold():
        raise NotUnderstood("Both people have the same code.", "Give each a code of their own.")


def check_first(person: Newcomer, school: str, others: Sequence[str], passphrase: str) -> None:
    """Raise `Refused` for a passphrase that is too easy, or that somebody else was given just before."""
    check_passphrase(passphrase, school=school, person=person.words)
    if plain(passphrase) in map(plain, others):
        raise Refused("Both people have the same passphrase.", "Choose another for this one.")


def set_up(path: Path, school: str, people: Sequence[First], clock: Clock) -> None:
    """Make a school's file with its first people in it: built beside `path`, and put there whole, with them.

    Raises `Refused` for a place that is no home for it or a passphrase that is too easy, `ReadOnly` for a folder that
    cannot be written; then there is no file. It takes a moment: run it beside the event loop.
    """
    check_new_place(path)
    name = school_name(school)
    for number, one in enumerate(people):
        check_first(one.person, name, [before.passphrase for before in people[:number]], one.passphrase)
    building = path.parent / f".{path.name}.{secrets.token_hex(4)}.first"
    try:
        make_file(building, name, clock.now())
        with opened(building) as file:
            desk = Desk(file, clock, SYSTEM.code)
            desk.do(*[add_staff(*one.person) for one in people])
            _give(desk, [(staff_by_code(file, one.person.code).id, one) for one in people])
        link_new(building, path)
    finally:
        for leftover in (building, Path(f"{building}-wal"), Path(f"{building}-shm")):
            with suppress(OSError):
                leftover.unlink(missing_ok=True)


def _give(desk: Desk, people: Sequence[tuple[int, First]]) -> None:
    """Give the first passphrases, once in the life of a file."""
    calls = [reset_secret(staff, hash_passphrase(one.passphrase), temporary=one.temporary) for staff, one in people]
    if desk.do_patiently(*calls, id=FIRST).repeated:
        raise given_already()


def given_already() -> Refused:
    """Return what is said where the first passphrases have been given."""
    return Refused(
        "The first passphrases of this file have been given.",
        "An administrator gives somebody a new one, in psc's settings.",
    )


def check_before_secrets(file: File) -> None:
    """Raise `Refused` unless nobody ever had a passphrase in this file."""
    if has_secrets(file) or file.value("SELECT 1 FROM ledger WHERE act_id = ?", (FIRST,)):
        raise given_already()


def chosen(file: File, role: Role, code: str) -> Staff | None:
    """Return who of a role is meant by a code, or by none where there is but one; None where nobody has the role.

    Raises `NotUnderstood` when there are several, or the code is nobody's of that role.
    """
    there = {one.code.casefold(): one for one in everyone(file) if one.role is role}
    if code and there:
        if (named := there.get(clean(code).casefold())) is None:
            raise NotUnderstood(
                f"Nobody of the role {role.words} has the code “{code}”.", f"There is: {_codes(there.values())}."
            )
        return named
    if len(there) > 1:
        raise NotUnderstood(f"Several have the role {role.words}: {_codes(there.values())}.", "Name one by code.")
    return next(iter(there.values()), None)


def _codes(people: Iterable[Staff]) -> str:
    return ", ".join(sorted(one.code for one in people))


def first_secrets(file: File, clock: Clock, terminal: str, people: Sequence[First]) -> None:
    """Give the first two their passphrases in a file that was made before there were any; adds who is not there yet.

    Raises `Refused` when that has been done, and for a passphrase that is too easy.
    """
    check_before_secrets(file)
    for number, one in enumerate(people):
        check_first(one.person, file.school, [before.passphrase for before in people[:number]], one.passphrase)
    desk = Desk(file, clock, SYSTEM.code, terminal)
    known = {one.code.casefold(): one.id for one in everyone(file)}
    if new := [add_staff(*one.person) for one in people if one.person.code.casefold() not in known]:
        desk.do_patiently(*new)
    _give(desk, [(staff_by_code(file, one.person.code).id, one) for one in people])
