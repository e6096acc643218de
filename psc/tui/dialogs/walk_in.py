"""The form for a student at the door whom nobody planned for: who, why, who sent them. Under ten seconds."""

from __future__ import annotations

import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from psc.clock import school_day
from psc.desk.people import everyone
from psc.desk.permissions import may
from psc.errors import NeedsReason, NotUnderstood, PscError
from psc.flows.walk_in import walk_in
from psc.overview.cells import kind_words
from psc.roster.placements import REASONS, Line, PlacementType, slots_from
from psc.roster.seats import seats_taken
from psc.school.students import Student, find_students, student_by_id
from psc.school.timetable import lessons_on
from psc.text import clean, fold, matches, shown
from psc.tui.dialogs.base import Dialog
from psc.tui.literal import literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from textual.app import ComposeResult

    from psc.school.rooms import Room
    from psc.tui.screens.today import Today

_LABELS = {
    "student": "Student",
    "type": "Type",
    "reason": "Reason",
    "sender": "Sent by",
    "until": "Until end of",
    "seat": "Seat",
    "override": "All the same?",
}
_OFFERED = (
    PlacementType.REMOVAL,
    PlacementType.TIME_OUT,
    PlacementType.REGULATION,
    PlacementType.MISSED_DETENTION,
    PlacementType.INVESTIGATION_HOLD,
    PlacementType.SAFEGUARDING_SEPARATION,
    PlacementType.GUEST,
)
"""The types that come to the door unplanned, the commonest first; the rest are booked."""


_NEW_HERE = "\0new here"
"""The suggestion that nobody who is known fits; no number begins so."""

_CHOSEN = "chosen"
"""Under which name a draft keeps the student chosen; no field is called so."""

_NO_SANCTION = frozenset(fold(one.words) for one in PlacementType if one.line is not Line.SANCTION)
"""Types whose reason is the student's own, not one of the list."""


