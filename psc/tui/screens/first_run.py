"""The first start: where no file is, the school and its first two people are asked for, and the file is made.

Nothing is written before the last Enter. The administrator is signed in by it; the behaviour lead signs in with the
passphrase that was typed for them, which they change at its first use unless they sat here and chose it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Input, Static

from psc.desk.people import Role
from psc.desk.secrets import RULE, TEMPORARY_DAYS, Hidden
from psc.errors import PscError, Refused
from psc.flows.set_up import First, Newcomer, check_first, check_two, newcomer, school_name, set_up, typed_code
from psc.tui.literal import literal
from psc.tui.screens.gate import SecretInput

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import ComposeResult

    from psc.clock import Clock

ROLES = {"admin": Role.ADMIN, "lead": Role.BEHAVIOUR_LEAD}
_HEADS = {"admin": "Administrator: keeps people and settings", "lead": "Behaviour lead: receives the daily summary"}
_LABELS = {"code": "Code", "name": "Name", "secret": "Passphrase", "again": "The same again"}
_RULES = {
    "school": "As it should stand on printed sheets. You can change it later.",
    "code": "What they type to sign in: one short word of letters and figures, AD1 or their initials.",
    "name": "Forename and surname, as colleagues know them.",
    "secret": RULE,
    "again": "Once more, so that a slip of the finger locks nobody out.",
    "tick": f"Space changes it. Ticked, the passphrase lasts {TEMPORARY_DAYS} days, and they choose their own when they"
    " first sign in: tell it to nobody else. Enter makes the file.",
}


class Tick(Static, can_focus=True):
    """A box to tick with the space bar or a click."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "turn", "Tick", show=False)]

    def __init__(self, words: str, id: str, *, on: bool) -> None:
        super().__init__(id=id)
        self._words = words
        self.on = on

    def on_mount(self) -> None:
        """Draw it."""
        self._draw()

    def on_click(self) -> None:
        """A click turns it."""
        self.action_turn()

    def action_turn(self) -> None:
        """Tick it, or take the tick away."""
        self.on = not self.on
        self._draw()

    def _draw(self) -> None:
        self.update(literal(f"[{'x' if self.on else ' '}] {self._words}"))


class Made(NamedTuple):
    """Who is signed in at the new file, and with what."""

    code: str
    passphrase: Hidden


