"""Giving what stands in for work that has not come: on the line, from the bank, or for all that are marked."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from psc.clock import school_day
from psc.overview.offers import Offer, offers_for
from psc.text import counted
from psc.tui.prompts import Choice, Option
from psc.tui.screens.page import Page
from psc.work.sets import Kind
from psc.work.steps import Work, receive_work, use_spare_work

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from psc.desk.acts import Call
    from psc.overview.work import WorkRow
    from psc.work.packs import Pack

_OFFERED = 4
"""How many packs are offered on the line: the rest are in the bank."""


def named(those: Sequence[WorkRow]) -> str:
    """Return whose work, and for which period; of several, how many."""
    if len(those) == 1:
        return f"{those[0].name} {those[0].work.period}"
    students = {one.work.student_id for one in those}
    if len(students) == 1:
        return f"{those[0].name}, {counted(len(those), 'period')}"
    periods = {(one.work.day, one.work.period) for one in those}
    what = those[0].work.period if len(periods) == 1 else counted(len(those), "period")
    return f"{counted(len(students), 'student')}, {what}"


class PackOffers(Page):
    """A page on which p offers packs for the periods that a key is for."""

    @property
    def day_now(self) -> date:
        """The school day of this moment."""
        return school_day(self.today.now, self.desk.file.zone)

    @abstractmethod
    def targets(self) -> tuple[WorkRow, ...]:
        """Return the periods that a key is for."""

    @abstractmethod
    def done(self, calls: Sequence[Call[Any]], those: Sequence[WorkRow], words: str) -> str:
        """Do an act for some periods and say so; returns what stood in its way, "" for nothing."""

    def offer_pack(self) -> None:
        """Offer what may stand in: the student's spare work, then packs that they have not had, the best first."""
        those = tuple(one for one in self.targets() if not one.work.state.has_work)
        if len(those) > 1:
            self._packs_for_all(those)
        elif those:
            self._offer(those[0])

    def _offers(self, one: WorkRow) -> tuple[Offer, ...]:
        return offers_for(self.desk.file, one, self.today.staff, self.day_now)

    def _offer(self, one: WorkRow) -> None:
        offers = self._offers(one)
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

        self.ask(Choice(f"{named((one,))}: give", (*first, *more, *bank), given))

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
            student = one.work.student_id
            packs = [offer.pack for offer in self._offers(one) if offer.pack and (student, offer.pack.id) not in had]
            if packs:
                had.add((student, packs[0].id))
                calls.append(_pack_call(one, packs[0]))
                given.append(one)
        if not calls:
            self.refuse("Each of them has had every pack there is.")
            return
        left = len(those) - len(given)
        rest = f"; for {counted(left, 'period')} there is none" if left else ""
        options = (Option("Enter", "yes", "yes"),)

        def give(_: str) -> None:
            self.done(calls, given, "packs given · Enter gives them out")

        self.ask(Choice(f"{named(given)}: give each the pack that fits best{rest}", options, give))


def _pack_call(one: WorkRow, pack: Pack) -> Call[int]:
    return receive_work(*one.work.key, Work(Kind.PACK, pack.kept), pack_id=pack.id)
