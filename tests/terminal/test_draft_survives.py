"""A psc that is killed: what was being typed is offered to its author at the next sign-in."""

from __future__ import annotations

import os
import sqlite3
import time
from typing import TYPE_CHECKING

from psc.desk.place import DEMO_PASSPHRASE
from tests.terminal.test_terminal import PATIENCE, Terminal, start

if TYPE_CHECKING:
    from pathlib import Path

F5 = "\x1b[15~"


def signed_in(path: Path) -> Terminal:
    """Start psc on a demo, and sign in as the person it offers."""
    terminal = start(path, 80, 24)
    terminal.wait_for("Passphrase:")
    terminal.send(f"{DEMO_PASSPHRASE}\r")
    terminal.wait_for("Osei, Kofi")
    return terminal


def ended(terminal: Terminal) -> None:
    """Kill it, as a power cut does."""
    terminal.process.kill()
    terminal.process.wait()
    os.close(terminal.handle)


def test_what_was_typed_when_psc_was_killed_is_offered_again(demo: Path) -> None:
    first = signed_in(demo)
    try:
        first.send("a")
        first.wait_for("Until end of")
        first.send("novak")
        _until_kept(first, demo, "novak")
        first.send("\x1b")
        first.wait_for("Esc keeps a draft")
        first.send("\x1b")
        first.wait_for("Not saved, but kept")
        first.send("n")
        first.wait_for("of 20,000")
        first.send("hySaw her sister")
        _until_kept(first, demo, "Saw her sister")
    finally:
        ended(first)
    second = signed_in(demo)
    try:
        second.send("a")
        second.wait_for("F5 brings it back")
        second.send(F5)
        second.wait_for("Novak, Petra  9D")
        second.send("\x1b")
        second.wait_for("Esc keeps a draft")
        second.send("\x1b")
        second.wait_for("Not saved, but kept")
        second.send("n")
        second.wait_for("F5 brings it back")
        second.send(F5)
        second.wait_for("Saw her sister")
    finally:
        ended(second)


def _until_kept(terminal: Terminal, path: Path, words: str) -> None:
    """Wait until a draft has these words."""
    until = time.monotonic() + PATIENCE
    while not _kept(path, words) and time.monotonic() < until:
        terminal.read()


def _kept(path: Path, words: str) -> bool:
    """Say whether a draft has these words, looking as another program does: this process must not hold psc's file."""
    look = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return bool(look.execute("SELECT count(*) FROM draft WHERE instr(json, ?)", (words,)).fetchone()[0])
    finally:
        look.close()
