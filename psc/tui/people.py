"""Who was there, as a plain value: students and adults with a role each, and those who were in the room besides."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from psc.incidents.incidents import ADULT_ROLES, STUDENT_ROLES, Adult, Part
from psc.overview.cells import Tone, cut
from psc.text import fold
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STUDENT, ADULT = "student", "adult"
ROLES = {STUDENT: STUDENT_ROLES, ADULT: ADULT_ROLES}
LETTERS = {kind: {one[0]: one for one in roles} for kind, roles in ROLES.items()}
"""The first letter stands for the role: i involved, t target, w witness; of an adult, h hurt."""

Key = tuple[str, int | str]
"""Which person: a student or an adult by their id, or an adult by the name that was typed, folded."""


class Person(NamedTuple):
    """Somebody of an incident. Without a role they are only offered: they were in the room then."""

    key: Key
    words: str
    role: str
    more: str = ""
    """What stands behind the name: the form, or that they are staff."""
    name: str = ""
    """The name that was typed, of an adult who is not on the staff list."""

    @property
    def kind(self) -> str:
        """Whether it is a student or an adult."""
        return self.key[0]


class People(NamedTuple):
    """Everybody who is named, in the order in which they were, then whoever is offered."""

    persons: tuple[Person, ...] = ()
    fixed: frozenset[Key] = frozenset()
    """Who stands there already and is not changed here."""

    @property
    def named(self) -> tuple[Person, ...]:
        """Those with a role."""
        return tuple(one for one in self.persons if one.role)

    @property
    def offered(self) -> tuple[Person, ...]:
        """Those without."""
        return tuple(one for one in self.persons if not one.role)

    def of(self, key: object) -> Person | None:
        """Return a person."""
        return next((one for one in self.persons if one.key == key), None)

    def added(self, person: Person) -> People:
        """Return it with somebody more, or in another role; who is fixed stays as they are."""
        if person.key in self.fixed:
            return self
        known = self.of(person.key)
        if known is not None and known.role:
            return self._replace(persons=tuple(person if one.key == person.key else one for one in self.persons))
        rest = tuple(one for one in self.offered if one.key != person.key)
        return self._replace(persons=(*self.named, person, *rest))

    def given(self, key: object, letter: str) -> People:
        """Return it with the role of a letter given to somebody; unchanged where the letter is no role of theirs."""
        person = self.of(key)
        role = LETTERS[person.kind].get(letter) if person else None
        if person is None or role is None or person.key in self.fixed:
            return self
        return self._replace(persons=tuple(one._replace(role=role) if one is person else one for one in self.persons))

    def without(self, key: object) -> People:
        """Return it without somebody; a student is offered again, in case it was a slip."""
        person = self.of(key)
        if person is None or person.key in self.fixed:
            return self
        rest = [one for one in self.persons if one is not person]
        return self._replace(persons=(*rest, person._replace(role="")) if person.kind == STUDENT else tuple(rest))

    def offering(self, persons: Iterable[Person]) -> People:
        """Return it with others offered: whoever has a role keeps it."""
        named = {one.key for one in self.named}
        return self._replace(persons=(*self.named, *(one for one in persons if one.key not in named)))

    def all_witnesses(self) -> People:
        """Return it with everybody who is offered as a witness."""
        return self._replace(persons=tuple(one if one.role else one._replace(role="witness") for one in self.persons))

    # What an act is given

    def parts(self) -> tuple[Part, ...]:
        """Return the students."""
        return tuple(Part(int(one.key[1]), one.role) for one in self.named if one.kind == STUDENT)

    def adults(self) -> tuple[Adult, ...]:
        """Return the adults."""
        return tuple(
            Adult(one.key[1] if isinstance(one.key[1], int) else None, one.name, one.role)
            for one in self.named
            if one.kind == ADULT
        )

    # Drafts

    def kept(self) -> str:
        """Return it as a draft keeps it: no student's name."""
        return json.dumps([[*one.key, one.role, one.name] for one in self.named if one.key not in self.fixed])

    # The list

    def lines(self, width: int) -> list[Line]:
        """Return a line each, its name so wide; the offered stand under a heading."""
        made = [self._line(one, width) for one in self.named]
        if self.offered:
            made.append(line("In the room then · w witness and on to the next, * all", Tone.QUIET))
            made += [self._line(one, width) for one in self.offered]
        return made

    def _line(self, one: Person, width: int) -> Line:
        who = cut(f"{one.words}  {one.more}".rstrip(), width)
        tone = Tone.QUIET if not one.role or one.key in self.fixed else Tone.PLAIN
        return Line(((f"{who} ", tone), (one.role or "·", tone)), one.key)


def kept_people(text: str) -> tuple[tuple[Key, str, str], ...]:
    """Return the key, the role and the typed name of each that a draft kept; nothing of what cannot be read."""
    made: list[tuple[Key, str, str]] = []
    with suppress(ValueError, TypeError):  # whatever else stands there was not written by this form
        for kind, which, role, name in json.loads(text or "[]"):
            known = isinstance(which, int) or (kind == ADULT and isinstance(which, str))
            if known and isinstance(name, str) and role in ROLES.get(kind, ()):
                made.append(((kind, which), role, name))
    return tuple(made)


def student_person(student_id: int, words: str, form: str, role: str) -> Person:
    """Return a student."""
    return Person((STUDENT, student_id), words, role, form)


def adult_person(staff_id: int | None, name: str, role: str) -> Person:
    """Return an adult: one of the staff by their id, anybody else by the name that was typed."""
    if staff_id is not None:
        return Person((ADULT, staff_id), name, role, "staff")
    return Person((ADULT, fold(name)), name, role, "adult", name)


def students_named(people: Sequence[Person]) -> str:
    """Return the students among some people in words: all of them, beyond three the count."""
    names = [one.words for one in people if one.kind == STUDENT]
    return "; ".join(names) if len(names) <= 3 else f"{len(names)} students ({'; '.join(names[:2])} …)"
