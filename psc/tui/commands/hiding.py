"""The command that hides names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.tui.commands.base import Command

if TYPE_CHECKING:
    from psc.tui.screens.today import Today


class HideNames(Command):
    """Turn every name to initials at once, and back; also Ctrl+B. Over a page or a form the screen goes blank."""

    title, key, shown_key = "Hide or show names", "f9", "F9"

    def run(self, today: Today) -> None:
        """Turn them."""
        today.app.run_worker(today.app.action_turn_names())


HIDING: tuple[Command, ...] = (HideNames(),)
"""The commands of this file."""
