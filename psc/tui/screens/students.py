"""Students: type to find, Enter opens. What stands here before anything is typed is today's rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import school_day
from psc.desk.permissions import may
from psc.errors import NeedsReason, PscError
from psc.overview.cells import Tone, cut
from psc.overview.profile import kept_students, open_profile, within_own_reach
from psc.school.students import Student, find_students
from psc.text import counted
from psc.tui.prompts import Entry
from psc.tui.screens.page import Page, PageKey
from psc.tui.screens.student import StudentPage
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.tui.screens.today import Today

MOST = 50
"""Students shown at once: a longer list is not read, it is typed on."""
_LONGEST = 60


class StudentsPage(Page):
    """Letters are for the name: commands here are the arrows, Enter and Esc."""

    tab = "6"

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self.typed = ""
        self._found: tuple[Student, ...] = ()
        self._own: frozenset[int] = frozenset()
        self._read_of: tuple[object, ...] = ()

    # What it shows

    def look(self) -> None:
        """Find anew when something else is typed, somebody else may look, or the file was written."""
        file, staff = self.desk.file, self.today.staff
        read_of = (self.typed, staff, file.written())
        if read_of == self._read_of:
            return
        day = school_day(self.desk.clock.now(), file.zone)
        self._found = find_students(file, self.typed, staff, day, limit=MOST)
        if not self.typed:
            self._found = kept_students(file, staff, day)
        self._own = within_own_reach(file, staff, self._found, day)
        self._read_of = read_of

    def title_items(self) -> Sequence[Item]:
        """Show what is typed, as the board does while it is filtered."""
        return [Item("Students", bold=True), Item(f"Find: {self.typed}▏", bold=True), Item(self._count(), "quiet")]

    def _count(self) -> str:
        if not self.typed:
            return "part of a name, a form, a number"
        if len(self._found) == MOST:
            return f"the first {MOST}; type on"
        return counted(len(self._found), "student")

    def lines(self) -> Sequence[Line]:
        """List who was found; with nothing typed, those in today's rooms and those whose key worker one is."""
        if self.typed:
            return [self._line(one) for one in self._found] or [
                line(""),
                line(f"No student you may see fits “{self.typed}”.", Tone.QUIET),
            ]
        made: list[Line] = []
        if self._found:
            made = [line("You are their key worker", Tone.QUIET), *(self._line(one) for one in self._found), line("")]
        there = {one.row.student_id: one.row for one in self.today.board.at(self.today.now) if not one.row.hidden}
        kept = {one.id for one in self._found}
        today = [row for student, row in there.items() if student not in kept]
        if today:
            made.append(line("In the rooms today", Tone.QUIET))
            made += [
                self._words(row.student_id, row.name, row.form, row.admission_no, "")
                for row in sorted(today, key=lambda row: row.name.casefold())
            ]
        return made or [line(""), line("Type part of a name, a form or a number.", Tone.QUIET)]

    def _line(self, one: Student) -> Line:
        note = "" if one.id in self._own else "you will be asked why" if self._asks() else "not for you to open"
        return self._words(one.id, one.name, one.form, one.number, "new here" if one.new_here else note)

    def _asks(self) -> bool:
        return may("open_outside", self.today.staff)

    def _words(self, student_id: int, name: str, form: str, number: str, note: str) -> Line:
        wide = min(34, max(18, self.app.size.width - 44))
        words = f" {cut(form, 6)} {cut(number, 8)} {note}".rstrip()
        return Line(((f"  {cut(name, wide)}", Tone.PLAIN), (words, Tone.QUIET)), student_id)

    def keys(self) -> Sequence[PageKey]:
        """Return opening a student, and writing a note of one: letters are typed."""
        nobody = "" if self.current else "nobody is found"
        opens = PageKey("enter", "Enter", "open", self.enter, nobody)
        if not may("write_note", self.today.staff):
            return (opens,)
        return (opens, PageKey("ctrl+n", "Ctrl+N", "note", self._note, nobody))

    # Keys

    def press(self, key: str, character: str | None = None) -> None:
        """Take what is typed for the name; Esc clears it first, then goes back."""
        if not self.still_here():
            return
        if self.prompt is None and key == "backspace":
            self._type(self.typed[:-1])
        elif self.prompt is None and key == "escape" and self.typed:
            self._type("")
        elif self.prompt is None and character and character.isprintable() and key != "enter":
            self._type((self.typed + character)[:_LONGEST])
        else:
            super().press(key, character)

    def _type(self, text: str) -> None:
        self.typed, self.said = text, ("", "plain")
        self.paint()

    def _note(self) -> None:
        from psc.tui.commands.notes import open_note_form

        rows = {one.row.student_id: one.row.name for one in self.today.board.at(self.today.now) if not one.row.hidden}
        names = {**rows, **{one.id: one.name for one in self._found}}
        if (name := names.get(self.current)) is not None:
            open_note_form(self.today, (self.current, name), lambda said: self.say(f"{name}: {said}"))

    def enter(self) -> None:
        """Open the student under the cursor."""
        if isinstance(self.current, int):
            self.open(self.current)

    def open(self, student_id: int, why: str = "") -> None:
        """Open a student, and ask why where a reason is needed. Nothing is shown before the ledger has it."""
        try:
            profile = open_profile(self.desk, student_id, "student sheet", why=why)
        except NeedsReason as need:
            self.ask(Entry(need.title, need.remedy, lambda typed: self.open(student_id, typed)))
        except PscError as error:
            self.refuse(str(error))
        else:
            self.said = ("", "plain")
            self.app.push_screen(StudentPage(self.today, profile))
