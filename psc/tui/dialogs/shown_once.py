"""A temporary passphrase on the screen: shown once, read out or written down, and gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from psc.desk.secrets import TEMPORARY_DAYS
from psc.tui.dialogs.base import Dialog
from psc.tui.literal import literal

if TYPE_CHECKING:
    from textual.app import ComposeResult

SHOWN_SECONDS = 60
"""How long it stands there by itself: long enough to write it down, too short to walk away from."""


class ShownOnce(Dialog[None]):
    """Enter or a click closes it; after a minute it closes by itself. Left for the lock, it does not come back."""

    comes_back = False
    shows_names = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "leave", "Close", show=False)]

    def __init__(self, whom: str, passphrase: str) -> None:
        super().__init__()
        self._whom = whom
        self._passphrase = passphrase

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical() as box:
            box.border_title = literal(f"Temporary passphrase of {self._whom}")
            box.border_subtitle = "Enter closes it"
            yield Static("", id="passphrase")
            yield Static("", classes="note", id="note")

    def fill(self) -> None:
        """Show it, for a minute."""
        self.query_one("#passphrase", Static).update(literal(self._passphrase))
        self.query_one("#note", Static).update(
            literal(
                "Write it down and hand it over: it is shown this once, and closes after a minute. They choose their"
                f" own when they first sign in, within {TEMPORARY_DAYS} days."
            )
        )
        self.set_timer(SHOWN_SECONDS, self.action_leave)

    def action_leave(self) -> None:
        """Close it, and forget the words."""
        self._passphrase = ""
        if self.is_current:
            self.dismiss(None)

    def on_click(self) -> None:
        """A click anywhere closes it."""
        self.action_leave()
