"""Deciding a referral, or a removal, by keys: wherever it stands, in the list or opened."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from psc.desk.people import Role
from psc.desk.permissions import may
from psc.errors import NotUnderstood
from psc.flows.referrals import book_waiting, decide_referral, full_for
from psc.overview.referrals import (
    Referred,
    Removal,
    one_item,
)
from psc.roster.raising import withdraw_referral
from psc.roster.referrals import Outcome, State, checked
from psc.roster.waiting import stop_waiting
from psc.tui.commands.watch import ask_to_settle
from psc.tui.prompts import Choice, Entry, Option
from psc.tui.screens.page import Page, PageKey

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psc.desk.acts import Call

_TYPED = 2_000
"""How much a question takes: what is too long is refused with what was typed, and never cut."""


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
