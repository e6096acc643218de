"""A process that has read psc's code already, and begins as many pscs as tests ask for, each a process of its own.

Reading the code is most of what a start costs. Each psc gets a terminal or pipes, a session, an environment and
arguments of its own, and then begins as any other does: all that is different is that its modules have been read. Where
that is the point, in what the environment may ask of them, tests start Python itself.
"""

from __future__ import annotations

import atexit
import fcntl
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import termios
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[1]
_READ_ALL = """
import argon2
from psc import faults, process
from psc.cli.main import run
from psc.tui.screens.quiet import Quiet
from psc.tui.screens.today import Today
from psc.tui.app import run_app
from tests import beginner
import tests.database.writer
exec(beginner.serve())
"""


class Begun:
    """A psc that has begun so: what tests ask of a process, of one that is not this one's child."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return how it ended, None while it runs."""
        if self.returncode is None:
            self.returncode = _asked({"look": self.pid})
        return self.returncode

    def wait(self) -> int | None:
        """Wait until it has ended, and return how."""
        if self.returncode is None:
            self.returncode = _asked({"wait": self.pid})
        return self.returncode

    def send_signal(self, sent: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, sent)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)


def begin(code: str, words: list[str], env: Mapping[str, str], *handles: int) -> Begun:
    """Begin a psc on a terminal, or on what it is to read from and to write to.

    `code` is what Python would be given with `-c`.
    """
    pid = _asked({"code": code, "words": words, "env": dict(env), "cwd": os.getcwd()}, *handles)
    assert pid is not None
    return Begun(pid)


def _asked(question: dict[str, Any], *handles: int) -> int | None:
    """Ask the beginner, and return the number it answers with."""
    line = _beginner()
    socket.send_fds(line, [json.dumps(question).encode()], handles)
    answer: int | None = json.loads(line.recv(100))
    return answer


@cache
def _beginner() -> socket.socket:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-c", _READ_ALL, str(theirs.fileno())],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env={name: value for name, value in os.environ.items() if not name.upper().startswith("TEXTUAL")},
        )

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


# -- what runs in the beginner itself ---------------------------------------------------------------------------------


def serve() -> str:
    """Answer until the tests are over. Returns in each psc that is begun, with the code to run."""
    gc.collect()
    gc.freeze()
    line = socket.socket(fileno=int(sys.argv[1]))
    while True:
        said, handles, _, _ = socket.recv_fds(line, 1_000_000, 2)
        if not said:
            os._exit(0)
        question = json.loads(said)
        if "code" in question:
            pid = os.fork()
            if pid == 0:
                line.close()
                _become(question, handles)
                code: str = question["code"]
                return code
            for handle in handles:
                os.close(handle)
            answer: int | None = pid
        else:
            pid = question.get("wait") or question["look"]
            ended, how = os.waitpid(pid, 0 if "wait" in question else os.WNOHANG)
            answer = os.waitstatus_to_exitcode(how) if ended else None
        line.send(json.dumps(answer).encode())


def _become(question: dict[str, Any], handles: list[int]) -> None:
    """Be the process that was asked for."""
    os.setsid()
    if len(handles) == 1:
        fcntl.ioctl(handles[0], termios.TIOCSCTTY, 0)
        handles = handles * 3
    for standard, handle in enumerate(handles):
        os.dup2(handle, standard)
    for handle in set(handles):
        os.close(handle)
    sys.stdin = sys.__stdin__ = open(0, closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", buffering=1, closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", buffering=1, closefd=False)  # type: ignore[misc]  # noqa: SIM115
    os.environ.clear()
    os.environ.update(question["env"])
    os.chdir(question["cwd"])
    sys.argv[:] = ["-c", *question["words"]]
