"""Secrets at a real terminal: nothing of them is echoed, and wrong answers count together wherever they are given."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from psc.desk.place import DEMO_PASSPHRASE
from tests.cli.conftest import RIGHT, give_everybody
from tests.school import make_school
from tests.terminal.test_terminal import PATIENCE, start

if TYPE_CHECKING:
    from pathlib import Path

WRONG = "brick lantern eight"


@pytest.fixture
def hillside(tmp_path: Path) -> Path:
    """Hillside School's file, everybody with the same passphrase."""
    school = make_school(tmp_path)
    give_everybody(school.file)
    school.file.close()
    return school.path


def _at_a_terminal(typed: str, *words: str) -> tuple[int, str]:
    """Run psc with a controlling terminal, type once it asks, and return its exit code and all that was drawn."""
    pid, handle = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, "-m", "psc", *words])
    seen, until, asked = b"", time.monotonic() + PATIENCE, False
    while time.monotonic() < until:
        try:
            got = os.read(handle, 4096)
        except OSError:  # psc has ended
            break
        seen += got
        if not asked and seen.rstrip().endswith(b":"):
            asked = True
            os.write(handle, f"{typed}\n".encode())
    os.close(handle)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), seen.decode()


def test_a_command_asks_for_the_passphrase_and_shows_nothing_of_it(hillside: Path) -> None:
    code, seen = _at_a_terminal(RIGHT, "--db", str(hillside), "--as", "AS1", "roster")
    assert code == 0
    assert "Passphrase of AS1:" in seen
    assert "Hillside School" in seen
    assert RIGHT not in seen
    code, seen = _at_a_terminal(WRONG, "--db", str(hillside), "--as", "AS1", "roster")
    assert code == 3
    assert "do not go together" in seen
    assert WRONG not in seen


def _by_command(path: Path, secret: str) -> str:
    """Try a passphrase with a command, and return what it says."""
    return subprocess.run(
        [sys.executable, "-m", "psc", "--db", str(path), "--as", "AS1", "--secret-stdin", "roster"],
        input=f"{secret}\n", capture_output=True, text=True, check=False,
    ).stderr  # fmt: skip


def test_wrong_answers_in_the_app_and_at_a_command_count_together(demo: Path) -> None:
    for _ in range(3):
        assert "do not go together" in _by_command(demo, WRONG)
    terminal = start(demo, 80, 24)
    try:
        terminal.wait_for("Riverside Academy")
        for _ in range(2):
            terminal.send(f"{WRONG}\r")
            terminal.wait_for("do not go together")
        terminal.send(f"{DEMO_PASSPHRASE}\r")
        terminal.wait_for("Too many wrong answers")
        assert WRONG.encode() not in terminal.output
    finally:
        terminal.process.kill()
        terminal.process.wait()
        os.close(terminal.handle)
    assert "Too many wrong answers" in _by_command(demo, DEMO_PASSPHRASE)


def test_the_first_start_sets_a_school_up(tmp_path: Path) -> None:
    path = tmp_path / "new" / "psc.sqlite"
    terminal = start(path, 80, 24)
    try:
        terminal.wait_for("a new school")
        terminal.send(f"Hillside School\rAD1\rSam Hill\r{RIGHT}\r{RIGHT}\r")
        terminal.send(f"BL1\rRuth Okoro\r{WRONG}\r{WRONG}\r\r")
        terminal.wait_for("S. Hill · admin")
        assert path.exists()
        assert RIGHT.encode() not in terminal.output
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0
    finally:
        terminal.process.kill()
        terminal.process.wait()
        os.close(terminal.handle)


def test_the_first_start_in_a_folder_that_a_cloud_service_copies_says_why_not(tmp_path: Path) -> None:
    code, seen = _at_a_terminal("", "--db", str(tmp_path / "OneDrive" / "psc.sqlite"))
    assert code == 3
    assert "copied to a cloud service" in seen
    assert not (tmp_path / "OneDrive").exists()
