"""One person of the staff list: what is known of them, and what an administrator does about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from psc.clock import school_day
from psc.desk.changes import last_changes
from psc.desk.lending import (
    Barred,
    Lent,
    bar_student,
    barred_from,
    lend_years,
    lent_to,
    return_years,
    unbar_student,
)
from psc.desk.people import Role
from psc.desk.permissions import may
from psc.desk.staff_acts import (
    STAFF_ACTS,
    Person,
    change_staff,
    deactivate_staff,
    passphrases,
    reactivate_staff,
    the_person,
    typed_year_list,
)
from psc.errors import NotUnderstood
from psc.overview.cells import Tone
from psc.school.bells import year_words
from psc.school.calendar import coming_day, day_words
from psc.school.students import Student, student_by_id, student_named_whole
from psc.tui.dialogs.fields import Field, FieldForm, Typed
from psc.tui.prompts import Choice, Option
from psc.tui.screens.page import Page, PageKey
from psc.tui.sections.people import person_fields, show_new_passphrase
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from datetime import date

    from psc.desk.acts import Call
    from psc.tui.screens.today import Today

_PASSPHRASES = {
    "own": "has a passphrase of their own",
    "temporary": "has a temporary passphrase, and has not signed in with it yet",
    "expired": "has a temporary passphrase that has run out",
    "": "has no passphrase, and cannot sign in",
}


class _Deed(NamedTuple):
    """Something to do about the person: its words, the act it needs, and what it does."""

    words: str
    act: str
    run: Callable[[], None]


class PersonPage(Page):
    """Arrows and Enter: what can be done stands in the list itself."""

    def __init__(self, today: Today, code: str) -> None:
        super().__init__(today)
        self._code = code
        self._read_of: tuple[object, ...] = ()

    @property
    def day(self) -> date:
        """The school day of now."""
        return school_day(self.desk.clock.now(), self.desk.file.zone)

    def look(self) -> None:
        """Read the person again when something was written."""
        read_of = (self.desk.file.written(), self.day)
        if read_of == self._read_of:
            return
        self._read_of, file = read_of, self.desk.file
        self.person: Person = the_person(file, self._code)
        self._state = passphrases(file, self.desk.clock.now()).get(self.person.id, "")
        self._lent: tuple[Lent, ...] = lent_to(file, self.person.id, self.day)
        self._barred: tuple[tuple[Barred, Student], ...] = tuple(
            (one, student_by_id(file, one.student_id, self.day)) for one in barred_from(file, self.person.id)
        )
        self._changed = last_changes(file, STAFF_ACTS).get(self.person.about)

    # What it shows

    def title_items(self) -> Sequence[Item]:
        """Name the person."""
        one = self.person
        gone = [] if one.active else [Item("has left", "alarm")]
        return [Item(f"{one.name} · {one.code}", bold=True), Item(one.role.words, "quiet"), *gone]

    def lines(self) -> Sequence[Line]:
        """Return what is known, and under it what can be done."""
        one = self.person
        years = year_words(one.years) if one.years else "none"
        by = self._changed.words(self.day, self.desk.file.zone) if self._changed else "nobody since they were set up"
        made = [
            line(f"  E-mail       {one.email or 'not known'}"),
            line(f"  Role         {one.role.words}"),
            line(f"  Years        {years}" + self._lent_words()),
            line(f"  Signs in     {'–' if self._only_named else _PASSPHRASES[self._state]}"),
            line(f"  Changed by   {by}", Tone.QUIET),
            line(""),
        ]
        made += [self._deed_line(name, deed) for name, deed in self._deeds().items()]
        return made

    def _deed_line(self, name: str, deed: _Deed) -> Line:
        allowed = may(deed.act, self.today.staff)
        return line(f"▸ {deed.words}", Tone.PLAIN if allowed else Tone.QUIET, key=name)

    def _lent_words(self) -> str:
        if not self._lent:
            return ""
        return "; lent: " + "; ".join(self._span(one) for one in self._lent)

    def _span(self, one: Lent) -> str:
        first, last = day_words(one.from_day, self.day), day_words(one.until_day, self.day)
        return f"{year_words(one.years).lower()}, {first if first == last else f'{first} to {last}'}"

    @property
    def _only_named(self) -> bool:
        return self.person.role is Role.TEACHER

    def says_items(self) -> Sequence[Item]:
        """Say, while nothing else is said, who does these things."""
        why = "" if may("change_staff", self.today.staff) else "To look at: an administrator changes this."
        return super().says_items() or ([Item(why, "quiet")] if why else [])

    def keys(self) -> Sequence[PageKey]:
        """Enter does what the line says."""
        return (PageKey("enter", "Enter", "do it", self.enter),)

    # What can be done

    def _deeds(self) -> dict[str, _Deed]:
        """Return what can be done about this person as they stand."""
        if not self.person.active:
            return {"back": _Deed("Take them back: they are here again", "reactivate_staff", self._take_back)}
        made = {"change": _Deed("Change name, e-mail, role or years", "change_staff", self._change)}
        own = self.person.id == self.today.staff.id  # one's own passphrase is changed where one knows the old one
        if not self._only_named and not own:
            made["secret"] = _Deed("A new temporary passphrase", "reset_secret", self._ask_secret)
        if self.person.role is Role.HEAD_OF_YEAR:
            made["lend"] = _Deed("Lend years from a day to a day", "lend_years", self._lend)
            for number, lent in enumerate(self._lent):
                words = f"End what is lent: {self._span(lent)} (by {lent.by})"
                made[f"return:{number}"] = _Deed(words, "return_years", partial(self._return, lent))
        if not self._only_named:
            made["bar"] = _Deed("Bar from a student: own child, relative", "bar_student", self._bar)
            for barred, student in self._barred:
                words = f"No longer bar from {student.words}: {barred.why} (by {barred.by})"
                made[f"unbar:{barred.id}"] = _Deed(words, "unbar_student", partial(self._unbar, student))
        if not own:
            made["leave"] = _Deed("They have left: let them go", "deactivate_staff", self._ask_leave)
        return made

    def enter(self) -> None:
        """Do what the line under the cursor says."""
        deed = self._deeds().get(str(self.current))
        if deed is None:
            return
        if not may(deed.act, self.today.staff):
            self.refuse(f"{deed.words}: an administrator does this.")
            return
        self.said = ("", "plain")
        deed.run()

    def _done(self, said: str) -> None:
        self.today.reload()
        self.say(said)

    def _do(self, call: Call[Any], said: str) -> None:
        self.do(lambda _: [call], said)

    def _change(self) -> None:
        seen = self.person

        def save(typed: Typed) -> str:
            call = change_staff(seen, seen._replace(**typed.values))
            self.desk.do_patiently(call, id=typed.act_id, seconds=2)
            return f"{seen.code} saved. It counts from their next act."

        self.app.push_screen(FieldForm(f"{seen.name} · {seen.code}", person_fields(seen), save, self._done))

    def _ask_secret(self) -> None:
        one = self.person
        options = (Option("y", "make a new one", "yes"), Option("n", "leave it", "no"))

        def answered(answer: str) -> None:
            if answer == "yes":
                show_new_passphrase(self, one)

        self.ask(
            Choice(f"A new passphrase for {one.name}", options, answered, "the one they have is forgotten at once")
        )

    def _ask_leave(self) -> None:
        seen = self.person
        options = (Option("y", "they have left", "yes"), Option("n", "they stay", "no"))

        def answered(answer: str) -> None:
            if answer == "yes":
                self._do(deactivate_staff(seen), f"{seen.code} can no longer sign in. What they did stays theirs.")

        self.ask(Choice(f"Let {seen.name} go", options, answered, "their passphrase is forgotten"))

    def _take_back(self) -> None:
        self._do(
            reactivate_staff(self.person), f"{self.person.code} is active again, and needs a new temporary passphrase."
        )

    def _lend(self) -> None:
        one = self.person

        def save(typed: Typed) -> str:
            values = typed.values
            call = lend_years(one.id, values["years"], values["first"], values["last"])
            self.desk.do_patiently(call, id=typed.act_id, seconds=2)
            return f"Lent to {one.code}."

        fields = [
            Field("years", "Years *", "", "9, or 9,10", typed_year_list),
            Field("first", "From *", "today", "today, tomorrow, Mon, 1 Dec", self._a_day),
            Field("last", "To *", "", "the last day: Fri, 18 Dec", self._a_day),
        ]
        self.app.push_screen(FieldForm(f"Lend years to {one.name}", fields, save, self._done))

    def _a_day(self, text: str) -> date:
        if not text.strip():
            raise NotUnderstood("Say which day.", "today, Fri, 18 Dec.")
        return coming_day(text, self.day)

    def _return(self, lent: Lent) -> None:
        self._do(return_years(self.person.id, lent.ids), f"Ended: {self._span(lent)}.")

    def _bar(self) -> None:
        one = self.person

        def find(text: str) -> Student:
            return student_named_whole(self.desk.file, text, self.desk.staff(), self.day, act="bar_student")

        def save(typed: Typed) -> str:
            student: Student = typed.values["student"]
            self.desk.do_patiently(bar_student(one.id, student.id, typed.values["reason"]), id=typed.act_id, seconds=2)
            return f"{one.code} is barred from {student.words}, from now on. In a fire the roll shows all the same."

        fields = [
            Field("student", "Student *", "", "admission number, or the whole name: Reid, Callum", find),
            Field("reason", "Because *", "", "own child, relative, neighbour"),
        ]
        self.app.push_screen(FieldForm(f"Bar {one.name} from a student", fields, save, self._done))

    def _unbar(self, student: Student) -> None:
        self._do(unbar_student(self.person.id, student.id), f"{self.person.code} may see to {student.words} again.")
