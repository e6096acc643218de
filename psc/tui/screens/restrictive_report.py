"""The term's force and seclusion, counted: no names, and nothing that would show a child."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import school_day
from psc.overview.cells import Tone
from psc.overview.restrictive_report import read_report, report_lines, span_words
from psc.school.calendar import next_school_day, school_day_before, term_of
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from psc.overview.restrictive_report import Report
    from psc.tui.screens.today import Today


class RestrictiveReportPage(Page):
    """Force and seclusion of a term: how often, how long, how often the same student, and what was done in time."""

    shows_names = False

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self._day = school_day(today.now, self.desk.file.zone)
        self._read_of: tuple[object, ...] = ()
        self._report: Report | None = None

    def look(self) -> None:
        """Read it again when the file has been written, or the role or the term is another."""
        read_of = (self.desk.file.written(), self.today.staff, self._day)
        if read_of != self._read_of or self._report is None:
            self._report = read_report(self.desk.file, self.today.staff, *term_of(self.desk.file, self._day))
            self._read_of = read_of

    def title_items(self) -> Sequence[Item]:
        """Name the term."""
        words = span_words(self._report) if self._report else ""
        return [Item("Force and seclusion", bold=True), Item(words), Item("no names", "quiet")]

    def lines(self) -> Sequence[Line]:
        """Return the tables; headings and what is left out stand back."""
        made = []
        for number, words in enumerate(report_lines(self._report) if self._report else ()):
            quiet = number == 0 or words.startswith(("By ", "left out"))
            made.append(Line(((words, Tone.QUIET if quiet else Tone.PLAIN),), ("line", number)))
        return made

    def keys(self) -> Sequence[PageKey]:
        """Return the ways to another term."""
        first, last = term_of(self.desk.file, self._day)
        before, after = school_day_before(self.desk.file, first), next_school_day(self.desk.file, last)
        none = "the calendar has none"
        return (
            PageKey("less_than_sign", "<", "term before", lambda: self._go(before), "" if before else none),
            PageKey("greater_than_sign", ">", "next term", lambda: self._go(after), "" if after else none),
        )

    def _go(self, day: date | None) -> None:
        self._day = day or self._day
