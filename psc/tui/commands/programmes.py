"""The command of the Programmes page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.tui.commands.base import Command

if TYPE_CHECKING:
    from psc.tui.screens.today import Today


class Programmes(Command):
    """Programmes: what comes next for whom and when; new ones, reviews, the way back into lessons."""

    title, key, act = "Programmes", "G", "see_programmes"
    shows_names = True

    def run(self, today: Today) -> None:
        """Open the page."""
        from psc.tui.screens.programmes import ProgrammesPage

        today.app.push_screen(ProgrammesPage(today))


PROGRAMME_COMMANDS: tuple[Command, ...] = (Programmes(),)
"""The commands of this file."""
