"""Parts of a form that letters work on while they have the focus: a list of people, and a block of switches."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.message import Message

from psc.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from textual import events

_MOVES = {"up": -1, "down": 1, "pageup": -6, "pagedown": 6, "home": -10_000, "end": 10_000}


class Letter(Message):
    """A letter was typed on a list or on switches, or the key that stands for it was pressed."""

    def __init__(self, origin: str, letter: str) -> None:
        super().__init__()
        self.origin = origin
        self.letter = letter


class LetterList(Lines, can_focus=True):
    """Lines with a cursor of their own; every letter is the form's to understand."""

    takes: ClassVar[frozenset[str]] = frozenset({"delete", "backspace", "enter"})
    """Keys that are no letters and are handed on all the same."""

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._lit = False

    def on_focus(self) -> None:
        """Show the cursor."""
        self.light(lit=True)

    def on_blur(self) -> None:
        """Show that letters mean nothing here now."""
        self.light(lit=False)

    def on_key(self, event: events.Key) -> None:
        """Move, or hand the letter on."""
        if event.key in _MOVES:
            self.move(_MOVES[event.key])
        elif event.key in self.takes:
            self.post_message(Letter(self.id or "", event.key))
        elif event.character and event.character.isprintable() and event.key != "space":
            self.post_message(Letter(self.id or "", event.character))
        else:
            return
        event.stop()
        event.prevent_default()


class Switches(Vertical, can_focus=True):
    """Some lines of switches; every letter and figure is the form's to understand."""

    def on_key(self, event: events.Key) -> None:
        """Hand the letter on."""
        if event.character and event.character.isprintable() and event.key != "space":
            self.post_message(Letter(self.id or "", event.character))
            event.stop()
            event.prevent_default()
