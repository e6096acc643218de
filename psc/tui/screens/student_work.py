"""The work of one student: every period they are placed for, from today on, and one key for what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.overview.cells import Tone, cut
from psc.overview.work_table import WorkTable, read_table
from psc.overview.work_words import arrival_words, state_words, work_cell
from psc.school.calendar import day_words, school_days
from psc.tui.screens.work_acts import WorkActs
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, Lines, line
from psc.work.messages import became
from psc.work.sets import coming_days

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from psc.overview.work import WorkRow
    from psc.tui.screens.page import PageKey
    from psc.tui.screens.today import Today

_DAYS = 6
"""School days that are shown: today, and five to come."""


class StudentWorkPage(WorkActs):
    """A period a line, the one under way chosen first."""

    title_words = "Work"

    def __init__(self, today: Today, student_id: int, whose: str) -> None:
        super().__init__(today)
        self._student = student_id
        self._whose = whose
        self._table = WorkTable((), {}, {}, self.desk.file.zone)
        self._read_of: tuple[object, ...] = ()
        self._begun = False

    def look(self) -> None:
        """Read the work again when something was written."""
        wanted = (self.desk.file.written(), self.day_now, self.today.staff)
        if wanted == self._read_of:
            return
        self._read_of = wanted
        file, today = self.desk.file, self.day_now
        first, last = coming_days(file, today, _DAYS)
        days = [today, *(day for day in school_days(file, first, last) if day != today)]
        whole = read_table(file, days, self.today.staff, today)
        mine = {key: one for key, one in whole.rows.items() if key[0] == self._student}
        self._table = whole._replace(rows=mine)
        self.know_teachers(mine.values())

    def show_body(self) -> None:
        """Show the lines; the first time, with the cursor on the period under way."""
        super().show_body()
        if not self._begun:
            self._begun = True
            if (now := self._table.under_way(self.today.now)) is not None:
                self.query_one(Lines).go_to(now)

    @property
    def chosen(self) -> WorkRow | None:
        """The period under the cursor."""
        if self.current is None:
            return None
        day, period = self.current
        return self._table.rows.get((self._student, day, period))

    # What stands there

    def title_items(self) -> Sequence[Item]:
        """Say whose work it is."""
        return [*super().title_items(), Item(self._whose)]

    def lines(self) -> Sequence[Line]:
        """Return the days, each with its periods."""
        _now, under_way = self.today.now, self._table.under_way(self.today.now)
        made: list[Line] = []
        last: date | None = None
        for (_, day, period), one in self._table.rows.items():
            if day != last:
                words = day_words(day, self.day_now)
                made += [line(""), line(words[0].upper() + words[1:], Tone.QUIET)]
                last = day
            made.append(self._line(one, under_way == (day, period)))
        return made[1:] or [line("Not placed for any lesson from today on.", Tone.QUIET)]

    def _line(self, one: WorkRow, here: bool) -> Line:
        work, now, zone = one.work, self.today.now, self.desk.file.zone
        lesson = work.lesson
        given = self.teachers[lesson.teacher].words if lesson and not work.no_lesson else ""
        subject = lesson.subject if lesson else work.no_lesson
        done = became(work) if work.returned else ""
        came = ", ".join(part for part in arrival_words(work.arrival) if part) if work.arrival else ""
        words = " · ".join(part for part in (state_words(work, now, zone, self.day_now), done or came) if part)
        tone = work_cell(one, now, under_way=here, over=self._table.is_over(one, now)).tone
        head = f"{'▸' if here else ' '} {cut(work.period, 4)} {cut(subject, 14)} {cut(given, 14)} "
        return Line(((head, Tone.PLAIN), (words, tone)), (work.day, work.period))

    def keys(self) -> Sequence[PageKey]:
        """Return the keys of a period's work."""
        return [*self.step_keys(), self.undo_key()]
