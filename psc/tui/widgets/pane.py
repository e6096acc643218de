"""The pane beside the board: one student's day in a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from psc.text import shown

if TYPE_CHECKING:
    from psc.tui.details import Piece


def content(lines: list[list[Piece]]) -> Content:
    """Return the lines as content with the theme's colours; their text is drawn as it stands."""
    parts: list[Content | tuple[str, str]] = []
    for number, line in enumerate(lines):
        if number:
            parts.append(Content("\n"))
        for place, (text, tone) in enumerate(line):
            bold = "bold " if number == 0 and place == 0 else ""
            parts.append((shown(text), f"{bold}$tone-{tone.value}"))
    return Content.assemble(*parts)


class Pane(Static):
    """Shows what `details` made."""

    def show(self, lines: list[list[Piece]]) -> None:
        """Show other lines, if they are other."""
        made = content(lines)
        if made != self.content:
            self.update(made)
