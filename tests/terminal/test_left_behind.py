"""What is left on a terminal, in its scrollback, title and clipboard, and in files, however psc ends."""

from __future__ import annotations

import os
import re
import signal
import stat
import time
from typing import TYPE_CHECKING

import pytest

from tests.terminal.recorded import ENTER, LEAVE, Recorded, names_in, recorded

if TYPE_CHECKING:
    from pathlib import Path

TITLE = re.compile(rb"\x1b\][012];")
CLIPBOARD = re.compile(rb"\x1b\]52;c;([^\x07]*)\x07")
FAULT = re.compile(
    r"psc: psc met a fault of its own \(reference ([2-9A-Z]{6}), ([^ )]+:\d+)\); what was saved is kept\."
)

FAULTY = """
import asyncio, threading
from psc.tui.app import PscApp

class Named(Exception):
    def __rich__(self): return "Osei, Kofi drawn"

def goes_wrong(*_):
    student = "Osei, Kofi in a local"
    try:
        raise Named("Osei, Kofi in a message")
    except Named as error:
        raise {kind} from error

async def goes_wrong_later(*_):
    goes_wrong()

def meet(today):
    {meets}

PscApp.action_say_how_to_leave = lambda self: meet(self.screen)
from psc.__main__ import main
main()
"""
"""psc with a fault that Ctrl+C meets."""
CTRL_C, CTRL_Q = "\x03", "\x11"
PLACES = {
    "a handler": "goes_wrong()",
    "a screen's turn": "today.call_next(goes_wrong)",
    "a worker": "today.run_worker(goes_wrong_later())",
    "a worker thread": "today.run_worker(goes_wrong, thread=True)",
    "a thread": "threading.Thread(target=goes_wrong).start()",
    "a timer": "today.set_timer(0.01, goes_wrong)",
    "a task nobody awaits": "asyncio.get_running_loop().create_task(goes_wrong_later())",
    "the drawing": "today.render_lines = goes_wrong; today.refresh()",
    "the app's own turn": "today.app.call_later(goes_wrong)",
    "the loop": "asyncio.get_running_loop().call_soon(goes_wrong)",
    "the way out": "PscApp.on_unmount = goes_wrong; today.app.exit()",
    "where keys are read": "today.app._driver.process_message = goes_wrong",
}


def holds_nobody(terminal: Recorded, path: Path) -> None:
    """Hold that all that names a student was written between entering and leaving the alternate screen."""
    assert terminal.written.count(ENTER) == terminal.written.count(LEAVE) == 1
    names = names_in(path)
    drawn = set(re.findall(r"[\w’'-]+", terminal.written.decode(errors="replace")))
    assert names & drawn, "names were drawn, else this shows nothing"
    stayed = set(re.findall(r"[\w’'-]+", terminal.outside.decode(errors="replace")))
    assert names & stayed == set()
    assert not TITLE.search(terminal.written)
    assert "Traceback" not in terminal.left_behind


def test_leaving_leaves_nothing(demo: Path) -> None:
    with recorded(demo) as psc:
        psc.see_the_board()
        psc.send(CTRL_Q)
        assert psc.wait_for_end() == 0
    assert psc.left_behind == ""
    holds_nobody(psc, demo)


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_leaves_nothing(demo: Path, sent: signal.Signals) -> None:
    with recorded(demo) as psc:
        psc.see_the_board()
        psc.process.send_signal(sent)
        assert psc.wait_for_end() == 0
    assert psc.left_behind == ""
    holds_nobody(psc, demo)


def test_a_signal_is_heard_at_once_where_nothing_else_happens(demo: Path) -> None:
    still = (
        "from psc.tui.parting import LeavesNoTrace\n"
        "LeavesNoTrace.on_mount = lambda self: self.set_timer(0.2, self.bell) and None\n"
        "LeavesNoTrace().run_to_its_end()\n"
    )
    with recorded(demo, code=still) as psc:
        until = time.monotonic() + 10
        while b"\x07" not in psc.written and time.monotonic() < until:  # its last timer
            psc.read()
        time.sleep(1)  # until the loop is asleep
        psc.process.send_signal(signal.SIGTERM)
        assert psc.wait_for_end(within=4) == 0


def test_a_terminal_that_is_closed_ends_psc(demo: Path) -> None:
    with recorded(demo) as psc:
        psc.see_the_board()
        psc.hang_up()
        assert psc.wait_for_end() == 0


def test_a_terminal_that_is_closed_ends_a_psc_that_no_signal_reaches(demo: Path) -> None:
    deaf = "import signal; from psc.tui import parting; signal.signal(signal.SIGHUP, signal.SIG_IGN)"
    with recorded(demo, code=f"{deaf}; parting.ENDING = (); from psc.__main__ import main; main()") as psc:
        psc.see_the_board()
        psc.hang_up()
        assert psc.wait_for_end() == 0


@pytest.mark.parametrize("meets", PLACES.values(), ids=PLACES)
def test_a_fault_is_one_sentence_and_exit_code_1(demo: Path, tmp_path: Path, meets: str) -> None:
    with recorded(demo, code=FAULTY.format(kind="KeyError('Osei, Kofi')", meets=meets)) as psc:
        psc.see_the_board()
        psc.send(CTRL_C)
        if "process_message" in meets:
            time.sleep(0.2)
            psc.send("x")
        assert psc.wait_for_end() == 1
    told = FAULT.fullmatch(psc.left_behind.strip())
    assert told, psc.left_behind
    holds_nobody(psc, demo)
    log = (tmp_path / "data" / "psc" / "faults.log").read_text()
    assert log.count(told[1]) == 1, "its reference is in the log"
    assert "KeyError" in log
    assert "__main__.Named" in log
    assert "Osei" not in log


