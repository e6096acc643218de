"""One incident, opened: all that was said of it, and the keys for whatever is still to be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.permissions import may
from psc.errors import PscError
from psc.overview.incidents import open_the_incident
from psc.tui.screens.incident_acts import ActsOnIncident
from psc.tui.screens.incident_view import incident_lines, severity_words, since_words, title_words
from psc.tui.screens.investigation import ask_evidence_end, open_investigation_page
from psc.tui.screens.page import PageKey
from psc.tui.screens.statement import open_statement_page
from psc.tui.widgets.bar import Item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.tui.screens.page import Page
    from psc.tui.widgets.lines import Line


def open_incident_page(page: Page, incident_id: int) -> None:
    """Open an incident over a page; the ledger keeps who looked before anything is shown."""
    try:
        opened = open_the_incident(page.desk, incident_id)
    except PscError as error:
        page.refuse(str(error))
        return
    page.said = ("", "plain")
    page.app.push_screen(IncidentPage(page.today, opened))


class IncidentPage(ActsOnIncident):
    """One incident with its versions, addenda, who was told, actions, records, statements and evidence, in place."""

    # Showing

    def title_items(self) -> Sequence[Item]:
        """Say what it is, when and where it was, and how it stands."""
        one = self.opened
        category, when = title_words(one, self._view())
        severe = one.incident.now.severity
        return [
            Item(category, bold=True),
            Item(when),
            *(Item(words, "quiet") for words in since_words(one)),
            Item(severity_words(severe), "due" if severe >= 4 else "quiet"),
        ]

    def lines(self) -> Sequence[Line]:
        """Return all its parts."""
        return incident_lines(self.opened, self._view())

    # Keys

    def keys(self) -> Sequence[PageKey]:
        """Return what can be done about it, and with what is under the cursor."""
        one = self.opened
        amend = "" if one.mine and not one.locked else "it is locked, + adds to it" if one.mine else _NOT_YOURS
        opens = {"action": "done", "parent": "tell", "statement": "open", "restrictive": "open",
                 "investigation": "open", "evidence": "what became of it"}  # fmt: skip
        kind = self.current[0] if isinstance(self.current, tuple) else ""
        enter = (PageKey("enter", "Enter", opens[kind], self.enter),) if kind in opens else ()
        return (
            *enter,
            PageKey("e", "e", "amend", self._amend, amend),
            PageKey("plus", "+", "add", self._add, self._no("add_addendum")),
            PageKey("t", "t", "home", self._tell, self._no("tell_of_incident")),
            PageKey("l", "l", "DSL told", self._tell_lead, self._no("tell_of_incident")),
            PageKey("j", "j", "action", self._agree, self._no("agree_action")),
            PageKey("s", "s", "statement", self._statement, self._no("take_statement")),
            PageKey("v", "v", "evidence", self._evidence, self._no("keep_evidence")),
            PageKey("I", "I", "investigate", self._investigate, self._no("open_investigation")),
            PageKey("p", "p", "people", self._people, self._no("add_to_incident")),
            PageKey("K", "K", "apart", self._apart, self._no("keep_apart")),
            *self._force_key(),
            PageKey("c", "c", "close" if one.incident.open else "reopen", self._end, self._no("end_incident")),
            *((PageKey("u", "u", "undo", self.undo_here),) if may("undo", self.today.staff) else ()),
        )

    def _force_key(self) -> Sequence[PageKey]:
        """Return the key that opens the record of force or seclusion, or writes one: where there is something to."""
        if self.opened.restrictive == "marker":
            return ()
        words = "force" if self.opened.restrictive else "record force"
        return (PageKey("f", "f", words, self._force),)

    def enter(self) -> None:
        """Do what the line under the cursor calls for."""
        kind, identity = self.current if isinstance(self.current, tuple) else ("", None)
        if kind == "action":
            self._end_action(int(identity))
        elif kind == "restrictive":
            self._force()
        elif kind == "parent" and not self._no("tell_of_incident"):
            self._tell_of(int(identity))
        elif kind == "statement":
            open_statement_page(self, int(identity), [self.opened.incident.id])
        elif kind == "investigation":
            open_investigation_page(self, int(identity))
        elif kind == "evidence":
            kept = next((each for each in self.opened.evidence_lines or () if each.id == identity), None)
            if kept is not None:
                ask_evidence_end(self, kept, self.did if self._undoes else self.done)


_NOT_YOURS = "only who recorded it may, + adds to it"
