"""The form of an incident: who, when, what kind, one sentence, saved. Everything else opens when it is needed.

A simple one takes the category, a sentence and F10: see `incident_parts.py` for what stands on it.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual.widgets import Static

from psc.clock import school_day
from psc.desk.permissions import may
from psc.errors import NeedsReason, NotUnderstood, PscError
from psc.incidents.incidents import KEPT_AS, Account, amend_incident, record_incident
from psc.overview.read_board import read_board
from psc.overview.scene import period_at, read_when, there_then, when_typed
from psc.roster.reasons import reason_names
from psc.school.rooms import rooms
from psc.text import clean, fold
from psc.tui.dialogs.incident_parts import FACTS, KEPT, LONG, IncidentParts
from psc.tui.people import People, student_person
from psc.tui.widgets.bar import Bar, Item
from psc.tui.widgets.long_text import LongText

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from psc.incidents.incidents import Incident
    from psc.overview.board import Row
    from psc.school.rooms import Room
    from psc.tui.dialogs.suggesting import Choice
    from psc.tui.screens.today import Today

_MORE = "\tmore"
"""Under which name a draft keeps the switches; no field is called so."""


class IncidentForm(IncidentParts):
    """Enter goes on, F10 saves from any field; letters on the switches open what is needed."""

    form = "incident"

    def __init__(
        self,
        today: Today,
        then: Callable[[int, datetime, Account, People], None],
        *,
        at: datetime | None = None,
        room: Room | None = None,
        people: People | None = None,
        told: str = "",
        amends: Incident | None = None,
    ) -> None:
        super().__init__(today, people or People())
        self._then = then
        self._told = told
        self._amends = amends
        self._rooms = rooms(today.desk.file)
        self._reasons = reason_names(today.desk.file)
        said = amends.now if amends else Account("", "")
        self._at = amends.happened if amends else at or today.now
        self._moment = amends.happened if amends else at
        """The very moment that was meant, as long as nobody types another time."""
        self._begin = {
            "when": when_typed(self._at, today.now, today.board.zone),
            "place": said.place if amends else room.name if room else "",
            "period": said.period if amends else period_at(today.desk.file, self._at),
            "category": said.category,
            "kept": "" if not amends else said.kept_as or ("nobody" if said.force and not said.prevented else ""),
            **{name: getattr(said, name) for name in LONG},
        }
        self.severity = said.severity
        self.facts = frozenset(name for name, _ in FACTS.values() if getattr(said, name))
        self.parts = {name for name in LONG if getattr(said, name)} - {"behaviour"}
        if not self.people.named:
            self.parts.add("student")
        self._about = (
            f"incident {amends.id}" if amends else " ".join(f"student {one.key[1]}" for one in self.people.named)
        )
        self._filled_period = self._begin["period"]

    @property
    def about(self) -> str:
        """The incident that is amended; of a new one, the students it was opened for."""
        return self._about

    @property
    def title_words(self) -> str:
        """What stands over it."""
        return "Amend this incident" if self._amends else "Incident"

    def fill(self) -> None:
        """Write what is known, and show only what is needed."""
        super().fill()
        self.query_one("#error").display = False
        for name, text in self._begin.items():
            if name in LONG:
                self.query_one(f"#{name}", LongText).load_text(text)
            else:
                self.write(name, text)
                self.field(name).cursor_position = 0
        self.query_one("#row-why").display = self._amends is not None
        words = [Item(f"{letter} {word}", press=f"kept:{letter}", key=1) for letter, word in KEPT.items()]
        self.query_one("#kept-words", Bar).show(words)
        self._look_who()
        self.show_sections()
        self.show_keys()
        first = "behaviour" if self._amends else "category" if self.people.named else "student"
        self.set_focus(
            self.query_one(f"#{first}"), from_app_focus=True
        )  # at once: the letters that are typed next wait for it

    def refilled(self) -> None:
        """Show what was open, too."""
        error = self.query_one("#error", Static)
        error.display = bool(str(error.content))
        self._look_who()
        super().refilled()
        self.show_sections()
        self.show_keys()

    # Who was in the room then

    def _room(self) -> Room | None:
        typed = fold(self.field("place").value)
        return next((one for one in self._rooms if typed and typed in (fold(one.name), fold(one.code))), None)

    def _look_who(self) -> None:
        """Read who was in the room then, as far as their rows are for whoever sits here."""
        board, room = self._today_screen.board, self._room()
        rows: Sequence[Row] = ()
        if room is not None and may("see_roster", self._today_screen.staff):
            with suppress(PscError):  # the field of the time says itself what is wrong with it
                at = self._when()
                if (day := school_day(at, board.zone)) != board.day.day:
                    file, staff = self._today_screen.desk.file, self._today_screen.staff
                    board = read_board(file, day, staff, today=self.day, staffed=False)
                rows = there_then(board, room.id, at)
        self.room_then = tuple(
            student_person(row.student_id, row.name, "" if row.apart else row.form, "") for row in rows
        )
        self.offer_room()

    # Fields

    def suggest(self, name: str, typed: str) -> Sequence[Choice]:
        """Return what fits in a field."""
        if name == "category":
            return [(one, one) for one in self._reasons]
        if name == "place":
            return [(one.name, f"{one.name}  {one.code}") for one in self._rooms] if fold(typed) else ()
        return super().suggest(name, typed)

    def _suggest(self, name: str, typed: str) -> list[Choice]:
        found = super()._suggest(name, typed)
        # What the school's list has not is a category all the same: as it was typed.
        if name == "category" and not found and clean(typed):
            return [(clean(typed), f"“{clean(typed)}”: not on the school’s list")]
        return found

    def left(self, name: str) -> None:
        """Follow another time with its period, and with who was in the room."""
        if name in ("when", "place"):
            if name == "when":
                try:
                    at = self._when()
                except PscError as error:
                    self.refuse(str(error))
                    return
                if self.field("period").value in ("", self._filled_period):
                    self._filled_period = period_at(self._today_screen.desk.file, at)
                    self.write("period", self._filled_period)
            self._look_who()
            self.show_sections()

    def _when(self) -> datetime:
        """Return when it happened. Raises what `read_when` does."""
        typed = self.field("when").value
        if typed.strip() == self._begin["when"] and self._moment is not None:
            return self._moment
        return read_when(self._today_screen.desk.file, typed, self._today_screen.desk.clock.now())

    def go_on_from(self, name: str) -> None:
        """Go to the next field that is needed."""
        after = {"when": "place", "place": "period", "category": "behaviour", "kept": "more", "period": "category"}
        if name == "why":
            self.save()
        elif name == "period" and self.query_one("#row-student").display:
            self.field("student").focus()
        elif name in after:
            self.query_one(f"#{after[name]}").focus()
        else:
            super().go_on_from(name)

    def after_people(self, name: str) -> None:
        """Go on from an empty field for one more person."""
        category = self.field("category")
        self.query_one("#category" if not category.value else "#behaviour").focus()

    # Drafts

    def _in_fields(self) -> dict[str, str]:
        """Whoever has turned a switch has typed, too."""
        return {**super()._in_fields(), _MORE: self._switches()}

    def settled(self) -> dict[str, str]:
        """Return the switches, too."""
        return {**super().settled(), _MORE: self._switches()}

    def _switches(self) -> str:
        return json.dumps([self.severity, sorted(self.facts), sorted(self.parts & set(LONG))])

    def settle(self, draft: Mapping[str, str]) -> None:
        """Turn the switches as they were."""
        super().settle(draft)
        try:
            severity, facts, opened = json.loads(draft.get(_MORE, ""))
        except ValueError:
            return
        self.severity = severity
        self.facts = frozenset(facts)
        self.parts |= {
            *opened,
            *(("student",) if draft.get("student") else ()),
            *(("adult",) if draft.get("adult") else ()),
        }

    # Saving

    def save(self) -> None:
        """Do the act; an error stands by in plain words, its field has the focus, and all that is typed stays."""
        if not self.add_pending():
            return
        today = self._today_screen
        try:
            account, at = self._account(), self._when()
            incident = self._saved(account, at)
        except PscError as error:
            self.refuse(str(error))
            if isinstance(error, NeedsReason):  # what is typed next is the reason: it must not land in the account
                self.set_focus(self.field("why"), from_app_focus=True)
            return
        self.dismiss(None)
        today.reload()
        self._then(incident, at, account, self.people)

    def _saved(self, account: Account, at: datetime) -> int:
        desk = self._today_screen.desk
        amends, parts, adults = self._amends, self.people.parts(), self.people.adults()
        if amends is None:
            call = record_incident(account, parts, adults, at=at)
            return int(desk.do_patiently(call, id=self._act_id, seconds=2, told_by=self._told).value)
        changed = amend_incident(
            amends.id,
            account,
            self.field("why").value,
            seen=amends.versions[-1].id,
            at=at,
            students=None if set(parts) == set(amends.students) else parts,
            adults=None if set(adults) == set(amends.adults) else adults,
        )
        desk.do_patiently(changed, id=self._act_id, seconds=2, told_by=self._told)
        return amends.id

    def _account(self) -> Account:
        """Return what the fields say. Raises for what does not fit, with its field focused."""
        try:
            self._when()
        except PscError:
            self.field("when").focus()
            raise
        if not self.people.parts():
            self.parts.add("student")
            self.show_sections()
            raise self.wrong("student", "Who was it?", "Type part of the name and press Enter.")
        if not clean(self.field("category").value):
            raise self.wrong("category", "What kind of incident was it?", "Choose from the list, or type a word.")
        long = {name: self.query_one(f"#{name}", LongText).text for name in LONG}
        if not clean(long["behaviour"]):
            self.query_one("#behaviour").focus()
            raise NotUnderstood("Say what happened.", "A sentence is enough: who did what.")
        kept = next((word for word in KEPT.values() if word == fold(self.field("kept").value)), "")
        if self.asks_kept and not kept:
            raise self.wrong("kept", "Say whether a student was kept from leaving, and as what.")
        room = self._room()
        was_kept = self.asks_kept and kept in KEPT_AS
        said: dict[str, Any] = {
            **{name: self.field(name).value for name in ("category", "place", "period")},
            **long,
            **{name: name in self.facts for name, _ in FACTS.values()},
            "room_id": room.id if room else None,
            "severity": self.severity,
            "prevented": was_kept,
            "kept_as": kept if was_kept else "",
        }
        return Account(**said)
