"""Plain letters instead of signs, put over whatever a widget draws: the last thing before the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.filter import LineFilter

from psc.overview.glyphs import in_letters

if TYPE_CHECKING:
    from textual.color import Color


class Letters(LineFilter):
    """Draws every sign as its letter."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the pieces of a line with their text translated; styles and widths stay."""
        return [Segment(in_letters(text), style, control) for text, style, control in segments]
