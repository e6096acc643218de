"""Coming to rest: a test types as fast as it can, and waits exactly until the app has nothing left to do.

Pilot guesses at that from the time the process uses, asks every widget twice a key, and draws a frame for each. Here
what has changed is drawn once, when somebody looks at it or goes on: nobody sees the frames in between.
"""

from __future__ import annotations

import asyncio
import unicodedata
from asyncio import BaseEventLoop
from contextlib import suppress
from inspect import signature
from pathlib import Path
from threading import get_native_id
from time import process_time
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import textual.app
import textual.pilot
from textual import _callback, events
from textual._compositor import Compositor
from textual._context import active_app, visible_screen_stack
from textual.app import App
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import OptionList

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


_AT_MOST = 5_000
"""Rounds after which what never comes to rest is left to itself: not seconds, of which a busy machine needs more."""
_SOON = 0.01
"""Seconds: a timer that ends within them is waited for."""
_THREADS = Path("/proc/self/task")
_run_in_executor = BaseEventLoop.run_in_executor
_render_update = Compositor.render_update
_refresh_layout = Screen._refresh_layout
_delay_update = App.delay_update
_beside: set[asyncio.Future[Any]] = set()
"""What is under way in threads."""
_drawing = False
_counts: WeakKeyDictionary[Callable[..., Any], int] = WeakKeyDictionary()
_looked_at: WeakKeyDictionary[Compositor, str] = WeakKeyDictionary()


async def quiet(app: App[Any]) -> None:
    """Wait until nothing is ready to be done, no thread is at work, and the screen is laid out."""
    loop: Any = asyncio.get_running_loop()
    for _ in range(_AT_MOST):
        if app._exception is not None:
            break
        await asyncio.sleep(0)
        if loop._ready:
            continue
        screen = _top(app)
        if screen is not None and screen._update_timer._active.is_set():
            screen._on_timer_update()
        elif _goes_on(app) or any(one._when < loop.time() + _SOON and not one._cancelled for one in loop._scheduled):
            await asyncio.sleep(0.001)
        elif not _beside or await _wait_themselves(loop):
            break


def _goes_on(app: App[Any]) -> bool:
    """Say whether there are keys under way, or the screen is not laid out yet because another is coming."""
    has_keys = bool(getattr(app, "_waiting", ())) or getattr(app, "_busy_since", None) is not None
    return not app._exit and (has_keys or app._batch_count > 0)


async def _wait_themselves(loop: Any) -> bool:
    """Say whether the threads that are under way do nothing but wait."""
    used = _used()
    await asyncio.sleep(0.003)
    return not loop._ready and _used() == used


def _used() -> object:
    """Return what other threads than this one have used of the processor; never the same while one wants more of it."""
    if not _THREADS.exists():
        return round(process_time(), 3)
    used: list[object] = []
    for thread in _THREADS.iterdir():
        if thread.name != str(get_native_id()):
            with suppress(OSError):  # it has ended meanwhile
                state = (thread / "stat").read_text().rpartition(")")[2].split()[0]
                used.append(object() if state in "RD" else (thread / "schedstat").read_text().split()[0])
    return used


def _top(app: App[Any]) -> Screen[Any] | None:
    screen = app._screen_stack[-1] if app._screen_stacks.get(app._current_mode) else None
    return screen if screen is not None and screen.is_running and screen.is_current else None


def text_of(app: App[Any]) -> str:
    """Return what stands on the screen, drawn now unless nothing has changed since it was looked at."""
    screen, compositor = app.screen, app.screen._compositor
    loop: Any = asyncio.get_running_loop()
    if loop._ready or compositor._dirty_regions or screen._dirty_widgets or compositor not in _looked_at:
        visible_screen_stack.set(app._background_screens)  # a form is drawn over what stands below it
        lines = ["".join(one.text for one in strip if not one.control).rstrip() for strip in compositor.render_strips()]
        _looked_at[compositor] = "\n".join(lines)
        compositor._dirty_regions.clear()
    return _looked_at[compositor]


def draw(app: App[Any]) -> None:
    """Draw what has changed and has not been looked at."""
    global _drawing
    screen = _top(app)
    if screen is not None and screen._compositor._dirty_regions and not app._batch_count:
        _drawing = True
        try:
            screen._compositor_refresh()
        finally:
            _drawing = False


def leave_undrawn(app: App[Any]) -> None:
    """Take what stands there as drawn: hundreds of tests begin with the same board, and a few look at that."""
    app.screen._compositor._dirty_regions.clear()


def _render(self: Compositor, *args: Any, **more: Any) -> Any:
    """Draw a frame when it is asked for here, and leave others out."""
    if not _drawing:
        return None
    _looked_at.pop(self, None)
    return _render_update(self, *args, **more)


def _lay_out(self: Screen[Any], *args: Any, **more: Any) -> None:
    """Let lists learn how many lines they have, as being drawn for the first time lets them."""
    _refresh_layout(self, *args, **more)
    for one in self.walk_children(OptionList):
        one._update_lines()


def _hardly_delay(self: App[Any], delay: float = 0) -> None:
    """Let nothing be laid out while modes change, but not for the twentieth of a second that eyes are given."""
    _delay_update(self, 0.001)


def _counted(self: BaseEventLoop, *args: Any) -> Any:
    under_way = _run_in_executor(self, *args)
    _beside.add(under_way)
    under_way.add_done_callback(_beside.discard)
    return under_way


async def _is_quiet(self: Pilot[Any], timeout: float = 0) -> bool:
    await quiet(self.app)
    return self.app._exception is None


async def _idle(min_sleep: float = 0, max_sleep: float = 1) -> None:
    await quiet(active_app.get())


async def _press_keys(self: App[Any], keys: Iterable[str]) -> None:
    assert self._driver is not None
    draw(self)
    for one in keys:
        key = _character_to_key(one) if len(one) == 1 and not one.isalnum() else one
        try:
            character: str | None = unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(key, key)))
        except KeyError:
            character = key if len(key) == 1 else None
        event = events.Key(key, character)
        event.set_sender(self)
        self._driver.send_message(event)
    await quiet(self)
    await self._animator.wait_until_complete()


def _parameters(function: Callable[..., Any]) -> int:
    """Count a function's parameters once, not at every message that calls it with something."""
    plain = getattr(function, "__func__", function)
    if plain not in _counts:
        _counts[plain] = len(signature(plain).parameters)
    return _counts[plain] - (plain is not function)


setattr(_callback, "_count_parameters", _parameters)  # noqa: B010
setattr(App, "delay_update", _hardly_delay)  # noqa: B010
setattr(BaseEventLoop, "run_in_executor", _counted)  # noqa: B010
setattr(Compositor, "render_update", _render)  # noqa: B010
setattr(Screen, "_refresh_layout", _lay_out)  # noqa: B010
setattr(Pilot, "_wait_for_screen", _is_quiet)  # noqa: B010
setattr(App, "_press_keys", _press_keys)  # noqa: B010
setattr(textual.pilot, "wait_for_idle", _idle)  # noqa: B010
