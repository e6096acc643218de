"""A form about one student whose fields offer what fits: type part of a word, Enter takes it and goes on."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from psc.clock import school_day
from psc.errors import PscError
from psc.school.students import Student, find_students, student_by_id
from psc.text import clean, fold, matches, shown
from psc.tui.dialogs.base import Dialog
from psc.tui.literal import literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from psc.tui.screens.today import Today

_CHOSEN = "chosen"
"""Under which name a draft keeps the student chosen; no field is called so."""
Offers = list[tuple[str, str]]
"""What is offered in a field: what it would write, and the words of the list."""


class StudentForm(Dialog[None]):
    """Fields by name, one of them the student; `choices` lists what fits the field that has the focus.

    F10 saves from anywhere, Enter goes on and saves from the last field.
    """

    finds: ClassVar[str]
    """The act whose reach says which students are found."""

    def __init__(self, today: Today, student: Student | None) -> None:
        super().__init__()
        self._board = today
        self._student = student
        self._choices: Offers = []
        self._offered: tuple[object, ...] = ()
        """The field, its text and the suggestions that stand in the list now."""

    @property
    def _day(self) -> date:
        return school_day(self._board.now, self._board.desk.file.zone)

    def settled(self) -> dict[str, str]:
        """Return who was chosen: two students may have one name."""
        return {_CHOSEN: str(self._student.id)} if self._student else {}

    def settle(self, draft: Mapping[str, str]) -> None:
        """Settle on who was chosen, as long as there is such a student."""
        with suppress(PscError, ValueError):
            self._student = student_by_id(self._board.desk.file, int(draft.get(_CHOSEN, "")), self._day)

    def refilled(self) -> None:
        """Offer again what fits."""
        self.offer()

    # What a form says of itself

    @abstractmethod
    def order(self) -> Sequence[str]:
        """Return the names of the fields that are shown, in the order in which Enter goes through them."""

    @abstractmethod
    def suggest(self, name: str, typed: str) -> Offers:
        """Return what fits in a field other than the student's."""

    @abstractmethod
    def follow(self, student: Student) -> None:
        """Fill in what follows from who the student is."""

    @abstractmethod
    def save(self) -> None:
        """Do the act; an error stands by in plain words and the form keeps everything typed."""

    def nobody(self, typed: str) -> Offers:
        """Return what is offered where no student fits."""
        return []

    def taken(self, name: str) -> None:
        """Follow from what now stands in a field that is being left."""

    # Suggestions

    def field(self) -> str:
        """Return the name of the field of one line that has the focus, "" for none."""
        return self.focused.id or "" if isinstance(self.focused, Input) else ""

    def fitting(self, every: Sequence[tuple[str, str]], typed: str) -> Offers:
        """Return what of a list fits; all of it while its field holds one of them whole."""
        needle = fold(typed)
        exact = any(fold(value) == needle for value, _ in every)
        return [one for one in every if exact or matches(needle, fold(one[1]))][:8]

    def _suggest(self, name: str, typed: str) -> Offers:
        if name != "student":
            return self.suggest(name, typed)
        if self._student and typed == self.called(self._student):
            return []
        # Whoever may do this to a student must be able to name them, though they see few others.
        found = find_students(self._board.desk.file, typed, self._board.staff, self._day, limit=8, act=self.finds)
        if not found and typed.strip():
            return self.nobody(clean(typed))
        return [(one.number or one.name, f"{one.name}  {one.form}  {one.number}") for one in found]

    @on(Input.Changed)
    @on(events.DescendantFocus)
    def offer(self) -> None:
        """Show what fits the field that has the focus."""
        name = self.field()
        choices = self.query_one("#choices", OptionList)
        typed = self.query_one(f"#{name}", Input).value if name else ""
        self._choices = self._suggest(name, typed) if name else []
        if self._offered == (offered := (name, typed, *self._choices)):
            return  # the cursor stays on the suggestion it was moved to
        self._offered = offered
        choices.clear_options()
        choices.add_options([Option(literal(words)) for _, words in self._choices])
        choices.display = bool(self._choices)
        if self._choices:
            choices.highlighted = next(
                (n for n, (value, _) in enumerate(self._choices) if fold(value) == fold(typed)), 0
            )

    def take_key(self, key: str) -> bool:
        """Arrows move in the suggestions; F10 saves."""
        choices = self.query_one("#choices", OptionList)
        if key in ("up", "down") and self._choices and self.field():
            (choices.action_cursor_down if key == "down" else choices.action_cursor_up)()
            return True
        if key in ("f10", "ctrl+s"):
            if self.take():
                self.save()
            return True
        return False

    @on(OptionList.OptionSelected)
    def clicked(self, event: OptionList.OptionSelected) -> None:
        """A click on a suggestion takes it."""
        self.query_one("#choices", OptionList).highlighted = event.option_index
        self.go_on()

    @on(Input.Submitted)
    def go_on(self) -> None:
        """Take the suggestion and go to the next field; after the last one, save."""
        name = self.field()
        if not name or not self.take():
            return
        names = list(self.order())
        place = names.index(name) + 1
        if place < len(names):
            self.query_one(f"#{names[place]}").focus()
        else:
            self.save()

    def take(self) -> bool:
        """Put the highlighted suggestion into the field; returns whether the field holds something that fits."""
        name = self.field()
        if not name:
            return True
        field = self.query_one(f"#{name}", Input)
        highlighted = self.query_one("#choices", OptionList).highlighted
        value = self._choices[highlighted][0] if self._choices and highlighted is not None else ""
        if name == "student":
            if not self._take_student(field.value, value):
                return False
        elif value and field.value.strip():
            self.write(name, value)
        self.refuse("")
        self.taken(name)
        return True

    def _take_student(self, typed: str, value: str) -> bool:
        if self._student and typed == self.called(self._student):
            return True
        if not value:
            self.refuse("No student fits; try part of the surname." if typed.strip() else "Type part of a name.")
            return False
        return self.take_student(typed, value)

    def take_student(self, typed: str, value: str) -> bool:
        """Settle on the student with a number; returns whether there is one."""
        fitting = find_students(self._board.desk.file, typed, self._board.staff, self._day, act=self.finds)
        found = [one for one in fitting if value in (one.number, one.name)]
        if found:
            self.fix(found[0])
        return bool(found)

    def fix(self, student: Student) -> None:
        """Settle on a student, and fill in what follows."""
        self._student = student
        self.write("student", self.called(student))
        self.follow(student)

    @staticmethod
    def called(student: Student) -> str:
        """Return how the field names a student."""
        return f"{student.name} {'' if student.apart else student.form}".strip()

    @property
    def chosen(self) -> Student | None:
        """The student, as long as the field still names them."""
        one = self._student
        return one if one and self.query_one("#student", Input).value == shown(self.called(one)) else None

    # Fields

    def write(self, name: str, value: str) -> None:
        """Write into a field what nobody typed."""
        field = self.query_one(f"#{name}", Input)
        with field.prevent(Input.Changed):
            field.value = shown(value)

    def typed(self, name: str) -> str:
        """Return what stands in a field."""
        widget = self.query_one(f"#{name}")
        return widget.value if isinstance(widget, Input) else str(getattr(widget, "text", ""))

    def refuse(self, words: str) -> None:
        """Say why it was not saved; everything typed stays."""
        self.query_one("#error", Static).update(literal(words))
