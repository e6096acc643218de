"""The command of the Students page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.tui.commands.base import Command

if TYPE_CHECKING:
    from psc.tui.screens.today import Today


class Students(Command):
    """Find any student you may see, and open them: who they are, alerts, contacts, today. Opening is kept."""

    title, key, act = "Students", "6", "find_student"
    shows_names = True

    def run(self, today: Today) -> None:
        """Open the page."""
        from psc.tui.screens.students import StudentsPage

        today.app.push_screen(StudentsPage(today))


STUDENT_COMMANDS: tuple[Command, ...] = (Students(),)
"""The commands of this file."""
