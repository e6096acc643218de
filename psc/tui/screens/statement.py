"""One statement, read; and two of one investigation side by side, to note where they do not agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import school_day
from psc.desk.permissions import may
from psc.errors import PscError
from psc.incidents.addenda import add_addendum
from psc.incidents.incidents import LONGEST
from psc.incidents.statements import note_conflict
from psc.overview.statements import read_statement, statement_lines_for
from psc.text import clean
from psc.tui.people import People
from psc.tui.prompts import Choice, Option
from psc.tui.screens.page import Page, PageKey
from psc.tui.screens.statement_view import beside_lines, statement_lines
from psc.tui.widgets.bar import Item

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psc.desk.acts import Call
    from psc.overview.statements import StatementLine
    from psc.tui.dialogs.fields import Typed
    from psc.tui.screens.today import Today
    from psc.tui.widgets.lines import Line

_MARGIN = 4
_LETTERS = "123456789"


def open_statement_page(page: Page, statement_id: int, incidents: Sequence[int]) -> None:
    """Open a statement over a page that has been opened with a look; it may be laid beside those of `incidents`."""
    try:
        said = read_statement(page.desk.file, statement_id, page.today.staff, page.desk.clock.now())
    except PscError as error:
        page.refuse(str(error))
        return
    page.said = ("", "plain")
    page.app.push_screen(StatementPage(page.today, said, incidents))


class _Reads(Page):
    """What both pages share: they follow the file, and ask for words told at length."""

    nothing_done = "Nothing was done to a statement from here."

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self._read_of: tuple[object, ...] = self._now()
        self._drawn: tuple[object, Sequence[Line]] = (None, ())

    def _now(self) -> tuple[object, ...]:
        return (self.today.staff, self.desk.file.written(), self.today.now.replace(second=0))

    def look(self) -> None:
        """Read it again when the file, the reader's role or the minute has moved on."""
        if (read_of := self._now()) != self._read_of:
            self.read()
            self._read_of = read_of

    def read(self) -> None:
        """Read what the page shows."""

    def lines(self) -> Sequence[Line]:
        """Return what stands on the page; words told at length are laid out once, not with each second."""
        drawn_of = (self._read_of, self.app.size.width)
        if self._drawn[0] != drawn_of:
            self._drawn = (drawn_of, self.laid_out_lines())
        return self._drawn[1]

    def laid_out_lines(self) -> Sequence[Line]:
        """Lay out what stands on the page."""
        return ()

    def read_one(self, statement_id: int) -> StatementLine:
        """Read a statement as it stands now. Raises what `read_statement` does."""
        return read_statement(self.desk.file, statement_id, self.today.staff, self.desk.clock.now())

    def not_for(self, act: str) -> str:
        """Say why the reader may not do an act; "" where they may."""
        staff = self.today.staff
        return "" if may(act, staff) else f"not for the role of {staff.role.words}"

    def undo_keys(self) -> tuple[PageKey, ...]:
        """Return the key that undoes, for who may."""
        return (PageKey("u", "u", "undo", self.undo_here),) if may("undo", self.today.staff) else ()

    def then_said(self, said: str) -> None:
        """Say what was done, and that u undoes it, for who may."""
        if may("undo", self.today.staff):
            self.did(said)
        else:
            self.today.reload()
            self.say(said)

    def write(self, title: str, label: str, hint: str, call: Callable[[str], Call[int]], said: str) -> None:
        """Ask for a text that is told at length, then do the act with it."""
        from psc.tui.dialogs.fields import Field, FieldForm

        def save(typed: Typed) -> str:
            self.desk.do_patiently(call(typed.values["text"]), id=typed.act_id, seconds=2)
            return said

        lines = 6 if self.app.size.height < 30 else 12
        text = Field("text", label, "", hint, lambda words: clean(words, lines=True), lines, LONGEST)
        self.app.push_screen(FieldForm(title, (text,), save, self.then_said))


