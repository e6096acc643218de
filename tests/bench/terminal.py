"""A program on a real pseudo-terminal of 120×40: what it writes there, and when."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIZE = struct.pack("HHHH", 40, 120, 0, 0)
_PATIENCE = 20.0


class Terminal:
    """Reads what a program writes, and types."""

    def __init__(self, ours: int) -> None:
        self._ours = ours
        self.begun = time.perf_counter()

    def type(self, keys: str) -> None:
        """Type keys, whether or not anybody is listening yet."""
        os.write(self._ours, keys.encode())

    def seconds_to(self, words: str) -> float:
        """Read until these words have been written; return the seconds since the start.

        Raises `TimeoutError` when they do not come, or the program has ended.
        """
        wanted, written = words.encode(), b""
        given_up = time.perf_counter() + _PATIENCE
        while wanted not in written:
            if time.perf_counter() > given_up:  # something is still written, the time of day, say
                raise TimeoutError(f"{words!r} never came: {written[-500:]!r}")
            ready, _, _ = select.select([self._ours], [], [], _PATIENCE)
            more = b""
            with suppress(OSError):  # the terminal of a program that has ended cannot be read
                more = os.read(self._ours, 65536) if ready else b""
            if not more:
                raise TimeoutError(f"{words!r} never came: {written[-500:]!r}")
            written = written[-4096:] + more
        return time.perf_counter() - self.begun


@contextmanager
def on_terminal(*words: str) -> Iterator[Terminal]:
    """Start `python WORDS` on a terminal of its own that echoes nothing by itself; it is ended with the block."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, _SIZE)
    modes = termios.tcgetattr(theirs)
    modes[3] &= ~termios.ECHO
    termios.tcsetattr(theirs, termios.TCSANOW, modes)
    terminal = Terminal(ours)
    command = [sys.executable, *words]
    child = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    try:
        yield terminal
    finally:
        child.kill()
        child.wait()
        os.close(ours)
