"""What stands on the form of an incident: its fields, and the switches that open what is needed.

Under the text stands a block of switches, one letter each: how severe it was, what it came to, what more there is to
say; yes to force, or to keeping somebody from leaving, asks what that was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, OptionList, Static

from psc.tui.dialogs.people_form import PeopleForm
from psc.tui.widgets.bar import Bar, Item
from psc.tui.widgets.lettered import Letter, LetterList, Switches
from psc.tui.widgets.long_text import LongText

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from psc.tui.people import People, Person
    from psc.tui.screens.today import Today

FACTS = {
    "f": ("force", "force used"),
    "k": ("prevented", "kept from leaving"),
    "i": ("injury", "injury"),
    "g": ("damage", "damage"),
    "s": ("searched", "search"),
    "o": ("police", "police"),
}
"""What an incident came to: each is no until its letter is typed."""
PARTS = {
    "p": ("student", "another student"),
    "w": ("witnesses", "witnesses"),
    "a": ("adult", "adults"),
    "b": ("antecedent", "what came before"),
    "c": ("consequence", "consequence"),
    "d": ("deescalation", "de-escalation"),
}
"""What opens when it is needed."""
LONG = ("antecedent", "behaviour", "consequence", "deescalation")
KEPT = {"o": "nobody", "e": "seclusion", "a": "sanction", "n": "neither"}
"""What keeping a student from leaving was: asked, and never guessed."""
_ASKS_KEPT = "Was a student kept from leaving? Alone and not free to go, for safety: that is seclusion."
_LOW = 30
"""The height below which the fields of several lines get fewer."""


class IncidentParts(PeopleForm):
    """The fields and the switches of an incident; what is not needed is hidden."""

    labels: ClassVar[Mapping[str, str]] = {
        "when": "When",
        "place": "Where",
        "period": "Period",
        **PeopleForm.people_fields,
        "category": "Category",
        "kept": "Kept there?",
        "why": "Amended why",
    }

    def __init__(self, today: Today, people: People) -> None:
        super().__init__(today, people)
        self.severity = 1
        self.facts: frozenset[str] = frozenset()
        """What it came to."""
        self.parts: set[str] = set()
        """The parts that are open."""
        self.room_then: tuple[Person, ...] = ()
        """Who was in the room then."""

    def offer_room(self) -> None:
        """Offer whoever was in the room then as witnesses, once that was asked for."""
        self.people = self.people.offering(self.room_then if "witnesses" in self.parts else ())

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

    def show_sections(self) -> None:
        """Show the fields that are needed, and hide the others."""
        self.show_people()
        for name in ("student", "adult", "antecedent", "consequence", "deescalation"):
            self.query_one(f"#row-{name}").display = name in self.parts
        for name in ("#row-kept", "#rule-kept"):
            self.query_one(name).display = self.asks_kept
        self._show_switches()
        self._fit()

    @property
    def asks_kept(self) -> bool:
        """Whether it is to be said what keeping a student was."""
        return bool(self.facts & {"force", "prevented"})

    def _show_switches(self) -> None:
        ends = {1: " least", 5: " most"}
        marks = [
            Item(f"[{one}{ends.get(one, '')}]" if one == self.severity else f"{one}{ends.get(one, '')}",
                 "due" if one == self.severity else "plain", press=f"more:{one}", bold=one == self.severity)
            for one in range(1, 6)
        ]  # fmt: skip
        self.query_one("#severity", Bar).show(marks)
        facts = [
            Item(f"{letter} {words} ✓", "due", press=f"more:{letter}", key=1, bold=True)
            if name in self.facts
            else Item(f"{letter} {words}", press=f"more:{letter}", key=1)
            for letter, (name, words) in FACTS.items()
        ]
        self.query_one("#facts", Bar).show(facts)
        named = {one.key for one in self.people.named}
        here = sum(one.key not in named for one in self.room_then)
        parts = []
        for letter, (name, words) in PARTS.items():
            more = f" ({here} in the room)" if name == "witnesses" and here else ""
            if name != "witnesses" or here or "witnesses" in self.parts:
                parts.append(Item(f"{letter} {words}{more}", press=f"more:{letter}", key=1))
        self.query_one("#parts", Bar).show(parts)

    def _fit(self) -> None:
        """Let the fields have all the height that what stands under them leaves."""
        under = 4 + sum(
            one.outer_size.height + (one.id == "draft") for one in self.query("#error, #draft") if one.display
        )
        fields, most = self.query_one("#fields"), max(6, self.app.size.height - under)
        if fields.styles.max_height is None or fields.styles.max_height.value != most:
            fields.styles.max_height = most

    def on_resize(self) -> None:
        """Use the room there is."""
        if not self.is_aside and self.query("#fields"):
            for name in LONG:
                self.query_one(f"#row-{name}").styles.height = self._height(name)
            self.show_sections()

    @on(Input.Changed, "#kept")
    def spell_kept(self, event: Input.Changed) -> None:
        """A letter is enough to say what it was."""
        if len(event.value) == 1 and event.value.lower() in KEPT:
            self._answer_kept(event.value.lower())

    def _answer_kept(self, letter: str) -> None:
        self.write("kept", KEPT[letter])
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
            self.severity = int(letter)
        elif letter in FACTS:
            name, _ = FACTS[letter]
            self.facts ^= {name}
            focus = "kept" if name in ("force", "prevented") and name in self.facts else ""
        elif letter in PARTS:
            focus = self._opened(PARTS[letter][0])
        else:
            return
        self._typed_on()
        self.show_sections()
        if focus:
            self.query_one(f"#{focus}").focus()

    def _opened(self, part: str) -> str:
        """Open a part; returns which field is typed in then."""
        self.parts.add(part)
        if part != "witnesses":
            return part
        self.offer_room()
        if not self.people.offered:
            self.parts.add("student")
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

    def refuse(self, words: str) -> None:
        """Say why it was not saved; everything typed stays."""
        super().refuse(words)
        self.query_one("#error").display = bool(words)
        self.call_after_refresh(self._fit_if_shown)

    def _fit_if_shown(self) -> None:
        if not self.is_aside and self.query("#fields"):
            self._fit()
