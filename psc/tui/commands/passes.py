"""The command of cover passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.tui.commands.base import Command

if TYPE_CHECKING:
    from psc.tui.screens.today import Today


class CoverPass(Command):
    """Give cover a pass for today, with a code and a PIN; list today's passes, and end one."""

    title, key, shown_key, act = "Cover pass", "f3", "F3", "issue_pass"

    def run(self, today: Today) -> None:
        """Open the form."""
        from psc.tui.dialogs.cover_pass import CoverPassForm

        today.app.push_screen(CoverPassForm(today))


PASS_COMMANDS: tuple[Command, ...] = (CoverPass(),)
"""The commands of this file."""
