"""The morning's paper logs, written by themselves: tomorrow's power cut finds yesterday evening's or this morning's."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from psc.desk.permissions import may

if TYPE_CHECKING:
    from datetime import date, datetime

    from psc.tui.screens.today import Today

BEFORE_FIRST_BELL = timedelta(hours=1)
"""How long before the first bell a day's logs are written: late enough to carry what was booked in the evening."""
TRY_AGAIN = timedelta(minutes=1)
"""How long after a failure they are tried again."""


class MorningSheets:
    """Writes the logs of every room once a day, beside the event loop, while somebody sits at the board.

    After the last bell it writes those of the next school day, for a morning that begins without power.
    """

    def __init__(self) -> None:
        self._done: set[tuple[date, bool]] = set()
        self._again: datetime | None = None
        self._told = False

    def look(self, today: Today) -> None:
        """Write what is due, if anything is. A demo's day needs no paper. Who may not print everybody leaves it."""
        may_print = may("print_log", today.staff) and may("see_roster", today.staff) and today.board.whole
        if today.desk.file.demo_moment or not may_print:
            return
        due = self._due(today)
        if due is None or due in self._done or (self._again and today.now < self._again):
            return
        self._done.add(due)
        today.run_worker(partial(self._write, today, *due), thread=True, group="paper")

    def _due(self, today: Today) -> tuple[date, bool] | None:
        """Return the day whose logs are due now, and whether it is the evening before."""
        periods = [period for year in today.board.shape.by_year.values() for period in year]
        if not periods or today.now < min(one.start for one in periods) - BEFORE_FIRST_BELL:
            return None
        if today.now < max(one.end for one in periods):
            return (today.board.day.day, False)
        return (today.board.next_day, True) if today.board.next_day else None

    def _write(self, today: Today, day: date, eve: bool) -> None:
        """Write the logs on a connection of its own, where they are not there yet."""
        from psc.database.file import opened
        from psc.desk.acts import Desk
        from psc.errors import PscError
        from psc.overview.read_board import read_board
        from psc.prints.keep import print_sheet
        from psc.prints.log import are_kept, keep_logs

        desk = today.desk
        try:
            with opened(desk.file.path) as file:
                beside = Desk(file, desk.clock, desk.code, desk.terminal)
                board = read_board(file, day, beside.staff())
                if board.whole and not are_kept(file, board, eve=eve):
                    # One line in the ledger a day, however often it is tried and by how many terminals.
                    printed = print_sheet("log, by itself", board.named())
                    beside.do_patiently(printed, id=f"log-{'eve-' if eve else ''}{day}")
                    keep_logs(file, board, board.rooms, desk.clock.now(), eve=eve)
        except PscError as error:
            today.app.call_from_thread(self._failed, today, (day, eve), str(error))

    def _failed(self, today: Today, due: tuple[date, bool], words: str) -> None:
        """Try again in a while, and say so the first time."""
        self._done.discard(due)
        self._again = today.now + TRY_AGAIN
        if not self._told:
            self._told = True
            today.refuse(f"The paper log could not be written: {words} psc tries again; p prints it.")
