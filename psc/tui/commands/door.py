"""Commands of the door: in, out, back, away, not here, and the check of a period."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from psc.clock import time_and_teller
from psc.desk.people import who_is
from psc.errors import NotUnderstood, PscError
from psc.overview.cells import shown_out
from psc.roster.absences import Absence, mark_absence
from psc.roster.letters import OUT_LETTERS
from psc.roster.movements import OutReason, come_back, go_out, sign_in
from psc.roster.status import Status
from psc.tui.commands.base import Command
from psc.tui.machine import Mode
from psc.tui.prompts import Choice, Entry, Option

if TYPE_CHECKING:
    from psc.overview.board import RowNow
    from psc.tui.screens.today import Today


class ForRows(Command):
    """A command for the rows that are marked, or the one under the cursor."""

    none: ClassVar[str]
    of_student = True

    def fits(self, one: RowNow) -> bool:
        """Say whether the command is for a row that stands so."""
        return one.inside

    def rows(self, today: Today) -> tuple[RowNow, ...]:
        """Return the target rows that the command fits."""
        return tuple(one for one in today.state.targets() if self.fits(one))

    def unavailable(self, today: Today) -> str:
        """Say so when no row fits."""
        if not today.state.targets():
            return "nobody is on the board; a adds a student"
        if self.rows(today):
            return ""
        out = all(one.out for one in today.state.targets())
        return "already out; b brings them back" if out else self.none


class SignIn(ForRows):
    """Sign the student in, now or at the time given with @. The first free seat is taken."""

    title, key, footer, act = "Sign in", "i", "In", "sign_in"
    none = "already signed in"

    def fits(self, one: RowNow) -> bool:
        """Whoever is not in the room."""
        return not one.inside

    def run(self, today: Today) -> None:
        """Sign in every target."""
        rows = self.rows(today)
        at = today.take_time()
        today.do(
            rows,
            lambda why: [sign_in(one.row.student_id, one.row.room_id, at=at, override=why) for one in rows],
            "signed in",
            at=at,
        )


class GoOut(ForRows):
    """The student goes out and will be back: say why by one letter."""

    title, key, footer, act = "Go out", "o", "Out", "go_out"
    none = "not in the room"

    def fits(self, one: RowNow) -> bool:
        """Whoever is in the room and not out of it."""
        return one.inside and not one.out

    def run(self, today: Today) -> None:
        """Ask for the reason, then send them out."""
        rows = self.rows(today)

        def go(reason: str) -> None:
            at = today.take_time()
            calls = [go_out(one.row.visit_id or 0, OutReason(reason), at=at) for one in rows]
            today.do(rows, lambda _: calls, f"out: {shown_out(reason)}", at=at)

        options = tuple(Option(letter, reason.value, reason.value) for letter, reason in OUT_LETTERS.items())
        today.ask(Choice(f"{today.named(rows)} out for", options, go))


class ComeBack(ForRows):
    """The student is back in the room."""

    title, key, footer, act = "Come back", "b", "Back", "come_back"
    none = "not out"

    def fits(self, one: RowNow) -> bool:
        """Whoever is out."""
        return one.out

    def run(self, today: Today) -> None:
        """Bring every target back."""
        rows = self.rows(today)
        at = today.take_time()
        today.do(rows, lambda _: [come_back(one.row.visit_id or 0, at=at) for one in rows], "back", at=at)


class NotHere(ForRows):
    """The student is not coming: absent from school, no-show, or cancelled."""

    title, key, act = "Not here", "h", "mark_absence"
    none = "signed in today"

    def fits(self, one: RowNow) -> bool:
        """Whoever has not come, and whoever left and has not come again."""
        return not one.inside and one.status is not Status.LEFT

    def run(self, today: Today) -> None:
        """Ask which, then mark."""
        rows = self.rows(today)

        def mark(kind: str) -> None:
            at = today.take_time()
            calls = [mark_absence(one.row.placement_id, Absence(kind), at=at) for one in rows]
            today.do(rows, lambda _: calls, kind.replace("_", "-"), at=at)

        options = (
            Option("a", "absent", "absent"),
            Option("n", "no-show", "no_show"),
            Option("c", "cancelled", "cancelled"),
        )
        today.ask(Choice(f"{today.named(rows)} is", options, mark))


class Check(ForRows):
    """Mark checks down the column: a digit 0 to 4, Enter for the next student, left and right for the period."""

    title, key, footer, act = "Check", "c", "Check", "mark_check"
    none = "nobody to check"
    of_student = False

    def unavailable(self, today: Today) -> str:
        """Checks need a period that has begun."""
        if not any(one.check_due(today.now) for one in today.state.shown):
            return "no period has begun"
        return ""

    def run(self, today: Today) -> None:
        """Start marking at the period under way."""
        rows = [one for one in (today.state.current, *today.state.shown) if one]
        due = [placed for one in rows if (placed := one.check_due(today.now))]
        under_way = [placed for placed in due if placed.period.end > today.now]
        today.enter(Mode.MARKING, (under_way or due)[0].period.name)


class At(Command):
    """Say when the next act happened (0844, -8 for eight minutes ago, P3), who told you (a code or a name), or both."""

    title, key, shown_key = "At a time, told by", "at", "@"

    def run(self, today: Today) -> None:
        """Ask, and keep the answer for the next act."""

        def keep(text: str) -> None:
            current = today.state.current
            starts = {period.name: period.start for period in current.row.periods} if current else {}
            try:
                at, who = time_and_teller(text, today.now, today.board.zone, starts)
                today.keep(at, self.teller(today, who) if who else "")
            except PscError as error:
                today.refuse(str(error))

        today.ask(Entry("When, and who told you", "0844, -8, P3 · 0844 KB · K. Bose", keep, longest=80))

    def teller(self, today: Today, typed: str) -> str:
        """Return who told it. A slip in a time must not pass for a name, so a name has a capital."""
        who = who_is(today.desk.file, typed)
        if who.staff_id is None and who.name == who.name.lower():
            raise NotUnderstood(
                f"“{typed}” is not a time psc can read, nor a staff code.", "A name begins with a capital: K. Bose."
            )
        return who.name
