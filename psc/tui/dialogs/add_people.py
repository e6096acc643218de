"""The form that names who else was there, later: nobody is taken out, and why stands beside the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal, Vertical
from textual.widgets import Input, OptionList, Static

from psc.errors import NotUnderstood, PscError
from psc.incidents.endings import add_to_incident
from psc.tui.dialogs.people_form import PeopleForm
from psc.tui.people import students_named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.app import ComposeResult

    from psc.tui.people import People
    from psc.tui.screens.today import Today


class AddPeopleForm(PeopleForm):
    """A name, Enter, a letter: somebody stands in the list; F10 saves. Who was named before cannot be changed here."""

    form = "add people"
    title_words = "Who else was there"
    labels: ClassVar[Mapping[str, str]] = {**PeopleForm.people_fields, "why": "How known"}

    def __init__(self, today: Today, incident_id: int, people: People, then: Callable[[str], None]) -> None:
        super().__init__(today, people._replace(fixed=frozenset(one.key for one in people.persons)))
        self._incident = incident_id
        self._then = then

    @property
    def about(self) -> str:
        """The incident."""
        return f"incident {self._incident}"

    def compose(self) -> ComposeResult:
        """Lay out the list, what adds to it, and the reason."""
        from psc.tui.widgets.bar import Bar

        with Vertical() as box:
            box.border_title = self.title_words
            box.border_subtitle = "Enter next · F10 save · Esc"
            yield from self.people_rows()
            with Horizontal(id="row-why", classes="row"):
                yield Static(self.labels["why"], classes="label")
                yield Input(id="why", max_length=400, placeholder="the camera shows it; a teacher said so")
            yield OptionList(id="choices")
            yield Static("", classes="error", id="error")
            yield Bar(id="form-keys")

    def fill(self) -> None:
        """Show who was named already; the first field adds a student."""
        super().fill()
        self.show_people()
        self.show_keys()
        self.field("student").focus()

    def after_people(self, name: str) -> None:
        """From the student's field to the adult's, from there to the reason."""
        self.field("adult" if name == "student" else "why").focus()

    def save(self) -> None:
        """Do the act; an error stands by in plain words and the form keeps everything typed."""
        if not self.add_pending():
            return
        new = self.people._replace(persons=tuple(one for one in self.people.named if one.key not in self.people.fixed))
        call = add_to_incident(self._incident, new.parts(), new.adults(), self.field("why").value)
        try:
            if not new.persons:
                raise NotUnderstood("Nobody is named who is not in it already.", "Type a name and press Enter.")
            self._today_screen.desk.do_patiently(call, id=self._act_id, seconds=2)
        except PscError as error:
            self.refuse(str(error))
            (self.field("why") if new.persons else self.field("student")).focus()
            return
        self.dismiss(None)
        adults = "; ".join(one.words for one in new.named if one.kind == "adult")
        self._then(f"Named besides: {'; '.join(part for part in (students_named(new.named), adults) if part)}")
