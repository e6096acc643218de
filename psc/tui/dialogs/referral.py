"""The form of a referral: who, what for, when, what happened; beside what was tried stands what the record says."""

from __future__ import annotations

from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, OptionList, Static

from psc.desk.people import everyone
from psc.desk.permissions import may
from psc.errors import NeedsReason, NotUnderstood, PscError
from psc.overview.cells import kind_words
from psc.overview.referring import Prefill, lesson_then, prefill
from psc.roster.adjustments import QUESTION, considered
from psc.roster.confirmations import AT_THE_DOOR
from psc.roster.placements import PlacementType
from psc.roster.raising import raise_referral
from psc.roster.reasons import reason_names
from psc.roster.referrals import LONGEST, checked, room_for, teacher_note
from psc.roster.typed_booking import read_wanted
from psc.school.rooms import room_by_code, rooms
from psc.text import clean, counted, fold
from psc.tui.aside import typed_in
from psc.tui.dialogs.suggesting import Choice, SuggestingForm, asks_listed_reason
from psc.tui.literal import literal
from psc.tui.widgets.bar import Bar, Item
from psc.tui.widgets.lines import wrapped
from psc.tui.widgets.paragraphs import Paragraphs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult

    from psc.school.students import Student
    from psc.tui.prompts import Asks
    from psc.tui.screens.today import Today

_ROWS = (
    (("student", "Student"),),
    (("type", "Type"), ("room", "Room")),
    (("asked", "When, how long"),),
    (("reason", "Reason"),),
    (("period", "Lesson"), ("place", "Where")),
    (("subject", "Subject"), ("teacher", "Teacher")),
    (("facts", "What happened"),),
    (("tried", "Tried"),),
    (("others", "Who else"),),
    (("adjustment", "Adjustment"),),
)
"""The fields row by row, with their labels."""
_OFFERED = (
    PlacementType.INTERNAL_EXCLUSION,
    *(one for one in PlacementType if one not in (*AT_THE_DOOR, PlacementType.INTERNAL_EXCLUSION)),
)
"""The types that can be asked for, the commonest first: what is made at the door never waits."""
_LOW = 30
"""The height below which what happened gets fewer lines."""
_LINES = 6
"""How many lines the record has where the screen is low; three times as many where it is not."""
_WRAPPED = 68
_RECORD = ("facts", "tried", "others")
"""The fields beside which the record stands."""
_HINTS = {
    "asked": "tomorrow · 2 days from Tuesday · Tue P2-P4, Wed · 3 days from 1 Dec",
    "adjustment": f"{QUESTION} Say which, or “none needed: …” and why.",
}


