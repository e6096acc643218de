"""The command that opens the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.tui.commands.base import Command

if TYPE_CHECKING:
    from psc.tui.screens.today import Today


class Settings(Command):
    """People, rooms, bell times, calendar, figures, reasons and texts: look, and for who may, change."""

    title, key, act = "Settings", "9", "see_settings"

    def run(self, today: Today) -> None:
        """Open the page."""
        from psc.tui.screens.settings import SettingsPage

        today.app.push_screen(SettingsPage(today))


SETTINGS: tuple[Command, ...] = (Settings(),)
"""The commands of this file, for `COMMANDS`."""
