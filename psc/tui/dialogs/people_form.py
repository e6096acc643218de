"""What the forms share in which several people are named: found by typing, with a role each, by one letter.

A name, Enter, a letter: somebody stands in the list. In the list the letters change roles, and whoever else was in the
room then is offered there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.containers import Horizontal
from textual.widgets import Input, Static

from psc.desk.people import everyone, who_is
from psc.desk.permissions import reached
from psc.errors import PscError
from psc.overview.incident_parts import NOT_SHOWN
from psc.school.students import students_by_id
from psc.text import fold
from psc.tui.dialogs.suggesting import SuggestingForm, adult_choices
from psc.tui.people import (
    ADULT,
    LETTERS,
    ROLES,
    STUDENT,
    People,
    adult_person,
    kept_people,
    student_person,
)
from psc.tui.widgets.bar import Bar, Item
from psc.tui.widgets.lettered import Letter, LetterList

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from textual.widget import Widget

    from psc.school.students import Student
    from psc.tui.dialogs.suggesting import Choice
    from psc.tui.screens.today import Today

_PEOPLE = "\tpeople"
"""Under which name a draft keeps who is named; no field is called so."""
_ROLE_OF = {"role": STUDENT, "adult_role": ADULT}
"""The field of a role, and whose it is."""
_FIRST_ROLE = "involved"


class PeopleForm(SuggestingForm[None]):
    """A form with a list of people, a field that adds a student, and one that adds an adult."""

    AUTO_FOCUS = ""  # a letter typed at once waits for the field that `fill` names, and lands in no other
    finds = "find_student"
    people_fields: ClassVar[Mapping[str, str]] = {
        "student": "Student",
        "role": "as",
        "adult": "Adult",
        "adult_role": "as",
    }

    def __init__(self, today: Today, people: People) -> None:
        super().__init__(today)
        self.people = people
        self._staff = [(one.code, f"{one.code}  {one.short}") for one in everyone(today.desk.file)]

    # Laying it out

    def people_rows(self) -> Iterable[Widget]:
        """Return the list, and the two rows that add to it."""
        with Horizontal(id="row-people", classes="row"):
            yield Static("Who", classes="label")
            yield LetterList(id="people")
        for name, role in (("student", "role"), ("adult", "adult_role")):
            with Horizontal(id=f"row-{name}", classes="row"):
                yield Static(self.people_fields[name], classes="label")
                yield Input(id=name, select_on_focus=False, max_length=100)
                yield Static(self.people_fields[role], classes="label as")
                yield Input(id=role, classes="word", max_length=20)

    @property
    def tall(self) -> int:
        """How many lines the list of people may have."""
        return 5 if self.app.size.height < 30 else 10

    def show_people(self) -> None:
        """Show who is named, and who is offered."""
        shown = self.query_one("#people", LetterList)
        lines = self.people.lines(max(16, min(42, self.app.size.width - 38)))
        shown.show(lines)
        shown.styles.height = self.query_one("#row-people").styles.height = max(1, min(len(lines), self.tall))
        self.query_one("#row-people").display = bool(lines)

    # Drafts

    def settled(self) -> dict[str, str]:
        """Return who is named, too."""
        return {**super().settled(), _PEOPLE: self.people.kept()}

    def _in_fields(self) -> dict[str, str]:
        """Whoever names somebody has typed, too."""
        return {**super()._in_fields(), _PEOPLE: self.people.kept()}

    def settle(self, draft: Mapping[str, str]) -> None:
        """Name the same people again, as far as they are still shown to whoever sits here."""
        super().settle(draft)
        file, staff = self._today_screen.desk.file, self._today_screen.staff
        kept = kept_people(draft.get(_PEOPLE, ""))
        ids = [int(key[1]) for key, _, _ in kept if key[0] == STUDENT]
        seen = reached(file, "find_student", staff, self.day.isoformat(), ids)
        students = students_by_id(file, seen, self.day)
        codes = {one.id: one.short for one in everyone(file)}
        before = {one.key: one for one in self.people.named}
        for gone in before:
            self.people = self.people.without(gone)
        for (kind, which), role, name in kept:
            if kind == STUDENT and which in students:
                one = students[int(which)]
                self.people = self.people.added(student_person(one.id, one.name, _form(one), role))
            elif kind == ADULT and isinstance(which, int) and which in codes:
                self.people = self.people.added(adult_person(which, codes[which], role))
            elif kind == ADULT and name:
                self.people = self.people.added(adult_person(None, name, role))
            elif (known := before.get((kind, which))) is not None:
                # Whoever stands in the record stays in it, though their name is not for whoever corrects it.
                words = known.words if kind == ADULT else NOT_SHOWN
                self.people = self.people.added(known._replace(role=role, words=words, more=""))

    def refilled(self) -> None:
        """Show them again."""
        self.show_people()
        super().refilled()

    # Adding

    def suggest(self, name: str, typed: str) -> Sequence[Choice]:
        """Return the staff who fit, then the name as it is typed."""
        return adult_choices(self._staff, typed) if name == "adult" else ()

    def chosen(self) -> None:
        """Nothing follows from a student before their role is known."""

    def take(self) -> bool:
        """Take what is suggested; a field for one more may stay empty."""
        name = self.at
        if name in ("student", "adult") and not self.field(name).value.strip():
            return True
        if name in _ROLE_OF:
            return self._add(name)
        if not super().take():
            return False
        return name != "adult" or self._named_adult()

    def _named_adult(self) -> bool:
        """Write the name of the adult who is meant into the field; returns whether it is one."""
        file = self._today_screen.desk.file
        try:
            named = who_is(file, self.field("adult").value)
            if who_is(file, named.name) != named:
                return True  # the code stays: the name is somebody else's as well
        except PscError as error:
            self.refuse(str(error))
            return False
        self.write("adult", named.name)
        return True

    def go_on_from(self, name: str) -> None:
        """Ask the role of whoever was found; from a field left empty, and from any other, go on."""
        if name in _ROLE_OF:
            return  # whoever it is stands in the list, and the field for the next has the focus
        if name in self.people_fields and self.field(name).value.strip():
            role = self.field("role" if name == "student" else "adult_role")
            if not role.value:
                self.write(role.id or "", _FIRST_ROLE)
            role.focus()
        elif name in self.people_fields:
            self.after_people(name)
        else:
            super().go_on_from(name)

    def after_people(self, name: str) -> None:
        """Go on from an empty field for one more."""

    @on(Input.Changed, "#role")
    @on(Input.Changed, "#adult_role")
    def spell_out(self, event: Input.Changed) -> None:
        """A role's first letter is enough: whoever it is stands in the list then."""
        name = event.input.id or ""
        word = LETTERS[_ROLE_OF[name]].get(event.value[-1:].lower())
        if word and len(event.value) == 1:
            self.write(name, word)
            self._add(name)

    def _add(self, name: str) -> bool:
        """Put the person of a role's field into the list; returns whether that could be done."""
        kind, typed = _ROLE_OF[name], fold(self.field(name).value)
        role = next((one for one in ROLES[kind] if typed and one.startswith(typed)), None)
        if role is None:
            self.refuse(f"It can be: {', '.join(ROLES[kind])}.")
            self.field(name).focus()
            return False
        return self._add_as(kind, role)

    def _add_as(self, kind: str, role: str) -> bool:
        field = self.field("student" if kind == STUDENT else "adult")
        if kind == STUDENT:
            if (one := self._student) is None:
                self.refuse("Choose the student: type part of the name and press Enter.")
                field.focus()
                return False
            self.people = self.people.added(student_person(one.id, one.name, _form(one), role))
            self._student = None
        else:
            try:
                named = who_is(self._today_screen.desk.file, field.value)
            except PscError as error:
                self.refuse(str(error))
                field.focus()
                return False
            self.people = self.people.added(adult_person(named.staff_id, named.name, role))
        for one_field in (field.id or "", "role" if kind == STUDENT else "adult_role"):
            self.write(one_field, "")
        self.refuse("")
        self.people_changed()
        field.focus()
        return True

    def add_pending(self) -> bool:
        """Name whoever stands in a field and was not added yet; returns whether nobody is left there."""
        for kind, name, role in ((STUDENT, "student", "role"), (ADULT, "adult", "adult_role")):
            if self.field(name).value.strip():
                if kind == STUDENT and self._student is None:
                    self.refuse("Nobody is chosen: take a name of the list, or empty the field.")
                    self.field(name).focus()
                    return False
                if not self.field(role).value:
                    self.write(role, _FIRST_ROLE)
                if not self._add(role):
                    return False
        return True

    def people_changed(self) -> None:
        """Show who is named now."""
        self.show_people()

    # The list

    @on(Letter)
    def lettered(self, event: Letter) -> None:
        """Change a role, take somebody off the list, or make witnesses of whoever was there."""
        if event.origin != "people":
            return
        event.stop()
        shown = self.query_one("#people", LetterList)
        key, before = shown.current, self.people
        place = next((number for number, one in enumerate(before.offered) if one.key == key), None)
        if event.letter == "*":
            self.people = before.all_witnesses()
        elif event.letter in ("delete", "backspace", "-"):
            self.people = before.without(key)
        elif event.letter != "enter":
            self.people = before.given(key, event.letter.lower())
        if self.people == before:
            return
        self.people_changed()
        if place is not None and self.people.offered:  # one key each: on to the next who is offered
            shown.go_to(self.people.offered[min(place, len(self.people.offered) - 1)].key)

    def people_keys(self) -> Sequence[Item]:
        """Return the letters of the list, or of the role that is asked for."""
        at = self.focused.id if self.focused else ""
        if at == "people":
            current = self.people.of(self.query_one("#people", LetterList).current)
            kind = current.kind if current else STUDENT
            made = [Item(f"{one[0]} {one}", press=f"people:{one[0]}", key=1) for one in ROLES[kind]]
            return (*made, Item("Del not there", press="people:-", key=3))
        if at in _ROLE_OF:
            return tuple(Item(f"{one[0]} {one}", press=f"{at}:{one[0]}", key=1) for one in ROLES[_ROLE_OF[at]])
        return ()

    @on(Bar.Pressed)
    def pressed(self, event: Bar.Pressed) -> None:
        """A click on a key is the key."""
        event.stop()
        at, _, letter = event.press.partition(":")
        self.clicked_on(at, letter)

    def clicked_on(self, at: str, letter: str) -> None:
        """Do what the letter of a part means that was clicked; without a letter it is a key."""
        if at == "people":
            self.query_one("#people", LetterList).post_message(Letter("people", letter))
        elif at in _ROLE_OF:
            self.write(at, LETTERS[_ROLE_OF[at]][letter])
            self._add(at)
        elif at == "escape":
            self.action_leave()
        else:
            self.take_key(at)

    @on(events.DescendantFocus)
    def show_keys(self) -> None:
        """Show the letters that mean something where the focus is."""
        keys = (Item("F10 save", press="f10", key=3), Item("Esc close", press="escape", key=3))
        for bar in self.query("#form-keys").results(Bar):
            bar.show((*self.people_keys(), *keys))


def _form(student: Student) -> str:
    return "" if student.apart else student.form
