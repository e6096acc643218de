"""A bar of words, some of which can be clicked: the room line, the key line, a question with its answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.style import Style
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from psc.text import shown
from psc.tui.literal import segment

if TYPE_CHECKING:
    from rich.segment import Segment
    from textual.events import Click
    from textual.geometry import Size


@dataclass(frozen=True, slots=True)
class Item:
    """Some words of a bar. `press` is what a click on them stands for; the first `key` cells of them are drawn bold."""

    text: str
    tone: str = "plain"
    press: str = ""
    key: int = 0
    bold: bool = False


class Bar(Widget):
    """Items one after another, wrapped to as many lines as they need (up to the height its style allows)."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"bar--{tone}" for tone in ("plain", "quiet", "alarm", "out", "due", "in", "expected", "left", "alert")
    }

    class Pressed(Message):
        """Something on the bar was clicked."""

        def __init__(self, press: str) -> None:
            super().__init__()
            self.press = press

    def __init__(self, *, gap: int = 2, id: str | None = None) -> None:
        super().__init__(id=id)
        self._gap = gap
        self._items: tuple[Item, ...] = ()
        self._end: tuple[Item, ...] = ()

    def show(self, items: Sequence[Item], end: Sequence[Item] = ()) -> None:
        """Show other items; `end` stands at the right of the first line."""
        new = (tuple(items), tuple(end))
        if new == (self._items, self._end):
            return
        before = len(self._lines(self.size.width)) if self.size.width else 0
        self._items, self._end = new
        after = len(self._lines(self.size.width)) if self.size.width else 0
        self.refresh(layout=before != after)

    @property
    def words(self) -> str:
        """All that is shown, as text."""
        return (" " * self._gap).join(shown(item.text) for item in (*self._items, *self._end))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines the items need at a width."""
        return max(1, len(self._lines(width)))

    def _lines(self, width: int) -> list[list[Item]]:
        lines: list[list[Item]] = [[]]
        used = 0
        for item in (piece for whole in self._items for piece in _fitting(whole, width)):
            needed = cell_len(shown(item.text)) + (self._gap if lines[-1] else 0)
            if lines[-1] and used + needed > width:
                lines.append([])
                used, needed = 0, cell_len(shown(item.text))
            lines[-1].append(item)
            used += needed
        return lines

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        width = self.size.width
        ground = self.rich_style
        lines = self._lines(width)
        if y >= len(lines):
            return Strip.blank(width, ground)
        left = self._joined(lines[y])
        if y == 0 and self._end:
            right = self._joined(self._end)
            room = width - right.cell_length - 1
            if room > 0:
                left = Strip.join(
                    [left.crop(0, room).adjust_cell_length(room, ground), Strip([segment(" ", ground)]), right]
                )
        return left.adjust_cell_length(width, ground)

    def _joined(self, items: Sequence[Item]) -> Strip:
        """Return items one after another, with the gap between."""
        pieces = []
        for number, item in enumerate(items):
            if number:
                pieces.append(segment(" " * self._gap, self.rich_style))
            pieces += self._drawn(item)
        return Strip(pieces)

    def _drawn(self, item: Item) -> list[Segment]:
        style = self.get_component_rich_style(f"bar--{item.tone}")
        if item.bold:
            style += Style(bold=True)
        if not item.key:
            return [segment(item.text, style)]
        return [
            segment(item.text[: item.key], style + Style(bold=True, reverse=True)),
            segment(item.text[item.key :], style),
        ]

    def on_click(self, event: Click) -> None:
        """Tell which item was clicked."""
        at = event.get_content_offset(self)
        for press, line, start, stop in self._places() if at else ():
            if at and line == at.y and start <= at.x < stop and press:
                self.post_message(self.Pressed(press))
                return

    def _places(self) -> list[tuple[str, int, int, int]]:
        """Return (press, line, first cell, cell after the last) of everything on the bar."""
        places = []
        for y, line in enumerate(self._lines(self.size.width)):
            x = 0
            for item in line:
                wide = cell_len(shown(item.text))
                places.append((item.press, y, x, x + wide))
                x += wide + self._gap
        x = self.size.width
        for item in reversed(self._end):
            wide = cell_len(shown(item.text))
            places.insert(0, (item.press, 0, x - wide, x))
            x -= wide + self._gap
        return places


def _fitting(item: Item, width: int) -> list[Item]:
    """Return an item in pieces that fit into lines of a width, broken between words."""
    if width <= 0 or cell_len(shown(item.text)) <= width:
        return [item]
    pieces = [""]
    for word in item.text.split(" "):
        longer = f"{pieces[-1]} {word}" if pieces[-1] else word
        if pieces[-1] and cell_len(shown(longer)) > width:
            pieces.append(word)
        else:
            pieces[-1] = longer
    return [replace(item, text=text, key=0 if number else item.key) for number, text in enumerate(pieces)]
