"""What every dialog shares: how it looks, and that keys typed before it stood belong to its first field."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input

if TYPE_CHECKING:
    from textual import events

T = TypeVar("T")


class Dialog(ModalScreen[T]):
    """A form or list over the board. Esc closes it."""

    CSS_PATH: ClassVar[str] = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Close", show=False)]

    def __init__(self) -> None:
        super().__init__()
        self._early = ""

    def action_leave(self) -> None:
        """Close without doing anything."""
        self.dismiss(None)

    def on_key(self, event: events.Key) -> None:
        """A letter that reaches the dialog itself was sent before a field had the focus: it goes into that field."""
        if self.take_key(event.key):
            event.stop()
        elif event.character and event.is_printable:
            event.stop()
            self._early += event.character
            self._type_early()

    def take_key(self, key: str) -> bool:
        """Do what a key means in this dialog; returns whether it meant anything."""
        return False

    def on_mount(self) -> None:
        """Put what was typed early into the first field, now that it is there."""
        self._type_early()

    def _type_early(self) -> None:
        fields = [self.focused] if isinstance(self.focused, Input) else self.query(Input)
        for field in fields:
            typed, self._early = self._early, ""
            if typed:
                field.focus()
                field.insert_text_at_cursor(typed)
            return
