"""The forms of an investigation: it is opened, an incident is gathered into it, an event is put on its timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from psc.clock import school_day, wall
from psc.errors import PscError
from psc.incidents.incidents import LONGEST
from psc.incidents.investigations import add_investigation_event, gather_incident, open_investigation
from psc.overview.incidents import list_incidents
from psc.overview.scene import read_when
from psc.text import clean, fold
from psc.tui.dialogs.fields import Field, FieldForm
from psc.tui.dialogs.suggesting import SuggestingForm

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from psc.overview.incidents import IncidentLine
    from psc.overview.investigations import OpenInvestigation
    from psc.tui.dialogs.fields import Typed
    from psc.tui.dialogs.suggesting import Choice
    from psc.tui.screens.today import Today

_LOW = 30
"""The height below which what is told at length gets fewer lines."""


def _long(words: str) -> str:
    return clean(words, lines=True)


def investigation_form(today: Today, incident_id: int, title: str, then: Callable[[str], None]) -> FieldForm:
    """Return the form that opens an investigation into an incident."""

    def save(typed: Typed) -> str:
        call = open_investigation(typed.values["title"], (incident_id,), typed.values["purpose"])
        today.desk.do_patiently(call, id=typed.act_id, seconds=2)
        return f"Investigation opened: {typed.values['title']}"

    fields = (
        Field("title", "Title", "", "A few words by which you find it again; no names, if you can.", longest=200),
        Field("purpose", "What for", "", "What is to be found out; may stay empty.", _long, 5, LONGEST),
    )
    return FieldForm(f"Investigate: {title}", fields, save, then)


def event_form(today: Today, found: OpenInvestigation, then: Callable[[str], None]) -> FieldForm:
    """Return the form that puts an event on an investigation's timeline."""
    one, desk = found.investigation, today.desk

    def save(typed: Typed) -> str:
        at = read_when(desk.file, typed.values["at"] or "now", desk.clock.now())
        call = add_investigation_event(one.id, typed.values["what"], source=typed.values["source"], at=at)
        desk.do_patiently(call, id=typed.act_id, seconds=2)
        return "On the timeline"

    lines = 5 if today.app.size.height < _LOW else 10
    fields = (
        Field("at", "When", "", "1132, -8, P3 · yesterday 1430 · 20 Nov P2; empty: now"),
        Field("what", "What", "", "What happened then.", _long, lines, LONGEST),
        Field("source", "How known", "", "Who says so, or where it stands; may stay empty.", longest=400),
    )
    return FieldForm(f"Timeline: {one.title} ({one.id})", fields, save, then)


class GatherForm(SuggestingForm[None]):
    """Type part of a name, a category or a day: the incident that Enter takes is gathered into the investigation."""

    form = "gather"
    finds = "find_student"
    labels: ClassVar[Mapping[str, str]] = {"incident": "Incident"}
    placeholders: ClassVar[Mapping[str, str]] = {"incident": "part of a name, a category, a place, a day"}
    must_choose = frozenset({"incident"})

    def __init__(self, today: Today, found: OpenInvestigation, then: Callable[[str], None]) -> None:
        super().__init__(today)
        self._one = found.investigation
        self._then = then
        file, staff = today.desk.file, today.staff
        every = list_incidents(file, staff, school_day(today.now, file.zone), limit=500)
        self._known = {self._words(one): one.id for one in every if one.id not in self._one.incidents}

    @property
    def offers(self) -> bool:
        """Whether there is any incident to gather."""
        return bool(self._known)

    def _words(self, one: IncidentLine) -> str:
        zone = self._today_screen.board.zone
        at = one.happened.astimezone(zone)
        year = "" if at.year == self._today_screen.now.year else f" {at.year}"
        who = "; ".join(each.name for each in one.students)
        return clean(f"{at.day} {at:%b}{year} {wall(one.happened, zone)} {one.category}, {one.place}: {who} ({one.id})")

    @property
    def about(self) -> str:
        """The investigation."""
        return f"investigation {self._one.id}"

    @property
    def title_words(self) -> str:
        """Into what."""
        return f"Gather into: {self._one.title}"

    def fill(self) -> None:
        """Begin to type."""
        super().fill()
        self.field("incident").focus()

    def suggest(self, name: str, typed: str) -> Sequence[Choice]:
        """Return the incidents that are not in it, the newest first."""
        return [(words, words) for words in self._known]

    def chosen(self) -> None:
        """No student is asked for."""

    def save(self) -> None:
        """Do the act; an error stands by in plain words and the form keeps everything typed."""
        typed = fold(self.field("incident").value)
        incident = next((identity for words, identity in self._known.items() if fold(words) == typed), None)
        try:
            if incident is None:
                raise self.wrong("incident", "Choose an incident of the list.", "Type part of a name, or of the day.")
            self._today_screen.desk.do_patiently(gather_incident(self._one.id, incident), id=self._act_id, seconds=2)
        except PscError as error:
            self.refuse(str(error))
            return
        self.dismiss(None)
        self._then("Gathered: it stands in the investigation with its statements and evidence")
