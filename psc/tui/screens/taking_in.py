"""Import a file: which kind, where it lies; tried first, with its report; then taken in, with its progress.

It is read and written in a thread, on a connection of its own. Esc stops it: then nothing is taken in.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.worker import get_current_worker

from psc.database.file import opened
from psc.desk.acts import Desk
from psc.desk.permissions import scope_of
from psc.errors import PscError
from psc.importing.intake import KINDS, import_file
from psc.importing.progress import Step, Stopped
from psc.importing.report import Report, TooManyBadRows
from psc.importing.report_words import report_lines
from psc.overview.cells import Tone
from psc.text import one_of
from psc.tui.prompts import Choice, Entry, Option
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.tui.screens.today import Today

_HINTS = {
    "students": "a list, or a Common Transfer File (.xml)",
    "behaviour": "a row an event and student",
    "attendance": "a row a session, a day or a student",
}
_BAR = 30


class ImportPage(Page):
    """F10 tries the file first and shows the report; F10 again takes it in. The file itself stays as it is."""

    title_words = "Import a file"

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self._kind = "behaviour"
        self._path = ""
        self._profile = ""
        self._step: Step | None = None
        """What is being done now; None while nothing is."""
        self._stop = False
        self._tried: Report | None = None
        self._lines: list[str] = []
        self._taken = False

    # What it shows

    def look(self) -> None:
        """See that the role still may: it may have changed while the page was open."""
        scope_of("import", self.desk.staff())

    def title_items(self) -> Sequence[Item]:
        """Say how far it is."""
        items = [Item(self.title_words, bold=True)]
        if self._step is not None:
            items.append(Item("being tried" if self._tried is None else "being taken in", "due"))
        elif self._taken:
            items.append(Item("taken in", "in"))
        elif self._tried is not None:
            items.append(Item("tried: nothing is changed yet", "plain"))
        return items

    def lines(self) -> Sequence[Line]:
        """Return what is to be taken in, how far it is, and the report."""
        made = [
            _field("Kind", self._kind, _HINTS.get(self._kind, ""), "kind"),
            _field("File", self._path or "-", "" if self._path else "where it lies: type or paste its path", "file"),
            _field("Columns", self._profile or "-", "a name under which its columns are remembered", "profile"),
            line(""),
        ]
        if self._step is not None:
            step = self._step
            share = step.done * _BAR // step.of if step.of else 0
            bar = f"  {'#' * share}{'.' * (_BAR - share)}" if step.of else ""
            return [*made, line(f"{step.said}{bar}", Tone.DUE), line("Esc stops it: nothing is taken in.", Tone.QUIET)]
        width = self.app.size.width - 4
        for number, words in enumerate(self._lines):
            indent = "  " if words.startswith("  ") else ""
            for part in wrapped(words.strip(), width - len(indent)):
                made.append(line(f"{indent}{part}", Tone.PLAIN, key=("report", number, len(made))))
        return made

    def keys(self) -> Sequence[PageKey]:
        """Return the keys."""
        if self._step is not None:
            return ()
        why = "" if self._path else "say first where the file lies"
        if self._tried is None or self._taken:
            return (
                PageKey("enter", "Enter", "change", self.enter),
                PageKey("f10", "F10", "try it first", self._try, why),
            )
        nothing = not (self._tried.imported or self._tried.updated or self._tried.left or self._tried.removed)
        why = "there is nothing new in it" if nothing else ""
        return (
            PageKey("enter", "Enter", "change", self.enter),
            PageKey("f10", "F10", "take it in", self._ask, why),
        )

    # Keys

    def enter(self) -> None:
        """Ask for the field under the cursor."""
        if self._step is not None:
            return
        if self.current == "kind":
            self.ask(Entry("What is it", ", ".join(KINDS), self._named, longest=20))
        elif self.current == "file":
            self.ask(Entry("File", "its path, as in ~/Downloads/behaviour.csv", self._placed, self._path, 1000))
        elif self.current == "profile":
            self.ask(Entry("Columns as", "a name, or nothing", self._called, self._profile, 60))

    def _named(self, typed: str) -> None:
        try:
            self._kind = one_of(typed, KINDS, "kind of file")
        except PscError as error:
            self.refuse(str(error))
        else:
            self._anew()

    def _placed(self, typed: str) -> None:
        self._path = typed.strip().strip("\"'")
        self._anew()

    def _called(self, typed: str) -> None:
        self._profile = typed.strip()
        self._anew()

    def _anew(self) -> None:
        self._tried, self._lines, self._taken = None, [], False
        self.paint()

    def leave(self) -> None:
        """Go back; in the middle of an import, stop it instead."""
        if self._step is None:
            super().leave()
        else:
            self._stop = True
            self.say("stopping …")

    def unsaved(self) -> str:
        """Say that an import is under way."""
        return "" if self._step is None else "A file is being read: it would not be taken in"

    # Doing

    def _try(self) -> None:
        self._tried, self._taken = None, False
        self._begin(dry_run=True)

    def _ask(self) -> None:
        report = self._tried
        if report is None:
            return
        title = f"{report.kind}: {report.imported:,} new, {report.updated:,} changed"
        options = (Option("t", "take it in", "take"), Option("n", "not now", "no"))
        self.ask(Choice(title, options, self._answered, "a backup is made first"))

    def _answered(self, answer: str) -> None:
        if answer == "take":
            self._begin(dry_run=False)
        else:
            self.say("nothing was changed")

    def _begin(self, *, dry_run: bool) -> None:
        self._stop, self._step, self._lines = False, Step("reading the file"), []
        path = Path(self._path).expanduser()
        self.run_worker(partial(self._beside, self._kind, path, self._profile, dry_run=dry_run), thread=True)
        self.say("")

    def _beside(self, kind: str, path: Path, profile: str, *, dry_run: bool) -> None:
        """Take the file in, or try to, in a thread."""
        desk, worker = self.desk, get_current_worker()

        def watch(step: Step) -> None:
            if self._stop or worker.is_cancelled:
                raise Stopped
            self._step = step

        try:
            with opened(desk.file.path) as file:
                mine = Desk(file, desk.clock, desk.code, desk.terminal)
                report = import_file(mine, kind, path, profile=profile, dry_run=dry_run, watch=watch)
        except TooManyBadRows as refused:
            lines = report_lines(refused.report, dry_run=True)
            self.app.call_from_thread(self._not_done, str(refused), lines)
        except PscError as error:
            self.app.call_from_thread(self._not_done, str(error), [])
        else:
            self.app.call_from_thread(self._done, report, dry_run=dry_run)

    def _not_done(self, words: str, lines: list[str]) -> None:
        self._step, self._tried, self._lines = None, None, lines
        self.refuse(words)

    def _done(self, report: Report, *, dry_run: bool) -> None:
        self._step, self._tried, self._taken = None, report, not dry_run
        self._lines = report_lines(report, dry_run=dry_run)
        if dry_run:
            self.say("tried: F10 takes it in")
        else:
            self.today.reload()
            self.say("taken in")


def _field(name: str, value: str, hint: str, key: str) -> Line:
    return Line(((f"{name:<9}{value}  ", Tone.PLAIN), (hint, Tone.QUIET)), key)
