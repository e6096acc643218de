"""One student, opened: who they are, what the room must know, whom of home to ring, today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import wall
from psc.desk.permissions import may
from psc.errors import PscError
from psc.overview.audit import who_looked
from psc.overview.cells import Tone, cut, kind_words, now_cell
from psc.overview.profile import read_profile
from psc.overview.timeline import marks
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psc.overview.audit import Viewed, Viewing
    from psc.overview.profile import Profile
    from psc.tui.screens.today import Today


class StudentPage(Page):
    """What `open_profile` made, part by part; a part that is not for the reader is left out."""

    def __init__(self, today: Today, profile: Profile) -> None:
        super().__init__(today)
        self._profile = profile
        self._read_of: tuple[object, ...] = (today.staff, today.desk.file.written(), today.now.replace(second=0))

    def look(self) -> None:
        """Read the student again when the file, the minute or the reader's role has moved on."""
        read_of = (self.today.staff, self.desk.file.written(), self.today.now.replace(second=0))
        if read_of == self._read_of:
            return
        student, outside = self._profile.student.id, self._profile.outside
        now = self.desk.clock.now()
        self._profile = read_profile(self.desk.file, student, self.today.staff, now, outside=outside)
        self._read_of = read_of

    def title_items(self) -> Sequence[Item]:
        """Name the student."""
        one = self._profile.student
        year = "" if one.year is None else f"year {one.year}"
        shown = [Item(one.name, bold=True), Item("  ".join(part for part in (one.form, year, one.number) if part))]
        if one.new_here:
            shown.append(Item("new here", "quiet"))
        if self._profile.outside:
            shown.append(Item("outside your years", "due"))
        return shown

    def lines(self) -> Sequence[Line]:
        """Return the parts, each under its heading."""
        made: list[Line] = []
        for part in (self._who(), self._today(), self._alerts(), self._apart(), self._contacts(), self._timeline()):
            lines = list(part)
            made += [line(""), *lines] if made and lines else lines
        return made

    def _who(self) -> Iterator[Line]:
        one = self._profile
        yield line(f"House       {one.house or '–'}")
        yield line(f"Key worker  {one.key_worker or 'none'}")
        for programme in one.programmes:
            tone = Tone.DUE if programme.overdue or programme.left == 0 else Tone.PLAIN
            purpose = f"  {programme.programme.now.purpose}"
            yield Line((("Programme   ", Tone.PLAIN), (programme.due, tone), (purpose, Tone.QUIET)))

    def _today(self) -> Iterator[Line]:
        yield line("Today", Tone.QUIET)
        board, now = self._profile.board, self.today.now
        if not self._profile.rows:
            yield line("  not placed in a room today")
        for one in self._profile.rows:
            room = next(room for room in board.rooms if room.id == one.row.room_id)
            state = now_cell(board, one, now)
            names = [placed.period.name for placed in one.row.placed]
            when = f"{names[0]}–{names[-1]}" if len(names) > 1 else "".join(names)
            yield Line(((f"  {cut(room.code, 5)} ", Tone.PLAIN), (state.text, state.tone)))
            yield line(f"        {kind_words(one.row.type)}: {one.row.reason} · {when}".rstrip(" ·"), Tone.QUIET)

    def _alerts(self) -> Iterator[Line]:
        alerts = self._profile.alerts
        if alerts is None:
            return
        yield line(f"Alerts: {len(alerts) or 'none'}", Tone.QUIET)
        for one in alerts:
            yield line(f"  {'!' if one.emergency else '◆'} {one.kind}: {one.text}", Tone.ALERT)

    def _apart(self) -> Iterator[Line]:
        if not self._profile.apart:
            return
        yield line("To be kept apart from", Tone.QUIET)
        for one in self._profile.apart:
            words = f"  until {one.until.day} {one.until:%b}" + (f": {one.reason}" if one.reason else "")
            yield Line(((f"  {one.name}", Tone.PLAIN), (words, Tone.QUIET)))

    def _contacts(self) -> Iterator[Line]:
        contacts = self._profile.contacts
        if contacts is None:
            return
        yield line(
            "At home, in the order to try" if contacts else "At home: nobody on record who may be told", Tone.QUIET
        )
        for number, one in enumerate(contacts, 1):
            who = f"  {number} {one.words}"
            more = [one.number or one.email or "no number", one.language and f"speaks {one.language}"]
            more.append("parental responsibility" if one.responsibility else "")
            yield Line(((who, Tone.PLAIN), ("  " + " · ".join(part for part in more if part), Tone.QUIET)))
        if self._profile.not_contacted:
            yield line(
                "  × do not contact: somebody on record must not be rung. The safeguarding lead knows.", Tone.ALARM
            )

    def _timeline(self) -> Iterator[Line]:
        entries, board = self._profile.entries, self._profile.board
        if not entries:
            return
        yield line("Recorded today", Tone.QUIET)
        for one in entries:
            undone = one.undone is not None
            words = f"  {'×' if undone else ' '} {wall(one.happened, board.zone)}  {one.words}"
            said = f"  {marks(one, board.settings, board.zone)}"
            yield Line(((words, Tone.QUIET if undone else Tone.PLAIN), (said, Tone.QUIET)))

    def keys(self) -> Sequence[PageKey]:
        """Return referring, and who looked, for those who may."""
        staff = self.today.staff
        made = (PageKey("r", "r", "refer", self._refer),) if may("raise_referral", staff) else ()
        return (*made, PageKey("A", "A", "who looked", self._who_looked)) if may("who_viewed", staff) else made

    def _refer(self) -> None:
        from psc.tui.commands.referrals import open_referral_form

        open_referral_form(self.today, self, self._profile.student)

    def _who_looked(self) -> None:
        one = self._profile.student
        try:
            viewed = who_looked(self.desk, one.id)
        except PscError as error:
            self.refuse(str(error))
        else:
            self.app.push_screen(WhoLookedPage(self.today, one.name, viewed))


class WhoLookedPage(Page):
    """Who looked at a student, printed them, changed something: newest first, as it was when it was asked."""

    def __init__(self, today: Today, name: str, viewed: Viewed) -> None:
        super().__init__(today)
        self._whose = name
        self._viewed = viewed

    def title_items(self) -> Sequence[Item]:
        """Say of whom."""
        return [Item("Who looked", bold=True), Item(self._whose)]

    def lines(self) -> Sequence[Line]:
        """List the three kinds apart."""
        made: list[Line] = []
        for heading, group in (
            ("Looked", self._viewed.looks),
            ("Printed", self._viewed.prints),
            ("Changed", self._viewed.acts),
        ):
            made += [line(""), line(f"{heading}: {len(group) or 'nobody'}", Tone.QUIET)]
            made += [self._line(number, one) for number, one in enumerate(group)]
        return made[1:]

    def _line(self, number: int, one: Viewing) -> Line:
        at = one.at.astimezone(self.today.board.zone)
        who = cut(f"{one.name or one.code}, {one.role}", min(44, max(18, self.app.size.width - 50)))
        said = f"{one.what}: {one.why}" if one.why else one.what
        key = (one.act, number)
        return Line(((f"  {at.day:>2} {at:%b %H:%M}  ", Tone.QUIET), (f"{who}  ", Tone.PLAIN), (said, Tone.QUIET)), key)
