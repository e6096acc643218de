"""A psc on a terminal of its own whose every byte is kept, to see what is left behind."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psc.database.file import open_file
from tests.beginner import Begun, begin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PATIENCE = 20.0
"""Seconds until a psc that does not answer is a failure."""
ENTER, LEAVE = b"\x1b[?1049h", b"\x1b[?1049l"
"""How a program enters the alternate screen, which has no scrollback, and leaves it."""
_CODES = re.compile(rb"\x1b(\[[0-9;?<>=$]*[a-zA-Z]|\][^\x07\x1b]*(\x07|\x1b\\)|[=>]|P[^\x1b]*\x1b\\)")
DEMO_PASSPHRASE = "riverside demo passphrase"
_MAIN = "from psc.__main__ import main; main()"


@dataclass
class Recorded:
    """A psc on a pseudo-terminal; `written` is all that it wrote."""

    process: subprocess.Popen[bytes] | Begun
    handle: int
    written: bytes = b""

    def read(self) -> None:
        """Take in what has been written so far."""
        while self.handle >= 0 and select.select([self.handle], [], [], 0.05)[0]:
            try:
                got = os.read(self.handle, 65536)
            except OSError:
                return
            if not got:
                return
            self.written += got

    def wait_for(self, words: str) -> None:
        """Wait until words have been drawn."""
        until = time.monotonic() + PATIENCE
        while words.encode() not in _CODES.sub(b"", self.written):
            assert time.monotonic() < until, f"“{words}” did not appear"
            assert self.process.poll() is None, f"psc ended: {self.written[-2000:]!r}"
            self.read()

    def see_the_board(self) -> None:
        """Come to the board of the demo's day, with names on it, signing in where psc asks who is there."""
        asked = False
        until = time.monotonic() + PATIENCE
        while b"Osei, Kofi" not in (drawn := _CODES.sub(b"", self.written)):
            assert time.monotonic() < until, "the board did not appear"
            assert self.process.poll() is None, f"psc ended: {self.written[-2000:]!r}"
            if not asked and b"Esc another code" in drawn:
                asked = True
                self.send(f"{DEMO_PASSPHRASE}\r")
            self.read()

    def send(self, keys: str) -> None:
        """Type, all at once."""
        os.write(self.handle, keys.encode())

    def hang_up(self) -> None:
        """Close the terminal, as closing its window does."""
        os.close(self.handle)
        self.handle = -1

    def wait_for_end(self, within: float = PATIENCE) -> int:
        """Wait until psc has ended, and return its exit code."""
        until = time.monotonic() + within
        while self.process.poll() is None:
            assert time.monotonic() < until, "psc did not end"
            self.read() if self.handle >= 0 else time.sleep(0.02)
        self.read()
        assert self.process.returncode is not None
        return self.process.returncode

    @property
    def left_behind(self) -> str:
        """What was written after the alternate screen was left, without what only sets the terminal."""
        return _CODES.sub(b"", self.written.rpartition(LEAVE)[2]).decode()

    @property
    def outside(self) -> bytes:
        """All that was written while the alternate screen was not on: what stays in the scrollback."""
        return re.sub(re.escape(ENTER) + b".*?" + re.escape(LEAVE), b"", self.written, flags=re.DOTALL)


@contextmanager
def recorded(
    path: Path, *words: str, code: str = _MAIN, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Iterator[Recorded]:
    """Run psc on a file, on a terminal of 80 by 24 that is its controlling one.

    `code` is what Python is given, which psc's own beginning ends unless it is `-m psc`. Python itself is started where
    the environment or the folder is the point; else psc begins where its code has been read already.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process: subprocess.Popen[bytes] | Begun
    if env is None and cwd is None and code != "-m psc":
        process = begin(code, ["--db", str(path), *words], {**os.environ, "TERM": "xterm-256color"}, theirs)
    else:
        start = ["-m", "psc"] if code == "-m psc" else ["-c", code]
        process = subprocess.Popen(
            [sys.executable, *start, "--db", str(path), *words],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm-256color", **(env or {})},
            cwd=cwd,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
    os.close(theirs)
    terminal = Recorded(process, ours)
    try:
        yield terminal
    finally:
        process.kill()
        process.wait()
        if terminal.handle >= 0:
            os.close(terminal.handle)


def names_in(path: Path) -> set[str]:
    """Return every name of a student of a file."""
    with closing(open_file(path)) as file:
        found = file.rows("SELECT surname, forename FROM student")
    return {name for row in found for name in row if len(name) > 2}