class WalkInForm(Dialog[None]):
    """Fields with suggestions: type part of a word, Enter takes the suggestion and goes on; F10 saves from anywhere."""

    form = "walk in"

    def __init__(self, today: Today, *, at: datetime | None, told: str = "", student: Student | None = None) -> None:
        super().__init__()
        self._today_screen = today
        self._at = at
        self._told = told
        self._act_id = secrets.token_hex(12)
        self._student = student
        self._for = f", student {student.id}" if student else ""
        self._room: Room | None = today.room or next(iter(today.board.rooms), None)
        if not today.room and today.state.current:
            held = today.state.current.row.room_id
            self._room = next(room for room in today.board.rooms if room.id == held)
        self._staff = {one.code: f"{one.code}  {one.short}" for one in everyone(today.desk.file)}
        self._choices: list[tuple[str, str]] = []
        self._offered: tuple[object, ...] = ()
        """The field, its text and the suggestions that stand in the list now."""

    @property
    def about(self) -> str:
        """The room, and the student where the form was opened for one."""
        return f"room {self._room.id if self._room else 0}{self._for}"

    def compose(self) -> ComposeResult:
        """Lay the fields out, one above the other, with the suggestions under them."""
        with Vertical() as box:
            box.border_title = literal(f"Add to {self._room.name}" if self._room else "Add a student")
            box.border_subtitle = "Enter next · F10 save · Esc"
            for name, label in _LABELS.items():
                with Horizontal(id=f"row-{name}", classes="row"):
                    yield Static(literal(label), classes="label")
                    yield Input(id=name, select_on_focus=name != "student")
            yield OptionList(id="choices")
            yield Static("", classes="error", id="error")

    def fill(self) -> None:
        """Fill in what is known, and hide what is not asked yet."""
        self.query_one("#type", Input).value = PlacementType.REMOVAL.words
        self.query_one("#row-override").display = False
        self.query_one("#choices", OptionList).can_focus = False
        self._offered = ()
        if self._student:
            self._fix(self._student)
        self.query_one("#reason" if self._student else "#student", Input).focus()

    def refilled(self) -> None:
        """Offer again what fits."""
        self.offer()

    def settled(self) -> dict[str, str]:
        """Return who was chosen: two students may have one name."""
        return {_CHOSEN: str(self._student.id)} if self._student else {}

    def settle(self, draft: Mapping[str, str]) -> None:
        """Settle on who was chosen, as long as there is such a student."""
        today = self._today_screen
        with suppress(PscError, ValueError):
            day = school_day(today.now, today.desk.file.zone)
            self._student = student_by_id(today.desk.file, int(draft.get(_CHOSEN, "")), day)

    # Suggestions

    def _field(self) -> str:
        return self.focused.id or "" if isinstance(self.focused, Input) else ""

    def _suggest(self, name: str, typed: str) -> list[tuple[str, str]]:
        """Return (value, words) that fit what is typed in a field."""
        today = self._today_screen
        if name == "student":
            day = school_day(today.now, today.desk.file.zone)
            found = find_students(today.desk.file, typed, today.staff, day, limit=8)
            if not found and typed.strip() and may("add_provisional", today.staff):
                return [(_NEW_HERE, f"Nobody fits. Enter: “{clean(typed)}” is new here")]
            return [(one.number or one.name, f"{one.name}  {one.form}  {one.number}") for one in found]
        needle = fold(typed)
        if name == "type":
            every: Sequence[tuple[str, str]] = [(one.words, kind_words(one)) for one in _OFFERED]
        elif name == "reason":
            sanction = fold(self.query_one("#type", Input).value) not in _NO_SANCTION
            every = [(one, one) for one in REASONS] if sanction else []
        elif name == "sender":
            every = list(self._staff.items()) if needle else []
        elif name == "until":
            every = [(one, one) for one in self._ahead()]
        else:
            return []
        exact = any(fold(value) == needle for value, _ in every)
        return [one for one in every if exact or matches(needle, fold(one[1]))][:8]

    def _ahead(self) -> tuple[str, ...]:
        """Return the lessons still to come today for the student, with the one under way."""
        today = self._today_screen
        year = self._student.year if self._student else None
        periods = today.board.shape.periods(year)
        last = max((p for p in periods if p.is_lesson), key=lambda p: p.end, default=None)
        return slots_from(periods, self._at or today.now, last.name if last else "")

    @on(Input.Changed)
    @on(events.DescendantFocus)
    def offer(self) -> None:
        """Show what fits the field that has the focus."""
        name = self._field()
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
        if key in ("up", "down") and self._choices:
            (choices.action_cursor_down if key == "down" else choices.action_cursor_up)()
            return True
        if key in ("f10", "ctrl+s"):
            if self._take():
                self._save()
            return True
        return False

    @on(OptionList.OptionSelected)
    def clicked(self, event: OptionList.OptionSelected) -> None:
        """A click on a suggestion takes it."""
        self.query_one("#choices", OptionList).highlighted = event.option_index
        self._on()

    @on(Input.Submitted)
    def _on(self) -> None:
        """Take the suggestion and go to the next field; after the last one, save."""
        name = self._field()
        if not name or not self._take():
            return
        shown = [one for one in _LABELS if self.query_one(f"#row-{one}").display]
        place = shown.index(name) + 1
        if place < len(shown):
            self.query_one(f"#{shown[place]}", Input).focus()
        else:
            self._save()

    def _take(self) -> bool:
        """Put the highlighted suggestion into the field; returns whether the field holds something that fits."""
        name = self._field()
        if not name:
            return True
        field = self.query_one(f"#{name}", Input)
        highlighted = self.query_one("#choices", OptionList).highlighted
        value = self._choices[highlighted][0] if self._choices and highlighted is not None else ""
        if name == "student":
            if not value:
                words = "No student fits; try part of the surname." if field.value.strip() else "Type part of a name."
                self._refuse(words)
                return False
            if value == _NEW_HERE:
                self._ask_new_here(field.value)
                return False
            self._take_student(value)
        elif value and field.value.strip():
            self._set(field, value)
        self._refuse("")
        return True

    def _set(self, field: Input, value: str) -> None:
        with field.prevent(Input.Changed):
            field.value = shown(value)

    def _take_student(self, number: str) -> None:
        """Fix the student, and fill in what follows: who teaches them now, until when, which seat."""
        today = self._today_screen
        day = school_day(today.now, today.desk.file.zone)
        typed = self.query_one("#student", Input).value
        fitting = find_students(today.desk.file, typed, today.staff, day)
        found = [one for one in fitting if number in (one.number, one.name)]
        if found:
            self._fix(found[0])

    def _ask_new_here(self, typed: str) -> None:
        """Add the student whom nobody knows, then go on with this form."""
        from psc.tui.dialogs.new_here import NewHereForm

        def added(student: Student | None) -> None:
            if student:
                self._refuse("")
                self._fix(student)
                self.query_one("#type", Input).focus()

        self.app.push_screen(NewHereForm(self._today_screen, typed), added)

    def _fix(self, student: Student) -> None:
        """Settle on a student, and fill in what follows."""
        today = self._today_screen
        day = school_day(today.now, today.desk.file.zone)
        self._student = student
        self._set(
            self.query_one("#student", Input),
            f"{self._student.name} {'' if self._student.apart else self._student.form}".strip(),
        )
        ahead = self._ahead()
        if ahead and not self.query_one("#until", Input).value:
            self._set(self.query_one("#until", Input), ahead[0])
        lessons = lessons_on(today.desk.file, day, today.board.day.week, [self._student.id])
        lesson = lessons.get((self._student.id, ahead[0])) if ahead else None
        if lesson and not self.query_one("#sender", Input).value:
            self._set(self.query_one("#sender", Input), lesson.teacher)
        if self._room and not self.query_one("#seat", Input).value:
            taken = set(seats_taken(today.desk.file, self._room.id, day).values())
            free = next((seat for seat in range(1, self._room.seats + 1) if seat not in taken), None)
            self._set(self.query_one("#seat", Input), str(free or ""))

    # Saving

    def _refuse(self, words: str) -> None:
        self.query_one("#error", Static).update(literal(words))

    def _save(self) -> None:
        """Do the act; an error stands by in plain words and the form keeps everything typed."""
        today = self._today_screen
        try:
            values = self._values()
            today.desk.do_patiently(walk_in(**values), id=self._act_id, seconds=2, told_by=self._told)
        except NeedsReason as need:
            self.query_one("#row-override").display = True
            self._refuse(str(need))
            self.query_one("#override", Input).focus()
        except PscError as error:
            self._refuse(str(error))
        else:
            name = self._student.name if self._student else ""
            self.dismiss(None)
            today.added(values["student_id"], values["room_id"], name)

    def _values(self) -> dict[str, Any]:
        """Return the act's arguments. Raises `NotUnderstood` for what does not fit, with its field focused."""
        typed = {name: clean(self.query_one(f"#{name}", Input).value) for name in _LABELS}
        if self._student is None or self._room is None:
            self.query_one("#student", Input).focus()
            raise NotUnderstood("Choose the student.", "Type part of the name and press Enter.")
        kind = next((one for one in PlacementType if fold(one.words) == fold(typed["type"])), None)
        if kind is None:
            self.query_one("#type", Input).focus()
            raise NotUnderstood("That is not a type.", "Choose one of the list.")
        if not typed["reason"]:
            self.query_one("#reason", Input).focus()
            raise NotUnderstood("Say why, in a word or two.", "")
        if typed["seat"] and not typed["seat"].isdecimal():
            self.query_one("#seat", Input).focus()
            raise NotUnderstood("A seat is a number.", "Leave it empty for the first free one.")
        code = typed["sender"].partition(" ")[0]
        sent_by = next(
            (one.id for one in everyone(self._today_screen.desk.file) if one.code.lower() == code.lower()), None
        )
        if code and sent_by is None:
            self.query_one("#sender", Input).focus()
            raise NotUnderstood(
                f"Nobody on the staff has the code “{code}”.", "Choose from the list, or leave it empty."
            )
        return {
            "student_id": self._student.id,
            "room_id": self._room.id,
            "type": kind,
            "reason": typed["reason"],
            "at": self._at,
            "until": typed["until"],
            "sent_by": sent_by,
            "seat": int(typed["seat"]) if typed["seat"] else None,
            "override": typed["override"],
        }
