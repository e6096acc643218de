"""Commands for days that are not normal: the day's times, a student's events, the register list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import wall
from psc.desk.permissions import may
from psc.errors import PscError
from psc.overview.within import events_for
from psc.roster.events import Event, cancel_event, plan_event
from psc.roster.typed_events import typed_event
from psc.school.calendar import day_words
from psc.tui.commands.base import Command
from psc.tui.prompts import Choice, Entry, Option

if TYPE_CHECKING:
    from psc.overview.board import RowNow
    from psc.tui.screens.today import Today


class Times(Command):
    """Today's times, and another day's: look, change the day, decide on periods that fell away."""

    title, key, act = "The day's times", "T", "see_day"
    shows_names = True

    def run(self, today: Today) -> None:
        """Open the page."""
        from psc.tui.screens.day_times import DayTimes

        today.app.push_screen(DayTimes(today))


class RegisterNow(Command):
    """The register list: present, not come, not known, at an event. p there prints it."""

    title, key, act = "Register list", "R", "see_roster"
    shows_names = True

    def run(self, today: Today) -> None:
        """Open the page."""
        from psc.tui.screens.register import RegisterPage

        today.app.push_screen(RegisterPage(today))


class Events(Command):
    """An exam, trip, music lesson or appointment of the student: list, add, cancel."""

    title, key, act, of_student = "Events", "V", "see_roster", True

    def unavailable(self, today: Today) -> str:
        """There must be a student."""
        return "" if today.state.targets() else "nobody is on the board"

    def run(self, today: Today) -> None:
        """List them; whoever may adds one or cancels one."""
        rows = today.state.targets()
        known = self._known(today, rows[0]) if len(rows) == 1 else ()
        if not may("plan_event", today.staff):
            told = "; ".join(_words(today, one) for one in known)
            today.say(f"{today.named(rows)}: {told or 'no event noted'}", "plain")
        elif known:
            self._choose(today, rows, known)
        else:
            self._add(today, rows)

    def _known(self, today: Today, one: RowNow) -> tuple[Event, ...]:
        return events_for(today.desk.file, one.row.student_id, today.board.day.day, today.staff)[:9]

    def _choose(self, today: Today, rows: tuple[RowNow, ...], known: tuple[Event, ...]) -> None:
        options = [Option("a", "add", "a")]
        options += [Option(str(n), _words(today, one), str(n)) for n, one in enumerate(known, 1)]

        def chosen(answer: str) -> None:
            if answer == "a":
                self._add(today, rows)
            else:
                self._cancel(today, rows, known[int(answer) - 1])

        today.ask(Choice(f"{today.named(rows)}, events", tuple(options), chosen, "a number cancels that one"))

    def _add(self, today: Today, rows: tuple[RowNow, ...]) -> None:
        def add(text: str) -> None:
            try:
                made = typed_event(text, today.board.day.day)
            except PscError as error:
                today.refuse(str(error))
                return
            calls = [
                plan_event(one, made.day, made.starts, made.ends, made.kind, made.note)
                for one in dict.fromkeys(one.row.student_id for one in rows)
            ]
            when = day_words(made.day, today.board.day.day)
            said = f"{made.kind.shown} {when} {made.starts:%H:%M}–{made.ends:%H:%M}, noted"
            today.do(rows, lambda _: calls, said)

        today.ask(Entry(f"Event of {today.named(rows)}", "exam 1110-1210 Hall, tomorrow", add))

    def _cancel(self, today: Today, rows: tuple[RowNow, ...], event: Event) -> None:
        today.ask(
            Entry(
                f"Cancel {_words(today, event)}, because",
                "reason",
                lambda why: today.do(rows, lambda more: [cancel_event(event.id, why or more)], "event cancelled"),
            )
        )


def _words(today: Today, one: Event) -> str:
    """Say an event as may be read by others: `exam tomorrow 11:10–12:10`."""
    zone = today.board.zone
    when = day_words(one.starts.astimezone(zone).date(), today.board.day.day)
    return f"{one.kind.shown} {when} {wall(one.starts, zone)}–{wall(one.ends, zone)}"


DAY_COMMANDS: tuple[Command, ...] = (Times(), Events(), RegisterNow())
"""The commands of this file, for `COMMANDS`."""
