"""The form that books a student: who, which room, why, when; under it what it comes to, before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.containers import Container
from textual.widgets import Input, Static

from psc.desk.permissions import may
from psc.errors import NeedsReason, PscError
from psc.overview.booking import Preview, preview
from psc.overview.cells import kind_words
from psc.roster.placement_types import PlacementType
from psc.roster.placements import book
from psc.roster.reasons import reason_names
from psc.roster.slots import slot_words
from psc.roster.typed_booking import Wanted, read_wanted
from psc.roster.waiting import wait_for_seat
from psc.school.rooms import Room, rooms
from psc.school.shapes import Bells
from psc.text import fold
from psc.tui.dialogs.suggesting import WHY, SuggestingForm, asks_listed_reason
from psc.tui.literal import literal
from psc.tui.widgets.bar import Bar, Item

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from textual.widget import Widget

    from psc.desk.acts import Call
    from psc.roster.waiting import Waiting
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


class _Case(NamedTuple):
    """What is typed, as far as it can be read."""

    student: Student
    room: Room
    type: PlacementType
    reason: str
    wanted: Wanted


class BookingForm(SuggestingForm[str]):
    """Answers what was booked, in words, or whom it put on the waiting list."""

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
    placeholders: ClassVar[Mapping[str, str]] = {
        "student": "part of the name, or the number",
        "when": "three days from Tuesday; Tue P2-P4, Wed; until Fri",
        WHY: "why it is booked all the same",
    }

    def __init__(
        self,
        today: Today,
        when: str = "",
        *,
        room: Room | None = None,
        student: Student | None = None,
        waiting: Waiting | None = None,
    ) -> None:
        super().__init__(today, student=waiting.student if waiting else student)
        self._rooms = today.board.rooms
        self._waiting = waiting
        self._first_when = waiting.asked if waiting else when
        self._first_room = next((one for one in self._rooms if waiting and one.id == waiting.room_id), room)
        self._reasons = reason_names(today.desk.file)
        self._preview: Preview | None = None
        self._written = today.desk.file.written()

    @property
    def about(self) -> str:
        """Whom it was opened for, where it was."""
        return f"student {self._student.id}" if self._student else ""
