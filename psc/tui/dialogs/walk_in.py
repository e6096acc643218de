"""The form for a student at the door whom nobody planned for: who, why, who sent them. Under ten seconds."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from textual.containers import Horizontal, Vertical
from textual.widgets import Input, OptionList, Static

from psc.desk.people import everyone
from psc.desk.permissions import may
from psc.errors import NeedsReason, NotUnderstood, PscError
from psc.flows.walk_in import walk_in
from psc.overview.cells import kind_words
from psc.roster.placements import Line, PlacementType, slots_from
from psc.roster.reasons import reason_names
from psc.roster.seats import seats_taken
from psc.school.timetable import lessons_on
from psc.text import clean, fold
from psc.tui.dialogs.student_form import Offers, StudentForm
from psc.tui.literal import literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from textual.app import ComposeResult

    from psc.school.rooms import Room
    from psc.school.students import Student
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

_NO_SANCTION = frozenset(fold(one.words) for one in PlacementType if one.line is not Line.SANCTION)
"""Types whose reason is the student's own, not one of the list."""


class WalkInForm(StudentForm):
    """Fields with suggestions: type part of a word, Enter takes the suggestion and goes on; F10 saves from anywhere."""

    form = "walk in"
    finds = "walk_in"

    def __init__(self, today: Today, *, at: datetime | None, told: str = "", student: Student | None = None) -> None:
        super().__init__(today, student)
        self._at = at
        self._told = told
        self._act_id = secrets.token_hex(12)
        self._for = f", student {student.id}" if student else ""
        self._room: Room | None = today.room or next(iter(today.board.rooms), None)
        if not today.room and today.state.current:
            held = today.state.current.row.room_id
            self._room = next(room for room in today.board.rooms if room.id == held)
        self._staff = {one.code: f"{one.code}  {one.short}" for one in everyone(today.desk.file)}
        self._reasons = reason_names(today.desk.file)

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
            self.fix(self._student)
        self.query_one("#reason" if self._student else "#student", Input).focus()

    # Suggestions

    def order(self) -> Sequence[str]:
        """All that are shown."""
        return [one for one in _LABELS if self.query_one(f"#row-{one}").display]

    def nobody(self, typed: str) -> Offers:
        """Offer to add whom nobody knows."""
        if not may("add_provisional", self._board.staff):
            return []
        return [(_NEW_HERE, f"Nobody fits. Enter: “{typed}” is new here")]

    def suggest(self, name: str, typed: str) -> Offers:
        """Return what fits in a field."""
        if name == "type":
            return self.fitting([(one.words, kind_words(one)) for one in _OFFERED], typed)
        if name == "reason":
            sanction = fold(self.typed("type")) not in _NO_SANCTION
            return self.fitting([(one, one) for one in self._reasons], typed) if sanction else []
        if name == "sender":
            return self.fitting(list(self._staff.items()), typed) if fold(typed) else []
        return self.fitting([(one, one) for one in self._ahead()], typed) if name == "until" else []

    def _ahead(self) -> tuple[str, ...]:
        """Return the lessons still to come today for the student, with the one under way."""
        today = self._board
        year = self._student.year if self._student else None
        periods = today.board.shape.periods(year)
        last = max((p for p in periods if p.is_lesson), key=lambda p: p.end, default=None)
        return slots_from(periods, self._at or today.now, last.name if last else "")

    def take_student(self, typed: str, value: str) -> bool:
        """Settle on the student, or add whom nobody knows and then go on with this form."""
        if value != _NEW_HERE:
            return super().take_student(typed, value)
        from psc.tui.dialogs.new_here import NewHereForm

        def added(student: Student | None) -> None:
            if student:
                self.refuse("")
                self.fix(student)
                self.query_one("#type", Input).focus()

        self.app.push_screen(NewHereForm(self._board, typed), added)
        return False

    def follow(self, student: Student) -> None:
        """Fill in who teaches them now, until when, which seat."""
        today = self._board
        ahead = self._ahead()
        if ahead and not self.typed("until"):
            self.write("until", ahead[0])
        lessons = lessons_on(today.desk.file, self._day, today.board.day.week, [student.id])
        lesson = lessons.get((student.id, ahead[0])) if ahead else None
        # A teacher who is not on the staff list cannot have sent anybody: nothing is filled in that is then refused.
        if lesson and lesson.teacher in self._staff and not self.typed("sender"):
            self.write("sender", lesson.teacher)
        if self._room and not self.typed("seat"):
            taken = set(seats_taken(today.desk.file, self._room.id, self._day).values())
            free = next((seat for seat in range(1, self._room.seats + 1) if seat not in taken), None)
            self.write("seat", str(free or ""))

    # Saving

    def save(self) -> None:
        """Do the act; an error stands by in plain words and the form keeps everything typed."""
        today = self._board
        try:
            values = self._values()
            today.desk.do_patiently(walk_in(**values), id=self._act_id, seconds=2, told_by=self._told)
        except NeedsReason as need:
            self.query_one("#row-override").display = True
            self.refuse(str(need))
            self.query_one("#override", Input).focus()
        except PscError as error:
            self.refuse(str(error))
        else:
            name = self._student.name if self._student else ""
            self.dismiss(None)
            today.added(values["student_id"], values["room_id"], name)

    def _values(self) -> dict[str, Any]:
        """Return the act's arguments. Raises `NotUnderstood` for what does not fit, with its field focused."""
        typed = {name: clean(self.typed(name)) for name in _LABELS}
        student = self.chosen
        if student is None or self._room is None:
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
        sent_by = next((one.id for one in everyone(self._board.desk.file) if one.code.lower() == code.lower()), None)
        if code and sent_by is None:
            self.query_one("#sender", Input).focus()
            raise NotUnderstood(
                f"Nobody on the staff has the code “{code}”.", "Choose from the list, or leave it empty."
            )
        return {
            "student_id": student.id,
            "room_id": self._room.id,
            "type": kind,
            "reason": typed["reason"],
            "at": self._at,
            "until": typed["until"],
            "sent_by": sent_by,
            "seat": int(typed["seat"]) if typed["seat"] else None,
            "override": typed["override"],
        }
