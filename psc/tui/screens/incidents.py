"""Incidents: a line each, newest first, with what is open, owed and entered late."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
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
from psc.tui.screens.search import open_search
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from psc.overview.incidents import IncidentLine
    from psc.tui.screens.today import Today

_WIDE = 150
"""The width from which an incident has one line; below it, two."""
_MOST = 200
_DAYS = ("the last 14 days", "this term", "this school year", "all there are")
_SEVERE = 4
"""The severity from which it stands out."""
_FORTNIGHT = timedelta(days=13)
_FORCE = {
    "owed": ("force: record owed", Tone.ALARM),
    "recorded": ("force: recorded", Tone.QUIET),
    "marker": ("restricted record", Tone.QUIET),
}
Marks = list[tuple[str, Tone]]
"""Words with their tones."""


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
            wide = self.app.size.width >= _WIDE
            marks = {one.id: self._marks(one) for one in self._shown}
            room = min(40, max(_wide(each) for each in marks.values()))
            return [
                each
                for one in self._shown
                for each in (self._one_line(one, marks[one.id], room) if wide else self._two_lines(one, marks[one.id]))
            ]
        if self._open or self._owed or self._named:
            return [line("No incident fits. Esc shows all again.", Tone.QUIET)]
        if self._days < len(_DAYS) - 1:
            return [line(f"No incident in {_DAYS[self._days]} that you may see. d shows more days.", Tone.QUIET)]
        return [line("No incident is recorded that you may see.", Tone.QUIET)]

    def _begins(self, one: IncidentLine) -> list[tuple[str, Tone]]:
        """Return when it was, what it was, how severe."""
        at = one.happened.astimezone(self.desk.file.zone)
        day = f"{at.day:>2} {at:%b} " + (f"{at:%Y} " if at.year != self.today.now.year else "")
        return [
            (f"{day}{wall(one.happened, self.desk.file.zone)}  ", Tone.QUIET),
            (f"{cut(one.category, 24)}  ", Tone.PLAIN),
            (f"{one.severity} of 5  ", Tone.DUE if one.severity >= _SEVERE else Tone.QUIET),
        ]

    def _one_line(self, one: IncidentLine, marks: Marks, room: int) -> list[Line]:
        """Return an incident: when, what, how severe, what it still calls for, who, where and by whom."""
        begins = self._begins(one)
        said = [*_joined(marks), (" " * (room - _wide(marks) + 2 * bool(room)), Tone.PLAIN)]
        left = self.app.size.width - 2 - sum(len(words) for words, _ in begins) - room - 2 * bool(room)
        who = (cut(_who(one), left * 3 // 5) + "  ", Tone.PLAIN)
        return [Line((*begins, *said, who, (f"{_where(one)} · {one.recorded_by}".lstrip(" ·"), Tone.QUIET)), one.id)]

    def _two_lines(self, one: IncidentLine, marks: Marks) -> list[Line]:
        """Return the same on two lines: who, and where, on the second."""
        begins, where = self._begins(one), _where(one)
        who = f"{'':14}{_who(one)}"
        return [
            Line((*begins, *_joined(marks)), one.id),
            Line(((who, Tone.PLAIN), (f" · {where}" if where else "", Tone.QUIET))),
        ]

    def _marks(self, one: IncidentLine) -> Marks:
        """Return what it still calls for, then how it stands."""
        made = [_FORCE[one.restrictive]] if one.restrictive else []
        if one.actions_open:
            made.append((counted(one.actions_open, "action"), Tone.DUE))
        made += [] if one.open else [("closed", Tone.QUIET)]
        return [*made, ("entered late", Tone.QUIET)] if one.late else made

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
            PageKey("slash", "/", "search", partial(open_search, self.today)),
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


def _joined(marks: Marks) -> Marks:
    return [piece for mark in marks for piece in ((" · ", Tone.QUIET), mark)][1:]


def _wide(marks: Marks) -> int:
    return sum(len(words) for words, _ in _joined(marks))


def _who(one: IncidentLine) -> str:
    """Return the students, the involved first."""
    return "; ".join(each.name if each.role == "involved" else f"{each.name} ({each.role})" for each in one.students)


def _where(one: IncidentLine) -> str:
    return " ".join(part for part in (one.period, one.place) if part)
