"""Apps drawn on paper: everything is rendered as for a terminal, in this process, and every sheet has its time."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from textual.drivers.headless_driver import HeadlessDriver
from textual.events import Key

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from textual.app import App

SIZE = (120, 40)
_QUIET = 0.08
"""Seconds without a sheet after which nothing more is coming."""
_PATIENCE = 10.0


class Paper(HeadlessDriver):
    """A driver that keeps what a terminal would be sent. Textual renders nothing at all for one that is headless."""

    def __init__(self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None):
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.sheets: list[tuple[float, str]] = []

    @property
    def is_headless(self) -> bool:
        """Say no, so that everything is rendered."""
        return False

    def write(self, data: str) -> None:
        """Keep a sheet and when it came."""
        self.sheets.append((time.perf_counter(), data))


@dataclass(frozen=True, slots=True)
class Drawn:
    """Seconds from a key: to the first sheet that shows what it was pressed for, and to the last sheet it brings."""

    seen: float
    whole: float

    @staticmethod
    def middle(those: Sequence[Drawn]) -> Drawn:
        """Return the medians of several."""
        return Drawn(median(one.seen for one in those), median(one.whole for one in those))


class Reader:
    """Presses the keys of an app on paper and reads what is drawn."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper

    async def press(self, key: str, shows: str = "") -> Drawn:
        """Press a key that shows those words, and wait until nothing more is drawn. Raises `TimeoutError`."""
        sheets = self._paper.sheets
        sheets.clear()
        begun = time.perf_counter()
        self._paper.process_message(Key(key, key if len(key) == 1 else None))
        return await self._drawn(begun, shows)

    async def cause(self, act: Callable[[], object], shows: str) -> Drawn:
        """Let the app do something of its own accord, and wait as for a key."""
        sheets = self._paper.sheets
        sheets.clear()
        begun = time.perf_counter()
        self._paper._app.call_next(act)
        return await self._drawn(begun, shows)

    async def _drawn(self, begun: float, shows: str) -> Drawn:
        """Wait until nothing more is drawn; return when the words stood there, and when the last was drawn."""
        whole = await self._quiet(begun, shows)
        seen = next((at for at, sheet in self._paper.sheets if shows in sheet), None)
        if seen is None:
            raise TimeoutError(f"{shows!r} was never drawn")
        return Drawn(seen - begun, whole - begun)

    async def _quiet(self, begun: float, shows: str) -> float:
        """Wait until the words stand on a sheet and no more sheets come; return when the last one did."""
        while True:
            await asyncio.sleep(0.01)
            now = time.perf_counter()
            last = self._paper.sheets[-1][0] if self._paper.sheets else 0.0
            if now - last > _QUIET and any(shows in sheet for _, sheet in self._paper.sheets):
                return last
            if now - begun > _PATIENCE:
                raise TimeoutError("the app drew nothing, or would not stop")


@asynccontextmanager
async def on_paper(app: App[Any]) -> AsyncIterator[Reader]:
    """Run an app on paper for a block, drawn once."""
    app.driver_class = Paper
    async with app.run_test(headless=False, size=SIZE) as pilot:
        await pilot.pause(_QUIET)
        driver = app._driver
        if not isinstance(driver, Paper):
            raise TypeError("the app chose another driver")
        yield Reader(driver)
