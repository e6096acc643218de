"""What the pages of work share: one key does what comes next for a period, or for all that are marked."""

from __future__ import annotations

import secrets
from abc import abstractmethod
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from psc.clock import school_day
from psc.desk.acts import undo
from psc.desk.permissions import may
from psc.errors import PscError
from psc.overview.offers import Offer, offers_for
from psc.overview.work_words import told
from psc.text import counted
from psc.tui.prompts import Choice, Entry, Option
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.work.sets import Kind, State, WorkSet
from psc.work.steps import (
    Work,
    ask_for_work,
    checked,
    issue_work,
    receive_work,
    return_work,
    use_spare_work,
)
from psc.work.teachers import teachers
from psc.work.typed_return import HINT, read_return, typed_return

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from psc.desk.acts import Call
    from psc.overview.work import WorkRow
    from psc.work.packs import Pack
    from psc.work.teachers import Teacher

LONGEST_TYPED = 2000
"""Characters that a question takes: more than are kept, so that what is too long is refused and never cut unseen."""
_OFFERED = 4
"""How many packs are offered on the line: the rest are in the bank."""


class Step(StrEnum):
    """What comes next for a period's work, in the words of the key."""

    PACK = "pack"
    ASK = "ask"
    COME = "it came"
    ISSUE = "give out"
    RETURN = "handed in"
    AGAIN = "say again"

    @property
    def act(self) -> str:
        """The act it leads to."""
        return _ACTS[self]


_ACTS = {
    Step.PACK: "receive_work",
    Step.ASK: "ask_for_work",
    Step.COME: "receive_work",
    Step.ISSUE: "issue_work",
    Step.RETURN: "return_work",
    Step.AGAIN: "return_work",
}


def step_of(work: WorkSet) -> Step:
    """Return what comes next for a period's work. Where nobody owes any, a pack does."""
    match work.state:
        case State.NEEDED | State.REQUESTED if work.no_lesson:
            return Step.PACK
        case State.NEEDED:
            return Step.ASK
        case State.REQUESTED:
            return Step.COME
        case State.RECEIVED:
            return Step.ISSUE
        case State.ISSUED:
            return Step.RETURN
        case _:
            return Step.AGAIN


