"""One note, opened: what it says, what it said before and why that changed, and what was added since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import wall
from psc.desk.permissions import may
from psc.errors import PscError
from psc.incidents.addenda import add_addendum
from psc.incidents.incidents import LONGEST
from psc.incidents.notes import RESTRICTED
from psc.overview.cells import Tone
from psc.overview.notes import open_the_note, read_note
from psc.text import clean
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from psc.overview.notes import OpenNote
    from psc.tui.dialogs.fields import Typed
    from psc.tui.screens.today import Today


def open_note_page(page: Page, note_id: int) -> None:
    """Open a note over a page; that a restricted one was opened is kept before anything is shown."""
    try:
        opened = open_the_note(page.desk, note_id)
    except PscError as error:
        page.refuse(str(error))
        return
    page.said = ("", "plain")
    page.app.push_screen(NotePage(page.today, opened))


class NotePage(Page):
    """A note with all its versions and addenda in place. Its author amends it until it is locked."""

    nothing_done = "Nothing was done to this note from here."

    def __init__(self, today: Today, opened: OpenNote) -> None:
        super().__init__(today)
        self._opened = opened
        self._read_of = self._now()

    def _now(self) -> tuple[object, ...]:
        return (self.today.staff, self.desk.file.written(), self.today.now.replace(second=0))

    def look(self) -> None:
        """Read it again when the file, the reader's role or the minute has moved on."""
        if (read_of := self._now()) != self._read_of:
            note = self._opened.note.id
            self._opened = read_note(self.desk.file, note, self.today.staff, self.desk.clock.now())
            self._read_of = read_of

    # Showing

    def title_items(self) -> Sequence[Item]:
        """Say whose it is, of which kind, and who may see it."""
        now = self._opened.note.now
        tone = "due" if now.visibility == RESTRICTED else "quiet"
        return [Item("Note", bold=True), Item(self._opened.student), Item(now.kind), Item(now.visibility, tone)]

    def lines(self) -> Sequence[Line]:
        """Return what it says now, what was added, and what it said before."""
        note = self._opened.note
        made = [*self._told(note.first.by, note.now.happened, note.first.recorded), line("")]
        made += self._text(note.now.text, Tone.PLAIN)
        for one in self._opened.addenda:
            made += [line(""), line(f"Added by {one.by}, {self._stamp(one.recorded)}", Tone.QUIET)]
            made += self._text(one.text, Tone.PLAIN)
        for earlier, later in reversed(list(zip(note.versions, note.versions[1:], strict=False))):
            made.append(line(""))
            words = f"Until {later.by} amended it {self._stamp(later.recorded)}: {later.why}"
            made += self._text(words, Tone.QUIET, indent="")
            was = [one for one in ("kind", "visibility") if getattr(earlier, one) != getattr(later, one)]
            made += [line(f"  {getattr(earlier, one)}", Tone.QUIET) for one in was]
            made += self._text(earlier.text, Tone.QUIET) if earlier.text != later.text else ()
        return [one if one.key is not None else one._replace(key=place) for place, one in enumerate(made)]

    def _told(self, by: str, happened: datetime, recorded: datetime) -> Iterator[Line]:
        written = f", written {self._stamp(recorded)}" if abs((recorded - happened).total_seconds()) > 300 else ""
        yield line(f"{self._stamp(happened)}  {by}{written}", Tone.QUIET)

    def _stamp(self, at: datetime) -> str:
        here = at.astimezone(self.desk.file.zone)
        now = self.today.now.astimezone(self.desk.file.zone)
        if here.date() == now.date():
            return wall(at, self.desk.file.zone)
        year = "" if here.year == now.year else f" {here.year}"
        return f"{here.day} {here:%b}{year} {wall(at, self.desk.file.zone)}"

    def _text(self, text: str, tone: Tone, *, indent: str = "  ") -> Iterator[Line]:
        width = min(100, max(20, self.app.size.width - len(indent) - 2))
        for words in wrapped(text, width):
            yield line(f"{indent}{words}", tone)

    # Keys

    def keys(self) -> Sequence[PageKey]:
        """Return amending, adding, and taking back what was done here."""
        staff = self.today.staff
        shut = self._opened.note.now.visibility == RESTRICTED
        adds = "" if may("write_restricted_note" if shut else "add_addendum", staff) else _NOT_YOURS
        undo = (PageKey("u", "u", "undo", self.undo_here),) if may("undo", staff) else ()
        return (
            PageKey("e", "e", "amend", self._amend, self._opened.amendable),
            PageKey("plus", "+", "add to it", self._add, adds),
            *undo,
        )

    def _did(self, said: str) -> None:
        if may("undo", self.today.staff):
            self.did(said)
        else:
            self.today.reload()
            self.say(said)

    def _amend(self) -> None:
        from psc.tui.dialogs.note import NoteForm

        note = self._opened.note
        student = (note.student_id, self._opened.student)
        self.app.push_screen(NoteForm(self.today, self._did, student=student, amends=note))

    def _add(self) -> None:
        from psc.tui.dialogs.fields import Field, FieldForm

        note = self._opened.note.id

        def save(typed: Typed) -> str:
            call = add_addendum("note", note, typed.values["text"])
            self.desk.do_patiently(call, id=typed.act_id, seconds=2)
            return "Added: it stands beside the note"

        lines = 6 if self.app.size.height < 30 else 12
        hint = "It stands beside the note, with your name and the time."
        text = Field("text", "Added", "", hint, lambda words: clean(words, lines=True), lines, LONGEST)
        self.app.push_screen(FieldForm(f"Add to the note: {self._opened.student} ({note})", (text,), save, self._did))


_NOT_YOURS = "it is not for your role"
