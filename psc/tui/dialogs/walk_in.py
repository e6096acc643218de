"""The form for a student at the door whom nobody planned for: who, why, who sent them. Under ten seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.widgets import Input

from psc.desk.people import everyone
from psc.errors import NeedsReason, PscError
from psc.flows.walk_in import walk_in
from psc.overview.cells import kind_words
from psc.roster.placements import PlacementType, slots_from
from psc.roster.reasons import reason_names
from psc.roster.seats import seats_taken
from psc.school.timetable import lessons_on
from psc.text import fold
from psc.tui.dialogs.suggesting import SuggestingForm, asks_listed_reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from psc.school.rooms import Room
    from psc.school.students import Student
    from psc.tui.dialogs.suggesting import Choice
    from psc.tui.screens.today import Today

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


class WalkInForm(SuggestingForm[None]):
    """Fields with suggestions: type part of a word, Enter takes the suggestion and goes on; F10 saves from anywhere."""

    form = "walk in"
    finds = "walk_in"
    labels: ClassVar[Mapping[str, str]] = {
        "student": "Student",
        "type": "Type",
        "reason": "Reason",
        "sender": "Sent by",
        "until": "Until end of",
        "seat": "Seat",
        "override": "All the same?",
    }

    def __init__(self, today: Today, *, at: datetime | None, told: str = "", student: Student | None = None) -> None:
        super().__init__(today, student=student)
        self._at = at
        self._told = told
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

    @property
    def title_words(self) -> str:
        """Which room it adds to."""
        return f"Add to {self._room.name}" if self._room else "Add a student"

    def fill(self) -> None:
        """Fill in what is known, and hide what is not asked yet."""
        self.query_one("#type", Input).value = PlacementType.REMOVAL.words
        super().fill()
        self.field("reason" if self._student else "student").focus()

    # Suggestions

    def suggest(self, name: str, typed: str) -> Sequence[Choice]:
        """Return (value, words) that a field may hold."""
        if name == "type":
            return [(one.words, kind_words(one)) for one in _OFFERED]
        if name == "reason":
            return [(one, one) for one in self._reasons] if asks_listed_reason(self.field("type").value) else []
        if name == "sender":
            return list(self._staff.items()) if fold(typed) else []
        return [(one, one) for one in self._ahead()] if name == "until" else []

    def _ahead(self) -> tuple[str, ...]:
        """Return the lessons still to come today for the student, with the one under way."""
        today = self._today_screen
        year = self._student.year if self._student else None
        periods = today.board.shape.periods(year)
        last = max((p for p in periods if p.is_lesson), key=lambda p: p.end, default=None)
        return slots_from(periods, self._at or today.now, last.name if last else "")

    def chosen(self) -> None:
        """Fill in what follows: who teaches them now, until when, which seat."""
        today, student = self._today_screen, self._student
        if student is None:
            return
        ahead = self._ahead()
        if ahead and not self.field("until").value:
            self.write("until", ahead[0])
        lessons = lessons_on(today.desk.file, self.day, today.board.day.week, [student.id])
        lesson = lessons.get((student.id, ahead[0])) if ahead else None
        # A teacher who is not on the staff list cannot have sent anybody: nothing is filled in that is then refused.
        if lesson and lesson.teacher in self._staff and not self.field("sender").value:
            self.write("sender", lesson.teacher)
        if self._room and not self.field("seat").value:
            taken = set(seats_taken(today.desk.file, self._room.id, self.day).values())
            free = next((seat for seat in range(1, self._room.seats + 1) if seat not in taken), None)
            self.write("seat", str(free or ""))

    # Saving

    def save(self) -> None:
        """Do the act; an error stands by in plain words and the form keeps everything typed."""
        today = self._today_screen
        try:
            values = self._values()
            today.desk.do_patiently(walk_in(**values), id=self._act_id, seconds=2, told_by=self._told)
        except NeedsReason as need:
            self.ask_why(str(need))
        except PscError as error:
            self.refuse(str(error))
        else:
            name = self._student.name if self._student else ""
            self.dismiss(None)
            today.added(values["student_id"], values["room_id"], name)

    def _values(self) -> dict[str, Any]:
        """Return the act's arguments. Raises `NotUnderstood` for what does not fit, with its field focused."""
        typed = self.typed()
        if self._student is None or self._room is None:
            raise self.wrong("student", "Choose the student.", "Type part of the name and press Enter.")
        kind = self.read_type(typed["type"])
        if not typed["reason"]:
            raise self.wrong("reason", "Say why, in a word or two.")
        if typed["seat"] and not typed["seat"].isdecimal():
            raise self.wrong("seat", "A seat is a number.", "Leave it empty for the first free one.")
        code = typed["sender"].partition(" ")[0]
        sent_by = next(
            (one.id for one in everyone(self._today_screen.desk.file) if one.code.lower() == code.lower()), None
        )
        if code and sent_by is None:
            raise self.wrong(
                "sender", f"Nobody on the staff has the code “{code}”.", "Choose from the list, or leave it empty."
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
