"""Commands of what is one's own: the passphrase and the PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.people import Role
from psc.tui.commands.base import Command

if TYPE_CHECKING:
    from psc.tui.screens.today import Today


class MySecrets(Command):
    """Choose a new passphrase, or a PIN that brings your own screen back after a lock."""

    title, key, shown_key, act = "My passphrase and PIN", "f6", "F6", "set_pin"

    def unavailable(self, today: Today) -> str:
        """A cover pass has the PIN it was given."""
        return "a cover pass has its PIN and nothing else" if today.staff.role is Role.COVER else ""

    def run(self, today: Today) -> None:
        """Open the dialog."""
        from psc.tui.dialogs.secrets import SecretsForm

        def said(words: str | None) -> None:
            if words:
                today.say(words)

        today.app.push_screen(SecretsForm(today.desk), said)


OWN_COMMANDS: tuple[Command, ...] = (MySecrets(),)
"""The commands of this file."""
