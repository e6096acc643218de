"""What can be done about an opened incident, by a key each."""

from __future__ import annotations

import secrets
from functools import partial
from typing import TYPE_CHECKING

from psc.clock import school_day, time_and_teller, wall
from psc.desk.people import Role, everyone
from psc.desk.permissions import may
from psc.errors import PscError
from psc.incidents.actions import end_action
from psc.incidents.addenda import add_addendum
from psc.incidents.endings import end_incident
from psc.incidents.incidents import LONGEST
from psc.incidents.investigations import gather_incident
from psc.incidents.told import TOLD_ROLES, tell_of_incident
from psc.overview.incidents import read_incident
from psc.overview.investigations import list_investigations
from psc.roster.home import HomeContact
from psc.text import clean, counted
from psc.tui.incidents import offer_apart
from psc.tui.people import People, adult_person, student_person
from psc.tui.prompts import Choice, Entry, Option
from psc.tui.screens.incident_view import title_words, view_of
from psc.tui.screens.page import Page

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from psc.desk.acts import Call, Desk
    from psc.incidents.incidents import Account
    from psc.overview.incidents import OpenIncident
    from psc.tui.dialogs.fields import Typed
    from psc.tui.screens.incident_view import View
    from psc.tui.screens.today import Today


def people_of(one: OpenIncident, desk: Desk) -> People:
    """Return who is named in an incident, as the reader may know them."""
    people = People()
    for part, named in zip(one.incident.students, one.students, strict=True):
        people = people.added(student_person(part.student_id, named.name, "", part.role))
    names = {each.id: each.short for each in everyone(desk.file)}
    for adult, words in zip(one.incident.adults, one.adults, strict=True):
        name = adult.name or names.get(adult.staff_id or 0, words.rpartition(", ")[0])
        people = people.added(adult_person(adult.staff_id, name, adult.role))
    return people


