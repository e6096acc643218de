"""The form of a reference to evidence: what it is, where it is kept, until when. The thing itself stays there."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from psc.errors import PscError
from psc.incidents.evidence import EVIDENCE_KINDS, keep_evidence
from psc.overview.scene import read_when
from psc.school.calendar import coming_day, day_words
from psc.text import fold, one_of
from psc.tui.dialogs.suggesting import SuggestingForm

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from psc.tui.dialogs.suggesting import Choice
    from psc.tui.screens.today import Today


class EvidenceForm(SuggestingForm[None]):
    """Enter goes on, and saves from the last field; F10 saves from any. `then` is told what was kept, in words."""

    form = "evidence"
    finds = "find_student"
    labels: ClassVar[Mapping[str, str]] = {
        "kind": "Kind",
        "what": "What it is",
        "where": "Kept where",
        "until": "Kept until",
        "at": "Found at",
    }
    placeholders: ClassVar[Mapping[str, str]] = {
        "what": "camera 4, science corridor, 08:55 to 09:05",
        "where": "the site office; a drive; an envelope",
        "until": "21 Dec: the last day it is; empty: it stays",
        "at": "1132, -8, P3, yesterday 1430; empty: now",
    }
    must_choose = frozenset({"kind"})

    def __init__(self, today: Today, incident_id: int, title: str, then: Callable[[str], None]) -> None:
        super().__init__(today)
        self._incident = incident_id
        self._title_of = title
        self._then = then

    @property
    def about(self) -> str:
        """The incident."""
        return f"incident {self._incident}"

    @property
    def title_words(self) -> str:
        """What it is evidence of."""
        return f"Evidence: {self._title_of}"

    def fill(self) -> None:
        """Begin with the kind."""
        super().fill()
        self.field("kind").focus()

    def suggest(self, name: str, typed: str) -> Sequence[Choice]:
        """Return the kinds there are."""
        return [(one, one) for one in EVIDENCE_KINDS] if name == "kind" else ()

    def chosen(self) -> None:
        """No student is asked for."""

    def save(self) -> None:
        """Do the act; an error stands by in plain words and the form keeps everything typed."""
        today, typed, field = self._today_screen, self.typed(), "kind"
        desk = today.desk
        try:
            kind = one_of(typed["kind"], EVIDENCE_KINDS, "kind of evidence")
            field = "until"
            until = coming_day(typed["until"], self.day) if fold(typed["until"]) else None
            field = "at"
            at = read_when(desk.file, typed["at"], desk.clock.now()) if typed["at"] else None
            field = "until" if until is not None and until < self.day else "what"
            call = keep_evidence(self._incident, kind, typed["what"], typed["where"], until, at=at)
            desk.do_patiently(call, id=self._act_id, seconds=2)
        except PscError as error:
            self.refuse(str(error))
            self.field(field).focus()
            return
        self.dismiss(None)
        self._then(f"Kept: {kind}" + (f", until {day_words(until, self.day)}" if until else ""))
