"""Who looked at a student, who printed them and who changed something: for those who may ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.overview.cells import Tone, cut
from psc.tui.screens.page import Page
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.overview.audit import Viewed, Viewing
    from psc.tui.screens.today import Today


class WhoLookedPage(Page):
    """Who looked at a student, printed them, changed something: newest first, as it was when it was asked."""

    def __init__(self, today: Today, name: str, viewed: Viewed) -> None:
        super().__init__(today)
        self._whose = name
        self._viewed = viewed

    def title_items(self) -> Sequence[Item]:
        """Say of whom."""
        return [Item("Who looked", bold=True), Item(self._whose)]

    def lines(self) -> Sequence[Line]:
        """List the three kinds apart."""
        made: list[Line] = []
        for heading, group in (
            ("Looked", self._viewed.looks),
            ("Printed", self._viewed.prints),
            ("Changed", self._viewed.acts),
        ):
            made += [line(""), line(f"{heading}: {len(group) or 'nobody'}", Tone.QUIET)]
            made += [self._line(number, one) for number, one in enumerate(group)]
        return made[1:]

    def _line(self, number: int, one: Viewing) -> Line:
        at = one.at.astimezone(self.today.board.zone)
        who = cut(f"{one.name or one.code}, {one.role}", min(44, max(18, self.app.size.width - 50)))
        said = f"{one.what}: {one.why}" if one.why else one.what
        key = (one.act, number)
        return Line(((f"  {at.day:>2} {at:%b %H:%M}  ", Tone.QUIET), (f"{who}  ", Tone.PLAIN), (said, Tone.QUIET)), key)
