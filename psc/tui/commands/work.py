"""Commands of work: the Work page, and the work of one student."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.tui.commands.base import Command

if TYPE_CHECKING:
    from psc.tui.screens.today import Today


class OpenWork(Command):
    """Open Work: what each student has for each period, what is owed, feedback to teachers, the pack bank."""

    title, key, act = "Work", "3", "see_work"
    shows_names = True

    def run(self, today: Today) -> None:
        """Open the page."""
        from psc.tui.screens.work import WorkPage

        today.app.push_screen(WorkPage(today))


class StudentWork(Command):
    """Open the student's work, the period under way first: Enter does what comes next, p gives a pack."""

    title, key, act, of_student = "Work of the student", "w", "see_work", True
    shows_names = True

    def unavailable(self, today: Today) -> str:
        """There must be a row."""
        return "" if today.state.current else "nobody is on the board"

    def run(self, today: Today) -> None:
        """Open the page."""
        from psc.tui.screens.student_work import StudentWorkPage

        if (one := today.state.current) is not None:
            name = one.row.name if one.row.apart else f"{one.row.name} {one.row.form}".rstrip()
            today.app.push_screen(StudentWorkPage(today, one.row.student_id, name))


WORK_COMMANDS: tuple[Command, ...] = (OpenWork(), StudentWork())
"""The commands of this file."""
