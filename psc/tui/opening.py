"""What opens over the board: a student's private words, the form for a walk-in, the list of keys, open visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.looks import open_row
from psc.errors import PscError
from psc.tui.details import details

if TYPE_CHECKING:
    from psc.school.students import Student
    from psc.tui.screens.today import Today


def open_private(today: Today) -> None:
    """Open the private words of the current row: in the pane, or on a sheet where the pane has no room.

    It is a look, so the ledger has it before it is shown.
    """
    current = today.state.current
    if current is None or today.names_hidden:
        return
    if today.has_pane and today.pane_is_open:
        today.close_pane()
        return
    try:
        today.desk.do_patiently(open_row(current.row.student_id), seconds=1)
    except PscError as error:
        today.refuse(str(error))
        return
    if today.has_pane:
        today.open_pane()
    else:
        from psc.tui.dialogs.sheet import Sheet

        today.app.push_screen(Sheet(details(today.board, current, today.now, today.entries(), opened=True)))


def open_walk_in(today: Today, student: Student | None = None) -> None:
    """Open the form for a student whom nobody planned for."""
    from psc.tui.dialogs.walk_in import WalkInForm

    today.app.push_screen(WalkInForm(today, at=today.take_time(), told=today.take_told(), student=student))


def open_keys(today: Today) -> None:
    """Open the list of every command, and run what is chosen from it."""
    from psc.tui.dialogs.keys import KeysDialog

    def run(key: str | None) -> None:
        if key:
            today.press(key)

    today.app.push_screen(KeysDialog(today), run)


def open_visits(today: Today) -> None:
    """Open the list of visits that earlier days left open; afterwards they are counted again."""
    from psc.tui.dialogs.visits import VisitsDialog

    def seen(_: None) -> None:
        today.look_for_open_visits()

    today.app.push_screen(VisitsDialog(today), seen)
