"""Commands for coordinators: a period waived or carried, two students kept apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import typed_day
from psc.errors import PscError
from psc.roster.keep_apart import keep_apart
from psc.roster.placements import Line, carry_period, waive_period
from psc.tui.commands.base import Command
from psc.tui.prompts import Entry

if TYPE_CHECKING:
    from psc.overview.board import Placed, RowNow
    from psc.tui.screens.today import Today


class _ForOwedPeriod(Command):
    """A command for one period that the current student owes."""

    def owed(self, today: Today) -> tuple[Placed, ...]:
        """Return the periods of the current student that are neither waived nor carried; only sanctions owe any."""
        current = today.state.current
        if current is None or current.row.type.line is not Line.SANCTION:
            return ()
        return tuple(one for one in current.row.placed if not (one.waived or one.carried))

    def unavailable(self, today: Today) -> str:
        """There must be an owed period."""
        return "" if self.owed(today) else "this student owes no period today"

    def chosen(self, today: Today, name: str) -> tuple[RowNow, Placed] | None:
        """Return the row and the owed period of that name; says so when there is none."""
        current = today.state.current
        placed = next((one for one in self.owed(today) if one.period.name.lower() == name.lower()), None)
        if current is None or placed is None:
            names = ", ".join(one.period.name for one in self.owed(today))
            today.refuse(f"“{name}” is not a period owed today: {names}.")
            return None
        return current, placed

    def example(self, today: Today) -> str:
        """Return the first owed period, as an example to type."""
        return self.owed(today)[0].period.name


class Waive(_ForOwedPeriod):
    """Let the student off a period that was not served, with a reason."""

    title, key, act, of_student = "Waive a period", "W", "waive_period", True

    def run(self, today: Today) -> None:
        """Ask which period and why."""

        def waive(text: str) -> None:
            name, _, why = text.partition(" ")
            if found := self.chosen(today, name):
                row, placed = found
                today.do((row,), lambda more: [waive_period(placed.id, why or more)], f"let off {placed.period.name}")

        today.ask(Entry("Waive which, and why", f"{self.example(today)} reason", waive))


class Carry(_ForOwedPeriod):
    """Carry a period that was not served to a later day of the same placement."""

    title, key, act, of_student = "Carry a period", "C", "carry_period", True

    def run(self, today: Today) -> None:
        """Ask which period, and to when."""

        def carry(text: str) -> None:
            name, _, rest = text.partition(" ")
            day_text, _, period = rest.rpartition(" ")
            found = self.chosen(today, name)
            if not found:
                return
            row, placed = found
            try:
                day = typed_day(day_text, today.board.day.day)
            except PscError as error:
                today.refuse(str(error))
                return
            today.do(
                (row,),
                lambda why: [carry_period(placed.id, day, period.upper(), override=why)],
                f"{placed.period.name} carried to {day:%a} {period.upper()}",
            )

        today.ask(Entry("Carry which, to when", f"{self.example(today)} tomorrow P2", carry))


class KeepApart(Command):
    """Keep two students apart for 30 days: mark both with Space first, then say why."""

    title, key, act, of_student = "Keep two students apart", "K", "keep_apart", True

    def unavailable(self, today: Today) -> str:
        """Exactly two must be marked."""
        return "" if len(today.state.marked) == 2 else "mark two students with Space first"

    def run(self, today: Today) -> None:
        """Ask for the reason."""
        rows = today.state.targets()
        one, other = (row.row.student_id for row in rows)

        def apart(why: str) -> None:
            if not why:
                today.refuse("Keeping students apart needs a reason.")
                return
            today.do(rows, lambda _: [keep_apart(one, other, why)], "to be kept apart")

        today.ask(Entry(f"Keep {today.named(rows)} apart because", "reason", apart))