class ActsOnIncident(Page):
    """A page about one opened incident: what its keys do."""

    nothing_done = "Nothing was done to this incident from here."

    def __init__(self, today: Today, opened: OpenIncident) -> None:
        super().__init__(today)
        self.opened = opened
        self._read_of: tuple[object, ...] = self._now()

    def _now(self) -> tuple[object, ...]:
        return (self.today.staff, self.desk.file.written(), self.today.now.replace(second=0))

    def look(self) -> None:
        """Read it again when the file, the reader's role or the minute has moved on."""
        if (read_of := self._now()) != self._read_of:
            one = self.opened.incident.id
            self.opened = read_incident(self.desk.file, one, self.today.staff, self.desk.clock.now())
            self._read_of = read_of

    def _view(self) -> View:
        return view_of(self.app.size.width, self.today.now, self.desk.file.zone)

    def _no(self, act: str) -> str:
        staff = self.today.staff
        return "" if may(act, staff) else f"not for the role of {staff.role.words}"

    def _do(self, call: Call[int], said: str) -> None:
        """Do an act of this page, which u takes back."""
        try:
            self.desk.do_patiently(call, id=secrets.token_hex(12), seconds=2)
        except PscError as error:
            self.refuse(str(error))
        else:
            self.did(said) if may("undo", self.today.staff) else self.done(said)

    def done(self, said: str) -> None:
        """Say what was done, after the board has read it too."""
        self.today.reload()
        self.say(said)

    # Amending, adding, closing

    def _people_now(self) -> People:
        return people_of(self.opened, self.desk)

    def _amend(self) -> None:
        from psc.tui.dialogs.incident import IncidentForm

        def amended(incident: int, at: datetime, account: Account, people: People) -> None:
            self._to_undo += 1
            self.say("Amended: what stood there before stays in sight" + self._undoes)

        self.app.push_screen(IncidentForm(self.today, amended, people=self._people_now(), amends=self.opened.incident))

    @property
    def _undoes(self) -> str:
        return " · u undoes" if may("undo", self.today.staff) else ""

    def _write(self, title: str, label: str, hint: str, call: Callable[[str], Call[int]], said: str) -> None:
        """Ask for a text that is told at length, then do the act with it."""
        from psc.tui.dialogs.fields import Field, FieldForm

        def save(typed: Typed) -> str:
            self.desk.do_patiently(call(typed.values["text"]), id=typed.act_id, seconds=2)
            return said

        lines = 6 if self.app.size.height < 30 else 12
        text = Field("text", label, "", hint, lambda words: clean(words, lines=True), lines, LONGEST)
        self.app.push_screen(FieldForm(title, (text,), save, self.did if self._undoes else self.done))

    def _title(self) -> str:
        category, when = title_words(self.opened, self._view())
        return f"{category}, {when} ({self.opened.incident.id})"

    def _add(self) -> None:
        incident = self.opened.incident.id
        self._write(
            f"Add to: {self._title()}",
            "Added",
            "It stands beside the record, with your name and the time.",
            lambda text: add_addendum("incident", incident, text),
            "Added: it stands beside the record",
        )

    def _end(self) -> None:
        incident, is_open = self.opened.incident.id, self.opened.incident.open
        owed = [f"parents of {counted(len(self.opened.owed), 'student')} not told"] if self.opened.owed else []
        actions = sum(each.open for each in self.opened.actions)
        owed += [f"{counted(actions, 'agreed action')} open"] if actions else []
        owed += ["the record of force is owed"] if self.opened.restrictive == "owed" else []
        hint = f"Still owed: {'; '.join(owed)}." if owed else "A sentence is enough."
        self._write(
            f"{'Close' if is_open else 'Reopen'}: {self._title()}",
            "Outcome" if is_open else "Why",
            hint if is_open else "Say why it is opened again.",
            lambda text: end_incident(incident, "closed" if is_open else "reopened", text),
            "Closed" if is_open else "Open again",
        )

    def _people(self) -> None:
        from psc.tui.dialogs.add_people import AddPeopleForm

        then = self.did if self._undoes else self.done
        self.app.push_screen(AddPeopleForm(self.today, self.opened.incident.id, self._people_now(), then))

    def _apart(self) -> None:
        category = self.opened.incident.now.category
        self.said = ("", "plain")
        if not offer_apart(self.today, self, self.opened.incident.id, category, self._people_now()):
            self.refuse("Nobody here is to be kept apart from anybody, or they are already.")

    # Telling

    def _tell(self) -> None:
        """Ask whose parents were told, where it is not plain."""
        if isinstance(self.current, tuple) and self.current[0] in ("student", "parent"):
            self._tell_of(int(self.current[1]))
            return
        known = [one for one in self.opened.students if one.student_id is not None]
        asked = [one for one in known if one.role in TOLD_ROLES] or known
        if not asked:
            self.refuse("No student of this incident is shown to you.")
        elif len(asked) == 1:
            self._tell_of(int(asked[0].student_id or 0))
        else:
            options = tuple(Option(str(n), one.name, str(one.student_id)) for n, one in enumerate(asked[:9], 1))
            self.ask(Choice("Whose parents were told", options, lambda student: self._tell_of(int(student))))

    def _tell_of(self, student: int) -> None:
        from psc.tui.dialogs.tell_home import TellHomeForm, Whom

        named = next((one for one in self.opened.students if one.student_id == student), None)
        if named is None:
            self.refuse("This student is not shown to you.")
            return
        tried = [
            HomeContact(one.happened, one.name, one.how, one.outcome, one.note, one.by)
            for one in self.opened.told
            if one.who == "parent" and one.student_id == student
        ]
        whom = Whom(student, named.name, None, tried, self, self.opened.incident.id)
        self.app.push_screen(TellHomeForm(self.today, whom, at=None))

    def _tell_lead(self) -> None:
        """Ask who was told, and when: never what was said."""
        zone = self.desk.file.zone
        leads = [one.short for one in everyone(self.desk.file) if one.role is Role.SAFEGUARDING]

        def told(text: str) -> None:
            now = self.desk.clock.now()
            try:
                at, name = time_and_teller(text, now, zone)
            except PscError as error:
                self.refuse(str(error))
                return
            call = tell_of_incident(self.opened.incident.id, "safeguarding lead", name=name, at=at)
            self._do(call, f"Safeguarding lead told {wall(at or now, zone)}: {name}")

        hint = "the name, a time before it if not now: 1145 A. Finch. Nothing of what was said."
        self.ask(Entry("Safeguarding lead told", hint, told, text=leads[0] if len(leads) == 1 else "", longest=100))

    # The record of force, statements, evidence, investigations

    def _force(self) -> None:
        """Open the record under the cursor, or the only one; write one where there is none."""
        from psc.tui.screens.restrictive import begin_record, open_record

        lines = self.opened.restrictive_lines or ()
        there = [each.restrictive_id for each in lines if each.restrictive_id is not None]
        kind, chosen = self.current if isinstance(self.current, tuple) else ("", None)
        if kind == "student" and chosen not in {each.student_id for each in lines if each.restrictive_id}:
            begin_record(self.today, self, self.opened.incident.id, student_id=chosen)
        elif kind == "restrictive" and chosen is not None:
            open_record(self.today, self, chosen)
        elif kind == "restrictive":
            begin_record(self.today, self, self.opened.incident.id)
        elif len(there) == 1:
            open_record(self.today, self, there[0])
        elif there:
            self.refuse("There are several records: go to one, Enter opens it.")
        else:
            begin_record(self.today, self, self.opened.incident.id)

    def _statement(self) -> None:
        from psc.tui.dialogs.statement import StatementForm

        then = self.did if self._undoes else self.done
        incident = self.opened.incident.id
        self.app.push_screen(StatementForm(self.today, incident, self._title(), self._people_now(), then))

    def _evidence(self) -> None:
        from psc.tui.dialogs.evidence import EvidenceForm

        then = self.did if self._undoes else self.done
        self.app.push_screen(EvidenceForm(self.today, self.opened.incident.id, self._title(), then))

    def _investigate(self) -> None:
        """Open a new investigation into it, or gather it into one that is open."""
        file, staff = self.desk.file, self.today.staff
        incident = self.opened.incident.id
        then = self.did if self._undoes else self.done
        every = list_investigations(file, staff, school_day(self.today.now, file.zone), only_open=True)
        others = [one for one in every if incident not in one.investigation.incidents][:8]

        def chosen(which: str) -> None:
            if which == "new":
                from psc.tui.dialogs.investigation import investigation_form

                self.app.push_screen(investigation_form(self.today, incident, self._title(), then))
            else:
                self._do(gather_incident(int(which), incident), "Gathered into the investigation")

        if not others:
            chosen("new")
            return
        options = (Option(str(n), one.investigation.title, str(one.id)) for n, one in enumerate(others, 1))
        self.ask(Choice("Investigate", (Option("n", "a new one", "new"), *options), chosen))

    # Agreed actions

    def _agree(self) -> None:
        from psc.tui.dialogs.agreed_action import AgreeForm

        then = self.did if self._undoes else self.done
        self.app.push_screen(AgreeForm(self.today, then, self._title(), incident_id=self.opened.incident.id))

    def _end_action(self, action: int) -> None:
        one = next((each for each in self.opened.actions if each.id == action), None)
        if one is None or not one.open:
            return

        def ended(is_done: bool, note: str = "") -> None:
            said = "Done" if is_done else "Dropped"
            self._do(end_action(action, "done" if is_done else "dropped", note), f"{said}: {one.what}")

        def chosen(letter: str) -> None:
            if letter == "d":
                ended(True)
            else:
                ask = "Done, and" if letter == "n" else "Dropped, because"
                self.ask(Entry(ask, "a few words", partial(ended, letter == "n"), longest=400))

        options = (Option("d", "done", "d"), Option("n", "done, with a note", "n"), Option("x", "dropped", "x"))
        self.ask(Choice(f"{one.owner}: {one.what}", options, chosen))
