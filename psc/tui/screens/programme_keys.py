"""What the list of programmes and an opened one share: the next stage, a change, the way back from a slip."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from psc.desk.acts import undo
from psc.desk.permissions import may
from psc.overview.programmes import ProgrammeNow, UnwrittenNow, read_programmes
from psc.roster.programmes import BACK, DONE, ENDS_EARLY, ON_TO, Stage
from psc.tui.prompts import Choice, Option
from psc.tui.screens.page import Page, PageKey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.overview.programmes import ProgrammeList
    from psc.tui.screens.today import Today

NOTHING = "there is no programme on this line"
BARE = "nothing is written down of it yet: Enter"


class ProgrammeKeys(Page):
    """What the list and an opened programme share: the next stage, a change, the way back from a slip."""

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self._done = 0
        """How many acts of this page may still be undone from it."""
        self._read_of: tuple[object, ...] = ()
        self.list: ProgrammeList = self._read()

    def _read(self) -> ProgrammeList:
        return read_programmes(self.desk.file, self.today.staff, self.desk.clock.now())

    def look(self) -> None:
        """Read the programmes again when the file, the minute or the reader's role has moved on."""
        read_of = (self.today.staff, self.desk.file.written(), self.desk.clock.now().replace(second=0))
        if read_of != self._read_of:
            self.list = self._read()
            self._read_of = read_of
            self.today.programmes_overdue = (
                sum(1 for one in self.list.running if one.overdue) if may("step_programme", self.today.staff) else 0
            )

    def on_screen_resume(self) -> None:
        """Follow what was done on a page or a form that stood over this one, before the next key."""
        self.paint()

    @property
    def chosen(self) -> ProgrammeNow | UnwrittenNow | None:
        """What the keys are about."""
        raise NotImplementedError

    def step_keys(self) -> Sequence[PageKey]:
        """Return the keys of the chosen programme, for those who may."""
        one, staff = self.chosen, self.today.staff
        why = "" if isinstance(one, ProgrammeNow) else BARE if one else NOTHING
        if isinstance(one, ProgrammeNow) and one.next is None:
            why = "it has ended"
        made = []
        if may("step_programme", staff):
            made.append(PageKey("s", "s", "next stage", self._step, why))
        if may("change_programme", staff):
            made.append(PageKey("c", "c", "change", self._change, why))
        if made and self._done:
            made.append(PageKey("u", "u", "undo", self._undo))
        return made

    def done(self, said: str) -> None:
        """Say what was done, and follow from it."""
        self._done += 1
        self.today.reload()
        self.say(f"{said} · u undoes")

    def _undo(self) -> None:
        self.do(lambda _: [undo()], "Undone: it is as it was before.")
        self._done -= self.said[1] != "alarm"

    # Stages

    def _step(self) -> None:
        """Ask how the next stage came out; a programme may end at any time."""
        one = self.chosen
        if not isinstance(one, ProgrammeNow) or one.next is None:
            return
        stage = one.next.stage
        ends = Option("t", "it ends now", ON_TO)
        options: dict[Stage, tuple[Option[str], ...]] = {
            Stage.INDUCTION: (Option("d", "done", DONE), ends),
            Stage.REVIEW: (
                Option("c", "it continues", "continues"),
                Option("h", "it is changed", "changed"),
                Option("e", "it ends early", ENDS_EARLY),
                ends,
            ),
        }
        if stage is Stage.TRANSITION:
            self._ask_transition(one)
            return

        def chosen(outcome: str) -> None:
            if outcome == ON_TO:
                self._ask_transition(one)
            else:
                self._open_step(one, stage, outcome)

        self.ask(Choice(f"{stage.value.capitalize()} of {one.student.name}", options[stage], chosen))

    def _ask_transition(self, one: ProgrammeNow) -> None:
        options = (Option("b", BACK, BACK), Option("o", "on to something else", ON_TO))
        note = "the periods ahead are dropped"
        step = partial(self._open_step, one, Stage.TRANSITION)
        self.ask(Choice(f"{one.student.name} leaves the programme", options, step, note))

    def _open_step(self, one: ProgrammeNow, stage: Stage, outcome: str) -> None:
        from psc.tui.dialogs.programme_step import StepForm

        def then(said: str) -> None:
            self.done(said)
            if outcome == "changed" and may("change_programme", self.today.staff):
                self._open_change(one, why="changed at the review")

        self.app.push_screen(StepForm(self.today, one, stage, outcome, then))

    def _change(self) -> None:
        if isinstance(one := self.chosen, ProgrammeNow):
            self._open_change(one)

    def _open_change(self, one: ProgrammeNow, why: str = "") -> None:
        from psc.tui.dialogs.change_programme import ChangeForm

        self.app.push_screen(ChangeForm(self.today, self.done, one, why=why))