class ReferralForm(SuggestingForm[None]):
    """Enter goes on, F10 saves from any field. `behind` says what became of it: the board, or a page."""

    form = "referral"
    finds = "raise_referral"
    title_words = "Refer a student"
    labels: ClassVar[Mapping[str, str]] = dict(chain.from_iterable(_ROWS))

    def __init__(self, today: Today, behind: Asks, *, told: str = "", student: Student | None = None) -> None:
        super().__init__(today, student=student)
        self._behind = behind
        self._told = told
        self._for = f"student {student.id}" if student else ""
        self._reasons = reason_names(today.desk.file)
        self._rooms = rooms(today.desk.file)
        self._staff = [(one.code, f"{one.code}  {one.short}") for one in everyone(today.desk.file)]
        self._known: Prefill | None = None
        self._filled: dict[str, str] = {}
        """What was filled in from the timetable, and may be filled in anew."""

    @property
    def about(self) -> str:
        """The student for whom the form was opened."""
        return self._for

    def compose(self) -> ComposeResult:
        """Lay the fields out, short ones in pairs, with what fits or what the record says under them."""
        with Vertical() as box:
            box.border_title = self.title_words
            box.border_subtitle = "Enter next · F10 save · Esc"
            for row in _ROWS:
                with Horizontal(classes="rows" if row[0][0] == "facts" else "row") as line:
                    if row[0][0] == "facts":
                        line.styles.height = 3 if self.app.size.height < _LOW else 7
                    for number, (name, label) in enumerate(row):
                        with Horizontal(id=f"row-{name}"):
                            yield Static(literal(label), classes="label second" if number else "label")
                            yield (
                                Paragraphs(name)
                                if name == "facts"
                                else Input(id=name, select_on_focus=name != "student")
                            )
                            if name == "asked":
                                yield Static("", id="when")
            yield OptionList(id="choices")
            yield Static("", id="record")
            yield Static("", classes="error", id="error")
            yield Bar(id="form-keys")

    def fill(self) -> None:
        """Fill in what is known; the adjustment is asked only of whom it is due."""
        self.query_one("#type", Input).value = PlacementType.INTERNAL_EXCLUSION.words
        self._usual_room()
        self._ask_adjustment(due=False)
        keys = (Item("F10 refer", press="f10", key=3), Item("Esc close", press="escape", key=3))
        self.query_one("#form-keys", Bar).show(keys)
        super().fill()
        self.query_one("#asked" if self._student else "#student", Input).focus()

    def _ask_adjustment(self, *, due: bool) -> None:
        cell = self.query_one("#row-adjustment")
        cell.display = due
        if cell.parent is not None:
            cell.parent.display = due

    @on(Bar.Pressed)
    def pressed(self, event: Bar.Pressed) -> None:
        """A click on a key is the key."""
        event.stop()
        if event.press == "escape":
            self.action_leave()
        else:
            self.take_key(event.press)

    # Suggestions

    def suggest(self, name: str, typed: str) -> Sequence[Choice]:
        """Return what fits in a field."""
        match name:
            case "type":
                return [(one.words, kind_words(one)) for one in _OFFERED]
            case "room":
                return [(one.code, f"{one.code}  {one.name}") for one in self._rooms]
            case "reason" if asks_listed_reason(self.text("type")):
                return [(one, one) for one in self._reasons]
            case "teacher" if fold(typed):
                return self._staff
        return ()

    def text(self, name: str) -> str:
        """Return what stands in a field, as it was typed."""
        return typed_in(self.query_one(f"#{name}")) or ""

    def _type(self) -> PlacementType | None:
        wanted = fold(self.text("type"))
        return next((one for one in PlacementType if fold(one.words) == wanted), None)

    @on(Input.Changed)
    @on(events.DescendantFocus)
    def show_record(self) -> None:
        """Where nothing is offered, show a hint and what the record says of the student."""
        self.offer()
        name = self.focused.id or "" if self.focused else ""
        shown = self.query_one("#record", Static)
        shown.display = not self._choices
        shown.update(literal("\n".join(self._record() if name in _RECORD and self._known else self._hints(name))))

    def _hints(self, name: str) -> list[str]:
        note = teacher_note(self._today_screen.desk.file, self.text("teacher")) if name == "teacher" else ""
        return [one for one in (_HINTS.get(name, ""), note) if one]

    def _record(self) -> list[str]:
        """Return what the record says, as much as there is room for."""
        most = _LINES if self.app.size.height < _LOW else 3 * _LINES
        said = [each for one in (self._known.tried if self._known else ()) for each in wrapped(f"· {one}", _WRAPPED)]
        if len(said) > most - 1:
            said = [*said[: most - 2], f"… {counted(len(said) - most + 2, 'line')} more stand with the referral (Q)"]
        return ["On record:", *said]

    def left(self, name: str) -> None:
        """Follow a new type with its room, a new lesson with its subject, and say which days are meant."""
        if name == "type":
            self._usual_room()
        elif name == "asked":
            try:
                self._say_when()
            except PscError as error:
                self.refuse(str(error))
        elif name == "period" and self._student:
            file, board = self._today_screen.desk.file, self._today_screen
            lesson = lesson_then(file, self._student.id, clean(self.text("period")), board.staff, board.now)
            self._fill_in({"subject": lesson.subject if lesson else "", "teacher": lesson.teacher if lesson else ""})

    def _usual_room(self) -> None:
        kind = self._type()
        room = room_for(self._rooms, kind) if kind else None
        self._fill_in({"room": room.code if room else ""})

    def _fill_in(self, values: dict[str, str]) -> None:
        """Fill fields in where nobody has typed in them."""
        for name, value in values.items():
            if self.text(name) in ("", self._filled.get(name)):
                self.write(name, value)
                self._filled[name] = value

    def refilled(self) -> None:
        """Say again which days are meant, and what the record says."""
        super().refilled()
        if self._known is None:  # a draft has brought the student
            self.chosen()
        with suppress(PscError):
            self._say_when()
        self.show_record()

    def _say_when(self) -> None:
        """Say which days are meant, beside the field. Raises what `read_wanted` does."""
        shown = self.query_one("#when", Static)
        shown.update("")
        if self.text("asked").strip():
            shown.update(literal(f"→ {self._wanted()}"))

    def _wanted(self) -> str:
        year = self._student.year if self._student else None
        board = self._today_screen
        return read_wanted(board.desk.file, self.text("asked"), year=year, today=self.day, now=board.now).words

    def chosen(self) -> None:
        """Fill in the lesson, and read what the record says."""
        board, student = self._today_screen, self._student
        if student is None:
            return
        try:
            known = prefill(board.desk.file, student.id, board.staff, board.now)
        except PscError as error:
            self.refuse(str(error))
            return
        self._known = known
        self._fill_in(
            {"period": known.period, "place": known.place, "subject": known.subject, "teacher": known.teacher}
        )
        self._ask_adjustment(due=bool(known.sen))

    # Saving

    def save(self) -> None:
        """Raise it; an error stands by in plain words, its field has the focus, and all that is typed stays."""
        board = self._today_screen
        try:
            values = self._values()
            done = board.desk.do_patiently(raise_referral(**values), id=self._act_id, seconds=2, told_by=self._told)
        except PscError as error:
            self.refuse(str(error))
            return
        when, student = self._wanted(), self._student
        note = teacher_note(board.desk.file, values["teacher"])
        self.dismiss(None)
        board.reload()
        undoes = " · u undoes" if may("undo", board.staff) and self._behind is board else ""
        who = student.name if student else ""
        again = " (done before)" if done.repeated else ""
        self._behind.say(f"{who} referred{again}: {when}. Somebody else decides (Q). {note}".rstrip() + undoes)

    def _values(self) -> dict[str, Any]:
        """Return the act's arguments. Raises for what does not fit, with its field focused."""
        field = "student"
        try:
            student = self._student
            if student is None:
                raise NotUnderstood("Choose the student.", "Type part of the name and press Enter.")
            typed = {}
            for field in (name for name in LONGEST if name != "why"):
                typed[field] = checked(field, self.text(field))
            field = "type"
            kind = self._type()
            if kind is None:
                raise NotUnderstood("That is not a type.", "Choose one of the list.")
            field = "room"
            room = room_by_code(self._today_screen.desk.file, self.text("room")) if self.text("room").strip() else None
            for field, missing in (
                ("asked", "Say when and how long."),
                ("reason", "Say why, in a word or two."),
                ("facts", "Say what happened."),
            ):
                if not typed[field]:
                    raise NotUnderstood(missing, "")
            field = "asked"
            self._wanted()
            field = "adjustment"
            considered(self._today_screen.desk.file, student.id, typed["adjustment"])
        except PscError as error:
            if isinstance(error, NeedsReason):
                self._ask_adjustment(due=True)
            self.query_one(f"#{field}").focus()
            raise
        return {**typed, "student_id": student.id, "type": kind, "room_id": room.id if room else None}
