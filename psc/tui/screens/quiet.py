"""The quiet board: what stands there while nobody is at the desk: seats, initials, status, minutes; a PIN goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.containers import Horizontal
from textual.widgets import Input

from psc.clock import school_day
from psc.desk.permissions import may
from psc.errors import PscError
from psc.overview.cells import Tone, top_words
from psc.overview.initials import quiet_rows
from psc.overview.read_board import read_board
from psc.tui.screens.gate import Asking
from psc.tui.widgets.bar import Bar, Item
from psc.tui.widgets.lines import Line, Lines

if TYPE_CHECKING:
    from pathlib import PurePath

    from textual.app import ComposeResult

    from psc.desk.acts import Desk
    from psc.tui.session import Session


class Quiet(Asking):
    """The rooms in initials, and the field of whoever was here last."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["page.tcss", "quiet.tcss"]  # the lines look as they do on a page

    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__()
        self._desk = desk
        self._who = name
        self.whose = desk.code
        self._version = -1

    def compose(self) -> ComposeResult:
        """Lay it out: top line, rooms, and the line that asks."""
        yield Bar(id="top", gap=1)
        yield Lines(id="rooms")
        with Horizontal(id="asking"):
            yield Bar(id="who")
            yield from self.fields()

    def on_mount(self) -> None:
        """Show the rooms, and follow them."""
        self.query_one(Lines).can_focus = False
        self.set_interval(1, self._look)
        self._look()

    def ask(self, code: str = "", *, hint: str = "") -> None:
        """Ask; the field is always there, so that a PIN can be typed without a key before it."""
        super().ask(code, hint=hint or ("Enter · F2 somebody else" if code == self.whose else "Enter · Esc back"))
        self.query_one("#code", Input).display = not code
        who, words = self.query_one("#who", Bar), f"Quiet · {self._who}" if code == self.whose else code or "Who is it?"
        who.show([Item(words, bold=True)])
        who.styles.width = min(28, max(12, cell_len(words) + 2))

    def code_words(self, suggested: Session | None) -> str:
        """Say the same in the narrow field of this screen."""
        return f"code, or Enter for {suggested.code}" if suggested else "staff code"

    def _look(self) -> None:
        """Show the rooms as they stand."""
        desk = self._desk
        now = desk.clock.now()
        try:
            staff = desk.staff()
            board = read_board(desk.file, school_day(now, desk.file.zone), staff, blank=True)
            alarms = self.app.alarm_words(now)
        except PscError as error:
            self.refuse(str(error))
            return
        top = [Item(top_words(board, now, short=True, school=self.app.size.width >= 70))]
        self.query_one("#top", Bar).show(top, [Item(words, "alarm", bold=True) for words in alarms])
        lines = []
        for room, rows in quiet_rows(board, now):
            lines.append(Line(((room, Tone.PLAIN),)))
            lines += [
                Line(((f"{one.seat:>4}  ", Tone.QUIET), (f"{one.letters:<5}", Tone.PLAIN), (one.words, one.tone)))
                for one in rows
            ]
            if not rows and may("see_roster", staff):
                lines.append(Line((("      nobody", Tone.QUIET),)))
        self.query_one(Lines).show(lines)
