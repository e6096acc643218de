"""Commands of notes: one written in a moment from the board, and the search in all that people wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.tui.commands.base import Command

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from psc.tui.screens.today import Today


def open_note_form(
    today: Today, student: tuple[int, str], then: Callable[[str], None], *, at: datetime | None = None, told: str = ""
) -> None:
    """Open the form of a note of a student, id and name; `then` is told what was done."""
    from psc.tui.dialogs.note import NoteForm

    today.app.push_screen(NoteForm(today, then, student=student, at=at, told=told))


class WriteNote(Command):
    """Write a note about the student under the cursor: a letter for its kind, one for who sees it, a sentence, F10."""

    title, key, act, of_student = "Write a note", "n", "write_note", True
    shows_names = True

    def unavailable(self, today: Today) -> str:
        """There must be a student."""
        return "" if today.state.current else "nobody is on the board; 6 finds any student"

    def run(self, today: Today) -> None:
        """Open the form."""
        current = today.state.current
        if current is None:
            return
        name = current.row.name

        def written(said: str) -> None:
            from psc.desk.permissions import may

            today.say(f"{name}: {said}" + (" · u undoes" if may("undo", today.staff) else ""))

        at, told = today.take_time(), today.take_told()
        open_note_form(today, (current.row.student_id, name), written, at=at, told=told)


class Search(Command):
    """Search incidents, statements and notes as you type, as far as you may see them. That you searched is kept."""

    title, key, shown_key, act = "Search what was written", "ctrl+f", "Ctrl+F", "search_records"
    shows_names = True

    def run(self, today: Today) -> None:
        """Open the page."""
        from psc.tui.screens.search import open_search

        open_search(today)


NOTE_COMMANDS: tuple[Command, ...] = (WriteNote(), Search())
"""The commands of this file."""
