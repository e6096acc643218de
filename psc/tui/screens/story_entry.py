"""One entry of a student's story opened: the record itself where it has a page, else all that is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import minutes_between, wall
from psc.errors import PscError
from psc.overview.cells import Tone
from psc.tui.screens.page import Page
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from psc.overview.story import StoryEntry
    from psc.tui.screens.today import Today


class EntryPage(Page):
    """All that an entry says, as many lines as it needs, with who recorded it and when."""

    def __init__(self, today: Today, student: str, entry: StoryEntry) -> None:
        super().__init__(today)
        self._student = student
        self._entry = entry

    def title_items(self) -> Sequence[Item]:
        """Say what it is, and of whom."""
        return [Item(self._entry.kind.value.capitalize(), bold=True), Item(self._student)]

    def lines(self) -> Sequence[Line]:
        """Return its words, then who recorded it and when."""
        return list(self._lines())

    def _lines(self) -> Iterator[Line]:
        one, width = self._entry, max(20, self.app.size.width - 6)
        yield line(self._at(one.happened, timed=one.timed), Tone.QUIET)
        for words in wrapped(one.words, width):
            yield line(f"  {words}", Tone.ALERT if one.hidden else Tone.PLAIN)
        if one.more:
            yield line("")
            for words in wrapped(one.more, width):
                yield line(f"  {words}")
        yield line("")
        if one.hidden:
            return
        who = f"Recorded by {one.by}" if one.by else "Recorded"
        later = minutes_between(one.happened, one.recorded) > self.today.board.settings.entered_later_minutes
        said = f"{who}, {self._at(one.recorded)}" if later or not one.timed else who
        yield line(f"  {said}{' · entered late' if one.late else ''}", Tone.QUIET)

    def _at(self, at: datetime, *, timed: bool = True) -> str:
        zone = self.desk.file.zone
        day = at.astimezone(zone)
        return f"{day:%a} {day.day} {day:%b} {day.year}" + (f", {wall(at, zone)}" if timed else "")


def open_entry(page: Page, student: str, entry: StoryEntry) -> None:
    """Open what an entry tells of, over a page."""
    opener = OPENERS.get(entry.where.record) if entry.where else None
    if opener is None or entry.where is None:
        page.app.push_screen(EntryPage(page.today, student, entry))
        return
    try:
        opener(page, entry.where.id)
    except PscError as error:
        page.refuse(str(error))


def _referral(page: Page, referral_id: int) -> None:
    from psc.overview.referrals import one_item
    from psc.tui.screens.referral import open_referral

    open_referral(page, one_item(page.desk.file, referral_id, page.today.staff, page.desk.clock.now()))


def _programme(page: Page, placement_id: int) -> None:
    from psc.errors import NotUnderstood
    from psc.overview.programmes import read_programmes
    from psc.tui.screens.programme import ProgrammePage

    every = read_programmes(page.desk.file, page.today.staff, page.desk.clock.now())
    for one in (*every.running, *every.ended):
        if one.programme.placement_id == placement_id:
            page.app.push_screen(ProgrammePage(page.today, one))
            return
    raise NotUnderstood("That programme is of an earlier school year.", "Its line here says what was agreed.")


def _incident(page: Page, incident_id: int) -> None:
    from psc.tui.screens.incident import open_incident_page

    open_incident_page(page, incident_id)


def _restrictive(page: Page, restrictive_id: int) -> None:
    from psc.tui.screens.restrictive import open_record

    open_record(page.today, page, restrictive_id)


def _statement(page: Page, statement_id: int) -> None:
    """Open a statement: a look at its incident, as it is where it stands beneath that."""
    from psc.incidents.looks import open_incident
    from psc.overview.statements import read_statement
    from psc.tui.screens.statement import open_statement_page

    desk = page.desk
    of = read_statement(desk.file, statement_id, page.today.staff, desk.clock.now()).statement.incident_id
    desk.do_patiently(open_incident(of), seconds=2)
    open_statement_page(page, statement_id, (of,))


def _note(page: Page, note_id: int) -> None:
    from psc.tui.screens.note import open_note_page

    open_note_page(page, note_id)


OPENERS: Mapping[str, Callable[[Page, int], None]] = {
    "incident": _incident,
    "restrictive": _restrictive,
    "statement": _statement,
    "note": _note,
    "referral": _referral,
    "programme": _programme,
}
"""What opens the record of an entry, by the record's table; what is not here opens as an `EntryPage`."""
