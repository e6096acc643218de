"""A fault of psc's own: the one sentence that may be said of it, and what a technician finds in `faults.log`.

The message of an exception and the values in its frames can hold a student's name or a secret. Neither is ever shown or
written: only the types of exceptions, and the files and lines they came through.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

LOG = "faults.log"
"""The log's name, in psc's data folder; what it held before it was full is kept as `faults.log.old`."""
LOG_BYTES = 64 * 1024
"""How large the log grows."""
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""What references are made of: nothing that is mistaken for another when it is read out on the telephone."""
_FRAMES = 30
"""How many lines of an exception's way are written, the innermost."""
_EXCEPTIONS = 6
"""How many exceptions of a chain are written."""
_PACKAGE = Path(__file__).resolve().parent.parent


class Fault(NamedTuple):
    """A fault as it may be told: `reference` finds it in the log, `where` is the innermost file and line of psc."""

    reference: str
    where: str

    @property
    def sentence(self) -> str:
        """What is said of it."""
        return f"psc met a fault of its own (reference {self.reference}, {self.where}); what was saved is kept."


def note(error: BaseException) -> Fault:
    """Write a fault into the log, and return what may be said of it. Never fails: at worst nothing is written."""
    chain = list(_chain(error))
    ways = [list(_way(one.__traceback__)) for one in chain]
    own = next((at for way in ways for at in reversed(way) if at.startswith("psc/")), "")
    where = own or next((way[-1] for way in ways if way), "no line is known")
    lines = [f"  {_type(one)} {' > '.join(way[-_FRAMES:])}".rstrip() for one, way in zip(chain, ways, strict=True)]
    fault = Fault(_reference(lines), where)
    with suppress(Exception):  # whatever is wrong with the folder, the sentence must still be said
        _write(fault, lines)
    return fault


def _reference(lines: list[str]) -> str:
    """Make a reference of what is written of a fault: the same fault has the same, wherever it is met."""
    from hashlib import sha256

    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in sha256("\n".join(lines).encode()).digest()[:6])


def say(error: BaseException) -> None:
    """Write a fault into the log and say its sentence on standard error."""
    if isinstance(error, Exception):
        words = note(error).sentence
        with suppress(OSError, ValueError):  # nobody may be there to read it
            print(f"psc: {words}", file=sys.__stderr__)


def watch(tell: Callable[[BaseException], object]) -> None:
    """Hand `tell` every exception that nothing caught, in whatever thread; Python would print its message.

    What goes wrong where nobody can be told (in a finaliser) is only written into the log: nothing waits for it.
    """

    def in_thread(told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None:
            tell(told.exc_value)

    def unraisable(told: sys.UnraisableHookArgs) -> None:
        if told.exc_value is not None:
            note(told.exc_value)

    sys.excepthook = lambda kind, error, trace: tell(error)
    threading.excepthook = in_thread
    sys.unraisablehook = unraisable


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Follow an exception to what it was raised from, or while."""
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen and len(seen) < _EXCEPTIONS:
        seen.add(id(following))
        yield following
        following = following.__cause__ or following.__context__


def _way(trace: TracebackType | None) -> Iterator[str]:
    """Follow an exception from where it was caught to where it was raised, as file:line."""
    while trace is not None:
        yield f"{_file(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"
        trace = trace.tb_next


def _file(name: str) -> str:
    """Shorten a file's name to the package and what follows: the folders above it may be named after somebody."""
    path = Path(name)
    with suppress(ValueError):
        return _plain(path.relative_to(_PACKAGE).as_posix())
    parts = path.parts
    if "site-packages" in parts:
        return _plain("/".join(parts[parts.index("site-packages") + 1 :]))
    return _plain(path.name)


def _type(error: BaseException) -> str:
    kind = type(error)
    return _plain(kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}")


def _plain(text: str) -> str:
    return re.sub(r"[^\w./<>-]", "_", text, flags=re.ASCII)


def _write(fault: Fault, lines: list[str]) -> None:
    """Add a fault to the log, in one write, so that two terminals do not mix theirs."""
    from psc import __version__
    from psc.clock import SystemClock, stamp
    from psc.database.places import data_folder

    log = data_folder() / LOG
    if log.exists() and log.stat().st_size > LOG_BYTES:
        os.replace(log, f"{log}.old")
    python = ".".join(str(part) for part in sys.version_info[:3])
    head = f"{stamp(SystemClock().now())} {fault.reference} psc {__version__} python {python} {sys.platform}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(log, flags, 0o600)
    try:
        if hasattr(os, "fchmod"):
            os.fchmod(handle, 0o600)  # somebody may have made the file before
        os.write(handle, ("\n".join([head, *lines]) + "\n").encode())
    finally:
        os.close(handle)
