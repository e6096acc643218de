"""A field of several lines. Imported where a form has one: the board starts without it."""

from __future__ import annotations

from textual.widgets import TextArea


class Paragraphs(TextArea):
    """Text of several lines, which comes back with its cursor after the screen was put aside."""

    def __init__(self, id: str) -> None:
        super().__init__(id=id, highlight_cursor_line=False, compact=True)
