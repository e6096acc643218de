"""The register list over the board: who is in a room, not come, not known, for the attendance office."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from psc.clock import wall
from psc.desk.permissions import may
from psc.errors import PscError
from psc.overview.cells import Tone, cut
from psc.overview.register import Entry, Group, RegisterList, register_list
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.tui.screens.today import Today

_TONES = {
    Group.UNKNOWN: Tone.ALARM,
    Group.NOT_COME: Tone.EXPECTED,
    Group.EVENT: Tone.EXPECTED,
    Group.LEFT: Tone.LEFT,
    Group.PRESENT: Tone.IN,
}


class RegisterPage(Page):
    """The list as it stands now; p prints it."""

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self._sheet = ""

    def _made(self) -> RegisterList | None:
        return register_list(self.today.board, self.today.now)

    def title_items(self) -> Sequence[Item]:
        """Say which session, and when its register closes."""
        made = self._made()
        if made is None:
            return [Item("Register list", bold=True)]
        over = made.session.closes <= self.today.now
        closes = f"closed {wall(made.session.closes, self.today.board.zone)}"
        title = Item(f"Register list, {made.session.name}", bold=True)
        return [title, Item(closes if over else closes.replace("closed", "closes"), "quiet"), Item(made.words)]

    def lines(self) -> Sequence[Line]:
        """Return the list, a part after another."""
        made = self._made()
        if made is None:
            return [line("No school today: there is no register.", Tone.QUIET)]
        lines: list[Line] = []
        for group in Group:
            if entries := made.of(group):
                lines += [line(""), line(f"{group.value} ({len(entries)})", _TONES[group])]
                lines += [self._line(one) for one in entries]
        if not lines:
            lines = [line(""), line("Nobody is placed in a room this session.", Tone.QUIET)]
        lines += [line(""), line("psc does not write the school's register.", Tone.QUIET)]
        if self._sheet:
            lines += [line(""), line("The sheet to print, in a private folder:", Tone.QUIET), line(self._sheet)]
        return lines[1:]

    def _line(self, one: Entry) -> Line:
        name = cut(one.name, min(30, max(16, self.app.size.width - 52)))
        words = f" {cut(one.form, 5)} {cut(one.room, 5)} {cut(one.mark_words, 9)} {one.words}"
        return Line(((f"  {name}", Tone.PLAIN), (words, Tone.QUIET)), one.student_id)

    def keys(self) -> Sequence[PageKey]:
        """Return the one key there is."""
        why_not = "" if may("print_log", self.today.staff) else "it is not for your role"
        if self._made() is None:
            why_not = "there is no register today"
        return [PageKey("p", "p", "Print", self._print, why_not)]

    def _print(self) -> None:
        made = self._made()
        if made is None:
            return
        from psc.prints.keep import keep_sheet, part_of, print_sheet
        from psc.prints.register import register_sheet

        board = self.today.board
        try:
            self.desk.do_patiently(print_sheet("register", board.named()), seconds=2)
            html = register_sheet(board, made, self.today.now)
            path = keep_sheet(self.desk.file, part_of(f"register-{made.session.name}", board), board.day.day, html)
        except PscError as error:
            self.refuse(str(error))
        else:
            self._sheet = str(path).replace(str(Path.home()), "~", 1)
            self.say("The sheet is written: where it is stands under the list.")