class StatementPage(_Reads):
    """One statement with all its versions, addenda and what does not agree with it."""

    def __init__(self, today: Today, said: StatementLine, incidents: Sequence[int]) -> None:
        super().__init__(today)
        self._said = said
        self._incidents = tuple(incidents)

    def read(self) -> None:
        """Read it again."""
        self._said = self.read_one(self._said.id)

    def title_items(self) -> Sequence[Item]:
        """Say whose it is."""
        since = [Item(self._said.since, "due")] if self._said.since else []
        return [Item("Statement", bold=True), Item(self._said.who), *since]

    def laid_out_lines(self) -> Sequence[Line]:
        """Return all of it."""
        zone = self.desk.file.zone
        return statement_lines(self._said, self.app.size.width - _MARGIN, school_day(self.today.now, zone), zone)

    def keys(self) -> Sequence[PageKey]:
        """Return what can be done with it."""
        said = self._said
        amend = "" if said.mine and not said.locked else _LOCKED if said.mine else _NOT_YOURS
        return (
            PageKey("e", "e", "amend", self._amend, amend),
            PageKey("plus", "+", "add to it", self._add, self.not_for("add_addendum")),
            PageKey("equals_sign", "=", "beside another", self._beside),
            PageKey("n", "n", "does not agree", self._note, self.not_for("note_conflict")),
            *self.undo_keys(),
        )

    def _amend(self) -> None:
        from psc.tui.dialogs.statement import StatementForm

        said = self._said
        form = StatementForm(self.today, said.statement.incident_id, said.who, People(), self.then_said, amends=said)
        self.app.push_screen(form)

    def _add(self) -> None:
        self.write(
            f"Add to the statement of {self._said.who} ({self._said.id})",
            "Added",
            "It stands beside the statement, with your name and the time.",
            lambda text: add_addendum("statement", self._said.id, text),
            "Added: it stands beside the statement",
        )

    def _note(self) -> None:
        self.write(
            f"Does not agree: {self._said.who} ({self._said.id})",
            "What",
            "What of it does not agree with what else is known; = lays two statements side by side.",
            lambda text: note_conflict(self._said.id, text),
            "Noted: it stands with the statement",
        )

    def _beside(self) -> None:
        """Lay it beside another: ask which, where there are several."""
        now = self.desk.clock.now()
        try:
            found = statement_lines_for(self.desk.file, self._incidents, self.today.staff, now)
        except PscError as error:
            self.refuse(str(error))
            return
        others = [one for those in found.values() for one in those if one.id != self._said.id]
        if not others:
            self.refuse("There is no other statement here that you may see.")
        elif len(others) == 1:
            self._lay(str(others[0].id))
        else:
            options = tuple(Option(letter, one.who, str(one.id)) for letter, one in zip(_LETTERS, others, strict=False))
            self.ask(Choice("Beside", options, self._lay))

    def _lay(self, other: str) -> None:
        try:
            right = self.read_one(int(other))
        except PscError as error:
            self.refuse(str(error))
            return
        self.app.push_screen(BesidePage(self.today, self._said, right))


class BesidePage(_Reads):
    """Two statements side by side."""

    def __init__(self, today: Today, left: StatementLine, right: StatementLine) -> None:
        super().__init__(today)
        self._both = (left, right)

    def read(self) -> None:
        """Read both again."""
        left, right = self._both
        self._both = (self.read_one(left.id), self.read_one(right.id))

    def title_items(self) -> Sequence[Item]:
        """Say what this is."""
        return [Item("Side by side", bold=True), Item(" – ".join(one.whose for one in self._both))]

    def laid_out_lines(self) -> Sequence[Line]:
        """Return both."""
        zone = self.desk.file.zone
        return beside_lines(*self._both, self.app.size.width - _MARGIN, school_day(self.today.now, zone), zone)

    def keys(self) -> Sequence[PageKey]:
        """Return noting what does not agree."""
        note = PageKey("n", "n", "does not agree", self._note, self.not_for("note_conflict"))
        return (note, *self.undo_keys())

    def _note(self) -> None:
        left, right = self._both
        self.write(
            f"Does not agree: {left.whose} – {right.whose} ({left.id}, {right.id})",
            "What",
            "Neither statement is changed for it: it stands with both.",
            lambda text: note_conflict(left.id, text, other_id=right.id),
            "Noted: it stands with both statements",
        )


_LOCKED = "it is locked, + adds to it"
_NOT_YOURS = "only who took it may, + adds to it"
