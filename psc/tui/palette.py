"""The command palette: every command of the board by its name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Provider

from psc.tui.commands.board import COMMANDS
from psc.tui.screens.today import Today

if TYPE_CHECKING:
    from textual.command import Hits

    from psc.tui.commands.base import Command


class BoardCommands(Provider):
    """Offers what can be done on the board now."""

    def _usable(self) -> list[tuple[Command, Today]]:
        screen = self.screen
        if not isinstance(screen, Today):
            return []
        return [(command, screen) for command in COMMANDS if command.key != "ctrl+p" and not command.why_not(screen)]

    async def discover(self) -> Hits:
        """Offer everything before anything is typed."""
        for command, today in self._usable():
            yield DiscoveryHit(
                f"{command.title} ({command.letter})", partial(today.press, command.key), help=command.help
            )

    async def search(self, query: str) -> Hits:
        """Offer what fits."""
        matcher = self.matcher(query)
        for command, today in self._usable():
            words = f"{command.title} ({command.letter})"
            if (score := matcher.match(words)) > 0:
                yield Hit(score, matcher.highlight(words), partial(today.press, command.key), help=command.help)
