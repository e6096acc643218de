"""F9: every name turns to initials on the spot, and back.

The board goes on in initials. A page or a form is full of names: it is put aside with all that stands between it and
the board, and a blank screen stands there instead, until F9 brings the very page, field and text back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType

from psc.tui.gate import KeysInTurn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import App
    from textual.screen import Screen

    from psc.tui.screens.today import Today

T = TypeVar("T")

HIDDEN = "names are hidden: F9 first"
"""Why a page does not open while names are hidden."""


def standing(stack: Sequence[Screen[Any]]) -> list[Screen[Any]]:
    """Return the screens that show something: all, but for those that stay put aside under a blank one."""
    from psc.tui.aside import PutAside  # what it imports is not for the first paint

    blank = next((place for place, one in enumerate(stack) if isinstance(one, PutAside) and one.blank), 0)
    return [stack[0], *stack[blank:]] if blank else list(stack)


class TurnsNames(KeysInTurn[T]):
    """An app in which names can be hidden, on whichever board is in sight."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9,ctrl+b", "turn_names", "Hide names", show=False, priority=True),
    ]

    @property
    def today(self) -> Today | None:
        """The board of whoever is at the desk, None at the gate."""
        first = self.screen_stack[0] if self.screen_stack else None
        # Told by what it can do: psc is not to import the board to start.
        return cast("Today", first) if hasattr(first, "hide_names") else None

    async def action_turn_names(self) -> None:
        """Turn the names on the screen to initials, or back."""
        if (today := self.today) is not None:
            await (_show(self, today) if today.names_hidden else _hide(self, today))

    def push_screen(self, screen: Any, *args: Any, **named: Any) -> Any:
        """Open a screen; while names are hidden none that shows them by itself."""
        if (today := self.today) is not None and today.names_hidden:
            from psc.tui.aside import PutAside

            if isinstance(screen, PutAside) and screen.shows_names and not screen.in_a_fire:
                today.refuse(f"{HIDDEN[0].upper()}{HIDDEN[1:]}.")
                return AwaitComplete()
        return super().push_screen(screen, *args, **named)


async def _hide(app: App[Any], today: Today) -> None:
    from psc.tui.aside import PutAside

    today.hide_names(hidden=True)
    _tell(app)
    if not any(isinstance(one, PutAside) and one.shows_names for one in app.screen_stack[1:]):
        return
    while isinstance(app.screen, PutAside) and not app.screen.comes_back:  # an opened sheet
        await app.pop_screen()
    over = app.screen_stack[:0:-1]
    for screen in over:
        if isinstance(screen, PutAside):
            await screen.put_aside()
    if over:
        from psc.tui.screens.blank import Blank

        await app.push_screen(Blank(today))


def _tell(app: App[Any]) -> None:
    """Let the screens that stay open follow."""
    from psc.tui.aside import PutAside

    for screen in app.screen_stack[1:]:
        if isinstance(screen, PutAside) and not screen.shows_names:
            screen.names_turned()


async def _show(app: App[Any], today: Today) -> None:
    from psc.tui.aside import PutAside

    today.hide_names(hidden=False)
    _tell(app)
    stack = app.screen_stack
    gone = [one for one in stack if one not in standing(stack)]
    for screen in gone:
        if isinstance(screen, PutAside):
            await screen.bring_back()
    for screen in stack:
        if isinstance(screen, PutAside) and screen.blank:
            screen.dismiss() if screen is app.screen else await _take_out(app, screen)
    lay_out(app)


async def _take_out(app: App[Any], screen: Screen[Any]) -> None:
    """Take a screen out from under another one: the evacuation roll, opened over the blank screen."""
    app._screen_stack.remove(screen)
    await screen.remove()


def lay_out(app: App[Any]) -> None:
    """Lay out what was brought back, and what stands behind it: Textual does so only for the screen on top."""
    from psc.tui.aside import PutAside

    for screen in app.screen_stack:
        screen._refresh_layout(app.size)
        if isinstance(screen, PutAside):
            screen.laid_out()
    app.screen.refresh()
