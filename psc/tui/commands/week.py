"""The command of the week ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.tui.commands.base import Command

if TYPE_CHECKING:
    from psc.tui.screens.today import Today


class WeekAhead(Command):
    """The weeks ahead: seats used and free in each room, who is booked; book, move, cancel; the waiting list."""

    title, key, act = "Week", "2", "see_week"

    def unavailable(self, today: Today) -> str:
        """There must be a room."""
        return "" if today.board.rooms else "there are no rooms yet"

    def run(self, today: Today) -> None:
        """Open the page."""
        from psc.tui.screens.week import WeekPage

        today.app.push_screen(WeekPage(today))


WEEK_COMMANDS: tuple[Command, ...] = (WeekAhead(),)
"""The commands of this file."""
