"""One restrictive record, opened: all that it says and said before, what is due, and the keys for what is to be done.

`begin_record` writes one from an incident, `open_record` opens one: both from the board or from any page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import school_day
from psc.desk.permissions import may
from psc.errors import PscError
from psc.incidents.addenda import add_addendum
from psc.incidents.incidents import LONGEST
from psc.incidents.restrictive_steps import review_restrictive, sign_off_restrictive, tell_of_restrictive
from psc.overview.incidents import read_incident
from psc.overview.restrictive import not_written_by, open_the_restrictive, read_restrictive
from psc.overview.scene import read_when
from psc.roster.home import HomeContact
from psc.text import clean, counted
from psc.tui.prompts import Choice, Option
from psc.tui.screens.page import Page, PageKey
from psc.tui.screens.restrictive_view import Sight, record_lines
from psc.tui.widgets.bar import Item

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psc.desk.acts import Call
    from psc.overview.restrictive import OpenRestrictive
    from psc.tui.dialogs.fields import Typed
    from psc.tui.prompts import Asks
    from psc.tui.screens.today import Today
    from psc.tui.widgets.lines import Line

_MOST = 9
TELL_TODAY = "each parent is to be told today (5, Enter, f, t)"
"""What is said once a record is written."""


def open_record(today: Today, says: Asks, restrictive_id: int) -> None:
    """Open a record over the board or a page; the ledger keeps who looked before anything is shown."""
    try:
        opened = open_the_restrictive(today.desk, restrictive_id)
    except PscError as error:
        says.say(str(error), "alarm")
        return
    today.app.push_screen(RestrictivePage(today, opened))


def begin_record(
    today: Today,
    says: Asks,
    incident_id: int,
    then: Callable[[int, str], None] | None = None,
    *,
    student_id: int | None = None,
    closed: Callable[[], object] | None = None,
) -> None:
    """Write the record of an incident: whose is asked where that is not plain, then the form opens.

    `then` is told the record's id and what was done; unless given, `says` says it. `closed` is called when the form is
    gone, be it saved or not, and when there is none to open.
    """
    from psc.tui.dialogs.restrictive import RestrictiveForm

    desk, now = today.desk, today.desk.clock.now()

    def after(_: None = None) -> None:
        if closed is not None:
            closed()

    try:
        one = read_incident(desk.file, incident_id, today.staff, now)
        why_not = not_written_by(desk.file, incident_id, today.staff, school_day(now, desk.file.zone))
    except PscError as error:
        says.say(str(error), "alarm")
        return after()
    if why_not:
        says.say(f"The record is not yours to write: {why_not}.", "alarm")
        return after()
    named = [(part.student_id, name.name) for part, name in zip(one.incident.students, one.students, strict=True)]
    order = {part.student_id: part.role != "involved" for part in one.incident.students}

    def said(record: int, words: str) -> None:
        says.say(f"{words}: {TELL_TODAY}")

    def write(which: str) -> None:
        student = next(each for each in named if str(each[0]) == which)
        today.app.push_screen(RestrictiveForm(today, one.incident, *student, then or said), after)

    if student_id is not None or len(named) == 1:
        write(str(student_id or named[0][0]))
        return
    asked = sorted(named, key=lambda each: order[each[0]])[:_MOST]
    options = tuple(Option(str(n), name, str(student)) for n, (student, name) in enumerate(asked, 1))
    says.ask(Choice("Force or seclusion of whom", options, write))


class RestrictivePage(Page):
    """A record with its versions, who was told, its review and sign-off, and what was added."""

    nothing_done = "Nothing was done to this record from here."

    def __init__(self, today: Today, opened: OpenRestrictive) -> None:
        super().__init__(today)
        self.opened = opened
        self._read_of: tuple[object, ...] = self._now()

    def _now(self) -> tuple[object, ...]:
        return (self.today.staff, self.desk.file.written(), self.today.now.replace(second=0))

    def look(self) -> None:
        """Read it again when the file, the reader's role or the minute has moved on."""
        if (read_of := self._now()) != self._read_of:
            one = self.opened.record.id
            self.opened = read_restrictive(self.desk.file, one, self.today.staff, self.desk.clock.now())
            self._read_of = read_of

    def title_items(self) -> Sequence[Item]:
        """Say whose it is, what it was, and how it stands."""
        record = self.opened.record
        stands = "signed off" if record.sign_off else "reviewed" if record.review else "not reviewed"
        return [
            Item("Force or seclusion", bold=True),
            Item(self.opened.student),
            Item(f"{record.now.type}, {counted(record.now.minutes, 'minute')}", "quiet"),
            Item(stands, "quiet" if record.sign_off else "due"),
        ]

    def lines(self) -> Sequence[Line]:
        """Return all its parts."""
        today = school_day(self.today.now, self.desk.file.zone)
        return record_lines(self.opened, Sight(self.app.size.width, today, self.desk.file.zone))

    # Keys

    def keys(self) -> Sequence[PageKey]:
        """Return what can be done about it."""
        one = self.opened
        return (
            PageKey("t", "t", "told home", self._tell, one.not_tell),
            PageKey("w", "w", "withhold", self._withhold, one.not_withhold),
            PageKey("e", "e", "correct", self._amend, one.not_amend),
            PageKey("plus", "+", "add", self._add, self._no("add_addendum")),
            PageKey("r", "r", "review", self._review, one.not_review),
            PageKey("s", "s", "sign off", self._sign_off, one.not_sign_off),
            *((PageKey("u", "u", "undo", self.undo_here),) if may("undo", self.today.staff) else ()),
        )

    def _no(self, act: str) -> str:
        staff = self.today.staff
        return "" if may(act, staff) else f"it is not for the role of {staff.role.words}"

    def enter(self) -> None:
        """Tell the parent whose clock stands under the cursor."""
        if isinstance(self.current, tuple) and self.current[0] == "tell" and not self.opened.not_tell:
            self._tell()

    def _done(self, said: str) -> None:
        if may("undo", self.today.staff):
            self.did(said)
        else:
            self.today.reload()
            self.say(said)

    # Telling

    def _tell(self) -> None:
        from psc.tui.dialogs.tell_home import TellHomeForm, Whom

        record = self.opened.record
        tried = [
            HomeContact(one.happened, one.contact, one.how, one.outcome, one.note, one.by)
            for one in record.told
            if one.outcome
        ]
        whom = Whom(record.student_id, self.opened.student, None, tried, self, restrictive_id=record.id)
        self.app.push_screen(TellHomeForm(self.today, whom, at=None))

    def _withhold(self) -> None:
        from psc.tui.dialogs.fields import Field, FieldForm

        record, file = self.opened.record.id, self.desk.file
        left = [one.contact for one in self.opened.clocks if one.contact and not one.done]

        def save(typed: Typed) -> str:
            said = typed.values
            at = read_when(file, said["at"], self.today.now) if said["at"] else None
            call = tell_of_restrictive(
                record, said["contact"], withheld=said["why_not"], authority=said["authority"], at=at
            )
            self.desk.do_patiently(call, id=typed.act_id, seconds=2)
            return "Withheld: the local authority was told"

        fields = (
            Field("contact", "Parent", left[0] if left else "", f"One of: {'; '.join(left)}." if left else ""),
            Field("why_not", "Withheld why", "", "Which significant harm is likely if they are told.", longest=500),
            Field("authority", "Authority", "", "Who of the local authority was told: name and team.", longest=150),
            Field("at", "When", "", "When they were told, if not now: 1145, yesterday 1610."),
        )
        note = "Only where telling would likely do significant harm. The local authority is told instead."
        self.app.push_screen(FieldForm(f"Withhold: {self.opened.student}", fields, save, self._done, note=note))

    # Correcting, adding, judging

    def _amend(self) -> None:
        from psc.tui.dialogs.restrictive import RestrictiveForm

        one = self.opened
        self.app.push_screen(
            RestrictiveForm(
                self.today,
                one.incident,
                one.record.student_id,
                one.student,
                lambda _, said: self._done(said),
                amends=one.record,
            )
        )

    def _write(self, title: str, label: str, hint: str, call: Callable[[str], Call[int]], said: str) -> None:
        """Ask for a text that is told at length, then do the act with it."""
        from psc.tui.dialogs.fields import Field, FieldForm

        def save(typed: Typed) -> str:
            self.desk.do_patiently(call(typed.values["text"]), id=typed.act_id, seconds=2)
            return said

        lines = 6 if self.app.size.height < 30 else 12
        text = Field("text", label, "", hint, lambda words: clean(words, lines=True), lines, LONGEST)
        owed = [one.what for one in self.opened.clocks if not one.done and one.contact]
        note = f"Still owed: {'; '.join(owed)}." if owed and label == "Found" else ""
        title = f"{title}: {self.opened.student} (record {self.opened.record.id})"
        self.app.push_screen(FieldForm(title, (text,), save, self._done, note=note))

    def _add(self) -> None:
        record = self.opened.record.id
        hint = "It stands beside the record, with your name and the time."
        self._write("Add", "Added", hint, lambda text: add_addendum("restrictive", record, text), "Added")

    def _review(self) -> None:
        record, seen = self.opened.record.id, self.opened.record.versions[-1].id
        hint = "Whether it was needed, in proportion and as trained; what is to change."
        self._write("Review", "Found", hint, lambda text: review_restrictive(record, text, seen=seen), "Reviewed")

    def _sign_off(self) -> None:
        record, seen = self.opened.record.id, self.opened.record.versions[-1].id
        hint = "What you sign: after it nothing is corrected, only added."
        self._write("Sign off", "Found", hint, lambda text: sign_off_restrictive(record, text, seen=seen), "Signed off")
