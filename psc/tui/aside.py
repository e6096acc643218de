"""Putting a screen aside: what is drawn is taken away, not covered, and comes back to the very field and text.

A screen that is put aside has no widget left: there is nothing that could be drawn, copied, scrolled to or pasted into.
What was typed is kept as plain values, and the screen's own state stays where it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol, TypeVar, runtime_checkable

from textual.screen import Screen
from textual.widgets import Input, OptionList

from psc.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from textual.widget import Widget

T = TypeVar("T")


@runtime_checkable
class Keeps(Protocol):
    """A widget that knows itself what to keep of it."""

    def held(self) -> object:
        """Return what it holds."""

    def hold(self, value: object) -> None:
        """Show again what it held."""


class _Field(NamedTuple):
    """What one widget held: a field's text and cursor, a list's line."""

    value: object
    cursor: int = 0


class _Kept(NamedTuple):
    """What a whole screen held, by the ids of its widgets, and which of them had the focus."""

    fields: dict[str, _Field]
    focus: str | None


class PutAside(Screen[T]):
    """A screen that can be put aside. What its widgets show is written by `fill`, whenever they are new."""

    comes_back: ClassVar[bool] = True
    """Whether it comes back at all. What is open for some seconds only is gone when the desk is left."""
    shows_names: ClassVar[bool] = True
    """Whether students' names may stand on it by itself. With names hidden such a screen does not open."""
    in_a_fire: ClassVar[bool] = False
    """Whether it opens even then."""
    blank: ClassVar[bool] = False
    """Whether it stands for all between it and the board, which stays put aside."""
    _kept: _Kept | None = None

    @property
    def is_aside(self) -> bool:
        """Whether the screen stands emptied."""
        return self._kept is not None

    def fill(self) -> None:
        """Write what the widgets show, after they have been made."""

    def refilled(self) -> None:
        """Follow from what was typed, once it stands in its fields again: a list of what was found, say."""

    async def put_aside(self) -> None:
        """Take away every widget, and keep what was typed."""
        if self._kept is None:
            focus = self.focused.id if self.focused else None
            self._kept = _Kept({one.id: kept for one in self.query("*") if one.id and (kept := _held(one))}, focus)
            await self.remove_children()

    async def bring_back(self) -> None:
        """Make the widgets anew, with what was typed in them."""
        if (kept := self._kept) is None:
            return
        self._kept = None
        await self.recompose()
        self.fill()
        for name, held in kept.fields.items():
            for widget in self.query(f"#{name}"):
                _hold(widget, held)
        self.refilled()
        if kept.focus and (found := self.query(f"#{kept.focus}")):
            self.set_focus(found.first(), scroll_visible=True)


def _held(widget: Widget) -> _Field | None:
    match widget:
        case Input():
            return _Field(widget.value, widget.cursor_position)
        case OptionList():
            return _Field(widget.highlighted)
        case Lines():
            return _Field(widget.current)
        case Keeps():
            return _Field(widget.held())
    return None


def _hold(widget: Widget, held: _Field) -> None:
    match widget:
        case Input():
            with widget.prevent(Input.Changed):
                widget.value = str(held.value)
            widget.cursor_position = held.cursor
        case OptionList():
            with widget.prevent(OptionList.OptionHighlighted):
                widget.highlighted = held.value if isinstance(held.value, int) else None
        case Lines():
            widget.go_to(held.value)
        case Keeps():
            widget.hold(held.value)
