"""How the app ends: whatever ends it, the terminal is given back with nothing of a student on it.

Textual's own way after a fault is to print the exception with the values of every frame, and a terminal that was closed
leaves it waiting for ever. Here a fault is one sentence and exit code 1, and a terminal that has gone ends the app.
"""

from __future__ import annotations

import asyncio
import select
import signal
import sys
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from textual import constants
from textual.app import App
from textual.worker import WorkerFailed

from psc import faults, process
from psc.text import shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from textual.driver import Driver

T = TypeVar("T")

ENDING = ("SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")
"""The signals that end psc as leaving it does, where the system has them."""
_SECONDS_BETWEEN_LOOKS = 1
"""How often it is asked whether the terminal is still there: one that has gone is read as empty, again and again."""
_SWITCHED_OFF = {
    "DEBUG": False,
    "DRIVER": None,
    "LOG_FILE": None,
    "SCREENSHOT_DELAY": -1,
    "PRESS": "",
    "SHOW_RETURN": False,
}
"""Textual's debugging: what is set in it writes keys and screens to files. Its other half is read from the environment
when an app is made, which `process.keep_private` has cleared by then."""


class LeavesNoTrace(App[T]):
    """An app that says one sentence of a fault, and leaves nothing on the terminal or in its clipboard."""

    def __init__(self) -> None:
        process.keep_private()
        for name, value in _SWITCHED_OFF.items():  # textual may have been imported before the environment was cleared
            setattr(constants, name, value)
        super().__init__()
        self.fault: faults.Fault | None = None
        """The fault that ends the app: the first, for what goes wrong after it follows from it."""
        self._copied = False

    def run_to_its_end(self) -> int:
        """Run the app on the terminal, say the sentence of a fault if one ended it, and return the exit code."""
        faults.watch(self.take_fault)
        for name in ENDING:
            if hasattr(signal, name):
                with suppress(ValueError):  # not in the main thread
                    signal.signal(getattr(signal, name), lambda *_: self.end_at_once())
        try:
            self.run()
        except Exception as error:  # noqa: BLE001 — taking the app down can go wrong as anything else can
            self._note_fault(error)
        with suppress(OSError, ValueError):  # the terminal may have gone
            if self.fault is not None:
                print(f"psc: {self.fault.sentence}", file=sys.stderr)
            sys.stderr.flush()
            sys.stdout.flush()
        return 1 if self.fault is not None else self.return_code or 0

    def end_at_once(self) -> None:
        """Leave, from a signal or from another thread, whatever is on the screen."""
        if self._loop is None:
            raise SystemExit(0)  # a signal, before anything was drawn
        with suppress(RuntimeError):  # the loop has just ended
            # The loop may be asleep until its next timer: only this wakes it.
            self._loop.call_soon_threadsafe(partial(self.exit, return_code=0))

    # -- faults ------------------------------------------------------------------------------------------------------

    def on_load(self) -> None:
        """Take what goes wrong in a task that nobody awaits, too."""
        loop = asyncio.get_running_loop()
        loop.set_debug(False)  # it would show the values that tasks hold
        loop.set_exception_handler(lambda _, told: self.take_fault(told.get("exception")))

    def take_fault(self, error: BaseException | None) -> None:
        """End the app with a fault, in whatever thread it arose."""
        if not isinstance(error, Exception):
            return
        if self._loop is None or threading.get_ident() == self._thread_id:
            self._handle_exception(error)
        else:
            with suppress(RuntimeError):  # the loop has just ended
                self._loop.call_soon_threadsafe(self._handle_exception, error)

    def _note_fault(self, error: BaseException) -> None:
        if self.fault is None:
            self.fault = faults.note(error)

    def _handle_exception(self, error: Exception) -> None:
        self._note_fault((error.error if isinstance(error, WorkerFailed) else None) or error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()

    def panic(self, *renderables: object) -> None:
        """End as with a fault, showing none of it: an exception that can draw itself draws what it holds."""
        self._note_fault(RuntimeError())
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """Say why the app was left, where it was left with a reason; a fault is told by `run_to_its_end`."""
        with suppress(OSError, ValueError):
            for words in self._exit_renderables if self.fault is None else ():
                print(shown(str(words)), file=sys.stderr)
        self._exit_renderables.clear()

    # -- a terminal that is closed -----------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Look now and then whether the terminal is still there."""
        if not self.is_headless and hasattr(select, "poll") and sys.__stdin__ is not None:
            hung_up = select.poll()
            hung_up.register(sys.__stdin__.fileno(), 0)  # asked for nothing, it tells of a hang-up alone
            self.set_interval(_SECONDS_BETWEEN_LOOKS, lambda: self.end_at_once() if hung_up.poll(0) else None)

    def _build_driver(self, *args: Any, **kwargs: Any) -> Driver:
        driver = super()._build_driver(*args, **kwargs)
        if hasattr(driver, "_file"):
            driver._file = _Outlet(driver._file, self.end_at_once)
        if hasattr(driver, "run_input_thread"):
            setattr(driver, "_run_input_thread", partial(self._read_keys, driver.run_input_thread))  # noqa: B010
        return driver

    def _read_keys(self, read: Callable[[], None]) -> None:
        """Read keys until the app ends, in Textual's thread for it."""
        try:
            read()
        except OSError:
            self.end_at_once()
        except Exception as error:  # noqa: BLE001 — nobody else would hear of it
            self.take_fault(error)

    # -- the clipboard -----------------------------------------------------------------------------------------------

    def copy_to_clipboard(self, text: str) -> None:
        """Put text into the terminal's clipboard, and remember to take it out again."""
        if text:
            self._copied = True
            super().copy_to_clipboard(text)
        else:
            self.empty_clipboard()

    def empty_clipboard(self) -> None:
        """Take out of the clipboard what psc put there. Some terminals take no empty text: a space goes before it."""
        if self._copied:
            super().copy_to_clipboard(" ")
            super().copy_to_clipboard("")
            self._copied = False

    async def _shutdown(self) -> None:
        self.empty_clipboard()
        await super()._shutdown()


class _Outlet:
    """Where the app draws to. Once that has gone, drawing goes nowhere, and the app is told to end.

    Textual's own writer would die of it, and whoever draws then wait for ever.
    """

    def __init__(self, stream: TextIO, gone: Callable[[], None]) -> None:
        self._stream = stream
        self._gone = gone
        self.fileno = stream.fileno
        self.isatty = stream.isatty

    def write(self, text: str) -> None:
        """Draw."""
        self._try(partial(self._stream.write, text))

    def flush(self) -> None:
        """Send what was drawn on its way."""
        self._try(self._stream.flush)

    def _try(self, do: Callable[[], object]) -> None:
        try:
            do()
        except (OSError, ValueError):
            self._gone()
