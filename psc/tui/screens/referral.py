"""One referral, opened: what was asked and why, what the record says, what home was told, what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import school_day, wall
from psc.desk.looks import open_row
from psc.errors import PscError
from psc.overview.cells import Tone
from psc.overview.referrals import (
    Opened,
    Referred,
    home_said,
    open_one,
)
from psc.roster.referrals import decided_words
from psc.tui.screens.deciding import Decides
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psc.tui.screens.page import Page, PageKey
    from psc.tui.screens.today import Today


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
