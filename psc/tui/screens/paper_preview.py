"""What a typed sheet comes to: every fact in order, what is recorded already, what is wrong. Enter saves it whole."""

from __future__ import annotations

import secrets
from textwrap import wrap
from typing import TYPE_CHECKING

from psc.errors import PscError
from psc.flows.paper import save_paper
from psc.flows.paper_cells import NAME, said_of
from psc.overview.cells import Tone
from psc.roster.checks import WORDS
from psc.text import counted
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psc.flows.paper import PaperRow
    from psc.flows.paper_cells import Plan
    from psc.tui.screens.paper import PaperPage
    from psc.tui.screens.today import Today


class PaperPreview(Page):
    """Shows the facts before they are saved. Nothing is saved until all of it can be."""

    def __init__(self, today: Today, grid: PaperPage) -> None:
        super().__init__(today)
        self._grid = grid
        self._shown = grid.to_save()
        self._act_id = secrets.token_hex(12)

    def _counts(self) -> tuple[int, int, int, int]:
        """Return how many facts are new, for how many students, how many are there already, how many are wrong."""
        plans = list(self._grid.plans(self._grid.paper_rows()).values())
        adding = [plan for plan in plans if plan.adds]
        there, wrong = sum(len(plan.there) for plan in plans), sum(len(plan.wrong) for plan in plans)
        return sum(plan.adds for plan in adding), len(adding), there, wrong

    def title_items(self) -> Sequence[Item]:
        """Say what saving adds."""
        adds, students, there, wrong = self._counts()
        items = [Item(f"{counted(adds, 'new fact')} for {counted(students, 'student')}", bold=True)]
        if there:
            items.append(Item(f"{there} recorded already, skipped", "quiet"))
        if wrong:
            items.append(Item(f"! {wrong} wrong", "alarm"))
        return [*items, Item(f"kept by {self._grid.kept_by}", "quiet")]

    def lines(self) -> Sequence[Line]:
        """Return every row with something typed."""
        rows = self._grid.paper_rows()
        plans = self._grid.plans(rows)
        return [one for row in rows if row.key in plans for one in self._of(row, plans[row.key])]

    def _of(self, row: PaperRow, plan: Plan) -> Iterator[Line]:
        typed = f"“{row.cells[NAME]}”" if row.cells.get(NAME) else "no name"
        new = "  added from paper" if row.known.placed is None else ""
        yield Line(((row.name or typed, Tone.PLAIN), (new, Tone.QUIET)))
        words = [said_of(one, self._grid.board.zone) for one in plan.moves]
        words += [f"check {period}: {mark} {WORDS[mark]}" for period, mark in plan.checks]
        words += [f"seat {plan.seat}"] if plan.seat else []
        for number, said in enumerate(words):
            yield line(f"  + {said}", key=(row.key, "new", number))
        for number, said in enumerate(plan.there):
            yield line(f"  = {said}: recorded already", Tone.QUIET, key=(row.key, "there", number))
        width = max(20, self.app.size.width - 3)
        for number, slip in enumerate(plan.wrong):
            parts = wrap(f"! {slip.column}: {slip.words}", width - 4, subsequent_indent="  ")
            for at, part in enumerate(parts):
                yield line(f"  {part}", Tone.ALARM, key=None if at else (row.key, "wrong", number))
        if not (words or plan.there or plan.wrong):
            yield line("  nothing to add", Tone.QUIET, key=(row.key, "none", 0))

    def keys(self) -> Sequence[PageKey]:
        """Enter saves, when all of it can be."""
        return (PageKey("enter", "Enter", "save", self.enter, self._why_not()),)

    def may_quit(self) -> bool:
        """What is looked at is kept as the grid's draft."""
        return self._grid.keep_draft() or super().may_quit()

    def unsaved(self) -> str:
        """What is looked at is not saved yet."""
        return self._grid.unsaved()

    def _why_not(self) -> str:
        adds, _, _, wrong = self._counts()
        if wrong:
            return "something is wrong; Esc goes back to put it right"
        return "" if adds else "there is nothing new"

    def tick(self) -> None:
        """Follow other terminals: the grid behind is read afresh."""
        self._grid.tick()
        super().tick()

    def enter(self) -> None:
        """Save the sheet, if it is still what is shown."""
        grid = self._grid
        try:
            self.today.reload()
            grid.read()
            lines = grid.to_save()
            if lines != self._shown or self._why_not():
                if lines != self._shown:
                    self._shown, self._act_id = lines, secrets.token_hex(12)
                    self.refuse("Another terminal recorded something meanwhile. Look again before you save.")
                else:
                    self.refuse(f"Not saved: {self._why_not()}.")
                return
            done = save_paper(self.desk, grid.kept_by, grid.day, grid.room.id, lines, why=grid.why, id=self._act_id)
        except PscError as error:
            self.refuse(str(error))
            return
        facts = counted(done.value, "fact")
        grid.said_of_it = f"{facts} of the paper saved, kept by {grid.kept_by} · u undoes"
        self.dismiss(None)
