"""The form of a referral: who, what for, when, what happened; beside what was tried stands what the record says."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, OptionList, Static

from psc.desk.people import everyone
from psc.desk.permissions import may
from psc.errors import NeedsReason, NotUnderstood, PscError
from psc.overview.cells import kind_words
from psc.overview.referrals import Prefill, lesson_then, prefill
from psc.roster.adjustments import QUESTION, considered
from psc.roster.confirmations import AT_THE_DOOR
from psc.roster.placements import Line, PlacementType
from psc.roster.reasons import reason_names
from psc.roster.referrals import LONGEST, checked, raise_referral, room_for, teacher_note
from psc.roster.typed_booking import read_wanted
from psc.school.rooms import room_by_code, rooms
from psc.text import clean, fold
from psc.tui.dialogs.student_form import Offers, StudentForm
from psc.tui.literal import literal
from psc.tui.widgets.bar import Bar, Item
from psc.tui.widgets.paragraphs import Paragraphs

if TYPE_CHECKING:
    from collections.abc import Sequence

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
_HINTS = {
    "asked": "tomorrow · 2 days from Tuesday · Tue P2-P4, Wed · 3 days from 1 Dec",
    "facts": "What was seen and heard, and what was done. F10 saves.",
    "others": "Other students and adults: who saw it, who was hurt.",
    "adjustment": f"{QUESTION} Say which, or “none needed: …” and why.",
}


class ReferralForm(StudentForm):
    """Enter goes on, F10 saves from any field. `behind` says what became of it: the board, or a page."""

    form = "referral"
    finds = "raise_referral"

    def __init__(self, today: Today, behind: Asks, *, told: str = "", student: Student | None = None) -> None:
        super().__init__(today, student)
        self._behind = behind
        self._told = told
        self._for = f"student {student.id}" if student else ""
        self._act_id = secrets.token_hex(12)
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
            box.border_title = "Refer a student"
            box.border_subtitle = "Enter next · F10 save · Esc"
            for row in _ROWS:
                facts = row[0][0] == "facts"
                with Horizontal(id=f"row-{row[0][0]}", classes="rows" if facts else "row") as line:
                    if facts:
                        line.styles.height = 3 if self.app.size.height < _LOW else 7
                    for number, (name, label) in enumerate(row):
                        yield Static(literal(label), classes="label second" if number else "label")
                        yield Paragraphs(name) if facts else Input(id=name, select_on_focus=name != "student")
                    if row[0][0] == "asked":
                        yield Static("", id="when")
            yield OptionList(id="choices")
            yield Static("", id="record")
            yield Static("", classes="error", id="error")
            yield Bar(id="form-keys")

    def fill(self) -> None:
        """Fill in what is known; the adjustment is asked only of whom it is due."""
        self.query_one("#choices", OptionList).can_focus = False
        self.query_one("#type", Input).value = PlacementType.INTERNAL_EXCLUSION.words
        self._usual_room()
        self.query_one("#row-adjustment").display = False
        self._offered = ()
        keys = (Item("F10 refer", press="f10", key=3), Item("Esc close", press="escape", key=3))
        self.query_one("#form-keys", Bar).show(keys)
        if self._student:
            self.fix(self._student)
        self.query_one("#asked" if self._student else "#student", Input).focus()

    @on(Bar.Pressed, "#form-keys")
    def pressed(self, event: Bar.Pressed) -> None:
        """A click on a key is the key."""
        event.stop()
        if event.press == "escape":
            self.action_leave()
        else:
            self.take_key(event.press)

    # Suggestions

    def order(self) -> Sequence[str]:
        """All that are asked."""
        due = self._known is not None and bool(self._known.sen)
        return [name for row in _ROWS for name, _ in row if name != "adjustment" or due]

    def suggest(self, name: str, typed: str) -> Offers:
        """Return what fits in a field."""
        match name:
            case "type":
                return self.fitting([(one.words, kind_words(one)) for one in _OFFERED], typed)
            case "room":
                return self.fitting([(one.code, f"{one.code}  {one.name}") for one in self._rooms], typed)
            case "reason" if self._line() is Line.SANCTION:
                return self.fitting([(one, one) for one in self._reasons], typed)
            case "teacher" if fold(typed):
                return self.fitting(self._staff, typed)
        return []

    def _type(self) -> PlacementType | None:
        wanted = fold(self.typed("type"))
        return next((one for one in PlacementType if fold(one.words) == wanted), None)

    def _line(self) -> Line:
        kind = self._type()
        return kind.line if kind else Line.SANCTION

    @on(Input.Changed)
    @on(events.DescendantFocus)
    def show_record(self) -> None:
        """Where nothing is offered, show a hint and what the record says of the student."""
        self.offer()
        name = self.focused.id or "" if self.focused else ""
        shown = self.query_one("#record", Static)
        shown.display = not self._choices
        lines = [_HINTS[name]] if name in _HINTS else []
        if name == "teacher" and (note := teacher_note(self._board.desk.file, self.typed("teacher"))):
            lines.append(note)
        if name in ("facts", "tried", "others") and self._known:
            lines += ["On record:", *(f"· {one}" for one in self._known.tried)]
        shown.update(literal("\n".join(lines)))

    def taken(self, name: str) -> None:
        """Follow a new type with its room, a new lesson with its subject, and say which days are meant."""
        if name == "type":
            self._usual_room()
        elif name == "asked":
            self._say_when()
        elif name == "period" and self._student:
            file, board = self._board.desk.file, self._board
            lesson = lesson_then(file, self._student.id, clean(self.typed("period")), board.staff, board.now)
            self._fill_in({"subject": lesson.subject if lesson else "", "teacher": lesson.teacher if lesson else ""})

    def _usual_room(self) -> None:
        kind = self._type()
        room = room_for(self._rooms, kind) if kind else None
        self._fill_in({"room": room.code if room else ""})

    def _fill_in(self, values: dict[str, str]) -> None:
        """Fill fields in where nobody has typed in them."""
        for name, value in values.items():
            if self.typed(name) in ("", self._filled.get(name)):
                self.write(name, value)
                self._filled[name] = value

    def _say_when(self) -> None:
        try:
            words = f"→ {self._wanted()}" if self.typed("asked").strip() else ""
        except PscError as error:
            words, _ = "", self.refuse(str(error))
        self.query_one("#when", Static).update(literal(words))

    def _wanted(self) -> str:
        year = self._student.year if self._student else None
        board = self._board
        return read_wanted(board.desk.file, self.typed("asked"), year=year, today=self._day, now=board.now).words

    def follow(self, student: Student) -> None:
        """Fill in the lesson, and read what the record says."""
        board = self._board
        try:
            known = prefill(board.desk.file, student.id, board.staff, board.now)
        except PscError as error:
            self.refuse(str(error))
            return
        self._known = known
        self._fill_in(
            {"period": known.period, "place": known.place, "subject": known.subject, "teacher": known.teacher}
        )
        self.query_one("#row-adjustment").display = bool(known.sen)

    # Saving

    def save(self) -> None:
        """Raise it; an error stands by in plain words, its field has the focus, and all that is typed stays."""
        board = self._board
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
            student = self.chosen
            if student is None:
                raise NotUnderstood("Choose the student.", "Type part of the name and press Enter.")
            typed = {}
            for field in (name for name in LONGEST if name != "why"):
                typed[field] = checked(field, self.typed(field))
            field = "type"
            kind = self._type()
            if kind is None:
                raise NotUnderstood("That is not a type.", "Choose one of the list.")
            field = "room"
            room = room_by_code(self._board.desk.file, self.typed("room")) if self.typed("room").strip() else None
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
            considered(self._board.desk.file, student.id, typed["adjustment"])
        except PscError as error:
            if isinstance(error, NeedsReason):
                self.query_one("#row-adjustment").display = True
            self.query_one(f"#{field}").focus()
            raise
        return {**typed, "student_id": student.id, "type": kind, "room_id": room.id if room else None}
