"""Commands that look back: correct a student's day, and the board of another day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.tui.commands.base import Command

if TYPE_CHECKING:
    from psc.tui.screens.today import Today


class Correct(Command):
    """Correct anything of a student's day and say why: time, reason, student. The first entry stays in the record."""

    title, key, act, of_student = "Correct", "U", "correct_movement", True
    shows_names = True

    def unavailable(self, today: Today) -> str:
        """There must be a student."""
        return "" if today.state.current else "nobody is on the board"

    def run(self, today: Today) -> None:
        """Open the student's day."""
        from psc.tui.screens.past import PastPage

        if current := today.state.current:
            row = current.row
            today.app.push_screen(PastPage(today, row.student_id, row.name, today.board.day.day))


class DayBefore(Command):
    """Show the board of the school day before, as it ended; U corrects a line of it, for those who may."""

    title, key, shown_key, act = "Day before", "less_than_sign", "<", "see_roster"
    shows_names = True

    def run(self, today: Today) -> None:
        """Go back a day."""
        open_day(today, -1)


class DayAfter(Command):
    """Show the board of the next school day, as it is planned."""

    title, key, shown_key, act = "Day after", "greater_than_sign", ">", "see_roster"
    shows_names = True

    def run(self, today: Today) -> None:
        """Go on a day."""
        open_day(today, 1)


def open_day(today: Today, by: int) -> None:
    """Open the school day next to today, if the calendar has one."""
    from psc.tui.screens.day import DayPage, near_day

    day = near_day(today, today.board.day.day, by)
    if day is None:
        today.refuse("The calendar has no school day there.")
    else:
        today.app.push_screen(DayPage(today, day))


PAST = (Correct(), DayBefore(), DayAfter())
