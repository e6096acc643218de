"""What waits: referrals to decide, removals to confirm, students for whom no seat was free; and a referral opened."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from psc.clock import school_day, wall
from psc.desk.looks import open_row
from psc.desk.people import Role
from psc.desk.permissions import may
from psc.errors import NotUnderstood, PscError
from psc.flows.referrals import book_waiting, decide_referral, full_for
from psc.overview.cells import Tone, cut
from psc.overview.referrals import (
    Item as Referred,
)
from psc.overview.referrals import (
    Opened,
    Removal,
    Waits,
    all_since,
    home_said,
    one_item,
    open_one,
    waited_words,
    what_waits,
)
from psc.roster.referrals import Outcome, State, checked, decided_words, withdraw_referral
from psc.roster.waiting import stop_waiting
from psc.school.calendar import term_of
from psc.text import counted
from psc.tui.commands.watch import ask_to_settle
from psc.tui.prompts import Choice, Entry, Option
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from psc.desk.acts import Call
    from psc.school.students import Student
    from psc.tui.screens.today import Today

_WIDE = 150
"""The width from which a referral has one line; below it, two."""
_TYPED = 2_000
"""How much a question takes: what is too long is refused with what was typed, and never cut."""
_FOLLOW = {
    State.DECLINED: Tone.OUT,
    State.WITHDRAWN: Tone.LEFT,
    State.WAITING: Tone.DUE,
    State.REQUESTED: Tone.DUE,
    State.SERVED: Tone.IN,
    State.ATTENDED: Tone.IN,
    State.NOT_COMPLETED: Tone.ALARM,
}


class Decides(Page):
    """What can be done with a referral, or a removal, wherever it stands."""

    def chosen(self) -> Referred | Removal | None:
        """Return what the keys are about."""
        raise NotImplementedError

    def keys(self) -> Sequence[PageKey]:
        """Return the keys of what is chosen."""
        one = self.chosen()
        made: list[PageKey] = []
        staff = self.today.staff
        home = "" if may("tell_home", staff) else f"not for the role of {staff.role.words}"
        if isinstance(one, Removal):
            no = "" if may("settle_removal", staff) else f"not for the role of {staff.role.words}"
            made = [
                PageKey("a", "a", "confirm", partial(self._settle, one, "confirmed"), no),
                PageKey("c", "c", "another reason", partial(self._settle, one, "changed"), no),
                PageKey("d", "d", "end it", partial(self._settle, one, "ended"), no),
                PageKey("t", "t", "told home", partial(self._tell, one), home),
            ]
        elif one is not None and one.state is State.WAITING and one.referral.decision is not None:
            book = "" if may("book", staff) else f"not for the role of {staff.role.words}"
            made = [
                PageKey("b", "b", "book now", partial(self._book, one), book),
                PageKey("x", "x", "stop waiting", partial(self._stop, one), book),
                PageKey("t", "t", "told home", partial(self._tell, one), home),
            ]
        elif one is not None:
            made = [
                PageKey("a", "a", "approve", partial(self._approve, one), one.not_mine),
                PageKey("c", "c", "approve with changes", partial(self._change, one), one.not_mine),
                PageKey("d", "d", "decline", partial(self._decline, one), one.not_mine),
                PageKey("t", "t", "told home", partial(self._tell, one), home),
                PageKey("x", "x", "withdraw", partial(self._withdraw, one), self._not_withdrawn(one)),
            ]
        return made

    def _not_withdrawn(self, one: Referred) -> str:
        if one.referral.decision is not None:
            return "it is decided"
        mine = one.referral.by == self.today.staff.code
        if mine or self.today.staff.role is Role.COORDINATOR:
            return ""
        return f"{one.referral.who} raised it: they withdraw it, or a coordinator does"

    def undo_key(self) -> Sequence[PageKey]:
        """Return the key that takes back one's own last act, for whom there is one."""
        if not may("undo", self.today.staff):
            return ()
        return (PageKey("u", "u", "undo", self.undo_here),)

    @property
    def _undoes(self) -> str:
        return " · u undoes" if may("undo", self.today.staff) else ""

    # Deciding

    def _approve(self, one: Referred) -> None:
        """Approve it as it is; where the room is full, ask whether the student is to wait."""
        file, staff = self.desk.file, self.today.staff
        full = full_for(file, one.referral.id, staff, self.desk.clock.now())
        if not full:
            self._decide(one, Outcome.APPROVED)
            return

        def answered(letter: str) -> None:
            if letter == "w":
                self._decide(one, Outcome.APPROVED, wait=True)
            else:
                self.ask(
                    Entry("Over the seats, because", "a word or two", partial(self._decide_over, one), longest=_TYPED)
                )

        options = (Option("w", "wait for a seat", "w"), Option("o", "over it, with a reason", "o"))
        self.ask(Choice(full.rstrip("."), options, answered))

    def _decide_over(self, one: Referred, why: str) -> None:
        self._decide(one, Outcome.APPROVED, override=why)

    def _decide(
        self, one: Referred, outcome: Outcome, why: str = "", *, override: str = "", wait: bool = False
    ) -> None:
        def calls(more: str) -> list[Call[Any]]:
            return [decide_referral(one.referral.id, outcome, why, override=override or more, wait=wait)]

        self.do(calls, lambda: self.to_undo(self._said(one)))

    def _said(self, one: Referred) -> str:
        """Say what became of a referral that was just decided."""
        found = self._again(one)
        name = one.student.name
        match found.state:
            case State.BOOKED:
                said = f"{name}: booked in {found.room}, {found.when}"
            case State.WAITING:
                said = f"{name} waits for a seat in {found.room}: {found.when}"
            case state:
                said = f"{name}: {state.value}"
        home = "" if found.told or found.state is State.WITHDRAWN else " · home not told yet (t)"
        return f"{said}{home}{self._undoes}"

    def _again(self, one: Referred) -> Referred:
        return one_item(self.desk.file, one.referral.id, self.today.staff, self.desk.clock.now())

    def _change(self, one: Referred) -> None:
        from psc.tui.dialogs.referral_changes import changes_form

        self.app.push_screen(changes_form(self.today, one, lambda: self._said(one), self._saved))

    def _saved(self, said: str) -> None:
        self.today.reload()
        self.say(self.to_undo(said))

    def _decline(self, one: Referred) -> None:
        self._ask_why(
            f"{one.student.name}: declined because",
            "whoever asked is shown it",
            f"decline {one.referral.id}",
            lambda why: self._decide(one, Outcome.DECLINED, why),
        )

    def _withdraw(self, one: Referred) -> None:
        self._ask_why(
            f"{one.student.name}: withdrawn because",
            "a word or two",
            f"withdraw {one.referral.id}",
            lambda why: self.do(
                lambda more: [withdraw_referral(one.referral.id, why or more)],
                lambda: self.to_undo(self._said(one)),
            ),
        )

    def _ask_why(self, title: str, hint: str, about: str, then: Callable[[str], None], text: str = "") -> None:
        """Ask for a reason; one that is too long is asked again, with all that was typed."""

        def typed(words: str) -> None:
            try:
                checked("why", words)
            except NotUnderstood as error:
                self._ask_why(f"{error.title} {title.partition(': ')[0]}", hint, about, then, words)
                return
            self.answer_saved()
            then(words)

        self.ask(Entry(title, hint, typed, text=text, longest=_TYPED, about=about))

    # The rest

    def _settle(self, one: Removal, outcome: str) -> None:
        def do(calls: Callable[[str], list[Call[Any]]], said: str) -> None:
            self.do(calls, partial(self.to_undo, f"{one.student.name}: {said}{self._undoes}"))

        ask_to_settle(self, one.student.name, one.placement_id, do, outcome)

    def _tell(self, one: Referred | Removal) -> None:
        from psc.tui.dialogs.tell_home import TellHomeForm, Whom

        rows = (row for row in self.today.board.at(self.today.now) if row.row.student_id == one.student.id)
        whom = Whom(one.student.id, one.student.name, next(rows, None), one.home, self)
        self.app.push_screen(TellHomeForm(self.today, whom, at=None))

    def _book(self, one: Referred) -> None:
        self.do(
            lambda why: [book_waiting(self.desk.file, one.referral, override=why)],
            lambda: self.to_undo(self._said(one)),
        )

    def _stop(self, one: Referred) -> None:
        waiting = one.referral.waiting_id or 0
        self._ask_why(
            f"{one.student.name}: waits no more because",
            "a word or two",
            f"stop {waiting}",
            lambda why: self.do(
                lambda more: [stop_waiting(waiting, why or more)],
                partial(self.to_undo, f"{one.student.name} waits no more"),
            ),
        )


