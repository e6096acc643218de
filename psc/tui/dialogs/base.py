"""What every dialog shares: how it looks, and that keys typed before it stood belong to its first field."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input

T = TypeVar("T")


class Dialog(ModalScreen[T]):
    """A form or list over the board. Esc closes it."""

    CSS_PATH: ClassVar[str] = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Close", show=False)]

    def action_leave(self) -> None:
        """Close without doing anything."""
        self.dismiss(None)

    def on_key(self, event: events.Key) -> None:
        """Letters that came before a field had the focus go into the first field."""
        if event.character and event.is_printable and not isinstance(self.focused, Input):
            for field in self.query(Input):
                event.stop()
                field.insert_text_at_cursor(event.character)
                field.focus()
                return
