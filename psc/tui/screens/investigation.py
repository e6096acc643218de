"""One investigation, opened: what it gathers and its timeline, and the keys for what is still to be found out."""

from __future__ import annotations

import secrets
from functools import partial
from typing import TYPE_CHECKING

from psc.clock import school_day
from psc.desk.permissions import may
from psc.errors import PscError
from psc.incidents.evidence import EVIDENCE_ENDS, end_evidence
from psc.incidents.incidents import LONGEST
from psc.incidents.investigations import end_investigation
from psc.overview.investigations import open_the_investigation, read_investigation
from psc.text import clean
from psc.tui.prompts import Choice, Entry, Option
from psc.tui.screens.investigation_view import investigation_lines
from psc.tui.screens.page import Page, PageKey
from psc.tui.screens.statement import open_statement_page
from psc.tui.widgets.bar import Item

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psc.overview.investigations import Gathered, OpenInvestigation
    from psc.overview.statements import EvidenceLine
    from psc.tui.dialogs.fields import Typed
    from psc.tui.screens.today import Today
    from psc.tui.widgets.lines import Line

_MARGIN = 4


def open_investigation_page(page: Page, investigation_id: int) -> None:
    """Open an investigation over a page; the ledger keeps who looked before anything is shown."""
    try:
        found = open_the_investigation(page.desk, investigation_id)
    except PscError as error:
        page.refuse(str(error))
        return
    page.said = ("", "plain")
    page.app.push_screen(InvestigationPage(page.today, found))


