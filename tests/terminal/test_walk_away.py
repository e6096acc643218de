"""Walking away from psc in a real terminal: stopped, locked, and a hundred keys pressed by somebody else."""

from __future__ import annotations

import signal
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from psc.database.file import open_file
from psc.desk.place import DEMO_PIN
from tests.terminal.test_terminal import PATIENCE, Terminal, board

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["board"]

NAMES = [name.encode() for name in ("Osei", "Khan", "Bilal", "Reid", "Callum", "Novak", "Petra", "Marsh", "Hussain")]


def nothing_of_a_student(written: bytes) -> bool:
    """Say whether no name of the demo's students is among the bytes."""
    return not any(name in written for name in NAMES)


def wait_until_stopped(terminal: Terminal) -> None:
    """Wait until the process has been stopped."""
    until = time.monotonic() + PATIENCE
    stat = Path(f"/proc/{terminal.process.pid}/stat")
    if not stat.exists():
        pytest.skip("this system does not say whether a process is stopped")
    while stat.read_text().rpartition(")")[2].split()[0] != "T":
        assert time.monotonic() < until, "psc was not stopped"
        terminal.read()


def test_a_psc_that_is_stopped_comes_back_locked(board: Terminal) -> None:
    board.send("anov")
    board.wait_for("Novak, Petra")
    board.settle()
    board.process.send_signal(signal.SIGTSTP)
    wait_until_stopped(board)
    assert b"\x1b[?1049l" in board.output, "the terminal was given back"
    board.output = b""
    board.process.send_signal(signal.SIGCONT)
    until = time.monotonic() + PATIENCE
    while b"\x1b[?1049h" not in board.output:  # what it drew before it was stopped may still be on its way
        assert time.monotonic() < until, "psc did not come back"
        board.read()
    board.wait_for("Locked · J. Smith")
    assert nothing_of_a_student(board.output)
    board.settle()  # it draws before it listens again: keys typed in between are the shell's
    board.send(f"{DEMO_PIN}\r")
    board.wait_for("Novak, Petra")


def test_over_a_hundred_keys_at_the_lock_show_and_do_nothing(board: Terminal, demo: Path) -> None:
    board.send("\x1b[24~")
    board.wait_for("Locked · J. Smith")
    letters: Sequence[str] = [chr(one) for one in range(0x21, 0x7F)]
    controls = [chr(one) for one in range(1, 0x20) if chr(one) not in "\x1b"]
    escapes = [
        *(f"\x1bO{one}" for one in "PRS"),  # F1 to F4 but F2, which asks for another code
        *(f"\x1b[{one}~" for one in (1, 2, 3, 4, 5, 6, 15, 17, 18, 19, 20, 21, 23, 24)),
        *(f"\x1b[{one}" for one in "ABCDHFZ"), *(f"\x1b[1;{n}{one}" for n in (2, 3, 5) for one in "ABCD"),
        "\x1b[200~Osei pasted\x1b[201~", "\x1b[<0;5;5M", "\x1b[<0;5;5m", "\x1b[<64;5;5M",
    ]  # fmt: skip
    keys = [*letters, *controls, *escapes]
    assert len(keys) > 100
    with closing(open_file(demo)) as file:
        before = file.value("SELECT max(seq) FROM ledger")
    seen = b""
    for place in range(0, len(keys), 6):
        board.send("".join(keys[place : place + 6]))
        board.read()
        seen += board.output
    board.send("\x1b\x1b")
    board.read()
    seen += board.output
    assert nothing_of_a_student(seen)
    assert board.process.poll() is None, "no key has ended psc"
    with closing(open_file(demo)) as file:
        acts = {act for (act,) in file.rows("SELECT act FROM ledger WHERE seq > ?", (before,))}
    assert acts <= {"fail_sign_on"}
