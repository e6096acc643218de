"""What waits for somebody: referrals to decide, removals to confirm, students for whom no seat was free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import school_day, wall
from psc.overview.cells import Tone, cut
from psc.overview.referrals import (
    Referred,
    Removal,
    Waits,
    all_since,
    home_said,
    waited_words,
    what_waits,
)
from psc.roster.referrals import State
from psc.school.calendar import term_of
from psc.text import counted
from psc.tui.screens.deciding import Decides
from psc.tui.screens.page import PageKey
from psc.tui.screens.referral import open_referral
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from psc.overview.referral_ends import DayStates
    from psc.school.students import Student
    from psc.tui.screens.today import Today

_WIDE = 150
"""The width from which a referral has one line; below it, two."""
_FOLLOW = {
    State.DECLINED: Tone.OUT,
    State.WITHDRAWN: Tone.LEFT,
    State.WAITING: Tone.DUE,
    State.REQUESTED: Tone.DUE,
    State.SERVED: Tone.IN,
    State.ATTENDED: Tone.IN,
    State.NOT_COMPLETED: Tone.ALARM,
}


class ReferralsPage(Decides):
    """Opens on Q. Oldest first; f shows all of this term."""

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self._whole = False
        self._waits = Waits((), (), ())
        self._term: tuple[Referred, ...] = ()
        self._past: dict[date, DayStates] = {}
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
            self._term = all_since(file, staff, first, now, self._past)
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
