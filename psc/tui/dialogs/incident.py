"""The form of an incident: who, when, what kind, one sentence, saved. Everything else opens when it is needed.

A simple one takes the category, a sentence and F10. Under the text stands a block of switches, one letter each: how
severe it was, what it came to, what more there is to say; yes to force, or to keeping somebody from leaving, asks what
that was.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, OptionList, Static

from psc.clock import school_day
from psc.desk.permissions import may
from psc.errors import NotUnderstood, PscError
from psc.incidents.incidents import KEPT_AS, Account, amend_incident, record_incident
from psc.overview.read_board import read_board
from psc.overview.scene import period_at, read_when, there_then, when_typed
from psc.roster.reasons import reason_names
from psc.school.rooms import rooms
from psc.text import clean, fold
from psc.tui.dialogs.people_form import PeopleForm
from psc.tui.people import People, student_person
from psc.tui.widgets.bar import Bar, Item
from psc.tui.widgets.lettered import Letter, LetterList, Switches
from psc.tui.widgets.long_text import LongText

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from textual.app import ComposeResult

    from psc.incidents.incidents import Incident
    from psc.overview.board import Row
    from psc.school.rooms import Room
    from psc.tui.dialogs.suggesting import Choice
    from psc.tui.screens.today import Today

_FACTS = {
    "f": ("force", "force used"),
    "k": ("prevented", "kept from leaving"),
    "i": ("injury", "injury"),
    "g": ("damage", "damage"),
    "s": ("searched", "search"),
    "o": ("police", "police"),
}
"""What an incident came to: each is no until its letter is typed."""
_PARTS = {
    "p": ("student", "another student"),
    "w": ("witnesses", "witnesses"),
    "a": ("adult", "adults"),
    "b": ("antecedent", "what came before"),
    "c": ("consequence", "consequence"),
    "d": ("deescalation", "de-escalation"),
}
"""What opens when it is needed."""
_LONG = ("antecedent", "behaviour", "consequence", "deescalation")
_KEPT = {"o": "nobody", "e": "seclusion", "a": "sanction", "n": "neither"}
"""What keeping a student from leaving was: asked, and never guessed."""
_ASKS_KEPT = "Was a student kept from leaving? Alone and not free to go, for safety: that is seclusion."
_MORE = "\tmore"
"""Under which name a draft keeps the switches; no field is called so."""
_LOW = 30
"""The height below which the fields of several lines get fewer."""


class IncidentForm(PeopleForm):
    """Enter goes on, F10 saves from any field; letters on the switches open what is needed."""

    form = "incident"
    labels: ClassVar[Mapping[str, str]] = {
        "when": "When",
        "place": "Where",
        "period": "Period",
        **PeopleForm.people_fields,
        "category": "Category",
        "kept": "Kept there?",
        "why": "Amended why",
    }

    def __init__(
        self,
        today: Today,
        then: Callable[[int, datetime, Account, People], None],
        *,
        at: datetime | None = None,
        room: Room | None = None,
        people: People | None = None,
        told: str = "",
        amends: Incident | None = None,
    ) -> None:
        super().__init__(today, people or People())
        self._then = then
        self._told = told
        self._amends = amends
        self._rooms = rooms(today.desk.file)
        self._reasons = reason_names(today.desk.file)
        said = amends.now if amends else Account("", "")
        self._at = amends.happened if amends else at or today.now
        self._moment = amends.happened if amends else at
        """The very moment that was meant, as long as nobody types another time."""
        self._begin = {
            "when": when_typed(self._at, today.now, today.board.zone),
            "place": said.place if amends else room.name if room else "",
            "period": said.period if amends else period_at(today.desk.file, self._at),
            "category": said.category,
            "kept": "" if not amends else said.kept_as or ("nobody" if said.force and not said.prevented else ""),
            **{name: getattr(said, name) for name in _LONG},
        }
        self._severity = said.severity
        self._facts = frozenset(name for name, _ in _FACTS.values() if getattr(said, name))
        self._open = {name for name in _LONG if getattr(said, name)} - {"behaviour"}
        if not self.people.named:
            self._open.add("student")
        self._about = (
            f"incident {amends.id}" if amends else " ".join(f"student {one.key[1]}" for one in self.people.named)
        )
        self._filled_period = self._begin["period"]

    @property
    def about(self) -> str:
        """The incident that is amended; of a new one, the students it was opened for."""
        return self._about

    @property
    def title_words(self) -> str:
        """What stands over it."""
        return "Amend this incident" if self._amends else "Incident"

    # Laying it out

    def compose(self) -> ComposeResult:
        """Lay the fields out in a part that scrolls; what is said, and the keys, stay under it."""
        with Vertical() as box:
            box.border_title = self.title_words
            box.border_subtitle = "Enter next · Tab · F10 save · Esc"
            with VerticalScroll(id="fields") as fields:
                fields.can_focus = False
                with Horizontal(classes="row"):
                    for name in ("when", "place", "period"):
                        with Horizontal(id=f"row-{name}"):
                            yield Static(self.labels[name], classes="label" if name == "when" else "label second")
                            yield Input(id=name, max_length=400)
                yield from self.people_rows()
                with Horizontal(id="row-category", classes="row"):
                    yield Static("Category", classes="label")
                    yield Input(id="category", max_length=200)
                yield OptionList(id="choices")
                yield from self._long("behaviour", "What happened")
                yield from self._long("antecedent", "Came before")
                yield from self._long("consequence", "Consequence")
                yield from self._long("deescalation", "De-escalation")
                with Switches(id="more"):
                    for name, label in (("severity", "Severity"), ("facts", "Was there"), ("parts", "Add")):
                        with Horizontal(classes="row", id=f"line-{name}"):
                            yield Static(label, classes="label")
                            yield Bar(id=name)
                with Horizontal(id="row-kept", classes="row"):
                    yield Static(self.labels["kept"], classes="label")
                    yield Input(id="kept", classes="word", max_length=20)
                    yield Bar(id="kept-words")
                yield Static(_ASKS_KEPT, id="rule-kept", classes="row under-label")
                with Horizontal(id="row-why", classes="row"):
                    yield Static(self.labels["why"], classes="label")
                    yield Input(id="why", max_length=400)
            yield Static("", classes="error", id="error")
            yield Bar(id="form-keys")

    def _long(self, name: str, label: str) -> ComposeResult:
        with Horizontal(id=f"row-{name}", classes="row long") as row:
            row.styles.height = self._height(name)
            yield Static(label, classes="label")
            yield LongText(name)

    def _height(self, name: str) -> int:
        low = self.app.size.height < _LOW
        return (5 if low else 8) if name == "behaviour" else (4 if low else 6)

    def fill(self) -> None:
        """Write what is known, and show only what is needed."""
        super().fill()
        self.query_one("#error").display = False
        for name, text in self._begin.items():
            if name in _LONG:
                self.query_one(f"#{name}", LongText).load_text(text)
            else:
                self.write(name, text)
                self.field(name).cursor_position = 0
        self.query_one("#row-why").display = self._amends is not None
        words = [Item(f"{letter} {word}", press=f"kept:{letter}", key=1) for letter, word in _KEPT.items()]
        self.query_one("#kept-words", Bar).show(words)
        self._offer_room()
        self.show_sections()
        self.show_keys()
        first = "behaviour" if self._amends else "category" if self.people.named else "student"
        self.query_one(f"#{first}").focus()

    def refilled(self) -> None:
        """Show what was open, too."""
        error = self.query_one("#error", Static)
        error.display = bool(str(error.content))
        self._offer_room()
        super().refilled()
        self.show_sections()
        self.show_keys()

    def show_sections(self) -> None:
        """Show the fields that are needed, and hide the others."""
        self.show_people()
        for name in ("student", "adult", "antecedent", "consequence", "deescalation"):
            self.query_one(f"#row-{name}").display = name in self._open
        for name in ("#row-kept", "#rule-kept"):
            self.query_one(name).display = self._asks_kept
        self._show_switches()
        self.call_after_refresh(self._fit_if_shown)

    @property
    def _asks_kept(self) -> bool:
        return bool(self._facts & {"force", "prevented"})

    def _show_switches(self) -> None:
        ends = {1: " least", 5: " most"}
        marks = [
            Item(f"[{one}{ends.get(one, '')}]" if one == self._severity else f"{one}{ends.get(one, '')}",
                 "due" if one == self._severity else "plain", press=f"more:{one}", bold=one == self._severity)
            for one in range(1, 6)
        ]  # fmt: skip
        self.query_one("#severity", Bar).show(marks)
        facts = [
            Item(f"{letter} {words} ✓", "due", press=f"more:{letter}", key=1, bold=True)
            if name in self._facts
            else Item(f"{letter} {words}", press=f"more:{letter}", key=1)
            for letter, (name, words) in _FACTS.items()
        ]
        self.query_one("#facts", Bar).show(facts)
        here = len(self.people.offered) or len(self._in_room())
        parts = []
        for letter, (name, words) in _PARTS.items():
            more = f" ({here} in the room)" if name == "witnesses" and here else ""
            if name != "witnesses" or here or "witnesses" in self._open:
                parts.append(Item(f"{letter} {words}{more}", press=f"more:{letter}", key=1))
        self.query_one("#parts", Bar).show(parts)

    def _fit(self) -> None:
        """Let the fields have all the height that what stands under them leaves."""
        under = 4 + sum(
            one.outer_size.height + (one.id == "draft") for one in self.query("#error, #draft") if one.display
        )
        self.query_one("#fields").styles.max_height = max(6, self.app.size.height - under)

    def on_resize(self) -> None:
        """Use the room there is."""
        if not self.is_aside and self.query("#fields"):
            for name in _LONG:
                self.query_one(f"#row-{name}").styles.height = self._height(name)
            self.show_sections()

    # Who was in the room then

    def _room(self) -> Room | None:
        typed = fold(self.field("place").value)
        return next((one for one in self._rooms if typed and typed in (fold(one.name), fold(one.code))), None)

    def _in_room(self) -> Sequence[Row]:
        """Return who was in the room then, as far as their rows are for whoever sits here."""
        board, room = self._today_screen.board, self._room()
        if room is None or not may("see_roster", self._today_screen.staff):
            return ()
        try:
            at = self._when()
            day = school_day(at, board.zone)
            if day != board.day.day:
                board = read_board(
                    self._today_screen.desk.file, day, self._today_screen.staff, today=self.day, staffed=False
                )
        except PscError:
            return ()
        named = {one.key for one in self.people.named}
        return [row for row in there_then(board, room.id, at) if ("student", row.student_id) not in named]

    def _offer_room(self) -> None:
        """Offer them as witnesses, once that was asked for."""
        there = self._in_room() if "witnesses" in self._open else ()
        self.people = self.people.offering(
            student_person(row.student_id, row.name, "" if row.apart else row.form, "") for row in there
        )

    # Fields

    def suggest(self, name: str, typed: str) -> Sequence[Choice]:
        """Return what fits in a field."""
        if name == "category":
            return [(one, one) for one in self._reasons]
        if name == "place":
            return [(one.name, f"{one.name}  {one.code}") for one in self._rooms] if fold(typed) else ()
        return super().suggest(name, typed)

    def _suggest(self, name: str, typed: str) -> list[Choice]:
        found = super()._suggest(name, typed)
        # What the school's list has not is a category all the same: as it was typed.
        if name == "category" and not found and clean(typed):
            return [(clean(typed), f"“{clean(typed)}”: not on the school’s list")]
        return found

    def left(self, name: str) -> None:
        """Follow another time with its period, and with who was in the room."""
        if name in ("when", "place"):
            if name == "when":
                try:
                    at = self._when()
                except PscError as error:
                    self.refuse(str(error))
                    return
                if self.field("period").value in ("", self._filled_period):
                    self._filled_period = period_at(self._today_screen.desk.file, at)
                    self.write("period", self._filled_period)
            self._offer_room()
            self.show_sections()

    def _when(self) -> datetime:
        """Return when it happened. Raises what `read_when` does."""
        typed = self.field("when").value
        if typed.strip() == self._begin["when"] and self._moment is not None:
            return self._moment
        return read_when(self._today_screen.desk.file, typed, self._today_screen.desk.clock.now())

    def go_on_from(self, name: str) -> None:
        """Go to the next field that is needed."""
        after = {"when": "place", "place": "period", "category": "behaviour", "kept": "more", "period": "category"}
        if name == "why":
            self.save()
        elif name == "period" and self.query_one("#row-student").display:
            self.field("student").focus()
        elif name in after:
            self.query_one(f"#{after[name]}").focus()
        else:
            super().go_on_from(name)

    def after_people(self, name: str) -> None:
        """Go on from an empty field for one more person."""
        category = self.field("category")
        self.query_one("#category" if not category.value else "#behaviour").focus()

    @on(Input.Changed, "#kept")
    def spell_kept(self, event: Input.Changed) -> None:
        """A letter is enough to say what it was."""
        if len(event.value) == 1 and event.value.lower() in _KEPT:
            self._answer_kept(event.value.lower())

    def _answer_kept(self, letter: str) -> None:
        self.write("kept", _KEPT[letter])
        self.refuse("")
        self.query_one("#more").focus()

    # The switches

    @on(Letter)
    def switched(self, event: Letter) -> None:
        """Do what a letter means on the switches."""
        if event.origin != "more":
            return
        event.stop()
        letter = event.letter.lower()
        focus = ""
        if letter in "12345":
            self._severity = int(letter)
        elif letter in _FACTS:
            name, _ = _FACTS[letter]
            self._facts ^= {name}
            focus = "kept" if name in ("force", "prevented") and name in self._facts else ""
        elif letter in _PARTS:
            focus = self._opened(_PARTS[letter][0])
        else:
            return
        self._typed_on()
        self.show_sections()
        if focus:
            self.query_one(f"#{focus}").focus()

    def _opened(self, part: str) -> str:
        """Open a part; returns which field is typed in then."""
        self._open.add(part)
        if part != "witnesses":
            return part
        self._offer_room()
        if not self.people.offered:
            self._open.add("student")
            return "student"
        self.show_people()
        self.query_one("#people", LetterList).go_to(self.people.offered[0].key)
        return "people"

    def clicked_on(self, at: str, letter: str) -> None:
        """A click on a switch, or on an answer, is its letter."""
        if at == "more":
            self.query_one("#more", Switches).post_message(Letter("more", letter))
        elif at == "kept":
            self._answer_kept(letter)
        else:
            super().clicked_on(at, letter)

    # Drafts

    def _in_fields(self) -> dict[str, str]:
        """Whoever has turned a switch has typed, too."""
        return {**super()._in_fields(), _MORE: self._switches()}

    def settled(self) -> dict[str, str]:
        """Return the switches, too."""
        return {**super().settled(), _MORE: self._switches()}

    def _switches(self) -> str:
        return json.dumps([self._severity, sorted(self._facts), sorted(self._open & set(_LONG))])

    def settle(self, draft: Mapping[str, str]) -> None:
        """Turn the switches as they were."""
        super().settle(draft)
        try:
            severity, facts, opened = json.loads(draft.get(_MORE, ""))
        except ValueError:
            return
        self._severity = severity
        self._facts = frozenset(facts)
        self._open |= {
            *opened,
            *(("student",) if draft.get("student") else ()),
            *(("adult",) if draft.get("adult") else ()),
        }

    # Saving

    def refuse(self, words: str) -> None:
        """Say why it was not saved; everything typed stays."""
        super().refuse(words)
        self.query_one("#error").display = bool(words)
        self.call_after_refresh(self._fit_if_shown)

    def _fit_if_shown(self) -> None:
        if not self.is_aside and self.query("#fields"):
            self._fit()

    def save(self) -> None:
        """Do the act; an error stands by in plain words, its field has the focus, and all that is typed stays."""
        if not self.add_pending():
            return
        today = self._today_screen
        try:
            account, at = self._account(), self._when()
            incident = self._saved(account, at)
        except PscError as error:
            self.refuse(str(error))
            return
        self.dismiss(None)
        today.reload()
        self._then(incident, at, account, self.people)

    def _saved(self, account: Account, at: datetime) -> int:
        desk = self._today_screen.desk
        amends, parts, adults = self._amends, self.people.parts(), self.people.adults()
        if amends is None:
            call = record_incident(account, parts, adults, at=at)
            return int(desk.do_patiently(call, id=self._act_id, seconds=2, told_by=self._told).value)
        changed = amend_incident(
            amends.id,
            account,
            self.field("why").value,
            seen=amends.versions[-1].id,
            at=at,
            students=None if set(parts) == set(amends.students) else parts,
            adults=None if set(adults) == set(amends.adults) else adults,
        )
        desk.do_patiently(changed, id=self._act_id, seconds=2, told_by=self._told)
        return amends.id

    def _account(self) -> Account:
        """Return what the fields say. Raises for what does not fit, with its field focused."""
        try:
            self._when()
        except PscError:
            self.field("when").focus()
            raise
        if not self.people.parts():
            self._open.add("student")
            self.show_sections()
            raise self.wrong("student", "Who was it?", "Type part of the name and press Enter.")
        if not clean(self.field("category").value):
            raise self.wrong("category", "What kind of incident was it?", "Choose from the list, or type a word.")
        long = {name: self.query_one(f"#{name}", LongText).text for name in _LONG}
        if not clean(long["behaviour"]):
            self.query_one("#behaviour").focus()
            raise NotUnderstood("Say what happened.", "A sentence is enough: who did what.")
        kept = next((word for word in _KEPT.values() if word == fold(self.field("kept").value)), "")
        if self._asks_kept and not kept:
            raise self.wrong("kept", "Say whether a student was kept from leaving, and as what.")
        room = self._room()
        was_kept = self._asks_kept and kept in KEPT_AS
        said: dict[str, Any] = {
            **{name: self.field(name).value for name in ("category", "place", "period")},
            **long,
            **{name: name in self._facts for name, _ in _FACTS.values()},
            "room_id": room.id if room else None,
            "severity": self._severity,
            "prevented": was_kept,
            "kept_as": kept if was_kept else "",
        }
        return Account(**said)
