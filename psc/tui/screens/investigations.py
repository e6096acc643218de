"""The list of investigations: the open ones, then those that were closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import school_day
from psc.overview.cells import Tone, cut
from psc.overview.investigations import list_investigations
from psc.tui.screens.investigation import open_investigation_page
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psc.overview.investigations import InvestigationLine
    from psc.tui.screens.today import Today

_WIDE = 110
"""The width from which an investigation has one line; below it, two."""


class InvestigationsPage(Page):
    """Opens on I. o leaves out what is closed; one is opened from an incident."""

    title_words = "Investigations"

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self._only_open = False
        self._every: tuple[InvestigationLine, ...] = ()
        self._read_of: tuple[object, ...] = ()

    def look(self) -> None:
        """Read them when the file, the reader's role or the day has moved on."""
        file, staff = self.desk.file, self.today.staff
        day = school_day(self.today.now, file.zone)
        if (read_of := (staff, file.written(), day)) != self._read_of:
            self._every = list_investigations(file, staff, day)
            self._read_of = read_of

    def title_items(self) -> Sequence[Item]:
        """Say how many are open."""
        still = sum(one.investigation.open for one in self._every)
        closed = len(self._every) - still
        said = [Item(self.title_words, bold=True), Item(f"{still} open", "plain" if still else "quiet")]
        return [*said, Item("closed ones left out" if self._only_open else f"{closed} closed", "quiet")]

    def lines(self) -> Sequence[Line]:
        """List them: the open ones first."""
        still = [one for one in self._every if one.investigation.open]
        closed = [] if self._only_open else [one for one in self._every if not one.investigation.open]
        if not self._every:
            return [
                line("There is no investigation that you may see.", Tone.QUIET),
                line("One is opened from an incident: 5, Enter, I.", Tone.QUIET),
            ]
        made = [line(f"Open: {len(still) or 'none'}", Tone.QUIET), *(each for one in still for each in self._line(one))]
        if closed:
            made += [line(""), line(f"Closed: {len(closed)}", Tone.QUIET)]
            made += [each for one in closed for each in self._line(one)]
        return made

    def _line(self, one: InvestigationLine) -> Iterator[Line]:
        found, width = one.investigation, self.app.size.width
        at = found.opened.astimezone(self.desk.file.zone)
        year = "" if at.year == self.today.now.year else f" {at:%y}"
        when = (f"  {at.day:>2} {at:%b}{year}  ", Tone.QUIET)
        said = f"{one.words} · {found.by}"
        if not found.open:
            said = f"{found.ends[-1].outcome.partition(chr(10))[0]} · {said}"
        if width >= _WIDE:
            yield Line((when, (f"{cut(found.title, 40)}  ", Tone.PLAIN), (said, Tone.QUIET)), one.id)
        else:
            yield Line((when, (found.title, Tone.PLAIN)), one.id)
            yield Line(((f"{'':10}{said}", Tone.QUIET),))

    def keys(self) -> Sequence[PageKey]:
        """Return opening one, and leaving out what is closed."""
        opens = (PageKey("enter", "Enter", "open", self.enter),) if self.current is not None else ()
        words = "open and closed" if self._only_open else "only open"
        return (*opens, PageKey("o", "o", words, self._turn))

    def _turn(self) -> None:
        self._only_open = not self._only_open

    def enter(self) -> None:
        """Open it; the ledger keeps who looked, before anything is shown."""
        if self.current is not None:
            open_investigation_page(self, self.current)
