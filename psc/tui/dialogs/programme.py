"""The form of a new programme; or of one that runs already, whose purpose is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from psc.errors import NotUnderstood
from psc.flows.plan_programme import Plan, Wish, plan_wish
from psc.flows.programmes import book_programme
from psc.roster.placement_types import PlacementType
from psc.roster.programmes import PROGRAMME_TYPES
from psc.school.calendar import long_day
from psc.school.rooms import room_by_code
from psc.tui.dialogs.pattern_form import PatternForm, typed_as

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from psc.desk.acts import Call
    from psc.roster.unwritten import Unwritten
    from psc.school.students import Student
    from psc.tui.dialogs.suggesting import Choice
    from psc.tui.screens.today import Today


class ProgrammeForm(PatternForm):
    """A new programme; or one that runs already, whose purpose is written down."""

    form = "programme"
    labels: ClassVar[Mapping[str, str]] = {
        "student": "Student *",
        "room": "Room *",
        "type": "Type *",
        "purpose": "Purpose *",
        "success": "Success *",
        "pattern": "Each week *",
        "first": "From *",
        "until": "Until *",
        "review": "Review",
        "induction": "Induction",
        "override": "All the same?",
    }
    placeholders: ClassVar[Mapping[str, str]] = {
        "purpose": "what it is for",
        "success": "how everybody will know that it has worked",
        "pattern": "Tue P1-P3, Thu P2",
        "until": "18 Dec, or 6 weeks",
        "review": "a day; left empty: half-way",
        "induction": "a day; left empty: the first",
        "override": "why it is booked all the same",
    }

    def __init__(
        self,
        today: Today,
        then: Callable[[str], None],
        *,
        unwritten: Sequence[Unwritten] = (),
        student: Student | None = None,
    ) -> None:
        super().__init__(today, then, student=student)
        self._unwritten = {one.student_id: one for one in reversed(unwritten)}
        self._opened_for = student.id if student else 0

    @property
    def about(self) -> str:
        """The student it was opened for."""
        return f"student {self._opened_for}" if self._opened_for else "new"

    @property
    def title_words(self) -> str:
        """What stands over it."""
        return "New programme"

    def fill(self) -> None:
        """Fill in what is usual: the support room, a PSC programme, from the next school day on."""
        board = self._today_screen.board
        room = next((one for one in board.rooms if one.kind == "PSC"), next(iter(board.rooms), None))
        self.write("room", room.code if room else "")
        self.write("type", PlacementType.PSC_PROGRAMME.words)
        if board.next_day:
            self.write("first", typed_as(board.next_day))
        super().fill()
        self.field("purpose" if self._student else "student").focus()
        self.read()

    def suggest(self, name: str, typed: str) -> Sequence[Choice]:
        """Return the rooms, and the types that are programmes."""
        if name == "room":
            return [(one.code, f"{one.code}  {one.name}") for one in self._today_screen.board.rooms]
        return [(one.words, one.words) for one in PROGRAMME_TYPES] if name == "type" else ()

    def chosen(self) -> None:
        """Fill in what stands of a programme that runs already and is not written down."""
        one = self._unwritten.get(self._student.id) if self._student else None
        if one is not None:
            rooms = self._today_screen.board.rooms
            self.write("room", next((room.code for room in rooms if room.id == one.room_id), ""))
            self.write("type", one.type.words)
            self.write("pattern", one.pattern.words)
            self.write("first", typed_as(one.first))
            self.write("until", typed_as(one.until))
            if not self.field("purpose").value:
                self.write("purpose", one.reason)
        self.read()

    def _wish(self) -> Wish:
        if self._student is None:
            raise self.typed_on("student", "Choose the student.", "Type part of the name and press Enter.")
        typed = self.typed()
        try:
            room = room_by_code(self._today_screen.desk.file, typed["room"])
        except NotUnderstood as error:
            raise self.typed_on("room", error.title, error.remedy) from error
        kind = next((one for one in PROGRAMME_TYPES if one.words.lower() == typed["type"].lower()), None)
        if kind is None:
            raise self.typed_on("type", "That type is no programme.", "Choose one of the list.")
        pattern = self.typed_pattern()
        placed = self._placed(room.id, kind)
        first = placed.first if placed else self.typed_day("first")
        if first is None:
            raise self.typed_on("first", "From when?", "Type a day: 24 Nov, or Tue.")
        days = (first, self.typed_end(first), self.typed_day("induction"), self.typed_day("review"))
        placement = placed.placement_id if placed else None
        return Wish(self._student.id, room.id, kind, typed["purpose"], typed["success"], pattern, *days, placement)

    def _placed(self, room_id: int, kind: PlacementType) -> Unwritten | None:
        """Return the placement of the student that stands and would be written down as this programme."""
        one = self._unwritten.get(self._student.id) if self._student else None
        return one if one and (one.room_id, one.type) == (room_id, kind) else None

    def asked(self) -> Wish:
        """Return what is typed, but for what it is for."""
        return self._wish()._replace(purpose="", success="")

    def plan(self) -> Plan:
        """Return what the programme comes to."""
        today = self._today_screen
        return plan_wish(today.desk.file, self._wish(), today.now, self.day, today.staff.barred, self._left_out)

    def words(self, plan: Plan) -> list[str]:
        """Name the days that psc has chosen, too."""
        wish = self._wish()
        runs = wish.placement_id is not None
        made = (
            [f"Running since {long_day(plan.first)}: it is written down, and nothing is booked twice."] if runs else []
        )
        days = f"Induction {long_day(plan.induction)}, review {long_day(plan.review)}."
        return [*made, *super().words(plan), days]

    def call(self, why: str) -> Call[int]:
        """Return the booking."""
        wish, typed = self._wish(), self.typed()
        for name, words in (("purpose", "What is it for?"), ("success", "How will everybody know that it worked?")):
            if not typed[name]:
                raise self.wrong(name, words, "A programme needs it written down.")
        return book_programme(wish, leave_out=sorted(self._left_out), override=why)

    def said(self) -> str:
        """Say what was booked for whom."""
        words = self._plan.words if self._plan else "booked"
        return f"{self._student.name if self._student else ''}: {words}"
