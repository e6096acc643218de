"""What every dialog shares: how it looks, that Esc closes it, and keys that work from any of its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from psc.tui.aside import PutAside

if TYPE_CHECKING:
    from textual import events

T = TypeVar("T")


class Dialog(PutAside[T], ModalScreen[T]):
    """A form or list over the board. Esc closes it."""

    CSS_PATH: ClassVar[str] = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Close", show=False)]

    def on_mount(self) -> None:
        """Write what the fields begin with."""
        self.fill()

    def action_leave(self) -> None:
        """Close without doing anything."""
        self.dismiss(None)

    def on_key(self, event: events.Key) -> None:
        """Give the dialog's own keys their meaning, whichever field has the focus."""
        if self.take_key(event.key):
            event.stop()

    def take_key(self, key: str) -> bool:
        """Do what a key means in this dialog; returns whether it meant anything."""
        return False