class FirstRun(Screen[Made]):
    """The form. Enter goes to the next field and, from the last, makes the file; answers the administrator."""

    CSS = """
    FirstRun { align: center middle; background: $on-ground; color: $tone-plain; }
    FirstRun > VerticalScroll { width: 78; max-width: 100%; height: auto; max-height: 100%; padding: 0 2; }
    FirstRun > VerticalScroll { background: $on-bar; border: round $tone-quiet; border-title-style: bold; }
    FirstRun > VerticalScroll { border-title-color: $tone-plain; scrollbar-size-vertical: 1; }
    FirstRun Static { height: auto; }
    FirstRun .head { text-style: bold; margin-top: 1; }
    FirstRun .row { height: 1; }
    FirstRun .row .label { width: 16; color: $tone-quiet; }
    FirstRun .row Input { width: 1fr; border: none; height: 1; padding: 0 1; background: $on-ground; }
    FirstRun .row Input:focus, FirstRun Tick:focus { background: $on-cursor; }
    FirstRun .error { color: $tone-alarm; margin-left: 17; display: none; }
    FirstRun #where { color: $tone-quiet; }
    FirstRun #rule { color: $tone-quiet; margin-top: 1; height: 2; }
    FirstRun.low .head { margin-top: 0; }
    """
    AUTO_FOCUS = "#school"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "next", "Next", show=False),
        Binding("down", "focus_next", "Next", show=False),
        Binding("up", "focus_previous", "Back", show=False),
    ]

    def __init__(self, path: Path, clock: Clock) -> None:
        super().__init__()
        self._path = path
        self._clock = clock
        self._making = False
        self._asked_to_leave = False

    def compose(self) -> ComposeResult:
        """Lay the form out: the school, the two people, what is to be said of the field one is in."""
        with VerticalScroll() as box:
            box.border_title = literal("psc · a new school")
            box.border_subtitle = "Enter next · Shift+Tab back · Ctrl+Q leave"
            box.can_focus = False
            yield Static(literal(f"A new file at {self._path}"), id="where")
            yield from self._row("school", "School", Input(id="school"))
            for who, head in _HEADS.items():
                yield Static(literal(head), classes="head")
                for what, label in _LABELS.items():
                    name = f"{who}-{what}"
                    field = SecretInput(id=name) if what in ("secret", "again") else Input(id=name)
                    yield from self._row(name, label, field)
            yield Tick("They are not here: this passphrase is only for their first use", "lead-tick", on=True)
            yield Static("", id="rule")

    def _row(self, name: str, label: str, field: Input) -> ComposeResult:
        with Horizontal(classes="row"):
            yield Static(literal(label), classes="label")
            yield field
        yield Static("", id=f"error-{name}", classes="error")

    def on_resize(self) -> None:
        """On a low terminal nothing is spent on empty lines."""
        self.set_class(self.app.size.height < 24, "low")

    # What is said

    @on(events.DescendantFocus)
    def on_entered(self, event: events.DescendantFocus) -> None:
        """Say the rule of the field before it can be broken."""
        self._rule((event.widget.id or "").rpartition("-")[2])

    def _rule(self, what: str) -> None:
        self.query_one("#rule", Static).update(literal(_RULES.get(what, "")))

    def _blame(self, name: str, words: str) -> None:
        """Show beside a field what is wrong with it, "" for nothing."""
        error = self.query_one(f"#error-{name}", Static)
        error.update(literal(words))
        error.display = bool(words)

    @on(Input.Changed)
    def on_typed(self, event: Input.Changed) -> None:
        """What is typed anew is not wrong yet."""
        if event.input.id:
            self._blame(event.input.id, "")
        self._asked_to_leave = False

    # Going through it

    @property
    def _names(self) -> list[str]:
        return ["school", *(f"{who}-{what}" for who in _HEADS for what in _LABELS)]

    def _typed(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value

    def _person(self, who: str) -> Newcomer:
        return newcomer(self._typed(f"{who}-code"), self._typed(f"{who}-name"), ROLES[who])

    def _wrong(self, name: str) -> str:
        """Return what is wrong with a field, "" for nothing. What comes before it is right."""
        who, _, what = name.rpartition("-")
        try:
            match what:
                case "school":
                    school_name(self._typed(name))
                case "code":
                    typed_code(self._typed(name))
                    if who == "lead" and self._typed(name).strip().casefold() == self._typed("admin-code").casefold():
                        raise Refused("That is the administrator's code.", "Give each a code of their own.")
                case "name":
                    self._person(who)
                case "secret":
                    others = [self._typed("admin-secret")] if who == "lead" else []
                    check_first(self._person(who), self._typed("school"), others, self._typed(name))
                case _ if self._typed(name) != self._typed(f"{who}-secret"):
                    raise Refused("These two are not the same.", "Type it again; Shift+Tab goes back to the first.")
        except PscError as error:
            return str(error)
        return ""

    @on(Input.Submitted)
    def on_enter(self, event: Input.Submitted) -> None:
        """Go on to the next field, unless this one is wrong."""
        event.stop()
        name = event.input.id or ""
        wrong = self._wrong(name)
        self._blame(name, wrong)
        if not wrong:
            self.focus_next()

    async def action_next(self) -> None:
        """Make the file, from the last field; not while anything is wrong."""
        if self._making:
            return
        for name in self._names:
            wrong = self._wrong(name)
            self._blame(name, wrong)
            if wrong:
                self.query_one(f"#{name}", Input).focus()
                return
        self._making = True
        self._rule_says("One moment: the file is being made …")
        admin, lead = (
            First(self._person(who), self._typed(f"{who}-secret"), temporary=who == "lead" and self.tick.on)
            for who in _HEADS
        )
        try:
            check_two(admin.person, lead.person)
            await asyncio.to_thread(set_up, self._path, self._typed("school"), [admin, lead], self._clock)
        except PscError as error:
            self._rule_says(f"{error} Nothing was made.")
        else:
            self.dismiss(Made(admin.person.code, Hidden(admin.passphrase)))
        finally:
            self._making = False

    @property
    def tick(self) -> Tick:
        """The box that says whether the behaviour lead is here."""
        return self.query_one(Tick)

    def _rule_says(self, words: str) -> None:
        self.query_one("#rule", Static).update(literal(words))

    def may_quit(self) -> bool:
        """Say whether psc may be left: with something typed, only the second time."""
        if self._asked_to_leave or not any(self._typed(name).strip() for name in self._names):
            return True
        self._asked_to_leave = True
        self._rule_says("Nothing has been made yet. Ctrl+Q again leaves psc, and what you have typed is gone.")
        return False
