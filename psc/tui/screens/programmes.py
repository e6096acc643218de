"""Programmes: one line a student with what comes next and when; Enter opens what it is for and how it has gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.looks import open_student
from psc.desk.permissions import may
from psc.errors import PscError
from psc.overview.cells import Cell, Tone, cut, fitted
from psc.overview.programmes import ProgrammeNow, UnwrittenNow, week_words
from psc.text import counted
from psc.tui.screens.page import PageKey
from psc.tui.screens.programme_keys import NOTHING, ProgrammeKeys
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.school.students import Student
    from psc.tui.screens.today import Today

WIDE = 110
"""The width from which form and room stand in the list, too."""


class ProgrammesPage(ProgrammeKeys):
    """Everybody on a programme whom the reader may see, the most overdue first."""

    title_words = "Programmes"

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self._with_ended = False

    @property
    def chosen(self) -> ProgrammeNow | UnwrittenNow | None:
        """The line under the cursor."""
        every = (*self.list.running, *self.list.ended)
        found = next((one for one in every if ("written", one.programme.placement_id) == self.current), None)
        return found or next(
            (one for one in self.list.unwritten if ("bare", one.placed.placement_id) == self.current), None
        )

    def title_items(self) -> Sequence[Item]:
        """Count them."""
        late = sum(1 for one in self.list.running if one.overdue)
        items = [Item(self.title_words, bold=True), Item(f"{len(self.list.running)} running", "quiet")]
        if late:
            items.append(Item(f"{late} overdue", "due", bold=True))
        if self.list.unwritten:
            items.append(Item(f"{len(self.list.unwritten)} not written down", "quiet"))
        return items

    def lines(self) -> Sequence[Line]:
        """Return the list: those that run, those of which nothing is written down, those that ended."""
        made: list[Line] = []
        if self.list.running:
            made += [self._head(), *map(self._line, self.list.running)]
        if self.list.unwritten:
            made += [*([line("")] if made else []), line(" Running, with nothing written down", Tone.QUIET)]
            made += map(self._unwritten, self.list.unwritten)
        if self._with_ended and self.list.ended:
            made += [*([line("")] if made else []), line(" Ended this school year", Tone.QUIET)]
            made += map(self._ended, self.list.ended)
        return made or [line(""), line(f"  {self._empty()}", Tone.QUIET)]

    def _empty(self) -> str:
        ended = f" {counted(len(self.list.ended), 'programme')} ended this year: e." if self.list.ended else ""
        if may("book_programme", self.today.staff):
            return f"No programme runs. Press a to begin one.{ended}"
        return f"No programme runs for the students you see.{ended}"

    # A line

    @property
    def _wide(self) -> bool:
        return self.app.size.width >= WIDE

    def _who(self, one: ProgrammeNow | UnwrittenNow) -> str:
        name = Cell(one.student.name, tail=one.student.apart)
        if not self._wide:
            return f" {fitted(name, 20)} "
        return f" {fitted(name, 28)} {cut(one.student.form, 4)} {cut(one.room.code, 4)} "

    def _head(self) -> Line:
        who = f" {cut('Student', 28)} {cut('Form', 4)} {cut('Room', 4)} " if self._wide else f" {cut('Student', 20)} "
        return line(f"{who}{cut('Next', 22)} {cut('Until', 6)} {cut('Attended', 8)} Each week", Tone.QUIET)

    def _line(self, one: ProgrammeNow) -> Line:
        due_now = one.overdue or one.left == 0
        until = one.programme.now.until
        rest = f" {cut(f'{until.day} {until:%b}', 6)} {cut(one.progress.words, 8)} {self._week(one)}"
        return Line(
            (
                (self._who(one), Tone.PLAIN),
                (cut(one.due, 22), Tone.DUE if due_now else Tone.PLAIN),
                (rest, Tone.QUIET),
            ),
            ("written", one.programme.placement_id),
        )

    def _week(self, one: ProgrammeNow) -> str:
        """Return the pattern in force, and what it will be where another one has been agreed."""
        programme, today = one.programme, self.today.board.day.day
        now = programme.pattern_on(max(today, programme.first))
        later = programme.now.since
        if later <= today or now == programme.now.pattern:
            return week_words(now)
        return f"{week_words(now)}; from {later.day} {later:%b} {week_words(programme.now.pattern)}"

    def _unwritten(self, one: UnwrittenNow) -> Line:
        until, kind = one.placed.until, cut(one.placed.type.words, 22)
        rest = f"{kind} {cut(f'{until.day} {until:%b}', 6)} {cut('', 8)} {week_words(one.placed.pattern)}"
        who = self._who(one)
        return Line(((who, Tone.PLAIN), (rest, Tone.QUIET)), ("bare", one.placed.placement_id))

    def _ended(self, one: ProgrammeNow) -> Line:
        step = one.programme.steps[-1]
        who = self._who(one)
        words = f"{cut(one.due, 22)} {cut(f'{step.day.day} {step.day:%b}', 6)} {one.progress.words}"
        return Line(((who, Tone.QUIET), (words, Tone.QUIET)), ("written", one.programme.placement_id))

    # Keys

    def keys(self) -> Sequence[PageKey]:
        """Return the keys of the line under the cursor."""
        one = self.chosen
        opens = "write down" if isinstance(one, UnwrittenNow) else "open"
        made = [PageKey("enter", "Enter", opens, self.enter, "" if one else NOTHING)]
        made += self.step_keys()
        if may("book_programme", self.today.staff):
            made.append(PageKey("a", "a", "new", self._new))
        if self.list.ended:
            made.append(PageKey("e", "e", "hide ended" if self._with_ended else "ended", self._turn))
        return made

    def _turn(self) -> None:
        self._with_ended = not self._with_ended

    def _new(self, student: Student | None = None) -> None:
        """Open the form; for a student whose programme runs and is not written down, with what is known of it."""
        from psc.tui.dialogs.programme import ProgrammeForm

        bare = [one.placed for one in self.list.unwritten]
        self.app.push_screen(ProgrammeForm(self.today, self.done, unwritten=bare, student=student))

    def enter(self) -> None:
        """Open the programme: the ledger notes it."""
        one = self.chosen
        if isinstance(one, UnwrittenNow):
            if may("book_programme", self.today.staff):
                self._new(one.student)
            else:
                self.refuse("Nothing is written down of it yet: a coordinator does that.")
        elif one is not None:
            try:
                self.desk.do_patiently(open_student(one.student.id, "programme"), seconds=2)
            except PscError as error:
                self.refuse(str(error))
            else:
                from psc.tui.screens.programme import ProgrammePage

                self.app.push_screen(ProgrammePage(self.today, one))
