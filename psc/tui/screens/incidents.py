"""Incidents: a line each, newest first, with what is open, owed and entered late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from psc.clock import school_day, wall
from psc.desk.permissions import may
from psc.overview.cells import Tone, cut
from psc.overview.incidents import list_incidents
from psc.school.calendar import academic_year_start, term_of
from psc.text import counted, fold, matches
from psc.tui.incidents import begin_incident
from psc.tui.people import People
from psc.tui.prompts import Entry
from psc.tui.screens.incident import open_incident_page
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from psc.overview.incidents import IncidentLine
    from psc.tui.screens.today import Today

_WIDE = 120
"""The width from which an incident has one line; below it, two."""
_MOST = 200
_DAYS = ("the last 14 days", "this term", "this school year", "all there are")
_FORTNIGHT = timedelta(days=13)
_FORCE = {
    "owed": ("force: record owed", Tone.ALARM),
    "recorded": ("force: recorded", Tone.QUIET),
    "marker": ("restricted record", Tone.QUIET),
}


class IncidentsPage(Page):
    """Opens on 5. d shows more days, o only what is open, w only what is owed, n who or what."""

    tab = "5"
    title_words = "Incidents"
    nothing_done = "Nothing was recorded from this page."

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self._days = 0
        self._open = False
        self._owed = False
        self._named = ""
        self._every: tuple[IncidentLine, ...] = ()
        self._shown: tuple[IncidentLine, ...] = ()
        self._read_of: tuple[object, ...] = ()

    # Reading

    def look(self) -> None:
        """Read them when the file, the reader's role, the day or what is asked for has moved on."""
        file, staff = self.desk.file, self.today.staff
        day = school_day(self.today.now, file.zone)
        read_of = (staff, file.written(), day, self._days, self._open)
        if read_of != self._read_of:
            self._every = list_incidents(
                file, staff, day, first=self._first(day), only_open=self._open, limit=_MOST + 1
            )
            self._read_of = read_of
        self._shown = tuple(one for one in self._every[:_MOST] if self._fits(one))

    def _first(self, day: date) -> date | None:
        """Return the first day that is listed, None for every day."""
        if self._days == 0:
            return day - _FORTNIGHT
        if self._days == 1:
            return min(term_of(self.desk.file, day)[0], day - _FORTNIGHT)
        return academic_year_start(day) if self._days == 2 else None

    def _fits(self, one: IncidentLine) -> bool:
        if self._owed and one.restrictive != "owed" and not one.actions_open:
            return False
        words = " ".join([one.category, one.place, one.period, one.recorded_by, *(each.name for each in one.students)])
        return matches(fold(self._named), fold(words))

    # Showing

    def title_items(self) -> Sequence[Item]:
        """Say which are listed, and how many."""
        more = "the newest 200 · " if len(self._every) > _MOST else ""
        said = [Item("Incidents", bold=True), Item(f"{more}{_DAYS[self._days]}")]
        said += [Item("only open", "due")] if self._open else []
        said += [Item("only what is owed", "due")] if self._owed else []
        said += [Item(f"“{self._named}”", "due", press="n")] if self._named else []
        return [*said, Item(counted(len(self._shown), "incident") if self._shown else "none", "quiet")]

    def lines(self) -> Sequence[Line]:
        """List them."""
        if self._shown:
            return [each for one in self._shown for each in self._line(one)]
        if self._open or self._owed or self._named:
            return [line("No incident fits. Esc shows all again.", Tone.QUIET)]
        if self._days < len(_DAYS) - 1:
            return [line(f"No incident in {_DAYS[self._days]} that you may see. d shows more days.", Tone.QUIET)]
        return [line("No incident is recorded that you may see.", Tone.QUIET)]

    def _line(self, one: IncidentLine) -> list[Line]:
        """Return an incident: when, what, how severe, who; where, by whom, and what it still calls for."""
        width = self.app.size.width - 2
        at = one.happened.astimezone(self.desk.file.zone)
        year = "" if at.year == self.today.now.year else f" {at:%y}"
        when = (f"{at.day:>2} {at:%b}{year} {wall(one.happened, self.desk.file.zone)}  ", Tone.QUIET)
        severe = (f"{one.severity}  ", Tone.DUE if one.severity >= 4 else Tone.PLAIN)
        who = "; ".join(each.name if each.role == "involved" else f"{each.name} ({each.role})" for each in one.students)
        marks = self._marks(one)
        where = " ".join(part for part in (one.period, one.place) if part)
        if width >= _WIDE:
            said = " · ".join(part for part in (where, one.recorded_by) if part)
            room = width - 14 - 24 - 3 - 30 - sum(len(words) + 3 for words, _ in marks)
            pieces = [
                when,
                (f"{cut(one.category, 22)}  ", Tone.PLAIN),
                severe,
                (f"{cut(who, max(24, room))} ", Tone.PLAIN),
                (f"{cut(said, 30)}", Tone.QUIET),
            ]
            return [Line((*pieces, *_joined(marks, "  ")), one.id)]
        first = Line((when, (f"{cut(one.category, 24)}  ", Tone.PLAIN), severe, (where, Tone.QUIET)), one.id)
        second = Line((("              ", Tone.PLAIN), (who, Tone.PLAIN), *_joined(marks, " · ")))
        return [first, second]

    def _marks(self, one: IncidentLine) -> list[tuple[str, Tone]]:
        made = [] if one.open else [("closed", Tone.QUIET)]
        if one.restrictive:
            made.append(_FORCE[one.restrictive])
        if one.actions_open:
            made.append((counted(one.actions_open, "action"), Tone.DUE))
        if one.late:
            made.append(("entered late", Tone.QUIET))
        return made

    # Keys

    def keys(self) -> Sequence[PageKey]:
        """Those of the line, then those of the list."""
        no = "" if may("record_incident", self.today.staff) else f"not for the role of {self.today.staff.role.words}"
        opens = (PageKey("enter", "Enter", "open", self.enter),) if self._shown else ()
        following = _DAYS[(self._days + 1) % len(_DAYS)]
        return (
            *opens,
            PageKey("x", "x", "record", self._record, no),
            PageKey("d", "d", following, self._more_days),
            PageKey("o", "o", "open and closed" if self._open else "only open", self._only_open),
            PageKey("w", "w", "owed or not" if self._owed else "only owed", self._only_owed),
            PageKey("n", "n", "who or what", self._ask_named),
            *(
                (PageKey("I", "I", "investigations", self._investigations),)
                if may("see_investigations", self.today.staff)
                else ()
            ),
        )

    def _investigations(self) -> None:
        from psc.tui.screens.investigations import InvestigationsPage

        self.app.push_screen(InvestigationsPage(self.today))

    def _more_days(self) -> None:
        self._days = (self._days + 1) % len(_DAYS)

    def _only_open(self) -> None:
        self._open = not self._open

    def _only_owed(self) -> None:
        self._owed = not self._owed

    def _ask_named(self) -> None:
        def named(text: str) -> None:
            self._named = text

        hint = "part of a name, a category, a place; nothing for all"
        self.ask(Entry("Only those with", hint, named, text=self._named, longest=100))

    def _record(self) -> None:
        begin_incident(self.today, self, People(), None)

    def enter(self) -> None:
        """Open the incident; the ledger keeps who looked, before anything is shown."""
        if self.current is not None:
            open_incident_page(self, self.current)

    def leave(self) -> None:
        """Show all again where only some are listed; then go back to the board."""
        if self._open or self._owed or self._named:
            self._open, self._owed, self._named = False, False, ""
            self.paint()
        else:
            super().leave()


def _joined(marks: Sequence[tuple[str, Tone]], between: str) -> list[tuple[str, Tone]]:
    return [piece for mark in marks for piece in ((between, Tone.QUIET), mark)]
