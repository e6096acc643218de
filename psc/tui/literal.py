"""The only door through which text of people and files reaches a widget.

Textual reads a `str` as markup in cells, titles, toasts and tooltips, and passes control sequences on to the terminal.
A `Content`, or a segment of a `Strip`, is drawn as it stands; `shown` takes the control characters out.
"""

from __future__ import annotations

from rich.segment import Segment
from textual.content import Content

from psc.text import shown


def literal(text: str) -> Content:
    """Return text to draw as it stands."""
    return Content("\n".join(shown(line) for line in text.split("\n")))


def segment(text: str, style: object) -> Segment:
    """Return a piece of a strip, drawn as it stands."""
    return Segment(shown(text), style)  # type: ignore[arg-type]
