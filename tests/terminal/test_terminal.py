"""psc in a real terminal: keys as bytes, signals, and what is left behind."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from psc.database.file import open_file
from psc.desk.place import DEMO_PASSPHRASE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 15.0
"""Seconds until a terminal that does not answer is a failure."""
_CODES = re.compile(rb"\x1b(\[[0-9;?<>=$]*[a-zA-Z]|\][^\x07\x1b]*(\x07|\x1b\\)|[=>]|P[^\x1b]*\x1b\\)")


@dataclass
class Terminal:
    """A psc running on a pseudo-terminal."""

    process: subprocess.Popen[bytes]
    handle: int
    output: bytes = b""

    def read(self) -> None:
        """Take in what has been written so far."""
        while select.select([self.handle], [], [], 0.05)[0]:
            try:
                got = os.read(self.handle, 65536)
            except OSError:
                return
            if not got:
                return
            self.output += got

    def wait_for(self, words: str) -> None:
        """Wait until words have been drawn."""
        until = time.monotonic() + PATIENCE
        while not self.shows(words):
            assert time.monotonic() < until, f"“{words}” did not appear"
            assert self.process.poll() is None, "psc ended"
            self.read()

    def shows(self, words: str) -> bool:
        """Say whether words have been drawn."""
        return words.encode() in _CODES.sub(b"", self.output)

    def settle(self) -> None:
        """Wait until nothing more is drawn."""
        self.output = b"."
        while self.output:
            self.output = b""
            self.read()

    def send(self, keys: str) -> None:
        """Type, all at once."""
        self.output = b""
        os.write(self.handle, keys.encode())

    def wait_for_end(self) -> int:
        """Wait until psc has ended, and return its exit code."""
        until = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < until, "psc did not end"
            self.read()
        self.read()
        return self.process.returncode


def start(path: Path, columns: int, lines: int) -> Terminal:
    """Start psc on a terminal of that size."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color"}
    process = subprocess.Popen(
        [sys.executable, "-m", "psc", "--db", str(path)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    return Terminal(process, ours)


def sign_in(terminal: Terminal) -> None:
    """Sign in on a demo, whose screen has filled a code in."""
    terminal.wait_for("Esc another code")
    terminal.send(f"{DEMO_PASSPHRASE}\r")


@pytest.fixture
def board(demo: Path) -> Iterator[Terminal]:
    """psc on a demo in a terminal of 80 by 24."""
    terminal = start(demo, 80, 24)
    try:
        sign_in(terminal)
        terminal.wait_for("Osei, Kofi")
        yield terminal
    finally:
        terminal.process.kill()
        terminal.process.wait()
        os.close(terminal.handle)


def _last_movement(path: Path) -> tuple[object, ...] | None:
    file = open_file(path)
    try:
        return file.row(
            "SELECT s.surname, m.kind, m.reason, m.happened FROM movement m JOIN visit v ON v.id = m.visit_id"
            " JOIN student s ON s.id = v.student_id ORDER BY m.id DESC LIMIT 1"
        )
    finally:
        file.close()


def test_a_burst_of_keys_signs_in_the_right_student_at_the_right_time(board: Terminal, demo: Path) -> None:
    board.send("/khan\r@1135\ri")
    board.wait_for("Khan, Bilal signed in 11:35")
    assert _last_movement(demo) == ("Khan", "in", "", "2026-11-23T11:35:00Z")


def test_a_burst_sends_a_student_to_the_nurse_and_undoes_it(board: Terminal, demo: Path) -> None:
    board.send("/hussain\ron")
    board.wait_for("Hussain, Zayd out: nurse")
    board.send("u")
    board.wait_for("Undone: go out")


def test_a_walk_in_typed_faster_than_the_form_appears(board: Terminal, demo: Path) -> None:
    board.send("ahowells jam\r\rdef\x1b[21~")
    board.wait_for("Howells, James added and signed in")
    assert (_last_movement(demo) or ())[:2] == ("Howells", "in")


def test_letters_typed_behind_an_enter_land_in_the_next_field(board: Terminal, demo: Path) -> None:
    board.send("NIvanova\rMila\r8\r8C\r\x1b[21~")
    board.wait_for("Ivanova, Mila is new here")
    found = open_file(demo)
    row = found.row("SELECT surname, forename FROM student WHERE provisional = 1")
    found.close()
    assert row == ("Ivanova", "Mila")


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_psc_and_gives_the_terminal_back(board: Terminal, sent: signal.Signals) -> None:
    board.process.send_signal(sent)
    board.wait_for_end()
    assert b"\x1b[?1049l" in board.output
    assert b"Traceback" not in board.output


def test_ctrl_c_says_how_to_leave_and_ctrl_q_leaves(board: Terminal) -> None:
    board.send("\x03")
    board.wait_for("Ctrl+Q leaves psc")
    board.send("\x11")
    assert board.wait_for_end() == 0
    assert b"\x1b[?1049l" in board.output


def test_a_terminal_of_40_columns_shows_the_board(demo: Path) -> None:
    terminal = start(demo, 40, 10)
    try:
        sign_in(terminal)
        terminal.wait_for("Khan, Bilal")
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0
    finally:
        terminal.process.kill()
        terminal.process.wait()
        os.close(terminal.handle)


def test_without_a_terminal_the_board_is_printed_as_text(demo: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "psc", "--db", str(demo)],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0
    assert "Khan, Bilal" in done.stdout
    assert "\x1b" not in done.stdout
