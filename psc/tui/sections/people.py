"""The staff list: who is on it, in which role, and with what they sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.changes import last_changes
from psc.desk.people import Role
from psc.desk.secrets import hash_passphrase, reset_secret, temporary_passphrase
from psc.desk.staff_acts import (
    ROLES,
    STAFF_ACTS,
    Person,
    add_staff,
    passphrases,
    people,
    the_person,
    typed_role,
    typed_year_list,
)
from psc.overview.cells import Tone, cut
from psc.tui.dialogs.fields import Field, FieldForm, Typed
from psc.tui.sections.base import Section
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psc.desk.changes import Changed
    from psc.tui.screens.page import Page
    from psc.tui.screens.settings import SettingsPage

STATES = {"own": "passphrase", "temporary": "temporary", "expired": "run out", "": "none"}
"""What a line says of somebody's passphrase."""
ROLE_WORDS = ", ".join(role.words for role in ROLES)


class People(Section):
    """Everybody who signs in, then who is only named, then who has left."""

    title, act, adds = "People", "change_staff", "add_staff"

    def __init__(self, page: SettingsPage) -> None:
        super().__init__(page)
        self._people: tuple[Person, ...] = ()

    def read(self) -> None:
        """Read the list."""
        self._people = people(self.file)
        self._kept = passphrases(self.file, self.desk.clock.now())
        self._changes: Mapping[str, Changed] = last_changes(self.file, STAFF_ACTS)

    def lines(self, width: int) -> Sequence[Line]:
        """Return a person a line, in three groups."""
        groups: dict[str, list[Person]] = {"They sign in": [], "Only named": [], "Have left": []}
        for one in self._people:
            name = "Have left" if not one.active else "Only named" if one.role is Role.TEACHER else "They sign in"
            groups[name].append(one)
        made: list[Line] = []
        for name, those in groups.items():
            if those:
                made += [*([line("")] if made else []), line(name, Tone.QUIET)]
                made += [self._line(one, width) for one in those]
        return made

    def _line(self, one: Person, width: int) -> Line:
        wide = max(20, min(36, width - 52))
        years = f" {','.join(str(year) for year in one.years)}" if one.years else ""
        signs_in = one.active and one.role is not Role.TEACHER
        state = STATES[self._kept.get(one.id, "")] if signs_in else ""
        name = f"{cut(one.code, 6)} {cut(one.name, wide)} "
        role = f"{cut(one.role.words + years, 19)} "
        tone = Tone.DUE if signs_in and state != "passphrase" else Tone.QUIET
        by = self.by(self._changes.get(one.about))
        return Line(
            (
                (name, Tone.PLAIN if one.active else Tone.QUIET),
                (role, Tone.QUIET),
                (cut(state, 11), tone),
                (by, Tone.QUIET),
            ),
            one.id,
        )

    def open(self, key: object) -> None:
        """Open a person."""
        from psc.tui.screens.person import PersonPage

        one = next(each for each in self._people if each.id == key)
        self.page.app.push_screen(PersonPage(self.page.today, one.code))

    def add(self) -> None:
        """Open the form for somebody new; their passphrase is shown when they are added."""

        def save(typed: Typed) -> str:
            values = typed.values
            call = add_staff(
                values["code"],
                values["forename"],
                values["surname"],
                values["role"],
                years=values["years"],
                title=values["title"],
                email=values["email"],
            )
            self.desk.do_patiently(call, id=typed.act_id, seconds=2)
            one = the_person(self.file, values["code"])
            if one.role is not Role.TEACHER:
                self.page.call_after_refresh(show_new_passphrase, self.page, one)
            return f"{one.name} ({one.code}) added as {one.role.words}."

        code = Field("code", "Code *", "", "what they sign in with: AS3. It stays theirs for good")
        blank = Person(0, "", "", "", "", "", Role.ASSISTANT)
        self.show(FieldForm("Somebody new", [code, *person_fields(blank)], save, self.page.done))


def person_fields(one: Person) -> list[Field]:
    """Return the fields of a person's form."""
    return [
        Field("title", "Title", one.title, "Ms, Mr, Dr"),
        Field("forename", "Forename", one.forename),
        Field("surname", "Surname *", one.surname),
        Field("email", "E-mail", one.email, "if it is known"),
        Field("role", "Role *", one.role.words, ROLE_WORDS, typed_role),
        Field(
            "years", "Years", ", ".join(str(year) for year in one.years), "a head of year’s: 8, or 8,9", typed_year_list
        ),
    ]


def show_new_passphrase(page: Page, one: Person) -> None:
    """Give somebody a temporary passphrase, and show it this once. A refusal is said on the page."""
    from psc.errors import PscError
    from psc.tui.dialogs.shown_once import ShownOnce

    made = temporary_passphrase()
    try:
        page.desk.do_patiently(reset_secret(one.id, hash_passphrase(made)), seconds=2)
    except PscError as error:
        page.refuse(str(error))
        return
    page.app.push_screen(ShownOnce(f"{one.name} ({one.code})", made))
