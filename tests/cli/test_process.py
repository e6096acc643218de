"""`psc` as a process of its own: what only a real one shows."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from psc.desk.place import DEMO_PASSPHRASE
from tests.cli.terminal import process

if TYPE_CHECKING:
    from pathlib import Path

TEXT_COMMANDS = """
import sys
from psc.cli.main import run

for words in (["roster"], ["find", "khan"], ["sign-in", "Khan"], ["undo"], ["doctor"], []):
    assert run(["--db", sys.argv[1], *words]) == 0, words
print([name for name in sys.modules if name.partition(".")[0] == "textual"])
"""
STOPPED = """
import os, signal, sys

class Asked:
    def readline(self):
        os.kill(os.getpid(), signal.SIGINT)
        raise AssertionError("the signal did not arrive")
    def isatty(self):
        return False
    def fileno(self):
        raise OSError

sys.stdin = Asked()
sys.argv = ["psc", "--secret-stdin", "--db", sys.argv[1], "roster"]
from psc.__main__ import main
sys.exit(main())
"""
NOT_FOR_THE_BOARD = (
    "psc.flows", "psc.tui", "psc.prints", "psc.importing", "psc.mail", "psc.roster.typed_slots",
    "psc.roster.typed_booking", "psc.desk.secrets", "argon2", "pendulum", "platformdirs", "reportlab", "stdnum",
    "asyncio", "email", "ssl",
)  # fmt: skip
"""What the board as text does without, each worth milliseconds of every `psc roster`."""


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The environment of a process that keeps to this test's folders."""
    return {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data"), "COLUMNS": "100"}


def test_text_commands_never_load_the_full_screen_library(demo: Path, env: dict[str, str]) -> None:
    done = process(str(demo), env=env, code=TEXT_COMMANDS)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_board_as_text_loads_little_besides_what_it_shows(demo: Path, env: dict[str, str]) -> None:
    code = (
        "import sys\nfrom psc.cli.main import run\nrun(['--db', sys.argv[1], 'roster'])\n"
        "print(*[name for name in sys.modules if name.partition('.')[0] == 'psc' or name in sys.argv])\n"
    )
    done = process(str(demo), *NOT_FOR_THE_BOARD, env=env, code=code)
    assert (done.returncode, done.stderr) == (0, "")
    loaded = done.stdout.splitlines()[-1].split()
    assert set(NOT_FOR_THE_BOARD) & set(loaded) == set()
    assert len(loaded) < 75, loaded


def test_the_board_and_an_error_come_out_of_a_process(demo: Path, env: dict[str, str]) -> None:
    done = process("--db", str(demo), "--secret-stdin", env=env, typed=f"{DEMO_PASSPHRASE}\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Khan, Bilal" in done.stdout
    done = process("--db", str(demo), "sign-in", "Nobody", env=env)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("psc: No student fits")


def test_ctrl_c_ends_a_process_with_130_and_a_sentence(demo: Path, env: dict[str, str]) -> None:
    done = process(str(demo), env=env, code=STOPPED)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "psc: Stopped. What was not finished was not saved.\n"


def test_a_terminal_of_plain_letters_shows_the_board_all_the_same(demo: Path, env: dict[str, str]) -> None:
    done = process("--db", str(demo), "roster", env={**env, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "Khan, Bilal" in done.stdout


def test_a_reader_who_leaves_early_is_no_fault(demo: Path, env: dict[str, str]) -> None:
    leaves = (
        "import subprocess, sys\n"
        "psc = subprocess.Popen([sys.executable, '-m', 'psc', *sys.argv[1:]], stdout=subprocess.PIPE,"
        " stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)\n"
        "psc.stdout.close()\n"
        "print(psc.wait(), psc.stderr.read())\n"
    )
    done = process("--db", str(demo), "roster", env=env, code=leaves)
    assert done.stdout == "0 b''\n"


def test_standard_input_that_is_closed_is_no_fault(demo: Path, env: dict[str, str]) -> None:
    closed = "import os, sys\nos.close(0)\nos.execv(sys.executable, [sys.executable, '-m', 'psc', *sys.argv[1:]])\n"
    done = process("--db", str(demo), "roster", env=env, code=closed)
    assert (done.returncode, done.stderr) == (0, "")
    done = process("--db", str(demo), "--secret-stdin", "roster", env=env, code=closed)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("psc: No passphrase was given.")


def test_undo_takes_back_the_last_act_and_not_one_before_it(demo: Path, env: dict[str, str]) -> None:
    def said(*words: str) -> str:
        done = process("--db", str(demo), *words, env=env)
        assert (done.returncode, done.stderr) == (0, ""), words
        return done.stdout

    said("sign-in", "Khan")
    said("work", "ask", "Khan", "P4")  # the code of this act is not among what `psc undo` needs itself
    assert "ask for work" in said("undo").lower()
