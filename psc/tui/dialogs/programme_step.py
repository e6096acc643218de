"""A stage of a programme gone through: what came of it, in a note, and on which day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import typed_day
from psc.roster.programmes import ON_TO, Stage, step_programme
from psc.text import counted
from psc.tui.dialogs.fields import Field, FieldForm, Typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from psc.overview.programmes import ProgrammeNow
    from psc.tui.screens.today import Today

_NOTES = {
    Stage.INDUCTION: "who was there, what was agreed; may stay empty",
    Stage.REVIEW: "what was found, and what comes of it",
    Stage.TRANSITION: "how it goes on: who knows, who keeps an eye on it; may stay empty",
}


class StepForm(FieldForm):
    """The note and the day of a stage, whose outcome was chosen already; `on to` is typed here."""

    form = "programme step"

    def __init__(
        self, today: Today, one: ProgrammeNow, stage: Stage, outcome: str, then: Callable[[str], None]
    ) -> None:
        self._about = f"{one.programme.placement_id} {stage.value} {outcome}"
        day = today.board.day.day
        required = " *" if stage is Stage.REVIEW else ""
        on_to = [Field("to", "On to *", "", "what comes after: college on Tuesdays, a mentor")]
        fields = [
            *(on_to if outcome == ON_TO else []),
            Field("note", f"Note{required}", "", _NOTES[stage], lines=3),
            Field("on", "On", "today", "today, yesterday, or 24 Nov", lambda text: typed_day(text, day)),
        ]

        def save(typed: Typed) -> str:
            words = outcome + str(typed.values.get("to", ""))
            version = one.programme.now.id
            call = step_programme(version, stage, words, str(typed.values["note"]), on=typed.values["on"])
            dropped = today.desk.do_patiently(call, id=typed.act_id, seconds=2).value
            gone = f"; {counted(dropped, 'period')} ahead dropped" if dropped else ""
            return f"{one.student.name}: {stage.value} {words}{gone}"

        words = outcome.strip() if stage is not Stage.INDUCTION else "done"
        super().__init__(f"{stage.value.capitalize()}: {words} · {one.student.name}", fields, save, then)

    @property
    def about(self) -> str:
        """Which programme, which stage, and how it came out."""
        return self._about
