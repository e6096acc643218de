"""The gate: who is at the desk. The first thing painted, from textual alone, while the data layer is imported behind.

It is also what stands there when a session is locked: the same field, and of the rooms only their alarms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from psc.tui.app import PscApp
    from psc.tui.session import Session


FORGOTTEN_AFTER = 60
"""Seconds without a key after which what was typed at the gate is forgotten: whoever typed it has walked away."""


class SecretInput(Input):
    """A field for a secret: masked, and nothing goes in or out of it but what is typed."""

    def __init__(self, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(placeholder=placeholder, id=id, password=True, max_length=200)

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()

    def action_paste(self) -> None:
        """Take nothing from a clipboard that somebody else may have filled."""

    def action_copy(self) -> None:
        """Give nothing to a clipboard."""

    def action_cut(self) -> None:
        """Give nothing to a clipboard."""


class CodeInput(SecretInput):
    """The field for a code: like a secret's, but legible."""

    def __init__(self) -> None:
        super().__init__("your staff code", id="code")
        self.password = False
        self.max_length = 20


class Asking(Screen[None]):
    """What the gate and the quiet board share: a field for the code, one for the secret, and words about them."""

    app: PscApp
    whose = ""
    """The code of the session that is locked here; "" where anybody may sign in."""
    _waits_since: float | None = None
    """Since when, by the steady clock, something stands half typed."""

    def fields(self) -> ComposeResult:
        """Make the fields and what is said about them."""
        yield CodeInput()
        yield SecretInput(id="secret")
        yield Static("", id="hint")
        yield Static("", id="error")

    def on_mount(self) -> None:
        """Begin with the code, unless it is known."""
        self.ask(self.whose)

    def ask(self, code: str = "", *, hint: str = "") -> None:
        """Ask for a code, or, where that is known, for the secret alone."""
        field, secret = self.query_one("#code", Input), self.query_one("#secret", Input)
        field.value, secret.value = code, ""
        field.display = not (self.whose and code == self.whose)
        field.placeholder = self.code_words(self.app.suggested)
        secret.display = bool(code)
        # A PIN goes on with a session. Whoever begins one gives a passphrase, or the PIN of a cover pass.
        secret.placeholder = "PIN or passphrase" if code and self._by_pin(code) else "passphrase"
        (secret if code else field).focus()
        self.query_one("#hint", Static).update(Content(hint or self.hint(code)))

    def _by_pin(self, code: str) -> bool:
        from psc.desk.people import is_pass_code

        return is_pass_code(code) or code.casefold() in {one.casefold() for one in self.app.sessions}

    def code_words(self, suggested: Session | None) -> str:
        """Say what the field for the code takes, and for whom Enter alone stands there."""
        return f"your code, or Enter for {suggested.code}, {suggested.name}" if suggested else "your staff code"

    def hint(self, code: str) -> str:
        """Say what to do next."""
        if not code:
            leaves = "" if self.app.sessions else "Ctrl+Q leaves."  # not past somebody who is signed in
            return f"Type your code, then Enter. {'Esc goes back.' if self.whose else leaves}".rstrip()
        return "Then Enter. " + ("F2 somebody else." if self.whose == code else "Esc another code.")

    def refuse(self, words: str) -> None:
        """Show why that was not right."""
        self.query_one("#error", Static).update(Content(words))

    @on(Input.Submitted)
    async def submitted(self, event: Input.Submitted) -> None:
        """Take the code, then hand both to the app."""
        event.stop()
        secret = self.query_one("#secret", Input)
        if event.input is not secret:
            self.refuse("")
            suggested = self.app.suggested
            if code := event.value.strip() or (suggested.code if suggested else ""):
                self.ask(code)
        elif secret.value:
            answer, secret.value = secret.value, ""
            self.refuse("")
            await self.app.answered(self.query_one("#code", Input).value, answer)

    @on(Input.Changed)
    def typed_on(self) -> None:
        """Whoever types is still there."""
        self._waits_since = None

    def forget_typed(self) -> None:
        """Forget what was typed and not sent: whoever comes next need only press Enter."""
        code, secret = self.query_one("#code", Input), self.query_one("#secret", Input)
        half = bool(secret.value or (code.has_focus and code.value) or (self.whose and code.value != self.whose))
        if not half or self.app.screen is not self:
            self._waits_since = None
            return
        now = self.app.clock.steady()
        if self._waits_since is None:
            self._waits_since = now
        elif now - self._waits_since >= FORGOTTEN_AFTER:
            self._waits_since = None
            self.ask(self.whose)

    def on_key(self, event: events.Key) -> None:
        """Esc takes a step back."""
        if event.key == "escape":
            event.stop()
            self.refuse("")
            self.ask(self.whose)


class Gate(Asking):
    """Asks who it is, in the middle of an empty screen."""

    CSS = """
    Gate { align: center middle; background: $on-ground; color: $tone-plain; }
    Gate > Vertical { width: 56; max-width: 100%; height: auto; padding: 1 2; background: $on-bar; }
    Gate > Vertical { border: round $tone-quiet; }
    Gate Input { border: none; height: 1; margin: 1 0 0 0; padding: 0 1; background: $on-ground; color: $tone-plain; }
    Gate Input > .input--placeholder { color: $tone-quiet; }
    Gate #school { text-style: bold; }
    Gate #hint { color: $tone-quiet; height: auto; margin: 1 0 0 0; }
    Gate #demo { color: $tone-alert; height: auto; display: none; }
    Gate #error { color: $tone-alarm; height: auto; }
    Gate #alarm { color: $tone-alarm; height: auto; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "app.quit", "Leave", show=False)]
    whose = ""

    def __init__(self) -> None:
        super().__init__()
        self._css_update_count = 0  # else Textual parses every style a second time before the first paint

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical():
            yield Static("psc", id="school")
            yield Static("", id="who")
            yield from self.fields()
            yield Static("", id="demo")
            yield Static("", id="alarm")

    def on_mount(self) -> None:
        """Keep the room's alarms in sight of whoever passes, without a name."""
        self.set_interval(10, self.app.look_for_alarms)

    def lock_for(self, code: str, name: str) -> None:
        """Stand locked for somebody, or with "" for nobody."""
        self.whose = code
        self.query_one("#who", Static).update(Content(f"Locked · {name}" if name else ""))
        self.refuse("")
        self.ask(code)
        self.app.look_for_alarms()

    def alarm(self, words: str) -> None:
        """Show the alarms of the rooms."""
        self.query_one("#alarm", Static).update(Content(words))

    def named(self, school: str, *, demo: str = "") -> None:
        """Show the school's name once the file is open, and on a demo what nobody need know."""
        self.query_one("#school", Static).update(Content(school))
        self.query_one("#demo", Static).update(Content(demo))
        self.query_one("#demo", Static).display = bool(demo)

    def offer(self, code: str) -> None:
        """Fill a code in for whoever has typed nothing yet."""
        if not self.query_one("#code", Input).value:
            self.ask(code)
