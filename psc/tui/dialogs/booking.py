"""The form that books a student: who, which room, why, when; under it what it comes to, before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widgets import Static

from psc.desk.permissions import may
from psc.errors import NeedsReason, PscError
from psc.overview.cells import kind_words
from psc.overview.one_booking import preview
from psc.roster.placement_types import PlacementType
from psc.roster.placements import book
from psc.roster.reasons import reason_names
from psc.roster.typed_booking import Wanted, read_wanted
from psc.roster.waiting import wait_for_seat
from psc.text import clean, counted, fold
from psc.tui.dialogs.suggesting import WHY, SuggestingForm, asks_listed_reason
from psc.tui.literal import literal
from psc.tui.widgets.bar import Bar, Item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from textual.widget import Widget

    from psc.desk.acts import Call
    from psc.roster.waiting import Waiting
    from psc.school.rooms import Room
    from psc.school.students import Student
    from psc.tui.dialogs.suggesting import Choice
    from psc.tui.screens.today import Today

PROGRAMMES = (PlacementType.PSC_PROGRAMME, PlacementType.PHASED_RETURN)
"""The types that run on a weekly pattern, and are booked by a form of their own."""
_FIRST = (
    *(PlacementType.INTERNAL_EXCLUSION, PlacementType.INTERNAL_SUSPENSION, PlacementType.MISSED_DETENTION),
    *(PlacementType.READMISSION, PlacementType.ALTERNATIVE_TIMETABLE, PlacementType.REGULATION, *PROGRAMMES),
)
_OFFERED = (*_FIRST, *(one for one in PlacementType if one not in _FIRST))
"""Every type, those that are planned first."""
_WAIT = "f4"
_CONCERNS = 6
"""How many lines of concerns stand in the preview; saving says the rest."""


class BookingForm(SuggestingForm[None]):
    """Books a student, or puts them on the waiting list; `then` is told which, in words."""

    form = "booking"
    finds = "book"
    labels: ClassVar[Mapping[str, str]] = {
        "student": "Student",
        "room": "Room",
        "type": "Type",
        "reason": "Reason",
        "when": "When",
        WHY: "All the same?",
    }
    must_choose = frozenset({"room", "type"})
    placeholders: ClassVar[Mapping[str, str]] = {
        "student": "part of the name, or the number",
        "when": "three days from Tuesday; Tue P2-P4, Wed; until Fri",
        WHY: "why it is booked all the same",
    }

    def __init__(
        self,
        today: Today,
        then: Callable[[str], None],
        when: str = "",
        *,
        room: Room | None = None,
        student: Student | None = None,
        waiting: Waiting | None = None,
    ) -> None:
        super().__init__(today, student=waiting.student if waiting else student)
        self._then = then
        self._rooms = today.board.rooms
        self._for = f"student {self._student.id}" if self._student else ""
        self._waiting = waiting
        self._when = waiting.asked if waiting else when
        self._room = next((one for one in self._rooms if waiting and one.id == waiting.room_id), room)
        self._reasons = reason_names(today.desk.file)
        self._written = today.desk.file.written()

    @property
    def about(self) -> str:
        """Whom it was opened for, where it was."""
        return self._for

    @property
    def title_words(self) -> str:
        """What it does."""
        return "Book a student"

    def below(self) -> Iterable[Widget]:
        """Return what it comes to, and its keys."""
        return (Static("", id="comes-to", classes="preview"), Bar(id="form-keys"))

    def fill(self) -> None:
        """Fill in what is known; begin where something is missing."""
        room, waiting = self._room or (self._rooms[0] if len(self._rooms) == 1 else None), self._waiting
        if room is not None:
            self.write("room", room.code)
        if waiting is not None:
            self.write("type", waiting.type.words)
            self.write("reason", waiting.reason)
        elif room is not None and room.kind == "IER":
            self.write("type", PlacementType.INTERNAL_EXCLUSION.words)
        self.write("when", self._when)
        super().fill()
        missing = next((name for name, text in self.typed().items() if not text), "when")
        self.field(missing).focus()
        self.follow()

    def on_mount(self) -> None:
        """Follow other terminals: a seat that was free may be gone."""
        self.set_interval(1, self._look_again)

    def _look_again(self) -> None:
        if not self.is_aside and self._written != (written := self._today_screen.desk.file.written()):
            self._written = written
            self.follow()

    def suggest(self, name: str, typed: str) -> Sequence[Choice]:
        """Return (value, words) that a field may hold."""
        if name == "room":
            return [(one.code, f"{one.code}  {one.name}, {counted(one.seats, 'seat')}") for one in self._rooms]
        if name == "type":
            return [(one.words, kind_words(one)) for one in _OFFERED]
        listed = name == "reason" and asks_listed_reason(self.field("type").value)
        return [(one, one) for one in self._reasons] if listed else []

    def chosen(self) -> None:
        """What it comes to depends on the student."""
        self.follow()

    # What it comes to

    def _the_room(self) -> Room | None:
        typed = fold(self.field("room").value)
        return next((one for one in self._rooms if fold(one.code) == typed), None)

    def _the_type(self) -> PlacementType | None:
        typed = fold(self.field("type").value)
        return next((one for one in PlacementType if fold(one.words) == typed), None)

    def _wanted(self) -> Wanted:
        """Return for when it is. Raises `NotUnderstood` for what cannot be read, `Refused` for a closed day."""
        today = self._today_screen
        year = self._student.year if self._student else None
        return read_wanted(today.desk.file, self.field("when").value, year=year, today=self.day, now=today.now)

    def follow(self) -> None:
        """Show what the booking comes to as it is typed."""
        lines, full = self._comes_to()
        self.query_one("#comes-to", Static).update(literal("\n".join(lines)))
        keys = [Item("F10 book", press="f10", key=3)]
        if self._the_type() in PROGRAMMES:
            keys = [Item("F10 goes to the programme’s form", press="f10", key=3)]
        elif full and may("wait_for_seat", self._today_screen.staff):
            keys.append(Item("F4 waiting list instead", press=_WAIT, key=2))
        self.query_one("#form-keys", Bar).show([*keys, Item("Esc close", press="escape", key=3)])

    def _comes_to(self) -> tuple[list[str], bool]:
        today, room = self._today_screen, self._the_room()
        if self._the_type() in PROGRAMMES:
            return ["It runs on a weekly pattern, with an end and a review day."], False
        if not self.field("when").value.strip():
            return [], False
        try:
            wanted = self._wanted()
            if room is None:
                return [wanted.words], False
            found = preview(today.desk.file, self._student, room, self._the_type(), wanted.slots, today.staff, self.day)
        except PscError as error:
            return [str(error)], False
        more = len(found.concerns) - _CONCERNS
        told = [f"! {one}" for one in found.concerns[:_CONCERNS]] + ([f"! and {more} more"] if more > 0 else [])
        return [f"{found.words} · {found.seats}", *told], found.full

    # Saving

    def take_key(self, key: str) -> bool:
        """F4 puts the student on the waiting list, where the room is full."""
        if key != _WAIT:
            return super().take_key(key)
        if self._comes_to()[1] and self.take():
            self._wait()
        return True

    @on(Bar.Pressed)
    def pressed(self, event: Bar.Pressed) -> None:
        """A click on a key is the key."""
        event.stop()
        self.action_leave() if event.press == "escape" else self.take_key(event.press)

    def _who_where(self) -> tuple[Student, Room, PlacementType, str]:
        """Return who, where, what and why. Raises `NotUnderstood` for what does not fit, with its field focused."""
        if self._student is None:
            raise self.wrong("student", "Choose the student.", "Type part of the name and press Enter.")
        room = self._the_room()
        if room is None:
            raise self.wrong("room", "That is not a room.", f"Choose {', '.join(one.code for one in self._rooms)}.")
        kind = self.read_type(self.field("type").value)
        reason = clean(self.field("reason").value)
        if not reason:
            raise self.wrong("reason", "Say why, in a word or two.")
        return self._student, room, kind, reason

    def save(self) -> None:
        """Book; what needs a reason is asked about, and everything typed stays."""
        try:
            if self._the_type() in PROGRAMMES:
                self._programme()
                return
            student, room, kind, reason = self._who_where()
            try:
                wanted = self._wanted()
            except PscError as error:
                self.field("when").focus()
                self.query_one("#comes-to", Static).update("")  # it says the same
                self.refuse(str(error))
                return
            why = clean(self.field(WHY).value)
            call = book(
                student.id, room.id, kind, reason, wanted.slots, override=why,
                referral_id=self._waiting.referral_id if self._waiting else None,
            )  # fmt: skip
            self._do(call, f"{student.name} booked in {room.code}: {wanted.words}")
        except NeedsReason as need:
            self.ask_why(str(need))
            self.follow()
        except PscError as error:
            self.refuse(str(error))

    def _wait(self) -> None:
        """Put the student on the waiting list, for when it is typed."""
        try:
            student, room, kind, reason = self._who_where()
            asked = clean(self.field("when").value)
            referral = self._waiting.referral_id if self._waiting else None
            call = wait_for_seat(student.id, room.id, kind, reason, asked, referral_id=referral)
            self._do(call, f"{student.name} waits for a seat in {room.code}: {asked}")
        except PscError as error:
            self.refuse(str(error))

    def _do(self, call: Call[int], said: str) -> None:
        self._today_screen.desk.do_patiently(call, id=self._act_id, seconds=2)
        self.dismiss(None)
        self._then(said)

    def _programme(self) -> None:
        """Go on with the form of a programme, for the same student."""
        from psc.tui.dialogs.programme import ProgrammeForm

        app, today = self.app, self._today_screen
        self.dismiss(None)
        app.push_screen(ProgrammeForm(today, self._then, student=self._student))
