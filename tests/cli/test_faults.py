"""A fault of psc's own on the command line, and the log a technician reads."""

from __future__ import annotations

import os
import re
import stat
import sys
import threading
from typing import TYPE_CHECKING, NoReturn

import pytest

from psc import faults
from psc.cli import main as line
from psc.database.places import data_folder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.terminal import Terminal

NAME = "Khan, Bilal"


class Odd(Exception):
    """An exception of no known kind."""


def _goes_wrong(*_: object) -> NoReturn:
    student = NAME
    try:
        raise KeyError(student)
    except KeyError as error:
        raise Odd(f"{student} is not there") from error


@pytest.fixture
def log() -> Path:
    return data_folder() / faults.LOG


def test_a_fault_is_a_sentence_with_a_reference_and_a_line(
    psc: Terminal, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "_run", _goes_wrong)
    said = psc("roster")
    assert (said.code, said.out) == (1, "")
    told = re.fullmatch(
        r"psc: psc met a fault of its own \(reference (\w{6}), (psc/cli/main\.py:\d+)\); what was saved is kept\."
        r" Nothing half done was saved\.\n",
        said.err,
    )
    assert told, said.err
    assert told[1] in log.read_text()
    assert psc("roster").err == said.err, "the same fault has the same reference"
    said = psc("--json", "roster")
    assert said.code == 1
    assert said.error["code"] == "fault"


def test_the_log_holds_types_files_and_lines_and_no_word_of_what_was_in_hand(log: Path) -> None:
    with pytest.raises(Odd) as caught:
        _goes_wrong()
    fault = faults.note(caught.value)
    head, *ways = log.read_text().splitlines()
    assert head.split()[1] == fault.reference
    assert [way.split()[0] for way in ways] == ["tests.cli.test_faults.Odd", "KeyError"]
    at = r"tests/cli/test_faults\.py:\d+"
    assert all(re.fullmatch(rf"  \S+ {at}( > {at})*", way) for way in ways)
    assert not {"Khan", "Bilal", "there", "goes_wrong", "student"} & set(re.findall(r"\w+", log.read_text()))


def test_names_that_a_file_or_a_type_carries_do_not_come_out_whole(log: Path, tmp_path: Path) -> None:
    """A folder may be called after somebody, and a type can be made with any words."""
    made = compile("raise kind()", str(tmp_path / "Khan Bilal" / "x\x1b[2J.py"), "exec")
    with pytest.raises(Exception) as caught:
        exec(made, {"kind": type("Odd\x1b]0;title\x07", (Exception,), {})})
    faults.note(caught.value)
    text = log.read_text()
    assert "\x1b" not in text
    assert "Khan" not in text


def test_a_fault_without_end_is_written_short(log: Path) -> None:
    def deeper() -> None:
        deeper()

    with pytest.raises(RecursionError) as caught:
        deeper()
    faults.note(caught.value)
    assert len(log.read_bytes()) < 4_000
    one = ValueError()
    one.__cause__ = KeyError()
    one.__cause__.__cause__ = one
    faults.note(one)


def test_the_log_is_private_and_does_not_grow_for_ever(log: Path) -> None:
    log.write_text("made by somebody else\n")
    log.chmod(0o666)
    faults.note(ValueError())
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    for _ in range(3):
        with log.open("a") as opened:
            opened.write("x" * faults.LOG_BYTES)
        faults.note(ValueError())
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    both = sorted(one.name for one in log.parent.iterdir() if one.name.startswith(faults.LOG))
    assert both == ["faults.log", "faults.log.old"]
    assert log.stat().st_size < faults.LOG_BYTES


def test_a_log_that_cannot_be_written_keeps_nothing_from_being_said(log: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("")
    log.symlink_to(elsewhere)
    assert faults.note(ValueError()).reference
    assert elsewhere.read_text() == "", "a link is not followed"
    log.unlink()
    log.mkdir()
    assert faults.note(ValueError()).sentence


def test_what_nothing_caught_is_a_sentence_in_whatever_thread(
    log: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for owner, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    faults.watch(faults.say)
    thread = threading.Thread(target=_goes_wrong)
    thread.start()
    thread.join()
    with pytest.raises(Odd) as caught:
        _goes_wrong()
    sys.excepthook(Odd, caught.value, caught.tb)
    said = capfd.readouterr().err
    assert said.count("psc met a fault of its own") == 2
    assert NAME not in said
    assert "Traceback" not in said

    class Finalised:
        def __del__(self) -> None:
            _goes_wrong()

    Finalised()
    assert capfd.readouterr().err == "", "nobody waits for a finaliser"
    assert log.read_text().count("test_faults.Odd") == 3


def test_a_fault_in_a_process_shows_no_traceback(demo: Path) -> None:
    from tests.cli.terminal import process

    breaks = (
        "import sys\n"
        "import psc.cli.context as broken\n"
        "def wrong(*_): raise KeyError('Khan, Bilal')\n"
        "broken.Context.path = wrong\n"
        "sys.argv = ['psc', 'roster']\n"
        "from psc.__main__ import main\n"
        "main()\n"
    )
    done = process(env=dict(os.environ), code=breaks)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "psc met a fault of its own" in done.stderr
    assert "Khan" not in done.stderr
