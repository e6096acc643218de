"""Commands of paper: the room's log printed, and typed back in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.errors import PscError
from psc.prints.keep import print_sheet
from psc.tui.commands.base import Command

if TYPE_CHECKING:
    from psc.school.rooms import Room
    from psc.tui.screens.today import Today


class PrintLog(Command):
    """Print the room's log on one A4 page, with what is recorded so far; of all rooms when all are shown."""

    title, key, act = "Paper log", "p", "print_log"
    shows_names = True

    def unavailable(self, today: Today) -> str:
        """There must be a room, and a day in it."""
        if not today.board.rooms:
            return "there are no rooms yet"
        return "" if today.board.day.is_open else "today is not a school day"

    def run(self, today: Today) -> None:
        """Keep the pages, and say where they are."""
        from psc.prints.log import keep_logs
        from psc.tui.screens.printed import PrintedPage

        rooms = (today.room,) if today.room else today.board.rooms
        try:
            today.reload()
            today.desk.do_patiently(print_sheet("log", today.board.named(rooms)), seconds=2)
            paths = keep_logs(today.desk.file, today.board, rooms, today.now)
        except PscError as error:
            today.refuse(str(error))
            return
        names = " and ".join(room.code for room in rooms)
        today.app.push_screen(PrintedPage(today, f"Paper log of {names}", paths))


class TypePaper(Command):
    """Type a paper log in: what was written by hand while psc could not be used."""

    title, key, act = "Type a paper log in", "P", "enter_paper"
    shows_names = True

    def unavailable(self, today: Today) -> str:
        """There must be a room."""
        return "" if today.board.rooms else "there are no rooms yet"

    def run(self, today: Today) -> None:
        """Open the grid of the room shown, or of the row under the cursor where all are."""
        from psc.tui.screens.paper import PaperPage

        today.app.push_screen(PaperPage(today, self._room(today)))

    def _room(self, today: Today) -> Room:
        current = today.state.current
        held = current.row.room_id if current else today.board.rooms[0].id
        return today.room or next(room for room in today.board.rooms if room.id == held)


PAPER_COMMANDS: tuple[Command, ...] = (PrintLog(), TypePaper())
"""The commands of paper."""
