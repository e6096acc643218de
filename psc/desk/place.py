"""Where a desk stands: at which terminal, and by which clock."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from psc.clock import Clock, RunningClock, SystemClock, moment

if TYPE_CHECKING:
    from psc.database.file import File


DEMO_PERSON = "AS1"
"""Who one is on a demo file when nobody is named."""
DEMO_PASSPHRASE, DEMO_PIN = "riverside demo passphrase", "314159"
"""What everybody on a demo file has for a secret. The demo's sign-in screen shows them, and no other screen does."""


def clock_of(file: File) -> Clock:
    """Return the clock for a file.

    A demo's now is the later of the moment it was made for and its newest ledger line, running on from when it is
    opened. Only `psc demo` writes that mark, so no real file's clock can be set.
    """
    if file.demo_moment is None:
        return SystemClock()
    newest = file.value("SELECT at FROM ledger ORDER BY seq DESC LIMIT 1")
    start = moment(file.demo_moment)
    return RunningClock(max(start, moment(newest)) if newest else start)


def terminal() -> str:
    """Return a name for the terminal psc was started in, so that undo keeps to it."""
    try:
        return os.ttyname(sys.stdin.fileno())
    except AttributeError:  # Windows has no such names; each window has a shell of its own
        return f"window-{os.getppid()}"
    except (OSError, ValueError):
        return "cli"
