"""The pane as a sheet, where the screen is too narrow to hold it beside the board."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from psc.tui.dialogs.base import Dialog
from psc.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from psc.tui.details import Piece

OPEN_SECONDS = 30
"""How long the sheet stays open by itself."""


class Sheet(Dialog[None]):
    """One student's day, with the private words. Closes by itself."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "leave", "Close", show=False)]
    comes_back = False

    def __init__(self, lines: list[list[Piece]]) -> None:
        super().__init__()
        self._lines = lines

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with VerticalScroll() as box:
            box.border_subtitle = "Esc closes"
            yield Pane()

    def on_mount(self) -> None:
        """Show the lines, and close after a while."""
        self.query_one(Pane).show(self._lines)
        self.set_timer(OPEN_SECONDS, self.action_leave)

    def on_click(self) -> None:
        """A click anywhere closes it."""
        self.action_leave()
