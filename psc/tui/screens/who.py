"""Who is at the desk: the first thing painted, from textual alone, while the data layer is imported behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from psc.tui.app import PscApp


class Who(Screen[None]):
    """Asks for a code. Until secrets exist, the code is all there is."""

    CSS = """
    Who { align: center middle; background: $on-ground; color: $tone-plain; }
    Who > Vertical { width: 50; height: auto; padding: 1 2; background: $on-bar; border: round $tone-quiet; }
    Who Input { border: none; height: 1; margin: 1 0; padding: 0 1; background: $on-ground; color: $tone-plain; }
    Who #school { text-style: bold; }
    Who #hint { color: $tone-quiet; height: auto; }
    Who #error { color: $tone-alarm; height: auto; }
    Who #alarm { color: $tone-alarm; height: auto; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "app.quit", "Leave", show=False)]
    app: PscApp

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical():
            yield Static("psc", id="school")
            yield Input(placeholder="your staff code", id="code", max_length=20)
            yield Static("Type your code, then Enter. Ctrl+Q leaves.", id="hint")
            yield Static("", id="error")
            yield Static("", id="alarm")

    def on_mount(self) -> None:
        """Keep the room's alarms in sight of whoever passes, without a name."""
        self.set_interval(10, self.app.look_for_alarms)

    def alarm(self, words: str) -> None:
        """Show the alarms of the rooms."""
        self.query_one("#alarm", Static).update(Content(words))

    def named(self, school: str) -> None:
        """Show the school's name once the file is open."""
        self.query_one("#school", Static).update(Content(school))

    def ask_again(self) -> None:
        """Forget what was typed before."""
        self.query_one("#code", Input).clear()
        self.refuse("")

    def refuse(self, words: str) -> None:
        """Show why that was not right."""
        self.query_one("#error", Static).update(Content(words))

    @on(Input.Submitted)
    def submitted(self, event: Input.Submitted) -> None:
        """Hand the code to the app."""
        self.app.sit_down(event.value)
