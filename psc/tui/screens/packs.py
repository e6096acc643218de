"""The pack bank as a page: looked at, changed, and chosen from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from psc.clock import school_day
from psc.desk.permissions import scope_of
from psc.text import counted
from psc.tui.screens.page import Page, PageKey
from psc.tui.sections.packs import Packs, pack_line
from psc.tui.widgets.bar import Item

if TYPE_CHECKING:
    from datetime import date

    from psc.tui.screens.today import Today
    from psc.tui.widgets.lines import Line
    from psc.work.packs import Pack


class PacksPage(Page):
    """Every pack under its subject; or those that fit a period, of which Enter gives one."""

    title_words = "Pack bank"
    shows_names = False

    def __init__(self, today: Today, fitting: Sequence[Pack] = (), give: Callable[[Pack], None] | None = None) -> None:
        super().__init__(today)
        self.section = Packs(self)
        self._fitting = tuple(fitting)
        self._give = give
        self._read_of: tuple[int, int] | None = None

    @property
    def day(self) -> date:
        """The school day of now."""
        return school_day(self.today.now, self.desk.file.zone)

    def look(self) -> None:
        """Read the bank again when something was written."""
        scope_of("see_packs", self.desk.staff())
        written = self.desk.file.written()
        if written != self._read_of:
            self._read_of = written
            self.section.read()

    def title_items(self) -> Sequence[Item]:
        """Say how many there are; or that one is to be chosen."""
        if self._give is not None:
            return [*super().title_items(), Item("packs the student has not had, the best first")]
        offered = sum(one.active for one in self.section.bank)
        return [*super().title_items(), Item(counted(offered, "pack"), "quiet")]

    def lines(self) -> Sequence[Line]:
        """Return the packs."""
        width = self.app.size.width - 3
        if self._give is not None:
            return [pack_line(one._replace(unit=f"{one.subject}: {one.unit}"), width) for one in self._fitting]
        return self.section.lines(width)

    def says_items(self) -> Sequence[Item]:
        """Say, while nothing else is said, why the bank can only be looked at."""
        why = "" if self._give is not None else self.section.why_not()
        return super().says_items() or ([Item(f"To look at: {why}.", "quiet")] if why else [])

    def keys(self) -> Sequence[PageKey]:
        """Give the chosen one; else open one, and add one."""
        if self._give is not None:
            return [PageKey("enter", "Enter", "give", self.enter)]
        why = self.section.why_not()
        made = [PageKey("enter", "Enter", "change", self.enter, why)] if self.current is not None else []
        return [*made, PageKey("a", "a", "Add", self.section.add, why)]

    def enter(self) -> None:
        """Give the pack under the cursor, or open it."""
        if self.current is None:
            return
        if self._give is None:
            self.section.open(self.current)
            return
        pack = next(one for one in self._fitting if one.id == self.current)
        self.leave()
        self._give(pack)

    def done(self, said: str) -> None:
        """Say what a form saved, and show it."""
        self.today.reload()
        self.say(said)
