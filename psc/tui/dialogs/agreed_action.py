"""The form of an agreed action: what somebody is to do, who, by when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from psc.desk.people import everyone, who_is
from psc.desk.settings import settings_on
from psc.errors import PscError
from psc.incidents.actions import agree_action
from psc.school.calendar import coming_day, day_words, days_on
from psc.tui.dialogs.suggesting import SuggestingForm, adult_choices

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from psc.tui.dialogs.suggesting import Choice
    from psc.tui.screens.today import Today


class AgreeForm(SuggestingForm[None]):
    """Enter goes on, and saves from the last field; F10 saves from any. `then` is told what was agreed, in words."""

    form = "agreed action"
    finds = "find_student"
    labels: ClassVar[Mapping[str, str]] = {"what": "To be done", "owner": "Who", "due": "By when"}
    placeholders: ClassVar[Mapping[str, str]] = {"owner": "a staff code, or a name", "due": "tomorrow, Thu, 27 Nov"}

    def __init__(
        self,
        today: Today,
        then: Callable[[str], None],
        title: str,
        *,
        incident_id: int | None = None,
        student_id: int | None = None,
    ) -> None:
        super().__init__(today)
        self._then = then
        self._called = title
        self._of: dict[str, Any] = {"incident_id": incident_id, "student_id": student_id}
        self._staff = [(one.code, f"{one.code}  {one.short}") for one in everyone(today.desk.file)]

    @property
    def about(self) -> str:
        """The incident, or the student."""
        return " ".join(f"{name} {number}" for name, number in self._of.items() if number is not None)

    @property
    def title_words(self) -> str:
        """What it is agreed about."""
        return f"To be done: {self._called}"

    def fill(self) -> None:
        """Fill in the usual day."""
        super().fill()
        file = self._today_screen.desk.file
        usual = days_on(file, self.day, settings_on(file, self.day).action_days)
        self.write("due", f"{usual.day} {usual:%b}" if usual != self.day else "today")
        self.field("what").focus()

    def suggest(self, name: str, typed: str) -> Sequence[Choice]:
        """Return the staff who fit, then the name as it is typed."""
        return adult_choices(self._staff, typed) if name == "owner" else ()

    def chosen(self) -> None:
        """No student is asked for."""

    def save(self) -> None:
        """Do the act; an error stands by in plain words and the form keeps everything typed."""
        today, typed, field = self._today_screen, self.typed(), "what"
        try:
            if not typed["what"]:
                raise self.wrong("what", "Say what is to be done.", "A few words are enough.")
            field = "owner"
            who = who_is(today.desk.file, typed["owner"])
            field = "due"
            due = coming_day(typed["due"], self.day) if typed["due"] else None
            field = "what"
            call = agree_action(
                typed["what"],
                owner_id=who.staff_id,
                owner="" if who.staff_id is not None else who.name,
                due=due,
                **self._of,
            )
            today.desk.do_patiently(call, id=self._act_id, seconds=2)
        except PscError as error:
            self.refuse(str(error))
            self.field(field).focus()
            return
        self.dismiss(None)
        when = f", {'by ' if due and due != self.day else ''}{day_words(due, self.day)}" if due else ""
        self._then(f"Agreed: {who.name}, {typed['what']}{when}")
