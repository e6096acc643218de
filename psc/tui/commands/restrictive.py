"""The command of force and seclusion: a term's, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.tui.commands.base import Command

if TYPE_CHECKING:
    from psc.tui.screens.today import Today


class ForceCounted(Command):
    """Force and seclusion of a term, counted: how often, how long, how often done in time. No names."""

    title, key, act = "Force and seclusion, counted", "F", "see_restrictive_report"

    def run(self, today: Today) -> None:
        """Open the page."""
        from psc.tui.screens.restrictive_report import RestrictiveReportPage

        today.app.push_screen(RestrictiveReportPage(today))


RESTRICTIVE_COMMANDS: tuple[Command, ...] = (ForceCounted(),)
"""The commands of this file."""
