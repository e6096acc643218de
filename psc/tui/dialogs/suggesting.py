"""A form whose fields suggest what fits: type part of a word, Enter takes the suggestion and goes on.

Its student is found by typing, within the reach of the act that the form does. F10 saves from any field.
"""

from __future__ import annotations

import secrets
from abc import abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from psc.clock import school_day
from psc.desk.permissions import may
from psc.errors import NotUnderstood, PscError
from psc.roster.placements import Line, PlacementType
from psc.school.students import Student, find_students, student_by_id
from psc.text import clean, fold, matches, shown
from psc.tui.dialogs.base import Dialog
from psc.tui.literal import literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from textual.app import ComposeResult
    from textual.widget import Widget

    from psc.tui.screens.today import Today

T = TypeVar("T")

STUDENT, WHY = "student", "override"
"""The field a student is found in, and the one for going over a rule, which is asked for only when it is needed."""
_NEW_HERE = "\0new here"
"""The suggestion that nobody who is known fits; no number begins so."""
_CHOSEN = "chosen"
"""Under which name a draft keeps the student chosen; no field is called so."""
_MOST = 8
_NOT_LISTED = "not on the staff list"

Choice = tuple[str, str]
"""A suggestion: what it puts into the field, and how it reads in the list."""


class SuggestingForm(Dialog[T]):
    """Fields one above the other, with the suggestions for the present one under them."""

    labels: ClassVar[Mapping[str, str]]
    """Each field and what stands before it, in order."""
    finds: ClassVar[str]
    """The act whose reach the student is found in."""
    placeholders: ClassVar[Mapping[str, str]] = {}
    must_choose: ClassVar[frozenset[str]] = frozenset()
    """Fields in which Enter takes the first suggestion even where nothing is typed."""

    def __init__(self, today: Today, *, student: Student | None = None) -> None:
        super().__init__()
        self._today_screen = today
        self._act_id = secrets.token_hex(12)
        self._student = student
        self._choices: list[Choice] = []
        self._offered: tuple[object, ...] = ()
        """The field, its text and the suggestions that stand in the list now."""

    # What a form says of itself

    @property
    @abstractmethod
    def title_words(self) -> str:
        """What stands over it."""

    @abstractmethod
    def suggest(self, name: str, typed: str) -> Sequence[Choice]:
        """Return all that a field, other than the student's, may hold."""

    @abstractmethod
    def chosen(self) -> None:
        """Fill in what follows from the student."""

    @abstractmethod
    def save(self) -> None:
        """Do the act; an error stands by in plain words and the form keeps everything typed."""

    def follow(self) -> None:
        """Show what follows from what is typed, whenever that changes."""

    def left(self, name: str) -> None:
        """Follow from what stands in a field that Enter or F10 took."""

    def below(self) -> Iterable[Widget]:
        """Return what stands under the suggestions."""
        return ()

    # Laying it out

    def compose(self) -> ComposeResult:
        """Lay the fields out, one above the other, with the suggestions under them."""
        with Vertical() as box:
            box.border_title = literal(self.title_words)
            box.border_subtitle = "Enter next · F10 save · Esc"
            for name, label in self.labels.items():
                with Horizontal(id=f"row-{name}", classes="row"):
                    yield Static(literal(label), classes="label")
                    yield Input(id=name, select_on_focus=name != STUDENT, placeholder=self.placeholders.get(name, ""))
            yield OptionList(id="choices")
            yield from self.below()
            yield Static("", classes="error", id="error")

    def fill(self) -> None:
        """Hide what is not asked yet, and settle on the student the form was opened for."""
        if WHY in self.labels:
            self.query_one(f"#row-{WHY}").display = False
        self.query_one("#choices", OptionList).can_focus = False
        self._offered = ()
        if self._student:
            self.fix(self._student)

    def refilled(self) -> None:
        """Offer again what fits."""
        self.offer()

    def settled(self) -> dict[str, str]:
        """Return who was chosen: two students may have one name."""
        return {_CHOSEN: str(self._student.id)} if self._student else {}

    def settle(self, draft: Mapping[str, str]) -> None:
        """Settle on who was chosen, as long as there is such a student."""
        with suppress(PscError, ValueError):
            self._student = student_by_id(self._today_screen.desk.file, int(draft.get(_CHOSEN, "")), self.day)

    @property
    def day(self) -> date:
        """The school's day."""
        today = self._today_screen
        return school_day(today.now, today.desk.file.zone)

    # Fields

    def field(self, name: str) -> Input:
        """Return a field."""
        return self.query_one(f"#{name}", Input)

    def typed(self) -> dict[str, str]:
        """Return what stands in the fields, cleaned."""
        return {name: clean(self.field(name).value) for name in self.labels}

    def write(self, name: str, value: str) -> None:
        """Write into a field without taking it for typing."""
        field = self.field(name)
        with field.prevent(Input.Changed):
            field.value = shown(value)

    def wrong(self, name: str, words: str, remedy: str = "") -> NotUnderstood:
        """Return the error that a field does not fit, with the field focused."""
        self.field(name).focus()
        return NotUnderstood(words, remedy)

    def read_type(self, typed: str) -> PlacementType:
        """Return the type of placement that is named. Raises `NotUnderstood`."""
        kind = next((one for one in PlacementType if fold(one.words) == fold(typed)), None)
        if kind is None:
            raise self.wrong("type", "That is not a type.", "Choose one of the list.")
        return kind

    def refuse(self, words: str) -> None:
        """Say why it was not saved; everything typed stays."""
        self.query_one("#error", Static).update(literal(words))

    def ask_why(self, words: str) -> None:
        """Ask for a reason to go over a rule."""
        self.query_one(f"#row-{WHY}").display = True
        self.refuse(words)
        self.field(WHY).focus()

    # Suggestions

    @property
    def at(self) -> str:
        """The field that has the focus, "" for none."""
        return self.focused.id or "" if isinstance(self.focused, Input) else ""

    def _suggest(self, name: str, typed: str) -> list[Choice]:
        """Return what fits that is typed in a field."""
        today = self._today_screen
        if name == STUDENT:
            # Whoever may do the act must be able to name the student, though they see few others.
            found = find_students(today.desk.file, typed, today.staff, self.day, limit=_MOST, act=self.finds)
            if not found and typed.strip() and may("add_provisional", today.staff):
                return [(_NEW_HERE, f"Nobody fits. Enter: “{clean(typed)}” is new here")]
            return [(one.number or one.name, f"{one.name}  {one.form}  {one.number}") for one in found]
        needle = fold(typed)
        every = self.suggest(name, typed)
        exact = [one for one in every if fold(one[0]) == needle]
        fits = [one for one in every if exact or matches(needle, fold(one[1]))][:_MOST]
        # Enter takes what is highlighted: what stands in the field must be among what is offered.
        return fits if not exact or exact[0] in fits else [exact[0], *fits[: _MOST - 1]]

    @on(Input.Changed, f"#{STUDENT}")
    def unsettle(self, event: Input.Changed) -> None:
        """Whoever types on in the name means somebody else, until a suggestion is taken again."""
        if self._student is not None and event.value != self._shown(self._student):
            self._student = None

    @on(Input.Changed)
    @on(events.DescendantFocus)
    def offer(self) -> None:
        """Show what fits the field that has the focus."""
        name = self.at
        choices = self.query_one("#choices", OptionList)
        typed = self.field(name).value if name else ""
        self._choices = self._suggest(name, typed) if name else []
        self.follow()
        if self._offered == (offered := (name, typed, *self._choices)):
            return  # the cursor stays on the suggestion it was moved to
        self._offered = offered
        choices.clear_options()
        choices.add_options([Option(literal(words)) for _, words in self._choices])
        choices.display = bool(self._choices)
        if self._choices:
            # A name as it is typed so far equals what stands there, and is still the last of what is meant.
            choices.highlighted = next(
                (
                    n
                    for n, (value, words) in enumerate(self._choices)
                    if fold(value) == fold(typed) and not words.endswith(_NOT_LISTED)
                ),
                0,
            )

    def take_key(self, key: str) -> bool:
        """Arrows move in the suggestions; F10 saves."""
        choices = self.query_one("#choices", OptionList)
        if key in ("up", "down") and self._choices:
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
        name = self.at
        if name and self.take():
            self.go_on_from(name)

    def go_on_from(self, name: str) -> None:
        """Go to the field after the one that was left; after the last one, save."""
        names = [one for one in self.labels if self.query_one(f"#row-{one}").display]
        place = names.index(name) + 1
        if place < len(names):
            self.query_one(f"#{names[place]}").focus()
        else:
            self.save()

    def take(self) -> bool:
        """Put the highlighted suggestion into the field; returns whether the field holds something that fits."""
        name = self.at
        if not name:
            return True
        field = self.field(name)
        highlighted = self.query_one("#choices", OptionList).highlighted
        value = self._choices[highlighted][0] if self._choices and highlighted is not None else ""
        if name == STUDENT:
            if not value:
                words = "No student fits; try part of the surname." if field.value.strip() else "Type part of a name."
                self.refuse(words)
                return False
            if value == _NEW_HERE:
                self._ask_new_here(field.value)
                return False
            self._take_student(value)
        elif value and (field.value.strip() or name in self.must_choose):
            self.write(name, value)
        self.refuse("")
        self.follow()
        self.left(name)
        return True

    def _take_student(self, number: str) -> None:
        """Settle on the student of a suggestion."""
        today, typed = self._today_screen, self.field(STUDENT).value
        fitting = find_students(today.desk.file, typed, today.staff, self.day, act=self.finds)
        found = [one for one in fitting if number in (one.number, one.name)]
        if found:
            self.fix(found[0])

    def _ask_new_here(self, typed: str) -> None:
        """Add the student whom nobody knows, then go on with this form."""
        from psc.tui.dialogs.new_here import NewHereForm

        def added(student: Student | None) -> None:
            if student:
                self.refuse("")
                self.fix(student)
                names = list(self.labels)
                self.field(names[names.index(STUDENT) + 1]).focus()

        self.app.push_screen(NewHereForm(self._today_screen, typed), added)

    def fix(self, student: Student) -> None:
        """Settle on a student, and fill in what follows."""
        self._student = student
        self.write(STUDENT, self._shown(student))
        self.chosen()

    def _shown(self, student: Student) -> str:
        return shown(f"{student.name} {'' if student.apart else student.form}".strip())


def adult_choices(staff: Sequence[Choice], typed: str) -> Sequence[Choice]:
    """Return those of the staff list who fit what is typed, by code, then the name as it is typed: somebody else's."""
    if not fold(typed):
        return ()
    found = [one for one in staff if matches(fold(typed), fold(one[1]))][:6]
    exact = any(fold(code) == fold(typed) for code, _ in found)
    return found if exact else [*found, (clean(typed), f"{clean(typed)}: {_NOT_LISTED}")]


_NO_SANCTION = frozenset(fold(one.words) for one in PlacementType if one.line is not Line.SANCTION)


def asks_listed_reason(type_words: str) -> bool:
    """Say whether a reason comes from the school's list: where the type is no sanction it is the student's own."""
    return fold(type_words) not in _NO_SANCTION
