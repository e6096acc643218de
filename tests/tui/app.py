"""Driving the app in tests."""

from __future__ import annotations

from asyncio import sleep
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psc.clock import SetClock
from psc.tui.app import PscApp
from psc.tui.screens.today import Today
from psc.tui.widgets.bar import Bar
from tests.tui.quiet import draw, leave_undrawn, quiet, text_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from textual.pilot import Pilot

    from psc.clock import Clock
    from psc.overview.board import RowNow
    from tests.school import School


@dataclass
class Driver:
    """A person at the keyboard of a running app."""

    app: PscApp
    pilot: Pilot[int]

    @property
    def today(self) -> Today:
        """The board's screen."""
        screen = next(one for one in self.app.screen_stack if isinstance(one, Today))
        return screen

    @property
    def text(self) -> str:
        """All that stands on the screen."""
        return text_of(self.app)

    @property
    def says(self) -> str:
        """The line that speaks and asks."""
        return self.today.query_one("#says", Bar).words

    async def type(self, *keys: str) -> None:
        """Press keys; a word is typed letter by letter unless it is a key's name."""
        letters = [
            one
            for key in keys
            for one in ([key] if key in _NAMED or len(key) == 1 or key.startswith("ctrl+") else list(key))
        ]
        await self.pilot.press(*(_CHARACTERS.get(one, one) for one in letters))
        await self.rest()

    async def answer(self, secret: str) -> None:
        """Type a secret, or a code, and wait until the app has looked at it."""
        await self.type(*secret, "enter")
        for _ in range(1_000):
            if not self.app._answering:
                break
            await sleep(0.003)
        await self.rest()

    async def idle(self, *, minutes: float = 0, seconds: float = 0) -> None:
        """Leave the desk for some time, during which the app looks at the clock as it does each second."""
        clock = self.app.clock
        assert isinstance(clock, SetClock)
        left = minutes * 60 + seconds
        while left > 0:
            clock.forward(seconds=min(left, 20))
            left -= 20
            await self.app.look_at_idle()
        await self.rest()

    async def next_day(self, code: str = "AS1") -> None:
        """Let the app see that the day has ended, and somebody sign in on the new one."""
        await self.app.look_at_idle()
        assert not self.app.sessions
        self.app.sit_down(code)
        await self.pilot.pause()
        await self.app.workers.wait_for_complete()
        await self.pilot.pause()

    async def rest(self) -> None:
        """Wait until every key has had its turn, and all it caused is drawn."""
        await quiet(self.app)

    async def resize(self, width: int, height: int) -> None:
        """Make the terminal another size, and wait until the screen has it."""
        await self.pilot.resize_terminal(width, height)
        for _ in range(1_000):
            if self.app.screen.size == (width, height):
                break
            await sleep(0.003)
        await self.pilot.pause()
        await self.pilot.pause()

    async def tick(self) -> None:
        """Let the board's second pass."""
        self.today._tick()
        await self.pilot.pause()

    def row(self, surname: str) -> RowNow:
        """Return a student's row as the board has it."""
        return next(one for one in self.today.state.rows if one.row.name.startswith(surname))


_CHARACTERS = {
    "@": "at",
    "/": "slash",
    "?": "question_mark",
    "!": "exclamation_mark",
    "*": "asterisk",
    "[": "left_square_bracket",
    "]": "right_square_bracket",
    "-": "minus",
    " ": "space",
}
_NAMED = frozenset(
    [
        *("enter", "escape", "tab", "space", "up", "down", "left", "right", "home", "end", "pageup", "pagedown"),
        *(
            "backspace",
            "shift+tab",
            "delete",
            "f2",
            "f3",
            "f4",
            "f6",
            "f8",
            "f9",
            "f10",
            "f12",
            "ctrl+l",
            "ctrl+p",
            "ctrl+c",
            "ctrl+q",
        ),
    ]
)
"""Names of keys, which are not typed letter by letter."""


@asynccontextmanager
async def driven(
    path: Path, clock: Clock, code: str | None = "AS1", size: tuple[int, int] = (100, 30)
) -> AsyncIterator[Driver]:
    """Run the app on a file, as somebody who has given their secret, at a size.

    It looks for idleness only when `Driver.idle` makes it: most tests let the clock run on while nobody types.
    """
    app = PscApp(path, None, clock)
    setattr(app, "look_at_idle", lambda: None)  # noqa: B010
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        delattr(app, "look_at_idle")
        if code:
            app.sit_down(code)
            await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
        if code:
            leave_undrawn(app)
        yield Driver(app, pilot)
        draw(app)


def driven_school(
    school: School, code: str = "AS1", size: tuple[int, int] = (100, 30)
) -> AbstractAsyncContextManager[Driver]:
    """Run the app on the made school."""
    return driven(school.path, school.clock, code, size)
