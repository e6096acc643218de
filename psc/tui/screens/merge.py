"""Match and merge: students who are new here, and records that are possibly of one student."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from psc.clock import school_day
from psc.errors import PscError
from psc.flows.merge import Merge, merge_students, preview_merge
from psc.overview.cells import Tone
from psc.overview.possibly_same import Pair, possibly_same
from psc.school.students import the_student
from psc.text import counted
from psc.tui.prompts import Choice, Entry, Option
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.tui.screens.today import Today

_Key = tuple[int, int]


class MergePage(Page):
    """Pairs to look at, what a merge would move, and the merge itself: asked once, for it cannot be undone."""

    title_words = "Match and merge"

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self._pairs: tuple[Pair, ...] = ()
        self._read_at: tuple[object, ...] = ()
        self._read()

    def _read(self) -> None:
        """Read the pairs again when something was written; they are a walk through the roll."""
        file = self.desk.file
        now = file.written()
        if now != self._read_at:
            self._read_at = now
            day = school_day(self.desk.clock.now(), file.zone)
            self._pairs = possibly_same(file, self.desk.staff(), day)

    def title_items(self) -> Sequence[Item]:
        """Say how many wait."""
        waiting = sum(1 for one in self._pairs if one.into)
        words = f"{counted(waiting, 'pair')} to look at" if waiting else "no pair to look at"
        return [Item(self.title_words, bold=True), Item(words, "quiet")]

    def lines(self) -> Sequence[Line]:
        """Return each pair on two lines, then those who are nobody's namesake yet."""
        self._read()
        made: list[Line] = []
        paired = [one for one in self._pairs if one.into]
        alone = [one for one in self._pairs if not one.into]
        for pair in paired:
            if pair.into:
                tag = "new here" if pair.old.new_here else "twice on roll"
                made.append(Line(((pair.old.words, Tone.PLAIN), (f"  {tag}", Tone.QUIET)), (pair.old.id, pair.into.id)))
                made.append(
                    Line((("  possibly ", Tone.QUIET), (pair.into.words, Tone.PLAIN), (f"  {pair.why}", Tone.QUIET)))
                )
        if alone:
            made.append(line("New here, and nobody of that name on the school's list yet", Tone.QUIET))
            made += [line(one.old.words, key=(one.old.id, 0)) for one in alone]
        return made or [line("Nobody is new here, and no two records are alike.", Tone.QUIET)]

    def keys(self) -> Sequence[PageKey]:
        """Enter merges the pair; another record can be named."""
        none = "" if self._current else "nobody is listed"
        pair = self._current
        first = none or ("" if pair and pair[1] else "find the other record with /")
        return (
            PageKey("enter", "Enter", "merge", self.enter, first),
            PageKey("slash", "/", "another record", self._name_other, none),
        )

    @property
    def _current(self) -> _Key | None:
        found = self.current
        return found if isinstance(found, tuple) else None

    def enter(self) -> None:
        """Ask about the pair under the cursor."""
        pair = self._current
        if pair is None:
            return
        if pair[1]:
            self._ask(*pair)
        else:
            self._name_other()

    def _name_other(self) -> None:
        """Ask which record the one under the cursor goes into."""
        pair = self._current
        if pair is None:
            return

        def named(text: str) -> None:
            today = school_day(self.desk.clock.now(), self.desk.file.zone)
            try:
                into = the_student(self.desk.file, text, self.desk.staff(), today, act="merge_students")
            except PscError as error:
                self.refuse(str(error))
            else:
                self._ask(pair[0], into.id)

        self.ask(Entry("Goes into which record", "number, or name and form", named))

    def _ask(self, old_id: int, into_id: int) -> None:
        """Show what would move, and ask on a key other than the one that asked."""
        try:
            seen = preview_merge(self.desk.file, old_id, into_id, self.desk.clock.now())
        except PscError as error:
            self.refuse(str(error))
            return
        what = ", ".join(seen.words) or "nothing but the record"
        options = (Option("m", "merge them", "merge"), Option("n", "leave them two", "no"))
        note = f"moves {what}; it cannot be undone"
        self.ask(Choice(f"{seen.old.words} into {seen.into.words}", options, partial(self._answered, seen), note))

    def _answered(self, seen: Merge, answer: str) -> None:
        if answer == "no":
            self.say("left as they are")
            return
        self.do(lambda _: [merge_students(seen.old.id, seen.into.id)], f"{seen.old.name} merged into {seen.into.words}")
