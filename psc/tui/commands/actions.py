"""The command of what everybody owes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.tui.commands.base import Command

if TYPE_CHECKING:
    from psc.tui.screens.today import Today


class Actions(Command):
    """What everybody owes, yours first: agreed actions, parents to tell, records of force, removals to confirm."""

    title, key, act = "What is to be done", "J", "end_action"
    shows_names = True

    def run(self, today: Today) -> None:
        """Open the list."""
        from psc.tui.screens.actions import ActionsPage

        today.app.push_screen(ActionsPage(today))


ACTION_COMMANDS: tuple[Command, ...] = (Actions(),)
"""The commands of this file."""
