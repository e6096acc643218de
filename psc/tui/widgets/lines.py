"""A list of lines with a cursor: what every page but the board is drawn with."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from psc.overview.cells import Tone, cut
from psc.text import shown
from psc.tui.literal import segment

if TYPE_CHECKING:
    from textual import events


class Line(NamedTuple):
    """Some words with their tones. A line without a key is a heading or a remark: the cursor passes it by."""

    pieces: tuple[tuple[str, Tone], ...]
    key: Hashable = None


def line(text: str, tone: Tone = Tone.PLAIN, *, key: Hashable = None) -> Line:
    """Return a line of one piece."""
    return Line(((text, tone),), key)


def wrapped(text: str, width: int) -> list[str]:
    """Return text in lines that are at most so many cells wide, broken between words; its own line breaks stay."""
    made: list[str] = []
    for paragraph in shown_lines(text):
        start = len(made)
        for word in paragraph.split(" "):
            if len(made) > start and cell_len(f"{made[-1]} {word}") <= width:
                made[-1] += f" {word}"
                continue
            while cell_len(word) > width:  # nothing typed is out of sight
                made.append(set_cell_size(word, width))
                word = word[len(made[-1].rstrip()) :]
            made.append(word)
    return made


def shown_lines(text: str) -> list[str]:
    """Return the lines of a text, each fit to draw."""
    return [shown(one) for one in text.split("\n")]


class Lines(ScrollView, can_focus=True):
    """Draws lines; the cursor stands on a key, so that it stays on the same thing when lines come and go."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {*(f"lines--{tone.value}" for tone in Tone), "lines--cursor"}

    class Pressed(Message):
        """A line was clicked; `twice` for a double click."""

        def __init__(self, *, twice: bool) -> None:
            super().__init__()
            self.twice = twice

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: tuple[Line, ...] = ()
        self._at: int | None = None
        self._lit = True

    @property
    def current(self) -> Hashable:
        """The key under the cursor, None when there is none."""
        return self._lines[self._at].key if self._at is not None else None

    @property
    def text(self) -> str:
        """All that is in the list, as text."""
        return "\n".join("".join(text for text, _ in one.pieces) for one in self._lines)

    def show(self, lines: Sequence[Line]) -> None:
        """Show other lines. The cursor stays on its key; if gone, on what took its place."""
        new = tuple(lines)
        if new == self._lines:
            return
        key, place = self.current, self._at or 0
        self._lines = new
        keyed = [number for number, one in enumerate(new) if one.key is not None]
        same = next((number for number in keyed if new[number].key == key), None) if key is not None else None
        self._at = same if same is not None else min(keyed, key=lambda number: abs(number - place), default=None)
        self.virtual_size = Size(self.size.width or 1, len(new))
        self.refresh()
        self._follow()

    def light(self, *, lit: bool) -> None:
        """Show where the cursor is, or not: while the keys are for something else, no line is to look chosen."""
        if lit is not self._lit:
            self._lit = lit
            self.refresh()

    def go_to(self, key: Hashable) -> None:
        """Put the cursor on a key, if it is there."""
        self._at = next((number for number, one in enumerate(self._lines) if one.key == key), self._at)
        self.refresh()
        self._follow()

    def move(self, by: int) -> None:
        """Move the cursor down by so many lines that can be chosen; with none, scroll."""
        keyed = [number for number, one in enumerate(self._lines) if one.key is not None]
        if self._at is None or not keyed:
            self.scroll_to(y=max(0, self.scroll_offset.y + by), animate=False, force=True)
            return
        was, place = self._at, keyed.index(self._at)
        self._at = keyed[max(0, min(len(keyed) - 1, place + by))]
        for number in {was, self._at}:
            self.refresh_line(number)
        self._follow()

    def _follow(self) -> None:
        room, at = self.size.height, self._at
        if room <= 0 or at is None:
            return
        top = self.scroll_offset.y
        first = at - 1 if at and self._lines[at - 1].key is None else at  # its heading stays in sight
        if first < top:
            self.scroll_to(y=first, animate=False, force=True)
        elif at >= top + room:
            self.scroll_to(y=at - room + 1, animate=False, force=True)

    def on_resize(self) -> None:
        """Use the new width."""
        self.virtual_size = Size(self.size.width, len(self._lines))
        self._follow()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the widget."""
        width, number = self.scrollable_content_region.width, y + self.scroll_offset.y
        if number >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        here = self._lit and number == self._at
        ground = self.get_component_rich_style("lines--cursor") if here else self.rich_style
        back = Style(bgcolor=ground.bgcolor, bold=True if here else None)
        pieces, used = [], 0
        for text, tone in self._lines[number].pieces:
            fitting = cut(text, min(cell_len(text), max(0, width - used)))
            pieces.append(segment(fitting, self.get_component_rich_style(f"lines--{tone.value}") + back))
            used += cell_len(fitting)
        return Strip(pieces).adjust_cell_length(width, ground)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the line that was clicked."""
        at = event.get_content_offset(self)
        number = at.y + self.scroll_offset.y if at else len(self._lines)
        if number < len(self._lines) and self._lines[number].key is not None:
            self._at = number
            self.refresh()
            self.post_message(self.Pressed(twice=event.chain == 2))
