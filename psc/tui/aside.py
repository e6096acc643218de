"""Putting a screen aside: what is drawn is taken away, not covered, and comes back to the very field and text.

A screen that is put aside has no widget left: there is nothing that could be drawn, copied, scrolled to or pasted into.
What was typed is kept as plain values, and the screen's own state stays where it is.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol, TypeGuard, TypeVar

from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from psc.text import shown
from psc.tui.screens.gate import SecretInput
from psc.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from textual.geometry import Offset

T = TypeVar("T")

_SYSTEM = "-textual-system"
"""Textual's own widgets on a screen, which show nothing of ours and are not made again."""


class Area(Protocol):
    """A field of several lines, as Textual's is."""

    text: str
    selection: Any
    document: Any

    def load_text(self, text: str) -> None:
        """Write other text into it."""

    def move_cursor(self, location: Any) -> None:
        """Put the cursor somewhere."""


def is_area(widget: object) -> TypeGuard[Area]:
    """Say whether it is a field of several lines. Its class takes long to import: it is known by what it can."""
    return hasattr(widget, "load_text")


class _Held(NamedTuple):
    """What one widget held: a field's text and what of it is selected, a list's line, and how it stood."""

    value: Any
    selection: Any
    scroll: Offset
    display: bool


class _Kept(NamedTuple):
    """What a whole screen held, by the names of its widgets, and which of them had the focus."""

    held: dict[str, _Held]
    focus: str


def named(screen: Screen[Any]) -> dict[str, Widget]:
    """Return a screen's widgets by a name that is the same whenever it is composed: the id, else kind and number."""
    made: dict[str, Widget] = {}
    seen: Counter[str] = Counter()
    for widget in screen.walk_children(Widget):
        if widget.has_class(_SYSTEM):
            continue
        kind = type(widget).__name__
        seen[kind] += 1
        made[widget.id or f"{kind} {seen[kind]}"] = widget
    return made


def typed_in(widget: Widget) -> str | None:
    """Return what is typed in a field; None for what is no field, and for a secret's: that is kept nowhere."""
    if isinstance(widget, Input):
        return None if isinstance(widget, SecretInput) or widget.password else widget.value
    return widget.text if is_area(widget) else None


def retype(widget: Widget, text: str) -> None:
    """Write text into a field, with the cursor behind it."""
    if isinstance(widget, Input):
        widget.value = shown(text)
        widget.cursor_position = len(text)
    elif is_area(widget):
        widget.load_text(text)
        widget.move_cursor(widget.document.end)


def chosen_in(widget: Widget) -> str | None:
    """Return the words of a list's line under the cursor; None for what is no list, or has no such line."""
    if isinstance(widget, OptionList) and widget.highlighted is not None:
        return str(widget.get_option_at_index(widget.highlighted).prompt)
    return None


def choose_again(widget: Widget, words: str) -> None:
    """Put a list's cursor on the line with these words; where it is gone, on none: no other line was meant."""
    if isinstance(widget, OptionList):
        prompts = [str(one.prompt) for one in widget.options]
        widget.highlighted = prompts.index(words) if words in prompts else None


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
    _scrolled: dict[str, Offset] | None = None

    @property
    def is_aside(self) -> bool:
        """Whether the screen stands emptied."""
        return self._kept is not None

    def fill(self) -> None:
        """Write what the widgets show, after they have been made."""

    def names_turned(self) -> None:
        """Follow at once that names were hidden, or are shown again, where the screen stays open meanwhile."""

    def refilled(self) -> None:
        """Follow from what was typed, once it stands in its fields again: a list of what was found, say."""

    async def put_aside(self) -> None:
        """Take away every widget, and keep what was typed."""
        if self._kept is None:
            widgets = named(self)
            focus = next((name for name, one in widgets.items() if one is self.focused), "")
            self._kept = _Kept({name: _held(one) for name, one in widgets.items()}, focus)
            await self.query_children("*").exclude(f".{_SYSTEM}").remove()

    async def bring_back(self) -> None:
        """Make the widgets anew, with what was typed in them."""
        if (kept := self._kept) is None:
            return
        await self.recompose()
        self._kept = None
        widgets = named(self)
        both = [(widgets[name], held) for name, held in kept.held.items() if name in widgets]
        with self.prevent(Input.Changed):
            self.fill()
            for widget, held in both:
                _hold(widget, held)
        self._focus(kept.focus)
        self.refilled()
        for widget, held in both:  # lists last: what was typed says what is in them
            if isinstance(widget, Lines):
                widget.go_to(held.value)
            elif isinstance(widget, OptionList) and held.value is not None:
                choose_again(widget, held.value)
        self._scrolled = {name: held.scroll for name, held in kept.held.items() if held.scroll}
        # A form that says in `fill` where it begins has Textual do it later: this comes after that.
        self.app.call_later(self._focus, kept.focus)

    def _focus(self, name: str) -> None:
        """Give the focus back without selecting what is in the field, as coming to it for the first time would."""
        if (widget := named(self).get(name)) is not None:
            self.set_focus(widget, from_app_focus=True)

    def laid_out(self) -> None:
        """Scroll to where everything stood, once there are sizes again."""
        self._scroll_back()
        # A list of options has its height only once it is drawn, and its scroll bar only a layout later.
        self.call_after_refresh(self._laid_out_again)

    def _laid_out_again(self) -> None:
        self._scroll_back()
        self._scrolled = None
        self.refresh(layout=True)

    def _scroll_back(self) -> None:
        widgets = named(self)
        for name, to in (self._scrolled or {}).items():
            if name in widgets:
                widgets[name].scroll_to(to.x, to.y, animate=False, force=True, immediate=True)


def _held(widget: Widget) -> _Held:
    value: Any = typed_in(widget)
    if value is None:
        value = chosen_in(widget)
    if isinstance(widget, Lines):
        value = widget.current
    elif isinstance(widget, Static) and widget.id == "error":
        value = widget.content
    return _Held(value, getattr(widget, "selection", None), widget.scroll_offset, bool(widget.display))


def _hold(widget: Widget, held: _Held) -> None:
    if typed_in(widget) is not None and isinstance(held.value, str):
        retype(widget, held.value)
        setattr(widget, "selection", held.selection)  # noqa: B010 — of a line of text, and of several lines, too
    elif isinstance(widget, Static) and widget.id == "error":
        widget.update(held.value)
    if widget.has_class("row"):  # a field that is asked for only when it is needed
        widget.display = held.display