class ReferralsPage(Decides):
    """Opens on Q. Oldest first; f shows all of this term."""

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self._whole = False
        self._waits = Waits((), (), ())
        self._term: tuple[Referred, ...] = ()
        self._read_of: tuple[object, ...] = ()

    def look(self) -> None:
        """Read what waits when the file, the reader's role or the minute has moved on."""
        file, staff = self.desk.file, self.today.staff
        read_of = (staff, file.written(), self.today.now.replace(second=0), self._whole)
        if read_of == self._read_of:
            return
        now = self.desk.clock.now()
        if self._whole:
            first, _ = term_of(file, school_day(now, file.zone))
            self._term = all_since(file, staff, first, now)
        else:
            self._waits = what_waits(file, staff, now)
        self._read_of = read_of

    def title_items(self) -> Sequence[Item]:
        """Say what is listed, and how much."""
        if self._whole:
            return [Item("Referrals of this term", bold=True), Item(counted(len(self._term), "referral"), "quiet")]
        waits = self._waits
        number = len(waits.to_decide) + len(waits.to_confirm) + len(waits.for_seat)
        return [Item("What waits", bold=True), Item(counted(number, "thing") if number else "nothing", "quiet")]

    def lines(self) -> Sequence[Line]:
        """List it, part by part."""
        if self._whole:
            made = [each for one in self._term for each in self._line(one)]
            return made or [line("No referral was raised this term that you may see.", Tone.QUIET)]
        waits = self._waits
        made = [line(f"Referrals to decide, by school days waiting: {len(waits.to_decide) or 'none'}", Tone.QUIET)]
        made += [each for one in waits.to_decide for each in self._line(one)]
        made += [line(""), line(f"Removals to confirm: {len(waits.to_confirm) or 'none'}", Tone.QUIET)]
        made += [each for one in waits.to_confirm for each in self._removal(one)]
        made += [line(""), line(f"Approved, waiting for a seat: {len(waits.for_seat) or 'none'}", Tone.QUIET)]
        made += [each for one in waits.for_seat for each in self._line(one)]
        return made

    def _line(self, one: Referred) -> list[Line]:
        """Return a referral: who, what for, when; how long it waits, or what became of it; reason, who asked, home."""
        type_, reason, *_ = one.referral.stands_as
        if self._whole:
            left = (f"{one.state.value:<13.13} ", _FOLLOW.get(one.state, Tone.PLAIN))
        else:
            left = (f"{waited_words(one.days):<7} ", Tone.DUE if one.days > 1 else Tone.QUIET)
        what = f"{type_.words}: {reason}"
        when = f"{one.when} · {one.room or 'no room'}"
        who = one.referral.name or one.referral.by
        return self._laid(("referral", one.referral.id), one.student, left, what, when, self._home(one), who)

    def _removal(self, one: Removal) -> list[Line]:
        """Return a removal: who, what for; when and by whom sent, and what will be asked."""
        left = (f"{waited_words(one.days):<7} ", Tone.ALARM if one.days else Tone.DUE)
        when = f"{wall(one.at, self.desk.file.zone)}" + (f" · sent by {one.sender}" if one.sender else "")
        what = f"{one.type.words}: {one.reason}"
        sen = f"{one.sen}: adjustment asked" if one.sen else ""
        return self._laid(("removal", one.placement_id), one.student, left, what, when, self._home(one), sen)

    def _home(self, one: Referred | Removal) -> tuple[str, Tone]:
        today = school_day(self.desk.clock.now(), self.desk.file.zone)
        told = any(each.outcome == "told" for each in one.home)
        return home_said(one.home, self.desk.file.zone, today), Tone.QUIET if told else Tone.DUE

    def _laid(
        self,
        key: object,
        student: Student,
        left: tuple[str, Tone],
        what: str,
        when: str,
        home: tuple[str, Tone],
        last: str,
    ) -> list[Line]:
        """Lay one thing out: on one line where there is room, else on two."""
        width = self.app.size.width
        who = (f"  {cut(student.name, 22)} {cut(student.form, 5)} ", Tone.PLAIN)
        after = (f" · {last}" if last else "", Tone.QUIET)
        if width >= _WIDE:
            said = (f"{cut(what, (width - 42) * 2 // 5)}  ", Tone.PLAIN)
            return [Line((who, left, said, (f"{when} · ", Tone.PLAIN), home, after), key)]
        return [Line((who, left, (what, Tone.PLAIN)), key), Line(((f"{'':6}{when} · ", Tone.QUIET), home, after))]

    def chosen(self) -> Referred | Removal | None:
        """Return what stands on the line under the cursor."""
        kind, number = self.current or ("", 0)
        if kind == "removal":
            return next((one for one in self._waits.to_confirm if one.placement_id == number), None)
        every = self._term if self._whole else (*self._waits.to_decide, *self._waits.for_seat)
        return next((one for one in every if one.referral.id == number), None)

    def keys(self) -> Sequence[PageKey]:
        """Those of the line, then those of the list."""
        one = self.chosen()
        opens = (PageKey("enter", "Enter", "open", self.enter),) if isinstance(one, Referred) else ()
        words = "what waits" if self._whole else "all of this term"
        return (*super().keys(), *opens, PageKey("f", "f", words, self._filter), *self.undo_key())

    def _filter(self) -> None:
        self._whole = not self._whole

    def enter(self) -> None:
        """Open the referral; the ledger keeps who looked, before anything is shown."""
        one = self.chosen()
        if isinstance(one, Removal):
            self._settle(one, "")
        elif one is not None:
            open_referral(self, one)