class InvestigationPage(Page):
    """One investigation with its incidents, statements, evidence, timeline and what does not agree."""

    nothing_done = "Nothing was done to this investigation from here."

    def __init__(self, today: Today, found: OpenInvestigation) -> None:
        super().__init__(today)
        self.found = found
        self._read_of: tuple[object, ...] = self._now()
        self._drawn: tuple[object, Sequence[Line]] = (None, ())

    def _now(self) -> tuple[object, ...]:
        return (self.today.staff, self.desk.file.written(), self.today.now.replace(second=0))

    def look(self) -> None:
        """Read it again when the file, the reader's role or the minute has moved on."""
        if (read_of := self._now()) != self._read_of:
            one = self.found.investigation.id
            self.found = read_investigation(self.desk.file, one, self.today.staff, self.desk.clock.now())
            self._read_of = read_of

    def title_items(self) -> Sequence[Item]:
        """Say what it is, and how it stands."""
        one = self.found.investigation
        return [
            Item("Investigation", bold=True),
            Item(one.title),
            Item("open", "due") if one.open else Item("closed", "quiet"),
        ]

    def lines(self) -> Sequence[Line]:
        """Return all its parts; words told at length are laid out once, not with each second."""
        drawn_of = (self._read_of, self.app.size.width)
        if self._drawn[0] != drawn_of:
            zone = self.desk.file.zone
            day = school_day(self.today.now, zone)
            made = investigation_lines(self.found, self.app.size.width - _MARGIN, day, zone)
            self._drawn = (drawn_of, made)
        return self._drawn[1]

    # Keys

    def _where(self) -> tuple[str, int]:
        """Return what stands under the cursor: its kind and its id."""
        found = self.current if isinstance(self.current, tuple) else ("", 0)
        kind, identity = found[:2]
        return (str(kind), int(identity)) if kind in _ENTER else ("", 0)

    def _incident(self) -> Gathered | None:
        """Return the incident under the cursor, or that of what is there; the only one there is."""
        kind, identity = self._where()
        every = self.found.incidents
        if kind == "incident":
            return next((each for each in every if each.id == identity), None)
        if kind in ("statement", "conflict"):
            return next((each for each in every if identity in {one.id for one in each.statements}), None)
        if kind == "evidence":
            return next((each for each in every if identity in {one.id for one in each.evidence}), None)
        return every[0] if len(every) == 1 else None

    def keys(self) -> Sequence[PageKey]:
        """Return what can be done about it, and with what is under the cursor."""
        one = self.found.investigation
        closed = "" if one.open else "it is closed, c reopens it"
        kind, _ = self._where()
        enter = (PageKey("enter", "Enter", _ENTER[kind], self.enter),) if kind in _ENTER else ()
        which = "" if self._incident() else "go to an incident of it first"
        return (
            *enter,
            PageKey("a", "a", "event", self._event, closed or self._no("add_investigation_event")),
            PageKey("g", "g", "gather", self._gather, closed or self._no("gather_incident")),
            PageKey("s", "s", "statement", self._statement, which or self._no("take_statement")),
            PageKey("v", "v", "evidence", self._evidence, which or self._no("keep_evidence")),
            PageKey("c", "c", "close" if one.open else "reopen", self._end, self._no("end_investigation")),
            PageKey("p", "p", "print", self._print, self._no("print_investigation")),
            *((PageKey("u", "u", "undo", self.undo_here),) if may("undo", self.today.staff) else ()),
        )

    def _no(self, act: str) -> str:
        staff = self.today.staff
        return "" if may(act, staff) else f"not for the role of {staff.role.words}"

    def enter(self) -> None:
        """Open what is under the cursor."""
        kind, identity = self._where()
        if kind == "incident":
            from psc.tui.screens.incident import open_incident_page

            open_incident_page(self, identity)
        elif kind in ("statement", "conflict"):
            open_statement_page(self, identity, [each.id for each in self.found.incidents])
        elif kind == "evidence":
            each = next((one for every in self.found.incidents for one in every.evidence if one.id == identity), None)
            if each is not None:
                ask_evidence_end(self, each, self.then_said)

    def then_said(self, said: str) -> None:
        """Say what was done, and that u undoes it, for who may."""
        if may("undo", self.today.staff):
            self.did(said)
        else:
            self.today.reload()
            self.say(said)

    def _event(self) -> None:
        from psc.tui.dialogs.investigation import event_form

        self.app.push_screen(event_form(self.today, self.found, self.then_said))

    def _gather(self) -> None:
        from psc.tui.dialogs.investigation import GatherForm

        form = GatherForm(self.today, self.found, self.then_said)
        if form.offers:
            self.app.push_screen(form)
        else:
            self.refuse("There is no other incident that you may see.")

    def _statement(self) -> None:
        from psc.tui.dialogs.statement import StatementForm
        from psc.tui.screens.incident_acts import people_of

        if (each := self._incident()) is not None:
            people = people_of(each.opened, self.desk)
            form = StatementForm(self.today, each.id, self._called(each), people, self.then_said)
            self.app.push_screen(form)

    def _evidence(self) -> None:
        from psc.tui.dialogs.evidence import EvidenceForm

        if (each := self._incident()) is not None:
            self.app.push_screen(EvidenceForm(self.today, each.id, self._called(each), self.then_said))

    def _called(self, each: Gathered) -> str:
        at = each.opened.incident.happened.astimezone(self.desk.file.zone)
        return f"{each.opened.incident.now.category}, {at:%a} {at.day} {at:%b} {at:%H:%M} ({each.id})"

    def _end(self) -> None:
        from psc.tui.dialogs.fields import Field, FieldForm

        one = self.found.investigation
        state, label = ("closed", "Outcome") if one.open else ("reopened", "Why")

        def save(typed: Typed) -> str:
            call = end_investigation(one.id, state, typed.values["text"])
            self.desk.do_patiently(call, id=typed.act_id, seconds=2)
            return "Closed" if state == "closed" else "Open again"

        hint = "What came of it: who was found to have done what, and what follows." if one.open else "It is kept."
        lines = 6 if self.app.size.height < 30 else 12
        text = Field("text", label, "", hint, lambda words: clean(words, lines=True), lines, LONGEST)
        title = f"{'Close' if one.open else 'Reopen'}: {one.title} ({one.id})"
        self.app.push_screen(FieldForm(title, (text,), save, self.then_said))

    def _print(self) -> None:
        from psc.tui.printing import print_investigation

        print_investigation(self, self.found.investigation.id)


def ask_evidence_end(page: Page, one: EvidenceLine, then: Callable[[str], None]) -> None:
    """Ask on a page's line what became of evidence, with a note where there is one, and record it."""
    kept = one.evidence
    if kept.end is not None:
        page.say(f"{kept.kind}, {kept.what}: {one.words(school_day(page.today.now, page.desk.file.zone))}")
        return
    if not may("end_evidence", page.today.staff):
        page.refuse(f"What became of it is not for the role of {page.today.staff.role.words} to say.")
        return

    def ended(how: str, note: str) -> None:
        try:
            page.desk.do_patiently(end_evidence(kept.id, how, note), id=secrets.token_hex(12), seconds=2)
        except PscError as error:
            page.refuse(str(error))
        else:
            then(f"{kept.kind}: {how}")

    def chosen(how: str) -> None:
        page.ask(Entry(f"{kept.kind} {how}", "where it is now, who has it; nothing to leave it", partial(ended, how)))

    options = tuple(Option(one[0], one, one) for one in EVIDENCE_ENDS)
    page.ask(Choice(f"{kept.kind}, {kept.what}", options, chosen))


_ENTER = {"incident": "open", "statement": "open", "conflict": "open", "evidence": "what became of it"}
