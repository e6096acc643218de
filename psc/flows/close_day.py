"""The day's end: closed by somebody, once nobody is in a room and nobody is missing. Nobody is signed out silently."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment, wall
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.errors import Refused
from psc.overview.day_end import still_here
from psc.overview.read_board import read_board
from psc.text import clean

if TYPE_CHECKING:
    from psc.database.file import File


class DayClosed(NamedTuple):
    """Who closed a day, and when."""

    at: datetime
    by: str


def day_closed(file: File, day: date) -> DayClosed | None:
    """Return by whom a day was closed, None while it is not."""
    found = file.row(
        "SELECT c.happened, l.actor FROM day_close c JOIN ledger l ON l.seq = c.seq"
        f" WHERE c.day = ? AND {live('day_close', 'c')} ORDER BY c.id DESC LIMIT 1",
        (day.isoformat(),),
    )
    return DayClosed(moment(found[0]), found[1]) if found else None


@act("close_day", resting=())
def close_day(tx: Tx, note: str = "") -> int:
    """Close today; returns the closing's id. What is held, untold or pending stays listed for tomorrow.

    Raises `Refused` when it is closed already, and while somebody is in a room or to be found.
    """
    if done := day_closed(tx.file, tx.today):
        raise Refused(f"{done.by} closed the day at {wall(done.at, tx.file.zone)}.", "Nothing was changed.")
    here = still_here(read_board(tx.file, tx.today, tx.actor), tx.now)
    if here:
        names = "; ".join(one.row.name for one in here[:3]) + (f" and {len(here) - 3} more" if len(here) > 3 else "")
        raise Refused(f"Not everybody has left: {names}.", "Sign them out, or say where they are, first.")
    return tx.add("day_close", note=clean(note))
