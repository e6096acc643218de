"""An alert put on a student's record: what kind, what to know and do, and whether it is an emergency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.school.alerts import KINDS, add_alert
from psc.text import one_of
from psc.tui.dialogs.fields import Field, FieldForm, Typed, said_yes, yes_or_no

if TYPE_CHECKING:
    from collections.abc import Callable

    from psc.school.students import Student
    from psc.tui.screens.today import Today


class AlertForm(FieldForm):
    """Three fields; the words go to everybody who may see the student's alerts."""

    form = "alert"

    def __init__(self, today: Today, student: Student, then: Callable[[str], None]) -> None:
        self._about = f"alert of {student.id}"
        fields = (
            Field("kind", "Kind *", KINDS[0], f"one of: {', '.join(KINDS)}", lambda text: one_of(text, KINDS, "kind")),
            Field("text", "Words *", "", "what to know, and what to do; at most 400 characters", lines=4, longest=500),
            Field(
                "emergency", "Emergency", said_yes(False), "yes: shown at once, to everybody who has them", yes_or_no
            ),
        )

        def save(typed: Typed) -> str:
            values = typed.values
            call = add_alert(student.id, values["kind"], str(values["text"]), emergency=values["emergency"])
            today.desk.do_patiently(call, id=typed.act_id, seconds=2)
            today.reload()
            return f"{student.name}: alert added"

        super().__init__(f"Alert · {student.name}", fields, save, then)

    @property
    def about(self) -> str:
        """Whose alert it is."""
        return self._about