def test_a_fault_that_would_draw_itself_is_not_drawn(demo: Path) -> None:
    with recorded(demo, code=FAULTY.format(kind="Named('Osei, Kofi')", meets="goes_wrong()")) as psc:
        psc.see_the_board()
        psc.send(CTRL_C)
        assert psc.wait_for_end() == 1
    assert FAULT.fullmatch(psc.left_behind.strip())
    holds_nobody(psc, demo)


def test_what_was_copied_is_taken_out_of_the_clipboard(demo: Path) -> None:
    copies = FAULTY.format(kind="KeyError", meets="today.app.copy_to_clipboard('Osei, Kofi')")
    with recorded(demo, code=copies) as psc:
        psc.see_the_board()
        psc.send(CTRL_C)
        time.sleep(0.3)
        psc.send(CTRL_Q)
        assert psc.wait_for_end() == 0
    first, *_, last = CLIPBOARD.findall(psc.written)
    assert first
    assert last == b""
    holds_nobody(psc, demo)


def test_a_clipboard_that_psc_did_not_use_is_left_alone(demo: Path) -> None:
    with recorded(demo) as psc:
        psc.see_the_board()
        psc.send(CTRL_Q)
        psc.wait_for_end()
    assert not CLIPBOARD.search(psc.written)


def test_why_the_file_did_not_open_is_said(demo: Path) -> None:
    demo.write_bytes(b"something else, by a psc from another world")
    with recorded(demo) as psc:
        assert psc.wait_for_end() == 5
    assert psc.left_behind.strip() == (
        "psc: This is not a psc file, or it is damaged. It was left as it is. Check the path, or restore a backup."
    )


def test_the_app_does_not_open_a_file_in_a_synced_folder(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    with recorded(demo.rename(tmp_path / "Dropbox" / "demo.sqlite")) as psc:
        assert psc.wait_for_end() == 3
    said = " ".join(psc.left_behind.split())
    assert "“Dropbox” is copied to a cloud service" in said
    assert "move the file" in said


# -- what the environment asks for -----------------------------------------------------------------------------------

_ASKED = {
    "TEXTUAL": "debug,devtools",
    "TEXTUAL_DEBUG": "1",
    "TEXTUAL_LOG": "{folder}/textual.log",
    "TEXTUAL_DEVTOOLS_HOST": "127.0.0.1",
    "TEXTUAL_DEVTOOLS_PORT": "9",
    "TEXTUAL_DRIVER": "textual.drivers.headless_driver:HeadlessDriver",
    "TEXTUAL_SCREENSHOT": "1",
    "TEXTUAL_SCREENSHOT_LOCATION": "{folder}",
    "TEXTUAL_SCREENSHOT_FILENAME": "screen.svg",
    "TEXTUAL_PRESS": "ctrl+q",
    "TEXTUAL_SHOW_RETURN": "1",
    "TEXTUAL_THEME": "textual-light",
    "TEXTUAL_COLOR_SYSTEM": "standard",
    "TEXTUAL_ALLOW_SIGNALS": "1",
    "textual_log": "{folder}/small.log",
    "PYTHONASYNCIODEBUG": "1",
    "PYTHONFAULTHANDLER": "1",
}


def _asked(folder: Path) -> dict[str, str]:
    return {name: value.format(folder=folder) for name, value in _ASKED.items()}


@pytest.mark.parametrize("code", ["-m psc", "import sys; from psc.__main__ import main; sys.exit(main())"])
def test_nothing_in_the_environment_makes_psc_write_down_or_do_anything(demo: Path, tmp_path: Path, code: str) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    with recorded(demo, code=code, env=_asked(folder), cwd=folder) as psc:
        psc.see_the_board()
        time.sleep(1.5)  # a picture of the screen would be taken after a second
        psc.send(CTRL_C)
        psc.wait_for("Ctrl+Q leaves psc")
        psc.send(CTRL_Q)
        assert psc.wait_for_end() == 0
    assert list(folder.iterdir()) == []
    assert psc.left_behind == ""
    holds_nobody(psc, demo)


def test_textual_imported_before_psc_is_switched_off_too(demo: Path, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    with recorded(
        demo, code="import textual.app; from psc.__main__ import main; main()", env=_asked(folder), cwd=folder
    ) as psc:
        psc.see_the_board()
        time.sleep(1.5)
        psc.send(CTRL_Q)
        assert psc.wait_for_end() == 0
    assert list(folder.iterdir()) == []
    assert psc.left_behind == ""


def test_psc_has_no_core_dumps_and_makes_files_of_its_own_alone(demo: Path, tmp_path: Path) -> None:
    told = tmp_path / "told"
    tells = (
        "import atexit, os, resource, faulthandler\n"
        "from psc.cli import main as line\n"
        "def run(words):\n"
        f"    open({str(told)!r}, 'w').write('%o %s %s %s' % (os.umask(0), resource.getrlimit(resource.RLIMIT_CORE),"
        " faulthandler.is_enabled(), [one for one in os.environ if one.upper().startswith('TEXTUAL')]))\n"
        "    return 0\n"
        "line.run = run\n"
        "os.umask(0)\n"
        "from psc.__main__ import main; main()\n"
    )
    with recorded(demo, code=tells, env=_asked(tmp_path)) as psc:
        psc.wait_for_end()
    assert told.read_text() == "77 (0, 0) False []"
    assert stat.S_IMODE(os.stat(told).st_mode) == 0o600
