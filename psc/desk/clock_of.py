"""Which clock a file runs by: the machine's, or for the demo one set to a school morning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import Clock, RunningClock, SystemClock, moment

if TYPE_CHECKING:
    from psc.database.file import File


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
