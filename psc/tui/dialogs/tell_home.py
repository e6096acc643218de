"""The form for telling home: only those who may be told, the best number of each, and what became of it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from psc.clock import wall
from psc.errors import PscError
from psc.overview.care import home_words
from psc.overview.home_text import home_text
from psc.roster.home import HOWS, OUTCOMES, tell_home
from psc.school.contacts import Contact, contacts_to_tell
from psc.tui.dialogs.base import Dialog
from psc.tui.literal import literal
from psc.tui.widgets.bar import Bar, Item

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from textual.app import ComposeResult

    from psc.desk.acts import Call
    from psc.overview.board import Board, RowNow
    from psc.roster.home import HomeContact
    from psc.tui.prompts import Asks
    from psc.tui.screens.today import Today

_LETTERS = {"how": {one[0]: one for one in HOWS}, "outcome": {one[0]: one for one in OUTCOMES}}
"""The first letter stands for the word: p phone, t text, e email, i in person; t told, n no answer, m message left."""


class Whom(NamedTuple):
    """Whose home is told: of a student of today their row, of another what was tried already."""

    student_id: int
    name: str
    row: RowNow | None
    tried: Sequence[HomeContact]
    says: Asks
    """The board, or the page, that says what became of it."""
    incident_id: int | None = None
    """The incident that it is about, where it is about one."""
    restrictive_id: int | None = None
    """The record of force or seclusion that it is about, where it is about one."""


def of_row(today: Today, row: RowNow) -> Whom:
    """Return a student of the board."""
    return Whom(row.row.student_id, row.row.name, row, row.row.care.home, today)


class TellHomeForm(Dialog[None]):
    """Up, down or a number chooses whom; a letter says what became of it; Enter or F10 saves."""

    form = "tell home"

    def __init__(self, today: Today, whom: Whom, *, at: datetime | None, told: str = "") -> None:
        super().__init__()
        self._behind = today
        self._whom = whom
        self._at = at
        self._told = told
        self._act_id = secrets.token_hex(12)
        self._contacts: tuple[Contact, ...] = ()

    @property
    def about(self) -> str:
        """The student, and the incident."""
        incident = "" if self._whom.incident_id is None else f", incident {self._whom.incident_id}"
        record = "" if self._whom.restrictive_id is None else f", record {self._whom.restrictive_id}"
        return f"student {self._whom.student_id}{incident}{record}"

    def compose(self) -> ComposeResult:
        """Lay it out: how things stand, the contacts, what to say, and three fields."""
        with Vertical() as box:
            box.border_title = literal(f"Tell home: {self._whom.name}")
            box.border_subtitle = "↑ ↓ who · Enter next · F10 save · Esc"
            yield Static("", id="stand")
            yield OptionList(id="contacts")
            yield Static("", id="say")
            for name, label in (("how", "How"), ("outcome", "Outcome")):
                with Horizontal(classes="row"):
                    yield Static(label, classes="label")
                    yield Input(id=name, classes="word")
                    yield Bar(id=f"{name}-words")
            with Horizontal(classes="row"):
                yield Static("Note", classes="label")
                yield Input(id="note", max_length=200)
            yield Static("", classes="error", id="error")

    def fill(self) -> None:
        """Show who may be told and what was tried; the outcome is asked first."""
        desk, board = self._behind.desk, self._behind.board
        row = self._whom.row
        words = home_words(row.home_owed, (), board.zone) if row else ()
        tried = [f"{_when(one, board)} {one.contact}: {one.outcome} ({one.how}) {one.by}" for one in self._whom.tried]
        none = "Nothing is owed to home today." if row else "Home has not been told yet."
        self.query_one("#stand", Static).update(literal("\n".join([*words, *tried]) or none))
        say = self.query_one("#say", Static)
        text = home_text(desk.file, board, row, self._behind.staff) if row else ""
        say.update(literal(f"“{text}”" if text else ""))
        say.display = bool(text)
        for name, letters in _LETTERS.items():
            items = [Item(f"{letter} {word}", press=f"{name}:{word}", key=1) for letter, word in letters.items()]
            self.query_one(f"#{name}-words", Bar).show(items)
        contacts = self.query_one("#contacts", OptionList)
        contacts.can_focus = False
        try:
            self._contacts = contacts_to_tell(desk.file, self._whom.student_id, self._behind.staff, board.day.day)
        except PscError as error:
            self._refuse(str(error))
        else:
            if not self._contacts:
                self._refuse("Nobody who may be told is on record. Ask the office, and tell a coordinator.")
        contacts.add_options([Option(literal(_words(number, one))) for number, one in enumerate(self._contacts, 1)])
        contacts.display = bool(self._contacts)
        told = {one.contact for one in self._whom.tried if one.outcome == "told"}
        untold = (number for number, one in enumerate(self._contacts) if one.words not in told)
        contacts.highlighted = next(untold, 0) if self._contacts else None
        self.query_one("#how", Input).value = HOWS[0]
        self.query_one("#outcome", Input).focus()

    def take_key(self, key: str) -> bool:
        """Arrows choose the contact from any field; F10 saves."""
        contacts = self.query_one("#contacts", OptionList)
        if key in ("up", "down"):
            (contacts.action_cursor_down if key == "down" else contacts.action_cursor_up)()
            return True
        if key in ("f10", "ctrl+s"):
            self._save()
            return True
        return False

    @on(Input.Changed)
    def spell_out(self, event: Input.Changed) -> None:
        """Make a word of its first letter, and go on; a contact's number chooses the contact."""
        letters = _LETTERS.get(event.input.id or "")
        if letters is None:
            return
        last = event.value[-1:]
        if last.isdecimal():
            with event.input.prevent(Input.Changed):
                event.input.value = event.value[:-1]
            if 0 < int(last) <= len(self._contacts):
                self.query_one("#contacts", OptionList).highlighted = int(last) - 1
            return
        word = letters.get(event.value.strip().lower())
        if word:
            self._take(event.input, word)

    @on(Bar.Pressed)
    def pressed(self, event: Bar.Pressed) -> None:
        """A click on a word takes it."""
        name, _, word = event.press.partition(":")
        event.stop()
        self._take(self.query_one(f"#{name}", Input), word)

    def _take(self, field: Input, word: str) -> None:
        with field.prevent(Input.Changed):
            field.value = word
        self.query_one("#outcome" if field.id == "how" else "#note", Input).focus()

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        """Go to the next field; after the last one, save."""
        names = ["how", "outcome", "note"]
        place = names.index(event.input.id or "how") + 1
        if place < len(names):
            self.query_one(f"#{names[place]}", Input).focus()
        else:
            self._save()

    def _call(self, contact: str, how: str, outcome: str, note: str) -> Call[int]:
        student, incident = self._whom.student_id, self._whom.incident_id
        if (record := self._whom.restrictive_id) is not None:
            from psc.incidents.restrictive_steps import tell_of_restrictive

            return tell_of_restrictive(record, contact, how=how, outcome=outcome, note=note, at=self._at)
        if incident is None:
            return tell_home(student, contact, how, outcome, note, self._at)
        from psc.incidents.told import tell_of_incident

        said = {"contact": contact, "how": how, "outcome": outcome, "note": note}
        return tell_of_incident(incident, "parent", student_id=student, at=self._at, **said)

    def _refuse(self, words: str) -> None:
        self.query_one("#error", Static).update(literal(words))

    def _save(self) -> None:
        """Record it; what is missing is said, and everything typed stays."""
        place = self.query_one("#contacts", OptionList).highlighted
        if place is None or not self._contacts:
            if self._contacts:
                self._refuse("Choose whom you told, with ↑ and ↓.")
            return
        how, outcome, note = (self.query_one(f"#{name}", Input).value.strip() for name in ("how", "outcome", "note"))
        whom = self._contacts[place]
        call = self._call(whom.words, how, outcome, note)
        try:
            done = self._behind.desk.do_patiently(call, id=self._act_id, seconds=2, told_by=self._told)
        except PscError as error:
            self._refuse(str(error))
            if how not in HOWS or outcome not in OUTCOMES:
                self.query_one("#how" if how not in HOWS else "#outcome", Input).focus()
            return
        self.dismiss(None)
        self._behind.reload()
        clock = wall(self._at or done.at, self._behind.board.zone)
        said = f"home told {clock}" if outcome == "told" else f"{outcome} {clock}, home is still to be told"
        undoes = " · u undoes" if self._whom.says is self._behind else ""
        self._whom.says.say(f"{self._whom.name}: {said}{undoes}")


def _when(one: HomeContact, board: Board) -> str:
    """Return when home was tried, with the day where that is not the board's."""
    at = one.happened.astimezone(board.zone)
    day = "" if at.date() == board.day.day else f"{at.day} {at:%b} "
    return f"{day}{wall(one.happened, board.zone)}"


def _words(number: int, one: Contact) -> str:
    """Return a contact's line: the order, who, whether they have parental responsibility, language, number."""
    who = f"{number} {one.name}, {one.relationship}" if one.relationship else f"{number} {one.name}"
    more = ["parental responsibility" if one.responsibility else "", one.language]
    reach = one.number or one.email or "no number"
    return " · ".join([who, *(part for part in more if part), reach])