class WorkActs(Page):
    """Enter does what comes next; p gives a pack, e says what came, a asks, u undoes what was done on the page."""

    _to_undo = 0
    teachers: Mapping[str, Teacher] = MappingProxyType({})
    """Who the teachers of the page's lessons are, by what stands in the timetable."""

    def know_teachers(self, rows: Iterable[WorkRow]) -> None:
        """Read who has the lessons of some periods."""
        self.teachers = teachers(self.desk.file, {one.work.lesson.teacher for one in rows if one.work.lesson})

    @property
    def day_now(self) -> date:
        """The school day of this moment."""
        return school_day(self.today.now, self.desk.file.zone)

    @property
    @abstractmethod
    def chosen(self) -> WorkRow | None:
        """The period under the cursor."""

    def targets(self) -> tuple[WorkRow, ...]:
        """Return the periods that a key is for: those marked, else the one under the cursor."""
        return (self.chosen,) if self.chosen else ()

    def unmark(self) -> None:
        """Mark nothing any more."""

    # What stands below

    def says_items(self) -> Sequence[Item]:
        """Say what was said last, else all there is to say of the period under the cursor."""
        one = self.chosen
        if self.said[0] or one is None:
            return super().says_items()
        parts = told(one, self.teachers, self.today.now, self.desk.file.zone, self.day_now)
        return [Item(f"{one.name} {'' if one.apart else one.form}".rstrip(), bold=True), *map(Item, parts)]

    def step_keys(self) -> list[PageKey]:
        """Return the keys of a period's work."""
        one = self.chosen
        none = "" if one else "nothing is placed there"
        step = step_of(one.work) if one else Step.ASK
        has = "work is there already" if one and one.work.state.has_work else ""
        asked = f"there is {one.work.no_lesson}: nobody sets work" if one and one.work.no_lesson else ""
        return [
            PageKey("enter", "Enter", step.value, self.enter, none or self.not_for(step.act)),
            PageKey("p", "p", "pack", self.offer_pack, none or self.not_for("receive_work") or has),
            PageKey("e", "e", "edit", self.edit, none or self.not_for("change_work")),
            PageKey("a", "a", "ask", self.ask_teacher, none or self.not_for("ask_for_work") or has or asked),
        ]

    def undo_key(self) -> PageKey:
        """Return the key that takes back what was done on the page."""
        nothing = "" if self._to_undo else "nothing has been done on this page"
        return PageKey("u", "u", "undo", self.undo, self.not_for("undo") or nothing)

    def not_for(self, act: str) -> str:
        """Say that an act is not for the role of whoever is at the desk, "" where it is."""
        staff = self.today.staff
        return "" if may(act, staff) else f"it is not for the role of {staff.role.words}"

    # Doing

    def enter(self) -> None:
        """Do what comes next for the period under the cursor, and for those marked that stand as it does."""
        one = self.chosen
        if one is None:
            return
        step = step_of(one.work)
        if refused := self.not_for(step.act):
            self.refuse(f"{step.value}: {refused}.")
            return
        those = tuple(each for each in self.targets() if step_of(each.work) is step) or (one,)
        match step:
            case Step.PACK:
                self.offer_pack()
            case Step.ASK:
                self._ask_for(those)
            case Step.COME:
                self._ask_what_came(those)
            case Step.ISSUE:
                self.done([issue_work(_arrival(each)) for each in those], those, "given out")
            case Step.RETURN | Step.AGAIN:
                self._ask_return(those)

    def done(self, calls: Sequence[Call[Any]], those: Sequence[WorkRow], words: str) -> str:
        """Do an act for some periods and say so; returns what stood in its way, "" for nothing."""
        try:
            self.desk.do_patiently(*calls, id=secrets.token_hex(12), seconds=2)
        except PscError as error:
            self.refuse(str(error))
            return str(error)
        self.noted(f"{_named(those)}: {words} · u undoes")
        return ""

    def noted(self, said: str) -> None:
        """Say what was done, and that it can be undone here."""
        self._to_undo += 1
        self.answer_saved()
        self.unmark()
        self.today.reload()
        self.say(said)

    def undo(self) -> None:
        """Take back what was done last on this page; an act of the door is not undone from here unseen."""
        if self._to_undo:
            self.do(lambda _: [undo()], "Undone: the work stands as it did before.")
            self._to_undo -= self.said[1] != "alarm"

    def ask_teacher(self) -> None:
        """Note that the teachers were asked, once more where they had been."""
        self._ask_for(tuple(one for one in self.targets() if not one.work.state.has_work and not one.work.no_lesson))

    def _ask_for(self, those: Sequence[WorkRow]) -> None:
        if those:
            self.done([ask_for_work(*one.work.key) for one in those], those, "the teacher was asked")

    def _ask_what_came(self, those: tuple[WorkRow, ...]) -> None:
        def came(how: str) -> None:
            if how == "again":
                self._ask_for(those)
            elif how == Kind.PAPER:
                self._receive(those, Work(Kind.PAPER))
            else:
                self._ask_place(those, Kind(how))

        options = (
            Option("p", "paper", Kind.PAPER.value),
            Option("l", "link", Kind.LINK.value),
            Option("f", "file", Kind.FILE.value),
            Option("a", "nothing: asked again", "again"),
        )
        self.ask(Choice(f"{_named(those)}: what came", options, came, "e says more of it"))

    def _ask_place(self, those: tuple[WorkRow, ...], kind: Kind, typed: str = "", wrong: str = "") -> None:
        """Ask for a link or a file's name; what is none is refused, and stays to be put right."""
        title = "Link" if kind is Kind.LINK else "File"
        hint = "https://… as the teacher sent it" if kind is Kind.LINK else "its name, and where it is kept"

        def place(text: str) -> None:
            try:
                work = checked(Work(kind, text))
            except PscError as error:
                self._ask_place(those, kind, text, str(error))
                return
            if refused := self._receive(those, work):
                self._ask_place(those, kind, text, refused)

        about = f"work {kind.value} {those[0].work.student_id} {those[0].work.day} {those[0].work.period}"
        said = f"! {wrong}" if wrong else hint
        self.ask(Entry(f"{title} for {_named(those)}", said, place, typed, LONGEST_TYPED, about))

    def _receive(self, those: Sequence[WorkRow], work: Work) -> str:
        return self.done([receive_work(*one.work.key, work) for one in those], those, f"received, {work.kind.value}")

    def _ask_return(self, those: tuple[WorkRow, ...], typed: str = "", wrong: str = "") -> None:
        """Ask what was handed in; said again, it begins with what was said."""
        before = those[0].work.returned
        if before is not None and not typed:
            typed = typed_return(before.share, before.effort, before.line)

        def handed_in(text: str) -> None:
            try:
                said = read_return(text)
            except PscError as error:
                self._ask_return(those, text, str(error))
                return
            calls = [return_work(_arrival(one), said.share, effort=said.effort, line=said.line) for one in those]
            words = f"handed in, {said.share}%" + (f", effort {said.effort}" if said.effort else "")
            if refused := self.done(calls, those, words):
                self._ask_return(those, text, refused)

        about = f"work done {those[0].work.student_id} {those[0].work.day} {those[0].work.period}"
        self.ask(
            Entry(f"{_named(those)}: done", f"! {wrong}" if wrong else HINT, handed_in, typed, LONGEST_TYPED, about)
        )

    # Packs, and saying more

    def offer_pack(self) -> None:
        """Offer what may stand in: the student's spare work, then packs that they have not had, the best first."""
        those = tuple(one for one in self.targets() if not one.work.state.has_work)
        if len(those) > 1:
            self._packs_for_all(those)
        elif those:
            self._offer(those[0])

    def _offer(self, one: WorkRow) -> None:
        offers = offers_for(self.desk.file, one, self.today.staff, self.day_now)
        if not offers:
            self.refuse(f"{one.name} has had every pack there is. k opens the bank: add another one.")
            return
        first = [Option("Enter", offers[0].words, "0")]
        more = [Option(str(n + 1), offer.words, str(n)) for n, offer in enumerate(offers[:_OFFERED]) if n]
        bank = [Option("k", f"{len(offers) - _OFFERED} more", "more")] if len(offers) > _OFFERED else []

        def given(number: str) -> None:
            if number == "more":
                self._open_bank(one, offers)
            else:
                self._give(one, offers[int(number)])

        self.ask(Choice(f"{_named((one,))}: give", (*first, *more, *bank), given))

    def _give(self, one: WorkRow, offer: Offer) -> None:
        if offer.spare is not None:
            call: Call[Any] = use_spare_work(offer.spare.arrival.id, one.work.day, one.work.period)
            self.done([call], (one,), f"{offer.words} · Enter gives it out")
        elif offer.pack is not None:
            self.done([_pack_call(one, offer.pack)], (one,), f"pack {offer.pack.code} · Enter gives it out")

    def _open_bank(self, one: WorkRow, offers: Sequence[Offer]) -> None:
        from psc.tui.screens.packs import PacksPage

        fitting = [offer.pack for offer in offers if offer.pack]
        self.app.push_screen(PacksPage(self.today, fitting, lambda pack: self._give(one, Offer(pack.words, pack=pack))))

    def _packs_for_all(self, those: Sequence[WorkRow]) -> None:
        """Give each the pack that fits best; nobody gets one twice, not in two of these periods either."""
        calls, given, had = [], [], set[tuple[int, int]]()
        for one in those:
            for offer in offers_for(self.desk.file, one, self.today.staff, self.day_now):
                if offer.pack and (one.work.student_id, offer.pack.id) not in had:
                    had.add((one.work.student_id, offer.pack.id))
                    calls.append(_pack_call(one, offer.pack))
                    given.append(one)
                    break
        left = len(those) - len(given)
        rest = f"; for {counted(left, 'period')} there is none" if left else ""
        if not calls:
            self.refuse("Each of them has had every pack there is.")
            return
        words = f"give each the pack that fits best{rest}"
        options = (Option("Enter", "yes", "yes"),)
        self.ask(Choice(f"{_named(given)}: {words}", options, lambda _: self._give_all(calls, given)))

    def _give_all(self, calls: Sequence[Call[Any]], given: Sequence[WorkRow]) -> None:
        self.done(calls, given, "packs given · Enter gives them out")

    def edit(self) -> None:
        """Open the form that says what came, in full."""
        from psc.tui.dialogs.work import WorkForm

        if (one := self.chosen) is not None:
            self.app.push_screen(WorkForm(self.desk, one, partial(self._edited, one)))

    def _edited(self, one: WorkRow, said: str) -> None:
        self.noted(f"{_named((one,))}: {said} · u undoes")


def _arrival(one: WorkRow) -> int:
    """Return the id of the work that came."""
    return one.work.arrival.id if one.work.arrival else 0


def _pack_call(one: WorkRow, pack: Pack) -> Call[int]:
    return receive_work(*one.work.key, Work(Kind.PACK, pack.kept), pack_id=pack.id)


def _named(those: Sequence[WorkRow]) -> str:
    """Return whose work, and for which period; of several, how many."""
    if len(those) == 1:
        return f"{those[0].name} {those[0].work.period}"
    students = {one.work.student_id for one in those}
    periods = {(one.work.day, one.work.period) for one in those}
    if len(students) == 1:
        return f"{those[0].name}, {counted(len(those), 'period')}"
    return f"{counted(len(students), 'student')}, " + (
        those[0].work.period if len(periods) == 1 else counted(len(those), "period")
    )