def open_referral(page: Page, one: Referred) -> None:
    """Open a referral over a page."""
    desk = page.desk
    try:
        desk.do_patiently(open_row(one.student.id, f"referral {one.referral.id}"), seconds=2)
        opened = open_one(desk.file, one.referral.id, page.today.staff, desk.clock.now())
    except PscError as error:
        page.refuse(str(error))
        return
    page.said = ("", "plain")
    page.app.push_screen(ReferralPage(page.today, opened))


class ReferralPage(Decides):
    """One referral: what was asked and why, what the record says was tried, what home was told, what was decided."""

    def __init__(self, today: Today, opened: Opened) -> None:
        super().__init__(today)
        self._opened = opened
        self._read_of: tuple[object, ...] = self._now()

    def _now(self) -> tuple[object, ...]:
        return (self.today.staff, self.desk.file.written(), self.today.now.replace(second=0))

    def look(self) -> None:
        """Read it again when the file, the reader's role or the minute has moved on."""
        if (read_of := self._now()) != self._read_of:
            one = self._opened.item.referral.id
            self._opened = open_one(self.desk.file, one, self.today.staff, self.desk.clock.now())
            self._read_of = read_of

    def chosen(self) -> Referred:
        """Return the one there is."""
        return self._opened.item

    def title_items(self) -> Sequence[Item]:
        """Say whose it is, and how far it has come."""
        one = self._opened.item
        who = f"{one.student.name} {'' if one.student.apart else one.student.form}".rstrip()
        return [Item(f"Referral {one.referral.id}", bold=True), Item(who), Item(one.state.value, "due")]

    def lines(self) -> Sequence[Line]:
        """Return its parts, each under its heading."""
        return [each for part in (self._asked(), self._facts(), self._record()) for each in part]

    def _field(self, label: str, text: str, tone: Tone = Tone.PLAIN) -> Iterator[Line]:
        """Yield a field under its label, as many lines as it needs."""
        for number, words in enumerate(wrapped(text, max(20, self.app.size.width - 17)) if text else ()):
            yield Line(((f"{label if not number else '':<13}", Tone.QUIET), (words, tone)))

    def _asked(self) -> Iterator[Line]:
        one = self._opened.item
        referral = one.referral
        zone, today = self.desk.file.zone, school_day(self.desk.clock.now(), self.desk.file.zone)
        type_, reason, *_ = referral.stands_as
        at = f"{referral.day:%a} {referral.day.day} {referral.day:%b} {wall(referral.at, zone)}"
        yield from self._field("Asked by", f"{referral.who}, {at}")
        if referral.decision is not None:
            yield from self._field("Decided", decided_words(self.desk.file, referral))
        yield from self._field("For", f"{type_.words}, {one.room or 'no room yet'}, {one.when}")
        yield from self._field("Reason", reason)
        parts = (referral.period, referral.subject, self._opened.teacher, referral.place)
        yield from self._field("Lesson", ", ".join(part for part in parts if part))
        if not one.home:
            yield from self._field("Home", "not told yet", Tone.DUE)
        for each in one.home:
            said = f"{home_said((each,), zone, today)}, {each.whom}" + (f": {each.note}" if each.note else "")
            yield from self._field("Home", said)

    def _facts(self) -> Iterator[Line]:
        referral = self._opened.item.referral
        for label, text in (
            ("What happened", referral.facts),
            ("Tried", referral.tried),
            ("Who else", referral.others),
            ("Adjustment considered", referral.adjustment),
        ):
            if text:
                yield line("")
                yield line(label, Tone.QUIET)
                for words in wrapped(text, max(20, self.app.size.width - 6)):
                    yield line(f"  {words}")

    def _record(self) -> Iterator[Line]:
        for label, said in (("On record", self._opened.tried), ("Placed this school year", self._opened.placed)):
            yield line("")
            yield line(label if said else f"{label}: nothing", Tone.QUIET)
            for one in said:
                for number, words in enumerate(wrapped(one, max(20, self.app.size.width - 8))):
                    yield line(f"  {'· ' if not number else '  '}{words}")

    def keys(self) -> Sequence[PageKey]:
        """Those of the referral."""
        return (*super().keys(), *self.undo_key())
