"""Commands of September: a student who is new here, two records made one, the new academic year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.permissions import may
from psc.tui.commands.base import Command
from psc.tui.opening import open_walk_in

if TYPE_CHECKING:
    from psc.school.students import Student
    from psc.tui.screens.today import Today


class NewHere(Command):
    """Add a student whom no list knows yet: name, year and form. An import will bring the rest."""

    title, key, act = "New here", "N", "add_provisional"
    shows_names = True

    def run(self, today: Today) -> None:
        """Open the form with what was looked for; then, for who may, the walk-in form with the student in it."""
        from psc.tui.dialogs.new_here import NewHereForm

        def added(student: Student | None) -> None:
            if student is None:
                return
            today.reload()
            today.say(f"{student.name} is new here · u undoes")
            if may("walk_in", today.staff) and today.board.day.is_open:
                open_walk_in(today, student)

        typed = today.state.text if not today.state.shown else ""
        today.set_state(today.state.filtered(""))
        today.app.push_screen(NewHereForm(today, typed), added)


class Merge(Command):
    """Look through students who are new here and records that are possibly the same, and merge two."""

    title, key, act = "Match and merge", "M", "merge_students"
    shows_names = True

    def run(self, today: Today) -> None:
        """Open the page."""
        from psc.tui.screens.merge import MergePage

        today.app.push_screen(MergePage(today))


class StartYear(Command):
    """Start the new academic year: see what becomes of everybody, decide, then start it once."""

    title, key, shown_key, act = "Start the new academic year", "f4", "F4", "start_year"
    shows_names = True

    def run(self, today: Today) -> None:
        """Open the page."""
        from psc.tui.screens.year import YearPage

        today.app.push_screen(YearPage(today))


YEAR: tuple[Command, ...] = (NewHere(), Merge(), StartYear())
"""The commands of this file, for the list of all."""
