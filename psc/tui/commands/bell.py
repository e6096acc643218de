"""The command of the bell: the end of a period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.overview.period_end import ended_period
from psc.tui.commands.base import Command

if TYPE_CHECKING:
    from psc.tui.screens.today import Today


class PeriodEnd(Command):
    """End of the period: check, work handed back and effort for everyone in the room, in one pass of the keyboard."""

    title, key, act = "End of the period", "z", "mark_check"
    shows_names = True

    def unavailable(self, today: Today) -> str:
        """A lesson must have begun."""
        return "" if ended_period(today.board, today.now) else "no lesson is near its end yet"

    def run(self, today: Today) -> None:
        """Open the page."""
        from psc.tui.screens.period_end import PeriodEnd as Page

        today.app.push_screen(Page(today))


BELL_COMMANDS: tuple[Command, ...] = (PeriodEnd(),)
"""The commands of this file."""
