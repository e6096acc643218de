"""What stands in place of a page or a form while names are hidden: nothing but the alarms of the rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.overview.cells import Tone
from psc.tui import frame
from psc.tui.screens.page import Page
from psc.tui.widgets.bar import Bar, Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence


class Blank(Page):
    """Stands over what was put aside. F9 brings that back; E opens the roll, in which names stand all the same."""

    title_words = "Names are hidden"
    shows_names = False
    blank = True

    def lines(self) -> Sequence[Line]:
        """Say how to go on."""
        return (line(""), line("Names are hidden · F9 shows them"), line("What you were doing is kept.", Tone.QUIET))

    def paint(self) -> None:
        """Show it."""
        if not self.is_mounted or self.is_aside:
            return
        self.query_one("#top", Bar).show(*frame.top_items(self.today, short=self.app.size.width < 100))
        self.query_one("#title", Bar).show([])
        self.show_body()
        self.query_one("#says", Bar).show(frame.said_items(self))
        self.query_one("#keys", Bar).show([Item("F9 show names", key=2), Item("E roll", press="E", key=1)])

    def leave(self) -> None:
        """Stay: what is below has no names to show yet."""
        self.say("F9 shows the names, and what you were doing.")
