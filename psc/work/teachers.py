"""Who a lesson's teacher is: what stands in the timetable, found on the staff list, or told as it stands there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from psc.desk.people import short_name
from psc.text import clean, fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psc.database.file import File

NOBODY = "no teacher named"
"""What stands for the teacher of a lesson whose timetable names none."""
NOT_ON_LIST = "not on the staff list"

_BETWEEN = re.compile(r"\s*(?:[/;&+]|,|\band\b)\s*", re.IGNORECASE)


class Person(NamedTuple):
    """One teacher of a lesson. `staff_id` is None for whom the staff list does not have."""

    name: str
    """As people say it: `Mr Lee`, `K. Bose`; else what the timetable has."""
    staff_id: int | None = None
    email: str = ""
    left: bool = False
    """Whether they are on the staff list as somebody who has left."""

    @property
    def words(self) -> str:
        """With what is amiss: `XY (not on the staff list)`, `Mr Lee (has left)`."""
        if self.staff_id is None:
            return f"{self.name} ({NOT_ON_LIST})"
        return f"{self.name} (has left)" if self.left else self.name


class Teacher(NamedTuple):
    """Who has a lesson: one person, two who share it, or nobody. `given` is what the timetable has."""

    given: str
    people: tuple[Person, ...] = ()

    @property
    def name(self) -> str:
        """As a message begins: `Mr Lee`, `Mr Lee and Ms Kaur`; "" where nobody is named."""
        return " and ".join(one.name for one in self.people)

    @property
    def words(self) -> str:
        """As a list shows them, with what is amiss."""
        return " and ".join(one.words for one in self.people) or NOBODY

    @property
    def email(self) -> str:
        """Where a message to them goes, several parted by a comma; "" where nobody's address is known."""
        return ", ".join(one.email for one in self.people if one.email and not one.left)

    @property
    def known(self) -> bool:
        """Whether each of them is on the staff list and still there."""
        return bool(self.people) and all(one.staff_id is not None and not one.left for one in self.people)


def teachers(file: File, given: Iterable[str]) -> dict[str, Teacher]:
    """Return who each teacher of the timetable is, by what stands there, found by code or by name.

    What is not on the staff list is told as it stands, and several in one field (`LE/KB`, `Mr Lee and Ms Kaur`) each
    by themselves. "" is nobody. One query, however many are asked for.
    """
    codes: dict[str, Person] = {}
    names: dict[str, Person | None] = {}
    found = file.rows("SELECT id, code, title, forename, surname, email, active FROM staff ORDER BY active, id")
    for identity, code, title, forename, surname, email, active in found:
        spoken = f"{title} {surname}".strip() if title else short_name(forename, surname)
        person = Person(spoken, identity, email, not active)
        codes[code.casefold()] = person
        said = (spoken, short_name(forename, surname), f"{forename} {surname}", f"{surname} {forename}")
        for name in {fold(one) for one in said if fold(one)}:
            other = names.get(name)
            # A name that two people have names neither, unless one of them has left.
            names[name] = person if name not in names or (other is not None and other.left) else None

    def one_person(text: str) -> Person:
        return codes.get(text.casefold()) or names.get(fold(text)) or Person(text)

    def teacher(text: str) -> Teacher:
        whole = clean(text)
        if whole.casefold() in codes or names.get(fold(whole)):
            return Teacher(text, (one_person(whole),))
        # A surname first has a comma of its own: only what is known on both sides of it is two people.
        parts = [part for part in _BETWEEN.split(whole) if part]
        two = [one_person(part) for part in parts]
        if "," in whole and not all(one.staff_id for one in two):
            return Teacher(text, (Person(whole),))
        return Teacher(text, tuple(dict.fromkeys(two)))

    return {text: teacher(text) for text in set(given)}
